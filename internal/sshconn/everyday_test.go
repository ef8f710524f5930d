// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// What ssh_config files of real people hold, in the spellings of OpenSSH.
func TestSSHConfigOfEveryday(t *testing.T) {
	srv := open().Start(t)
	for _, row := range []struct {
		line, policy, err string
	}{
		{"ServerAliveInterval 0", "", ""},
		{"ServerAliveInterval 0\nServerAliveCountMax 3", "", ""},
		{"ProxyJump None\nProxyCommand NONE", "", ""},
		{"StrictHostKeyChecking Yes", "insecure", "contradicts host_key: insecure"},
		{"StrictHostKeyChecking true", "accept_new", "contradicts host_key: accept_new"},
		{"UserKnownHostsFile /dev/null\nGlobalKnownHostsFile None", "", "host key: not known"},
		{"IdentityFile '" + filepath.Join(srv.Dir, "my key") + "'", "", ""},
	} {
		c := withPassword(srv)
		c.KeepAliveInterval, c.Home, c.HostKey = 0, srv.Dir, sshconn.HostKeyPolicy(row.policy)
		if strings.Contains(row.line, "KnownHosts") {
			c.KnownHosts = nil
		}
		c.SSHConfig = filepath.Join(srv.Dir, "config")
		sshtest.Write(t, c.SSHConfig, row.line+"\n")
		client, err := sshconn.Dial(t.Context(), c)
		if (row.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: want %q, got %v", row.line, row.err, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}

// An IdentityFile that is not there is no error, but explains one.
func TestMissingIdentityFileIsNamed(t *testing.T) {
	srv := open().Start(t)
	c := withPassword(srv)
	c.Password, c.SSHConfig = canary.Wrong, filepath.Join(srv.Dir, "config")
	missing := filepath.Join(srv.Dir, "my key")
	sshtest.Write(t, c.SSHConfig, "IdentityFile '"+missing+"'\n")
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "IdentityFile: open "+missing+": no such file") {
		t.Errorf("got %v", err)
	}
}

// Jump hosts as ssh -J takes them.
func TestJumpHostSpellings(t *testing.T) {
	for spec, want := range map[string]string{
		"[fe80::1%lo]:1":                  "[fe80::1%lo]:1: connect",
		`CORP\me@127.0.0.1:1`:             "127.0.0.1:1: connect",
		"me@corp@127.0.0.1:1":             "127.0.0.1:1: connect",
		"ssh://me@127.0.0.1:1/":           "127.0.0.1:1: connect",
		"@127.0.0.1":                      "want [user@]host[:port]",
		"127.0.0.1:1/":                    "want a port from 1 to 65535",
		"127.0.0.1/":                      "want letters",
		"ssh://127.0.0.1:1/x":             "want a port from 1 to 65535",
		"::1":                             "want a name or an address",
		"me:" + canary.Wrong + "@b":       "want no password",
		"me:" + canary.Wrong + "%zz/@b:1": "want no password",
	} {
		key, _, _ := keyFile(t, "")
		_, err := sshconn.Dial(t.Context(), sshconn.Config{Host: "127.0.0.1", Port: 2, User: "u", PrivateKeyFile: key, Home: t.TempDir(), ProxyJump: spec})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", spec, want, err)
		}
		canary.Check(t, err)
	}
}

// A private key with its public key in the same file is a private key.
func TestPrivateAndPublicKeyInOneFile(t *testing.T) {
	path, _, pub := keyFile(t, "")
	sshtest.Write(t, path, sshtest.Read(t, path)+string(ssh.MarshalAuthorizedKey(pub)))
	g := &sshtest.Go{Accept: func(string) bool { return true }}
	g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	c := withPassword(g.Start(t))
	c.Password, c.PrivateKeyFile = "", path
	dial(t, c)
}

// The fingerprint of a certificate is that of its key, which is what ssh-keygen
// shows and a pin holds; and what is wrong with its time is said.
func TestRealCertificateThatIsOver(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	ca := sshtest.Keygen(t, filepath.Join(srv.Dir, "ca"), "-t", "ed25519")
	srv.Authorize(t, ca+".pub", "cert-authority ")
	c := to(srv)
	c.PrivateKeyFile = sshtest.Keygen(t, filepath.Join(srv.Dir, "key"), "-t", "ed25519")
	print := strings.Fields(sshtest.Run(t, "ssh-keygen", "-l", "-f", c.PrivateKeyFile))[1]
	for validity, want := range map[string]string{
		"20200101Z:20210101Z": "key-cert.pub expired at 2021-01-01 00:00:00 UTC",
		"20900101Z:20910101Z": "key-cert.pub is not valid before 2090-01-01 00:00:00 UTC",
	} {
		sshtest.Run(t, "ssh-keygen", "-q", "-s", ca, "-I", "id", "-n", srv.User, "-V", validity, c.PrivateKeyFile+".pub")
		_, err := sshconn.Dial(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "key-cert.pub "+print+")") {
			t.Errorf("want %q and %s, got %v", want, print, err)
		}
	}
}

// What a program of the operator is started with holds no password of ours.
func TestProxyCommandSeesNoPassword(t *testing.T) {
	for _, name := range []string{"VCHASSIS_PASSWORD", "VCHASSIS_PRIVATE_KEY_PASSPHRASE", "VCHASSIS_ROOT_PASSWORD", "ANSIBLE_NET_PASSWORD"} {
		t.Setenv(name, canary.Password)
	}
	t.Setenv("SSHPASS", "stays")
	dir := t.TempDir()
	c := sshconn.Config{Host: "sw1", User: "admin", Password: password, Home: dir, ProxyCommand: fmt.Sprintf("env > '%s/env'", dir)}
	if _, err := sshconn.Dial(t.Context(), c); err == nil {
		t.Fatal("want an error")
	}
	env, err := os.ReadFile(filepath.Join(dir, "env"))
	if err != nil || strings.Contains(string(env), canary.Password) || !strings.Contains(string(env), "SSHPASS=stays") {
		t.Errorf("%v\n%s", err, env)
	}
}

// A program that fails has met no limit of the switch: to wait for its minute would not
// help. One that ends well may have been hung up on.
func TestProxyCommandThatFailsIsNotTurnedAway(t *testing.T) {
	for command, want := range map[string]bool{"false": false, "no-such-program-of-ours": false, "sh -c 'kill -9 $$'": false, "true": true} {
		_, err := sshconn.Dial(t.Context(), sshconn.Config{Host: "sw1", User: "admin", Password: password, Home: t.TempDir(), ProxyCommand: command})
		if err == nil || sshconn.IsTurnedAway(err) != want {
			t.Errorf("%s: want turned away %t: %v", command, want, err)
		}
	}
}

// The other side goes away while a channel is opened.
func TestHungUpWhileAChannelIsOpened(t *testing.T) {
	g := open()
	g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		<-chans
		_ = sc.Close()
	}
	_, err := dial(t, withPassword(g.Start(t))).Subsystem(t.Context(), "netconf")
	var phase *sshconn.PhaseError
	if !errors.As(err, &phase) || !strings.HasSuffix(err.Error(), "channel: after the login the server closed the connection: unexpected EOF") || hint(err) == "" {
		t.Errorf("got %v (%s)", err, hint(err))
	}
}

