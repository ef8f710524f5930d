// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// What a later reading asks for is what may have changed; whatever has changed, or was
// not whole before, costs a whole reading. The result is in either case what a whole
// reading would have given.
func TestReadAgain(t *testing.T) {
	const ssh = "<services><ssh/></services>"
	plain, on := configuration("<system>"+ssh+"</system>"), configuration("<system><commit><config-sync-with-scp/></commit>"+ssh+"</system>")
	grouped := configuration(`<system><commit><config-sync-with-scp group="g"/></commit>` + ssh + "</system>")
	before, after := historyEntry(0, "rick", "1767225600", "", ""), historyEntry(0, "ann", "1767225700", "", "")+historyEntry(1, "rick", "1767225600", "", "")
	trial := historyEntry(0, "rick", "1767225600", "commit confirmed, rollback in 10mins", "")
	replaced := strings.Replace(twoMembers(), "XX0001", "YY0001", 1)
	rotated := historyEntry(0, "bob", "1767225800", "", "") + historyEntry(1, "ann", "1767225700", "", "")
	recorded := func(ids ...int) string {
		data := ""
		for _, id := range ids {
			data += fmt.Sprintf("<data><name>%d</name><value>XX000%d</value></data>", id, id)
		}
		return configuration("<system><commit><apply-macro><name>vc-internal-ssh</name>" + data + "</apply-macro></commit>" + ssh + "</system>")
	}
	alone := chassisReply(false, member(0, "Prsnt", "Master*", priority))
	unread := chassisReply(false, member(0, "Prsnt", "Master*", priority), member(1, "Prsnt", "Backup", priority),
		"<member><member-status>Unprvsnd</member-status><member-serial-number>XX0009</member-serial-number></member>")
	type twice struct{ operation, first, second string }
	for name, row := range map[string]struct {
		parts Part
		says  []twice
		short bool // no whole reading
	}{
		"members":                        {0, nil, true},
		"another member":                 {0, []twice{{"get-virtual-chassis-information", twoMembers(), replaced}}, false},
		"nothing was committed":          {History, []twice{{"get-commit-information", history(before), history(before)}}, true},
		"somebody has committed":         {History, []twice{{"get-commit-information", history(before), history(after)}}, false},
		"the oldest entry went":          {History, []twice{{"get-commit-information", history(after), history(historyEntry(0, "ann", "1767225700", "", ""))}}, false},
		"as many, and the newest is new": {History, []twice{{"get-commit-information", history(after), history(rotated)}}, false},
		"the newest is the same, and one behind it is not": {History, []twice{{"get-commit-information", history(after),
			history(historyEntry(0, "ann", "1767225700", "", "") + historyEntry(1, "rick", "1767225500", "", ""))}}, false},
		"another log text":                    {History, []twice{{"get-commit-information", history(before), history(historyEntry(0, "rick", "1767225600", "", "x"))}}, false},
		"a history without entries":           {History, []twice{{"get-commit-information", history(), history()}}, false},
		"the history is empty now":            {History, []twice{{"get-commit-information", history(before), history()}}, false},
		"the newest entry is not shown":       {History, []twice{{"get-commit-information", history(before), history(historyEntry(1, "rick", "1767225600", "", ""))}}, false},
		"the history is hidden now":           {History, []twice{{"get-commit-information", history(before), refusal("permission denied", "")}}, false},
		"a trial has been opened":             {History, []twice{{"get-commit-information", history(before), history(trial)}}, false},
		"for the marker alone":                {Trial, []twice{{"get-commit-information", history(before), history(after)}}, true},
		"the history is hidden":               {History, []twice{{"get-commit-information", refusal("permission denied", ""), refusal("permission denied", "")}}, false},
		"the history is hidden, for members":  {0, []twice{{"get-commit-information", refusal("permission denied", ""), refusal("permission denied", "")}}, false},
		"a trial was open, for members":       {0, []twice{{"get-commit-information", history(trial), history(trial)}}, false},
		"a trial was open":                    {History, []twice{{"get-commit-information", history(trial), history(trial)}}, false},
		"settings":                            {Settings, []twice{{"get-configuration", plain, on}}, true},
		"a statement has gone":                {Settings, []twice{{"get-configuration", on, plain}}, false},
		"an entry of the record, for another": {Settings, []twice{{"get-configuration", recorded(0, 1), recorded(0, 2)}}, false},
		"one entry more":                      {Settings, []twice{{"get-configuration", recorded(0), recorded(0, 1)}}, true},
		"the only member":                     {0, []twice{{"get-virtual-chassis-information", alone, alone}}, true},
		"one is not provisioned":              {0, []twice{{"get-virtual-chassis-information", unread, unread}}, false},
		"one that is not provisioned came":    {0, []twice{{"get-virtual-chassis-information", twoMembers(), unread}}, false},
		"one left":                            {0, []twice{{"get-virtual-chassis-information", twoMembers(), alone}}, false},
		"preprovisioned since":                {0, []twice{{"get-virtual-chassis-information", twoMembers(), chassisReply(true, member(0, "Prsnt", "Master*", priority), member(1, "Prsnt", "Backup", priority))}}, false},
		"another id of the chassis":           {0, []twice{{"get-virtual-chassis-information", twoMembers(), strings.Replace(twoMembers(), "0123.4567", "ffff.4567", 1)}}, false},
		"another mode":                        {0, []twice{{"get-virtual-chassis-information", twoMembers(), strings.Replace(twoMembers(), "Enabled", "Mixed", 1)}}, false},
		"a group has a part":                  {Settings, []twice{{"get-configuration", grouped, grouped}}, false},
		"a deactivated statement":             {Settings, []twice{{"get-configuration", plain, strings.Replace(on, "-scp/>", `-scp inactive="inactive"/>`, 1)}}, false},
		"settings that are not readable":      {Settings, []twice{{"get-configuration", plain, "<other/>"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := reads("", ""), reads("", "")
			for _, s := range row.says {
				first[s.operation], second[s.operation] = says(s.first), says(s.second)
			}
			d, _ := play(t, Options{ReadOnly: true}, first)
			last, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			d, p := play(t, Options{ReadOnly: true}, second)
			again, err := d.ReadAgain(t.Context(), last, row.parts)
			if err == nil && !cmp.Equal(d.members, again.Members) {
				t.Errorf("the device knows %v", d.members)
			}
			d, _ = play(t, Options{ReadOnly: true}, second)
			whole, wholeErr := d.Read(t.Context())
			if (err == nil) != (wholeErr == nil) {
				t.Fatalf("want the error %v of a whole reading, got %v", wholeErr, err)
			}
			if diff := cmp.Diff(whole.Chassis, again.Chassis); diff != "" && err == nil {
				t.Errorf("whole - again +\n%s", diff)
			}
			if asked := strings.Join(p.sent(), ""); strings.Contains(asked, "get-software-information") == row.short {
				t.Errorf("want a whole reading: %t, got %s", !row.short, asked)
			}
		})
	}
}

// What is known of the software is not read again while the members are the same.
func TestKnownSoftware(t *testing.T) {
	known := func(change func([]vc.Member)) []vc.Member {
		list := wantChassis().Members
		change(list)
		return list
	}
	for name, row := range map[string]struct {
		known []vc.Member
		short bool
	}{
		"the same members":      {known(func([]vc.Member) {}), true},
		"another serial number": {known(func(m []vc.Member) { m[1].Serial = "YY0001" }), false},
		"another id":            {known(func(m []vc.Member) { m[1].ID = 2 }), false},
		"one less":              {known(func([]vc.Member) {})[:1], false},
		"no release":            {known(func(m []vc.Member) { m[0].Version = "" }), false},
		"no FIPS mode":          {known(func(m []vc.Member) { m[0].FIPS = nil }), false},
	} {
		d, p := play(t, Options{ReadOnly: true, Known: row.known}, reads("", ""))
		s, err := d.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.HostName = "" // which comes with the software
		if diff := cmp.Diff(wantChassis(func(c *vc.Chassis) { c.HostName = "" }), s.Chassis); diff != "" {
			t.Errorf("%s: want - got +\n%s", name, diff)
		}
		if asked := strings.Contains(strings.Join(p.sent(), ""), "get-software-information"); asked == row.short {
			t.Errorf("%s: the software was asked for: %t", name, asked)
		}
	}
}

// A reading of nothing is no reading to go on from.
func TestReadAgainAfterNothingReadsAll(t *testing.T) {
	d, p := play(t, Options{ReadOnly: true}, reads("", ""))
	s, err := d.ReadAgain(t.Context(), State{}, 0)
	if err != nil || len(p.sent()) != 5 {
		t.Fatalf("want a whole reading, got %d requests and %v", len(p.sent()), err)
	}
	if diff := cmp.Diff(wantChassis(), s.Chassis); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// The clock is asked for where a trial may be open, and only there.
func TestClockIsReadForATrial(t *testing.T) {
	for comment, want := range map[string]int{"": 0, "commit confirmed, rollback in 10mins": 1} {
		d, p := play(t, Options{ReadOnly: true}, reads("get-commit-information", history(historyEntry(0, "rick", "1767225600", comment, ""))))
		s, err := d.Read(t.Context())
		if n := strings.Count(strings.Join(p.sent(), ""), "get-system-uptime-information"); err != nil || n != want || s.Now.Equal(time.Unix(1767225660, 0)) != (want == 1) {
			t.Errorf("%q: want %d, got %d and %s, %v", comment, want, n, s.Now, err)
		}
		if (s.Trial != nil) != (want == 1) || s.Trial != nil && s.Trial.Mark != (vc.Mark{}) {
			t.Errorf("%q: trial %v", comment, s.Trial)
		}
	}
}
