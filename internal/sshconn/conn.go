// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"bufio"
	"net"
	"sync"
)

// watchedConn knows in which phase a login is, by what has passed. Its reader is
// buffered because x/crypto reads the banner byte by byte.
type watchedConn struct {
	net.Conn
	in     *bufio.Reader
	atLine bool // the next byte begins a line
	seen   int  // so many bytes of "SSH-" were seen at the beginning of this line
	banner bool // the version line is complete

	first   []byte // the first packet behind that line, or its beginning
	offered bool   // it is complete

	mu    sync.Mutex
	phase Phase
	cause error // why we have closed it

	closeOnce sync.Once
	closeErr  error
}

func watchConn(c net.Conn) *watchedConn {
	return &watchedConn{Conn: c, in: bufio.NewReaderSize(c, 32<<10), atLine: true, phase: PhaseBanner}
}

func (c *watchedConn) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	rest := b[:n]
	if !c.banner {
		rest = c.lookForVersion(rest)
	}
	c.keepOffer(rest)
	return n, err
}

// lookForVersion ends the banner phase with the line that begins with "SSH-", and
// returns what is behind that line.
func (c *watchedConn) lookForVersion(b []byte) []byte {
	const version = "SSH-"
	for i, x := range b {
		switch {
		case x == '\n' && c.seen == len(version):
			c.banner = true
			c.enterPhase(PhaseKeyExchange)
			return b[i+1:]
		case x == '\n':
			c.atLine, c.seen = true, 0
		case c.seen == len(version):
		case c.atLine && x == version[c.seen]:
			c.seen++
		default:
			c.atLine, c.seen = false, 0
		}
	}
	return nil
}

func (c *watchedConn) enterPhase(p Phase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase = p
}

func (c *watchedConn) currentPhase() Phase {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phase
}

// closeWith closes the connection, and keeps why.
func (c *watchedConn) closeWith(cause error) {
	c.mu.Lock()
	if c.cause == nil {
		c.cause = cause
	}
	c.mu.Unlock()
	_ = c.Close()
}

func (c *watchedConn) closedBecause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// Close closes once: several ends of a connection may meet here.
func (c *watchedConn) Close() error {
	c.closeOnce.Do(func() { c.closeErr = c.Conn.Close() })
	return c.closeErr
}
