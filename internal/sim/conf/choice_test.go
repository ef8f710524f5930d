// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
)

// Of a choice one case is there: what is set last takes the place of the others. Halves
// that the models hide are taken, too.
func TestOneCaseOfAChoice(t *testing.T) {
	for _, test := range []struct{ set, want string }{
		{"interfaces ge-0/0/0 disable; interfaces ge-0/0/0 enable", "set interfaces ge-0/0/0 enable\n"},
		{"interfaces ge-0/0/0 enable; interfaces ge-0/0/0 disable", "set interfaces ge-0/0/0 disable\n"},
		{"protocols lldp interface all disable; protocols lldp interface all enable", "set protocols lldp interface all enable\n"},
		{
			"interfaces ge-0/0/0 gigether-options auto-negotiation; interfaces ge-0/0/0 gigether-options no-auto-negotiation",
			"set interfaces ge-0/0/0 gigether-options no-auto-negotiation\n",
		},
		// The models have a list: a second one stands beside the first.
		{"protocols mstp system-id s1; protocols mstp system-id s2", "set protocols mstp system-id s1\nset protocols mstp system-id s2\n"},
		{"snmp community c client-list-name l; snmp community c clients 192.0.2.0/24", "set snmp community c clients 192.0.2.0/24\n"},
		{
			"interfaces ge-0/0/0 disable; interfaces ge-0/0/0 description x; interfaces ge-0/0/0 mtu 9000",
			"set interfaces ge-0/0/0 description x\nset interfaces ge-0/0/0 disable\nset interfaces ge-0/0/0 mtu 9000\n",
		},
	} {
		tr := load(t, ActionSet, FormatSet, "set "+strings.ReplaceAll(test.set, "; ", "\nset "))
		if got := tr.SetText(); got != test.want {
			t.Errorf("%s: want %s, got %s", test.set, test.want, got)
		}
	}
}

// What a group disables, an interface may enable: that is what the word is for.
func TestEnableAgainstAGroup(t *testing.T) {
	tr := load(t, ActionSet, FormatSet, "set groups g interfaces <*> disable\nset apply-groups g\nset interfaces ge-0/0/0 enable\nset interfaces ge-0/0/1 mtu 9000")
	expanded := tr.Expand(Place{})
	for port, want := range map[string]bool{"ge-0/0/0": false, "ge-0/0/1": true} {
		if _, disabled := expanded.Get("interfaces", port, "disable"); disabled != want {
			t.Errorf("%s: disabled: want %v, got %v", port, want, disabled)
		}
	}
}

// A hidden half is neither listed nor abbreviated.
func TestHiddenHalves(t *testing.T) {
	for _, word := range DefaultSchema("25.2R1").Next([]string{"interfaces", "ge-0/0/0"}) {
		if word == "enable" {
			t.Error("enable is listed")
		}
	}
	if problems := New(DefaultSchema("25.2R1")).Load(ActionSet, FormatSet, "set interfaces ge-0/0/0 enab"); len(problems) == 0 {
		t.Error("want a refusal of enab")
	}
}

// The only key of a list may be the text of its element.
func TestKeyAsText(t *testing.T) {
	const from = "<configuration><firewall><family><inet><filter><name>f</name><term><name>t</name><from>"
	const end = "</from></term></filter></inet></family></firewall></configuration>"
	tr := load(t, ActionMerge, FormatXML, from+"<source-prefix-list>one</source-prefix-list><source-prefix-list>two</source-prefix-list>"+end)
	if got := tr.SetText(); !strings.Contains(got, "source-prefix-list one\n") || !strings.Contains(got, "source-prefix-list two\n") {
		t.Errorf("want both lists, got %s", got)
	}
	if problems := New(DefaultSchema("25.2R1")).Load(ActionMerge, FormatXML, from+"<source-prefix-list/>"+end); len(problems) == 0 {
		t.Error("want a refusal of an element without a key")
	}
}

// A deletion that empties a container takes it along; an entry of a list stays, but for those that switches take along, too.
func TestWhatADeletionEmpties(t *testing.T) {
	for _, test := range []struct{ set, delete, want string }{
		{"system services ssh root-login deny", "system services ssh root-login", "set system services ssh\n"},
		{"system login message x", "system login message", ""},
		{"vlans red vlan-id 7", "vlans red vlan-id", "set vlans red\n"},
		{"snmp community c authorization read-only", "snmp community c authorization", "set snmp community c\n"},
		{"virtual-chassis member 1 role routing-engine", "virtual-chassis member 1 role", "set virtual-chassis member 1\n"},
		{"interfaces ge-0/0/0 unit 0 description x", "interfaces ge-0/0/0 unit 0 description", "set interfaces ge-0/0/0 unit 0\n"},
		{"interfaces ge-0/0/0 description x", "interfaces ge-0/0/0 description", ""},
		{"interfaces ge-0/0/0 unit 0", "interfaces ge-0/0/0 unit 0", ""},
		{"firewall family inet filter f term t then accept", "firewall family inet filter f term t", ""},
		{"interfaces ge-0/0/0", "interfaces ge-0/0/0 apply-groups g", "set interfaces ge-0/0/0\n"},
	} {
		tr := load(t, ActionSet, FormatSet, "set "+test.set)
		tr.Load(ActionSet, FormatSet, "delete "+test.delete)
		if got := tr.SetText(); got != test.want {
			t.Errorf("%s without %s: want %q, got %q", test.set, test.delete, test.want, got)
		}
	}
}
