// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"strings"
	"testing"
)

const start = `system {
    host-name a;
    services {
        ssh {
            root-login deny;
        }
        ftp;
    }
}
policy-options {
    policy-statement p {
        term one {
            then accept;
        }
        term two {
            then reject;
        }
    }
}
vlans {
    red {
        vlan-id 10;
    }
}
`

// Each row is loaded over start; want is the difference it makes, problems what is reported.
var loadRows = []struct {
	name, action, format, payload string
	want, problems                string
}{
	{"text adds", ActionMerge, FormatText, "system { domain-name example.com; }", "[edit system]\n+  domain-name example.com;\n", ""},
	{"text merges with replace ignored", ActionMerge, FormatText, "system { replace: services { telnet; } }", "[edit system services]\n+    telnet;\n", ""},
	{"text replaces", ActionReplace, FormatText, "system { replace: services { telnet; } }", "[edit system services]\n-    ssh {\n-        root-login deny;\n-    }\n-    ftp;\n+    telnet;\n", ""},
	{"text replaces a leaf that is new", ActionReplace, FormatText, "system { replace: domain-name example.com; }", "[edit system]\n+  domain-name example.com;\n", ""},
	{"text deletes", ActionMerge, FormatText, "system { services { delete: ftp; } }", "[edit system services]\n-    ftp;\n", ""},
	{"text deletes nothing", ActionMerge, FormatText, "snmp { delete: location; }", "", "warning: statement not found"},
	{"text overrides", ActionOverride, FormatText, "system { host-name b; }", "[edit system]\n-  host-name a;\n+  host-name b;\n-  services {\n-      ssh {\n-          root-login deny;\n-      }\n-      ftp;\n-  }\n[edit]\n-  policy-options {\n-      policy-statement p {\n-          term one {\n-              then accept;\n-          }\n-          term two {\n-              then reject;\n-          }\n-      }\n-  }\n-  vlans {\n-      red {\n-          vlan-id 10;\n-      }\n-  }\n", ""},
	{"text inactive", ActionMerge, FormatText, "system { inactive: services { } }", "[edit system]\n!    inactive: services { ... }\n", ""},
	{"text comments everywhere", ActionMerge, FormatText, "# one\n/* two */ system /* three */ { ## four\n domain-name /* five */ x; /* six */ }", "[edit]\n+  /* two */\n   system { ... }\n[edit system]\n+  domain-name x;\n", ""},
	{"text unknown block", ActionMerge, FormatText, "system1 {\n    x y;\n}\nsystem {\n    domain-name x;\n}", "[edit system]\n+  domain-name x;\n", "error: [edit] syntax error: system1 | error: [edit] error recovery ignores input until this point: }"},
	{"text unknown leaf", ActionMerge, FormatText, "system {\n    nonsense 1;\n    domain-name x;\n}", "[edit system]\n+  domain-name x;\n", "error: [edit system] syntax error: nonsense"},
	{"text without a value", ActionMerge, FormatText, "system {\n    host-name;\n}", "", "error: [edit system] missing argument: ;"},
	{"text brace too many", ActionMerge, FormatText, "system { domain-name x; } }\nvlans { blue { vlan-id 20; } }", "[edit system]\n+  domain-name x;\n[edit vlans]\n+   blue {\n+       vlan-id 20;\n+   }\n", "error: [edit] syntax error: }"},
	{"text brace missing", ActionMerge, FormatText, "system { domain-name x;", "[edit system]\n+  domain-name x;\n", "error: [edit system] syntax error"},
	{"text semicolon missing", ActionMerge, FormatText, "system {\n domain-name x\n}\nvlans { blue { vlan-id 20; } }", "[edit vlans]\n+   blue {\n+       vlan-id 20;\n+   }\n", "error: [edit system] syntax error: }"},
	{"text number out of range", ActionMerge, FormatText, "system { login { user ada { uid 5; } } }", "[edit system]\n+   login {\n+       user ada;\n+   }\n", "error: [edit system login user ada] Value 5 is not within range (100..64000): 5"},
	{"text number that is none", ActionMerge, FormatText, "system { login { idle-timeout x; } }", "", "error: [edit system login] Invalid numeric value: 'x': x | warning: [edit system] statement has no contents; ignored: login"},
	{"text word that is none of the choices", ActionMerge, FormatText, "system { services { ssh { root-login maybe; } } }", "", "error: [edit system services ssh] syntax error: maybe"},
	{"text too long", ActionMerge, FormatText, "system { host-name " + strings.Repeat("x", 256) + "; }", "", "error: [edit system] Length 256 is not within range (1..255): " + strings.Repeat("x", 256)},
	{"text bad address", ActionMerge, FormatText, "interfaces { ge-0/0/0 { unit 0 { family inet { address 192.0.2.256/24; } } } }", "[edit]\n+  interfaces {\n+      ge-0/0/0 {\n+          unit 0 {\n+              family inet;\n+          }\n+      }\n+  }\n", "error: [edit interfaces ge-0/0/0 unit 0 family inet] invalid ip address or hostname: 192.0.2.256/24: 192.0.2.256/24"},
	{"text host address", ActionMerge, FormatText, "interfaces { lo0 { unit 0 { family inet { address 192.0.2.1; } } } }", "[edit]\n+  interfaces {\n+      lo0 {\n+          unit 0 {\n+              family inet {\n+                  address 192.0.2.1/32;\n+              }\n+          }\n+      }\n+  }\n", ""},

	{"set", ActionSet, FormatText, "set system domain-name example.com\ndelete system services ftp\n", "[edit system services]\n-    ftp;\n[edit system]\n+  domain-name example.com;\n", ""},
	{"set of several leaves", ActionSet, FormatSet, "set vlans blue vlan-id 20 l3-interface irb.20", "[edit vlans]\n+   blue {\n+       vlan-id 20;\n+       l3-interface irb.20;\n+   }\n", ""},
	{"set unknown", ActionSet, FormatSet, "set system nonsense 1\nset system domain-name x", "[edit system]\n+  domain-name x;\n", "error: syntax error: nonsense"},
	{"set unknown command", ActionSet, FormatSet, "sett system host-name b", "", "error: unknown command: sett"},
	{"set wildcard", ActionSet, FormatSet, "wildcard delete interfaces ge-*", "", "error: wildcard commands are not supported in a load: wildcard"},
	{"set without a value", ActionSet, FormatSet, "set system host-name", "", "error: missing argument"},
	{"set too much", ActionSet, FormatSet, "set system services ftp surplus", "", "error: syntax error: surplus"},
	{"set deletes nothing", ActionSet, FormatSet, "delete system services telnet\ndelete snmp location\ndelete system host-name b", "", "warning: statement not found | warning: statement not found | warning: statement not found"},
	{"set deletes a value", ActionSet, FormatSet, "delete system host-name a", "[edit system]\n-  host-name a;\n", ""},
	{"set renames", ActionSet, FormatSet, "rename vlans red to green", "[edit vlans]\n-   red {\n-       vlan-id 10;\n-   }\n+   green {\n+       vlan-id 10;\n+   }\n", ""},
	{"set renames with keyword", ActionSet, FormatSet, "rename policy-options policy-statement p to policy-statement q", "[edit policy-options]\n-   policy-statement p {\n-       term one {\n-           then accept;\n-       }\n-       term two {\n-           then reject;\n-       }\n-   }\n+   policy-statement q {\n+       term one {\n+           then accept;\n+       }\n+       term two {\n+           then reject;\n+       }\n+   }\n", ""},
	{"set copies", ActionSet, FormatSet, "copy vlans red to blue\nset vlans blue vlan-id 20", "[edit vlans]\n+   blue {\n+       vlan-id 20;\n+   }\n", ""},
	{"set inserts", ActionSet, FormatSet, "insert policy-options policy-statement p term two before term one", "[edit policy-options policy-statement p]\n!    term two { ... }\n!    term one { ... }\n", ""},
	{"set inserts beside nothing", ActionSet, FormatSet, "insert policy-options policy-statement p term two after term six", "", "warning: statement not found"},
	{"set protects", ActionSet, FormatSet, "protect system services\ndelete system services", "[edit system]\n!    protect: services { ... }\n", "warning: [system services] is protected, 'services' cannot be deleted"},
	{"set in what is protected", ActionSet, FormatSet, "protect system services\nset system services telnet\ndeactivate system services ftp\nset system services ftp", "[edit system]\n!    protect: services { ... }\n", "warning: [system services] is protected, 'services' cannot be changed | warning: [system services] is protected, 'services' cannot be changed"},
	{"set unprotects", ActionSet, FormatSet, "protect system services\nunprotect system services\nset system services telnet", "[edit system services]\n+    telnet;\n", ""},
	{"delete spares what is protected", ActionSet, FormatSet, "protect system services ssh\ndelete system", "[edit system]\n-  host-name a;\n[edit system services]\n!     protect: ssh { ... }\n[edit system services]\n-    ftp;\n", ""},
	{"delete spares entries that are protected", ActionSet, FormatSet, "protect policy-options policy-statement p\ndelete vlans\ndelete policy-options", "[edit policy-options]\n!    protect: policy-statement p { ... }\n[edit]\n-  vlans {\n-      red {\n-          vlan-id 10;\n-      }\n-  }\n", ""},
	{"set in a hierarchy", ActionSet, FormatSet, "edit system services\nset telnet\ntop\nset system domain-name x", "[edit system services]\n+    telnet;\n[edit system]\n+  domain-name x;\n", ""},
	{"set up a hierarchy", ActionSet, FormatSet, "edit system services ssh\nup\nset telnet\nup 2\nset system domain-name x", "[edit system services]\n+    telnet;\n[edit system]\n+  domain-name x;\n", ""},
	{"set with the short form of a unit", ActionSet, FormatSet, "set interfaces lo0.0 family inet address 192.0.2.1/32", "[edit]\n+  interfaces {\n+      lo0 {\n+          unit 0 {\n+              family inet {\n+                  address 192.0.2.1/32;\n+              }\n+          }\n+      }\n+  }\n", ""},
	{"set quoted", ActionSet, FormatSet, `set system login message "two words; \"three\""`, "[edit system]\n+   login {\n+       message \"two words; \\\"three\\\"\";\n+   }\n", ""},
	{"set and comments", ActionSet, FormatSet, "# nothing\n\nset system domain-name x # why\n", "[edit system]\n+  domain-name x;\n", ""},

	{"XML adds", ActionMerge, FormatXML, "<configuration><system><domain-name>x</domain-name></system></configuration>", "[edit system]\n+  domain-name x;\n", ""},
	{"XML in config", ActionMerge, FormatXML, `<config xmlns="urn:x"><configuration xmlns:junos="http://xml.juniper.net/junos/1/junos"><system><domain-name>x</domain-name></system></configuration></config>`, "[edit system]\n+  domain-name x;\n", ""},
	{"XML deletes", ActionMerge, FormatXML, `<configuration><system><services><ftp delete="delete"/><ssh><root-login operation="delete"/></ssh></services></system></configuration>`, "[edit system services ssh]\n-    root-login deny;\n[edit system services]\n-    ftp;\n", ""},
	{"XML deletes nothing", ActionMerge, FormatXML, `<configuration><system><services><telnet operation="delete"/></services></system></configuration>`, "", "warning: statement not found"},
	{"XML deletes an entry", ActionMerge, FormatXML, `<configuration><vlans><vlan operation="delete"><name>red</name></vlan></vlans></configuration>`, "[edit]\n-  vlans {\n-      red {\n-          vlan-id 10;\n-      }\n-  }\n", ""},
	{"XML replaces", ActionMerge, FormatXML, `<configuration><system><services operation="replace"><telnet/></services></system></configuration>`, "[edit system services]\n-    ssh {\n-        root-login deny;\n-    }\n-    ftp;\n+    telnet;\n", ""},
	{"XML replace needs its action", ActionMerge, FormatXML, `<configuration><system><services replace="replace"><telnet/></services></system></configuration>`, "[edit system services]\n+    telnet;\n", ""},
	{"XML creates what exists", ActionMerge, FormatXML, `<configuration><vlans><vlan operation="create"><name>red</name></vlan></vlans></configuration>`, "", "error: [edit vlans] statement already exists: red"},
	{"XML inactive", ActionMerge, FormatXML, `<configuration><system><services inactive="inactive"/></system></configuration>`, "[edit system]\n!    inactive: services { ... }\n", ""},
	{"XML inactive as YANG has it", ActionMerge, FormatXML, `<configuration xmlns:jcmd="http://yang.juniper.net/junos/jcmd"><system><services jcmd:active="false"/></system></configuration>`, "[edit system]\n!    inactive: services { ... }\n", ""},
	{"XML renames", ActionMerge, FormatXML, `<configuration><vlans><vlan rename="rename" name="green"><name>red</name></vlan></vlans></configuration>`, "[edit vlans]\n-   red {\n-       vlan-id 10;\n-   }\n+   green {\n+       vlan-id 10;\n+   }\n", ""},
	{"XML inserts", ActionMerge, FormatXML, `<configuration><policy-options><policy-statement><name>p</name><term insert="first"><name>two</name></term></policy-statement></policy-options></configuration>`, "[edit policy-options policy-statement p]\n!    term two { ... }\n!    term one { ... }\n", ""},
	{"XML unknown", ActionMerge, FormatXML, `<configuration><system1/><system><domain-name>x</domain-name></system></configuration>`, "[edit system]\n+  domain-name x;\n", "error: [edit] syntax error: system1"},
	{"XML without a key", ActionMerge, FormatXML, `<configuration><vlans><vlan><vlan-id>1</vlan-id></vlan></vlans></configuration>`, "", "error: [edit vlans vlan] missing argument: name"},
	{"XML out of range", ActionMerge, FormatXML, `<configuration><system><login><idle-timeout>99</idle-timeout></login></system></configuration>`, "", "error: [edit system login] Value 99 is not within range (1..60): 99"},
	{"XML cut off", ActionMerge, FormatXML, `<configuration><system>`, "", "error: syntax error: unexpected EOF"},
	{"XML of something else", ActionMerge, FormatXML, `<rpc/>`, "", "error: syntax error: rpc"},
	{"XML with a document type", ActionMerge, FormatXML, `<!DOCTYPE x><configuration/>`, "", "error: syntax error: document types are not accepted"},

	{"JSON adds", ActionMerge, FormatJSON, `{"configuration": {"system": {"domain-name": "x", "services": {"telnet": [null]}}}}`, "[edit system services]\n+    telnet;\n[edit system]\n+  domain-name x;\n", ""},
	{"JSON deletes", ActionMerge, FormatJSON, `{"configuration": {"system": {"services": {"ftp": {"@": {"operation": "delete"}}, "ssh": {"@root-login": {"operation": "delete"}}}}}}`, "[edit system services ssh]\n-    root-login deny;\n[edit system services]\n-    ftp;\n", ""},
	{"JSON list", ActionMerge, FormatJSON, `{"configuration": {"vlans": {"vlan": [{"name": "blue", "vlan-id": 20}]}}}`, "[edit vlans]\n+   blue {\n+       vlan-id 20;\n+   }\n", ""},
	{"JSON unknown", ActionMerge, FormatJSON, `{"configuration": {"system1": {}}}`, "", "error: [edit] syntax error: system1"},
	{"JSON cut off", ActionMerge, FormatJSON, `{"configuration": {`, "", "error: syntax error: EOF"},
	{"JSON and more", ActionMerge, FormatJSON, `{"configuration": {}} {}`, "", "error: syntax error: text after the configuration"},

	{"unknown format", ActionMerge, "yaml", "", "", "error: unknown format 'yaml': yaml"},
	{"unknown action", "sideways", FormatText, "", "", "error: unknown action 'sideways': sideways"},
}

