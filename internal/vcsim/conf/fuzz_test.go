// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "testing"

// fuzz loads anything in one format. Whatever is left in the tree must survive a round through text.
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
		y := New(x.Schema())
		for _, p := range y.Load(ActionMerge, FormatText, text) {
			t.Fatalf("own text is not understood: %v\n%s", p, text)
		}
		if y.Text() != text {
			t.Fatalf("own text is read differently:\n%s\n%s", text, y.Text())
		}
	})
}

func FuzzText(f *testing.F) { fuzz(f, FormatText, "system { host-name \"a\\") }
func FuzzSet(f *testing.F)  { fuzz(f, FormatSet, "edit system\nset host-name x\ntop\n") }
func FuzzXML(f *testing.F)  { fuzz(f, FormatXML, "<configuration><vlans/></configuration>") }
func FuzzJSON(f *testing.F) { fuzz(f, FormatJSON, `{"configuration":{"@":{}}}`) }
