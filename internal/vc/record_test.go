// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEntry(t *testing.T) {
	for _, row := range []struct {
		value string
		want  Entry
		text  string // "" when it is the value
	}{
		{"XX0001", Entry{"XX0001", true}, ""}, // as older releases wrote it, too
		{"XX0001 unproved", Entry{"XX0001", false}, ""},
		{"XX0001  unproved", Entry{"XX0001", false}, "XX0001 unproved"},
		{"XX0001 proved", Entry{"XX0001 proved", true}, ""}, // a serial number like any other, which no switch has
		{"unproved", Entry{"unproved", true}, ""},
		{"", Entry{"", true}, ""},
	} {
		got := ParseEntry(row.value)
		if row.text == "" {
			row.text = row.value
		}
		if got != row.want || got.String() != row.text {
			t.Errorf("%q: want %+v and %q, got %+v and %q", row.value, row.want, row.text, got, got.String())
		}
	}
}

// What a record claims can be taken from it; nothing is claimed of switches
// that it does not name, that are not present, or that are others.
func TestRecordClaims(t *testing.T) {
	full := provedRecord("XX0000", "XX0001", "XX0002")
	doubted := Record{0: {"XX0000", false}, 1: {"XX0001", false}, 2: {"XX0002", false}}
	for name, row := range map[string]struct{ got, want Record }{
		"all in doubt":            {full.Unproved(), doubted},
		"none in doubt":           {Record(nil).Unproved(), nil},
		"proved":                  {doubted.ProvedFor(whole().Members), full},
		"one is another switch":   {doubted.ProvedFor(whole(replaced).Members), Record{0: full[0], 1: full[1], 2: doubted[2]}},
		"one is away":             {doubted.ProvedFor(whole(absent).Members), Record{0: full[0], 1: full[1], 2: doubted[2]}},
		"one could not join":      {doubted.ProvedFor(whole(inactive).Members), Record{0: full[0], 1: full[1], 2: doubted[2]}},
		"nobody is named":         {Record(nil).ProvedFor(whole().Members), nil},
		"one is taken out":        {full.Without(1), Record{0: full[0], 2: full[2]}},
		"the proofs of another":   {doubted.withProofOf(Record{0: full[0], 1: {"YY", true}}), Record{0: full[0], 1: doubted[1], 2: doubted[2]}},
		"keys made, one is away":  {whole(absent).KeysMade(), Record{0: doubted[0], 1: doubted[1]}},
		"keys made, one not join": {whole(inactive).KeysMade(), doubted},
	} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s: want - got +\n%s", name, diff)
		}
	}
	if len(full) != 3 || !full[1].Proved {
		t.Errorf("the record itself was changed: %v", full)
	}
}

func TestUnproved(t *testing.T) {
	for _, row := range []struct {
		name    string
		chassis Chassis
		want    []int
	}{
		{"proved", whole(recorded), nil},
		{"made", whole(made), []int{0, 1, 2}},
		{"one of them", whole(recorded, unprovedOne), []int{1}},
		{"no keys are not unproved ones", whole(), nil},
		{"nor are those of another switch", whole(made, replaced), []int{0, 1}},
		{"one could not join", whole(recorded, func(c *Chassis) { c.Settings.Record[2] = Entry{Serial: "XX0002"} }, inactive), []int{2}},
		{"one is away", whole(made, absent), []int{0, 1}},
	} {
		if diff := cmp.Diff(row.want, ids(row.chassis.Unproved(row.chassis.Settings.Record))); diff != "" {
			t.Errorf("%s: want - got +\n%s", row.name, diff)
		}
	}
}
