// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
	"time"
)

// What a group brings is named after it, and what stands there by itself is not.
func TestExpandedXMLNamesGroups(t *testing.T) {
	tree := load(t, ActionMerge, FormatText, `groups { g { system { host-name x; services { ssh { root-login deny; } } } } }
		apply-groups g; system { services { ssh { root-login allow; } } }`)
	got := tree.Expand(Place{}).XML(XMLOptions{Groups: true})
	for _, want := range []string{`<host-name junos:group="g">x</host-name>`, "<root-login>allow</root-login>", "<system>"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
	if got := tree.Expand(Place{}).XML(XMLOptions{}); strings.Contains(got, "junos:group") || strings.Contains(tree.XML(XMLOptions{Groups: true}), "junos:group") {
		t.Errorf("groups are named unasked:\n%s", got)
	}
}

// A group speaks where its name and its conditions let it.
func TestGroupsOfAPlace(t *testing.T) {
	noon := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		group, when string
		at          Place
		want        bool
	}{
		{"g", "", Place{Member: 3}, true},
		{"re0", "", Place{}, true},
		{"re0", "", Place{Member: 1}, false},
		{"re1", "", Place{Member: 1}, true},
		{"member1", "", Place{Member: 1}, true},
		{"member12", "", Place{Member: 1}, false},
		{"member1-re0", "", Place{Member: 1}, true},
		{"node0", "", Place{Member: 1}, false},
		{"re0-lab", "", Place{Member: 1}, true},
		{"g", "member member1", Place{Member: 1}, true},
		{"g", "member member1", Place{}, false},
		{"g", "routing-engine re0", Place{Member: 1}, false},
		{"g", "model ex4400-24t", Place{Model: "ex4400-24t"}, true},
		{"g", "model ex4400-24t", Place{Model: "ex4400-48t"}, false},
		{"g", "version 25.2R1", Place{Release: "25.2R1.9"}, true},
		{"g", "version 25.2R1", Place{Release: "25.4R1.12"}, false},
		{"g", "time 11:00 to 13:00", Place{Now: noon}, true},
		{"g", "time 11:00 to 12:00", Place{Now: noon}, false},
		{"g", "time 2026-11-30.00:00", Place{Now: noon}, false},
	} {
		set := "set groups " + test.group + " system host-name x\nset apply-groups " + test.group
		if test.when != "" {
			set += "\nset groups " + test.group + " when " + test.when
		}
		expanded := load(t, ActionSet, FormatSet, set).Expand(test.at)
		if _, there := expanded.Get("system", "host-name"); there != test.want {
			t.Errorf("%s, when %q, at %+v: in force %v", test.group, test.when, test.at, there)
		}
		if _, there := expanded.Get("when"); there {
			t.Errorf("%s: conditions are inherited", test.group)
		}
	}
}

// What is inactive and what is annotated have attributes in a yang-compliant session.
func TestMarksAsYANGHasThem(t *testing.T) {
	tree := load(t, ActionMerge, FormatText, `system { /* agreed */ inactive: host-name x; inactive: services { ssh; } }`)
	for _, test := range []struct {
		o    XMLOptions
		want string
	}{
		{XMLOptions{YANG: true}, `<host-name xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:comment="/* agreed */" jcmd:active="false">x</host-name>`},
		{XMLOptions{YANG: true, Twice: true}, `<host-name xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:comment="/* agreed */" xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false">x</host-name>`},
		{XMLOptions{YANG: true}, `<services xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false">`},
		{XMLOptions{}, `<host-name inactive="inactive">x</host-name>`},
	} {
		if got := tree.XML(test.o); !strings.Contains(got, test.want) {
			t.Errorf("%+v: want %s in\n%s", test.o, test.want, got)
		}
	}
}

// A group that another one applies is in force where that one is, nearest first.
func TestGroupsOfGroups(t *testing.T) {
	tree := load(t, ActionSet, FormatSet, strings.Join([]string{
		"set groups inner system host-name x", "set groups inner system location building A",
		"set groups member1 apply-groups inner", "set groups member1 apply-groups member1", "set groups member1 system host-name y",
		"set groups off apply-groups gone", "set groups gone system domain-name z", "deactivate groups off apply-groups gone",
		"set apply-groups [ member1 off ]",
	}, "\n"))
	there := tree.Expand(Place{Member: 1}).XML(XMLOptions{Groups: true})
	for _, want := range []string{`<host-name junos:group="member1">y</host-name>`, `<location junos:group="inner">`} {
		if !strings.Contains(there, want) {
			t.Errorf("want %s in\n%s", want, there)
		}
	}
	if _, found := tree.Expand(Place{}).Get("system", "location"); found {
		t.Error("it is in force where nothing applies it")
	}
	if _, found := tree.Expand(Place{Member: 1}).Get("system", "domain-name"); found {
		t.Error("a deactivated apply-groups applies")
	}
}
