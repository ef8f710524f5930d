// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// call opens a session whose server answers the first call with these bytes, and
// makes that call.
func call(t *testing.T, hello, answer string) (*netconf.Reply, error) {
	t.Helper()
	after, close := end, step{"", "EOF"}
	if hello == hello11 {
		after = "\n##\n"
	}
	s, _, err := start(t, netconf.Options{MaxReply: 1 << 20}, step{end, hello}, step{after, answer}, close)
	if err != nil {
		t.Fatal(err)
	}
	return s.Call(t.Context(), []byte("<get-a/>"))
}

func rpcError(severity, message, more string) string {
	return "<rpc-error><error-severity>" + severity + "</error-severity><error-message>" + message + "</error-message>" + more + "</rpc-error>"
}

// The defects of go-netconf and others that were measured, one row for each.
func TestErrorsInReplies(t *testing.T) {
	rows := []struct {
		name  string
		inner string
		want  []netconf.RPCError
		ok    bool
		fails bool
	}{
		{name: "none", inner: "<data/>"},
		{name: "ok", inner: "<ok/>", ok: true},
		{name: "ok as data is none", inner: "<data><ok/></data>"},
		{name: "nested in load-configuration-results", fails: true,
			inner: "<load-configuration-results>" + rpcError("error", "syntax error", "<error-info><bad-element>system1</bad-element></error-info>") + "</load-configuration-results>",
			want:  []netconf.RPCError{{Severity: "error", Message: "syntax error", BadElement: "system1"}}},
		{name: "nested in commit-results, with the member", fails: true,
			inner: "<commit-results><routing-engine><name>fpc0</name><commit-check-success/></routing-engine><routing-engine><name> fpc1 </name>" +
				rpcError("error", "mgd: no", "<error-path>[edit system]</error-path><source-daemon>mgd</source-daemon>") + "</routing-engine></commit-results>",
			want: []netconf.RPCError{{Severity: "error", Message: "mgd: no", Path: "[edit system]", Source: "mgd", RE: "fpc1"}}},
		{name: "name after the error", fails: true, inner: "<multi-routing-engine-results><multi-routing-engine-item>" + rpcError("error", "x", "") + "<re-name>fpc2</re-name></multi-routing-engine-item></multi-routing-engine-results>",
			want: []netconf.RPCError{{Severity: "error", Message: "x", RE: "fpc2"}}},
		{name: "a long name with a reference", fails: true, inner: "<routing-engine><name>a&amp;b" + strings.Repeat("x", 70) + "</name>" + rpcError("error", "x", "") + "</routing-engine>",
			want: []netconf.RPCError{{Severity: "error", Message: "x", RE: "a&b" + strings.Repeat("x", 64-len("a&amp;b"))}}},
		{name: "a name elsewhere is data", fails: true, inner: "<a><re-name>fpc2</re-name><name>fpc3</name>" + rpcError("error", "x", "") + "</a>",
			want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "severity between line feeds", fails: true, inner: rpcError("\nerror\n", "\nx\n", ""), want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "severity missing", fails: true, inner: "<rpc-error><error-message>x</error-message></rpc-error>", want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "severity unknown", fails: true, inner: rpcError("catastrophe", "x", ""), want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "warning beside ok", ok: true, inner: "<load-configuration-results>" + rpcError("warning", "statement not found", "") + "<ok/></load-configuration-results>",
			want: []netconf.RPCError{{Severity: "warning", Message: "statement not found"}}},
		{name: "error beside ok", fails: true, ok: true, inner: rpcError("error", "x", "") + "<ok/>", want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "many are all kept", fails: true, inner: rpcError("warning", "1", "") + rpcError("error", "2", "") + "<a>" + rpcError("error", "3", "") + "</a>",
			want: []netconf.RPCError{{Severity: "warning", Message: "1"}, {Severity: "error", Message: "2"}, {Severity: "error", Message: "3"}}},
		{name: "xnm error", fails: true, inner: `<xnm:error xmlns="http://xml.juniper.net/xnm/1.1/xnm" xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"><source-daemon>mgd</source-daemon><edit-path>[edit]</edit-path><statement>s</statement><message>
bad
</message></xnm:error>`, want: []netconf.RPCError{{Severity: "error", Message: "bad", Path: "[edit]", BadElement: "s", Source: "mgd"}}},
		{name: "xnm error by its prefix alone", fails: true, inner: "<xnm:error><message>bad</message></xnm:error>", want: []netconf.RPCError{{Severity: "error", Message: "bad"}}},
		{name: "xnm warning", inner: `<a><warning xmlns="http://xml.juniper.net/xnm/1.1/xnm"><message>careful</message></warning></a>`,
			want: []netconf.RPCError{{Severity: "warning", Message: "careful"}}},
		{name: "another element of that namespace is data", inner: "<xnm:note><message>x</message></xnm:note>"},
		{name: "error as data is none", inner: "<interface><error>5</error><warning>6</warning></interface>"},
		{name: "prefixed", fails: true, inner: `<nc:rpc-error xmlns:nc="urn:x"><nc:error-severity>error</nc:error-severity><nc:error-message>x</nc:error-message></nc:rpc-error>`,
			want: []netconf.RPCError{{Severity: "error", Message: "x"}}},
		{name: "all fields", fails: true, inner: rpcError("error", "x", "<error-type>protocol</error-type><error-tag>lock-denied</error-tag><error-info><session-id>77</session-id><source-daemon>d</source-daemon></error-info>"),
			want: []netconf.RPCError{{Severity: "error", Message: "x", Type: "protocol", Tag: "lock-denied", SessionID: "77", Source: "d"}}},
		{name: "no message, a tag", fails: true, inner: "<rpc-error><error-tag>in-use</error-tag></rpc-error>", want: []netconf.RPCError{{Severity: "error", Tag: "in-use", Message: "in-use"}}},
		{name: "no message, other text", fails: true, inner: "<rpc-error><x>some</x><y> text</y></rpc-error>", want: []netconf.RPCError{{Severity: "error", Message: "some text"}}},
		{name: "empty", fails: true, inner: "<rpc-error/>", want: []netconf.RPCError{{Severity: "error", Message: "error without a message"}}},
		{name: "an error that cannot be decoded is still one", fails: true, inner: "<rpc-error><error-severity>warning</error-severity><error-message>a &nosuch; b</error-message></rpc-error>",
			want: []netconf.RPCError{{Severity: "error", Message: "warning a &nosuch; b"}}},
		{name: "error beside data", fails: true, inner: rpcError("error", "Could not connect to fpc1 : No route to host", "") + "<multi-routing-engine-results/>",
			want: []netconf.RPCError{{Severity: "error", Message: "Could not connect to fpc1 : No route to host"}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r, err := call(t, hello10, reply(1, row.inner)+end)
			var refused *netconf.ReplyError
			if row.fails != errors.As(err, &refused) || !row.fails && err != nil {
				t.Fatalf("want failure %v, got %v", row.fails, err)
			}
			if r == nil {
				t.Fatal("the reply was dropped")
			}
			if diff := cmp.Diff(row.want, r.Errors); diff != "" {
				t.Error(diff)
			}
			if r.OK != row.ok || !strings.Contains(string(r.Raw), "</rpc-reply>") {
				t.Errorf("ok %v, raw %q", r.OK, r.Raw)
			}
		})
	}
}