func TestLoad(t *testing.T) {
	for _, c := range loadRows {
		t.Run(c.name, func(t *testing.T) {
			old := load(t, ActionMerge, FormatText, start)
			new := old.Clone()
			var got []string
			for _, p := range new.Load(c.action, c.format, c.payload) {
				got = append(got, fmt.Sprintf("%s: %s", p.Severity, p.Error()))
			}
			if s := strings.Join(got, " | "); s != c.problems {
				t.Errorf("problems:\n%s\nwant:\n%s", s, c.problems)
			}
			wantText(t, "difference", Compare(old, new), c.want)
			wantText(t, "old tree", old.Text(), start)
		})
	}
}

// Places as recorded: in text the end of the word, in commands the column before it.
func TestPlaces(t *testing.T) {
	tr := New(DefaultSchema("25.2R1"))
	p := tr.Load(ActionMerge, FormatText, "system {\n    services {\n        nonsense default {\n            x 1;\n        }\n    }\n}")
	if len(p) < 2 || p[0].Line != 3 || p[0].Column != 16 || p[0].Source != "nonsense default {" || p[1].Line != 5 || p[1].Column != 9 {
		t.Errorf("text: %+v", p)
	}
	p = tr.Load(ActionSet, FormatSet, "\nset system services nonsense 1")
	if len(p) != 1 || p[0].Line != 2 || p[0].Column != 20 {
		t.Errorf("set: %+v", p)
	}
	p = tr.Load(ActionMerge, FormatXML, "<configuration>\n<system>\n<nonsense/></system></configuration>")
	if len(p) != 1 || p[0].Line != 3 {
		t.Errorf("XML: %+v", p)
	}
}

