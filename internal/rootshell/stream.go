// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"io"
	"sync"
)

// Stream is the bytes of a NETCONF session in root's shell.
type Stream struct {
	screen *screen
	rest   []byte // came already
	prompt string // of the command line below the shell; "": there is none
	once   sync.Once
	mu     sync.Mutex
	tail   []byte // the end of what was read, where the prompt may be
}

const tailSize = 1 << 10

// Read reads what the device sends.
func (s *Stream) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		chunk, ok := <-s.screen.chunks
		if !ok {
			return 0, s.screen.err
		}
		s.rest = chunk
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	s.rememberTail(b[:n])
	return n, nil
}

// Write sends to the device.
func (s *Stream) Write(b []byte) (int, error) { return s.screen.terminal.Write(b) }

// Abort ends the terminal and the connection below it at once.
func (s *Stream) Abort(cause error) { s.screen.abortTerminal(cause) }

// Close logs out, if the session has ended and its shell with it, and ends the
// terminal. It may be called again.
func (s *Stream) Close() error {
	s.once.Do(func() {
		if s.isBack(nil) || s.screen.drainUntil(politeness, s.isBack) {
			s.screen.typeLine(exitCommand)
			s.screen.drainUntil(politeness, nil)
		}
		_ = s.screen.closeTerminal() // says io.EOF when the other side was faster
	})
	return nil
}

func (s *Stream) rememberTail(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tail = append(s.tail, b...)
	if over := len(s.tail) - tailSize; over > 0 {
		s.tail = append(s.tail[:0], s.tail[over:]...)
	}
}

// isBack says whether the command line is there again.
func (s *Stream) isBack(chunk []byte) bool {
	s.rememberTail(chunk)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.prompt != "" && lastLine(stripSequences(s.tail)) == s.prompt
}

var _ io.ReadWriteCloser = (*Stream)(nil)
