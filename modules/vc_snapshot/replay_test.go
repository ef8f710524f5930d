// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/trace"
)

// replay answers from a trace: a server for any user, whose n-th session says what the
// n-th of the trace was told.
type replay struct {
	t        *testing.T
	address  string
	known    string
	sessions [][]trace.Event

	mu   sync.Mutex
	next int
}

func newReplay(t *testing.T, events []trace.Event) *replay {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{t: t, address: l.Addr().String(), sessions: sessionsOf(events)}
	r.known = filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(r.known, []byte(knownhosts.Line([]string{r.address}, signer.PublicKey())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PasswordCallback: func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { return nil, nil }}
	config.AddHostKey(signer)
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { r.serve(conn, config) })
		}
	})
	t.Cleanup(func() { l.Close(); work.Wait() })
	return r
}

// sessionsOf are the events of each session that came to a hello.
func sessionsOf(events []trace.Event) (all [][]trace.Event) {
	at := map[int]int{}
	for _, e := range events {
		if e.Session == 0 || e.Kind == trace.Opened {
			continue
		}
		if _, ok := at[e.Session]; !ok {
			at[e.Session] = len(all)
			all = append(all, nil)
		}
		all[at[e.Session]] = append(all[at[e.Session]], e)
	}
	for _, events := range all {
		helloFirst(events)
	}
	return all
}

// helloFirst lets the server begin. Neither side waits for the other's hello (RFC 6241,
// section 8.1), so which of them a trace has first is chance; but behind a shell the client
// says nothing before it has seen that of the server.
func helloFirst(events []trace.Event) {
	if len(events) > 1 && events[0].Kind == trace.Sent && rootOf(events[0].Text) == "" && events[1].Kind == trace.Got {
		events[0], events[1] = events[1], events[0]
	}
}

func (r *replay) serve(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests) // ends with the connection
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		kind := acceptSession(requests)
		go ssh.DiscardRequests(requests) // ends with the channel
		if kind == "shell" && !playRootShell(channel) || !r.play(channel) {
			return
		}
	}
}

// acceptSession grants a subsystem, or a shell on a terminal, and tells which.
func acceptSession(requests <-chan *ssh.Request) string {
	for q := range requests {
		isEnd := q.Type == "subsystem" || q.Type == "shell"
		_ = q.Reply(isEnd || q.Type == "pty-req", nil)
		if isEnd {
			return q.Type
		}
	}
	return ""
}

// playRootShell is a switch on which everybody becomes root, up to where NETCONF begins.
func playRootShell(channel ssh.Channel) bool {
	const prompt, root = "admin@switch> ", "root@switch:RE:0% "
	_, _ = io.WriteString(channel, prompt)
	for typed := []byte(nil); ; {
		var b [1]byte
		if _, err := channel.Read(b[:]); err != nil {
			return false
		}
		if typed = append(typed, b[0]); b[0] != '\n' {
			continue
		}
		line := strings.TrimSpace(string(typed))
		typed = nil
		answer := root
		switch mark := shellMark.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "set cli "):
			answer = prompt
		case strings.HasPrefix(line, "start shell "):
			answer = "Password:"
		case mark != nil:
			answer = "0\n" + mark[1] + mark[2] + "\n" + root
		case strings.Contains(line, "netconf"):
			return true
		}
		_, _ = io.WriteString(channel, line[:len(line)*min(1, strings.Count(line, " "))]+"\n"+answer) // a password is not echoed
	}
}

// shellMark is the two halves of the word by which a shell shows whose it is.
var shellMark = regexp.MustCompile(`echo "([^"]*)""([^"]*)"`)

// play says what the next session was told; false ends the connection as it ended then.
func (r *replay) play(channel ssh.Channel) bool {
	r.mu.Lock()
	n := r.next
	r.next++
	r.mu.Unlock()
	if n >= len(r.sessions) {
		r.t.Errorf("a session more than the trace has: %d", n+1)
		return false
	}
	in, out := frame.NewReader(channel, frame.Limits{Message: 8 << 20}), frame.NewWriter(channel)
	chunked := false
	for _, e := range r.sessions[n] {
		switch e.Kind {
		case trace.Sent:
			got, err := in.Next()
			if err != nil {
				return false
			}
			if want, have := rootOf(e.Text), rootOf(string(got)); want != have {
				r.t.Errorf("session %d: the trace was asked %s, and now %s", n+1, want, have)
				return false
			}
			if chunked && rootOf(e.Text) == "" {
				in.Chunked()
				out.Chunked()
			}
		case trace.Got:
			if _, err := out.Write([]byte(e.Text)); err != nil {
				return false
			}
			if strings.Contains(e.Text, "base:1.1<") {
				chunked = true
			}
		case trace.Closed:
			if strings.Contains(e.Text, "no answer within") {
				_, _ = io.Copy(io.Discard, channel) // until the client has waited long enough
			}
			return false
		}
	}
	_ = channel.Close()
	return true
}

var rpcPattern = regexp.MustCompile(`<(?:[\w-]+:)?rpc\b[^>]*>\s*<(?:[\w-]+:)?([\w.-]+)`)

// rootOf is the operation in a message; "" for a hello.
func rootOf(text string) string {
	if m := rpcPattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
