// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"net"
	"sync"
)

// connections are those that the end of the lab has to end.
type connections struct {
	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool
}

func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for conn := range c.conns {
		conn.Close()
	}
}

// track lets close end the connection; the returned function forgets it.
func (c *connections) track(conn net.Conn) (forget func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		conn.Close()
	}
	if c.conns == nil {
		c.conns = map[net.Conn]bool{}
	}
	c.conns[conn] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.conns, conn)
	}
}

// reset ends a connection without the courtesy of a FIN.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// hangup cuts a connection, politely or not.
func hangup(conn net.Conn) func(bool) {
	return func(hard bool) {
		if hard {
			reset(conn)
			return
		}
		conn.Close()
	}
}