// isHashOf makes the hash again, with the salt that it names.
func isHashOf(hash, password string) bool {
	parts := strings.Split(hash, "$")
	return len(parts) == 4 && sha512Crypt(password, parts[2]) == hash
}

func TestPassword(t *testing.T) {
	for hash, password := range map[string]string{
		"$6$saltsalt$2SX99CLXfgNtck/wz/iTBSo0ZppJqfrO.TVXU.zE5LOVLcjA8ItNsdkimGDe1yNWQ8eQPMdoTvM7hLGy/7Ccc1": "secret pass",
		"$6$ab$jnZj29NS/hK2GaouP6AGMIBwD6owZFRejcn9QRdlwSjZaVr.fR9dH2TXrKL/PaacUXwtGfI.4O9zxvy2k6fbE1":       "x",
	} {
		if !isHashOf(hash, password) || isHashOf(hash, password+"x") {
			t.Errorf("%s does not belong to %q", hash, password)
		}
	}
	for _, format := range []struct{ format, payload string }{
		{FormatSet, `set system root-authentication plain-text-password-value "a b"`},
		{FormatText, `system { root-authentication { plain-text-password-value "a b"; } }`},
		{FormatXML, `<configuration><system><root-authentication><plain-text-password-value>a b</plain-text-password-value></root-authentication></system></configuration>`},
	} {
		tr := load(t, "", format.format, format.payload)
		hash, _ := tr.Get("system", "root-authentication", "encrypted-password")
		if !isHashOf(hash, "a b") || strings.Contains(tr.Text(), "a b") {
			t.Errorf("%s: %s", format.format, tr.Text())
		}
	}
}

