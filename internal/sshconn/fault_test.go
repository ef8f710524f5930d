// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

const password = canary.Password

// open accepts the password and any subsystem.
func open() *sshtest.Go {
	return &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(password)}, Accept: func(string) bool { return true }}
}

func withPassword(srv *sshtest.Server) sshconn.Config {
	return sshconn.Config{Host: srv.Host, Port: srv.Port, User: "admin", Password: password,
		KnownHosts: []string{srv.KnownHosts}, ConnectTimeout: 5 * time.Second, KeepAliveInterval: -1}
}

const version = "SSH-2.0-test\r\n"

// stay reads until the other side closes.
func stay(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func forever(c net.Conn, text string) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

// A server that is silent, closes, floods or talks nonsense in each phase.
func TestBrokenServerInEachPhase(t *testing.T) {
	late := "no answer within 0.3 s"
	rows := []struct {
		name   string
		server func(net.Conn)
		phase  sshconn.Phase
		err    string
		hint   string
	}{
		{"silent", stay, sshconn.PhaseBanner, late, "check that an SSH server listens on port"},
		{"closes at once", func(net.Conn) {}, sshconn.PhaseBanner, "", "connection-limit and rate-limit"},
		{"flood of lines before the banner", func(c net.Conn) { forever(c, "welcome\r\n") }, sshconn.PhaseBanner, "", "port"},
		{"endless line", func(c net.Conn) { forever(c, "x") }, sshconn.PhaseBanner, "overflow", "port"},
		{"another protocol", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n"); stay(c) }, sshconn.PhaseBanner, late, "port"},
		{"half a banner", func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-te"); stay(c) }, sshconn.PhaseBanner, late, "port"},
		{"silent after the banner", func(c net.Conn) { _, _ = io.WriteString(c, version); stay(c) }, sshconn.PhaseKeyExchange, late, "raise connect_timeout"},
		{"closes after the banner", func(c net.Conn) { _, _ = io.WriteString(c, version) }, sshconn.PhaseKeyExchange, "", ""},
		{"nonsense after the banner", func(c net.Conn) { _, _ = io.WriteString(c, version); forever(c, "\xff\xff\xff\xff") }, sshconn.PhaseKeyExchange, "", ""},
		{"zeros after the banner", func(c net.Conn) { _, _ = io.WriteString(c, version); forever(c, "\x00\x00\x00\x00") }, sshconn.PhaseKeyExchange, "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			leaktest.Check(t)
			srv := sshtest.Raw(t, row.server)
			c := withPassword(srv)
			c.KnownHosts, c.HostKeyFingerprints = nil, []string{"SHA256:" + strings.Repeat("A", 43)}
			c.ConnectTimeout = 300 * time.Millisecond
			failsIn(t, c, row.phase, row.err, row.hint)
		})
	}
}

// failsIn dials and wants an error of a phase, in time.
func failsIn(t *testing.T, c sshconn.Config, phase sshconn.Phase, text, wantHint string) *sshconn.PhaseError {
	t.Helper()
	began := time.Now()
	client, err := sshconn.Dial(t.Context(), c)
	if err == nil {
		_ = client.Close()
		t.Fatal("want an error, got a connection")
	}
	if took := time.Since(began); took > c.ConnectTimeout+20*time.Second {
		t.Errorf("took %s, with a connect_timeout of %s", took, c.ConnectTimeout)
	}
	var pe *sshconn.PhaseError
	if !errors.As(err, &pe) || pe.Phase != phase || !strings.Contains(err.Error(), text) || !strings.Contains(pe.Hint(), wantHint) {
		t.Fatalf("want phase %s, %q and hint %q, got %v (%s)", phase, text, wantHint, err, hint(err))
	}
	if !strings.Contains(err.Error(), fmt.Sprintf("%s:%d", c.Host, c.Port)) {
		t.Errorf("want the host in %q", err)
	}
	canary.Check(t, err)
	return pe
}

func TestConnectionRefusedIsTyped(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	c := sshconn.Config{Host: "127.0.0.1", Port: port, User: "admin", Password: password, ConnectTimeout: time.Second}
	pe := failsIn(t, c, sshconn.PhaseConnect, "connection refused", "set system services netconf ssh")
	if !errors.Is(pe, syscall.ECONNREFUSED) {
		t.Errorf("want ECONNREFUSED inside of %#v", pe)
	}
}

func TestBlackholeEndsInTime(t *testing.T) {
	leaktest.Check(t)
	c := sshconn.Config{Host: "192.0.2.1", Port: 830, User: "admin", Password: password, ConnectTimeout: 200 * time.Millisecond}
	c.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
	pe := failsIn(t, c, sshconn.PhaseConnect, "no answer within 0.2 s", "check the address, the route and the firewalls")
	if !errors.Is(pe, context.DeadlineExceeded) {
		t.Error("want a deadline for errors.Is")
	}
}

func TestSilentAuthenticationEndsInTime(t *testing.T) {
	leaktest.Check(t)
	release := make(chan struct{})
	g := open()
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { <-release; return nil, nil }
	srv := g.Start(t)
	t.Cleanup(func() { close(release) })
	c := withPassword(srv)
	c.ConnectTimeout = 300 * time.Millisecond
	failsIn(t, c, sshconn.PhaseAuthentication, "no answer within 0.3 s", "raise connect_timeout")
}

// Banners before the decision on a login are not read for ever.
func TestFloodOfBannersEnds(t *testing.T) {
	leaktest.Check(t)
	g := open()
	g.Config.PasswordCallback = func(m ssh.ConnMetadata, _ []byte) (*ssh.Permissions, error) {
		for {
			if err := m.(ssh.ServerPreAuthConn).SendAuthBanner("wait\n"); err != nil {
				return nil, err
			}
		}
	}
	failsIn(t, withPassword(g.Start(t)), sshconn.PhaseAuthentication, "more than 100 banners", "")
}

// As many banners as are read are no reason to end.
func TestAHundredBannersAreRead(t *testing.T) {
	g := open()
	inner := g.Config.PasswordCallback
	g.Config.PasswordCallback = func(m ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
		for range 100 {
			if err := m.(ssh.ServerPreAuthConn).SendAuthBanner("wait\n"); err != nil {
				return nil, err
			}
		}
		return inner(m, p)
	}
	dial(t, withPassword(g.Start(t)))
}

// cutConn ends the connection after so many bytes in one direction.
type cutConn struct {
	net.Conn
	reads, writes *atomic.Int64 // bytes left
}

func (c cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b[:min(len(b), 64)])
	if c.reads.Add(int64(-n)) < 0 {
		_ = c.Close()
		return 0, io.EOF
	}
	return n, err
}

func (c cutConn) Write(b []byte) (int, error) {
	if c.writes.Add(int64(-len(b))) < 0 {
		_ = c.Close()
		return 0, syscall.ECONNRESET
	}
	return c.Conn.Write(b)
}

// The link is lost after each stretch of bytes in either direction: always an
// error with host and phase, never a hang or a leak.
func TestLinkLostAnywhereInLogin(t *testing.T) {
	leaktest.Check(t)
	srv := open().Start(t)
	for _, direction := range []string{"read", "write"} {
		for at := int64(0); at < 3000; at += 101 {
			c := withPassword(srv)
			c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				cut := cutConn{conn, new(atomic.Int64), new(atomic.Int64)}
				cut.reads.Store(1 << 40)
				cut.writes.Store(1 << 40)
				map[string]*atomic.Int64{"read": cut.reads, "write": cut.writes}[direction].Store(at)
				return cut, err
			}
			client, err := sshconn.Dial(t.Context(), c)
			if err == nil {
				_ = client.Close()
				continue
			}
			var pe *sshconn.PhaseError
			if !errors.As(err, &pe) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s after %d bytes: %v", direction, at, err)
			}
		}
	}
}

