// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// hardened is a chassis that root reaches behind another login only.
func hardened(t *testing.T, profile sim.Profile) (*sim.Chassis, sshconn.Config) {
	t.Helper()
	profile.RateLimit, profile.ConnectionLimit = -1, -1
	users := []sim.User{{Name: "root", Class: "super-user", Password: canary.Password}, {Name: "admin", Class: "super-user", Password: canary.Passphrase},
		{Name: "operator", Class: "operator", Password: canary.Passphrase}}
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Users: users, Profile: profile, ConfigAdd: "set system services ssh root-login deny"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	ch := lab.All()[0]
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(ch.KnownHosts(), "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(ch.Address())
	number, _ := strconv.Atoi(port)
	return ch, sshconn.Config{Host: host, Port: number, User: "admin", Password: canary.Passphrase, KnownHosts: []string{known},
		ConnectTimeout: 10 * time.Second, KeepAliveInterval: -1}
}

// Prompts and texts that nobody has published may be others.
func TestRootShellOfOtherReleases(t *testing.T) {
	for name, profile := range map[string]sim.Profile{
		"as documented":      {},
		"a FreeBSD prompt":   {RootShellPrompt: "root@vc1:~ # "},
		"an Evolved prompt":  {RootShellPrompt: "[vrf:none] root@vc1:~# "},
		"another question":   {RootPasswordPrompt: "root's Password: "},
		"no NETCONF service": {Subsystem: "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			ch, at := hardened(t, profile)
			dev, err := OpenRootShell(t.Context(), at, canary.Password, Options{})
			if err != nil {
				t.Fatal(err)
			}
			state, err := dev.Read(t.Context())
			if err != nil || dev.User() != "root" || state.RootLogin != "deny" || len(state.Members) != 2 {
				t.Errorf("%s reads %d members, root-login %q: %v", dev.User(), len(state.Members), state.RootLogin, err)
			}
			if err := dev.Close(); err != nil {
				t.Error(err)
			}
			if _, err := dev.client.Terminal(t.Context(), time.Second); err == nil {
				t.Error("the connection is open still")
			}
			loggedOut(t, ch)
		})
	}
}

// Root's shell is at a terminal, and whoever sits at one is told of what everybody is.
func TestRootShellHearsBroadcasts(t *testing.T) {
	ch, at := hardened(t, sim.Profile{})
	dev, err := OpenRootShell(t.Context(), at, canary.Password, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dev.Close() }()
	ch.Broadcast("LICENSE_EXPIRED: # 1 of 3")
	if state, err := dev.Read(t.Context()); err != nil || len(state.Members) != 2 {
		t.Errorf("%d members, %v", len(state.Members), err)
	}
}

// What is odd about the connection is for the operator to know.
func TestWarningsOfTheConnection(t *testing.T) {
	_, at := hardened(t, sim.Profile{})
	at.HostKey, at.KnownHosts = sshconn.Insecure, nil
	dev, err := Open(t.Context(), at, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dev.Close() }()
	if w := strings.Join(dev.Warnings(), "\n"); !strings.Contains(w, "was not verified") {
		t.Errorf("got %q", w)
	}
}

