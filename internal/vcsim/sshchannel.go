// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"net"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/vcsim/cli"
)

// serveChannel answers the requests of one SSH session channel: a subsystem, a
// command, or a shell.
func (m *Member) serveChannel(conn net.Conn, user User, offered ssh.NewChannel) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	seat := &seat{m: m, conn: conn, user: user, channel: channel, term: cli.NewTerminal(channel, channel, false), gone: make(chan struct{})}
	for request := range requests {
		ok, run := seat.accept(request)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
		if run != nil {
			go seat.follow(requests) // ends with the channel
			exitStatus(channel, run())
			return
		}
	}
}

// seat is where a client sits: a channel, and a terminal if it asked for one.
type seat struct {
	m       *Member
	conn    net.Conn
	user    User
	channel ssh.Channel
	term    *cli.Terminal
	gone    chan struct{} // closed with the channel
}

// follow takes requests that come while something runs.
func (s *seat) follow(requests <-chan *ssh.Request) {
	defer close(s.gone)
	for request := range requests {
		ok := request.Type == "window-change" && s.resize(request.Payload)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
	}
}

func (s *seat) resize(payload []byte) bool {
	var size struct{ Columns, Rows, Width, Height uint32 }
	if ssh.Unmarshal(payload, &size) != nil {
		return false
	}
	s.term.Resize(int(size.Rows), int(size.Columns))
	return true
}

func (s *seat) pty(payload []byte) bool {
	var pty struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}
	if ssh.Unmarshal(payload, &pty) != nil {
		return false
	}
	s.term.TTY = true
	s.term.Resize(int(pty.Rows), int(pty.Columns))
	return true
}

// accept tells whether a request is granted and, if it starts something, what
// to run.
func (s *seat) accept(request *ssh.Request) (bool, func() uint32) {
	m := s.m
	var text struct{ Value string }
	switch request.Type {
	case "env":
		return true, nil
	case "window-change":
		return s.resize(request.Payload), nil
	case "pty-req":
		return s.pty(request.Payload), nil
	case "subsystem":
		if ssh.Unmarshal(request.Payload, &text) != nil || text.Value != "netconf" || m.ch.profile.Subsystem != "offered" || !m.offersNETCONF() {
			return false, nil
		}
		return true, func() uint32 { return m.netconfOn(s.conn, s.user, s.channel) }
	case "exec":
		if ssh.Unmarshal(request.Payload, &text) != nil {
			return false, nil
		}
		if strings.HasPrefix(text.Value, "xml-mode netconf") {
			return true, func() uint32 { return m.netconfOn(s.conn, s.user, s.channel) }
		}
		if strings.HasPrefix(text.Value, "scp -") {
			return true, func() uint32 { return m.copyOn(s.conn, s.user, s.channel, text.Value) }
		}
		return true, func() uint32 { return m.cliOn(s.conn, s.user, s.term, s.gone, text.Value) }
	case "shell":
		return true, func() uint32 { return m.cliOn(s.conn, s.user, s.term, s.gone, "") }
	}
	return false, nil
}

// offersNETCONF: the subsystem is there when the configuration has it.
func (m *Member) offersNETCONF() bool {
	_, on := m.config().Get("system", "services", "netconf", "ssh")
	return on
}

func (m *Member) netconfOn(conn net.Conn, user User, channel ssh.Channel) uint32 {
	m.login(user, "netconf", "", hangup(conn)).serveNETCONF(channel)
	return 0
}

// hangup cuts a connection, politely or not.
func hangup(conn net.Conn) func(bool) {
	return func(hard bool) {
		if hard {
			reset(conn)
			return
		}
		conn.Close()
	}
}