// oneByteConn delivers a byte at a time.
type oneByteConn struct{ net.Conn }

func (c oneByteConn) Read(b []byte) (int, error) { return c.Conn.Read(b[:min(1, len(b))]) }

func TestOneByteAtATimeWorks(t *testing.T) {
	c := withPassword(open().Start(t))
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return oneByteConn{conn}, err
	}
	client, err := sshconn.Dial(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	_ = client.Close()
}

func TestChannelPhase(t *testing.T) {
	leaktest.Check(t)
	t.Run("subsystem refused", func(t *testing.T) {
		g := open()
		g.Accept = func(r string) bool { return r != "subsystem netconf" }
		client := dial(t, withPassword(g.Start(t)))
		_, err := client.Subsystem(t.Context(), "netconf")
		var refused *sshconn.ChannelError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "channel: the server refused subsystem netconf") {
			t.Errorf("got %v", err)
		}
		s, err := client.Exec(t.Context(), "anything")
		if err != nil {
			t.Fatalf("the connection must still be good: %v", err)
		}
		_ = s.Close()
	})
	t.Run("no channels", func(t *testing.T) {
		g := open()
		g.Conn = func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
			go ssh.DiscardRequests(reqs)
			for nc := range chans {
				_ = nc.Reject(ssh.ResourceShortage, "too many sessions")
			}
		}
		_, err := dial(t, withPassword(g.Start(t))).Subsystem(t.Context(), "netconf")
		var refused *sshconn.ChannelError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "too many sessions") || !strings.Contains(hint(err), "limit of sessions") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("silent", func(t *testing.T) {
		g := open()
		g.Conn = func(sc *ssh.ServerConn, _ <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
			go ssh.DiscardRequests(reqs)
			_ = sc.Wait()
		}
		client := dial(t, withPassword(g.Start(t)))
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if _, err := client.Subsystem(ctx, "netconf"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if client.Err() == nil {
			t.Error("a connection with an open question must be given up")
		}
	})
}

