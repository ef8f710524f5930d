// SPDX-License-Identifier: GPL-3.0-or-later

// Package netconf is a NETCONF session (RFC 6241) over any byte stream, as a rule
// over SSH (RFC 6242): hello, framing, rpc and rpc-error. It knows no operation of
// Junos, and no Ansible; what it knows of Junos is how its replies deviate.
//
// A session that has failed stays dead, and every later call says why. Replies
// are limited, sanitized and checked before anyone parses them.
package netconf

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
)

// Options are limits. Zero values work.
type Options struct {
	Host         string        // for messages; Open takes it from the connection
	RPCTimeout   time.Duration // for the replies to one Call; 0: 60 s
	HelloTimeout time.Duration // for channel and hello; 0: 30 s
	CloseTimeout time.Duration // for close-session; 0: 2 s
	MaxReply     int64         // bytes of a reply; 0: frame.DefaultMessage
	MaxHello     int64         // bytes of a hello; 0: 1 MiB
	Terminal     bool          // the stream is a terminal, at which more may be printed between two messages

	// Observe is shown every whole message, just before it is sent or when it has come,
	// hellos among them. It may be called by two goroutines at once, and keeps nothing
	// of the message.
	Observe func(sent bool, message []byte)
	// Ended is told why a session has ended that we did not close.
	Ended func(cause error)
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		value *time.Duration
		zero  time.Duration
	}{{&o.RPCTimeout, time.Minute}, {&o.HelloTimeout, 30 * time.Second}, {&o.CloseTimeout, 2 * time.Second}} {
		if *d.value <= 0 {
			*d.value = d.zero
		}
	}
	if o.MaxHello <= 0 {
		o.MaxHello = 1 << 20
	}
	if o.Host == "" {
		o.Host = "the peer"
	}
	return o
}

// fallbackCommand is what Junos runs for the subsystem, for logins without it.
const fallbackCommand = "xml-mode netconf need-trailer"

// Open starts a session on a connection: with the subsystem, or with the command
// behind it when the server refuses that. The connection stays the caller's to
// close; a session that is cancelled or broken closes it too.
func Open(ctx context.Context, c *sshconn.Client, o Options) (*Session, error) {
	o.Host = c.Host()
	o = o.withDefaults()
	ctx, cancel := withLimit(ctx, o.HelloTimeout, "connect_timeout")
	defer cancel()
	stream, err := c.Subsystem(ctx, "netconf")
	var refused *sshconn.ChannelError
	if errors.As(err, &refused) && !refused.NoChannel() {
		if stream, err = c.Exec(ctx, fallbackCommand); errors.As(err, &refused) && !refused.NoChannel() {
			err = &SessionError{Host: o.Host, Phase: "channel", Err: refused, Remedy: noNetconf}
		}
	}
	if err != nil {
		return nil, err
	}
	return New(ctx, stream, o)
}

const noNetconf = "on the switch, set system services netconf ssh; then use port 830"

// New starts a session on a stream, which it takes over and closes, also when
// it fails.
func New(ctx context.Context, stream io.ReadWriteCloser, o Options) (*Session, error) {
	o = o.withDefaults()
	s := &Session{options: o, stream: stream, turn: make(chan struct{}, 1)}
	s.transport = newTransport(stream, o)
	ctx, cancel := withLimit(ctx, o.HelloTimeout, "connect_timeout")
	defer cancel()
	stop := context.AfterFunc(ctx, func() { s.killSession(context.Cause(ctx)) })
	err := s.exchangeHellos()
	if !stop() {
		err = context.Cause(ctx) // the deadline has closed the stream
	}
	if err != nil {
		err = s.addLastWords(err)
		s.killSession(err)
		return nil, s.sessionError("hello", false, err)
	}
	return s, nil
}

// withLimit bounds ctx; the cause of its end names the option.
func withLimit(ctx context.Context, d time.Duration, option string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, &lateError{option, d})
}

// lateError is the cause of a context that an option has ended.
type lateError struct {
	option string
	after  time.Duration
}

// Option names the option that would give more time.
func (e *lateError) Option() string { return e.option }

func (e *lateError) Error() string { return "no answer within " + phrase.Seconds(e.after) }

func (e *lateError) Is(target error) bool { return target == context.DeadlineExceeded }
