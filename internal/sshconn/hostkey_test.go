// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// watched is a server that tells whether a credential has reached it.
func watched(t *testing.T) (*sshtest.Go, *sshtest.Server, *atomic.Bool) {
	var seen atomic.Bool
	g := open()
	inner := g.Config.PasswordCallback
	g.Config.PasswordCallback = func(m ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) { seen.Store(true); return inner(m, p) }
	return g, g.Start(t), &seen
}

func otherKey(t *testing.T) string {
	t.Helper()
	pub, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return string(ssh.MarshalAuthorizedKey(key))
}

// A host key that is not trusted ends it before a byte of a credential is sent;
// the error has the fingerprint, the file and the line.
func TestUntrustedHostKeyGetsNoCredential(t *testing.T) {
	g, srv, seen := watched(t)
	own, err := os.ReadFile(srv.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name, known string
		reason      sshconn.HostKeyReason
		err         string
	}{
		{"unknown", "other.example.com " + otherKey(t), sshconn.KeyUnknown, "host key: not known: the server shows ssh-ed25519 SHA256:"},
		{"unknown, its line is broken", "# \n127.0.0.1 ssh-ed25519 AAAA!", sshconn.KeyUnknown, "not understood there: 1 line, the first is"},
		{"changed", "# first line\n127.0.0.1 " + otherKey(t), sshconn.KeyChanged, "known_hosts:2 has ssh-ed25519 SHA256:"},
		{"revoked", string(own) + strings.Replace("@revoked "+string(own), "127.0.0.1", "*", 1), sshconn.KeyRevoked, "known_hosts:2"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, policy := range []sshconn.HostKeyPolicy{sshconn.Strict, sshconn.AcceptNew} {
				if policy == sshconn.AcceptNew && row.reason == sshconn.KeyUnknown {
					continue // that is what it is for
				}
				c := withPassword(srv)
				c.HostKey = policy
				c.KnownHosts = []string{filepath.Join(t.TempDir(), "known_hosts")}
				sshtest.Write(t, c.KnownHosts[0], row.known)
				pe := failsIn(t, c, sshconn.PhaseHostKey, row.err, "")
				var key *sshconn.HostKeyError
				if !errors.As(pe, &key) || key.Reason != row.reason || key.Fingerprint != g.Fingerprint() || pe.Hint() == "" {
					t.Errorf("got %#v", key)
				}
				if !strings.Contains(pe.Error(), g.Fingerprint()) || seen.Load() {
					t.Errorf("want the fingerprint and no credential sent: %v, %v", pe, seen.Load())
				}
				if after, _ := os.ReadFile(c.KnownHosts[0]); string(after) != row.known {
					t.Errorf("known_hosts was changed: %q", after)
				}
			}
		})
	}
}

// The environment has no say: nothing but the option makes a session accept.
func TestStrictWhateverAnsibleSays(t *testing.T) {
	t.Setenv("ANSIBLE_HOST_KEY_CHECKING", "False")
	_, srv, _ := watched(t)
	c := withPassword(srv)
	c.KnownHosts, c.Home = nil, t.TempDir()
	failsIn(t, c, sshconn.PhaseHostKey, "not known: the server shows", "ssh-keyscan")
}

// Without the option, both files of the home directory are read.
func TestKnownHostsOfTheHomeDirectory(t *testing.T) {
	srv := open().Start(t)
	known, err := os.ReadFile(srv.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"known_hosts", "known_hosts2"} {
		c := withPassword(srv)
		c.KnownHosts, c.Home = nil, t.TempDir()
		if err := os.Mkdir(filepath.Join(c.Home, ".ssh"), 0o700); err != nil {
			t.Fatal(err)
		}
		sshtest.Write(t, filepath.Join(c.Home, ".ssh", name), string(known))
		dial(t, c)
	}
}

