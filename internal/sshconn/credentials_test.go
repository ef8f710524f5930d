// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// keyFile writes a new key, encrypted if there is a passphrase.
func keyFile(t *testing.T, passphrase string) (string, ed25519.PrivateKey, ssh.PublicKey) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key")
	sshtest.Write(t, path, string(pem.EncodeToMemory(block)))
	if passphrase != "" {
		lockFile(t, path, key, passphrase)
	}
	return path, key, pub
}

// lockFile puts a key under a passphrase. That of ssh-keygen with one round is
// tried in no time, that of the library in a tenth of a second, each time.
func lockFile(t *testing.T, path string, key ed25519.PrivateKey, passphrase string) {
	t.Helper()
	if sshtest.Path("ssh-keygen") != "" {
		sshtest.Run(t, "ssh-keygen", "-q", "-p", "-a", "1", "-P", "", "-N", passphrase, "-f", path)
		return
	}
	block, err := ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	sshtest.Write(t, path, string(pem.EncodeToMemory(block)))
}

// serveAgent runs an agent in this process.
func serveAgent(t *testing.T, keys ...ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.MkdirTemp("", "ag")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { _ = agent.ServeAgent(ring, c); _ = c.Close() })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait(); _ = os.RemoveAll(dir) })
	return l.Addr().String()
}

// Each source absent, empty, good and bad, in combination. Whether the login
// works follows from one rule: something good was offered, and no option that
// names a file was unusable.
func TestCredentialMatrix(t *testing.T) {
	goodFile, goodKey, goodPub := keyFile(t, "")
	wrongFile, wrongKey, _ := keyFile(t, "")
	lockedFile, _, lockedPub := keyFile(t, canary.Passphrase)
	g := open()
	g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if k := key.Marshal(); bytes.Equal(k, goodPub.Marshal()) || bytes.Equal(k, lockedPub.Marshal()) {
			return nil, nil
		}
		return nil, errors.New("no")
	}
	srv := g.Start(t)
	type source struct {
		name         string
		good, refuse bool // refuse: the option cannot be used at all
		set          func(*sshconn.Config)
	}
	files := []source{
		{"no file", false, false, func(*sshconn.Config) {}},
		{"good file", true, false, func(c *sshconn.Config) { c.PrivateKeyFile = goodFile }},
		{"wrong file", false, false, func(c *sshconn.Config) { c.PrivateKeyFile = wrongFile }},
		{"missing file", false, true, func(c *sshconn.Config) { c.PrivateKeyFile = goodFile + ".no" }},
		{"locked file", false, true, func(c *sshconn.Config) { c.PrivateKeyFile = lockedFile }},
		{"unlocked file", true, false, func(c *sshconn.Config) { c.PrivateKeyFile, c.PrivateKeyPassphrase = lockedFile, canary.Passphrase }},
		{"badly unlocked file", false, true, func(c *sshconn.Config) { c.PrivateKeyFile, c.PrivateKeyPassphrase = lockedFile, canary.Wrong }},
	}
	passwords := []source{
		{"no password", false, false, func(*sshconn.Config) {}},
		{"good password", true, false, func(c *sshconn.Config) { c.Password = password }},
		{"wrong password", false, false, func(c *sshconn.Config) { c.Password = canary.Wrong }},
	}
	agents := []source{
		{"no agent", false, false, func(*sshconn.Config) {}},
		{"agent without socket", false, false, func(c *sshconn.Config) { c.UseAgent = true }},
		{"dead agent", false, false, func(c *sshconn.Config) { c.UseAgent, c.AgentSocket = true, filepath.Join(srv.Dir, "none") }},
		{"empty agent", false, false, useAgent(serveAgent(t))},
		{"wrong agent", false, false, useAgent(serveAgent(t, wrongKey))},
		{"good agent", true, false, useAgent(serveAgent(t, wrongKey, goodKey))},
	}
	for _, f := range files {
		for _, p := range passwords {
			for _, a := range agents {
				t.Run(f.name+", "+p.name+", "+a.name, func(t *testing.T) {
					c := withPassword(srv)
					c.Password = ""
					f.set(&c)
					p.set(&c)
					a.set(&c)
					want := !f.refuse && (f.good || p.good || a.good)
					client, err := sshconn.Dial(t.Context(), c)
					if want != (err == nil) {
						t.Fatalf("want login %v, got %v", want, err)
					}
					if err == nil {
						canary.Check(t, client.Warnings())
						_ = client.Close()
						return
					}
					canary.Check(t, err)
					canary.Check(t, c)
					var auth *sshconn.AuthError
					var config *sshconn.ConfigError
					if errors.As(err, &auth) == errors.As(err, &config) || hint(err) == "" {
						t.Errorf("want a refused login or a bad option, with a hint: %v", err)
					}
				})
			}
		}
	}
}

