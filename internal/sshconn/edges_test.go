// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// What ssh_config says of a host or a jump host is checked like an option.
func TestSSHConfigOfBadHosts(t *testing.T) {
	for lines, want := range map[string]string{
		"HostName a/b":                    `ssh_config: HostName: "a/b": want letters, digits`,
		"HostName %h:830":                 "ssh_config: HostName: ",
		"User -x":                         `ssh_config: "-x": want at most 256 bytes and no dash`,
		"User \"a\tb\"":                   "ssh_config: \"a\\tb\": want no control characters",
		"ProxyJump b":                     "proxy_jump: ssh_config: IdentityFile: %q",
		"ProxyJump 192.0.2.3":             "proxy_jump: 192.0.2.3 has its own proxy in ssh_config",
		"ProxyJump 192.0.2.4":             "proxy_jump: 192.0.2.4 has its own proxy in ssh_config",
		"ProxyJump 192.0.2.5,192.0.2.3,b": "proxy_jump: ssh_config: IdentityFile: %q", // only the first needs a way of its own
	} {
		c := sshconn.Config{Host: "sw1", Port: 830, Password: password, Home: t.TempDir()}
		c.SSHConfig = filepath.Join(c.Home, "config")
		sshtest.Write(t, c.SSHConfig, "Host sw1\n"+lines+"\nUser admin\nHost b\nIdentityFile /%q\n"+
			"Host 192.0.2.3\nProxyJump c\nHost 192.0.2.4\nProxyCommand nc\nHost 192.0.2.5\nProxyJump none\nProxyCommand none\n")
		_, err := sshconn.Dial(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", lines, want, err)
		}
	}
}

// A jump host without a user is entered as the switch's.
func TestJumpHostHasTheUserOfTheSwitch(t *testing.T) {
	users := make(chan string, 1)
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(m ssh.ConnMetadata, _ ssh.PublicKey) (*ssh.Permissions, error) {
		users <- m.User()
		return nil, errors.New("no")
	}
	bastion := g.Start(t)
	for jump, want := range map[string]string{"": "admin", "me@": "me", "cfg": "other"} {
		c := throughBastion(t, bastion, open().Start(t))
		at := c.ProxyJump[strings.IndexByte(c.ProxyJump, '@')+1:]
		c.ProxyJump = jump + at
		if jump == "cfg" {
			c.ProxyJump, c.SSHConfig = at, filepath.Join(t.TempDir(), "config")
			sshtest.Write(t, c.SSHConfig, "Host 127.0.0.1\nUser other\n")
		}
		if _, err := sshconn.Dial(t.Context(), c); err == nil {
			t.Fatal("want it refused")
		}
		if got := <-users; got != want {
			t.Errorf("%q: want %s, got %s", jump, want, got)
		}
	}
}

// An agent that talks nonsense is a problem, and no more than that.
func TestAgentTalksNonsense(t *testing.T) {
	dir, err := os.MkdirTemp("", "ag")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n")
			_ = c.Close()
		}
	}()
	c := withPassword(open().Start(t))
	c.UseAgent, c.AgentSocket = true, l.Addr().String()
	dial(t, c)
	c.Password = ""
	if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "agent: list keys of "+c.AgentSocket) {
		t.Errorf("got %v", err)
	}
}

// A known_hosts file that cannot be read is a warning where it does not decide.
func TestUnreadableKnownHosts(t *testing.T) {
	g := open()
	srv := g.Start(t)
	for name, row := range map[string]struct {
		set   func(*sshconn.Config)
		warns bool
	}{
		"insecure": {func(c *sshconn.Config) { c.HostKey = sshconn.Insecure }, true},
		"pinned":   {func(c *sshconn.Config) { c.HostKeyFingerprints = []string{g.Fingerprint()} }, true},
	} {
		c := withPassword(srv)
		c.KnownHosts = []string{srv.Dir}
		row.set(&c)
		if w := strings.Join(dial(t, c).Warnings(), "\n"); strings.Contains(w, "known_hosts: "+srv.Dir+" is not a regular file") != row.warns {
			t.Errorf("%s: %s", name, w)
		}
	}
	for _, policy := range []sshconn.HostKeyPolicy{sshconn.Strict, sshconn.AcceptNew} {
		c := withPassword(srv)
		c.HostKey, c.KnownHosts = policy, []string{srv.Dir}
		var config *sshconn.ConfigError
		if _, err := sshconn.Dial(t.Context(), c); !errors.As(err, &config) || config.Option != "known_hosts" {
			t.Errorf("%s: %v", policy, err)
		}
	}
}

