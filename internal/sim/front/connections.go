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

func (c *connections) closeAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for conn := range c.conns {
		conn.Close()
	}
}

// trackConn lets close end the connection; the returned function forgets it.
func (c *connections) trackConn(conn net.Conn) (forget func()) {
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

// resetConn ends a connection without the courtesy of a FIN.
func resetConn(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// hangupOf cuts a connection, politely or not.
func hangupOf(conn net.Conn) func(bool) {
	return func(hard bool) {
		if hard {
			resetConn(conn)
			return
		}
		conn.Close()
	}
}