func useAgent(socket string) func(*sshconn.Config) {
	return func(c *sshconn.Config) { c.UseAgent, c.AgentSocket = true, socket }
}

// One attempt a method: a second one with the same password may lock the account.
func TestEachMethodIsTriedOnce(t *testing.T) {
	var mu sync.Mutex
	var attempts []string
	note := func(m string) { mu.Lock(); attempts = append(attempts, m); mu.Unlock() }
	g := open()
	g.Config.MaxAuthTries = -1
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) {
		note("password")
		return nil, errors.New("no")
	}
	g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		for range 3 {
			if _, err := ask("", "", []string{"Password: "}, []bool{false}); err != nil {
				return nil, err
			}
			note("keyboard-interactive")
		}
		return nil, errors.New("no")
	}
	srv := g.Start(t)
	pe := failsIn(t, withPassword(srv), sshconn.PhaseAuthentication, `user "admin" was refused; tried password, keyboard-interactive`, "check username")
	var auth *sshconn.AuthError
	if !errors.As(pe, &auth) {
		t.Errorf("want an AuthError, got %#v", pe.Err)
	}
	if got := strings.Join(attempts, ","); got != "password,keyboard-interactive" {
		t.Errorf("got %s", got)
	}
	if srv.Connections() != 1 {
		t.Errorf("want one connection, got %d", srv.Connections())
	}
}

func TestKeyboardInteractive(t *testing.T) {
	rows := []struct {
		name      string
		questions []string
		echo      bool
		works     bool
	}{
		{"one hidden question", []string{"Password: "}, false, true},
		{"a question that is echoed", []string{"Name: "}, true, false},
		{"two questions", []string{"Password: ", "Code: "}, false, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			g := &sshtest.Go{}
			g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
				if _, err := ask("", "a message without a question", nil, nil); err != nil {
					return nil, err
				}
				a, err := ask("", "", row.questions, slices.Repeat([]bool{row.echo}, len(row.questions)))
				if err != nil || len(a) != 1 || a[0] != password {
					return nil, errors.New("no")
				}
				return nil, nil
			}
			client, err := sshconn.Dial(t.Context(), withPassword(g.Start(t)))
			if row.works != (err == nil) {
				t.Fatalf("want %v, got %v", row.works, err)
			}
			if err == nil {
				_ = client.Close()
			}
		})
	}
}

