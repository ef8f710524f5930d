// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"net"
	"sync"
)

// Wire is what one connection between two members carried.
type Wire struct {
	Chassis   string `json:"chassis"`
	From      int    `json:"from"`
	To        int    `json:"to"`
	Transport string `json:"transport"`
	Data      []byte `json:"data"`
}

const captureLimit = 64 << 20

// capture is a tap on all links between members.
type capture struct {
	mu    sync.Mutex
	on    bool
	size  int
	wires []*Wire
}

// keepWires empties the tap and switches it on or off.
func (c *capture) keepWires(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on, c.size, c.wires = on, 0, nil
}

// copyWires returns copies of what was carried since the start.
func (c *capture) copyWires() []Wire {
	c.mu.Lock()
	defer c.mu.Unlock()
	wires := []Wire{}
	for _, w := range c.wires {
		copied := *w
		copied.Data = append([]byte(nil), w.Data...)
		wires = append(wires, copied)
	}
	return wires
}

// tapConn returns the connection itself when nobody listens.
func (c *capture) tapConn(conn net.Conn, w Wire) net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.on {
		return conn
	}
	wire := &w
	c.wires = append(c.wires, wire)
	return &tapped{Conn: conn, keep: func(p []byte) { c.keepBytes(wire, p) }}
}

func (c *capture) keepBytes(w *Wire, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size+len(p) > captureLimit {
		return
	}
	c.size += len(p)
	w.Data = append(w.Data, p...)
}

type tapped struct {
	net.Conn
	keep func([]byte)
}

func (t *tapped) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.keep(p[:n])
	return n, err
}

func (t *tapped) Write(p []byte) (int, error) {
	n, err := t.Conn.Write(p)
	t.keep(p[:n])
	return n, err
}
