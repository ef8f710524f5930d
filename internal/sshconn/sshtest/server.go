// SPDX-License-Identifier: GPL-3.0-or-later

package sshtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
)

// Go is an SSH server in this process. Set the fields before Start; zero values
// let nobody in.
type Go struct {
	Config ssh.ServerConfig
	// Accept is asked for each request on a session channel, "subsystem netconf".
	Accept func(request string) bool
	// Handle gets the channel after a request was accepted; it is closed after.
	Handle func(ch ssh.Channel)
	// Forward makes the server a jump host.
	Forward bool
	// Wire, if set, gets the bytes' connection before the handshake.
	Wire func(net.Conn)
	// Conn, if set, gets the connection after login instead of all that.
	Conn func(*ssh.ServerConn, <-chan ssh.NewChannel, <-chan *ssh.Request)

	signer ssh.Signer
}

// Start starts the server and returns where it listens.
func (g *Go) Start(t testing.TB) *Server {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if g.signer, err = ssh.NewSignerFromKey(key); err != nil {
		t.Fatal(err)
	}
	g.Config.AddHostKey(g.signer)
	s := Raw(t, g.serveConn)
	s.User, s.Dir = "admin", t.TempDir()
	s.KnownHosts = filepath.Join(s.Dir, "known_hosts")
	Write(t, s.KnownHosts, "127.0.0.1 "+string(ssh.MarshalAuthorizedKey(g.signer.PublicKey())))
	return s
}

// Fingerprint returns that of the host key.
func (g *Go) Fingerprint() string { return ssh.FingerprintSHA256(g.signer.PublicKey()) }

// Raw runs a function for each connection, which is closed after. The test ends
// when all have returned, so they must return when their connection is closed.
func Raw(t testing.TB, handle func(net.Conn)) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
	var all sync.WaitGroup
	var open sync.Map
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
			open.Store(conn, nil)
			all.Go(func() {
				defer func() { _ = conn.Close(); open.Delete(conn) }()
				handle(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
		all.Wait()
	})
	return s
}

func (g *Go) serveConn(conn net.Conn) {
	if g.Wire != nil {
		g.Wire(conn)
	}
	sc, chans, reqs, err := ssh.NewServerConn(conn, &g.Config)
	if err != nil {
		return
	}
	defer sc.Close()
	if g.Conn != nil {
		g.Conn(sc, chans, reqs)
		return
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { ssh.DiscardRequests(reqs) })
	for nc := range chans {
		if nc.ChannelType() == "direct-tcpip" && g.Forward {
			all.Go(func() { g.forwardChannel(nc) })
			continue
		}
		if nc.ChannelType() != "session" {
			_ = nc.Reject(ssh.UnknownChannelType, "only sessions here")
			continue
		}
		ch, in, err := nc.Accept()
		if err != nil {
			return
		}
		all.Go(func() { g.serveSession(ch, in) })
	}
}

// forwardChannel joins a channel with a connection, until one of them ends.
func (g *Go) forwardChannel(nc ssh.NewChannel) {
	var to struct {
		Host       string
		Port       uint32
		Origin     string
		OriginPort uint32
	}
	if err := ssh.Unmarshal(nc.ExtraData(), &to); err != nil {
		_ = nc.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))))
	if err != nil {
		_ = nc.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	defer conn.Close()
	ch, in, err := nc.Accept()
	if err != nil {
		return
	}
	defer ch.Close()
	go ssh.DiscardRequests(in)
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(ch, conn); _ = ch.Close() })
	both.Go(func() { _, _ = io.Copy(conn, ch); _ = conn.Close() })
	both.Wait()
}

// serveSession serves one channel until its request stream ends.
func (g *Go) serveSession(ch ssh.Channel, in <-chan *ssh.Request) {
	defer ch.Close()
	for r := range in {
		var what struct{ Value string }
		ok := ssh.Unmarshal(r.Payload, &what) == nil && g.Accept != nil && g.Accept(r.Type+" "+what.Value)
		if r.WantReply {
			_ = r.Reply(ok, nil)
		}
		if ok {
			go ssh.DiscardRequests(in)
			if g.Handle != nil {
				g.Handle(ch)
			}
			return
		}
	}
}

// Password makes a callback that accepts one password.
func Password(want string) func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) {
	return func(_ ssh.ConnMetadata, got []byte) (*ssh.Permissions, error) {
		if string(got) != want {
			return nil, errors.New("no")
		}
		return nil, nil
	}
}
