// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"strings"
	"testing"
)

func TestSettingsText(t *testing.T) {
	for _, row := range []struct {
		name     string
		settings Settings
		want     string
	}{
		{"nothing", Settings{}, ""},
		{"an empty record", Settings{Record: Record{}}, ""},
		{"all, in the order of the hierarchy and of ids", Settings{Keys: good, SCP: true, Record: Record{9: {"C", true}, 0: {"A", false}, 1: {"B B", true}}},
			"set system commit config-sync-with-scp\n" +
				"set system commit apply-macro vc-internal-ssh 0 \"A unproved\"\n" +
				"set system commit apply-macro vc-internal-ssh 1 \"B B\"\n" +
				"set system commit apply-macro vc-internal-ssh 9 C\n" +
				"set system services ssh authorized-keys-command \"/usr/libexec/example/keys -a\"\n" +
				"set system services ssh authorized-keys-command-user example\n"},
		{"no quotes where the CLI needs none", Settings{Keys: other},
			"set system services ssh authorized-keys-command /opt/other/keys\nset system services ssh authorized-keys-command-user other\n"},
		{"half of it", Settings{Keys: KeysCommand{User: "u"}}, "set system services ssh authorized-keys-command-user u\n"},
		{"an empty value", Settings{Record: Record{3: {"", true}}}, "set system commit apply-macro vc-internal-ssh 3 \"\"\n"},
		{"a value that would end the statement", Settings{Record: Record{3: {"a; b", true}}}, "set system commit apply-macro vc-internal-ssh 3 \"a; b\"\n"},
		{"a value that would begin another line", Settings{Record: Record{3: {"a\"\nset x", true}}},
			"set system commit apply-macro vc-internal-ssh 3 \"a\\\"\\nset x\"\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for range 20 { // maps are iterated in another order each time
				if got := row.settings.Text(); got != row.want {
					t.Fatalf("want\n%sgot\n%s", row.want, got)
				}
			}
		})
	}
}

func TestSettingsEqual(t *testing.T) {
	all := Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}}}
	for _, row := range []struct {
		name string
		a, b Settings
		want bool
	}{
		{"zero", Settings{}, Settings{}, true},
		{"an empty record is none", Settings{Record: Record{}}, Settings{}, true},
		{"all", all, Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}}}, true},
		{"SCP", all, Settings{Keys: good, Record: all.Record}, false},
		{"user", all, Settings{Keys: KeysCommand{Command: good.Command, User: "x"}, SCP: true, Record: all.Record}, false},
		{"command", all, Settings{Keys: KeysCommand{Command: "/x", User: good.User}, SCP: true, Record: all.Record}, false},
		{"serial number", all, Settings{Keys: good, SCP: true, Record: Record{0: {"B", true}}}, false},
		{"not proved", all, Settings{Keys: good, SCP: true, Record: Record{0: {"A", false}}}, false},
		{"member", all, Settings{Keys: good, SCP: true, Record: Record{1: {"A", true}}}, false},
		{"one more", all, Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}, 1: {"B", true}}}, false},
	} {
		if row.a.Equal(row.b) != row.want || row.b.Equal(row.a) != row.want {
			t.Errorf("%s: want %v", row.name, row.want)
		}
	}
}

// What counts is what was taken away, not how many there are, nor what else it says.
func TestSettingsHaveMore(t *testing.T) {
	all := Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}, 1: {"B", true}}}
	with := func(change func(*Settings)) Settings {
		s := Settings{Keys: all.Keys, SCP: true, Record: Record{0: {"A", true}, 1: {"B", true}}}
		change(&s)
		return s
	}
	for name, row := range map[string]struct {
		from, to Settings
		want     bool
	}{
		"the same":                       {all, all, false},
		"nothing":                        {Settings{}, Settings{}, false},
		"nothing before":                 {Settings{}, all, false},
		"SCP":                            {all, with(func(s *Settings) { s.SCP = false }), true},
		"the command":                    {all, with(func(s *Settings) { s.Keys.Command = "" }), true},
		"the user":                       {all, with(func(s *Settings) { s.Keys.User = "" }), true},
		"other values":                   {all, with(func(s *Settings) { s.Keys = other; s.Record[1] = Entry{"C", false} }), false},
		"an entry":                       {all, with(func(s *Settings) { delete(s.Record, 1) }), true},
		"an entry, and another is there": {all, with(func(s *Settings) { delete(s.Record, 1); s.Record[2] = Entry{"B", true} }), true},
		"one entry more":                 {all, with(func(s *Settings) { s.Record[2] = Entry{"C", true} }), false},
	} {
		if row.from.HasMoreThan(row.to) != row.want {
			t.Errorf("%s: want %t", name, row.want)
		}
	}
}

// A change reaches what it is about, and leaves alone what stands beside it.
func TestSettingsEdited(t *testing.T) {
	from := Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}, 1: {"B", true}}}
	to := Settings{Record: Record{0: {"A", false}, 2: {"C", true}}}
	for _, row := range []struct {
		name      string
		own, want Settings
	}{
		{"all at its own place", from, to},
		{"nothing of it", Settings{}, to},
		{"a member that the change does not name", Settings{Record: Record{7: {"X", true}}}, Settings{Record: Record{0: {"A", false}, 2: {"C", true}, 7: {"X", true}}}},
	} {
		before := row.own.Text()
		if got := row.own.Edited(from, to); !got.Equal(row.want) || row.own.Text() != before {
			t.Errorf("%s: want\n%sgot\n%s", row.name, row.want.Text(), got.Text())
		}
		if got := row.own.Edited(to, to); !got.Equal(row.own) {
			t.Errorf("%s: nothing differs, got\n%s", row.name, got.Text())
		}
	}
}

// What one has and the other does not is told statement by statement.
func TestStatementsBesides(t *testing.T) {
	all := Settings{Keys: KeysCommand{Command: "/a b", User: "u"}, SCP: true, Record: Record{1: {"A", false}}}
	for want, others := range map[string]Settings{
		"": all,
		`set system commit config-sync-with-scp|set system commit apply-macro vc-internal-ssh 1 "A unproved"|set system services ssh authorized-keys-command "/a b"|set system services ssh authorized-keys-command-user u`: {},
		"set system services ssh authorized-keys-command-user u":       {Keys: KeysCommand{Command: "/a b", User: "v"}, SCP: true, Record: all.Record},
		`set system commit apply-macro vc-internal-ssh 1 "A unproved"`: {Keys: all.Keys, SCP: true, Record: Record{1: {"A", true}, 2: {"B", true}}},
	} {
		if got := strings.Join(all.StatementsBesides(others), "|"); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestKeysCommandString(t *testing.T) {
	if got := good.String(); got != `"/usr/libexec/example/keys -a" with user "example"` {
		t.Error(got)
	}
	if got := (KeysCommand{}).String(); got != "nothing" {
		t.Error(got)
	}
}
