// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/Juniper/go-netconf/netconf"
)

// Session is a NETCONF session. Calls from several goroutines take turns.
type Session struct {
	options   Options
	stream    io.ReadWriteCloser
	transport *transport
	peer      *netconf.Session
	turn      chan struct{} // holds one token while a call is under way
	lastID    int

	mu    sync.Mutex
	cause error // why the session is dead
}

// ID returns the session-id that the server gave.
func (s *Session) ID() int { return s.peer.SessionID }

// Capabilities returns what the server's hello has announced.
func (s *Session) Capabilities() []string { return slices.Clone(s.peer.ServerCapabilities) }

// Comments returns the comments before the server's hello; Junos writes there
// who has logged in: "user root, class super-user".
func (s *Session) Comments() []string { return slices.Clone(s.transport.comments) }

// Err returns why the session is dead, nil while it is alive.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause
}

// exchangeHellos exchanges hellos. NewSession has no error to return, so the transport
// keeps it.
func (s *Session) exchangeHellos() error {
	s.peer = netconf.NewSession(s.transport)
	return s.transport.err
}

// killSession ends the session for good; the first cause stays. Closing the stream is
// what wakes a reader: streams through a jump host know no deadlines.
func (s *Session) killSession(cause error) {
	s.mu.Lock()
	if s.cause != nil {
		s.mu.Unlock()
		return
	}
	s.cause = cause
	s.mu.Unlock()
	if s.options.Ended != nil {
		s.options.Ended(cause)
	}
	if a, ok := s.stream.(interface{ Abort(error) }); ok {
		a.Abort(cause)
		return
	}
	_ = s.stream.Close()
}

// Call sends one operation, the XML inside <rpc>, and returns its reply. The error
// is a *ReplyError, with the reply, when that holds an error; a *SessionError,
// without a reply, when the session is dead; and another when the operation was
// refused before it was sent.
func (s *Session) Call(ctx context.Context, op []byte) (*Reply, error) {
	return firstReply(s.CallAll(ctx, op))
}

// CallAll sends operations in one write and returns their replies in order. It
// goes on after a reply with an error; the first *ReplyError is returned. Never
// send a commit so: it must not be on its way before the load was answered.
func (s *Session) CallAll(ctx context.Context, ops ...[]byte) ([]*Reply, error) {
	return s.CallWithin(ctx, s.options.RPCTimeout, "rpc_timeout", ops...)
}

// CallWithin is CallAll with a limit other than RPCTimeout, for commits. The
// option is what the operator would have to raise.
func (s *Session) CallWithin(ctx context.Context, limit time.Duration, option string, ops ...[]byte) ([]*Reply, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	names := make([]string, len(ops))
	for i, op := range ops {
		name, err := checkOperation(op)
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	ctx, cancel := withLimit(ctx, limit, option)
	defer cancel()
	return s.exchangeRPCs(ctx, names, ops)
}

func firstReply(replies []*Reply, err error) (*Reply, error) {
	if len(replies) == 0 {
		return nil, err
	}
	return replies[0], err
}

// exchangeRPCs takes its turn, sends and reads. A context that ends meanwhile kills
// the session: the replies to come would be taken for those of later calls.
func (s *Session) exchangeRPCs(ctx context.Context, names []string, ops [][]byte) ([]*Reply, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, s.sessionError(names[0], false, context.Cause(ctx))
	}
	if cause := s.Err(); cause != nil {
		return nil, s.sessionError(names[0], false, cause)
	}
	if ctx.Err() != nil { // nothing was sent: the session lives on
		return nil, &SessionError{Host: s.options.Host, Phase: names[0], Err: context.Cause(ctx)}
	}
	stop := context.AfterFunc(ctx, func() { s.killSession(context.Cause(ctx)) })
	defer stop()
	messages, ids, err := s.wrapOperations(ops)
	if err != nil {
		return nil, err
	}
	written := make(chan int) // how many operations have left us
	go func() {               // ends with the write; killSession ends the write
		n, _ := s.transport.sendAll(messages...) // the reading ends with the stream, or in time
		written <- n
	}()
	replies, at, err := s.readReplies(names, ids)
	var refused *ReplyError
	if err == nil || errors.As(err, &refused) {
		<-written // what is answered is written
		return replies, err
	}
	s.killSession(err)
	sent := <-written
	return replies, s.sessionError(names[at], sent > at, s.addLastWords(s.Err()))
}

// addLastWords adds the remote program's last words to an end that says nothing.
func (s *Session) addLastWords(err error) error {
	e, ok := s.stream.(interface{ Stderr() string })
	if ok && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) && e.Stderr() != "" {
		return fmt.Errorf("%w; it said: %.300q", err, e.Stderr())
	}
	return err
}

// wrapOperations numbers the operations and wraps them in <rpc>.
func (s *Session) wrapOperations(ops [][]byte) (messages [][]byte, ids []string, err error) {
	for _, op := range ops {
		s.lastID++
		id := strconv.Itoa(s.lastID)
		m, err := wrapOperation(id, op)
		if err != nil {
			return nil, nil, err
		}
		messages, ids = append(messages, m), append(ids, id)
	}
	return messages, ids, s.transport.checkSendable(messages)
}

// readReplies reads one reply for each id. It returns how many it has, and the
// first error that one of them holds, or what has ended the session.
func (s *Session) readReplies(names, ids []string) (all []*Reply, at int, err error) {
	var refused error
	for i, id := range ids {
		r, err := s.readReply(id)
		if err != nil {
			return all, i, err
		}
		all = append(all, r)
		if refused == nil {
			refused = r.errorOf(names[i])
		}
	}
	return all, len(ids), refused
}

// readReply reads the reply to one request, past notifications.
func (s *Session) readReply(id string) (*Reply, error) {
	for {
		raw, err := s.transport.Receive()
		if err != nil {
			return nil, endOfStream(err)
		}
		r, err := parseReply(raw)
		switch {
		case err != nil:
			return nil, err
		case r.root == "notification": // RFC 5277; nobody subscribed, and yet
			continue
		case r.root != "rpc-reply":
			return nil, fmt.Errorf("%w: want rpc-reply, got %.40q", ErrProtocol, r.root)
		case r.id == nil && len(r.Errors) > 0: // RFC 6241 4.3: an rpc whose message-id was not understood
			return r, nil
		case r.id == nil:
			return nil, fmt.Errorf("%w: rpc-reply without message-id", ErrProtocol)
		case *r.id != id:
			return nil, fmt.Errorf("%w: want message-id %s, got %.40q", ErrProtocol, id, *r.id)
		}
		return r, nil
	}
}

// endOfStream says that the end of the stream is none of ours.
func endOfStream(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the device closed the session: %w", err)
	}
	return err
}

func (s *Session) sessionError(phase string, sent bool, err error) error {
	return &SessionError{Host: s.options.Host, Phase: phase, Sent: sent, Err: err}
}
