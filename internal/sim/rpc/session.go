// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

const (
	baseNamespace = "urn:ietf:params:xml:ns:netconf:base:1.0"
	base11        = "urn:ietf:params:netconf:base:1.1"
)

// netconfSession is one NETCONF session over any stream.
type netconfSession struct {
	s       *engine.Session
	stream  io.Writer
	in      *frame.Reader
	out     *frame.Writer
	rfc     bool // system services netconf rfc-compliant
	yang    bool // system services netconf yang-compliant
	chunks  bool // system services netconf version-1.1
	chunked bool // both sides offered it
}

// Serve speaks NETCONF on the stream until it ends or the session does.
func Serve(s *engine.Session, stream io.ReadWriter) {
	n := newNETCONF(s, stream)
	defer s.End()
	first, err := n.greetClient()
	if err != nil || isRPC(first) && !n.answerMessage(first) {
		return
	}
	n.serveRequests(n.readRequests())
}

// newNETCONF is a session as the configuration wants it.
func newNETCONF(s *engine.Session, stream io.ReadWriter) *netconfSession {
	tree := s.Member.InForce()
	_, rfc := tree.Get("system", "services", "netconf", "rfc-compliant")
	_, yang := tree.Get("system", "services", "netconf", "yang-compliant")
	_, chunks := tree.Get("system", "services", "netconf", "version-1.1")
	return &netconfSession{s: s, stream: stream, in: frame.NewReader(stream, frame.Limits{}), out: frame.NewWriter(stream), rfc: rfc, yang: yang, chunks: chunks}
}

// isRPC tells a request from a hello: a client that greets nobody is answered
// all the same.
func isRPC(msg []byte) bool {
	doc := etree.NewDocument()
	return doc.ReadFromBytes(msg) == nil && doc.Root() != nil && doc.Root().Tag == "rpc"
}

// readRequests reads ahead of the handlers, so that a client that goes away is
// noticed while an RPC stalls. What it sent before is still answered. The channel
// is closed at the end.
func (n *netconfSession) readRequests() <-chan []byte {
	messages := make(chan []byte)
	go func() { // ends with the stream, which the front closes
		defer close(messages)
		for {
			msg, err := n.in.Next()
			if err != nil {
				n.s.Depart()
				return
			}
			select {
			case messages <- msg:
			case <-n.s.Done():
				return
			}
		}
	}()
	return messages
}

func (n *netconfSession) serveRequests(messages <-chan []byte) {
	for {
		select {
		case msg, ok := <-messages:
			if !ok || !n.answerMessage(msg) {
				n.sayFarewell()
				return
			}
		case <-n.s.Done():
			return
		}
	}
}

// sayFarewell is the comment that ends a session. Chunks have no place for it.
func (n *netconfSession) sayFarewell() {
	if !n.chunked {
		_, _ = fmt.Fprintf(n.stream, "<!-- session end at %s -->\n", engine.Stamp(n.s.Chassis.Now()))
	}
}

// answerMessage handles one message; false ends the session.
func (n *netconfSession) answerMessage(msg []byte) bool {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(msg); err != nil || doc.Root() == nil || doc.Root().Tag != "rpc" {
		return n.sendReply(nil, syntaxError("rpc"), "") == nil
	}
	rpc := doc.Root()
	var op *etree.Element
	if children := rpc.ChildElements(); len(children) > 0 {
		op = children[0]
	} else {
		return n.sendReply(rpc, syntaxError("rpc"), "") == nil
	}
	return n.performOperation(rpc, op, string(msg))
}

// performOperation runs an operation and sends its reply.
func (n *netconfSession) performOperation(rpc, op *etree.Element, request string) bool {
	answer, fault, alive := n.attemptOperation(op, request, n.applyOperation)
	return alive && n.finishReply(rpc, answer, fault)
}

// attemptOperation runs an operation between its two hooks. It returns the answer and
// the fault that strikes it; false: the connection is gone.
func (n *netconfSession) attemptOperation(op *etree.Element, request string, apply func(operation, string, *etree.Element) reply) (reply, engine.Fault, bool) {
	spec, kind := operationOf(op)
	call, fault := n.s.Begin(op.Tag, kind, request)
	if !n.s.Survive(fault) {
		call.Outcome("fault before: " + fault.Action)
		return reply{}, fault, false
	}
	answer := errorReply(rpcError{Message: fault.Text})
	if fault.Action != engine.FaultError {
		answer = apply(spec, kind, op)
	}
	call.Outcome(answer.logOutcome())
	if fault.Action == "" || fault.Action == engine.FaultStall {
		fault = call.After()
	}
	return answer, fault, true
}

// finishReply sends the reply as the fault leaves it.
func (n *netconfSession) finishReply(rpc *etree.Element, answer reply, fault engine.Fault) bool {
	if !n.s.Survive(fault) {
		return false
	}
	switch fault.Action {
	case engine.FaultError:
		answer = errorReply(rpcError{Message: fault.Text})
	case engine.FaultWarning:
		answer.errors = append(answer.errors, rpcError{Severity: "warning", Message: fault.Text})
	case engine.FaultTruncate, engine.FaultMutate:
		return n.spoilReply(rpc, answer, fault)
	}
	return n.sendReply(rpc, answer, n.cliBanner()) == nil && !answer.close
}

// spoilReply sends a changed reply, or half of one.
func (n *netconfSession) spoilReply(rpc *etree.Element, answer reply, fault engine.Fault) bool {
	text := n.renderReply(rpc, answer, "")
	if fault.Action == engine.FaultTruncate {
		_, _ = n.stream.Write([]byte(text[:len(text)/2]))
		n.s.Hangup(false)
		return false
	}
	text = strings.ReplaceAll(text, fault.Find, fault.Replace)
	_, err := n.out.Write([]byte(text))
	return err == nil && !answer.close
}