// What a peer may get wrong ends the session, and the error says how.
func TestBrokenReplies(t *testing.T) {
	good := reply(1, "<ok/>")
	rows := []struct{ name, hello, answer, err string }{
		{"EOF is no end of a message", hello10, good, "the device closed the session: inside a message: unexpected EOF"},
		{"EOF instead of a reply", hello10, "", "unexpected EOF"},
		{"truncated in the delimiter", hello10, good + "]]>]]", "unexpected EOF"},
		{"truncated and delimited", hello10, good[:len(good)-5] + end, "</ without >"},
		{"message-id of another", hello10, reply(2, "<ok/>") + end, "want message-id 1, got \"2\""},
		{"message-id missing", hello10, "<rpc-reply><ok/></rpc-reply>" + end, "rpc-reply without message-id"},
		{"hello twice", hello10, hello10, "want rpc-reply, got \"hello\""},
		{"not a reply", hello10, "<html><body>login</body></html>" + end, "want rpc-reply, got \"html\""},
		{"a prompt", hello10, "admin@sw1> " + end, "text outside of an element"},
		{"DOCTYPE", hello10, "<!DOCTYPE x [<!ENTITY a 'b'>]>" + good + end, "document type declarations are refused"},
		{"depth", hello10, reply(1, strings.Repeat("<a>", 100000)) + end, "more than 256 levels"},
		{"two roots", hello10, good + good + end, "after the end of <rpc-reply>"},
		{"the beginning of a declaration", hello10, "<?xml" + end, "malformed XML"},
		{"comments only", hello10, "<!-- session end -->" + end, "no element"},
		{"too large", hello10, reply(1, strings.Repeat("x", 1<<20)) + end, "larger than the limit of 1048576 bytes"},
		{"1.0 framing in a 1.1 session", hello11, good + end, "malformed framing"},
		{"1.1 chunk too large", hello11, "\n#4294967295\n<rpc-reply", "larger than the limit"},
		{"1.1 truncated", hello11, "\n#200\n" + good, "unexpected EOF"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			leaktest.Check(t)
			r, err := call(t, row.hello, row.answer)
			var dead *netconf.SessionError
			if r != nil || !errors.As(err, &dead) || !strings.Contains(err.Error(), row.err) {
				t.Fatalf("want %q, got %v, reply %v", row.err, err, r)
			}
			if closed := strings.Contains(err.Error(), "the device closed the session"); closed != errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("said to be closed by the device: %v, %v", closed, err)
			}
			if !dead.Sent || dead.Phase != "get-a" || !strings.HasPrefix(err.Error(), "sw1: get-a: ") {
				t.Errorf("want an unknown outcome of get-a on sw1: %#v", dead)
			}
		})
	}
}

