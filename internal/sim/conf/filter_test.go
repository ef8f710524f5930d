// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "testing"

func TestSelect(t *testing.T) {
	tr := load(t, ActionMerge, FormatText, sample)
	for _, c := range []struct{ name, filter, want, problem string }{
		{"everything", "<configuration/>", sample, ""},
		{"presence", "<configuration><system><services><ssh/></services></system></configuration>", `system {
    services {
        ssh {
            root-login allow;
            ciphers [ aes128-ctr aes256-ctr ];
            authorized-keys-command "/usr/bin/keys %u";
            authorized-keys-command-user keys;
        }
    }
}
`, ""},
		{"leaf, in a filter element", "<filter><configuration><system><host-name/></system></configuration></filter>", "system {\n    host-name sw1;\n}\n", ""},
		{"two branches", "<configuration><system><host-name/></system><vlans><vlan><name>red</name></vlan></vlans></configuration>",
			"system {\n    host-name sw1;\n}\nvlans {\n    red {\n        vlan-id 10;\n    }\n}\n", ""},
		{"in the order of the filter", "<configuration><vlans><vlan><name>red</name></vlan></vlans><system><host-name/></system></configuration>",
			"vlans {\n    red {\n        vlan-id 10;\n    }\n}\nsystem {\n    host-name sw1;\n}\n", ""},
		{"one entry", "<configuration><virtual-chassis><member><name>2</name></member></virtual-chassis></configuration>",
			"/* two closets */\nvirtual-chassis {\n    member 2 {\n        role line-card;\n    }\n}\n", ""},
		{"leaf of one entry", "<configuration><vlans><vlan><name>blue</name><vlan-id/></vlan></vlans></configuration>", "vlans {\n    blue {\n        vlan-id 20;\n    }\n}\n", ""},
		{"lists beside a secret", "<configuration><system><root-authentication><no-public-keys/><ssh-rsa/><ssh-ed25519/></root-authentication></system></configuration>",
			"system {\n    root-authentication {\n        ssh-rsa \"ssh-rsa AAAA ada@example.com\"; ## SECRET-DATA\n    }\n}\n", ""},
		{"names", "<configuration><interfaces><interface><name/></interface></interfaces></configuration>", "interfaces {\n    ge-0/0/2;\n    ge-0/0/10;\n    irb;\n}\n", ""},
		{"absent", "<configuration><system><scripts/></system></configuration>", "", ""},
		{"macro", "<configuration><system><commit><apply-macro><name>vc-internal-ssh</name></apply-macro></commit></system></configuration>",
			"system {\n    commit {\n        apply-macro vc-internal-ssh {\n            0 AB12;\n            1 CD34;\n        }\n    }\n}\n", ""},
		{"unknown", "<configuration><system><nonsense/></system></configuration>", "", "syntax error: nonsense"},
		{"malformed", "<configuration>", sample, "syntax error: XML syntax error on line 1: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, problems := tr.Schema().ParseFilter(c.filter)
			got := ""
			for _, p := range problems {
				got += p.Error()
			}
			wantText(t, "problems", got, c.problem)
			wantText(t, "selected", tr.Select(f).Text(), c.want)
		})
	}
}

func TestPaths(t *testing.T) {
	tr := load(t, ActionMerge, FormatText, sample)
	for _, c := range []struct {
		path       []string
		text, only string
		ok         bool
	}{
		{nil, sample, sample, true},
		{[]string{"system", "name-server"}, "192.0.2.1;\n192.0.2.2;\n", "system {\n    name-server {\n        192.0.2.1;\n        192.0.2.2;\n    }\n}\n", true},
		{[]string{"system", "host-name"}, "host-name sw1;\n", "system {\n    host-name sw1;\n}\n", true},
		{[]string{"vlans", "red"}, "vlan-id 10;\n", "vlans {\n    red {\n        vlan-id 10;\n    }\n}\n", true},
		{[]string{"system", "services", "ssh", "ciphers"}, "ciphers [ aes128-ctr aes256-ctr ];\n",
			"system {\n    services {\n        ssh {\n            ciphers [ aes128-ctr aes256-ctr ];\n        }\n    }\n}\n", true},
		{[]string{"system", "scripts"}, "", "", true},
		{[]string{"system", "nonsense"}, "", "", false},
	} {
		text, ok := tr.TextAt(c.path...)
		if ok != c.ok {
			t.Errorf("%v: known %v", c.path, ok)
		}
		wantText(t, "text", text, c.text)
		if only, _ := tr.Only(c.path...); only != nil {
			wantText(t, "only", only.Text(), c.only)
		}
	}
}

func TestShare(t *testing.T) {
	a := load(t, ActionMerge, FormatText, sample)
	b := load(t, ActionMerge, FormatXML, a.XML(XMLOptions{}))
	b.Share(a)
	if b.root != a.root {
		t.Error("equal trees do not share their root")
	}
	b.Set("system", "host-name", "sw2")
	c := load(t, ActionMerge, FormatText, b.Text())
	c.Share(a)
	if !c.Equal(b) || c.Equal(a) || c.root.kids[0] != a.root.kids[0] {
		t.Error("sharing changed what a tree says, or shared nothing")
	}
}
