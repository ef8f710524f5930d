// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// What is seen of root's keys counts, and what is not seen counts as none only for whom
// nothing is hidden, and where keys have no other source.
func TestReadRootKeys(t *testing.T) {
	const (
		super  = "user x, class super-user"
		audit  = "user x, class audit"
		key    = "<name>ssh-ed25519 AAAA x@example.com</name>"
		nobody = ""
	)
	with := func(keys, ssh string) string {
		return configuration("<system><commit/><root-authentication>" + keys + "</root-authentication><services><ssh>" + ssh + "</ssh></services></system>")
	}
	for _, row := range []struct {
		name, comment, reply string
		want                 vc.RootKeys
	}{
		{"a key", super, with("<ssh-ed25519>"+key+"</ssh-ed25519>", ""), vc.RootKeysConfigured},
		{"of any kind", super, with("<ssh-dsa>"+key+"</ssh-dsa>", ""), vc.RootKeysConfigured},
		{"a key that a class shows", audit, with("<ssh-rsa>"+key+"</ssh-rsa>", ""), vc.RootKeysConfigured},
		{"from a group", super, with(`<ssh-rsa junos:group="admins">`+key+"</ssh-rsa>", ""), vc.RootKeysConfigured},
		{"from the group of one engine", super, with(`<ssh-rsa junos:group="re0">`+key+"</ssh-rsa>", ""), vc.RootKeysUnknown},
		{"one of them from such a group", super, with(`<ssh-rsa junos:group="re0">`+key+"</ssh-rsa><ssh-rsa>"+key+"</ssh-rsa>", ""), vc.RootKeysConfigured},
		{"deactivated", super, with(`<ssh-rsa inactive="inactive">`+key+"</ssh-rsa>", ""), vc.RootKeysNone},
		{"deactivated, and another", super, with(`<ssh-rsa inactive="inactive">`+key+"</ssh-rsa><ssh-ecdsa>"+key+"</ssh-ecdsa>", ""), vc.RootKeysConfigured},
		{"none", super, with("", ""), vc.RootKeysNone},
		{"none that the class shows", audit, with("", ""), vc.RootKeysUnknown},
		{"none, and no word of a class", nobody, with("", ""), vc.RootKeysUnknown},
		{"keys that do not count", super, with("<no-public-keys/><ssh-rsa>"+key+"</ssh-rsa>", ""), vc.RootKeysNone},
		{"keys of nobody count", super, with("<ssh-rsa>"+key+"</ssh-rsa>", "<no-public-keys/>"), vc.RootKeysNone},
		{"keys count again", super, with(`<no-public-keys inactive="inactive"/><ssh-rsa>`+key+"</ssh-rsa>", ""), vc.RootKeysConfigured},
		{"keys of a command", super, with("", "<authorized-keys-command>/x</authorized-keys-command><authorized-keys-command-user>y</authorized-keys-command-user>"), vc.RootKeysUnknown},
		{"certificates", super, with("", "<trusted-user-ca-key-file>/x</trusted-user-ca-key-file>"), vc.RootKeysUnknown},
		{"principals", super, with("", "<authorized-principals>root</authorized-principals>"), vc.RootKeysUnknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := playAs(t, row.comment, Options{ReadOnly: true}, reads("get-configuration", row.reply))
			s, err := d.Read(t.Context())
			if err != nil || s.RootKeys != row.want {
				t.Errorf("want %s, got %s, %v", row.want, s.RootKeys, err)
			}
			want := 5
			if row.comment != super {
				want++ // what does the class hide?
			}
			if n := len(p.sent()); n != want {
				t.Errorf("want the reading and nothing more, got %d operations", n)
			}
			for _, request := range p.sent() {
				if strings.Contains(request, "password") || strings.Contains(request, "<root-authentication/>") {
					t.Errorf("asks for the hash: %s", request)
				}
			}
		})
	}
}

// A release that does not know one of the kinds of keys, or a class that denies them, is
// asked once more without them, and never again in the session.
func TestReadWithoutRootKeys(t *testing.T) {
	shown := configuration("<system><commit/><services><ssh><root-login>deny-password</root-login></ssh></services></system>")
	for _, bad := range []string{"ssh-ecdsa", "root-authentication", "no-public-keys"} {
		all := reads("", "")
		all["get-configuration"] = says(shown, refusal("syntax error", bad), shown)
		d, p := play(t, Options{}, all)
		for range 2 {
			s, err := d.Read(t.Context())
			if err != nil || s.RootLogin != "deny-password" || s.RootKeys != vc.RootKeysUnknown {
				t.Errorf("%s: root-login %s, keys %s, %v", bad, s.RootLogin, s.RootKeys, err)
			}
		}
		if n := len(p.sent()); n != 11 {
			t.Errorf("%s: want one operation more in the first reading, got %d", bad, n)
		}
	}
	all := reads("", "")
	all["get-configuration"] = says(shown, refusal("syntax error", "ssh-rsa"), "EOF")
	d, _ := play(t, Options{}, all)
	if _, err := d.Read(t.Context()); !IsLinkLost(err) || !strings.Contains(err.Error(), "read the chassis: ") {
		t.Errorf("want a lost link, got %v", err)
	}
}

// A statement that is deactivated says nothing of root.
func TestReadRootLogin(t *testing.T) {
	for reply, want := range map[string]string{
		"<root-login>deny</root-login>":                       "deny",
		"<root-login inactive=\"inactive\">deny</root-login>": "",
		"": "",
	} {
		d, _ := play(t, Options{}, reads("get-configuration", configuration("<system><commit/><services><ssh>"+reply+"</ssh></services></system>")))
		if s, err := d.Read(t.Context()); err != nil || s.RootLogin != want {
			t.Errorf("%s: want %q, got %q, %v", reply, want, s.RootLogin, err)
		}
	}
}

// A device that has refused the question for root's keys is not asked it again.
func TestRootKeysAreAskedForUntilThatIsRefused(t *testing.T) {
	for _, refused := range []bool{false, true} {
		request := textOf((&Device{refusesRootKeys: refused}).effectiveRequest())
		if asked := strings.Contains(request, "root-authentication"); asked == refused || !strings.Contains(request, `inherit="inherit"`) || !strings.Contains(request, `groups="groups"`) {
			t.Errorf("refused %v: got %s", refused, request)
		}
	}
}
