// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"fmt"
	"net"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
	"github.com/vchassis/vchassis.junos/internal/sim/rpc"
)

// serveChannel answers the requests of one SSH session channel: a subsystem, a
// command, or a shell.
func serveChannel(m *engine.Member, conn net.Conn, user engine.User, offered ssh.NewChannel, only bool) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	seat := &seat{m: m, conn: conn, user: user, channel: channel, only: only, term: cli.NewTerminal(channel, channel, false), gone: make(chan struct{})}
	for request := range requests {
		ok, run := seat.acceptRequest(request)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
		if run != nil {
			go seat.followRequests(requests) // ends with the channel
			engine.SendExitStatus(channel, run())
			return
		}
	}
}

// seat is where a client sits: a channel, and a terminal if it asked for one.
type seat struct {
	m       *engine.Member
	conn    net.Conn
	user    engine.User
	channel ssh.Channel
	term    *cli.Terminal
	only    bool          // NETCONF
	gone    chan struct{} // closed with the channel
}

// followRequests takes requests that come while something runs.
func (s *seat) followRequests(requests <-chan *ssh.Request) {
	defer close(s.gone)
	for request := range requests {
		ok := request.Type == "window-change" && s.resizeWindow(request.Payload)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
	}
}

func (s *seat) resizeWindow(payload []byte) bool {
	var size struct{ Columns, Rows, Width, Height uint32 }
	if ssh.Unmarshal(payload, &size) != nil {
		return false
	}
	s.term.Resize(int(size.Rows), int(size.Columns))
	return true
}

func (s *seat) openTerminal(payload []byte) bool {
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

// acceptRequest tells whether a request is granted and, if it starts something, what
// to run.
func (s *seat) acceptRequest(request *ssh.Request) (bool, func() uint32) {
	m := s.m
	var text struct{ Value string }
	if request.Type != "subsystem" && (s.only || !m.OffersSSH()) {
		return false, nil // this port, or this switch, has nothing but NETCONF
	}
	switch request.Type {
	case "env":
		return true, nil
	case "window-change":
		return s.resizeWindow(request.Payload), nil
	case "pty-req":
		return s.openTerminal(request.Payload), nil
	case "subsystem":
		if ssh.Unmarshal(request.Payload, &text) != nil {
			return false, nil
		}
		return s.acceptSubsystem(text.Value)
	case "exec":
		if ssh.Unmarshal(request.Payload, &text) != nil {
			return false, nil
		}
		if strings.HasPrefix(text.Value, "xml-mode netconf") {
			return true, func() uint32 { return s.serveNetconf() }
		}
		if strings.HasPrefix(text.Value, "scp -") {
			return true, func() uint32 { return s.copyFiles(text.Value) }
		}
		return true, func() uint32 { return s.serveCLI(text.Value) }
	case "shell":
		return true, func() uint32 { return s.serveCLI("") }
	}
	return false, nil
}

// acceptSubsystem grants what the configuration has: NETCONF, and SFTP to those who have a
// shell.
func (s *seat) acceptSubsystem(name string) (bool, func() uint32) {
	switch {
	case name == "netconf" && s.m.Chassis.Profile.Subsystem == "offered" && s.m.OffersNETCONF():
		return true, s.serveNetconf
	case name == "sftp" && !s.only && s.m.OffersSFTP() && s.user.MayCopy():
		return true, s.serveSFTP
	}
	return false, nil
}

func (s *seat) copyFiles(command string) uint32 {
	login := s.m.Login(s.user, "scp", "", hangupOf(s.conn))
	defer login.End()
	if err := login.Copy(s.channel, command); err != nil {
		_, _ = fmt.Fprintf(s.channel, "\x01%s\n", err)
		return 1
	}
	return 0
}

func (s *seat) serveNetconf() uint32 {
	rpc.Serve(s.m.Login(s.user, "netconf", "", hangupOf(s.conn)), s.channel)
	return 0
}

// serveCLI serves a command line; command is empty for a shell.
func (s *seat) serveCLI(command string) uint32 {
	d := rpc.LogIn(s.m, s.user, hangupOf(s.conn), s.gone)
	defer d.Close()
	if s.term.TTY {
		defer s.m.Chassis.Listen(s.term.Tell)()
	}
	if command == "" {
		return uint32(cli.Login(d, s.term))
	}
	return uint32(cli.Exec(d, s.term, command))
}