// A switch may exchange keys anew every few kilobytes. A key that was accepted at
// the login needs no file and no lock then.
func TestKeyExchangeAnewAfterAcceptNew(t *testing.T) {
	g := open()
	g.Config.RekeyThreshold = 256
	g.Handle = func(ch ssh.Channel) { _, _ = io.Copy(ch, ch) }
	c := withPassword(g.Start(t))
	c.KnownHosts, c.HostKey = []string{filepath.Join(t.TempDir(), "known_hosts")}, sshconn.AcceptNew
	client := dial(t, c)
	lock, err := os.Open(c.KnownHosts[0])
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	s, err := client.Subsystem(t.Context(), "netconf")
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1024)
	for i := range 5 {
		if _, err := s.Write(block); err != nil {
			t.Fatal(i, err)
		}
		if _, err := io.ReadFull(s, block); err != nil {
			t.Fatal(i, err)
		}
	}
	_ = s.Close()
}

func TestReadableKeyIsAWarning(t *testing.T) {
	path, _, _ := keyFile(t, "")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	c := withPassword(open().Start(t))
	c.PrivateKeyFile = path
	w := fmt.Sprint(dial(t, c).Warnings())
	if !strings.Contains(w, "can be read by others (mode 0644)") {
		t.Errorf("got %s", w)
	}
}
