// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

const delimiter = "]]>]]>"

// answers are what a peer says to each operation: one reply after the other,
// the last one again and again. "EOF" ends the session instead of a reply.
type answers map[string][]string

func says(replies ...string) []string { return replies }

// peer plays the device's side of a session over a pipe.
type peer struct {
	unlisted []string // operations that the client sends and its table lacks
	comment  string
	answers  answers
	conn     net.Conn

	mu       sync.Mutex
	requests []string // all operations, as they came
	asked    map[string]int
}

// play starts a device whose peer answers as told, in the name of root.
func play(t *testing.T, o Options, a answers) (*Device, *peer) {
	t.Helper()
	return playAs(t, "user root, class super-user", o, a)
}

func playAs(t *testing.T, comment string, o Options, a answers) (*Device, *peer) {
	t.Helper()
	client, server := net.Pipe()
	p := &peer{comment: comment, answers: a, conn: server, asked: map[string]int{}}
	done := make(chan struct{})
	go func() { p.serve(); close(done) }()
	session, err := netconf.New(t.Context(), client, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := New(session, o)
	t.Cleanup(func() {
		_ = d.Close()
		_ = server.Close()
		<-done
		for _, name := range p.unlisted {
			t.Errorf("%s is sent, and has no row in internal/junos/permission.go", name)
		}
	})
	return d, p
}

func (p *peer) serve() {
	defer func() { _ = p.conn.Close() }()
	written := make(chan struct{})
	go func() { // ends with the pipe: a client may write its hello before it reads ours
		defer close(written)
		p.write(fmt.Sprintf(`<!-- No zombies were killed -->
<!-- %s -->
<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>
<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>4711</session-id></hello>`, p.comment))
	}()
	in := bufio.NewReader(p.conn)
	if _, err := message(in); err != nil {
		return
	}
	<-written
	for {
		m, err := message(in)
		if err != nil || !p.answer(m) {
			return
		}
	}
}

func message(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for !strings.HasSuffix(b.String(), delimiter) {
		c, err := in.ReadByte()
		if err != nil {
			return "", err
		}
		b.WriteByte(c)
	}
	return strings.TrimSuffix(b.String(), delimiter), nil
}

func (p *peer) write(s string) bool {
	_, err := io.WriteString(p.conn, s+delimiter+"\n")
	return err == nil
}

// answer replies to one rpc. What the script does not know is refused as
// Junos would, so that no request of ours passes unseen.
func (p *peer) answer(rpc string) bool {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(rpc); err != nil {
		return false
	}
	op := doc.Root().ChildElements()[0]
	id := doc.Root().SelectAttrValue("message-id", "")
	inner := p.next(op)
	if inner == "EOF" {
		return false
	}
	return p.write(fmt.Sprintf(`<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" `+
		`xmlns:junos="http://xml.juniper.net/junos/25.2R0/junos" message-id="%s">%s</rpc-reply>`, id, inner))
}

func (p *peer) next(op *etree.Element) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := op.Tag
	if name == "close-session" {
		return "<ok/>"
	}
	if _, listed := findOperation(name); !listed {
		p.unlisted = append(p.unlisted, name)
	}
	if op.SelectAttr("compare") != nil {
		name = "compare"
	}
	p.requests = append(p.requests, render(op))
	list, known := p.answers[name]
	if !known {
		return refusal("syntax error", name)
	}
	i := min(p.asked[name], len(list)-1)
	p.asked[name]++
	return list[i]
}

func render(e *etree.Element) string {
	doc := etree.NewDocument()
	doc.SetRoot(e.Copy())
	s, err := doc.WriteToString()
	if err != nil {
		return err.Error()
	}
	return s
}

// sent returns the operations that came.
func (p *peer) sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// rpcError is an error or a warning in its shortest form.
func rpcError(severity, text string) string {
	return "<rpc-error><error-severity>" + severity + "</error-severity><error-message>\n" + text + "\n</error-message></rpc-error>"
}

func refusal(text, bad string) string {
	return "<rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag><error-severity>error</error-severity>" +
		"<error-message>" + text + "</error-message><error-info><bad-element>" + bad + "</bad-element></error-info></rpc-error>"
}

// text renders an error for a row's error column.
func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// told compares an error with a row's column: "" is none, otherwise a part.
func told(t *testing.T, err error, want string) bool {
	t.Helper()
	if (err == nil) != (want == "") || !strings.Contains(errText(err), want) {
		t.Errorf("error: want %q, got %v", want, err)
	}
	return err == nil && want == ""
}