// A file that is too large to be one of ours is not read.
func TestHugeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge")
	for size, want := range map[int64]string{16<<20 + 1: "is larger than 16777216 bytes", 16 << 20: "holds no private key"} {
		sshtest.Write(t, path, "x")
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		c := withPassword(open().Start(t))
		c.PrivateKeyFile = path
		if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: want %q, got %v", size, want, err)
		}
	}
}

// A certificate for another key, beside the key or named, and in ssh_config.
func TestCertificateOfAnotherKey(t *testing.T) {
	path, _, pub := keyFile(t, "")
	_, _, other := keyFile(t, "")
	certified(t, path+"-cert.pub", other, -time.Hour, time.Hour)
	srv := lockedBy(t, pub)
	c := withPassword(srv)
	c.Password, c.PrivateKeyFile = "", path
	want := path + "-cert.pub belongs to another key (" + ssh.FingerprintSHA256(other) + ")"
	if w := strings.Join(dial(t, c).Warnings(), "\n"); w != want {
		t.Errorf("want %s, got %s", want, w)
	}
	c.CertificateFile = path + "-cert.pub"
	if _, err := sshconn.Dial(t.Context(), c); err == nil || err.Error() != "certificate_file: "+want {
		t.Errorf("got %v", err)
	}
	c.PrivateKeyFile = "" // then the agent has its key, or nobody
	if _, err := sshconn.Dial(t.Context(), c); err == nil || err.Error() != "certificate_file: "+want {
		t.Errorf("got %v", err)
	}
	c = configured(t, lockedBy(t, other), "IdentityFile "+path+"\nCertificateFile "+path+"-cert.pub\nCertificateFile FOLDER/none")
	c.Password = ""
	if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "CertificateFile: "+want) || !strings.Contains(err.Error(), "none: no such file") {
		t.Errorf("got %v", err)
	}
}

// CertificateFile of ssh_config is offered with the key that it belongs to, which
// may be the agent's.
func TestCertificateFileOfSSHConfig(t *testing.T) {
	path, key, pub := keyFile(t, "")
	cert := filepath.Join(t.TempDir(), "cert")
	certified(t, cert, pub, -time.Hour, time.Hour)
	var shown noted
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
		shown.add(k.Type())
		return nil, errors.New("no")
	}
	c := configured(t, g.Start(t), "IdentityFile "+path+"\nCertificateFile "+cert)
	c.Password = ""
	failsIn(t, c, sshconn.PhaseAuthentication, "was refused", "")
	if got := strings.Join(shown.take(), " "); got != "ssh-ed25519 ssh-ed25519-cert-v01@openssh.com" {
		t.Errorf("shown %s", got)
	}
	shown.take()
	c.SSHConfig, c.CertificateFile, c.UseAgent, c.AgentSocket = "", cert, true, serveAgent(t, key)
	failsIn(t, c, sshconn.PhaseAuthentication, "was refused", "")
	if got := strings.Join(shown.take(), " "); got != "ssh-ed25519-cert-v01@openssh.com ssh-ed25519" {
		t.Errorf("shown %s", got)
	}
}

// A DSA key is named as what it is.
func TestDSAKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	sshtest.Write(t, path, string(pem.EncodeToMemory(&pem.Block{Type: "DSA PRIVATE KEY", Bytes: dsaKey()})))
	c := withPassword(open().Start(t))
	c.PrivateKeyFile = path
	if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "is a DSA key, which servers no longer accept") || !strings.Contains(hint(err), "ed25519") {
		t.Errorf("got %v (%s)", err, hint(err))
	}
}

