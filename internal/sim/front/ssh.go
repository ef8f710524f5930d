// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

const loginTime = 30 * time.Second

// Lab is a lab whose members can be reached.
type Lab struct{ *engine.Lab }

// Start brings all chassis of the scenario up. The lab runs until Close, or until
// ctx ends.
func Start(ctx context.Context, s engine.Scenario) (*Lab, error) {
	lab, err := engine.Start(ctx, s, engine.Openers{
		SSH: openFront(false), NETCONF: openFront(true), Console: openConsole,
	})
	if err != nil {
		return nil, err
	}
	return &Lab{lab}, nil
}

// front is one address where clients log in: the chassis address, which leads to
// the primary, or the address of one member.
type front struct {
	owner func() *engine.Member
	lab   *engine.Lab
	only  bool // NETCONF
	conns connections

	mu       sync.Mutex
	listener net.Listener
	shut     int // how often it was shut and not opened again
	closed   bool
}

// openFront opens ports that are open until the lab ends, for all or for NETCONF only.
func openFront(only bool) engine.Opener {
	return func(lab *engine.Lab, host string, port int, owner func() *engine.Member) (engine.Door, error) {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			return engine.Door{}, err
		}
		f := &front{listener: l, owner: owner, lab: lab, only: only}
		lab.Go(func() { f.acceptConns(l) })
		lab.OnClose(f.closeFront)
		return engine.Door{Address: l.Addr().String(), Shut: f.shutFor, Close: f.stopListening}, nil
	}
}

// stopListening lets nobody in any more; who is inside stays.
func (f *front) stopListening() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.listener.Close()
}

func (f *front) closeFront() {
	f.mu.Lock()
	f.closed = true
	f.listener.Close()
	f.mu.Unlock()
	f.conns.closeAll()
}

// shutFor closes the port for a while. Whoever shuts it last opens it.
func (f *front) shutFor(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listener.Close()
	f.shut++
	f.lab.Clock().AfterFunc(d, f.reopen)
}

func (f *front) reopen() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.shut > 1 {
		f.shut--
		return
	}
	l, err := net.Listen("tcp", f.listener.Addr().String())
	if err != nil { // another program has the port for a moment
		f.lab.Clock().AfterFunc(50*time.Millisecond, f.reopen)
		return
	}
	f.listener, f.shut = l, 0
	f.lab.Go(func() { f.acceptConns(l) })
}

func (f *front) acceptConns(l net.Listener) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of descriptors
			continue
		}
		f.lab.Go(func() { f.serveConn(conn) })
	}
}

// serveConn answers one connection, unless the limits or a broken sshd say no.
func (f *front) serveConn(conn net.Conn) {
	m := f.owner()
	defer conn.Close()
	if admission := m.Admit(); admission != engine.Admitted {
		turnAway(conn, admission, m.Chassis.Profile.LimitClose)
		return
	}
	defer m.Chassis.Disconnect()
	defer f.conns.trackConn(conn)()
	serveSSH(m, conn, f.only)
}

// turnAway ends a connection that was not admitted, in the manner of the profile
// where there are too many.
func turnAway(conn net.Conn, why engine.Admission, manner string) {
	switch {
	case why == engine.OverLimit && manner == "closed":
		conn.Close()
	case why == engine.OverLimit && manner == "greeting":
		_, _ = conn.Write([]byte(engine.SSHVersion + "\r\n"))
		conn.Close()
	default:
		resetConn(conn)
	}
}

// endLogin ends a good login when its first session is asked for, as a switch does whose
// AAA server has not authorized it.
func endLogin(conn net.Conn, channels <-chan ssh.NewChannel, manner string) {
	<-channels
	if manner == "reset" {
		resetConn(conn)
	}
}

// serveSSH is the member's sshd for operators.
func serveSSH(m *engine.Member, conn net.Conn, only bool) {
	_ = conn.SetDeadline(time.Now().Add(loginTime))
	var user engine.User
	c, channels, requests, err := ssh.NewServerConn(conn, sshConfig(m, &user))
	m.Chassis.CountLogin(err == nil)
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	defer c.Close()
	if manner := m.Chassis.Profile.AfterLogin; manner != "served" {
		endLogin(conn, channels, manner)
		return
	}
	go ssh.DiscardRequests(requests) // ends with the connection
	var work sync.WaitGroup
	for channel := range channels {
		if channel.ChannelType() != "session" {
			_ = channel.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		work.Go(func() { serveChannel(m, conn, user, channel, only) })
	}
	work.Wait()
}