func dial(t *testing.T, c sshconn.Config) *sshconn.Client {
	t.Helper()
	client, err := sshconn.Dial(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// A server that talks 4 MiB on stderr, which nobody asked for, hangs others.
func TestStderrIsDrained(t *testing.T) {
	g := open()
	g.Handle = func(ch ssh.Channel) {
		_, _ = io.WriteString(ch.Stderr(), strings.Repeat("complaint ", 400<<10)+"the end")
		_, _ = io.WriteString(ch, "done")
	}
	s, err := dial(t, withPassword(g.Start(t))).Exec(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(s)
	if err != nil || string(out) != "done" {
		t.Fatalf("got %q, %v", out, err)
	}
	if e := s.Stderr(); !strings.HasSuffix(e, "the end") || len(e) > 4096 {
		t.Errorf("want the tail of stderr, got %d bytes", len(e))
	}
}

// The link dies without a word. Keepalive notices, whatever a reader waits for.
func TestKeepAliveCountsReplies(t *testing.T) {
	leaktest.Check(t)
	for _, answers := range []int32{0, 3} {
		var asked atomic.Int32
		g := open()
		g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
			go func() {
				for r := range reqs {
					if r.Type == "keepalive@openssh.com" && asked.Add(1) <= answers {
						_ = r.Reply(false, nil) // OpenSSH refuses it, and that is an answer
					}
				}
			}()
			for nc := range chans {
				ch, in, err := nc.Accept()
				if err != nil {
					return
				}
				go func() {
					for r := range in {
						_ = r.Reply(true, nil)
					}
					_ = ch.Close()
				}()
			}
			_ = sc.Wait()
		}
		c := withPassword(g.Start(t))
		c.KeepAliveInterval, c.KeepAliveCount = 50*time.Millisecond, 6
		began := time.Now()
		s, err := dial(t, c).Subsystem(t.Context(), "netconf")
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Read(make([]byte, 1)) // blocks until the client gives up
		if took := time.Since(began); took < 300*time.Millisecond {
			t.Errorf("it was given up after %s, with 6 intervals of 50 ms to wait", took)
		}
		var pe *sshconn.PhaseError
		if !errors.As(err, &pe) || pe.Phase != sshconn.PhaseKeepAlive {
			t.Errorf("want the keepalive to end it, got %v", err)
		}
		if got := asked.Load(); got != answers+1 {
			t.Errorf("want %d questions, got %d", answers+1, got)
		}
	}
}

func TestCloseTwiceAndUseAfter(t *testing.T) {
	leaktest.Check(t)
	client := dial(t, withPassword(open().Start(t)))
	for range 2 {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.Subsystem(t.Context(), "netconf"); !errors.Is(err, sshconn.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