// What a peer may do, and others stumble over.
func TestUnusualRepliesThatAreFine(t *testing.T) {
	good := reply(1, "<ok/>")
	notification := `<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"><eventTime>x</eventTime></notification>`
	rows := []struct{ name, hello, answer string }{
		{"plain", hello10, good + end},
		{"notifications before it", hello10, notification + end + "\n" + notification + end + good + end},
		{"comments and blank lines", hello10, "\n<!-- a -->\n" + good + "\n<!-- b -->\n\n" + end},
		{"nothing in a comment, an attribute and a section", hello10, "<!---->" + reply(1, "<x a=''><![CDATA[]]></x><ok/>") + end},
		{"declaration of us-ascii", hello10, `<?xml version="1.0" encoding="us-ascii"?>` + good + end},
		{"declaration after a comment", hello10, "<!-- a -->\n<?xml version='1.0' encoding='ISO-8859-1'?>\n" + good + end},
		{"byte order mark", hello10, "\xef\xbb\xbf" + good + end},
		{"prefixed", hello10, strings.NewReplacer("<rpc-reply xmlns=", "<nc:rpc-reply xmlns:nc=", "</rpc", "</nc:rpc", "<ok/>", "<nc:ok/>").Replace(good) + end},
		{"routing-engine left open", hello10, reply(1, "\n<routing-engine junos:style='show-name'>\n<name>fpc0</name>\n<commit-check-success/>\n<ok/>\n") + end},
		{"1.1 in single bytes", hello11, singles(good)},
		{"1.1 chunk in the middle of a letter", hello11, "\n#4\n<!--\n#1\n\xc3\n#1\n\xbc\n#3\n-->" + chunk(good)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r, err := call(t, row.hello, row.answer)
			if err != nil || !r.OK {
				t.Fatalf("got %v, %v", r, err)
			}
			if err := r.Decode(&struct{}{}); err != nil {
				t.Errorf("cannot be decoded: %v: %q", err, r.Raw)
			}
			if _, err := r.Document(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Where XML is checked no further than a device needs, who decodes it says so.
func TestRepliesThatCannotBeDecoded(t *testing.T) {
	r, err := call(t, hello10, reply(1, "<a>&nosuch;</a>")+end)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Decode(&struct{}{}); !errors.Is(err, netconf.ErrXML) || !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("decode: %v", err)
	}
	if doc, err := r.Document(); doc != nil || !errors.Is(err, netconf.ErrXML) || !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("document: %v, %v", doc, err)
	}
}

// Chunks carry what a delimiter would cut.
func TestDelimiterInAnOperation(t *testing.T) {
	s, p, err := start(t, netconf.Options{}, step{end, hello11}, step{"\n##\n", chunk(reply(1, "<ok/>"))}, step{"", "EOF"})
	if err != nil {
		t.Fatal(err)
	}
	const op = "<a>\t\r\nx<![CDATA[]]]]><![CDATA[>]]>]]&gt;</a><!-- ]]>]]> -->"
	if r, err := s.Call(t.Context(), []byte(op)); err != nil || !r.OK {
		t.Fatalf("got %v, %v", r, err)
	}
	<-p.done
	if !strings.Contains(p.got.String(), op) {
		t.Errorf("it was not sent as it is: %q", p.got.String())
	}
}

func singles(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString("\n#1\n" + s[i:i+1])
	}
	return b.String() + "\n##\n"
}

// An rpc whose message-id the device has not understood is answered without one.
func TestErrorWithoutMessageID(t *testing.T) {
	r, err := call(t, hello10, "<rpc-reply>"+rpcError("error", "missing attribute", "")+"</rpc-reply>"+end)
	var refused *netconf.ReplyError
	if r == nil || !errors.As(err, &refused) {
		t.Errorf("got %v, %v", r, err)
	}
}

// One ESC, NUL or Latin-1 letter costs encoding/xml the whole reply.
func TestSanitize(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"ESC", "\x1b[31mred", "\uFFFD[31mred"},
		{"NUL", "a\x00b", "a\uFFFDb"},
		{"Latin-1", "Z\xfcrich", "Zürich"},
		{"UTF-8 stays", "Zürich €", "Zürich €"},
		{"references", "a&#27;b&#x0;c&#xfc;&#x1F600;", "a\uFFFDb\uFFFDcü😀"},
		{"not a reference", "a &amp;#27; b", "a &#27; b"},
		{"noncharacter", "a\uFFFEb", "a\uFFFDb"},
		{"surrogate", "a&#xD800;b", "a\uFFFDb"},
		{"tab and line feed", "a\tb\nc", "a\tb\nc"},
		{"other controls", "\x01\x08\x0b\x0c\x0e\x1f\x7f", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x7f"},
		{"vertical tab alone", "a\vb", "a\uFFFDb"},
		{"form feed alone", "a\fb", "a\uFFFDb"},
		{"the other noncharacter", "a\uFFFFb", "a\uFFFDb"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r, err := call(t, hello10, reply(1, "<text>"+row.text+"</text>")+end)
			if err != nil {
				t.Fatal(err)
			}
			var v struct {
				Text string `xml:"text"`
			}
			if err := r.Decode(&v); err != nil || v.Text != row.want {
				t.Errorf("want %q, got %q, %v", row.want, v.Text, err)
			}
		})
	}
}

