// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
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
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/trace"
	"github.com/vchassis/vchassis.junos/modules"
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
	return all
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
		for q := range requests {
			_ = q.Reply(q.Type == "subsystem", nil)
			if q.Type == "subsystem" {
				break
			}
		}
		go ssh.DiscardRequests(requests) // ends with the channel
		if !r.play(channel) {
			return
		}
	}
}

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

// runAgain calls the module of a trace with its options, against a server that answers
// from it.
func runAgain(t *testing.T, events []trace.Event) map[string]any {
	t.Helper()
	r := newReplay(t, events)
	host, port, _ := net.SplitHostPort(r.address)
	h := events[0].Header
	all := with(h.Options, map[string]any{"host": host, "port": port, "username": "admin", "password": "Canary-Passw0rd", "known_hosts": []string{r.known}, "use_agent": false,
		"_ansible_check_mode": h.Check, "_ansible_diff": true, "_ansible_vchassis_tag": h.Run})
	text, _ := json.Marshal(all)
	for _, m := range modules.Table() {
		if m.Name == h.Module {
			result, _ := m.Run(t.Context(), text, nil)
			var answer map[string]any
			if err := json.Unmarshal(result, &answer); err != nil {
				t.Fatal(err)
			}
			return answer
		}
	}
	t.Fatalf("no module %s", h.Module)
	return nil
}

// The trace of a run that failed, played again, fails in the same words.
func TestTracesReplay(t *testing.T) {
	failed := 0
	for seed := uint64(0); failed < 20; seed++ {
		if seed > 400 {
			t.Fatalf("only %d runs failed", failed)
		}
		r := mathrand.New(mathrand.NewPCG(seed, 18))
		s, err := sim.ParseScenario([]byte(randomChassis(r)))
		if err != nil {
			t.Fatal(err)
		}
		lab := start(t, s)
		module, options := randomTask(r)
		if fault := randomFault(r); fault != nil {
			if _, err := lab.AddFault(*fault); err != nil {
				t.Fatal(err)
			}
		}
		dir := t.TempDir()
		options["username"] = "admin"
		first := run(t, lab, module, false, with(options, map[string]any{"trace": dir}))
		files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
		lab.Close()
		if first["failed"] != true || len(files) != 1 {
			continue
		}
		failed++
		t.Run(fmt.Sprintf("%d_%s", seed, module), func(t *testing.T) {
			events, err := trace.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			again := runAgain(t, events)
			if a, b := steady(first), steady(again); a != b {
				t.Errorf("the run said\n%s\nand the replay\n%s\n%s", a, b, trace.Show(events))
			}
			readableWhereverItIsCut(t, files[0], len(events))
		})
	}
}

func readableWhereverItIsCut(t *testing.T, file string, whole int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.IndexByte(string(text), '\n') + 1
	for cut := len(text); cut >= first; cut -= 1 + len(text)/200 {
		events, err := trace.Read(strings.NewReader(string(text[:cut])))
		if err != nil || len(events) == 0 || len(events) > whole {
			t.Fatalf("cut at %d: %d events, %v", cut, len(events), err)
		}
		if n := strings.Count(string(text[:cut]), "\n"); len(events) != n {
			t.Errorf("cut at %d: %d events of %d", cut, len(events), n)
		}
	}
}

// A trace holds neither what the run logged in with, nor what the configuration hides.
func TestTraceHoldsNoSecret(t *testing.T) {
	s, err := sim.ParseScenario([]byte(`
chassis:
  - name: vc1
    config_add: |
      set system services ssh root-login allow
      set snmp community Kanarie1 authorization read-only
      set groups Kanarie2 system commit apply-macro Kanarie3 x "Kanarie4 y"
      set apply-groups Kanarie2
      set system services ssh authorized-keys-command-user "Kanarie5=x"
`))
	if err != nil {
		t.Fatal(err)
	}
	lab, dir := start(t, s), t.TempDir()
	for _, task := range []struct {
		module  string
		options map[string]any
	}{
		{"vc_info", map[string]any{"username": "admin"}},
		{"vc_authorized_keys_command", map[string]any{"username": "root", "command": command, "user": user, "replace": true, "comment": "Kanarie6"}},
		{"vc_snapshot", map[string]any{"username": "admin", "dest": t.TempDir(), "anonymize_key": "Kanarie7-Kanarie7-Kanarie7"}},
	} {
		run(t, lab, task.module, false, with(task.options, map[string]any{"trace": dir}))
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) != 3 {
		t.Fatalf("want 3 traces, got %v", files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || len(text) < 2000 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		for _, secret := range []string{"Kanarie", "Admin-lab-1", "Root-lab-1", "$6$vchassis", filepath.Dir(dir)} {
			if i := strings.Index(string(text), secret); i >= 0 {
				t.Errorf("%s: %s stays: %.300s", filepath.Base(file), secret, text[max(0, i-200):])
			}
		}
	}
}
