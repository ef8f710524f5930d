// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"io"

	"github.com/Juniper/go-netconf/netconf"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

// transport is a netconf.Transport that keeps to RFC 6242. It keeps the error of
// the hello exchange, which netconf.NewSession would drop.
type transport struct {
	stream   io.ReadWriteCloser
	in       *frame.Reader
	out      *frame.Writer
	options  Options
	chunked  bool
	comments []string
	err      error
}

var _ netconf.Transport = (*transport)(nil)

func newTransport(stream io.ReadWriteCloser, o Options) *transport {
	in := frame.NewReader(stream, frame.Limits{Message: o.MaxHello})
	if o.Terminal {
		in.SkipText()
	}
	return &transport{stream: stream, in: in, out: frame.NewWriter(stream), options: o}
}

// Send sends one message.
func (t *transport) Send(m []byte) error {
	_, err := t.sendAll(m)
	return err
}

// sendAll sends messages in one write and returns how many were sent completely.
func (t *transport) sendAll(m ...[]byte) (int, error) {
	for _, one := range m {
		t.observe(true, one)
	}
	return t.out.Write(m...)
}

func (t *transport) observe(sent bool, message []byte) {
	if t.options.Observe != nil {
		t.options.Observe(sent, message)
	}
}

// checkSendable refuses what the framing cannot carry, before anything is sent.
func (t *transport) checkSendable(messages [][]byte) error {
	dry := frame.NewWriter(io.Discard)
	if t.chunked {
		dry.Chunked()
	}
	_, err := dry.Write(messages...)
	return err
}

// Receive returns the next message.
func (t *transport) Receive() ([]byte, error) {
	m, err := t.in.Next()
	if err == nil {
		t.observe(false, m)
	}
	return m, err
}

// Close closes the stream.
func (t *transport) Close() error { return t.stream.Close() }

// SetVersion is told by NewSession which framing both sides know.
func (t *transport) SetVersion(v string) {
	t.in.SetLimits(frame.Limits{Message: t.options.MaxReply})
	if v == "v1.1" {
		t.chunked = true
		t.in.Chunked()
		t.out.Chunked()
	}
}

// ReceiveHello sends our hello, because some servers wait for it, and returns the
// server's. Both go on at once: a server may not read before it has written.
func (t *transport) ReceiveHello() (*netconf.HelloMessage, error) {
	written := make(chan error)
	go func() { written <- t.Send(clientHello()) }() // ends with the stream
	hello, comments, err := readHello(t.Receive)
	if err != nil {
		_ = t.stream.Close()
	}
	if werr := <-written; err == nil {
		err = werr
	}
	t.comments, t.err = comments, err
	return hello, err
}

// SendHello does nothing: ReceiveHello has sent it.
func (t *transport) SendHello(*netconf.HelloMessage) error { return nil }
