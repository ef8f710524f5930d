// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"io"
	"net"
	"strings"

	"golang.org/x/crypto/ssh"
)

// terminal is what a client asked for with pty-req.
type terminal struct {
	Term          string
	Columns, Rows uint32
	Width, Height uint32
	Modes         string
}

// serveChannel answers the requests of one SSH session channel: a subsystem, a
// command, or a shell.
func (m *Member) serveChannel(conn net.Conn, user User, offered ssh.NewChannel) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	var pty *terminal
	for request := range requests {
		ok, run := m.accept(conn, user, channel, request, &pty)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
		if run != nil {
			go ssh.DiscardRequests(requests) // ends with the channel
			exitStatus(channel, run())
			return
		}
	}
}

// accept tells whether a request is granted and, if it starts something, what
// to run.
func (m *Member) accept(conn net.Conn, user User, channel ssh.Channel, request *ssh.Request, pty **terminal) (bool, func() uint32) {
	var text struct{ Value string }
	switch request.Type {
	case "env":
		return true, nil
	case "window-change":
		return true, nil
	case "pty-req":
		*pty = &terminal{}
		return ssh.Unmarshal(request.Payload, *pty) == nil, nil
	case "subsystem":
		if ssh.Unmarshal(request.Payload, &text) != nil || text.Value != "netconf" || m.ch.profile.Subsystem != "offered" || !m.offersNETCONF() {
			return false, nil
		}
		return true, func() uint32 { return m.netconfOn(conn, user, channel) }
	case "exec":
		if ssh.Unmarshal(request.Payload, &text) != nil {
			return false, nil
		}
		if strings.HasPrefix(text.Value, "xml-mode netconf") {
			return true, func() uint32 { return m.netconfOn(conn, user, channel) }
		}
		return true, func() uint32 { return m.cliOn(conn, user, channel, text.Value, *pty) }
	case "shell":
		return true, func() uint32 { return m.cliOn(conn, user, channel, "", *pty) }
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

// cliOn is the seam to the command line: command is empty for a shell.
func (m *Member) cliOn(conn net.Conn, user User, channel ssh.Channel, command string, _ *terminal) uint32 {
	s := m.login(user, "cli", "pts/0", hangup(conn))
	defer s.end()
	if command == "" {
		_, _ = io.WriteString(channel, "the command line of this simulator is not there yet; ask with the netconf subsystem\n")
		return 1
	}
	text, _, err := s.runCommand(&netconf{s: s}, strings.Fields(strings.Trim(strings.TrimPrefix(command, "cli -c "), `"'`)))
	if err != nil {
		_, _ = io.WriteString(channel, "error: "+err.Error()+"\n")
		return 1
	}
	_, _ = io.WriteString(channel, text)
	return 0
}
