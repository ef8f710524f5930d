// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
)

// sample holds one of each kind of statement that is printed in a way of its own.
const sample = `version 25.2R1.9;
groups {
    g1 {
        system {
            services {
                telnet;
            }
        }
        interfaces {
            <ge-*> {
                mtu 9000;
            }
        }
    }
}
apply-groups g1;
system {
    host-name sw1;
    root-authentication {
        encrypted-password "$6$abc$def"; ## SECRET-DATA
        ssh-rsa "ssh-rsa AAAA ada@example.com"; ## SECRET-DATA
    }
    commit {
        apply-macro vc-internal-ssh {
            0 AB12;
            1 CD34;
        }
        config-sync-with-scp;
    }
    login {
        user ada {
            uid 2000;
            class super-user;
        }
        message "hi\nthere \"you\"";
    }
    services {
        netconf {
            ssh;
        }
        ssh {
            root-login allow;
            ciphers [ aes128-ctr aes256-ctr ];
            authorized-keys-command "/usr/bin/keys %u";
            authorized-keys-command-user keys;
        }
        inactive: ftp;
    }
    name-server {
        192.0.2.1;
        192.0.2.2;
    }
    syslog {
        user * {
            any emergency;
        }
        file messages {
            any notice;
            authorization info;
        }
    }
    ntp {
        authentication-key 1 type md5 value "$9$xx"; ## SECRET-DATA
        server 192.0.2.3 prefer;
    }
}
interfaces {
    interface-range uplinks {
        member "ge-0/1/[0-1]";
        member-range ge-0/0/3 to ge-0/0/5;
    }
    ge-0/0/2 {
        ether-options {
            802.3ad ae0;
        }
    }
    ge-0/0/10 {
        unit 0 {
            family ethernet-switching {
                vlan {
                    members [ red blue ];
                }
                storm-control default;
            }
        }
    }
    irb {
        unit 10 {
            family inet {
                filter {
                    input mgmt;
                }
                address 192.0.2.65/26;
            }
            family inet6;
        }
    }
}
snmp {
    community public {
        authorization read-only;
        clients {
            192.0.2.0/24;
        }
    }
}
firewall {
    family inet {
        filter mgmt {
            term t {
                from {
                    source-address {
                        192.0.2.0/24;
                    }
                    protocol tcp;
                }
                then accept;
            }
        }
    }
}
routing-options {
    autonomous-system 65000;
    static {
        route 0.0.0.0/0 next-hop 192.0.2.254;
        route 198.51.100.0/24 {
            next-hop [ 192.0.2.253 192.0.2.252 ];
            no-readvertise;
        }
    }
}
protocols {
    lldp {
        interface all;
    }
    rstp {
        interface ge-0/0/1 {
            edge;
        }
    }
}
/* two closets */
virtual-chassis {
    preprovisioned;
    member 0 {
        role routing-engine;
        serial-number AB12;
    }
    member 2 {
        role line-card;
    }
    member 10 {
        role line-card;
    }
    mac-persistence-timer {
        10;
    }
}
vlans {
    blue {
        vlan-id 20;
        l3-interface irb.10;
    }
    red {
        vlan-id 10;
    }
}
`

func load(t *testing.T, action, format, payload string) *Tree {
	t.Helper()
	tr := New(DefaultSchema("25.2R1"))
	for _, p := range tr.Load(action, format, payload) {
		t.Errorf("load %s %s: %v (line %d)", action, format, p, p.Line)
	}
	return tr
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	t.Errorf("%s differs from line %d:\n%s\nwant:\n%s", what, i+1, strings.Join(g[i:min(i+12, len(g))], ""), strings.Join(w[i:min(i+12, len(w))], ""))
}

// Text is printed as it was read, and says the same in the other formats.
func TestFormats(t *testing.T) {
	tr := load(t, ActionMerge, FormatText, sample)
	wantText(t, "text", tr.Text(), sample)
	wantText(t, "text from XML", load(t, ActionMerge, FormatXML, tr.XML(XMLOptions{})).Text(), sample)
	wantText(t, "text from JSON", load(t, ActionMerge, FormatJSON, tr.JSON()).Text(), sample)
	bare := tr.Clone()
	bare.Load(ActionSet, FormatSet, `annotate virtual-chassis ""`)
	wantText(t, "text from set commands", load(t, ActionSet, FormatSet, tr.SetText()).Text(), bare.Text())
}

