// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"io"
	"strings"
)

// mostCooked is how long a line may be before a terminal in its usual mode drops
// the rest.
const mostCooked = 1024

// setModes is what stty does.
func (t *Terminal) setModes(modes []string) {
	for _, mode := range modes {
		switch mode {
		case "raw":
			t.raw = true
		case "sane", "cooked", "-raw":
			t.raw = false
		}
	}
}

// openTTY is the terminal as a program sees it that reads and writes bytes. It
// switches echo off, as Junos' xml-mode does; lines and their ends are left to
// stty.
func (t *Terminal) openTTY() TTY { return &ttyStream{t: t} }

type ttyStream struct {
	t      *Terminal
	column int
}

// Read reads what is there, a byte at least.
func (s *ttyStream) Read(b []byte) (int, error) {
	n := 0
	for n == 0 || n < len(b) && s.t.in.Buffered() > 0 {
		c, err := s.t.in.ReadByte()
		if err != nil {
			return n, err
		}
		if s.passesByte(c) {
			b[n] = c
			n++
		}
	}
	return n, nil
}

// Buffered is how many bytes have come and were not read.
func (s *ttyStream) Buffered() int { return s.t.in.Buffered() }

// passesByte says whether a terminal lets a byte through.
func (s *ttyStream) passesByte(c byte) bool {
	if !s.t.TTY || s.t.raw {
		return true
	}
	if s.column++; c == '\n' || c == '\r' {
		s.column = 0
	}
	return s.column <= mostCooked
}

// Write writes bytes; a terminal that is not raw ends lines in its own way.
func (s *ttyStream) Write(b []byte) (int, error) {
	text := string(b)
	if s.t.TTY && !s.t.raw {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if _, err := io.WriteString(s.t.out, text); err != nil {
		return 0, err
	}
	return len(b), nil
}
