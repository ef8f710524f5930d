// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// to returns how to reach a server without credentials.
func to(srv *sshtest.Server) sshconn.Config {
	return sshconn.Config{Host: srv.Host, Port: srv.Port, User: srv.User, KnownHosts: []string{srv.KnownHosts},
		Home: srv.Dir, ConnectTimeout: 20 * time.Second}
}

// withKey adds a new key that may log in.
func withKey(t *testing.T, srv *sshtest.Server, args ...string) sshconn.Config {
	t.Helper()
	if len(args) == 0 {
		args = []string{"-t", "ed25519"}
	}
	c := to(srv)
	c.PrivateKeyFile = sshtest.Keygen(t, filepath.Join(srv.Dir, "login"), args...)
	srv.Authorize(t, c.PrivateKeyFile+".pub", "")
	return c
}

// works logs in and runs a command.
func works(t *testing.T, c sshconn.Config) *sshconn.Client {
	t.Helper()
	client, err := sshconn.Dial(t.Context(), c)
	if err != nil {
		t.Fatalf("%v (%s)", err, hint(err))
	}
	t.Cleanup(func() { _ = client.Close() })
	s, err := client.Exec(t.Context(), "echo works; echo complaint >&2")
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(s)
	if err != nil || string(out) != "works\n" {
		t.Fatalf("got %q, %v", out, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return client
}

func hint(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// Every format that ssh-keygen writes, with and without a passphrase.
func TestRealKeyFormats(t *testing.T) {
	t.Parallel()
	srv := sshtest.OpenSSH(t)
	for _, kind := range [][]string{
		{"-t", "ed25519"}, {"-t", "ecdsa", "-b", "256"}, {"-t", "ecdsa", "-b", "384"}, {"-t", "ecdsa", "-b", "521"}, {"-t", "rsa", "-b", "2048"},
	} {
		for _, format := range []string{"", "PEM", "PKCS8"} {
			for _, phrase := range []string{"", canary.Passphrase} {
				if kind[1] == "ed25519" && format == "PEM" {
					continue // ssh-keygen has no such format
				}
				t.Run(strings.Join(kind[1:], "")+format+map[bool]string{true: " encrypted"}[phrase != ""], func(t *testing.T) {
					args := append([]string{"-N", phrase}, kind...)
					if format != "" {
						args = append(args, "-m", format)
					}
					c := to(srv)
					c.PrivateKeyFile = sshtest.Keygen(t, filepath.Join(t.TempDir(), "login"), args...)
					srv.Authorize(t, c.PrivateKeyFile+".pub", "")
					c.PrivateKeyPassphrase = secret.String(phrase)
					works(t, c)
				})
			}
		}
	}
}

func TestRealUserCertificate(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	ca := sshtest.Keygen(t, filepath.Join(srv.Dir, "ca"), "-t", "ed25519")
	for kind, bits := range map[string]string{"ed25519": "256", "ecdsa": "256", "rsa": "2048"} {
		key := sshtest.Keygen(t, filepath.Join(srv.Dir, "user_"+kind), "-t", kind, "-b", bits)
		sshtest.Run(t, "ssh-keygen", "-q", "-s", ca, "-I", "id", "-n", srv.User, key+".pub")
	}
	srv.Authorize(t, ca+".pub", "cert-authority ")
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		t.Run(kind, func(t *testing.T) {
			c := to(srv)
			c.PrivateKeyFile = filepath.Join(srv.Dir, "user_"+kind)
			works(t, c) // found beside the key
			c.CertificateFile = c.PrivateKeyFile + "-cert.pub"
			works(t, c)
			if !strings.Contains(srv.Log(), "CA ED25519") {
				t.Error("the server saw no certificate")
			}
		})
	}
}

// startAgent runs the real ssh-agent with these keys, in this order.
func startAgent(t *testing.T, keys ...string) (socket string) {
	t.Helper()
	sshtest.Need(t, "ssh-agent", "ssh-add")
	dir, err := os.MkdirTemp("", "ag")
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "s")
	cmd := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); _ = os.RemoveAll(dir) })
	for deadline := time.Now().Add(30 * time.Second); ; {
		if c, err := net.Dial("unix", socket); err == nil {
			_ = c.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("ssh-agent does not listen")
		}
		time.Sleep(5 * time.Millisecond) // poll; the agent tells nobody that it is ready
	}
	t.Setenv("SSH_AUTH_SOCK", socket)
	for _, k := range keys {
		sshtest.Run(t, "ssh-add", "-q", k)
	}
	return socket
}

// sixWrongThenRight makes the keys that fill an agent.
func sixWrongThenRight(t *testing.T, srv *sshtest.Server) (keys []string) {
	for i := range 6 {
		keys = append(keys, sshtest.Keygen(t, filepath.Join(srv.Dir, fmt.Sprint("wrong", i)), "-t", "ed25519"))
	}
	right := sshtest.Keygen(t, filepath.Join(srv.Dir, "right"), "-t", "ed25519")
	srv.Authorize(t, right+".pub", "")
	return append(keys, right)
}