func TestReleaseKnowsSCP(t *testing.T) {
	for release, known := range map[string]bool{
		"24.4R1": false, "24.4R2-S1.3": false, "25.1R1.1": false, "25.2R1": true, "25.2R1.9": true, "25.4R1.12": true, "26.1R1": true, "odd": true,
	} {
		tr := New(DefaultSchema(release))
		problems := tr.Set("system", "commit", "config-sync-with-scp")
		if known == Failed(problems) {
			t.Errorf("%s: known %v, got %v", release, known, problems)
		}
	}
}

func TestGetAndList(t *testing.T) {
	tr := load(t, ActionMerge, FormatText, sample)
	for _, c := range []struct {
		path  []string
		value string
		ok    bool
	}{
		{[]string{"system", "host-name"}, "sw1", true},
		{[]string{"system", "services", "ssh", "authorized-keys-command"}, "/usr/bin/keys %u", true},
		{[]string{"system", "services", "ssh"}, "", true},
		{[]string{"system", "services", "ftp"}, "", false}, // inactive
		{[]string{"system", "commit", "config-sync-with-scp"}, "", true},
		{[]string{"system", "commit", "synchronize"}, "", false},
		{[]string{"system", "commit", "apply-macro", "vc-internal-ssh", "1"}, "CD34", true},
		{[]string{"virtual-chassis", "mac-persistence-timer"}, "10", true},
		{[]string{"system", "commit", "apply-macro", "vc-internal-ssh", "1", "CD34"}, "CD34", true},
		{[]string{"system", "commit", "apply-macro", "vc-internal-ssh", "7"}, "", false},
		{[]string{"system", "nonsense"}, "", false},
		{[]string{"interfaces", "irb", "unit", "10", "family", "inet", "address", "192.0.2.65/26"}, "", true},
	} {
		value, ok := tr.Get(c.path...)
		if value != c.value || ok != c.ok {
			t.Errorf("Get %v = %q, %v; want %q, %v", c.path, value, ok, c.value, c.ok)
		}
	}
	for _, c := range []struct {
		path []string
		want int
	}{
		{[]string{"virtual-chassis", "member"}, 3},
		{[]string{"interfaces"}, 3},
		{[]string{"vlans"}, 2},
		{[]string{"system", "name-server"}, 2},
		{[]string{"system", "services", "ssh", "ciphers"}, 2},
		{[]string{"system", "commit", "apply-macro", "vc-internal-ssh"}, 2},
		{[]string{"system", "login", "class"}, 0},
		{[]string{"nonsense"}, 0},
	} {
		if got := tr.List(c.path...); len(got) != c.want {
			t.Errorf("List %v = %q; want %d", c.path, got, c.want)
		}
	}
}

// A value that looks like a keyword is quoted where the keyword could stand.
func TestKeywordAsValue(t *testing.T) {
	const text = `system {
    services {
        netconf {
            traceoptions {
                file "size" size 10m;
            }
        }
    }
    syslog {
        file size {
            any any;
        }
    }
}
interfaces {
    "traceoptions" {
        mtu 1500;
    }
}
`
	tr := load(t, ActionMerge, FormatText, text)
	wantText(t, "set", load(t, ActionSet, FormatSet, tr.SetText()).Text(), tr.Text())
	if v, _ := tr.Get("system", "services", "netconf", "traceoptions", "file"); v != "size" {
		t.Errorf("file is %q", v)
	}
}

func TestEarlierReleases(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"24.4R1", "25.2R1", true}, {"25.2R1", "24.4R1", false}, {"24.4R1.9", "24.4R2-S1.3", true}, {"24.4R2-S1.3", "24.4R2", false},
		{"12.1X47-D20.7", "17.2R1", true}, {"9.6R1", "10.4R1", true}, {"25.2", "25.2R1", true}, {"nonsense", "25.2R1", false}, {"25.2R1", "nonsense", false},
	} {
		if got := Earlier(test.a, test.b); got != test.want {
			t.Errorf("%s before %s: want %v, got %v", test.a, test.b, test.want, got)
		}
	}
}