func TestPinnedFingerprint(t *testing.T) {
	g, srv, seen := watched(t)
	other := "SHA256:" + strings.Repeat("B", 43)
	c := withPassword(srv)
	c.KnownHosts = nil
	c.HostKeyFingerprints = []string{other}
	failsIn(t, c, sshconn.PhaseHostKey, "host_key_fingerprint has "+other, "add it to the list host_key_fingerprint")
	if seen.Load() {
		t.Error("a credential was sent")
	}
	c.HostKeyFingerprints = []string{other + ", " + g.Fingerprint() + "="}
	dial(t, c)
	c.HostKeyFingerprints = []string{g.Fingerprint(), other}
	dial(t, c)
	c.HostKey = sshconn.Insecure // a pin holds all the same
	c.HostKeyFingerprints = []string{other}
	failsIn(t, c, sshconn.PhaseHostKey, "not a pinned one", "")
}

func TestInsecureIsAWarning(t *testing.T) {
	g, srv, _ := watched(t)
	c := withPassword(srv)
	c.KnownHosts, c.Home, c.HostKey = nil, t.TempDir(), sshconn.Insecure
	if w := fmt.Sprint(dial(t, c).Warnings()); !strings.Contains(w, fmt.Sprintf("the host key of [127.0.0.1]:%d was not verified", srv.Port)) || !strings.Contains(w, g.Fingerprint()) {
		t.Errorf("got %s", w)
	}
}

func TestAcceptNewAddsOneLineForManyAtOnce(t *testing.T) {
	_, srv, _ := watched(t)
	c := withPassword(srv)
	c.KnownHosts = []string{filepath.Join(t.TempDir(), "ssh", "known_hosts")}
	c.HostKey = sshconn.AcceptNew
	if err := os.MkdirAll(filepath.Dir(c.KnownHosts[0]), 0o700); err != nil {
		t.Fatal(err)
	}
	sshtest.Write(t, c.KnownHosts[0], "other "+strings.TrimSpace(otherKey(t))) // no line feed at the end
	var all sync.WaitGroup
	var warnings atomic.Int32
	for range 10 {
		all.Go(func() {
			client, err := sshconn.Dial(t.Context(), c)
			if err != nil {
				t.Error(err)
				return
			}
			warnings.Add(int32(len(client.Warnings())))
			_ = client.Close()
		})
	}
	all.Wait()
	b, err := os.ReadFile(c.KnownHosts[0])
	if err != nil || strings.Count(string(b), fmt.Sprintf("\n[127.0.0.1]:%d ssh-ed25519 ", srv.Port)) != 1 || warnings.Load() != 1 {
		t.Errorf("want one more line and one warning, got %q, %d, %v", b, warnings.Load(), err)
	}
	c.HostKey = sshconn.Strict
	dial(t, c)
}

