// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

const (
	end = "]]>]]>"
	// hello10 is what Junos sends: comments first, both spellings of base:1.0.
	hello10 = `<!-- No zombies were killed during the creation of this user interface -->
<!-- user root, class super-user -->
<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">
  <capabilities>
    <capability>urn:ietf:params:netconf:base:1.0</capability>
    <capability>urn:ietf:params:xml:ns:netconf:base:1.0</capability>
    <capability>http://xml.juniper.net/netconf/junos/1.0</capability>
  </capabilities>
  <session-id>7478</session-id>
</hello>
` + end + "\n"
	hello11 = `<nc:hello xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"><nc:capabilities>
<nc:capability> urn:ietf:params:netconf:base:1.0 </nc:capability><nc:capability>
urn:ietf:params:netconf:base:1.1
</nc:capability></nc:capabilities><nc:session-id> 5 </nc:session-id></nc:hello>` + end + "\n"
)

// server plays the device's side over a pipe: it writes each text after the
// number of client messages that stands before it has been read.
type step struct {
	after string // read up to here; "" reads nothing
	write string
}

// start runs a session against the steps. The server closes at the end of its
// steps only when the last one says so by writing "EOF".
func start(t *testing.T, o netconf.Options, steps ...step) (*netconf.Session, *peer, error) {
	t.Helper()
	client, srv := net.Pipe()
	p := &peer{conn: srv, done: make(chan struct{})}
	go p.play(steps)
	t.Cleanup(func() {
		_ = client.Close()
		_ = srv.Close()
		<-p.done
	})
	if o.HelloTimeout == 0 {
		o.HelloTimeout = 5 * time.Second
	}
	o.Host = "sw1"
	s, err := netconf.New(t.Context(), client, o)
	return s, p, err
}

type peer struct {
	conn net.Conn
	got  strings.Builder
	done chan struct{}
}

func (p *peer) play(steps []step) {
	defer close(p.done)
	for _, s := range steps {
		if !p.readTo(s.after) {
			return
		}
		if s.write == "EOF" {
			_ = p.conn.Close()
			return
		}
		if _, err := io.WriteString(p.conn, s.write); err != nil {
			return
		}
	}
	_, _ = io.Copy(&p.got, p.conn) // a client that writes must not hang
}

func (p *peer) readTo(text string) bool {
	b := make([]byte, 1)
	for from := p.got.Len(); !strings.Contains(p.got.String()[from:], text); {
		if _, err := p.conn.Read(b); err != nil {
			return false
		}
		p.got.Write(b)
	}
	return true
}

func reply(id int, inner string) string {
	return fmt.Sprintf(`<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="%d">%s</rpc-reply>`, id, inner)
}

func chunk(s string) string { return fmt.Sprintf("\n#%d\n%s\n##\n", len(s), s) }

func TestSession10(t *testing.T) {
	s, p, err := start(t, netconf.Options{},
		step{"</hello>" + end, hello10},
		step{end, reply(1, "<a>1</a>") + end + "\n"},
		step{end, reply(2, "<ok/>") + end + "\n<!-- session end at 2026-11-22 18:00:00 UTC -->\n"},
		step{"", "EOF"})
	if err != nil {
		t.Fatal(err)
	}
	if s.ID() != 7478 || len(s.Capabilities()) != 3 || len(s.Comments()) != 2 || s.Comments()[1] != "user root, class super-user" {
		t.Errorf("hello: id %d, capabilities %q, comments %q", s.ID(), s.Capabilities(), s.Comments())
	}
	r, err := s.Call(t.Context(), []byte("<get-a/>"))
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		A int `xml:"a"`
	}
	if err := r.Decode(&a); err != nil || a.A != 1 || r.OK {
		t.Errorf("reply: %+v, %v, ok %v", a, err, r.OK)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := s.Call(t.Context(), []byte("<a/>")); !errors.Is(err, netconf.ErrClosed) {
		t.Errorf("a call after close: %v", err)
	}
	<-p.done
	want := `<rpc message-id="1" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><get-a/></rpc>` + end
	if !strings.Contains(p.got.String(), end+want+"<rpc ") {
		t.Errorf("want %q right after the delimiter of the hello, got %q", want, p.got.String())
	}
}

