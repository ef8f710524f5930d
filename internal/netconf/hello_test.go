// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/netconf"
)

func TestHelloThatIsRefused(t *testing.T) {
	hello := func(capability, id string) string {
		return "<hello><capabilities><capability>" + capability + "</capability></capabilities>" + id + "</hello>" + end
	}
	const base, id = "urn:ietf:params:netconf:base:1.0", "<session-id>1</session-id>"
	rows := []struct{ name, hello, err string }{
		{"nothing", "", "the device closed the session: unexpected EOF"},
		{"truncated", hello(base, id)[:60], "unexpected EOF"},
		{"no base", hello("urn:x", id), "neither base:1.0 nor base:1.1"},
		{"base of another kind", hello(base+".5", id), "neither base:1.0 nor base:1.1"},
		{"the version of a base alone", hello("1.0", id), "neither base:1.0 nor base:1.1"},
		{"no session-id", hello(base, ""), "hello with 0 session-ids"},
		{"two session-ids", hello(base, id+id), "hello with 2 session-ids"},
		{"session-id 0", hello(base, "<session-id>0</session-id>"), `session-id "0"`},
		{"session-id of 33 bits", hello(base, "<session-id>4294967296</session-id>"), `session-id "4294967296"`},
		{"session-id is text", hello(base, "<session-id>x</session-id>"), `session-id "x"`},
		{"not well-formed", "<hello><a></hello>" + end, "malformed XML"},
		{"bad entity", "<hello><capabilities><capability>&x;</capability></capabilities></hello>" + end, "malformed XML"},
		{"DOCTYPE", "<!DOCTYPE hello>" + hello(base, id), "document type declarations are refused"},
		{"a login banner", "Authorized users only!\nadmin> " + end, `text outside of an element: "Authorized users only!`},
		{"the shell's error", "/bin/sh: xml-mode: not found\n", `after "/bin/sh: xml-mode: not found"`},
		{"initialization error", "<rpc-error><error-severity>error</error-severity><error-message>NETCONF initialization error</error-message></rpc-error>" + end, "the device refused the session: NETCONF initialization error"},
		{"a reply", reply(1, "<ok/>") + end, `want hello, got "rpc-reply"`},
		{"huge", "<hello>" + strings.Repeat("<!-- x -->", 200000), "larger than the limit of 1048576 bytes"},
		{"1.1 framing", "\n#5\n<hello/>\n##\n", "text outside of an element"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			leaktest.Check(t)
			h := row.hello
			if row.name == "1.1 framing" {
				h += end
			}
			s, _, err := start(t, netconf.Options{}, step{"", h}, step{"", "EOF"})
			var dead *netconf.SessionError
			if s != nil || !errors.As(err, &dead) || dead.Phase != "hello" || dead.Sent || !strings.Contains(err.Error(), row.err) {
				t.Fatalf("want %q, got %v", row.err, err)
			}
			if !strings.Contains(dead.Hint(), "check that host and port lead to the NETCONF of a switch") {
				t.Errorf("hint %q", dead.Hint())
			}
		})
	}
}

// Either spelling of the base is enough.
func TestSpellingsOfTheBase(t *testing.T) {
	for _, base := range []string{"urn:ietf:params:netconf:base:1.0", "urn:ietf:params:xml:ns:netconf:base:1.0", "\nurn:ietf:params:netconf:base:1.1\n"} {
		hello := "<hello><capabilities><capability>" + base + "</capability></capabilities><session-id>1</session-id></hello>" + end
		s, _, err := start(t, netconf.Options{}, step{"</hello>" + end, hello}, step{"<close-session", "EOF"})
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		_ = s.Close()
	}
}