// OpenSSH ends a connection after six keys. The right one is found if a file
// names it, and else on another connection.
func TestRealAgentWithSixWrongKeysFirst(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	keys := sixWrongThenRight(t, srv)
	socket := startAgent(t, keys...)
	c := to(srv)
	c.UseAgent, c.AgentSocket = true, socket
	t.Run("nothing else is known", func(t *testing.T) { works(t, c) })
	t.Run("a public key names it", func(t *testing.T) {
		before := srv.Connections()
		c := c
		c.PrivateKeyFile, c.IdentitiesOnly = keys[6]+".pub", true
		works(t, c)
		if n := srv.Connections() - before; n != 1 {
			t.Errorf("want one connection, got %d", n)
		}
	})
	t.Run("a private key comes first", func(t *testing.T) {
		before := srv.Connections()
		c := c
		c.PrivateKeyFile = keys[6]
		works(t, c)
		if n := srv.Connections() - before; n != 1 {
			t.Errorf("want one connection, got %d", n)
		}
	})
}

func TestRealAgentHoldsCertificate(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	ca := sshtest.Keygen(t, filepath.Join(srv.Dir, "ca"), "-t", "ecdsa")
	key := sshtest.Keygen(t, filepath.Join(srv.Dir, "user"), "-t", "rsa")
	sshtest.Run(t, "ssh-keygen", "-q", "-s", ca, "-I", "id", "-n", srv.User, key+".pub")
	srv.Authorize(t, ca+".pub", "cert-authority ")
	c := to(srv)
	c.UseAgent, c.AgentSocket = true, startAgent(t, key)
	works(t, c)
}

// Each single algorithm that the configuration of a supported Junos release can
// be limited to.
func TestRealSingleAlgorithms(t *testing.T) {
	rows := []struct{ set, line string }{
		{"default", "KexAlgorithms curve25519-sha256"}, {"default", "KexAlgorithms curve25519-sha256@libssh.org"},
		{"default", "KexAlgorithms ecdh-sha2-nistp256"}, {"default", "KexAlgorithms ecdh-sha2-nistp384"},
		{"default", "KexAlgorithms ecdh-sha2-nistp521"}, {"default", "KexAlgorithms diffie-hellman-group14-sha256"},
		{"default", "KexAlgorithms diffie-hellman-group16-sha512"},
		{"default", "KexAlgorithms diffie-hellman-group-exchange-sha256"},
		{"legacy", "KexAlgorithms diffie-hellman-group14-sha1"}, {"legacy", "KexAlgorithms diffie-hellman-group1-sha1"},
		{"legacy", "KexAlgorithms diffie-hellman-group-exchange-sha1"},
		{"default", "Ciphers aes128-ctr"}, {"default", "Ciphers aes192-ctr"}, {"default", "Ciphers aes256-ctr"},
		{"default", "Ciphers aes128-gcm@openssh.com"}, {"default", "Ciphers aes256-gcm@openssh.com"},
		{"default", "Ciphers chacha20-poly1305@openssh.com"}, {"legacy", "Ciphers aes128-cbc"}, {"legacy", "Ciphers 3des-cbc"},
		{"default", "Ciphers aes128-ctr\nMACs hmac-sha2-256"}, {"default", "Ciphers aes128-ctr\nMACs hmac-sha2-512"},
		{"default", "Ciphers aes128-ctr\nMACs hmac-sha2-256-etm@openssh.com"},
		{"default", "Ciphers aes128-ctr\nMACs hmac-sha2-512-etm@openssh.com"},
		{"default", "Ciphers aes128-ctr\nMACs hmac-sha1"}, {"legacy", "Ciphers aes128-ctr\nMACs hmac-sha1-96"},
		{"default", "HostKey %DIR%/host_rsa\nHostKeyAlgorithms rsa-sha2-256"},
		{"default", "HostKey %DIR%/host_rsa\nHostKeyAlgorithms rsa-sha2-512"},
		{"legacy", "HostKey %DIR%/host_rsa\nHostKeyAlgorithms ssh-rsa"},
		{"default", "HostKey %DIR%/host_ecdsa"}, {"default", "HostKey %DIR%/host_ed25519"},
		{"modern", "Ciphers aes256-ctr\nMACs hmac-sha2-512-etm@openssh.com"},
	}
	for _, row := range rows {
		t.Run(row.set+" "+strings.NewReplacer("\n", " ", "%DIR%/", "").Replace(row.line), func(t *testing.T) {
			srv := sshtest.OpenSSH(t, row.line)
			c := withKey(t, srv)
			c.Algorithms = row.set
			works(t, c)
			if row.set == "legacy" { // and is not offered else
				c.Algorithms = "default"
				_, err := sshconn.Dial(t.Context(), c)
				if err == nil || !strings.Contains(hint(err), "set algorithms: legacy") {
					t.Errorf("want a hint to algorithms: legacy, got %v (%s)", err, hint(err))
				}
			}
		})
	}
}