// Files that are no private keys are refused before anything is sent.
func TestBadKeyFiles(t *testing.T) {
	dir := t.TempDir()
	good, _, pub := keyFile(t, "")
	put := func(name, content string) string {
		sshtest.Write(t, filepath.Join(dir, name), content)
		return filepath.Join(dir, name)
	}
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	rows := []struct{ name, path, cert, err, hint string }{
		{"missing", filepath.Join(dir, "none"), "", "no such file", ""},
		{"directory", dir, "", "not a regular file", ""},
		{"FIFO", fifo, "", "not a regular file", ""},
		{"empty", put("empty", ""), "", "no private key that can be read", "ssh-keygen -y"},
		{"public", put("pub", string(ssh.MarshalAuthorizedKey(pub))), "", "is a public key, and no agent holds", "name the file without .pub"},
		{"PuTTY", put("ppk", "PuTTY-User-Key-File-3: ssh-ed25519\n"), "", "is a PuTTY key", "puttygen"},
		{"truncated", put("cut", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n"), "", "no private key", ""},
		{"nonsense", put("junk", strings.Repeat("\x00\xff", 5000)), "", "no private key", ""},
		{"PKCS8 nonsense", put("p8", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"), "", "no passphrase was given", "private_key_passphrase"},
		{"certificate missing", good, filepath.Join(dir, "none"), "certificate_file: open", ""},
		{"certificate is a key", good, put("pub2", string(ssh.MarshalAuthorizedKey(pub))), "not a certificate", ""},
		{"certificate is nonsense", good, put("junk2", "x"), "is not an OpenSSH certificate", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := sshconn.Config{Host: "127.0.0.1", Port: 1, User: "admin", PrivateKeyFile: row.path, CertificateFile: row.cert}
			_, err := sshconn.Dial(t.Context(), c)
			var config *sshconn.ConfigError
			if !errors.As(err, &config) || !strings.Contains(err.Error(), row.err) || !strings.Contains(hint(err), row.hint) {
				t.Errorf("want %q (%s), got %v (%s)", row.err, row.hint, err, hint(err))
			}
		})
	}
}

// The password of the switch is the switch's: a bastion that asks gets nothing.
func TestBastionGetsNoPassword(t *testing.T) {
	asked := false
	g := &sshtest.Go{}
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { asked = true; return nil, nil }
	bastion, target := g.Start(t), open().Start(t)
	c := withPassword(target)
	c.KnownHosts = append(c.KnownHosts, bastion.KnownHosts)
	c.ProxyJump = fmt.Sprintf("admin@127.0.0.1:%d", bastion.Port)
	_, err := sshconn.Dial(t.Context(), c)
	var config *sshconn.ConfigError
	if !errors.As(err, &config) || config.Option != "proxy_jump" || asked {
		t.Errorf("want proxy_jump refused and nothing asked, got %v, asked %v", err, asked)
	}
}

// The longest name that DNS knows is one.
func TestHostOf253Letters(t *testing.T) {
	asked := ""
	c := sshconn.Config{Host: strings.Repeat("a", 253), User: "admin", Password: password}
	c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
		asked = address
		return nil, errors.New("not here")
	}
	if _, err := sshconn.Dial(t.Context(), c); !strings.HasPrefix(asked, c.Host+":") {
		t.Errorf("asked %q: %v", asked, err)
	}
}

func TestBadOptions(t *testing.T) {
	good := sshconn.Config{Host: "192.0.2.1", User: "admin", Password: password,
		Dial: nil}
	rows := []struct {
		name string
		set  func(*sshconn.Config)
		err  string
	}{
		{"no host", func(c *sshconn.Config) { c.Host = "" }, "host: want a name or an address"},
		{"host with space", func(c *sshconn.Config) { c.Host = "sw 1" }, "host: "},
		{"host with a dash", func(c *sshconn.Config) { c.Host = "-oProxyCommand=x" }, "host: "},
		{"host with shell", func(c *sshconn.Config) { c.Host = "$(id)" }, "host: "},
		{"host with line feed", func(c *sshconn.Config) { c.Host = "sw1\nsw2" }, "host: "},
		{"host of 254 letters", func(c *sshconn.Config) { c.Host = strings.Repeat("a", 254) }, "host: want at most 253 letters, got 254"},
		{"host of 300 letters", func(c *sshconn.Config) { c.Host = strings.Repeat("a", 300) }, "host: want at most 253"},
		{"host with port", func(c *sshconn.Config) { c.Host = "sw1:830" }, "the port is a separate option"},
		{"half a bracket", func(c *sshconn.Config) { c.Host = "[::1" }, "want a ]"},
		{"zone with shell", func(c *sshconn.Config) { c.Host = "fe80::1%$(id)" }, "is not a zone"},
		{"port too high", func(c *sshconn.Config) { c.Port = 65536 }, "want 1 to 65535"},
		{"port negative", func(c *sshconn.Config) { c.Port = -1 }, "want 1 to 65535"},
		{"no user", func(c *sshconn.Config) { c.User = "" }, "username: want a user name"},
		{"user with line feed", func(c *sshconn.Config) { c.User = "a\nb" }, "want no control characters"},
		{"user that reads backwards", func(c *sshconn.Config) { c.User = "a\u202eb" }, "want no control characters"},
		{"user of blanks", func(c *sshconn.Config) { c.User = "  " }, "want a name, got blanks"},
		{"algorithms", func(c *sshconn.Config) { c.Algorithms = "best" }, "algorithms: want modern, default or legacy"},
		{"host_key", func(c *sshconn.Config) { c.HostKey = "yes" }, "host_key: want strict"},
		{"MD5 fingerprint", func(c *sshconn.Config) { c.HostKeyFingerprints = []string{"MD5:00:11"} }, "host_key_fingerprint: want SHA256:"},
		{"short fingerprint", func(c *sshconn.Config) { c.HostKeyFingerprints = []string{"SHA256:abc"} }, "host_key_fingerprint: want SHA256:"},
		{"both proxies", func(c *sshconn.Config) { c.ProxyJump, c.ProxyCommand = "b", "nc" }, "got both"},
		{"jump with path", func(c *sshconn.Config) { c.ProxyJump = "b/x" }, `proxy_jump: host: "b/x": want letters`},
		{"jump with password", func(c *sshconn.Config) { c.ProxyJump = "u:p@b" }, "want no password"},
		{"jump empty element", func(c *sshconn.Config) { c.ProxyJump = "b,,c" }, "proxy_jump: "},
		{"jump port", func(c *sshconn.Config) { c.ProxyJump = "b:99999" }, "want a port"},
		{"nine jumps", func(c *sshconn.Config) { c.ProxyJump = strings.Repeat("b,", 8) + "b" }, "at most 8"},
		{"proxy token", func(c *sshconn.Config) { c.ProxyCommand = "nc %x" }, "%x (byte 4) is not understood"},
		{"user for a shell", func(c *sshconn.Config) { c.ProxyCommand, c.User = "nc %r", "a;b" }, "a shell could misread"},
		{"known_hosts missing", func(c *sshconn.Config) { c.KnownHosts = []string{"/does/not/exist"} }, "known_hosts: open"},
		{"known_hosts cannot be read", func(c *sshconn.Config) { c.KnownHosts = []string{"/proc/self/mem"} }, "known_hosts: read /proc/self/mem"},
		{"known_hosts is a directory", func(c *sshconn.Config) { c.KnownHosts = []string{os.TempDir()} }, "not a regular file"},
		{"ssh_config missing", func(c *sshconn.Config) { c.SSHConfig = "/does/not/exist" }, "ssh_config: open"},
		{"nothing to log in with", func(c *sshconn.Config) { c.Password = "" }, "no way to log in"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := good
			row.set(&c)
			_, err := sshconn.Dial(t.Context(), c)
			var config *sshconn.ConfigError
			if !errors.As(err, &config) || !strings.Contains(err.Error(), row.err) {
				t.Errorf("want %q, got %v", row.err, err)
			}
		})
	}
}

// An agent that does not answer costs no more than the deadline, whether it is
// asked for keys or for a signature.
func TestStuckAgentEndsInTime(t *testing.T) {
	leaktest.Check(t)
	_, key, pub := keyFile(t, "")
	g := open()
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	srv := g.Start(t)
	for _, lists := range []bool{false, true} {
		dir, err := os.MkdirTemp("", "ag")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("unix", filepath.Join(dir, "s"))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			if lists {
				_ = agent.ServeAgent(stuck{agent.NewKeyring(), key, pub, c}, c)
			}
			stay(c)
		})
		c := withPassword(srv)
		c.Password, c.UseAgent, c.AgentSocket, c.ConnectTimeout = "", true, l.Addr().String(), 300*time.Millisecond
		if lists {
			failsIn(t, c, sshconn.PhaseAuthentication, "no answer within 0.3 s", "")
		} else if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "timeout") {
			t.Errorf("want the agent's silence in the error, got %v", err)
		}
		_ = l.Close()
		all.Wait()
		_ = os.RemoveAll(dir)
	}
}

// stuck is an agent that has a key and does not sign with it.
type stuck struct {
	agent.Agent
	key  ed25519.PrivateKey
	pub  ssh.PublicKey
	conn net.Conn
}

func (s stuck) List() ([]*agent.Key, error) {
	return []*agent.Key{{Format: s.pub.Type(), Blob: s.pub.Marshal()}}, nil
}

func (s stuck) Sign(ssh.PublicKey, []byte) (*ssh.Signature, error) {
	stay(s.conn) // until the client hangs up
	return nil, errors.New("too late")
}
