// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
	"testing"
)

// The names of some keys are written before them, in every form that a person types or reads.
func TestKeysWithNames(t *testing.T) {
	const set = "set event-options policy p then upload filename f destination d\n" +
		"set class-of-service schedulers s drop-profile-map loss-priority low protocol any drop-profile x\n"
	tr := load(t, ActionSet, FormatSet, set)
	checkRoundTrip(t, "named keys", tr)
	if got := tr.Text(); !strings.Contains(got, "upload filename f destination d;") ||
		!strings.Contains(got, "drop-profile-map loss-priority low protocol any drop-profile x;") {
		t.Errorf("text: got %s", got)
	}
	if got := tr.XML(XMLOptions{}); !strings.Contains(got, "<filename>f</filename>") || !strings.Contains(got, "<protocol>any</protocol>") {
		t.Errorf("XML: got %s", got)
	}
	for _, line := range []string{"upload filename f", "upload filename", "upload f d", "upload f destination d", "upload filename f to d"} {
		if problems := New(tr.Schema()).Load(ActionSet, FormatSet, "set event-options policy p then "+line); len(problems) != 1 {
			t.Errorf("%s: want a refusal, got %v", line, problems)
		}
	}
	const upload = "event-options policy p then upload "
	for _, p := range tr.Load(ActionSet, FormatSet, "rename "+upload+"filename f destination d to "+upload[len(upload)-7:]+"filename g destination e\ndelete class-of-service") {
		t.Error(p)
	}
	if got, want := tr.SetText(), "set "+upload+"filename g destination e\n"; got != want {
		t.Errorf("renamed: want %s, got %s", want, got)
	}
}

// A line that lacks a key is refused, and the next one is read; so is one that has a word too many.
func TestWrongRenames(t *testing.T) {
	tr := load(t, ActionSet, FormatSet, "set vlans red vlan-id 10")
	problems := tr.Load(ActionSet, FormatSet, "rename vlans red to\nrename vlans red to green blue\nset vlans pink vlan-id 11")
	if got, want := tr.SetText(), "set vlans pink vlan-id 11\nset vlans red vlan-id 10\n"; len(problems) != 2 || got != want {
		t.Errorf("want two refusals and %s, got %v and %s", want, problems, got)
	}
}

func TestNextNamesKeys(t *testing.T) {
	for path, want := range map[string]string{
		"upload": "filename", "upload filename": "<filename>", "upload filename f": "destination", "upload filename f destination": "<destination>",
	} {
		if got := DefaultSchema("25.2R1").Next(strings.Fields("event-options policy p then " + path)); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: want %s, got %q", path, want, got)
		}
	}
}