// Algorithms that exist nowhere here are named in the error, with ours.
func TestRealNoCommonAlgorithmNamesBothLists(t *testing.T) {
	srv := sshtest.OpenSSH(t, "Ciphers aes256-cbc")
	_, err := sshconn.Dial(t.Context(), withKey(t, srv))
	var algos *ssh.AlgorithmNegotiationError
	if !errors.As(err, &algos) || !strings.Contains(err.Error(), "aes256-cbc") || !strings.Contains(err.Error(), "aes128-gcm") {
		t.Errorf("want both lists, got %v", err)
	}
}

// Two bastions, each with a host key of its own that is verified.
func TestRealTwoHopProxyJump(t *testing.T) {
	one, two, target := sshtest.OpenSSH(t), sshtest.OpenSSH(t), sshtest.OpenSSH(t)
	c := withKey(t, target)
	for _, s := range []*sshtest.Server{one, two} {
		s.Authorize(t, c.PrivateKeyFile+".pub", "")
		c.KnownHosts = append(c.KnownHosts, s.KnownHosts)
	}
	c.ProxyJump = fmt.Sprintf("%s@%s:%d, %s:%d", one.User, one.Host, one.Port, two.Host, two.Port)
	client := works(t, c)
	if n := one.Connections() + two.Connections() + target.Connections(); n != 3 {
		t.Errorf("want one connection each, got %d", n)
	}
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	t.Run("a bastion that is not known ends it", func(t *testing.T) {
		c := c
		c.KnownHosts = []string{one.KnownHosts, target.KnownHosts}
		before := target.Connections()
		_, err := sshconn.Dial(t.Context(), c)
		var key *sshconn.HostKeyError
		if !errors.As(err, &key) || !strings.Contains(err.Error(), fmt.Sprint(two.Port)) {
			t.Errorf("want the second bastion's host key refused, got %v", err)
		}
		if target.Connections() != before {
			t.Error("the target was reached all the same")
		}
	})
	t.Run("ssh_config says the same", func(t *testing.T) {
		c := c
		c.SSHConfig, c.ProxyJump, c.Port, c.Host = filepath.Join(target.Dir, "config"), "", 0, "sw1"
		sshtest.Write(t, c.SSHConfig, fmt.Sprintf("Host sw1\n HostName %s\n Port %d\n ProxyJump b1,b2\nHost b1\n HostName %s\n Port %d\nHost b2\n HostName %s\n Port %d\n",
			target.Host, target.Port, one.Host, one.Port, two.Host, two.Port))
		works(t, c)
	})
}

func TestRealProxyCommand(t *testing.T) {
	srv := sshtest.OpenSSH(t)
	bastion := sshtest.OpenSSH(t)
	c := withKey(t, srv)
	bastion.Authorize(t, c.PrivateKeyFile+".pub", "")
	c.ProxyCommand = fmt.Sprintf("ssh -F none -i %s -o UserKnownHostsFile=%s -p %d -W %%h:%%p %s@%s",
		c.PrivateKeyFile, bastion.KnownHosts, bastion.Port, bastion.User, bastion.Host)
	client := works(t, c)
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	c.ProxyCommand = "echo no route to %h >&2; exit 1"
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "no route to 127.0.0.1") {
		t.Errorf("want what the command complained about, got %v", err)
	}
}

// A host certificate, and the CA in known_hosts.
func TestRealHostCertificate(t *testing.T) {
	srv := sshtest.OpenSSH(t, "HostKey %DIR%/host_ed25519\nHostCertificate %DIR%/host_ed25519-cert.pub")
	ca := sshtest.Keygen(t, filepath.Join(srv.Dir, "hostca"), "-t", "ecdsa")
	caLine, err := os.ReadFile(ca + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	c := withKey(t, srv)
	c.KnownHosts = []string{filepath.Join(srv.Dir, "ca_known")}
	sshtest.Write(t, c.KnownHosts[0], "@cert-authority 127.0.0.* "+string(caLine))
	sign := func(principal string) {
		sshtest.Run(t, "ssh-keygen", "-q", "-s", ca, "-I", "sw1", "-h", "-n", principal, filepath.Join(srv.Dir, "host_ed25519.pub"))
	}
	sign(srv.Host)
	works(t, c)
	sign("sw2.example.com")
	_, err = sshconn.Dial(t.Context(), c)
	var key *sshconn.HostKeyError
	if !errors.As(err, &key) || key.Reason != sshconn.KeyCertificate {
		t.Errorf("want a certificate for another host refused, got %v", err)
	}
	print := strings.Fields(sshtest.Run(t, "ssh-keygen", "-l", "-f", filepath.Join(srv.Dir, "host_ed25519.pub")))[1]
	if err == nil || !strings.Contains(err.Error(), "the server shows ssh-ed25519-cert-v01@openssh.com "+print) {
		t.Errorf("want the fingerprint that ssh-keygen shows, %s, got %v", print, err)
	}
}
