// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"strings"
	"testing"

	naive "github.com/Juniper/go-netconf/netconf"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

func newNaive(w *wire) *naive.Session {
	return naive.NewSession(&naive.TransportBasicIO{ReadWriteCloser: w})
}

// go-netconf makes a session of whatever comes instead of a hello.
func TestDefectHelloErrorsAreSwallowed(t *testing.T) {
	for name, hello := range map[string]string{
		"end of the stream": "",
		"a login banner":    "Authorized users only!\n" + end,
		"an error":          rpcError("error", "NETCONF initialization error", "") + end,
	} {
		t.Run(name, func(t *testing.T) {
			theirs, mine := newWire(hello), newWire(hello)
			theirs.ends, mine.ends = true, true
			if s := newNaive(theirs); s == nil || s.SessionID != 0 {
				t.Errorf("go-netconf refuses it now: %+v", s)
			}
			var dead *netconf.SessionError
			if s, err := netconf.New(t.Context(), mine, netconf.Options{}); s != nil || !errors.As(err, &dead) || dead.Phase != "hello" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// go-netconf says nothing to a server that waits for the client's hello.
func TestDefectHelloIsSentSecond(t *testing.T) {
	theirs, mine := newWire(hello10, reply(1, "<ok/>")+end), newWire(hello10, reply(1, "<ok/>")+end)
	theirs.after, mine.after = "</hello>"+end, "</hello>"+end
	if _, err := naively(t, theirs, 1); !errors.Is(err, errHangs) {
		t.Errorf("go-netconf speaks first now: %v", err)
	}
	if r, err := ours(t, mine, 1); err != nil || !r.OK {
		t.Errorf("got %v", err)
	}
}

// Text becomes markup, and one request two.
func TestDefectRequestsAreInjected(t *testing.T) {
	target := "running/></source></get-config><kill-session><session-id>1</session-id></kill-session><get-config><source><running"
	w := newWire(hello10, reply(1, "<ok/>")+end)
	if _, err := newNaive(w).Exec(naive.MethodGetConfig(target)); err != nil || !strings.Contains(w.text(), "</get-config><kill-session>") {
		t.Errorf("go-netconf refuses it now: %v, %s", err, w.text())
	}
	refuses(t, naive.MethodGetConfig(target).MarshalMethod(), "after the end of <get-config>")
}

// The delimiter inside of a request ends it, and what follows is another one.
func TestDefectDelimiterInARequest(t *testing.T) {
	request := `<get-a>]]>]]><rpc message-id="7"><commit/></rpc>]]>]]></get-a>`
	w := newWire(hello10, reply(1, "<ok/>")+end)
	if _, err := newNaive(w).Exec(naive.RawMethod(request)); err != nil || strings.Count(w.text(), end) < 3 {
		t.Errorf("go-netconf refuses it now: %v", err)
	}
	refuses(t, request, "delimiter")
}

// refuses wants an operation refused before a byte of it is sent.
func refuses(t *testing.T, operation, because string) {
	t.Helper()
	w := newWire(hello10)
	s, err := netconf.New(t.Context(), w, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := w.text()
	if _, err := s.Call(t.Context(), []byte(operation)); err == nil || !strings.Contains(err.Error(), because) || w.text() != before {
		t.Errorf("want %q and nothing sent, got %v, %q", because, err, strings.TrimPrefix(w.text(), before))
	}
	_ = w.Close()
}

// go-netconf leaves without a word, and the device keeps the session and its
// locks until it notices.
func TestDefectCloseSaysNothing(t *testing.T) {
	theirs, mine := newWire(hello10), newWire(hello10, reply(1, "<ok/>")+end)
	if err := newNaive(theirs).Close(); err != nil || strings.Contains(theirs.text(), "close-session") {
		t.Errorf("go-netconf says it now: %v", err)
	}
	s, err := netconf.New(t.Context(), mine, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil || !strings.Contains(mine.text(), "<close-session/>") {
		t.Errorf("got %v, %q", err, mine.text())
	}
}