func TestCommand(t *testing.T) {
	for _, c := range []struct{ line, hierarchy, want, problem string }{
		{"set interface ge-0/0/0 desc x", "", "[edit]\n+  interfaces {\n+      ge-0/0/0 {\n+          description x;\n+      }\n+  }\n", ""},
		{"set telnet", "system services", "[edit system services]\n+    telnet;\n", ""},
		{"delete", "system services", "[edit system]\n-   services {\n-       ssh {\n-           root-login deny;\n-       }\n-       ftp;\n-   }\n", ""},
		{"set host-name b", "system", "[edit system]\n-  host-name a;\n+  host-name b;\n", ""},
		{"set sys ho b", "", "[edit system]\n-  host-name a;\n+  host-name b;\n", ""},
		{"set s ho b", "", "", "syntax error: s"},
		{"show", "", "", "unknown command: show"},
	} {
		old := load(t, ActionMerge, FormatText, start)
		new := old.Clone()
		got := ""
		for _, p := range new.Command(c.line, strings.Fields(c.hierarchy)...) {
			got += p.Error()
		}
		if got != c.problem {
			t.Errorf("%s: %s", c.line, got)
		}
		wantText(t, c.line, Compare(old, new), c.want)
	}
	if words, ok := New(DefaultSchema("25.2R1")).Resolve([]string{"serv", "ssh"}, "system"); !ok || strings.Join(words, " ") != "system services ssh" {
		t.Errorf("resolved %v, %v", words, ok)
	}
	if _, ok := New(DefaultSchema("25.2R1")).Resolve([]string{"system", "host-name", "a"}); ok {
		t.Error("a leaf is no hierarchy")
	}
}