// A session that has held the lock is ended in words: when Close returns, it is free. One
// that has only read is hung up.
func TestEndOfASession(t *testing.T) {
	_, at := hardened(t, sim.Profile{})
	for _, locks := range []bool{true, false} {
		var inWords atomic.Bool
		dev, err := Open(t.Context(), at, Options{Observe: func(sent bool, message []byte) {
			if sent && strings.Contains(string(message), "<close-session") {
				inWords.Store(true)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if locks {
			_, err = dev.LockClean(t.Context(), 0)
		}
		if err := errors.Join(err, dev.Close()); err != nil || inWords.Load() != locks {
			t.Errorf("locked %v: ended in words %v, %v", locks, inWords.Load(), err)
		}
	}
}

// A server without terminals has no root shell.
func TestRootShellWithoutATerminal(t *testing.T) {
	g := &sshtest.Go{}
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { return nil, nil }
	g.Conn = func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel, requests <-chan *ssh.Request) {
		go ssh.DiscardRequests(requests)
		for c := range chans {
			_ = c.Reject(ssh.Prohibited, "no terminals")
		}
	}
	srv := g.Start(t)
	at := sshconn.Config{Host: srv.Host, Port: srv.Port, User: "admin", Password: canary.Password, KnownHosts: []string{srv.KnownHosts}, ConnectTimeout: time.Second}
	dev, err := OpenRootShell(t.Context(), at, canary.Password, Options{})
	if told(t, err, "no terminals"); dev != nil {
		t.Error("a device without a session")
	}
}

// loggedOut waits until nobody is logged in to a chassis.
func loggedOut(t *testing.T, ch *sim.Chassis) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); len(ch.State(false).Sessions) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still logged in: %+v", ch.State(false).Sessions)
		}
	}
}

// faulty is a connection that is cut or held when so many bytes have come.
type faulty struct {
	net.Conn
	left  atomic.Int64
	stall bool
	gone  chan struct{}
	once  sync.Once
}

func (f *faulty) Read(b []byte) (int, error) {
	n, err := f.Conn.Read(b)
	if f.left.Add(int64(-n)) >= 0 {
		return n, err
	}
	if f.stall {
		<-f.gone
	}
	_ = f.Close()
	return 0, net.ErrClosed
}

func (f *faulty) Close() error {
	f.once.Do(func() { close(f.gone) })
	return f.Conn.Close()
}

// The connection is cut, held or given up anywhere between the login and the hello:
// an error that shows no secret, and nobody is left on the switch.
func TestRootShellCutAnywhere(t *testing.T) {
	ch, at := hardened(t, sim.Profile{})
	const enough = 1 << 40
	dial := func(most int64, stall bool) (*Device, int64, error) {
		var conn *faulty
		one := at
		one.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			conn = &faulty{Conn: c, stall: stall, gone: make(chan struct{})}
			conn.left.Store(most)
			return conn, err
		}
		if stall {
			one.ConnectTimeout = time.Second
		}
		dev, err := OpenRootShell(t.Context(), one, canary.Password, Options{})
		return dev, most - conn.left.Load(), err
	}
	dev, total, err := dial(enough, false)
	if err != nil {
		t.Fatal(err)
	}
	_ = dev.Close()
	points := int64(60)
	if testing.Short() {
		points = 12
	}
	var all sync.WaitGroup
	slots := make(chan struct{}, 8)
	for i := range points {
		for _, stall := range []bool{false, true} {
			slots <- struct{}{}
			all.Go(func() {
				defer func() { <-slots }()
				dev, _, err := dial(total*i/points, stall)
				if err == nil {
					_ = dev.Close()
					t.Errorf("%d of %d bytes were enough", total*i/points, total)
				}
				canary.Check(t, err)
			})
		}
	}
	all.Wait()
	loggedOut(t, ch)
}

// What the switch does not allow is told, and root's password is not tried twice.
func TestRootShellRefused(t *testing.T) {
	ch, at := hardened(t, sim.Profile{})
	for _, row := range []struct {
		user     string
		password secret.String
		want     string
	}{
		{"admin", canary.Wrong, "su: Sorry"},
		{"operator", canary.Password, "unknown command"},
	} {
		at.User = row.user
		_, err := OpenRootShell(t.Context(), at, row.password, Options{})
		var hinted interface{ Hint() string }
		if err == nil || !strings.Contains(err.Error(), row.want) || !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%s: want %q and a hint, got %v", row.user, row.want, err)
		}
		canary.Check(t, err)
		loggedOut(t, ch)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenRootShell(ctx, at, canary.Password, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	loggedOut(t, ch)
}
