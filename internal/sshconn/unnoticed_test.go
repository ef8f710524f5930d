// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A link that is lost while a request on a channel is open is no refusal of it.
func TestLinkLostWhileARequestIsOpen(t *testing.T) {
	g := open()
	g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		_, in, err := (<-chans).Accept()
		if err != nil {
			return
		}
		<-in
		_ = sc.Close()
	}
	_, err := dial(t, withPassword(g.Start(t))).Subsystem(t.Context(), "netconf")
	if err == nil || errors.As(err, new(*sshconn.ChannelError)) || !strings.Contains(err.Error(), "after the login the server closed the connection") {
		t.Errorf("got %v", err)
	}
}

// Who closes a connection while a channel is opened is not told that the server did.
func TestClosedWhileAChannelIsOpened(t *testing.T) {
	g, asked := open(), make(chan struct{})
	g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		<-chans
		close(asked)
		_ = sc.Wait()
	}
	client := dial(t, withPassword(g.Start(t)))
	go func() { // ends with the question, or with the test's server
		<-asked
		_ = client.Close()
	}()
	if _, err := client.Subsystem(t.Context(), "netconf"); !errors.Is(err, sshconn.ErrClosed) || strings.Contains(err.Error(), "the server closed") {
		t.Errorf("got %v", err)
	}
}

// How a program has ended stands behind what it complained about; other requests
// do not.
func TestExitStatus(t *testing.T) {
	for _, row := range []struct {
		request string
		payload []byte
		want    string
	}{
		{"exit-status", []byte{0, 0, 1, 3}, "oops (exit status 259)"},
		{"exit-status", []byte{0, 3}, "oops"},
		{"exit-signal", []byte{0, 0, 0, 3}, "oops"},
	} {
		g := open()
		g.Handle = func(ch ssh.Channel) {
			_, _ = io.WriteString(ch.Stderr(), " oops\n")
			_, _ = ch.SendRequest(row.request, false, row.payload)
		}
		s, err := dial(t, withPassword(g.Start(t))).Exec(t.Context(), "x")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(s); err != nil {
			t.Fatal(err)
		}
		if got := s.Stderr(); got != row.want {
			t.Errorf("%s %v: want %q, got %q", row.request, row.payload, row.want, got)
		}
	}
}

// While a login waited for the lock, another one has added a key of another type:
// the host is not new any more.
func TestAcceptNewIsOvertaken(t *testing.T) {
	known := filepath.Join(t.TempDir(), "known_hosts")
	_, line := twoKeys(t)
	for name, row := range map[string]struct{ added, err string }{
		"another type": {"127.0.0.1 " + strings.SplitN(line["ecdsa"], " ", 2)[1] + "\n", "not the known one"},
		"another key":  {"127.0.0.1 " + otherKey(t), "not the known one"},
		"another host": {"192.0.2.1 " + otherKey(t), ""},
		"the same":     {"OWN", ""},
	} {
		g := open()
		var own noted
		g.Wire = func(net.Conn) { // known_hosts was read before
			if err := os.WriteFile(known, []byte(strings.ReplaceAll(row.added, "OWN", strings.Join(own.take(), ""))), 0o600); err != nil {
				t.Error(err)
			}
		}
		srv := g.Start(t)
		own.add(sshtest.Read(t, srv.KnownHosts))
		c := withPassword(srv)
		c.HostKey, c.KnownHosts = sshconn.AcceptNew, []string{known}
		sshtest.Write(t, known, "")
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
		lines := strings.Count(sshtest.Read(t, known), "\n")
		if err == nil {
			if want := map[string]int{"another host": 2, "the same": 1}[name]; lines != want {
				t.Errorf("%s: want %d lines, got %d", name, want, lines)
			}
			_ = client.Close()
		} else if lines != 1 {
			t.Errorf("%s: a line was added all the same", name)
		}
	}
}

