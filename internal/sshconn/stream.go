// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

const (
	// tailSize is how much of stderr is kept for messages.
	tailSize = 2 << 10
	// closeWait bounds the polite end of a channel.
	closeWait = time.Second
	// lastWords bounds the wait for the end of stderr and for the exit status.
	lastWords = 100 * time.Millisecond
)

// Stream is a channel's stdin and stdout. Its stderr is always drained, so that
// a talkative server cannot stop the stream, and only its end is kept.
type Stream struct {
	client *Client
	ch     ssh.Channel

	stderr  tail
	drained chan struct{} // closed at the end of stderr
	ended   chan struct{} // closed when the exit status is known, or that there is none
	mu      sync.Mutex
	status  string // how the remote program ended
	once    sync.Once
}

// newStream starts two goroutines, which end with the channel.
func newStream(c *Client, ch ssh.Channel, reqs <-chan *ssh.Request) *Stream {
	s := &Stream{client: c, ch: ch, drained: make(chan struct{}), ended: make(chan struct{})}
	go s.drainStderr()
	go s.readRequests(reqs)
	return s
}

// Read reads stdout. After the connection was aborted the error is why.
func (s *Stream) Read(b []byte) (int, error) {
	n, err := s.ch.Read(b)
	return n, s.explainEnd(err)
}

// Write writes to stdin.
func (s *Stream) Write(b []byte) (int, error) {
	n, err := s.ch.Write(b)
	return n, s.explainEnd(err)
}

// explainEnd replaces the end of a stream by what has ended it, if we did.
func (s *Stream) explainEnd(err error) error {
	if err == nil {
		return nil
	}
	if cause := s.client.Err(); cause != nil {
		return cause
	}
	return err
}

// Abort closes the whole connection, and gives cause as the reason to all who
// still wait on it. It never blocks.
func (s *Stream) Abort(cause error) { s.client.abortWith(cause) }

// Close closes the channel; the connection stays. When the other side does not
// take even that, the connection is closed too. It may be called again.
func (s *Stream) Close() error {
	s.once.Do(func() {
		stuck := time.AfterFunc(closeWait, func() { s.Abort(errors.New("close channel: no answer within " + phrase.Seconds(closeWait))) })
		defer stuck.Stop()
		_ = s.ch.Close() // says io.EOF when the other side was faster
	})
	return nil
}

// Stderr returns the last of what the remote program complained about, and how
// it ended. It waits a moment for the end of it: stdout and stderr come by
// different ways.
func (s *Stream) Stderr() string {
	enough := time.After(lastWords)
	for _, known := range []chan struct{}{s.drained, s.ended} {
		select {
		case <-known:
		case <-enough:
			return s.lastSaid()
		}
	}
	return s.lastSaid()
}

func (s *Stream) lastSaid() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.TrimSpace(s.stderr.String() + " " + s.status)
}

func (s *Stream) drainStderr() {
	defer close(s.drained)
	_, _ = io.Copy(&s.stderr, s.ch.Stderr())
}

func (s *Stream) readRequests(reqs <-chan *ssh.Request) {
	isKnown := sync.OnceFunc(func() { close(s.ended) })
	defer isKnown()
	for r := range reqs {
		if r.Type == "exit-status" && len(r.Payload) == 4 {
			s.mu.Lock()
			s.status = fmt.Sprintf("(exit status %d)", binary.BigEndian.Uint32(r.Payload))
			s.mu.Unlock()
			isKnown()
		}
		if r.WantReply {
			_ = r.Reply(false, nil)
		}
	}
}

var _ io.ReadWriteCloser = (*Stream)(nil)
