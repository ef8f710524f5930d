// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// Terminal is what the client sits at. Without TTY it is a pair of streams: no
// echo, no line editing, no pages.
type Terminal struct {
	TTY     bool
	raw     bool // stty raw: bytes pass as they are
	out     io.Writer
	in      *bufio.Reader
	history []string

	mu            sync.Mutex
	rows, columns int
}

// NewTerminal reads keys from in and prints to out.
func NewTerminal(in io.Reader, out io.Writer, tty bool) *Terminal {
	return &Terminal{TTY: tty, out: out, in: bufio.NewReader(in)}
}

// Resize tells the size of the window; 0 is unknown.
func (t *Terminal) Resize(rows, columns int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows, t.columns = rows, columns
}

// Rows is the height of the window, or 24.
func (t *Terminal) Rows() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows <= 0 || t.rows > 10000 {
		return 24
	}
	return t.rows
}

// Print writes text; a terminal needs a carriage return before every line feed.
func (t *Terminal) Print(text string) {
	if t.TTY && !t.raw {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	_, _ = io.WriteString(t.out, text)
}

// Tell writes what does not come from what runs there, and as it is.
func (t *Terminal) Tell(text string) { _, _ = io.WriteString(t.out, text) }

var errInterrupt = errors.New("interrupt")

// Keys that mean something.
const (
	keyInterrupt = 3
	keyEnd       = 4
	keyBack      = 8
	keyTab       = 9
	keyKill      = 21
	keyWord      = 23
	keyEscape    = 27
	keyDelete    = 127
)

// reading says how a line is read.
type reading struct {
	prompt   string
	secret   bool                                 // no echo
	block    bool                                 // lines of a load: tabs and question marks are text, ^D ends after a part of a line too
	history  bool                                 // earlier lines come back with the arrow keys
	complete func(line string) (add, list string) // nil: tabs and question marks are text
}

// readLine reads one line. It returns io.EOF at the end of input or ^D, and
// errInterrupt at ^C.
func (t *Terminal) readLine(r reading) (string, error) {
	t.Print(r.prompt)
	if !t.TTY || t.raw {
		return t.plainLine()
	}
	e := &editor{t: t, r: r, at: len(t.history)}
	for {
		c, err := t.in.ReadByte()
		if err != nil {
			return string(e.line), io.EOF
		}
		if done, err := e.handleKey(c); done || err != nil {
			if r.history && err == nil && strings.TrimSpace(string(e.line)) != "" {
				t.history = append(t.history, string(e.line))
			}
			return string(e.line), err
		}
	}
}

// plainLine reads a line of a stream; ^D ends there too.
func (t *Terminal) plainLine() (string, error) {
	var line []byte
	for {
		c, err := t.in.ReadByte()
		switch {
		case err != nil && len(line) > 0, err == nil && c == '\n':
			return strings.TrimRight(string(line), "\r"), nil
		case err != nil, c == keyEnd:
			return string(line), io.EOF
		case c == keyInterrupt:
			return "", errInterrupt
		}
		line = append(line, c)
	}
}

// readKey waits for one key, as the pager does.
func (t *Terminal) readKey() (byte, error) { return t.in.ReadByte() }

// editor is a line on its way.
type editor struct {
	t    *Terminal
	r    reading
	line []byte
	at   int // place in the history
}

// handleKey handles one byte; true ends the line.
func (e *editor) handleKey(c byte) (bool, error) {
	switch c {
	case '\r', '\n':
		e.swallowFeed(c)
		e.t.Print("\n")
		return true, nil
	case keyInterrupt:
		e.t.Print("^C\n")
		return true, errInterrupt
	case keyEnd:
		return e.endInput()
	case keyBack, keyDelete:
		e.eraseBytes(1)
	case keyKill:
		e.eraseBytes(len(e.line))
	case keyWord:
		e.eraseBytes(len(e.line) - strings.LastIndexByte(strings.TrimRight(string(e.line), " "), ' ') - 1)
	case keyEscape:
		e.readEscape()
	case keyTab, '?':
		e.showHelp(c)
	default:
		if c >= ' ' {
			e.insertByte(c)
		}
	}
	return false, nil
}

// swallowFeed takes the line feed of a "\r\n" that came in one piece.
func (e *editor) swallowFeed(c byte) {
	if c != '\r' || e.t.in.Buffered() == 0 {
		return
	}
	if next, _ := e.t.in.Peek(1); len(next) == 1 && next[0] == '\n' {
		_, _ = e.t.in.ReadByte()
	}
}

func (e *editor) endInput() (bool, error) {
	if len(e.line) > 0 && !e.r.block {
		return false, nil
	}
	e.t.Print("\n")
	return true, io.EOF
}

// insertByte echoes a byte as it came, so that UTF-8 passes through.
func (e *editor) insertByte(c byte) {
	e.line = append(e.line, c)
	if !e.r.secret {
		_, _ = e.t.out.Write([]byte{c})
	}
}

// eraseBytes takes bytes from the end, but whole characters only.
func (e *editor) eraseBytes(n int) {
	for n > 0 && len(e.line) > 0 {
		_, size := utf8.DecodeLastRune(e.line)
		e.line = e.line[:len(e.line)-size]
		n -= size
		if !e.r.secret {
			e.t.Print("\b \b")
		}
	}
}

// readEscape reads a sequence of a function key; up and down walk the history.
func (e *editor) readEscape() {
	if c, err := e.t.in.ReadByte(); err != nil || c != '[' && c != 'O' {
		return
	}
	for {
		c, err := e.t.in.ReadByte()
		if err != nil || c >= '@' && c <= '~' {
			switch c {
			case 'A':
				e.recallLine(-1)
			case 'B':
				e.recallLine(1)
			}
			return
		}
	}
}

func (e *editor) recallLine(step int) {
	if at := e.at + step; e.r.history && at >= 0 && at <= len(e.t.history) {
		e.at = at
		e.eraseBytes(len(e.line))
		if at < len(e.t.history) {
			e.line = []byte(e.t.history[at])
			e.t.Print(e.t.history[at])
		}
	}
}

// showHelp completes the line or lists what could come.
func (e *editor) showHelp(c byte) {
	quoted := strings.Count(string(e.line), `"`)%2 == 1
	if e.r.complete == nil || e.r.block || quoted {
		e.insertByte(c)
		return
	}
	add, list := e.r.complete(string(e.line))
	if c == keyTab && add != "" {
		e.line = append(e.line, add...)
		e.t.Print(add)
		return
	}
	prompt := e.r.prompt[strings.LastIndexByte(e.r.prompt, '\n')+1:]
	e.t.Print("\n" + list + "\n" + prompt + string(e.line))
}