// A new line goes to the end, with no empty line before it.
func TestAcceptNewWritesWholeLines(t *testing.T) {
	srv := open().Start(t)
	key := strings.TrimSpace(strings.SplitN(sshtest.Read(t, srv.KnownHosts), " ", 2)[1])
	line := fmt.Sprintf("[127.0.0.1]:%d %s\n", srv.Port, key)
	for before, want := range map[string]string{"": line, "# mine\n": "# mine\n" + line, "# mine": "# mine\n" + line} {
		c := withPassword(srv)
		c.HostKey, c.KnownHosts = sshconn.AcceptNew, []string{filepath.Join(t.TempDir(), "known_hosts")}
		sshtest.Write(t, c.KnownHosts[0], before)
		dial(t, c)
		if got := sshtest.Read(t, c.KnownHosts[0]); got != want {
			t.Errorf("%q: want %q, got %q", before, want, got)
		}
	}
}

// Included files count, relative ones from ~/.ssh, and those that are absent do not.
func TestIncludedFiles(t *testing.T) {
	for include, want := range map[string]string{
		"Include part":           "part:1",
		"Include ~/.ssh/par?":    "part:1",
		"Include FOLDER/whole":   "whole:1",
		"Include absent* part":   "part:1",
		"Include absent":         "127.0.0.1:",
		"Include FOLDER/whole/x": "127.0.0.1:",
		"Include folder":         "127.0.0.1:",
		"Include [":              "127.0.0.1:",
	} {
		srv := open().Start(t)
		c := configured(t, srv, include)
		home := filepath.Join(srv.Dir, ".ssh")
		if err := os.MkdirAll(filepath.Join(home, "folder"), 0o700); err != nil {
			t.Fatal(err)
		}
		sshtest.Write(t, filepath.Join(home, "part"), "HostName part\nPort 1\n")
		sshtest.Write(t, filepath.Join(srv.Dir, "whole"), "HostName whole\n")
		asked := ""
		c.Port = 0
		if strings.Contains(want, "whole") || !strings.Contains(want, "part") {
			c.Port = 1
		}
		c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
			asked = address
			return nil, errors.New("not here")
		}
		_, err := sshconn.Dial(t.Context(), c)
		if err == nil || !strings.Contains(asked+err.Error(), want) {
			t.Errorf("%s: want %s, got %s, %v", include, want, asked, err)
		}
	}
}

// Tokens that are not understood are an error in each of the lists of files.
func TestPathsThatCannotBeRead(t *testing.T) {
	for _, key := range []string{"UserKnownHostsFile", "GlobalKnownHostsFile", "IdentityFile", "CertificateFile", "IdentityAgent"} {
		_, err := sshconn.Dial(t.Context(), configured(t, open().Start(t), key+" /k/%q"))
		var config *sshconn.ConfigError
		if !errors.As(err, &config) || err.Error() != "ssh_config: "+key+": %q (byte 4) is not understood here" {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

// The option modern leaves out what is merely old.
func TestModernLeavesOutWhatIsOld(t *testing.T) {
	for name, set := range map[string]func(*ssh.Config){
		"a short group":       func(c *ssh.Config) { c.KeyExchanges = []string{ssh.KeyExchangeDH14SHA256} },
		"a group of choice":   func(c *ssh.Config) { c.KeyExchanges = []string{ssh.KeyExchangeDHGEXSHA256} },
		"SHA-1":               func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES128CTR}, []string{ssh.HMACSHA1} },
		"MAC, then encrypt":   func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES128CTR}, []string{ssh.HMACSHA256} },
		"MAC, then encrypt 2": func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES256CTR}, []string{ssh.HMACSHA512} },
	} {
		g := open()
		set(&g.Config.Config)
		c := withPassword(g.Start(t))
		dial(t, c)
		c.Algorithms = "modern"
		failsIn(t, c, sshconn.PhaseKeyExchange, "no common algorithm", "set algorithms: default")
		t.Log(name)
	}
}

// certified writes a certificate for a key, valid between two times from now.
func certified(t *testing.T, path string, key ssh.PublicKey, from, to time.Duration) {
	t.Helper()
	_, ca, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	cert := &ssh.Certificate{Key: key, CertType: ssh.UserCert, KeyId: "id", ValidPrincipals: []string{"admin"},
		ValidAfter: uint64(now.Add(from).Unix()), ValidBefore: uint64(now.Add(to).Unix())}
	if to == 0 {
		cert.ValidBefore = ssh.CertTimeInfinity
	}
	if err := cert.SignCert(rand.Reader, signer(t, ca)); err != nil {
		t.Fatal(err)
	}
	sshtest.Write(t, path, string(ssh.MarshalAuthorizedKey(cert)))
}

