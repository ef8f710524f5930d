// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// silent is a peer that writes a text and then only reads.
func silent(text string) net.Conn {
	client, device := net.Pipe()
	go func() { // ends with the stream
		go func() { _, _ = io.Copy(io.Discard, device) }()
		_, _ = io.WriteString(device, text)
	}()
	return client
}

// The time that a peer has when nobody says otherwise; the clock is not real.
func TestDefaultTimes(t *testing.T) {
	late := func(t *testing.T, err error, began time.Time, limit time.Duration, option string) {
		t.Helper()
		if took := time.Since(began); took != limit {
			t.Errorf("took %s, want %s", took, limit)
		}
		if err == nil || !strings.HasSuffix(err.Error(), fmt.Sprintf("no answer within %g s", limit.Seconds())) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if want := "raise " + option + " if the switch is slow"; hint.Of(err) != want {
			t.Errorf("want %q, got %q", want, hint.Of(err))
		}
		var named interface{ Option() string }
		if !errors.As(err, &named) || named.Option() != option {
			t.Errorf("want option %s in %v", option, err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := netconf.New(t.Context(), silent(""), netconf.Options{})
		late(t, err, began, 30*time.Second, "connect_timeout")
		if !strings.HasPrefix(err.Error(), "the peer: hello: ") {
			t.Errorf("got %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s, err := netconf.New(t.Context(), silent(hello10), netconf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = s.Call(t.Context(), []byte("<get-a/>"))
		late(t, err, began, time.Minute, "rpc_timeout")
	})
	synctest.Test(t, func(t *testing.T) {
		s, err := netconf.New(t.Context(), silent(hello10), netconf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = s.CallWithin(t.Context(), 10*time.Minute, "commit_timeout", []byte("<commit/>"))
		late(t, err, began, 10*time.Minute, "commit_timeout")
	})
	synctest.Test(t, func(t *testing.T) {
		s, err := netconf.New(t.Context(), silent(hello10), netconf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := s.Close(); err == nil || time.Since(began) != 2*time.Second {
			t.Errorf("close took %s: %v", time.Since(began), err)
		}
	})
}

// filler returns a reply to the first call of so many bytes.
func filler(size int) string {
	return reply(1, strings.Repeat("x", size-len(reply(1, ""))))
}

func TestDefaultSizes(t *testing.T) {
	for size, tooLarge := range map[int]bool{8 << 20: false, 8<<20 + 1: true} {
		s, _, err := start(t, netconf.Options{}, step{end, hello10}, step{end, filler(size) + end}, step{"", "EOF"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Call(t.Context(), []byte("<get-a/>"))
		if tooLarge != (err != nil) || tooLarge && !strings.Contains(err.Error(), "message larger than the limit of 8388608 bytes") {
			t.Errorf("%d bytes: %v", size, err)
		}
		if !tooLarge && len(r.Raw) != size {
			t.Errorf("%d bytes became %d", size, len(r.Raw))
		}
	}
	hello := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(hello10), end))
	for size, tooLarge := range map[int]bool{1 << 20: false, 1<<20 + 1: true} {
		padded := "<!--" + strings.Repeat("x", size-len(hello)-len("<!---->")) + "-->" + hello
		_, _, err := start(t, netconf.Options{}, step{end, padded + end}, step{"", "EOF"})
		if tooLarge != (err != nil) || tooLarge && !strings.Contains(err.Error(), "message larger than the limit of 1048576 bytes") {
			t.Errorf("a hello of %d bytes: %v", size, err)
		}
	}
}

func TestLimitsThatAreGiven(t *testing.T) {
	_, _, err := start(t, netconf.Options{MaxHello: 200}, step{"", hello10}, step{"", "EOF"})
	if err == nil || !strings.Contains(err.Error(), "message larger than the limit of 200 bytes") {
		t.Errorf("hello: %v", err)
	}
	s, _, err := start(t, netconf.Options{MaxReply: 100}, step{end, hello10}, step{end, filler(101) + end}, step{"", "EOF"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Call(t.Context(), []byte("<get-a/>")); err == nil || !strings.Contains(err.Error(), "message larger than the limit of 100 bytes") {
		t.Errorf("reply: %v", err)
	}
}

// A call that waits for its turn has sent nothing: if it gives up, the session
// goes on.
func TestACallWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, device := net.Pipe()
		go func() { // the first reply takes a while
			go func() { _, _ = io.Copy(io.Discard, device) }()
			_, _ = io.WriteString(device, hello10)
			time.Sleep(time.Second)
			_, _ = io.WriteString(device, reply(1, "<ok/>")+end)
			time.Sleep(time.Second)
			_, _ = io.WriteString(device, reply(2, "<ok/>")+end)
			_ = device.Close()
		}()
		s, err := netconf.New(t.Context(), client, netconf.Options{Host: "sw1"})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() {
			_, err := s.Call(t.Context(), []byte("<slow/>"))
			done <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err = s.Call(ctx, []byte("<commit/>"))
		var dead *netconf.SessionError
		if !errors.As(err, &dead) || dead.Sent || dead.Phase != "commit" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %#v", err)
		}
		if s.Err() != nil {
			t.Errorf("the session is dead: %v", s.Err())
		}
		if err := <-done; err != nil {
			t.Errorf("the first call: %v", err)
		}
		if r, err := s.Call(t.Context(), []byte("<next/>")); err != nil || !r.OK {
			t.Errorf("the next call: %v", err)
		}
		_ = client.Close()
	})
}

// A context that has ended before the call costs no session.
func TestACallThatIsNotMade(t *testing.T) {
	s, _, err := start(t, netconf.Options{}, step{end, hello10}, step{end, reply(1, "<ok/>") + end})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("operator gave up")
	cancel(why)
	for range 20 { // the turn and the end of the context are there at once
		_, err = s.Call(ctx, []byte("<commit/>"))
		var dead *netconf.SessionError
		if !errors.As(err, &dead) || dead.Sent || dead.Phase != "commit" || dead.Host != "sw1" || !errors.Is(err, why) {
			t.Fatalf("got %#v", err)
		}
	}
	if r, err := s.Call(t.Context(), []byte("<get-a/>")); err != nil || !r.OK {
		t.Errorf("the session is dead: %v", err)
	}
	if all, err := s.CallAll(t.Context()); all != nil || err != nil {
		t.Errorf("no operation: %v, %v", all, err)
	}
}

// closing is a stream that ends with an error, and is ended once.
type closing struct {
	net.Conn
	err    error
	aborts []error
	closed int
}

func (c *closing) Close() error {
	c.closed++
	_ = c.Conn.Close()
	return c.err
}

type aborting struct{ closing }

func (a *aborting) Abort(cause error) {
	a.aborts = append(a.aborts, cause)
	_ = a.Conn.Close()
}

// answering is a peer that answers two calls.
func answering() net.Conn {
	client, device := net.Pipe()
	go func() {
		p := &peer{conn: device, done: make(chan struct{})}
		p.play([]step{{end, hello10}, {end, reply(1, "<ok/>") + end}, {end, reply(2, "<ok/>") + end}})
	}()
	return client
}

func TestCloseTellsWhatTheStreamSays(t *testing.T) {
	broken := errors.New("disk full")
	stream := &closing{Conn: answering(), err: broken}
	s, err := netconf.New(t.Context(), stream, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); !errors.Is(err, broken) || stream.closed != 1 {
		t.Errorf("closed %d times: %v", stream.closed, err)
	}
	if err := s.Close(); err != nil || stream.closed != 1 {
		t.Errorf("again: closed %d times: %v", stream.closed, err)
	}
}

// A session that dies tells its stream why, once.
func TestTheStreamIsToldWhyASessionDies(t *testing.T) {
	stream := &aborting{closing{Conn: silent(hello10)}}
	s, err := netconf.New(t.Context(), stream, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("operator gave up")
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	if _, err := s.Call(ctx, []byte("<get-a/>")); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	if len(stream.aborts) != 1 || !errors.Is(stream.aborts[0], why) || stream.closed != 0 {
		t.Errorf("aborted %v, closed %d times", stream.aborts, stream.closed)
	}
	if err := s.Close(); err != nil || stream.closed != 0 {
		t.Errorf("close of a dead session: %v, closed %d times", err, stream.closed)
	}
}

// What the caller gets is the caller's.
func TestAnswersAreCopies(t *testing.T) {
	s, _, err := start(t, netconf.Options{}, step{end, hello10})
	if err != nil {
		t.Fatal(err)
	}
	s.Capabilities()[0], s.Comments()[0] = "x", "x"
	if s.Capabilities()[0] == "x" || s.Comments()[0] == "x" {
		t.Error("the session has changed")
	}
}
