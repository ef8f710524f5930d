// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"crypto/rand"
	"crypto/rsa"
	mathrand "math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A list of algorithms means what "ssh -G" says: lists made with a seed are given
// to OpenSSH and to us, with its names and its usual ones.
func TestAlgorithmListsAgreeWithOpenSSH(t *testing.T) {
	sshtest.Need(t, "ssh")
	r := mathrand.New(mathrand.NewPCG(14, 7))
	count, lists := 0, 60 // of each kind
	if testing.Short() {
		lists = 12
	}
	for _, list := range [][2]string{{"KexAlgorithms", "kex"}, {"Ciphers", "cipher"}, {"MACs", "mac"},
		{"HostKeyAlgorithms", "HostKeyAlgorithms"}, {"PubkeyAcceptedAlgorithms", "HostKeyAlgorithms"}} {
		key, query := list[0], list[1]
		usual, err := openSSHList(key, "")
		if err != nil {
			t.Fatal(err)
		}
		known := strings.Fields(sshtest.Run(t, "ssh", "-Q", query))
		for range lists {
			spec := algorithmSpec(r, known)
			theirs, err := openSSHList(key, spec)
			if err != nil {
				t.Fatalf("%s %s: %v", key, spec, err)
			}
			ours, strange := sshconn.ChooseAlgorithms(spec, usual, known)
			if !slices.Equal(ours, theirs) || len(strange) > 0 {
				t.Errorf("%s %s:\nOpenSSH %v\nwe      %v %v", key, spec, theirs, ours, strange)
			}
			count++
		}
	}
	t.Logf("%d lists", count)
}

