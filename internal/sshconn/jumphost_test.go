// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A jump host that says nothing, or that has no way to the switch.
func TestJumpHostThatDoesNotForward(t *testing.T) {
	for name, row := range map[string]struct {
		answer func(*ssh.ServerConn, <-chan ssh.NewChannel)
		err    string
	}{
		"silent": {func(sc *ssh.ServerConn, _ <-chan ssh.NewChannel) { _ = sc.Wait() }, "no answer within 0.3 s"},
		"refuses": {func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel) {
			for nc := range chans {
				_ = nc.Reject(ssh.Prohibited, "administratively prohibited")
			}
		}, "cannot reach it: administratively prohibited"},
		"closes": {func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel) { <-chans; _ = sc.Close() }, "the server closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			g := &sshtest.Go{}
			g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
			g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
				go ssh.DiscardRequests(reqs)
				row.answer(sc, chans)
			}
			failsIn(t, throughBastion(t, g.Start(t), sshtest.Raw(t, stay)), sshconn.PhaseConnect, row.err, "")
		})
	}
}

// What helps with a switch does not help with a jump host.
func TestJumpHostThatRefusesTheKey(t *testing.T) {
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, errors.New("no") }
	_, err := sshconn.Dial(t.Context(), throughBastion(t, g.Start(t), sshtest.Raw(t, stay)))
	if err == nil || !strings.Contains(hint(err), "never shown the switch's password") {
		t.Errorf("got %v (%s)", err, hint(err))
	}
}

// A jump host gets no password, so nothing is said of one that ssh_config forbids.
func TestJumpHostWithoutPasswords(t *testing.T) {
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, errors.New("no") }
	c := throughBastion(t, g.Start(t), sshtest.Raw(t, stay))
	c.SSHConfig = filepath.Join(t.TempDir(), "config")
	sshtest.Write(t, c.SSHConfig, "PasswordAuthentication no\nKbdInteractiveAuthentication no\n")
	_, err := sshconn.Dial(t.Context(), c)
	var refused *sshconn.AuthError
	if !errors.As(err, &refused) || len(refused.Problems) > 0 {
		t.Errorf("got %v", err)
	}
}

// throughBastion is how to reach a server by way of another.
func throughBastion(t *testing.T, bastion, srv *sshtest.Server) sshconn.Config {
	c := withPassword(srv)
	c.PrivateKeyFile, _, _ = keyFile(t, "")
	c.KnownHosts = []string{bastion.KnownHosts}
	c.ProxyJump = fmt.Sprintf("admin@%s:%d", bastion.Host, bastion.Port)
	c.ConnectTimeout = 300 * time.Millisecond
	return c
}

// forwarding is a bastion that any key enters.
func forwarding(t *testing.T) *sshtest.Server {
	g := &sshtest.Go{Forward: true}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	return g.Start(t)
}

// A way that ends at the switch is given up as a whole: no jump host keeps a connection.
func TestJumpHostIsLeft(t *testing.T) {
	ended := make(chan struct{})
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		defer close(ended)
		go ssh.DiscardRequests(reqs)
		for nc := range chans {
			_ = nc.Reject(ssh.Prohibited, "administratively prohibited")
		}
		_ = sc.Wait()
	}
	c := throughBastion(t, g.Start(t), sshtest.Raw(t, stay))
	c.ConnectTimeout = time.Minute
	failsIn(t, c, sshconn.PhaseConnect, "administratively prohibited", "")
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the connection to the jump host is open still")
	}
}

// The watch over a connection ends with it, however long it would have slept.
func TestKeepAliveEndsWithTheConnection(t *testing.T) {
	watches := func() int {
		stacks := make([]byte, 1<<20)
		return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "created by github.com/vchassis/vchassis.junos/internal/sshconn.(*Client).startKeepAlive")
	}
	before := watches()
	c := withPassword(open().Start(t))
	c.KeepAliveInterval = time.Hour
	client := dial(t, c)
	if watches() != before+1 {
		t.Fatalf("want one more than %d, got %d", before, watches())
	}
	_ = client.Close()
	for end := time.Now().Add(5 * time.Second); watches() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is watched still")
		}
	}
}