// An error is reported however many warnings come before it, and rubbish of any size is answered in bounded space.
func TestManyProblems(t *testing.T) {
	tr := New(DefaultSchema("25.2R1"))
	p := tr.Load(ActionSet, FormatSet, strings.Repeat("delete system host-name\n", 5000)+"set nonsense")
	if len(p) != maxProblems || !Failed(p) {
		t.Errorf("%d problems, failed %v", len(p), Failed(p))
	}
	deep := strings.Repeat("groups { x { ", 5000)
	for format, payload := range map[string]string{
		FormatText: deep, FormatXML: strings.Repeat("<configuration>", 5000), FormatJSON: strings.Repeat(`{"configuration":`, 5000),
		FormatSet: "set " + strings.Repeat("groups x ", 5000),
	} {
		if p := tr.Load(ActionMerge, format, payload); !Failed(p) || len(p) > maxProblems {
			t.Errorf("%s: %d problems, failed %v", format, len(p), Failed(p))
		}
	}
	if p := tr.Load(ActionMerge, FormatText, strings.Repeat(" ", maxPayload+1)); !Failed(p) {
		t.Error("too large a payload was read")
	}
}

// Addresses and prefixes are kept in one way, whatever way they were written.
func TestAddressesAsASwitchKeepsThem(t *testing.T) {
	for command, want := range map[string]string{
		"interfaces ge-0/0/1 unit 0 family inet address 192.0.2.77":        "address 192.0.2.77/32",
		"interfaces ge-0/0/1 unit 0 family inet6 address 2001:DB8:0::1/64": "address 2001:db8::1/64",
		"firewall family inet filter f term t from source-address 0/0":     "source-address 0.0.0.0/0",
		"firewall family inet filter f term t from source-address 10.1/16": "source-address 10.1.0.0/16",
		"firewall family inet6 filter f term t from source-address ::11":   "source-address ::11/128",
		"snmp client-list x 192.0.2.9":                                     "client-list x 192.0.2.9/32",
		"snmp community c clients 2001:DB8::9":                             "clients 2001:db8::9/128",
		"routing-options martians 10/8 orlonger":                           "martians 10.0.0.0/8 orlonger",
		"protocols bgp group g type internal allow 192.0.2.1":              "allow 192.0.2.1/32",
		"system name-server 2001:DB8:0:0::53":                              "name-server 2001:db8::53",
		"protocols bgp group g type internal allow all":                    "allow 0.0.0.0/0",
		"vlans red interface ge-0/0/5":                                     "interface ge-0/0/5.0",
		"routing-instances r interface ge-0/0/5.7":                         "interface ge-0/0/5.7",
		"protocols ospf area 0 interface irb":                              "interface irb.0",
		"protocols rstp interface ge-0/0/5":                                "interface ge-0/0/5\n",
	} {
		tr := New(DefaultSchema("25.2R1"))
		if problems := tr.Load(ActionSet, FormatSet, "set "+command); len(problems) > 0 {
			t.Errorf("%s: %v", command, problems)
		} else if got := tr.SetText(); !strings.Contains(got, want) {
			t.Errorf("%s: want %q, got %s", command, want, got)
		}
		if problems := tr.Load(ActionSet, FormatSet, "delete "+command); len(problems) > 0 {
			t.Errorf("delete %s: %v", command, problems)
		}
	}
	for _, bad := range []string{"10", "10.1", "10.1/33", "300/8", "10./8", "/8", "10/8/8", "x/8"} {
		tr := New(DefaultSchema("25.2R1"))
		if problems := tr.Load(ActionSet, FormatSet, "set firewall family inet filter f term t from source-address "+bad); len(problems) == 0 {
			t.Errorf("%s: want a refusal, got %s", bad, tr.SetText())
		}
	}
}

// A value whose keyword is left out in text may be left out in XML, too: its element is
// the statement's own.
func TestBareValuesInXML(t *testing.T) {
	for _, metric := range []string{"<metric>2</metric>", "<metric><metric-value>2</metric-value></metric>", "<metric>\n 2\n</metric>"} {
		tr := New(DefaultSchema("25.2R1"))
		problems := tr.Load(ActionMerge, FormatXML, "<configuration><routing-options><static><route><name>192.0.2.0/24</name>"+
			"<next-hop>192.0.2.1</next-hop>"+metric+"</route></static></routing-options></configuration>")
		if len(problems) > 0 || !strings.Contains(tr.SetText(), "route 192.0.2.0/24 metric 2\n") {
			t.Errorf("%s: %v, %s", metric, problems, tr.SetText())
		}
	}
	tr := New(DefaultSchema("25.2R1"))
	if problems := tr.Load(ActionMerge, FormatXML, "<configuration><routing-options><static><route><name>192.0.2.0/24</name>"+
		"<metric>much</metric></route></static></routing-options></configuration>"); len(problems) == 0 {
		t.Errorf("want a refusal of a metric that is no number, got %s", tr.SetText())
	}
}
