// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "testing"

// fuzz loads anything in one format. Whatever is left in the tree must survive a round through the other formats.
func fuzz(f *testing.F, format string, seeds ...string) {
	tr := New(DefaultSchema("25.2R1"))
	tr.Load(ActionMerge, FormatText, sample)
	for _, s := range append(seeds, tr.Text(), tr.SetText(), tr.XML(XMLOptions{}), tr.JSON()) {
		f.Add(s)
	}
	for _, row := range loadRows {
		f.Add(row.payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		x := New(DefaultSchema("25.2R1"))
		x.Load(ActionReplace, format, payload)
		text := x.Text()
		for format, own := range map[string]string{FormatText: text, FormatXML: x.XML(XMLOptions{}), FormatJSON: x.JSON()} {
			y := New(x.Schema())
			for _, p := range y.Load(ActionMerge, format, own) {
				t.Fatalf("own %s is not understood: %v\n%s", format, p, own)
			}
			if y.Text() != text {
				t.Fatalf("own %s is read differently:\n%s\n%s", format, text, y.Text())
			}
		}
	})
}

func FuzzText(f *testing.F) { fuzz(f, FormatText, "system { host-name \"a\\") }
func FuzzSet(f *testing.F)  { fuzz(f, FormatSet, "edit system\nset host-name x\ntop\n") }
func FuzzXML(f *testing.F)  { fuzz(f, FormatXML, "<configuration><vlans/></configuration>") }
func FuzzJSON(f *testing.F) { fuzz(f, FormatJSON, `{"configuration":{"@":{}}}`) }
