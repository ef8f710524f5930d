// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	skeema "github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// The defects of x/crypto/ssh and of the known_hosts libraries that were
// measured: what one would write with them fails on the same server, and ours
// does not. The list of all is in ../netconf/naive_test.go.

// naively logs in with x/crypto/ssh's own Dial.
func naively(srv *sshtest.Server, c ssh.ClientConfig) error {
	c.User, c.Timeout = "admin", 5*time.Second
	if c.HostKeyCallback == nil {
		c.HostKeyCallback = ssh.InsecureIgnoreHostKey()
	}
	client, err := ssh.Dial("tcp", fmt.Sprintf("%s:%d", srv.Host, srv.Port), &c)
	if err == nil {
		_ = client.Close()
	}
	return err
}

func enters(t *testing.T, c sshconn.Config) {
	t.Helper()
	client, err := sshconn.Dial(t.Context(), c)
	if err != nil {
		t.Errorf("%v (%s)", err, hint(err))
		return
	}
	_ = client.Close()
}

// lockedBy is a server that one key enters.
func lockedBy(t *testing.T, key ssh.PublicKey) *sshtest.Server {
	g := open()
	g.Config.PasswordCallback = nil
	g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
		if bytes.Equal(k.Marshal(), key.Marshal()) {
			return nil, nil
		}
		return nil, errors.New("no")
	}
	return g.Start(t)
}

func signer(t *testing.T, key any) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// x/crypto/ssh does not try the second AuthMethod of a kind.
func TestDefectSecondMethodOfAKindIsIgnored(t *testing.T) {
	wrongFile, wrong, _ := keyFile(t, "")
	_, right, pub := keyFile(t, "")
	srv := lockedBy(t, pub)
	if err := naively(srv, ssh.ClientConfig{Auth: []ssh.AuthMethod{ssh.PublicKeys(signer(t, wrong)), ssh.PublicKeys(signer(t, right))}}); err == nil {
		t.Error("x/crypto/ssh tries it now")
	}
	c := withPassword(srv)
	c.Password, c.PrivateKeyFile, c.UseAgent, c.AgentSocket = "", wrongFile, true, serveAgent(t, right)
	enters(t, c)
}

// A server ends it after six keys, and the seventh is the right one.
func TestDefectServerStopsAfterSixKeys(t *testing.T) {
	var keys []ed25519.PrivateKey
	var signers []ssh.Signer
	var last ssh.PublicKey
	for range 7 {
		_, key, pub := keyFile(t, "")
		keys, signers, last = append(keys, key), append(signers, signer(t, key)), pub
	}
	srv := lockedBy(t, last)
	if err := naively(srv, ssh.ClientConfig{Auth: []ssh.AuthMethod{ssh.PublicKeys(signers...)}}); err == nil {
		t.Error("the server lets the seventh in")
	}
	c := withPassword(srv)
	c.Password, c.UseAgent, c.AgentSocket = "", true, serveAgent(t, keys...)
	enters(t, c)
}

// Switches that offer only these cannot be reached with x/crypto/ssh's defaults.
func TestDefectKeyExchangesAreNotInTheDefaults(t *testing.T) {
	for _, kex := range []string{ssh.KeyExchangeDHGEXSHA256, ssh.KeyExchangeDH16SHA512} {
		t.Run(kex, func(t *testing.T) {
			g := open()
			g.Config.KeyExchanges = []string{kex}
			srv := g.Start(t)
			if err := naively(srv, ssh.ClientConfig{Auth: []ssh.AuthMethod{ssh.Password(password)}}); err == nil || !strings.Contains(err.Error(), "no common algorithm") {
				t.Errorf("x/crypto/ssh offers it now: %v", err)
			}
			enters(t, withPassword(srv))
		})
	}
}

// libraries are the ways that others read known_hosts, with the algorithms that
// they ask the server for.
func libraries(address, file string) map[string]func() (ssh.ClientConfig, error) {
	auth := []ssh.AuthMethod{ssh.Password(password)}
	return map[string]func() (ssh.ClientConfig, error){
		"x/crypto/ssh/knownhosts": func() (ssh.ClientConfig, error) {
			cb, err := xknownhosts.New(file)
			return ssh.ClientConfig{Auth: auth, HostKeyCallback: cb}, err
		},
		"skeema/knownhosts": func() (ssh.ClientConfig, error) {
			db, err := skeema.NewDB(file)
			if err != nil {
				return ssh.ClientConfig{}, err
			}
			return ssh.ClientConfig{Auth: auth, HostKeyCallback: db.HostKeyCallback(), HostKeyAlgorithms: db.HostKeyAlgorithms(address)}, nil
		},
	}
}

// twoKeys is a server with host keys of two types, and its lines in known_hosts.
func twoKeys(t *testing.T) (srv *sshtest.Server, lines map[string]string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	g := open()
	g.Config.AddHostKey(signer(t, key))
	srv = g.Start(t)
	address := fmt.Sprintf("[%s]:%d", srv.Host, srv.Port)
	plain := strings.TrimSpace(sshtest.Read(t, srv.KnownHosts))
	return srv, map[string]string{
		"ed25519": strings.Replace(plain, "127.0.0.1", address, 1),
		"ecdsa":   address + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer(t, key).PublicKey()))),
		"plain":   plain,
	}
}

// Each row is a known_hosts file by which the server is known, and the libraries
// that do not see it.
func TestDefectKnownHosts(t *testing.T) {
	srv, line := twoKeys(t)
	address := fmt.Sprintf("%s:%d", srv.Host, srv.Port)
	const both = "x/crypto/ssh/knownhosts skeema/knownhosts"
	for _, row := range []struct{ name, file, fails string }{
		{"only the key type that is not asked for is known", line["ed25519"], "x/crypto/ssh/knownhosts"},
		{"one line cannot be parsed", "sw9 ssh-ed25519 AAAA!\n" + line["ecdsa"], both},
		{"a marker is new", "@some-day " + line["ed25519"] + "\n" + line["ecdsa"], both},
		{"the host is known without its port", line["plain"], both},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "known_hosts")
			sshtest.Write(t, file, row.file+"\n")
			for name, read := range libraries(address, file) {
				config, err := read()
				if err == nil {
					err = naively(srv, config)
				}
				if want := strings.Contains(row.fails, name); (err != nil) != want {
					t.Errorf("%s: want a failure %v, got %v", name, want, err)
				}
			}
			c := withPassword(srv)
			c.KnownHosts = []string{file}
			enters(t, c)
		})
	}
}

// Through a jump host there are no deadlines: what is silent there must be
// closed, as Dial does.
func TestDefectNoDeadlinesThroughAJumpHost(t *testing.T) {
	leaktest.Check(t)
	silent := sshtest.Raw(t, stay)
	bastion := forwarding(t)
	_, key, _ := keyFile(t, "")
	client, err := ssh.Dial("tcp", fmt.Sprintf("%s:%d", bastion.Host, bastion.Port), &ssh.ClientConfig{User: "admin",
		Auth: []ssh.AuthMethod{ssh.PublicKeys(signer(t, key))}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := client.Dial("tcp", fmt.Sprintf("%s:%d", silent.Host, silent.Port))
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now()); err == nil {
		t.Error("x/crypto/ssh has deadlines there now")
	}
	c := throughBastion(t, bastion, silent)
	failsIn(t, c, sshconn.PhaseBanner, "no answer within 0.3 s", "")
}
