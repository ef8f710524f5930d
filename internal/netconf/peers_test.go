// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// BenchmarkPeers is our side of build-tools/bench_session.py, which measures other
// clients on the same server. VCHASSIS_BENCH says where it is and what to call.
func BenchmarkPeers(b *testing.B) {
	var at struct {
		Port                        int
		User, KnownHosts, Operation string
		Password                    secret.String
	}
	text := os.Getenv("VCHASSIS_BENCH")
	if text == "" {
		b.Skip("for make bench")
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		b.Fatal(err)
	}
	b.Setenv("SSH_AUTH_SOCK", "")
	config := sshconn.Config{Host: "127.0.0.1", Port: at.Port, User: at.User, Password: at.Password, KnownHosts: []string{at.KnownHosts}}
	call := func(b *testing.B, s *netconf.Session) {
		if _, err := s.Call(b.Context(), []byte("<"+at.Operation+"/>")); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("session", func(b *testing.B) {
		for b.Loop() {
			c, s := open(b, config)
			call(b, s)
			_ = s.Close()
			_ = c.Close()
		}
	})
	b.Run("call", func(b *testing.B) {
		c, s := open(b, config)
		defer c.Close()
		for b.Loop() {
			call(b, s)
		}
	})
}

// BenchmarkServe is no benchmark, but the server of bench_session.py for the reply
// of 20 MB. It prints where it is and serves until its standard input ends.
func BenchmarkServe(b *testing.B) {
	if os.Getenv("VCHASSIS_BENCH_SERVE") == "" {
		b.Skip("for make bench")
	}
	big := bigContent()
	g := &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(canary.Password)},
		Accept: func(string) bool { return true },
		Handle: func(ch ssh.Channel) { answerAnyID(ch, big) }}
	srv := g.Start(b)
	where, err := json.Marshal(map[string]any{"Port": srv.Port, "User": srv.User, "Password": canary.Password, "KnownHosts": srv.KnownHosts, "Operation": "get-a"})
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("\n%s\n", where)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

var messageID = regexp.MustCompile(`message-id="[^"]*"`)

// answerAnyID is answer for clients that do not count their messages.
func answerAnyID(stream io.ReadWriter, content string) {
	if _, err := io.WriteString(stream, hello10); err != nil {
		return
	}
	for in := frame.NewReader(stream, frame.Limits{}); ; {
		message, err := in.Next()
		if err != nil {
			return
		}
		id, inner := messageID.FindString(string(message)), content
		if id == "" {
			continue // the hello
		}
		if strings.Contains(string(message), "close-session") {
			inner = "<ok/>"
		}
		if _, err := io.WriteString(stream, "<rpc-reply "+id+">"+inner+"</rpc-reply>"+end); err != nil {
			return
		}
	}
}
