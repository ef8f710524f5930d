// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import "testing"

// unreached starts a lab that nobody can log in to.
func unreached(t *testing.T, yaml string) *Lab {
	t.Helper()
	scenario, err := ParseScenario([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	lab, err := Start(t.Context(), scenario, Openers{SSH: func(*Lab, string, int, func() *Member) (Door, error) { return Door{Address: "127.0.0.1:1"}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	return lab
}

func TestMembersRefuseWhatTheirOwnStateForbids(t *testing.T) {
	lab := unreached(t, `chassis: [{name: vc1, size: 2, prepared: true, config_add: "set system services ssh authorized-keys-command /usr/libexec/example/internal-ssh-keys\nset system services ssh authorized-keys-command-user example\nset system commit config-sync-with-scp"}]`)
	ch := lab.Chassis("vc1")
	for _, test := range []struct {
		name   string
		break_ func()
		err    string
	}{
		{"nothing broken", func() {}, ""},
		{"other host key", func() { ch.Member(1).key, _ = newSigner("ecdsa") }, "Host key verification failed"},
		{"no authorized keys", func() { ch.Member(1).writeFile(ch.Member(1).keyFile(keyAuthorized), nil) }, "Permission denied (publickey)"},
		{"no known hosts", func() { ch.Member(0).writeFile(ch.Member(0).keyFile(keyKnownHosts), nil) }, "Host key verification failed"},
		{"no private key", func() { ch.Member(0).files = nil }, "no internal SSH key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := ch.prepareKeys(); err != nil {
				t.Fatal(err)
			}
			test.break_()
			err := ch.pushFiles(ch.Member(0), ch.Member(1), transportSCP, []file{{"/var/tmp/x", []byte("data")}})
			if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
				t.Fatalf("want %q, got %v", test.err, err)
			}
		})
	}
}