// dsaKey is SEQUENCE { 0, P, Q, G, Y, X } of the right length, with numbers that
// are none of a real key.
func dsaKey() []byte {
	one := big.NewInt(1)
	key, _ := asn1.Marshal(struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}{0, new(big.Int).Lsh(one, 1023), new(big.Int).Lsh(one, 159), one, one, one})
	return key
}

// The last two kilobytes of stderr are kept, to the byte.
func TestTailOfStderr(t *testing.T) {
	g := open()
	g.Handle = func(ch ssh.Channel) { _, _ = io.WriteString(ch.Stderr(), "x"+strings.Repeat("y", 2048)) }
	s, err := dial(t, withPassword(g.Start(t))).Exec(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(s); err != nil {
		t.Fatal(err)
	}
	if got := s.Stderr(); got != strings.Repeat("y", 2048) {
		t.Errorf("%d bytes, begins with %.3s", len(got), got)
	}
}

// A channel request that wants an answer gets one, and it is no.
func TestRequestsOfTheServer(t *testing.T) {
	answers := make(chan string, 1)
	g := open()
	g.Handle = func(ch ssh.Channel) {
		ok, err := ch.SendRequest("auth-agent-req@openssh.com", true, nil)
		answers <- map[bool]string{true: "yes", false: "no"}[ok || err != nil]
	}
	s, err := dial(t, withPassword(g.Start(t))).Exec(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	select {
	case got := <-answers:
		if got != "no" {
			t.Error("want it refused")
		}
	case <-time.After(5 * time.Second):
		t.Error("no answer")
	}
}

// A stream that we have given up says why, in both directions.
func TestStreamSaysWhyItEnded(t *testing.T) {
	g := open()
	g.Handle = func(ch ssh.Channel) { _, _ = io.Copy(io.Discard, ch) }
	client := dial(t, withPassword(g.Start(t)))
	s, err := client.Exec(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	why := errors.New("because")
	s.Abort(why)
	s.Abort(errors.New("later"))
	if _, err := s.Read(make([]byte, 1)); !errors.Is(err, why) {
		t.Errorf("read: %v", err)
	}
	if _, err := s.Write([]byte("x")); !errors.Is(err, why) {
		t.Errorf("write: %v", err)
	}
	if !errors.Is(client.Err(), why) {
		t.Errorf("client: %v", client.Err())
	}
	if _, err := client.Exec(t.Context(), "x"); !errors.Is(err, why) {
		t.Errorf("channel: %v", err)
	}
}

// Nothing that could be tried is another trouble than all that was refused.
func TestNothingWasTried(t *testing.T) {
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	pe := failsIn(t, withPassword(g.Start(t)), sshconn.PhaseAuthentication, `user "admin" was refused; nothing was tried; the server accepts publickey`, "set what the server accepts")
	if strings.Contains(pe.Hint(), "locked") {
		t.Error(pe.Hint())
	}
}

// Each file of known_hosts is looked into, and IdentitiesOnly leaves the agent's
// other keys out.
func TestIdentitiesOnly(t *testing.T) {
	path, key, _ := keyFile(t, "")
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var shown noted
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
		shown.add(ssh.FingerprintSHA256(k))
		return nil, errors.New("no")
	}
	srv := g.Start(t)
	for lines, want := range map[string]int{"": 2, "IdentitiesOnly yes": 1, "IdentitiesOnly no": 2, "Match final\nIdentitiesOnly true": 1} {
		shown.take()
		c := configured(t, srv, lines+"\nMatch all\nIdentityFile "+path)
		c.Password, c.UseAgent, c.AgentSocket = "", true, serveAgent(t, other, key)
		failsIn(t, c, sshconn.PhaseAuthentication, "was refused", "")
		if got := shown.take(); len(got) != want || got[0] != ssh.FingerprintSHA256(signer(t, key).PublicKey()) {
			t.Errorf("%s: want %d keys, the file's first, got %v", lines, want, got)
		}
	}
}
