// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

const (
	password = canary.Password
	hello    = "<!-- user root, class super-user -->\n<hello><session-id>7</session-id></hello>\n]]>]]>\n"
)

// device is a switch at the other end of a terminal: what it prints, and what it
// was told where. Its zero value behaves like Junos.
type device struct {
	Banner     string // before the first prompt
	Prompt     string // of the command line
	UserShell  string // "": the login lands on the command line
	UserUID    string
	Ask        string // the question for the password; "-": none
	Before     string // printed before that question
	Refusal    string // what a wrong password, or a missing permission, gets
	Forbidden  bool   // start shell is
	AskAgain   bool   // instead of a refusal
	Shell      string // prompt of root's shell
	UID        string
	NoNETCONF  bool
	NoEcho     bool   // of the command line
	EchoSecret bool   // and of the password
	Greeting   string // what the session says first
	Silent     string // the command that is never answered
	NoNewline  bool   // nothing is printed after the password

	mu   sync.Mutex
	log  []heard
	left bool // the last exit was typed
}

// heard is a line that was typed, and where.
type heard struct{ at, line string }

func (d *device) defaults() {
	for _, f := range []struct {
		field *string
		value string
	}{{&d.Prompt, "admin@vc1> "}, {&d.Ask, "Password:"}, {&d.Shell, "root@vc1:RE:0% "}, {&d.UID, "0"}, {&d.UserUID, "2000"},
		{&d.Refusal, "su: Sorry"}, {&d.Greeting, hello}} {
		if *f.field == "" {
			*f.field = f.value
		}
	}
}

// session is the device's end of one terminal.
type session struct {
	*device
	in  *bufio.Reader
	out io.Writer
}

func (d *device) serve(conn net.Conn) {
	d.defaults()
	defer conn.Close()
	s := &session{d, bufio.NewReader(conn), conn}
	s.print(d.Banner)
	if d.Silent == "login" {
		_, _ = io.Copy(io.Discard, s.in)
		return
	}
	if d.UserShell != "" {
		s.shell("user shell", d.UserShell, d.UserUID)
		return
	}
	s.cli()
}

func (s *session) print(text string) {
	_, _ = io.WriteString(s.out, strings.ReplaceAll(text, "\n", "\r\n"))
}

// line reads what is typed at a prompt.
func (s *session) line(at, prompt string, echo bool) (string, bool) {
	s.print(prompt)
	var line []byte
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			s.note(at+" (unfinished)", string(line))
			return "", false
		}
		if c == 3 || c == '\n' {
			s.note(at, string(line))
			if c == 3 {
				return "\x03", true
			}
			if echo || !s.NoNewline {
				s.print("\n")
			}
			return string(line), true
		}
		line = append(line, c)
		if echo {
			s.print(string(rune(c)))
		}
	}
}

func (s *session) note(at, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if line != "" {
		s.log = append(s.log, heard{at, line})
	}
}

func (s *session) cli() {
	for {
		line, ok := s.line("cli", "\n{master:0}\n"+s.Prompt, !s.NoEcho)
		if s.Silent != "" && line == s.Silent {
			_, _ = io.Copy(io.Discard, s.in)
			return
		}
		switch {
		case !ok:
			return
		case line == exitCommand:
			s.mu.Lock()
			s.left = true
			s.mu.Unlock()
			return
		case line == rootCommand && s.Forbidden:
			s.print("             ^\nunknown command.\n")
		case line == rootCommand:
			if !s.root() {
				return
			}
		case strings.HasPrefix(line, "set cli"):
			s.print("Screen width set to 511\n")
		default:
			s.print("unknown command.\n")
		}
	}
}

// root is start shell user root. False is a terminal that has ended.
func (s *session) root() bool {
	if s.Ask == "-" {
		return s.shell("root shell", s.Shell, s.UID)
	}
	s.print(s.Before)
	line, ok := s.line("password", s.Ask, s.EchoSecret)
	switch {
	case !ok:
		return false
	case line == password:
		return s.shell("root shell", s.Shell, s.UID)
	case s.AskAgain && line != "\x03":
		_, ok = s.line("second password", s.Ask, false)
		return ok
	case line != "\x03":
		s.print(s.Refusal + "\n")
	}
	return true
}

func (s *session) shell(at, prompt, uid string) bool {
	for {
		line, ok := s.line(at, prompt, true)
		if !ok {
			return false
		}
		if s.Silent != "" && strings.HasPrefix(line, s.Silent) {
			_, _ = io.Copy(io.Discard, s.in)
			return false
		}
		switch {
		case line == exitCommand:
			return true
		case line == cliCommand:
			s.cli()
		case strings.HasPrefix(line, "id -u; echo"):
			s.print(uid + "\n" + strings.ReplaceAll(strings.TrimPrefix(line, "id -u; echo "), `"`, "") + "\n")
		case line == netconfCommand && s.NoNETCONF:
			s.print("xml-mode: Command not found.\n")
			return true
		case line == netconfCommand:
			return s.netconf()
		default:
			s.print(strings.Fields(line + " ?")[0] + ": Command not found.\n")
		}
	}
}

// netconf answers whatever ends in a delimiter, and ends with close-session.
func (s *session) netconf() bool {
	_, _ = io.WriteString(s.out, s.Greeting)
	var all strings.Builder
	for !strings.Contains(all.String(), "close-session") || !strings.HasSuffix(all.String(), "]]>]]>") {
		c, err := s.in.ReadByte()
		if err != nil {
			s.note("netconf", all.String())
			return false
		}
		all.WriteByte(c)
	}
	s.note("netconf", all.String())
	_, _ = io.WriteString(s.out, "<rpc-reply><ok/></rpc-reply>\n]]>]]>\n<!-- session end -->\n")
	return true
}

// told returns what was typed at the places that match.
func (d *device) told(at string) (lines []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, h := range d.log {
		if strings.HasPrefix(h.at, at) {
			lines = append(lines, h.line)
		}
	}
	return lines
}

// attempt is one dialogue, and how it went.
type attempt struct {
	stream *Stream
	err    error
	done   <-chan struct{} // the device has seen the end
}

// begin becomes root on a device; wire changes what it prints, if it is set.
func begin(t *testing.T, ctx context.Context, d *device, o Options, wire func(net.Conn) net.Conn) attempt {
	t.Helper()
	ours, theirs := net.Pipe()
	if wire != nil {
		theirs = wire(theirs)
	}
	done := make(chan struct{})
	go func() { defer close(done); d.serve(theirs) }()
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	if o.Quiet == 0 {
		o.Quiet = 5 * time.Millisecond
	}
	s, err := Become(ctx, ours, o)
	return attempt{s, err, done}
}

// ended waits for the device to see the end of the terminal.
func (a attempt) ended(t *testing.T) {
	t.Helper()
	select {
	case <-a.done:
	case <-time.After(5 * time.Second):
		t.Fatal("the terminal is still open")
	}
}

// onlyThere checks that root's password went to its prompt, once at most.
func (d *device) onlyThere(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, h := range d.log {
		if strings.Contains(h.line, password) {
			if n++; h.at != "password" && h.at != "password (unfinished)" || h.line != password {
				t.Errorf("the password was typed at %s", h.at)
			}
		}
	}
	if n > 1 {
		t.Errorf("the password was typed %d times", n)
	}
}

// explained checks that an error names its phase and shows no secret.
func explained(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Phase == "" || e.Host == "" {
		t.Fatalf("want an Error with host and phase, got %v", err)
	}
	canary.Check(t, err, e)
	return e
}