// algorithmSpec makes a list with one to three names, or with patterns.
func algorithmSpec(r *mathrand.Rand, known []string) string {
	how := []string{"", "+", "-", "^"}[r.IntN(4)]
	var names []string
	for range 1 + r.IntN(3) {
		name := known[r.IntN(len(known))]
		switch {
		case r.IntN(3) > 0 || how != "-": // only then there may be patterns
		case r.IntN(2) == 0:
			name = name[:1+r.IntN(len(name)-1)] + "*"
		default:
			at := r.IntN(len(name))
			name = name[:at] + "?" + name[at+1:]
		}
		if name != "curve25519-sha256@libssh.org" { // the same algorithm to us
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = known[:1]
	}
	return how + strings.Join(names, ",")
}

// openSSHList asks OpenSSH what a list means, "" being what is usual.
func openSSHList(key, spec string) ([]string, error) {
	args := []string{"-G", "-F", "none", "sw1"}
	if spec != "" {
		args = append([]string{"-o", key + "=" + spec}, args...)
	}
	out, err := exec.Command("ssh", args...).Output()
	for line := range strings.Lines(string(out)) {
		if said, value, _ := strings.Cut(strings.TrimSpace(line), " "); said == strings.ToLower(key) {
			return strings.FieldsFunc(value, func(r rune) bool { return r == ',' }), err
		}
	}
	return nil, err
}

// A switch that knows only what is old is reached by who says so, and is told
// that it is old; what the library does not know is left out of a list.
func TestAlgorithmLists(t *testing.T) {
	old := open()
	old.Config.KeyExchanges = []string{ssh.InsecureKeyExchangeDH14SHA1}
	modern := open()
	modern.Config.KeyExchanges = []string{ssh.KeyExchangeCurve25519}
	old.Config.Ciphers = []string{ssh.InsecureCipherAES128CBC, ssh.CipherAES256CTR}
	servers := map[string]*sshtest.Server{"old": old.Start(t), "modern": modern.Start(t)}
	for _, row := range []struct{ server, algorithms, lines, warns, err string }{
		{"old", "", "", "", "no common algorithm for key exchange"},
		{"old", "", "KexAlgorithms +diffie-hellman-group14-sha1", "use weak algorithms: diffie-hellman-group14-sha1", ""},
		{"old", "", "KexAlgorithms ^diffie-hellman-group14-sha1,curve25519-sha256", "use weak algorithms: diffie-hellman-group14-sha1", ""},
		{"old", "", "KexAlgorithms curve25519-sha256,diffie-hellman-group14-sha1\nCiphers aes128-cbc", "use weak algorithms: diffie-hellman-group14-sha1, aes128-cbc", ""},
		{"old", "legacy", "KexAlgorithms -curve*", "algorithms: legacy lets", ""},
		{"old", "legacy", "KexAlgorithms -diffie-hellman-group14-*", "", "no common algorithm for key exchange"},
		{"old", "modern", "KexAlgorithms +diffie-hellman-group14-sha1", "", "no common algorithm for key exchange"},
		{"old", "", "KexAlgorithms diffie-hellman-group14-sha256", "", "no common algorithm for key exchange"},
		{"old", "", "KexAlgorithms no-such-exchange", "", "KexAlgorithms: nothing of no-such-exchange can be used here"},
		{"modern", "modern", "Ciphers +aes128-cbc,3des-cbc\nMACs hmac-sha1,hmac-sha2-256-etm@openssh.com", "Ciphers aes128-cbc,3des-cbc; MACs hmac-sha1", ""},
		{"modern", "", "KexAlgorithms curve25519-sha256@libssh.org,sntrup999x25519-sha512@example.com", "left out of ssh_config for 127.0.0.1: KexAlgorithms sntrup999x25519-sha512@example.com", ""},
		{"modern", "", "KexAlgorithms diffie-hellman-group16-sha512", "", "no common algorithm for key exchange"},
		{"modern", "", "CASignatureAlgorithms +ssh-rsa", "CASignatureAlgorithms ssh-rsa", ""},
		{"modern", "", "Ciphers aes256-ctr,aes256-gcm@openssh.com\nMACs -*\nKexAlgorithms -diffie*,ecdh-sha2-nistp???\nHostKeyAlgorithms ssh-ed25519\nMatch all\nCiphers none", "", "MACs: nothing of -* can be used here"},
		{"modern", "", "Ciphers aes256-ctr,aes256-gcm@openssh.com\nMACs -*-sha1\nKexAlgorithms -diffie*,ecdh-sha2-nistp???\nHostKeyAlgorithms ssh-ed25519\nMatch all\nCiphers none", "", ""},
	} {
		c := configured(t, servers[row.server], row.lines)
		c.Algorithms = row.algorithms
		client, err := sshconn.Dial(t.Context(), c)
		if err != nil {
			if row.err == "" || !strings.Contains(err.Error(), row.err) {
				t.Errorf("%s %s: want %q, got %v", row.algorithms, row.lines, row.err, err)
			}
			continue
		}
		warnings := strings.Join(client.Warnings(), "\n")
		if row.err != "" || !strings.Contains(warnings, row.warns) || (row.warns == "") != (warnings == "") {
			t.Errorf("%s %s: want %q, warnings %q; got %q", row.algorithms, row.lines, row.err, row.warns, warnings)
		}
		_ = client.Close()
	}
}

// The remedy is where the algorithms were lost.
func TestAlgorithmHints(t *testing.T) {
	old := open()
	old.Config.KeyExchanges = []string{ssh.InsecureKeyExchangeDH14SHA1}
	odd := open()
	odd.Config.KeyExchanges = []string{ssh.KeyExchangeDH14SHA256}
	oldServer, oddServer := old.Start(t), odd.Start(t)
	for _, row := range []struct {
		srv                     *sshtest.Server
		algorithms, lines, hint string
	}{
		{oddServer, "", "KexAlgorithms curve25519-sha256", "ssh_config leaves too little for this host"},
		{oddServer, "modern", "KexAlgorithms curve25519-sha256", "set algorithms: default"},
		{oddServer, "modern", "", "set algorithms: default"},
		{oldServer, "modern", "", "set algorithms: legacy"},
		{oldServer, "", "KexAlgorithms curve25519-sha256", "set algorithms: legacy"},
		{oldServer, "legacy", "KexAlgorithms curve25519-sha256", "ssh_config leaves too little for this host"},
	} {
		c := configured(t, row.srv, row.lines)
		c.Algorithms = row.algorithms
		if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.HasPrefix(hint(err), row.hint) {
			t.Errorf("%s %s: want %q, got %v (%s)", row.algorithms, row.lines, row.hint, err, hint(err))
		}
	}
}

// HostKeyAlgorithms in a chosen order is kept; otherwise what is known comes first.
func TestHostKeyAlgorithmsChooseTheKey(t *testing.T) {
	srv, line := twoKeys(t)
	known := filepath.Join(srv.Dir, "both")
	sshtest.Write(t, known, line["ecdsa"]+"\n")
	for lines, want := range map[string]string{
		"":                                      "",
		"HostKeyAlgorithms -rsa*":               "",
		"HostKeyAlgorithms +ssh-rsa":            "",
		"HostKeyAlgorithms ecdsa-sha2-nistp256": "",
		"HostKeyAlgorithms ^ssh-ed25519":        "host key: not known: the server shows ssh-ed25519",
		"HostKeyAlgorithms -ecdsa-*":            "host key: not known: the server shows ssh-ed25519",
		"HostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256": "host key: not known: the server shows ssh-ed25519",
	} {
		c := configured(t, srv, lines)
		c.KnownHosts = []string{known}
		client, err := sshconn.Dial(t.Context(), c)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: want %q, got %v", lines, want, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}

// Keys that PubkeyAcceptedAlgorithms leaves nothing for are not offered, in
// certificates either.
func TestPubkeyAcceptedAlgorithms(t *testing.T) {
	path, _, pub := keyFile(t, "")
	srv := keyServer(t, pub)
	for lines, err := range map[string]string{
		"PubkeyAcceptedAlgorithms +ssh-rsa":                             "",
		"PubkeyAcceptedKeyTypes ssh-ed25519":                            "",
		"PubkeyAcceptedAlgorithms -ssh-rsa,rsa*":                        "",
		"PubkeyAcceptedAlgorithms rsa-sha2-512":                         path + " is not offered: PubkeyAcceptedAlgorithms of ssh_config has no algorithm of this key",
		"PubkeyAcceptedAlgorithms ssh-ed25519-cert-v01@openssh.com":     "is not offered",
		"PubkeyAcceptedAlgorithms -ssh-ed25519":                         "is not offered",
		"PubkeyAuthentication no":                                       "ssh_config allows no publickey",
		"Match user admin\nPubkeyAuthentication no\nMatch host nothing": "ssh_config allows no publickey",
	} {
		c := configured(t, srv, lines)
		c.Password, c.PrivateKeyFile = "", path
		client, got := sshconn.Dial(t.Context(), c)
		if err == "" && got != nil || err != "" && (got == nil || !strings.Contains(got.Error(), err)) {
			t.Errorf("%s: want %q, got %v", lines, err, got)
		}
		if got == nil {
			_ = client.Close()
		}
	}
}

// A host key that signs with SHA-1 only takes the option legacy, or a list that
// names it.
func TestHostKeyThatSignsWithSHA1(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	old, err := ssh.NewSignerWithAlgorithms(signer(t, private).(ssh.AlgorithmSigner), []string{ssh.KeyAlgoRSA})
	if err != nil {
		t.Fatal(err)
	}
	g := open()
	g.Config.AddHostKey(old)
	srv := g.Start(t)
	known := filepath.Join(srv.Dir, "old")
	sshtest.Write(t, known, "127.0.0.1 "+string(ssh.MarshalAuthorizedKey(old.PublicKey())))
	for _, row := range []struct{ algorithms, lines, warns, err string }{
		{"", "", "", "host key: not known: the server shows ssh-ed25519"},
		{"modern", "HostKeyAlgorithms +ssh-rsa", "", "host key: not known: the server shows ssh-ed25519"},
		{"legacy", "", "algorithms: legacy lets", ""},
		{"", "HostKeyAlgorithms +ssh-rsa", "ssh_config lets 127.0.0.1 use weak algorithms: ssh-rsa", ""},
	} {
		c := configured(t, srv, row.lines)
		c.Algorithms, c.KnownHosts = row.algorithms, []string{known}
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%+v: %v", row, err)
		}
		if err == nil {
			if w := strings.Join(client.Warnings(), "\n"); !strings.Contains(w, row.warns) {
				t.Errorf("%+v: %s", row, w)
			}
			_ = client.Close()
		}
	}
}
