// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	naive "github.com/Juniper/go-netconf/netconf"
	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

const password = canary.Password

// lets is a server that accepts the password and these requests.
func lets(handle func(ssh.Channel), accepts ...string) *sshtest.Go {
	g := &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(password)}, Handle: handle}
	g.Accept = func(r string) bool { return strings.Contains(strings.Join(accepts, "|")+"|", r+"|") }
	return g
}

// theirWay logs in and makes a call as go-netconf does, with the one timeout
// that it knows.
func theirWay(srv *sshtest.Server) <-chan error {
	done := make(chan error, 1)
	go func() { // ends with the server
		config := naive.SSHConfigPassword("admin", password)
		config.Timeout = 100 * time.Millisecond
		s, err := naive.DialSSH(fmt.Sprintf("%s:%d", srv.Host, srv.Port), config)
		if err == nil {
			_, err = s.Exec(get)
			_ = s.Close()
		}
		done <- err
	}()
	return done
}

// ourWay does the same.
func ourWay(ctx context.Context, srv *sshtest.Server, timeout time.Duration) error {
	c, err := sshconn.Dial(ctx, sshconn.Config{Host: srv.Host, Port: srv.Port, User: "admin", Password: secret.String(password),
		KnownHosts: []string{srv.KnownHosts}, ConnectTimeout: timeout})
	if err != nil {
		return err
	}
	defer c.Close()
	s, err := netconf.Open(ctx, c, netconf.Options{HelloTimeout: timeout, RPCTimeout: timeout, CloseTimeout: timeout})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.Call(ctx, []byte(get))
	return err
}

// A server that falls silent holds go-netconf for good, wherever that is.
func TestDefectNoDeadline(t *testing.T) {
	silent := func(rw io.Reader) { _, _ = io.Copy(io.Discard, rw) }
	known := filepath.Join(t.TempDir(), "known_hosts")
	sshtest.Write(t, known, "")
	for name, start := range map[string]func(*testing.T) *sshtest.Server{
		"banner": func(t *testing.T) *sshtest.Server {
			srv := sshtest.Raw(t, func(c net.Conn) { silent(c) })
			srv.KnownHosts = known
			return srv
		},
		"hello": func(t *testing.T) *sshtest.Server {
			return lets(func(ch ssh.Channel) { silent(ch) }, "subsystem netconf").Start(t)
		},
		"get-a": func(t *testing.T) *sshtest.Server {
			return lets(func(ch ssh.Channel) { _, _ = io.WriteString(ch, hello10); silent(ch) }, "subsystem netconf").Start(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := start(t)
			theirs := theirWay(srv)
			err := ourWay(t.Context(), srv, 500*time.Millisecond)
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), name+": no ") {
				t.Errorf("want a deadline in %s, got %v", name, err)
			}
			select {
			case err := <-theirs:
				t.Errorf("go-netconf has a deadline now: %v", err)
			default:
			}
		})
	}
}

// A server that complains at length before it speaks fills the window that
// go-netconf does not empty.
func TestDefectStderrIsNotDrained(t *testing.T) {
	srv := lets(func(ch ssh.Channel) {
		if _, err := io.WriteString(ch.Stderr(), strings.Repeat("complaint ", 400<<10)); err == nil {
			answer(ch, "<ok/>")
		}
	}, "subsystem netconf").Start(t)
	theirs := theirWay(srv)
	for range 2 {
		if err := ourWay(t.Context(), srv, 10*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-theirs:
		t.Errorf("go-netconf reads it now: %v", err)
	default:
	}
}

// go-netconf's helpers show the password to whoever answers.
func TestDefectHostKeyIsIgnored(t *testing.T) {
	var shown atomic.Int32
	g := lets(func(ch ssh.Channel) { answer(ch, "<ok/>") }, "subsystem netconf")
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { shown.Add(1); return nil, nil }
	srv := g.Start(t)
	if err := <-theirWay(srv); err != nil || shown.Load() != 1 {
		t.Errorf("go-netconf verifies it now: %v", err)
	}
	sshtest.Write(t, srv.KnownHosts, "")
	var refused *sshconn.HostKeyError
	if err := ourWay(t.Context(), srv, 5*time.Second); !errors.As(err, &refused) || shown.Load() != 1 {
		t.Errorf("got %v, and the password was shown %d times", err, shown.Load())
	}
}

// A login without the subsystem is no way in for go-netconf.
func TestDefectNoFallback(t *testing.T) {
	srv := lets(func(ch ssh.Channel) { answer(ch, "<ok/>") }, "exec xml-mode netconf need-trailer").Start(t)
	if err := <-theirWay(srv); err == nil || !strings.Contains(err.Error(), "subsystem") {
		t.Errorf("go-netconf gets in now: %v", err)
	}
	if err := ourWay(t.Context(), srv, 5*time.Second); err != nil {
		t.Error(err)
	}
}
