// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	yes, no = true, false
	good    = KeysCommand{Command: "/usr/libexec/example/keys -a", User: "example"}
	other   = KeysCommand{Command: "/opt/other/keys", User: "other"}
)

// whole returns a chassis against which nothing stands: three members, of
// which the first is the primary and owns the session.
func whole(change ...func(*Chassis)) Chassis {
	c := Chassis{ID: "0123.4567.89ab", Mode: "Enabled", HostName: "sw1", HistoryKnown: true}
	for i, role := range []Role{Primary, Backup, Linecard} {
		c.Members = append(c.Members, Member{ID: i, Serial: "XX000" + string(rune('0'+i)), Model: "ex4400-24t",
			Role: role, RoleText: string(role), Local: i == 0, Status: "Prsnt", Version: "25.2R1.9", FIPS: &no})
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

// Changes of a whole chassis.
func keys(k KeysCommand) func(*Chassis) { return func(c *Chassis) { c.Settings.Keys = k } }
func oneSession(c *Chassis)             { c.Logins.Sessions = 1 }
func scp(c *Chassis)                    { c.Settings.SCP = true }
func recorded(c *Chassis)               { c.Settings.Record = c.KeysMade().ProvedFor(c.Members) }
func made(c *Chassis)                   { c.Settings.Record = c.KeysMade() }
func inFIPS(c *Chassis)                 { c.StatedFIPS = &yes }
func unprovedOne(c *Chassis)            { c.Settings.Record[1] = Entry{Serial: c.Members[1].Serial} }
func split(c *Chassis)                  { c.Members[1].Role = Primary }
func onBackup(c *Chassis)               { c.Members[0].Local, c.Members[1].Local = false, true }
func replaced(c *Chassis)               { c.Members[2].Serial = "YY0002" }
func inactive(c *Chassis)               { c.Members[2].Status = "Inactive" }
func absent(c *Chassis)                 { c.Members[2] = Member{ID: 2, Serial: "XX0002", Status: "NotPrsnt"} }
func trialOf(module string) func(*Chassis) {
	return trialMarked(Mark{Module: module, Phase: PhaseTrial})
}
func foreignTrial(c *Chassis) { c.Trial = &Trial{Commit: Commit{User: "rick", Client: "cli"}} }
func trialMarked(m Mark) func(*Chassis) {
	return func(c *Chassis) { c.Trial = &Trial{Commit: Commit{User: "root", Client: "netconf"}, Mark: m} }
}

// codes renders an error as its problems' codes, "" for none.
func codes(err error) string {
	var r *ForbiddenError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &r):
		return err.Error()
	}
	return codesOf(r.Problems)
}

func codesOf(problems []Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return strings.Join(all, " ")
}

func ids(members []Member) []int {
	var out []int
	for _, m := range members {
		out = append(out, m.ID)
	}
	return out
}

func TestParseRole(t *testing.T) {
	for _, row := range []struct {
		text  string
		role  Role
		local bool
	}{
		{"Master*", Primary, true},
		{"Master", Primary, false},
		{"Primary*", Primary, true},
		{" primary \n", Primary, false},
		{"Backup", Backup, false},
		{"Backup*", Backup, true},
		{"Linecard", Linecard, false},
		{"\nLinecard*\n", Linecard, true},
		{"", NoRole, false},
		{" \n ", NoRole, false},
		{"*", NoRole, true},
		{"Routing-Engine", UnknownRole, false},
		{"Masters", UnknownRole, false},
		{"Master**", UnknownRole, true},
	} {
		if role, local := ParseRole(row.text); role != row.role || local != row.local {
			t.Errorf("%q: want %q %v, got %q %v", row.text, row.role, row.local, role, local)
		}
	}
}

