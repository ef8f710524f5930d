// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A server that ends a connection after fewer keys than we offer: what it has
// not seen comes next, and the error names only what was sent.
func TestRealServerStopsAfterThreeKeys(t *testing.T) {
	srv := sshtest.OpenSSH(t, "MaxAuthTries 3")
	keys := sixWrongThenRight(t, srv)
	c := to(srv)
	c.UseAgent = true
	t.Run("the right one is the fourth", func(t *testing.T) {
		c.AgentSocket = startAgent(t, append(keys[:3:3], keys[6], keys[4])...)
		works(t, c)
	})
	t.Run("none is right", func(t *testing.T) {
		c.AgentSocket = startAgent(t, keys[:4]...)
		before := srv.Connections()
		_, err := sshconn.Dial(t.Context(), c)
		if err == nil || strings.Count(err.Error(), "publickey (agent SHA256:") != 4 {
			t.Errorf("want each key named once, got %v", err)
		}
		if n := srv.Connections() - before; n != 2 {
			t.Errorf("want two connections, got %d", n)
		}
	})
}

// The password comes after the keys, and is sent once, wherever a server ends
// the connection.
func TestPasswordAfterTheServerHasHadEnough(t *testing.T) {
	for _, tries := range []int{1, 2, 3, 4, 6} {
		for _, pass := range []string{canary.Password, canary.Wrong} {
			var sent atomic.Int32
			g := &sshtest.Go{Config: ssh.ServerConfig{MaxAuthTries: tries}}
			g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, errors.New("no") }
			g.Config.PasswordCallback = func(_ ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
				sent.Add(1)
				return sshtest.Password(password)(nil, p)
			}
			c := withPassword(g.Start(t))
			c.Password = password
			if pass == canary.Wrong {
				c.Password = canary.Wrong
			}
			_, one, _ := keyFile(t, "")
			_, two, _ := keyFile(t, "")
			useAgent(serveAgent(t, one, two))(&c)
			client, err := sshconn.Dial(t.Context(), c)
			if (err == nil) != (pass == canary.Password) || sent.Load() != 1 {
				t.Errorf("%d tries, %s: the password was sent %d times: %v", tries, pass, sent.Load(), err)
			}
			if err == nil {
				_ = client.Close()
			}
		}
	}
}

// An agent may refuse to sign: it asks its owner, a token is not there. That key
// is passed over, and the error says what no server knows.
func TestRealAgentRefusesToSign(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	asks := sshtest.Keygen(t, filepath.Join(srv.Dir, "asks"), "-t", "ed25519")
	good := sshtest.Keygen(t, filepath.Join(srv.Dir, "good"), "-t", "rsa")
	srv.Authorize(t, asks+".pub", "")
	srv.Authorize(t, good+".pub", "")
	t.Setenv("SSH_ASKPASS", "/bin/false")
	t.Setenv("DISPLAY", "")
	socket := startAgent(t)
	if out, err := exec.Command("ssh-add", "-q", "-c", asks).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := to(srv)
	c.UseAgent, c.AgentSocket = true, socket
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "agent could not sign with SHA256:") {
		t.Errorf("want the agent named, got %v", err)
	}
	sshtest.Run(t, "ssh-add", "-q", good)
	before := srv.Connections()
	works(t, c)
	if n := srv.Connections() - before; n != 1 {
		t.Errorf("want the next key on the same connection, got %d connections", n)
	}
}

// Why a login ended is said, if it was no plain refusal.
func TestRefusedLoginSaysWhy(t *testing.T) {
	g := &sshtest.Go{}
	g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		_, err := ask("", "", []string{"Password: ", "Code: "}, []bool{false, false})
		return nil, errors.Join(errors.New("no"), err)
	}
	_, err := sshconn.Dial(t.Context(), withPassword(g.Start(t)))
	if err == nil || !strings.Contains(err.Error(), `; the server asks for a one-time code: "Password: Code:"`) {
		t.Errorf("got %v", err)
	}
}

// A server that resets the connection has refused what it was shown last.
func TestServerResetsInsteadOfRefusing(t *testing.T) {
	leaktest.Check(t)
	g := &sshtest.Go{}
	g.Wire = func(conn net.Conn) {
		_ = conn.(*net.TCPConn).SetLinger(0)
	}
	g.Config.PublicKeyCallback = func(m ssh.ConnMetadata, _ ssh.PublicKey) (*ssh.Permissions, error) {
		return nil, m.(io.Closer).Close()
	}
	c := withPassword(g.Start(t))
	c.Password = ""
	c.PrivateKeyFile, _, _ = keyFile(t, "")
	_, err := sshconn.Dial(t.Context(), c)
	var auth *sshconn.AuthError
	if !errors.As(err, &auth) || !strings.Contains(err.Error(), "tried publickey") || !strings.Contains(err.Error(), "the server closed the connection") {
		t.Errorf("got %v", err)
	}
}

// An RSA key signs with SHA-1 only when legacy algorithms are asked for.
func TestSHA1SignaturesAreLegacy(t *testing.T) {
	key := sshtest.Keygen(t, filepath.Join(t.TempDir(), "user"), "-t", "rsa", "-b", "2048")
	for set, good := range map[string]bool{"modern": false, "default": false, "legacy": true} {
		g := open()
		g.Config.PublicKeyAuthAlgorithms = []string{ssh.KeyAlgoRSA}
		g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
		srv := g.Start(t)
		c := withPassword(srv)
		c.Password, c.Algorithms = "", set
		c.PrivateKeyFile = key
		client, err := sshconn.Dial(t.Context(), c)
		if (err == nil) != good {
			t.Errorf("%s: %v", set, err)
		}
		if err == nil {
			_ = client.Close()
		} else if !strings.Contains(err.Error(), "no common public key signature algorithm") {
			t.Errorf("%s: the error does not say why: %v", set, err)
		}
	}
}

// Modern leaves out what has no known weakness and is not the best: each of these is
// taken by default, and refused where modern is asked for.
func TestModernIsLessThanTheDefault(t *testing.T) {
	for name, only := range map[string]ssh.Config{
		ssh.KeyExchangeDH14SHA256:  {KeyExchanges: []string{ssh.KeyExchangeDH14SHA256}},
		ssh.KeyExchangeDHGEXSHA256: {KeyExchanges: []string{ssh.KeyExchangeDHGEXSHA256}},
		ssh.HMACSHA1:               {Ciphers: []string{ssh.CipherAES256CTR}, MACs: []string{ssh.HMACSHA1}},
		ssh.HMACSHA256:             {Ciphers: []string{ssh.CipherAES256CTR}, MACs: []string{ssh.HMACSHA256}},
		ssh.HMACSHA512:             {Ciphers: []string{ssh.CipherAES256CTR}, MACs: []string{ssh.HMACSHA512}},
	} {
		for set, good := range map[string]bool{"modern": false, "default": true} {
			g := open()
			g.Config.Config = only
			c := withPassword(g.Start(t))
			c.Algorithms = set
			client, err := sshconn.Dial(t.Context(), c)
			if (err == nil) != good {
				t.Errorf("%s, which is all that the server knows, and algorithms %s: %v", name, set, err)
			}
			if err == nil {
				_ = client.Close()
			}
		}
	}
}
