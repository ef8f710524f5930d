// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// dialGo starts a server that accepts these requests, and logs in.
func dialGo(t *testing.T, handle func(ssh.Channel), accepts ...string) *sshconn.Client {
	t.Helper()
	g := &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(canary.Password)}, Handle: handle}
	g.Accept = func(r string) bool { return strings.Contains(strings.Join(accepts, "|")+"|", r+"|") }
	srv := g.Start(t)
	c, err := sshconn.Dial(t.Context(), sshconn.Config{Host: srv.Host, Port: srv.Port, User: "admin",
		Password: canary.Password, KnownHosts: []string{srv.KnownHosts}, ConnectTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestOpenUsesTheCommandWhenTheSubsystemIsRefused(t *testing.T) {
	leaktest.Check(t)
	for _, accepts := range []string{"subsystem netconf", "exec xml-mode netconf need-trailer"} {
		c := dialGo(t, func(ch ssh.Channel) { answer(ch, "<ok/>") }, accepts)
		s, err := netconf.Open(t.Context(), c, netconf.Options{})
		if err != nil {
			t.Fatalf("%s: %v", accepts, err)
		}
		if r, err := s.Call(t.Context(), []byte("<get-a/>")); err != nil || !r.OK {
			t.Errorf("%s: %v", accepts, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", accepts, err)
		}
	}
}

func TestOpenNamesTheRemedyWhenBothAreRefused(t *testing.T) {
	leaktest.Check(t)
	c := dialGo(t, nil, "none")
	_, err := netconf.Open(t.Context(), c, netconf.Options{})
	var dead *netconf.SessionError
	var refused *sshconn.ChannelError
	canary.Check(t, err)
	if !errors.As(err, &dead) || !errors.As(err, &refused) || !strings.Contains(dead.Hint(), "set system services netconf ssh") {
		t.Errorf("got %v", err)
	}
	if err == nil || strings.Count(err.Error(), "channel: ") != 1 {
		t.Errorf("want the phase said once, got %v", err)
	}
}

// Where no channel is to be had, another request for one is no remedy.
func TestOpenStopsWhenThereIsNoChannel(t *testing.T) {
	var asked atomic.Int32
	g := &sshtest.Go{}
	g.Config.PasswordCallback = sshtest.Password(canary.Password)
	g.Conn = func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		for nc := range chans {
			asked.Add(1)
			_ = nc.Reject(ssh.ConnectionFailed, "open failed")
		}
	}
	srv := g.Start(t)
	c, err := sshconn.Dial(t.Context(), sshconn.Config{Host: srv.Host, Port: srv.Port, User: srv.User, Password: canary.Password, KnownHosts: []string{srv.KnownHosts}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = netconf.Open(t.Context(), c, netconf.Options{})
	var phase *sshconn.PhaseError
	if !errors.As(err, &phase) || !strings.Contains(phase.Hint(), "limit of sessions") || asked.Load() != 1 {
		t.Errorf("asked %d times, got %v", asked.Load(), err)
	}
}

// What the remote program says before it ends stands in the error.
func TestOpenQuotesTheShell(t *testing.T) {
	leaktest.Check(t)
	c := dialGo(t, func(ch ssh.Channel) {
		_, _ = io.WriteString(ch.Stderr(), "xml-mode: Command not found.\n")
		_, _ = ch.SendRequest("exit-status", false, []byte{0, 0, 0, 127})
	}, "exec xml-mode netconf need-trailer")
	_, err := netconf.Open(t.Context(), c, netconf.Options{})
	var dead *netconf.SessionError
	if !errors.As(err, &dead) || dead.Phase != "hello" {
		t.Fatalf("got %v", err)
	}
	canary.Check(t, err)
	if !strings.Contains(err.Error(), "xml-mode: Command not found.") {
		t.Errorf("want what the shell said, got %v", err)
	}
}

// The connection dies under a call: the outcome is unknown, and the cause is told.
func TestConnectionClosedUnderACall(t *testing.T) {
	leaktest.Check(t)
	c := dialGo(t, func(ch ssh.Channel) {
		_, _ = io.WriteString(ch, hello10)
		_, _ = io.Copy(io.Discard, ch)
	}, "subsystem netconf")
	s, err := netconf.Open(t.Context(), c, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, func() { _ = c.Close() })
	_, err = s.Call(t.Context(), []byte("<commit/>"))
	canary.Check(t, err)
	var dead *netconf.SessionError
	if !errors.As(err, &dead) || !dead.Sent || !errors.Is(err, sshconn.ErrClosed) {
		t.Errorf("got %#v", err)
	}
}

// hungUp takes nothing any more, as a channel that the other side has closed.
type hungUp struct{ io.Reader }

func (hungUp) Write([]byte) (int, error) { return 0, io.EOF }
func (hungUp) Close() error              { return nil }
func (hungUp) Stderr() string            { return "no such subsystem" }

// The end that a write reports is one like that of a read.
func TestHelloThatCannotBeSent(t *testing.T) {
	for name, in := range map[string]io.Reader{"silent": strings.NewReader(""), "a hello": strings.NewReader(hello10)} {
		_, err := netconf.New(t.Context(), hungUp{in}, netconf.Options{})
		if err == nil || !strings.Contains(err.Error(), "it said: \"no such subsystem\"") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