// A certificate beside the key is offered first, also when its time seems wrong:
// the clock that counts is the server's. If it is refused, its time is told.
func TestCertificateBesideTheKey(t *testing.T) {
	for _, row := range []struct {
		from, to time.Duration
		problem  string
	}{
		{-time.Hour, time.Hour, ""},
		{-time.Hour, 0, ""},
		{0, time.Hour, ""}, // from this second on
		{-time.Hour, time.Nanosecond, "key-cert.pub expired at "},
		{-2 * time.Hour, -time.Hour, "key-cert.pub expired at "},
		{time.Hour, 2 * time.Hour, "key-cert.pub is not valid before "},
	} {
		path, _, pub := keyFile(t, "")
		certified(t, path+"-cert.pub", pub, row.from, row.to)
		var shown noted
		g := &sshtest.Go{}
		g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
			shown.add(k.Type())
			return nil, errors.New("no")
		}
		c := withPassword(g.Start(t))
		c.Password, c.PrivateKeyFile = "", path
		pe := failsIn(t, c, sshconn.PhaseAuthentication, row.problem, "")
		if got := fmt.Sprint(shown.take()); got != "[ssh-ed25519-cert-v01@openssh.com ssh-ed25519]" {
			t.Errorf("shown %s", got)
		}
		if row.problem == "" && (strings.Contains(pe.Error(), "expired") || strings.Contains(pe.Error(), "valid before")) {
			t.Errorf("got %v", pe)
		}
	}
}

// PubkeyAcceptedAlgorithms tells a certificate from its key.
func TestAlgorithmsOfCertificates(t *testing.T) {
	for _, algorithm := range []string{"ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519"} {
		path, _, pub := keyFile(t, "")
		certified(t, path+"-cert.pub", pub, -time.Hour, time.Hour)
		var shown noted
		g := &sshtest.Go{}
		g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
			shown.add(k.Type())
			return nil, errors.New("no")
		}
		c := configured(t, g.Start(t), "PubkeyAcceptedAlgorithms "+algorithm)
		c.Password, c.PrivateKeyFile = "", path
		failsIn(t, c, sshconn.PhaseAuthentication, "", "")
		if got := fmt.Sprint(shown.take()); got != "["+algorithm+"]" {
			t.Errorf("%s: shown %s", algorithm, got)
		}
	}
}

// An agent of many keys costs no more than four logins, of five keys each; the
// password has its place in the last.
func TestAtMostFourLogins(t *testing.T) {
	var keys []ed25519.PrivateKey
	for range 22 {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	var offered, passwords atomic.Int32
	g := &sshtest.Go{}
	g.Config.MaxAuthTries = -1
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
		offered.Add(1)
		return nil, errors.New("no")
	}
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) {
		passwords.Add(1)
		return nil, errors.New("no")
	}
	srv := g.Start(t)
	c := withPassword(srv)
	c.UseAgent, c.AgentSocket = true, serveAgent(t, keys...)
	failsIn(t, c, sshconn.PhaseAuthentication, "was refused; tried publickey (agent ", "")
	if srv.Connections() != 4 || offered.Load() != 20 || passwords.Load() != 1 {
		t.Errorf("%d connections, %d keys, %d passwords", srv.Connections(), offered.Load(), passwords.Load())
	}
}

// A key that cannot be written down is not accepted.
func TestAcceptNewCannotWrite(t *testing.T) {
	c := withPassword(open().Start(t))
	c.HostKey, c.KnownHosts = sshconn.AcceptNew, []string{"/proc/none/known_hosts"}
	failsIn(t, c, sshconn.PhaseHostKey, "/proc/none/known_hosts: add it to /proc/none/known_hosts: mkdir /proc/none: no such file", "")
	c.KnownHosts, c.Home = nil, t.TempDir()
	c.SSHConfig = filepath.Join(c.Home, "config")
	sshtest.Write(t, c.SSHConfig, "UserKnownHostsFile none\nGlobalKnownHostsFile none\n")
	pe := failsIn(t, c, sshconn.PhaseHostKey, "host key: not known: the server shows ssh-ed25519 SHA256:", "add the key to known_hosts")
	if strings.Contains(pe.Error(), "no line for") {
		t.Errorf("no file was looked into: %v", pe)
	}
}