// Somebody holds the lock for good: the login ends in time and says why.
func TestAcceptNewWaitsNoLongerThanTheDeadline(t *testing.T) {
	_, srv, seen := watched(t)
	c := withPassword(srv)
	c.KnownHosts = []string{filepath.Join(t.TempDir(), "known_hosts")}
	c.HostKey, c.ConnectTimeout = sshconn.AcceptNew, 300*time.Millisecond
	f, err := os.Create(c.KnownHosts[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	failsIn(t, c, sshconn.PhaseHostKey, "no answer within 0.3 s", "")
	if seen.Load() {
		t.Error("a credential was sent")
	}
}

func TestIPv6AndZones(t *testing.T) {
	for host, want := range map[string]string{
		"::1": "[::1]:830", "[::1]": "[::1]:830", "fe80::1%lo": "[fe80::1%lo]:830", "[FE80::1%eth0.5]": "[fe80::1%eth0.5]:830",
		"2001:DB8:0:0::1": "[2001:db8::1]:830", "sw1.example.com": "sw1.example.com:830",
	} {
		got := ""
		c := sshconn.Config{Host: host, Port: 830, User: "admin", Password: password, ConnectTimeout: time.Second}
		c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
			got = address
			return nil, syscall.ENETUNREACH
		}
		if _, err := sshconn.Dial(t.Context(), c); !errors.Is(err, syscall.ENETUNREACH) || got != want {
			t.Errorf("%s: want %s, got %s, %v", host, want, got, err)
		}
	}
}

// What ssh_config says where the options say nothing.
func TestSSHConfigFillsIn(t *testing.T) {
	_, srv, _ := watched(t)
	dir := t.TempDir()
	own, err := os.ReadFile(srv.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	sshtest.Write(t, filepath.Join(dir, "kh"), strings.Replace(string(own), "127.0.0.1", "alias-1", 1))
	c := sshconn.Config{Host: "sw1", Password: password, SSHConfig: "~/config", Home: dir, ConnectTimeout: 5 * time.Second}
	text := fmt.Sprintf("Host sw1\n HostName 127.0.0.1\n Port %d\n User admin\n HostKeyAlias alias-1\n UserKnownHostsFile ~/kh\n GlobalKnownHostsFile none\n", srv.Port)
	sshtest.Write(t, filepath.Join(dir, "config"), text)
	dial(t, c)
	for _, row := range []struct{ line, policy, err string }{
		{"StrictHostKeyChecking yes", "insecure", "StrictHostKeyChecking yes contradicts host_key: insecure"},
		{"Ciphers rot13,aes*-xyz", "", "Ciphers: nothing of rot13,aes*-xyz can be used here; remove it for this host"},
		{"RevokedHostKeys /k/revoked", "", "config:8: revokedhostkeys is not understood here"},
		{"Match exec true", "", "config:8: match exec is not understood"},
		{"ServerAliveCountMax 0", "", "want 1 to 1000"},
		{"IdentityFile %q", "", "%q (byte 1) is not understood"},
	} {
		sshtest.Write(t, filepath.Join(dir, "config"), text+row.line+"\nCompression no\n")
		c := c
		c.HostKey = sshconn.HostKeyPolicy(row.policy)
		_, err := sshconn.Dial(t.Context(), c)
		var config *sshconn.ConfigError
		if !errors.As(err, &config) || config.Option != "ssh_config" || !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: want %q, got %v", row.line, row.err, err)
		}
	}
}

// After a switchover another member shows its own key. Both readings are named,
// and nobody is sent to remove the key of the first.
func TestAnotherMemberShowsItsKey(t *testing.T) {
	one, two := open(), open()
	first, second := one.Start(t), two.Start(t)
	both := filepath.Join(t.TempDir(), "both")
	sshtest.Write(t, both, sshtest.Read(t, first.KnownHosts)+sshtest.Read(t, second.KnownHosts))
	knowsOne := withPassword(second)
	knowsOne.KnownHosts = []string{first.KnownHosts}
	pinsOne := withPassword(second)
	pinsOne.HostKeyFingerprints = []string{one.Fingerprint()}
	for _, c := range []sshconn.Config{knowsOne, pinsOne} {
		pe := failsIn(t, c, sshconn.PhaseHostKey, "another member may have become the primary, or the connection is intercepted", "keep the known key")
		if !strings.Contains(pe.Error(), one.Fingerprint()) || !strings.Contains(pe.Error(), two.Fingerprint()) || strings.Contains(pe.Hint(), "remove") {
			t.Errorf("want both fingerprints, and no key removed: %v (%s)", pe, pe.Hint())
		}
	}
	for _, srv := range []*sshtest.Server{first, second} {
		c := withPassword(srv)
		c.KnownHosts = []string{both}
		dial(t, c)
		c.HostKeyFingerprints = []string{one.Fingerprint(), two.Fingerprint()}
		c.KnownHosts = nil
		dial(t, c)
	}
}

// A jump host has no members.
func TestJumpHostShowsAnotherKey(t *testing.T) {
	bastion, target := forwarding(t), open().Start(t)
	c := throughBastion(t, bastion, target)
	c.KnownHosts = []string{target.KnownHosts} // the name is the same, the key is not
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "it has new keys, or the connection is intercepted") || strings.Contains(err.Error()+hint(err), "member") {
		t.Errorf("got %v (%s)", err, hint(err))
	}
}
