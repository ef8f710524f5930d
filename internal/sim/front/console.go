// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"crypto/subtle"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
	"github.com/vchassis/vchassis.junos/internal/sim/rpc"
)

// console is the console port of a member, on a port of a terminal server. The line
// does not notice who is connected there: what runs on it goes on when a client
// goes away, and the next one finds it as it was left.
type console struct {
	listener net.Listener
	lab      *engine.Lab
	keys     *io.PipeReader
	press    *io.PipeWriter
	ended    chan struct{}

	mu   sync.Mutex
	conn net.Conn // nil: nobody is connected
	said []byte   // on the line, and not yet passed on
}

// gatherTime is for how long a terminal server gathers what a line says before it sends
// that on: without it, each part of a prompt would be a packet of its own.
const gatherTime = 20 * time.Millisecond

// openConsole listens until the lab ends.
func openConsole(lab *engine.Lab, host string, port int, owner func() *engine.Member) (engine.Door, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return engine.Door{}, err
	}
	c := &console{listener: l, lab: lab, ended: make(chan struct{})}
	c.keys, c.press = io.Pipe()
	lab.Go(func() { c.runLine(owner) })
	lab.Go(c.acceptClients)
	lab.OnClose(c.closeLine)
	return engine.Door{Address: l.Addr().String()}, nil
}

func (c *console) closeLine() {
	close(c.ended)
	c.listener.Close()
	_ = c.press.CloseWithError(io.EOF)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		c.conn.Close()
	}
}

// runLine is the line's own side: a login, and what runs behind it. Who owns the line is
// asked at each login.
func (c *console) runLine(owner func() *engine.Member) {
	term := cli.NewTerminal(c.keys, c, true)
	cli.Getty(term, func() string { return owner().HostName() }, func(name, password string) (cli.Device, bool) {
		m := owner()
		user, known := m.Named(name)
		if !known || user.Password == "" || subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 0 {
			return nil, false
		}
		return rpc.LogIn(m, user, func(bool) { _ = c.disconnect() }, c.ended), true
	}, c.ended)
}

func (c *console) acceptClients() {
	for {
		conn, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			c.lab.Go(func() { c.serveClient(conn) })
		}
	}
}

// serveClient passes on what one client types; a second one is turned away.
func (c *console) serveClient(conn net.Conn) {
	defer conn.Close()
	c.mu.Lock()
	taken := c.conn != nil
	if !taken {
		c.conn = conn
	}
	c.mu.Unlock()
	if taken {
		_, _ = io.WriteString(conn, "Port already in use\r\n")
		return
	}
	_, _ = io.Copy(c.press, conn)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
}

// Write prints on the line; without a client it is lost.
func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.said) == 0 && len(b) > 0 {
		time.AfterFunc(gatherTime, c.passOn)
	}
	c.said = append(c.said, b...)
	return len(b), nil
}

// passOn sends what was gathered.
func (c *console) passOn() {
	c.mu.Lock()
	said, conn := c.said, c.conn
	c.said = nil
	c.mu.Unlock()
	if conn != nil {
		_, _ = conn.Write(said)
	}
}

func (c *console) disconnect() error {
	c.passOn()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return nil
	}
	return c.conn.Close()
}