// The one defect of Junos that is repaired, and what is like it and is not.
func TestRepairOfRoutingEngine(t *testing.T) {
	const engine = "<routing-engine><name>fpc0</name><commit-check-success/>"
	rows := []struct{ name, inner, want, err string }{
		{"recorded form", engine + "<ok/>", engine + "</routing-engine><ok/>", ""},
		{"in commit-results", "<commit-results>" + engine + "<ok/></commit-results>", "<commit-results>" + engine + "</routing-engine><ok/></commit-results>", ""},
		{"before the end of the results", "<commit-results>" + engine + "</commit-results><ok/>", "<commit-results>" + engine + "</routing-engine></commit-results><ok/>", ""},
		{"two members before it", "<commit-results>" + engine + engine + "</commit-results><ok/>",
			"<commit-results>" + engine + "</routing-engine>" + engine + "</routing-engine></commit-results><ok/>", ""},
		{"results without a verdict", "<commit-results><routing-engine><name>fpc0</name></commit-results><ok/>", "", "malformed XML"},
		{"two members", engine + engine + "<ok/>", engine + "</routing-engine>" + engine + "</routing-engine><ok/>", ""},
		{"closed already", engine + "</routing-engine><ok/>", engine + "</routing-engine><ok/>", ""},
		{"without ok", engine, "", "malformed XML"},
		{"ok is not the last", engine + "<ok/><more/>", "", "malformed XML"},
		{"another element", "<member><name>0</name><ok/>", "", "malformed XML"},
		{"in another element", "<a>" + engine + "<ok/></a>", "", "malformed XML"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r, err := call(t, hello10, reply(1, row.inner)+end)
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) {
					t.Errorf("want %q, got %v", row.err, err)
				}
				return
			}
			if err != nil || string(r.Raw) != reply(1, row.want) || !r.OK {
				t.Errorf("want %q, got %v, %v", row.want, r, err)
			}
		})
	}
}