func TestSession11(t *testing.T) {
	s, p, err := start(t, netconf.Options{},
		step{"</hello>" + end, hello11},
		step{"\n##\n", "\n#20\n" + reply(1, "<ok/>")[:20] + fmt.Sprintf("\n#%d\n", len(reply(1, "<ok/>"))-20) + reply(1, "<ok/>")[20:] + "\n##\n"},
		step{"\n##\n", chunk(reply(2, "<ok/>"))})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Call(t.Context(), []byte("<get-a/>")); err != nil || !r.OK {
		t.Errorf("reply: %v, %v", r, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-p.done
	if got := p.got.String(); !strings.Contains(got, "\n#82\n<rpc message-id=\"1\"") {
		t.Errorf("want chunks, got %q", got)
	}
}

func TestCallAllSendsAtOnceAndGoesOnAfterAnError(t *testing.T) {
	refused := "<rpc-error><error-severity>error</error-severity><error-message>no</error-message></rpc-error>"
	s, _, err := start(t, netconf.Options{}, step{end, hello10},
		step{"<three/></rpc>" + end, reply(1, "<one/>") + end + reply(2, refused) + end + reply(3, "<three/>") + end})
	if err != nil {
		t.Fatal(err)
	}
	replies, err := s.CallAll(t.Context(), []byte("<one/>"), []byte("<two/>"), []byte("<three/>"))
	var re *netconf.ReplyError
	if !errors.As(err, &re) || re.Operation != "two" || re.Error() != "two: no" {
		t.Errorf("want the error of two, got %v", err)
	}
	if len(replies) != 3 || !strings.Contains(string(replies[2].Raw), "<three/>") {
		t.Errorf("want three replies, got %d", len(replies))
	}
	if s.Err() != nil {
		t.Errorf("a refusal must not end the session: %v", s.Err())
	}
}

// What was answered before a session ended comes with the error that says where.
func TestRepliesBeforeTheEnd(t *testing.T) {
	s, _, err := start(t, netconf.Options{}, step{end, hello10}, step{"<two/></rpc>" + end, reply(1, "<one/>") + end + "<nonsense/>" + end})
	if err != nil {
		t.Fatal(err)
	}
	replies, err := s.CallAll(t.Context(), []byte("<one/>"), []byte("<two/>"))
	var dead *netconf.SessionError
	if !errors.As(err, &dead) || dead.Phase != "two" || len(replies) != 1 || !strings.Contains(string(replies[0].Raw), "<one/>") {
		t.Errorf("got %v, %v", replies, err)
	}
}

// A cancelled call ends the session: its reply would be taken for another's.
func TestCancelEndsTheSession(t *testing.T) {
	s, p, err := start(t, netconf.Options{}, step{end, hello10}, step{"<commit/></rpc>" + end, ""})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("operator gave up")
	go func() { // ends with the server
		<-p.done
	}()
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	_, err = s.Call(ctx, []byte("<commit/>"))
	var se *netconf.SessionError
	if !errors.As(err, &se) || !se.Sent || !errors.Is(err, why) || se.Phase != "commit" {
		t.Errorf("want an unknown outcome because %q, got %#v", why, err)
	}
	_, err = s.Call(t.Context(), []byte("<commit/>"))
	if !errors.As(err, &se) || se.Sent || !errors.Is(err, why) {
		t.Errorf("want the same cause, not sent, got %v", err)
	}
	if !errors.Is(s.Err(), why) {
		t.Errorf("want Err to tell why, got %v", s.Err())
	}
}

// Who observes a session is shown each message of both sides, hellos among them.
func TestObserve(t *testing.T) {
	var mu sync.Mutex
	seen := map[bool][]string{}
	observe := func(sent bool, message []byte) {
		mu.Lock()
		defer mu.Unlock()
		seen[sent] = append(seen[sent], string(message))
	}
	s, _, err := start(t, netconf.Options{Observe: observe},
		step{"</hello>" + end, hello10}, step{end, reply(1, "<ok/>") + end}, step{end, reply(2, "<ok/>") + end}, step{"", "EOF"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Call(t.Context(), []byte("<get-a/>")); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	mu.Lock()
	defer mu.Unlock()
	for sent, want := range map[bool][]string{true: {"<hello", "<get-a/>", "<close-session"}, false: {"<session-id>7478", `message-id="1"`, `message-id="2"`}} {
		if len(seen[sent]) != len(want) {
			t.Errorf("sent %v: want %d messages, got %q", sent, len(want), seen[sent])
			continue
		}
		for i, part := range want {
			if !strings.Contains(seen[sent][i], part) {
				t.Errorf("sent %v: want %s in %q", sent, part, seen[sent][i])
			}
		}
	}
}