// A login whose class permits nothing is greeted with errors, before the hello or in its
// place. Their words explain it, and the hint leads to the class.
func TestRestrictedLogin(t *testing.T) {
	report := func(severity, text string) string {
		return "<rpc-reply>\n<rpc-error>\n<error-severity>" + severity + "</error-severity>\n<error-message>\n" + text + "\n</error-message>\n</rpc-error>\n</rpc-reply>\n"
	}
	warned := report("warning", `user "judge" does not have access privileges.`)
	refused := report("error", "Restricted user session.")
	for name, row := range map[string]struct{ before, err string }{
		"both":          {warned + refused, `the device refused the session: user "judge" does not have access privileges.; Restricted user session.`},
		"the error":     {refused, "the device refused the session: Restricted user session."},
		"the warning":   {warned, `the device refused the session: user "judge" does not have access privileges.`},
		"with comments": {"<!-- user judge, class unauthorized -->\n" + refused, "the device refused the session: Restricted user session."},
	} {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			_, _, err := start(t, netconf.Options{}, step{"", row.before + hello10}, step{"", "EOF"})
			var dead *netconf.SessionError
			if !errors.As(err, &dead) || !strings.HasSuffix(err.Error(), row.err) || !strings.Contains(dead.Hint(), "the login class of this user") {
				t.Errorf("want %q and the class, got %v (%v)", row.err, err, dead)
			}
		})
	}
	_, _, err := start(t, netconf.Options{}, step{"", "<rpc-reply><ok/></rpc-reply>" + hello10}, step{"", "EOF"})
	if err == nil || !strings.Contains(err.Error(), "malformed XML") {
		t.Errorf("a reply without an error says nothing, got %v", err)
	}
}

// Some servers wait for the client's hello; others do not read before they wrote.
func TestHelloInEitherOrder(t *testing.T) {
	for _, after := range []string{"", "</hello>" + end} {
		s, _, err := start(t, netconf.Options{}, step{after, hello10})
		if err != nil || s.ID() != 7478 {
			t.Errorf("after %q: %v", after, err)
		}
	}
}

func TestSilentOrEndlessPeerEndsInTime(t *testing.T) {
	late := func(name string, o netconf.Options, serve func(net.Conn)) {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			client, srv := net.Pipe()
			done := make(chan struct{})
			go func() { defer close(done); serve(srv) }()
			t.Cleanup(func() { _ = srv.Close(); <-done })
			began := time.Now()
			s, err := netconf.New(t.Context(), client, o)
			if err == nil {
				_, err = s.Call(t.Context(), []byte("<get-a/>"))
			}
			var dead *netconf.SessionError
			if !errors.As(err, &dead) || !strings.Contains(err.Error(), "no answer within 0.2 s") || !strings.Contains(dead.Hint(), "raise ") {
				t.Fatalf("got %v (%s)", err, dead.Hint())
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	drain := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	short := netconf.Options{HelloTimeout: 200 * time.Millisecond}
	late("silent before hello", short, drain)
	late("does not even read", short, func(c net.Conn) { time.Sleep(300 * time.Millisecond); drain(c) })
	late("half a hello", short, func(c net.Conn) { go drain(c); _, _ = io.WriteString(c, hello10[:100]); drain(c) })
	rpc := netconf.Options{RPCTimeout: 200 * time.Millisecond}
	late("silent after hello", rpc, func(c net.Conn) { go drain(c); _, _ = io.WriteString(c, hello10); drain(c) })
	late("endless notifications", rpc, func(c net.Conn) {
		go drain(c)
		_, _ = io.WriteString(c, hello10)
		for {
			if _, err := io.WriteString(c, "<notification/>"+end); err != nil {
				return
			}
		}
	})
	late("a byte now and then", rpc, func(c net.Conn) {
		go drain(c)
		_, _ = io.WriteString(c, hello10)
		for _, b := range []byte(strings.Repeat(" ", 1000)) {
			time.Sleep(10 * time.Millisecond)
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
		}
	})
}

// Close is bounded when the device does not answer.
func TestCloseIsBounded(t *testing.T) {
	leaktest.Check(t)
	s, _, err := start(t, netconf.Options{CloseTimeout: 100 * time.Millisecond}, step{end, hello10})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "close-session: no answer within 0.1 s") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if s.Close() != nil || !errors.Is(s.Err(), netconf.ErrClosed) {
		t.Errorf("second close or Err: %v", s.Err())
	}
}

// The link is lost after each byte of what the device sends: never a reply that
// is not whole, never a hang.
func TestLinkLostAfterEachByte(t *testing.T) {
	leaktest.Check(t)
	all := hello11 + chunk(reply(1, "<ok/>"))
	for at := range len(all) {
		s, _, err := start(t, netconf.Options{}, step{"</hello>" + end, all[:min(at, len(hello11))]},
			step{"", all[min(at, len(hello11)):at]}, step{"", "EOF"})
		if err == nil {
			_, err = s.Call(t.Context(), []byte("<commit/>"))
		}
		var dead *netconf.SessionError
		if !errors.As(err, &dead) {
			t.Fatalf("after %d bytes %q: got %v", at, all[:at], err)
		}
	}
}
