// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
)

// faultyWire does something to the byte that a switch prints at a place.
type faultyWire struct {
	net.Conn
	at   int
	what string // "cut", "stall", "garble", "slow", "double"

	printed int
	heard   func(string) // what is typed while the switch is held
}

func (w *faultyWire) Write(b []byte) (int, error) {
	for i, c := range b {
		at := w.printed
		w.printed++
		out := []byte{c}
		if at == w.at {
			switch w.what {
			case "cut":
				_ = w.Close()
				return i, net.ErrClosed
			case "stall":
				typed, _ := io.ReadAll(w.Conn) // until the client gives up
				w.heard(string(typed))
				return i, net.ErrClosed
			case "garble":
				out[0] ^= 0x15
			case "double":
				out = append(out, c)
			case "NUL":
				out[0] = 0
			case "line":
				out = append(out, "\r\n"...)
			}
		}
		if _, err := w.Conn.Write(out); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

// printedInAll counts what a switch prints up to the hello.
func printedInAll(t *testing.T) int {
	t.Helper()
	var w *faultyWire
	a := begin(t, t.Context(), &device{}, Options{Password: password}, func(c net.Conn) net.Conn {
		w = &faultyWire{Conn: c, at: -1}
		return w
	})
	if a.err != nil {
		t.Fatal(a.err)
	}
	_ = a.stream.screen.closeTerminal()
	a.ended(t)
	return w.printed - len(hello)
}

// Every byte of the dialogue is cut, held back or changed: the password goes to
// its prompt or nowhere, the error says where it stopped, nothing is left open,
// and what is handed on is root's session.
func TestEveryByteOfTheDialogue(t *testing.T) {
	leaktest.Check(t)
	step := 1
	if testing.Short() {
		step = 7
	}
	total := printedInAll(t)
	if total < 200 {
		t.Fatalf("the switch prints %d bytes only", total)
	}
	for _, what := range []string{"cut", "stall", "garble", "double", "NUL", "line"} {
		through := 0
		var all sync.WaitGroup
		var mu sync.Mutex
		atOnce := make(chan struct{}, 64)
		for at := 0; at < total; at += step {
			atOnce <- struct{}{}
			all.Go(func() {
				defer func() { <-atOnce }()
				if struck(t, what, at) {
					mu.Lock()
					through++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		t.Logf("%s: %d bytes, root in %d", what, total, through)
		if ends := what == "cut" || what == "stall"; ends != (through == 0) {
			t.Errorf("%s: root in %d", what, through)
		}
	}
}

// struck is one dialogue with one fault. True is a session in spite of it.
func struck(t *testing.T, what string, at int) bool {
	d := &device{}
	// Long against the pauses of a busy machine, which would look like the end of a prompt.
	o := Options{Password: password, Timeout: time.Second, Quiet: 60 * time.Millisecond}
	a := begin(t, t.Context(), d, o, func(c net.Conn) net.Conn {
		return &faultyWire{Conn: c, at: at, what: what, heard: func(line string) { (&session{device: d}).note("a stalled switch", line) }}
	})
	defer d.onlyThere(t)
	if a.err == nil {
		_ = a.stream.screen.closeTerminal()
		a.ended(t)
		return true
	}
	var e *Error
	if !errors.As(a.err, &e) || e.Hint() == "" && what != "cut" {
		t.Errorf("%s at %d: %v", what, at, a.err)
	}
	explained(t, a.err)
	a.ended(t)
	return false
}
