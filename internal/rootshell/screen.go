// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"regexp"
	"sync"
	"time"
)

const (
	// mostSeen bounds what a terminal may print before the prompt that is awaited.
	mostSeen = 64 << 10
	// politeness bounds the wait for a shell or command line to end.
	politeness = time.Second
)

// screen reads a terminal, and holds what has come since the last line was typed.
type screen struct {
	terminal io.ReadWriteCloser
	chunks   chan []byte   // closed when the terminal has ended
	gone     chan struct{} // closed when nobody reads any more
	end      sync.Once
	err      error // why it has; to be read after chunks was closed
	seen     []byte
}

// newScreen starts a goroutine that ends with the terminal.
func newScreen(terminal io.ReadWriteCloser) *screen {
	s := &screen{terminal: terminal, chunks: make(chan []byte), gone: make(chan struct{})}
	go s.pumpChunks()
	return s
}

func (s *screen) pumpChunks() {
	defer close(s.chunks)
	for {
		b := make([]byte, 4<<10)
		n, err := s.terminal.Read(b)
		if n > 0 {
			select {
			case s.chunks <- b[:n]:
			case <-s.gone:
				s.err = io.ErrClosedPipe
				return
			}
		}
		if err != nil {
			s.err = err
			return
		}
	}
}

// typeLine sends a line, and forgets what was seen before it. It goes on reading
// meanwhile: a terminal may have to print before it takes more. What comes of it is
// sent to the channel.
func (s *screen) typeLine(line string) <-chan error {
	s.seen = nil
	written := make(chan error, 1)
	go func() { // ends with the write, which the end of the terminal ends
		_, err := io.WriteString(s.terminal, line+"\n")
		written <- err
	}()
	return written
}

// addChunk adds what has come; false says that it is too much.
func (s *screen) addChunk(chunk []byte) bool {
	s.seen = append(s.seen, chunk...)
	return len(s.seen) <= mostSeen
}

// visibleText is what has come, as a person would see it.
func (s *screen) visibleText() string { return stripSequences(s.seen) }

// A shell may print its prompt late, behind what was typed, and the session begins behind it.
var markup = regexp.MustCompile(`(?:^|[\r\n])(?:[ \t]*(<[!?A-Za-z])|[^<\r\n]*(<!-- |<\?xml |<hello\b))`)

// findMarkup returns where the markup of a session begins, or -1: first on its line, or
// behind something that has none, such as a prompt.
func (s *screen) findMarkup() int {
	m := markup.FindSubmatchIndex(s.seen)
	if m == nil {
		return -1
	}
	return max(m[2], m[4])
}

// drainUntil reads on until the end, until enough says so, or for so long. It returns
// what enough has said.
func (s *screen) drainUntil(most time.Duration, enough func([]byte) bool) bool {
	late := time.NewTimer(most)
	defer late.Stop()
	for {
		select {
		case chunk, ok := <-s.chunks:
			if !ok {
				return false
			}
			if enough != nil && enough(chunk) {
				return true
			}
		case <-late.C:
			return false
		}
	}
}

// abortTerminal ends the terminal at once, and all that it is part of.
func (s *screen) abortTerminal(cause error) {
	s.end.Do(func() { close(s.gone) })
	if a, ok := s.terminal.(interface{ Abort(error) }); ok {
		a.Abort(cause)
		return
	}
	_ = s.terminal.Close()
}

// closeTerminal ends the terminal, and the goroutine.
func (s *screen) closeTerminal() error {
	s.end.Do(func() { close(s.gone) })
	return s.terminal.Close()
}

func newNonce() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
