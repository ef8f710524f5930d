// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// answer serves a session: every rpc gets the same content.
func answer(stream io.ReadWriter, content string) {
	if _, err := io.WriteString(stream, hello10); err != nil {
		return
	}
	in := frame.NewReader(stream, frame.Limits{})
	if _, err := in.Next(); err != nil {
		return
	}
	for id := 1; ; id++ {
		if _, err := in.Next(); err != nil {
			return
		}
		if _, err := io.WriteString(stream, reply(id, content)+end); err != nil {
			return
		}
	}
}

func startSSH(b *testing.B, content string) sshconn.Config {
	b.Helper()
	g := &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(canary.Password)},
		Accept: func(string) bool { return true },
		Handle: func(ch ssh.Channel) { answer(ch, content) }}
	srv := g.Start(b)
	return sshconn.Config{Host: srv.Host, Port: srv.Port, User: "admin", Password: canary.Password, KnownHosts: []string{srv.KnownHosts}}
}

func open(b *testing.B, config sshconn.Config) (*sshconn.Client, *netconf.Session) {
	b.Helper()
	c, err := sshconn.Dial(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	s, err := netconf.Open(b.Context(), c, netconf.Options{MaxReply: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	return c, s
}

// Connect, log in, hello, one RPC, close.
func BenchmarkSession(b *testing.B) {
	config := startSSH(b, "<ok/>")
	for b.Loop() {
		c, s := open(b, config)
		if _, err := s.Call(b.Context(), []byte("<get-a/>")); err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
		_ = c.Close()
	}
}

// One RPC on an open session.
func BenchmarkCall(b *testing.B) {
	c, s := open(b, startSSH(b, "<ok/>"))
	defer c.Close()
	for b.Loop() {
		if _, err := s.Call(b.Context(), []byte("<get-a/>")); err != nil {
			b.Fatal(err)
		}
	}
}

const bigReply = 20 << 20

func bigContent() string {
	row := "<physical-interface><name>ge-0/0/0</name><admin-status>up</admin-status><mtu>1514</mtu></physical-interface>\n"
	return strings.Repeat(row, bigReply/len(row))
}

// A reply of 20 MB over SSH, read, sanitized, checked.
func BenchmarkReply20MB(b *testing.B) {
	c, s := open(b, startSSH(b, bigContent()))
	defer c.Close()
	b.SetBytes(bigReply)
	for b.Loop() {
		if _, err := s.Call(b.Context(), []byte("<get-a/>")); err != nil {
			b.Fatal(err)
		}
	}
}

// The same without SSH, to see what is ours.
func BenchmarkReply20MBOverPipe(b *testing.B) {
	client, srv := net.Pipe()
	content := bigContent()
	go answer(srv, content) // ends with the pipe
	s, err := netconf.New(b.Context(), client, netconf.Options{MaxReply: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	b.SetBytes(bigReply)
	for b.Loop() {
		if r, err := s.Call(b.Context(), []byte("<get-a/>")); err != nil || len(r.Raw) < bigReply-200 {
			b.Fatal(fmt.Sprint(err))
		}
	}
}