// applyOperation checks the permission and runs the operation.
func (n *netconfSession) applyOperation(spec operation, kind string, op *etree.Element) reply {
	n.s.Delay(op.Tag, kind)
	if spec.run == nil {
		return unknownOperation(op.Tag)
	}
	if !n.s.Allows(kind) && op.Tag != "close-session" {
		return permissionDenied(op.Tag)
	}
	if err := cli.CheckRequest(op); err != nil {
		return mistakeReply(err)
	}
	return formatReply(op, n.wrapReply(op, spec.run(n, op)))
}

// wrapReply puts what one member answers to an operational read into an item of its
// own, where the profile has it so.
func (n *netconfSession) wrapReply(op *etree.Element, answer reply) reply {
	wrapper := n.s.Chassis.Profile.ReplyWrapper
	if wrapper == "none" || answer.body == "" || !strings.HasPrefix(op.Tag, "get-") || op.Tag == "get-config" || op.Tag == "get-configuration" ||
		strings.HasPrefix(answer.body, "<"+multiResults) {
		return answer
	}
	name := n.s.Member.Name()
	if wrapper == "localre" {
		name = wrapper
	}
	var p page
	p.open(multiResults)
	p.open("multi-routing-engine-item")
	p.leaf("re-name", name)
	p.raw(answer.body)
	p.close("multi-routing-engine-item")
	p.close(multiResults)
	answer.body = p.String()
	return answer
}

// formatsItself: an operation that reads the form that the request asks for.
func formatsItself(operation string) bool {
	return slices.Contains([]string{"command", "get", "get-config", "get-configuration", "load-configuration"}, operation)
}

// formatReply puts the answer of an operational RPC into the form that the request
// asks for.
func formatReply(op *etree.Element, answer reply) reply {
	format := op.SelectAttrValue("format", "xml")
	isText := format == "text" && strings.HasPrefix(answer.body, "<output>")
	if format == "xml" || isText || answer.body == "" || formatsItself(op.Tag) {
		return answer
	}
	text, ok := cli.Format(op.Tag, answer.body, format)
	if !ok {
		return absentReply(op.Tag + " format=" + format)
	}
	if format != "json" {
		answer.body = textReply(text).body
		return answer
	}
	var p page
	p.text(text)
	answer.body = p.String()
	return answer
}

func (n *netconfSession) sendReply(rpc *etree.Element, answer reply, trailer string) error {
	_, err := n.out.Write([]byte(n.renderReply(rpc, answer, trailer)))
	return err
}

// renderReply writes the rpc-reply. Attributes and prefixes of the request come back
// in it, behind those of Junos.
func (n *netconfSession) renderReply(rpc *etree.Element, answer reply, trailer string) string {
	p := n.newPage()
	attrs := []string{"xmlns", baseNamespace, "xmlns:junos", n.junosNamespace()}
	if n.rfc {
		attrs = []string{"xmlns:nc", baseNamespace, "xmlns:junos", n.junosNamespace()}
	}
	p.open(p.nc+"rpc-reply", append(attrs, echoedAttrs(rpc, attrs)...)...)
	p.quiet = answer.ok && n.dropsWarnings("18.4R1")
	p.writeErrors(answer.errors)
	p.raw(answer.body)
	if answer.ok {
		p.empty(p.nc + "ok")
	}
	p.raw(trailer)
	p.close(p.nc + "rpc-reply")
	return p.String()
}

func echoedAttrs(rpc *etree.Element, have []string) []string {
	if rpc == nil {
		return nil
	}
	var attrs []string
	for _, a := range rpc.Attr {
		known := false
		for i := 0; i < len(have); i += 2 {
			known = known || have[i] == a.FullKey()
		}
		if !known {
			attrs = append(attrs, a.FullKey(), a.Value)
		}
	}
	return attrs
}

// newPage starts a page in the manner of this session.
func (n *netconfSession) newPage() *page {
	p := &page{tags: n.s.Chassis.Profile.ErrorTags}
	if n.rfc {
		p.nc = "nc:"
	}
	return p
}

// dropsWarnings: from some release on, rfc-compliant sessions get no warnings beside
// an ok.
func (n *netconfSession) dropsWarnings(since string) bool {
	return n.rfc && !conf.Earlier(n.s.Member.Release(), since)
}

// junosNamespace names the release in the junos prefix.
func (n *netconfSession) junosNamespace() string {
	return "http://xml.juniper.net/junos/" + n.s.Member.Version(n.s.Chassis.Profile.NamespaceVersion) + "/junos"
}

// dataNamespace is that of the data of a daemon; suffix begins with a hyphen, or is empty.
func (n *netconfSession) dataNamespace(suffix string) string {
	return "http://xml.juniper.net/junos/" + n.s.Member.Version("short") + "/junos" + suffix
}

// logOutcome is the outcome in the log.
func (r reply) logOutcome() string {
	for _, e := range r.errors {
		if e.Severity != "warning" {
			return "error: " + strings.TrimSpace(e.Message)
		}
	}
	if strings.Contains(r.body, "error-severity>error<") {
		return "error in results"
	}
	return "ok"
}

// cliBanner is the line that some sessions put behind every reply.
func (n *netconfSession) cliBanner() string {
	if n.s.Chassis.Profile.Banner != "cli" {
		return ""
	}
	var p page
	p.record("cli", "banner", n.s.Prompt())
	return p.String()
}
