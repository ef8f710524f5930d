// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/crypto/ssh"
)

// Client is a logged-in connection. It may be used by several goroutines.
type Client struct {
	ssh      *ssh.Client   // of the last hop
	hop      *hop          // the last
	clients  []*ssh.Client // of all hops
	warnings []string
	offer    Offer // of the last hop

	mu     sync.Mutex
	conns  []net.Conn // of all hops
	cause  error      // why it ended
	closed chan struct{}
}

// ErrClosed is what a client that was closed says.
var ErrClosed = errors.New("connection was closed")

func newClient() *Client { return &Client{closed: make(chan struct{})} }

// Host returns the name, address and port of the switch, for messages.
func (c *Client) Host() string { return c.hop.label() }

// Warnings returns what an operator should know about this connection.
func (c *Client) Warnings() []string { return slices.Clone(c.warnings) }

// Close ends the connection and what runs over it. It does not wait for the
// other side, and may be called again.
func (c *Client) Close() error {
	c.abortWith(ErrClosed)
	return nil
}

// Err returns why the connection has ended, nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// abortWith ends the connection for good; the first cause stays. The first hop's
// stream is closed first, since through it all others could be stuck.
func (c *Client) abortWith(cause error) {
	c.mu.Lock()
	if c.cause != nil {
		c.mu.Unlock()
		return
	}
	c.cause = cause
	close(c.closed)
	c.mu.Unlock()
	c.closeConns()
	for _, s := range c.clients {
		_ = s.Close()
	}
}

func (c *Client) closeConns() {
	c.mu.Lock()
	conns := slices.Clone(c.conns)
	c.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
	}
}

// keepConn remembers a connection to be closed. When the client has ended already
// it is closed at once.
func (c *Client) keepConn(conn net.Conn) {
	c.mu.Lock()
	c.conns = append(c.conns, conn)
	ended := c.cause != nil
	c.mu.Unlock()
	if ended {
		_ = conn.Close()
	}
}

// openForward opens a stream through this client to the next hop.
func (c *Client) openForward(ctx context.Context, h *hop) (net.Conn, error) {
	conn, err := c.ssh.DialContext(ctx, "tcp", h.address())
	var refused *ssh.OpenChannelError
	if errors.As(err, &refused) {
		return nil, fmt.Errorf("jump host %s cannot reach it: %s (%s)", c.hop.label(), refused.Message, refused.Reason)
	}
	if err != nil && isHungUp(err) {
		err = fmt.Errorf("the server closed the connection: %w", io.ErrUnexpectedEOF)
	}
	if err != nil {
		return nil, fmt.Errorf("through jump host %s: %w", c.hop.label(), err)
	}
	return conn, nil
}

// Subsystem opens a channel with a subsystem, such as "netconf". A refusal is a
// *ChannelError; the connection can still be used then.
func (c *Client) Subsystem(ctx context.Context, name string) (*Stream, error) {
	return c.openChannel(ctx, namedRequest("subsystem", name))
}

// Exec opens a channel that runs a command. A refusal is a *ChannelError.
func (c *Client) Exec(ctx context.Context, command string) (*Stream, error) {
	return c.openChannel(ctx, namedRequest("exec", command))
}

// ChannelError is a channel or a request on it that the server has refused.
type ChannelError struct {
	Request string // "subsystem netconf"
	Err     error
}

func (e *ChannelError) Error() string {
	if e.Err == nil {
		return "the server refused " + e.Request
	}
	return "the server refused " + e.Request + ": " + e.Err.Error()
}

func (e *ChannelError) Unwrap() error { return e.Err }

// NoChannel tells whether no channel was to be had at all, for whatever request.
func (e *ChannelError) NoChannel() bool { return e.Err != nil }

// channelRequest is a request on a channel that has to be granted.
type channelRequest struct {
	kind    string
	name    string // in messages
	payload []byte
}

// namedRequest is one whose payload is a string.
func namedRequest(kind, value string) channelRequest {
	return channelRequest{kind, kind + " " + value, ssh.Marshal(struct{ Value string }{value})}
}

// sendRequests sends requests in turn, until one is refused.
func sendRequests(ch ssh.Channel, all []channelRequest) error {
	for _, r := range all {
		ok, err := ch.SendRequest(r.kind, true, r.payload)
		if err == nil && !ok {
			err = &ChannelError{Request: r.name}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) openChannel(ctx context.Context, requests ...channelRequest) (*Stream, error) {
	if err := c.Err(); err != nil {
		return nil, c.explainChannel(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { c.abortWith(context.Cause(ctx)) })
	defer stop()
	ch, reqs, err := c.ssh.OpenChannel("session", nil)
	if err != nil {
		var refused *ssh.OpenChannelError
		if errors.As(err, &refused) {
			err = &ChannelError{"a channel", refused}
		}
		return nil, c.explainChannel(ctx, err)
	}
	s := newStream(c, ch, reqs)
	if err := sendRequests(ch, requests); err != nil {
		_ = s.Close()
		return nil, c.explainChannel(ctx, err)
	}
	return s, nil
}

// explainChannel prefers why the connection has ended to what the read said. A
// server that ends it here has taken the login before.
func (c *Client) explainChannel(ctx context.Context, err error) error {
	if cause := c.Err(); cause != nil {
		err = cause
	}
	if isHungUp(err) {
		err = fmt.Errorf("after the login the server closed the connection: %w", io.ErrUnexpectedEOF)
	}
	return phaseError(ctx, PhaseChannel, c.hop, err)
}

// isHungUp recognises a connection that has ended while a channel was opened, for
// which x/crypto/ssh also has "a packet of no type".
func isHungUp(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return strings.Contains(err.Error(), "in response to channel open: <nil>")
}
