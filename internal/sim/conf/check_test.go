// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	const both = `system { services { ssh { authorized-keys-command /bin/keys; authorized-keys-command-user keys; } } }`
	for _, c := range []struct {
		name, text string
		o          CheckOptions
		want       string // CLI form of everything reported
	}{
		{"empty", "", CheckOptions{}, ""},
		{"both leaves", both, CheckOptions{}, ""},
		{"command alone", "system { services { ssh { authorized-keys-command /bin/keys; } } }", CheckOptions{},
			"[edit system services ssh]\n  'authorized-keys-command'\n    'authorized-keys-command-user' must be configured with authorized-keys-command\n"},
		{"user alone", "system { services { ssh { authorized-keys-command-user keys; } } }", CheckOptions{},
			"[edit system services ssh]\n  'authorized-keys-command-user'\n    'authorized-keys-command' must be configured with authorized-keys-command-user\n"},
		{"SCP alone", "system { commit { config-sync-with-scp; } }", CheckOptions{},
			"[edit system commit]\n  'config-sync-with-scp'\n    Missing prerequisite configuration 'system services ssh authorized-keys-command'\n"},
		{"SCP and both leaves", both + "system { commit { config-sync-with-scp; } }", CheckOptions{}, ""},
		{"SCP and an inactive stanza", strings.Replace(both, "ssh {", "inactive: ssh {", 1) + "system { commit { config-sync-with-scp; } }", CheckOptions{},
			"[edit system commit]\n  'config-sync-with-scp'\n    Missing prerequisite configuration 'system services ssh authorized-keys-command'\n"},
		{"leaves from a group", "groups { g { " + both + " } } apply-groups g; system { commit { config-sync-with-scp; } }", CheckOptions{}, ""},
		{"no root", both, CheckOptions{NeedRoot: true}, "[edit system]\n  'root-authentication'\n    Missing mandatory statement: 'root-authentication'\n"},
		{"FIPS to come", `system { root-authentication { encrypted-password "$6$a$b"; } fips { level 1; } }`, CheckOptions{},
			"[edit]\n  'system'\n    warning: reboot is required to transition to FIPS level 1\n"},
		{"FIPS on", `system { fips { level 1; } }`, CheckOptions{FIPSLevel: 1}, ""},
		{"FIPS and a weak hash", `system { login { user ada { authentication { encrypted-password "$1$a$b"; } } } fips { level 1; } }`, CheckOptions{},
			"[edit system login user ada authentication]\n  'encrypted-password'\n    Encrypted-password must be re-configured to use FIPS compliant hash\n" +
				"[edit]\n  'system'\n    warning: reboot is required to transition to FIPS level 1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			for _, p := range Check(load(t, ActionMerge, FormatText, c.text), c.o) {
				got += cliText(p)
			}
			wantText(t, "check", got, c.want)
		})
	}
}

func TestExpand(t *testing.T) {
	tr := load(t, ActionMerge, FormatText, `
groups {
    far { system { host-name far; domain-name example.com; } }
    ports { interfaces { <ge-*> { mtu 9000; unit <*> { family inet; } } ge-0/0/9 { disable; } } }
}
apply-groups [ far ports ];
system { host-name near; }
interfaces { ge-0/0/1 { unit 5; } xe-0/0/1 { mtu 1500; } inactive: ge-0/0/2; }
`)
	got := strings.TrimPrefix(tr.Expand(Place{}).Text(), tr.Text()[:strings.Index(tr.Text(), "apply-groups [")])
	wantText(t, "expanded", got, `apply-groups [ far ports ];
system {
    host-name near;
    domain-name example.com;
}
interfaces {
    ge-0/0/1 {
        mtu 9000;
        unit 5 {
            family inet;
        }
    }
    xe-0/0/1 {
        mtu 1500;
    }
    ge-0/0/9 {
        disable;
        mtu 9000;
    }
}
`)
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"*", "", true}, {"*", "ge-0/0/0", true}, {"ge-*", "xe-0/0/0", false}, {"ge-0/0/?", "ge-0/0/7", true}, {"ge-0/0/?", "ge-0/0/10", false},
		{"ge-0/0/[2-4]", "ge-0/0/3", true}, {"ge-0/0/[2-4]", "ge-0/0/5", false}, {"[", "[", true}, {"*-0/*/1", "et-0/2/1", true},
		{strings.Repeat("*a", 40), strings.Repeat("a", 200) + "b", false},
	} {
		if got := matchGlob(c.pattern, c.s); got != c.want {
			t.Errorf("glob(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

// cliText is the problem as the CLI prints it, over several lines: the hierarchy, the statement, the words.
func cliText(p Problem) string {
	statement := p.Source
	if statement == "" {
		statement = p.BadElement
	}
	message := p.Message
	if p.Severity == SeverityWarning {
		message = "warning: " + message
	}
	if p.Path == "" || statement == "" {
		return message + "\n"
	}
	path := strings.TrimSuffix(strings.TrimSuffix(p.Path, "]"), " "+p.BadElement) + "]"
	return path + "\n  '" + statement + "'\n    " + message + "\n"
}
