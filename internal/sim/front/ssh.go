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
	lab, err := engine.Start(ctx, s, openFront)
	if err != nil {
		return nil, err
	}
	return &Lab{lab}, nil
}

// front is one address where clients log in: the chassis address, which leads to
// the primary, or the address of one member.
type front struct {
	listener net.Listener
	owner    func() *engine.Member
	lab      *engine.Lab
	conns    connections
}

// openFront listens until the lab ends.
func openFront(lab *engine.Lab, host string, port int, owner func() *engine.Member) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	f := &front{listener: l, owner: owner, lab: lab}
	lab.Go(f.acceptConns)
	lab.OnClose(f.closeFront)
	return l.Addr().String(), nil
}

func (f *front) closeFront() {
	f.listener.Close()
	f.conns.closeAll()
}

func (f *front) acceptConns() {
	for {
		conn, err := f.listener.Accept()
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
	if !m.Admit() {
		resetConn(conn)
		return
	}
	defer m.Chassis.Disconnect()
	defer f.conns.trackConn(conn)()
	serveSSH(m, conn)
}

// serveSSH is the member's sshd for operators.
func serveSSH(m *engine.Member, conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(loginTime))
	var user engine.User
	c, channels, requests, err := ssh.NewServerConn(conn, sshConfig(m, &user))
	m.Chassis.CountLogin(err == nil)
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	defer c.Close()
	go ssh.DiscardRequests(requests) // ends with the connection
	var work sync.WaitGroup
	for channel := range channels {
		if channel.ChannelType() != "session" {
			_ = channel.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		work.Go(func() { serveChannel(m, conn, user, channel) })
	}
	work.Wait()
}