// An error of a member inside an engine that was left open is found, and named.
func TestRepairKeepsErrors(t *testing.T) {
	r, err := call(t, hello10, reply(1, "<routing-engine><name>fpc0</name>"+rpcError("warning", "w", "")+"<ok/>")+end)
	if err != nil || len(r.Errors) != 1 || r.Errors[0].RE != "fpc0" {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestOperationsThatAreNotSent(t *testing.T) {
	s, p, err := start(t, netconf.Options{}, step{end, hello10}, step{end, reply(1, "<ok/>") + end}, step{"", "EOF"})
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range []string{"", "text", "<a>", "<a/><b/>", "<a></b>", "<!DOCTYPE a><a/>", "<a>\x00</a>", "<a>\xff</a>", "<a>]]>]]></a>",
		"<?xml version='1.0'?><a/>", "<a/></rpc><rpc><commit/>"} {
		if _, err := s.Call(t.Context(), []byte(op)); err == nil {
			t.Errorf("%q: want it refused", op)
		}
	}
	if s.Err() != nil {
		t.Fatalf("a refused operation must not end the session: %v", s.Err())
	}
	if _, err := s.Call(t.Context(), []byte("<a/>")); err != nil && !strings.Contains(err.Error(), "message-id") {
		t.Errorf("got %v", err)
	}
	<-p.done
	if strings.Count(p.got.String(), "<rpc ") != 1 {
		t.Errorf("want one rpc on the wire, got %q", p.got.String())
	}
}

// A write that is cut tells that nothing can have been done.
func TestNotSentIsKnown(t *testing.T) {
	for after, sent := range map[int]bool{0: false, 10: false} {
		s, err := netconf.New(t.Context(), &cut{Reader: strings.NewReader(hello10), left: len("<hello") + 1000, after: after}, netconf.Options{Host: "sw1"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Call(t.Context(), []byte("<commit/>"))
		var dead *netconf.SessionError
		if !errors.As(err, &dead) || dead.Sent != sent {
			t.Errorf("after %d bytes: want sent %v, got %v (%#v)", after, sent, err, dead)
		}
	}
}

// cut is a stream that takes the hello whole and of the next write only some bytes.
type cut struct {
	io.Reader
	left, after int
	hello       bool
}

func (c *cut) Write(b []byte) (int, error) {
	if !c.hello {
		c.hello = true
		return len(b), nil
	}
	return min(c.after, len(b)), io.ErrClosedPipe
}

func (c *cut) Close() error { return nil }