func TestMembers(t *testing.T) {
	for _, row := range []struct {
		name      string
		chassis   Chassis
		primaries []int
		primary   int // -1: none
		local     int // -1: none
		sequence  []int
	}{
		{"whole", whole(), []int{0}, 0, 0, []int{2, 1, 0}},
		{"none", Chassis{}, nil, -1, -1, nil},
		{"split", whole(split), []int{0, 1}, -1, 0, []int{2, 0, 1}},
		{"no primary", whole(func(c *Chassis) { c.Members[0].Role = Backup }), nil, -1, 0, []int{2, 0, 1}},
		{"on the backup", whole(onBackup), []int{0}, 0, 1, []int{2, 1, 0}},
		{"nobody is local", whole(func(c *Chassis) { c.Members[0].Local = false }), []int{0}, 0, -1, []int{2, 1, 0}},
		{"one without a role comes after linecards", whole(absent, func(c *Chassis) {
			c.Members = append(c.Members, Member{ID: 9, Role: Linecard}, Member{ID: 3, Role: Linecard}, Member{ID: 1, Role: UnknownRole})
		}), []int{0}, 0, 0, []int{3, 9, 1, 2, 1, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := row.chassis
			before := slices.Clone(c.Members)
			if diff := cmp.Diff(row.primaries, ids(c.Primaries())); diff != "" {
				t.Errorf("primaries: want - got +\n%s", diff)
			}
			if m, ok := c.Primary(); ok != (row.primary >= 0) || ok && m.ID != row.primary {
				t.Errorf("primary: want %d, got %d %v", row.primary, m.ID, ok)
			}
			if m, ok := c.Local(); ok != (row.local >= 0) || ok && m.ID != row.local {
				t.Errorf("local: want %d, got %d %v", row.local, m.ID, ok)
			}
			if diff := cmp.Diff(row.sequence, ids(c.Sequence())); diff != "" {
				t.Errorf("sequence: want - got +\n%s", diff)
			}
			if diff := cmp.Diff(before, c.Members); diff != "" {
				t.Errorf("the order of the members themselves was changed:\n%s", diff)
			}
		})
	}
}

func TestMember(t *testing.T) {
	if m, ok := whole().Member(2); !ok || m.Serial != "XX0002" {
		t.Errorf("want member 2, got %+v %v", m, ok)
	}
	if m, ok := whole().Member(3); ok {
		t.Errorf("want no member 3, got %+v", m)
	}
}

func TestRecord(t *testing.T) {
	full := provedRecord("XX0000", "XX0001", "XX0002")
	serials := map[int]string{0: "XX0000", 1: "XX0001", 2: "XX0002"}
	for _, row := range []struct {
		name       string
		chassis    Chassis
		record     Record
		unprepared []int
		serials    map[int]string
	}{
		{"all", whole(), full, nil, serials},
		{"none", whole(), nil, []int{0, 1, 2}, serials},
		{"all, and not proved", whole(), full.Unproved(), nil, serials},
		{"one was added", whole(), provedRecord("XX0000", "XX0001"), []int{2}, serials},
		{"one was replaced", whole(replaced), full, []int{2}, map[int]string{0: "XX0000", 1: "XX0001", 2: "YY0002"}},
		{"two changed places", whole(), provedRecord("XX0001", "XX0000", "XX0002"), []int{0, 1}, serials},
		{"one is gone from the list", whole(), provedRecord("XX0000", "XX0001", "XX0002", "XX0003"), nil, serials},
		{"one is not present", whole(absent), provedRecord("XX0000", "XX0001"), nil, map[int]string{0: "XX0000", 1: "XX0001"}},
		{"one could not join", whole(inactive), provedRecord("XX0000", "XX0001"), []int{2}, map[int]string{0: "XX0000", 1: "XX0001"}},
		{"one has no serial number", whole(func(c *Chassis) { c.Members[1].Serial = "" }), provedRecord("XX0000", "", "XX0002"),
			[]int{1}, map[int]string{0: "XX0000", 2: "XX0002"}},
		{"no members", Chassis{}, full, nil, map[int]string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.unprepared, ids(row.chassis.Unprepared(row.record))); diff != "" {
				t.Errorf("unprepared: want - got +\n%s", diff)
			}
			if diff := cmp.Diff(row.serials, row.chassis.Serials()); diff != "" {
				t.Errorf("serials: want - got +\n%s", diff)
			}
		})
	}
}

// provedRecord is a record of these serial numbers, by id.
func provedRecord(serials ...string) Record {
	r := Record{}
	for id, s := range serials {
		r[id] = Entry{Serial: s, Proved: true}
	}
	return r
}

func TestHasSCPStatement(t *testing.T) {
	for _, row := range []struct {
		version    string
		has, known bool
	}{
		{"25.2R1.9", true, true},
		{"25.2R1", true, true},
		{"25.4R1.12", true, true},
		{"26.1R1", true, true},
		{"100.1R1", true, true},
		{"25.1R1", false, true},
		{"24.4R2", false, true},
		{"23.4R2-S7.4", false, true},
		{"22.2X50-D10", false, true},
		{"9.6R4", false, true},
		{"21.4R3-S5.4-EVO", false, true},
		{"", false, false},
		{"25.2", false, false},
		{"25.2-20250610.0", false, false},
		{"junos 25.2R1", false, false},
		{"x25.2R1", false, false},
		{"9999.1R1", false, false},
	} {
		if has, known := HasSCPStatement(row.version); has != row.has || known != row.known {
			t.Errorf("%q: want %v known %v, got %v known %v", row.version, row.has, row.known, has, known)
		}
	}
}
