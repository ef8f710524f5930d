// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"cmp"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// rpcError is one rpc-error. Empty fields are left out, but for severity, which
// is error then.
type rpcError struct {
	Type, Tag, Severity, Path, Message, Bad, Daemon string

	bare bool // recorded without error-type and error-tag, and bad-element before the message
}

// reply is what goes into an rpc-reply: errors, then the body, then ok.
type reply struct {
	errors []rpcError
	body   string
	ok     bool
	close  bool // end the session behind it
}

func errorReply(errs ...rpcError) reply { return reply{errors: errs} }
func okReply() reply                    { return reply{ok: true} }

func textReply(text string) reply {
	var p page
	p.leaf("output", "\n"+strings.TrimRight(text, "\n")+"\n")
	return reply{body: p.String()}
}

func syntaxError(bad string) reply { return errorReply(rpcError{Message: "syntax error", Bad: bad}) }

func permissionDenied(bad string) reply {
	return errorReply(rpcError{Message: "permission denied", Bad: bad})
}

// outcomeReply answers an operation that says ok or one error.
func outcomeReply(err *engine.Refusal) reply {
	if err != nil {
		return refusedReply(*err)
	}
	return okReply()
}

// refusedReply tells why the switch did not do something.
func refusedReply(why engine.Refusal) reply { return errorReply(errorOf(why)) }

// errorOf writes a refusal the way that its kind was recorded in.
func errorOf(r engine.Refusal) rpcError {
	e := rpcError{Severity: r.Severity, Path: r.Path, Message: r.Message, Bad: r.Bad}
	switch r.By {
	case engine.ByDatabase:
		e.bare = true
	case engine.ByCheck:
		e.Type, e.Tag = "application", "invalid-value"
	}
	return e
}

func errorsOf(all []engine.Refusal) []rpcError {
	var errs []rpcError
	for _, r := range all {
		errs = append(errs, errorOf(r))
	}
	return errs
}

// page writes XML line by line, as Junos does. The zero value is an empty page.
type page struct {
	b       strings.Builder
	quiet   bool   // warnings are left out
	pending bool   // commits that are on trial are marked
	nc      string // prefix of NETCONF's own tags, for rfc-compliant sessions
	tags    string // which rpc-errors have error-type and error-tag: the profile's error_tags
}

func (p *page) String() string { return p.b.String() }

// open starts an element; attrs are names and values in turn.
func (p *page) open(name string, attrs ...string) {
	p.start(name, attrs)
	p.b.WriteString(">\n")
}

func (p *page) start(name string, attrs []string) {
	p.b.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		p.b.WriteString(" " + attrs[i] + `="`)
		_ = xml.EscapeText(&p.b, []byte(attrs[i+1]))
		p.b.WriteByte('"')
	}
}

func (p *page) close(name string) { p.b.WriteString("</" + name + ">\n") }

func (p *page) leaf(name, value string, attrs ...string) {
	p.start(name, attrs)
	p.b.WriteByte('>')
	p.text(value)
	p.close(name)
}

// record writes an element with leaves, names and values in turn.
func (p *page) record(name string, leaves ...string) {
	p.open(name)
	for i := 0; i+1 < len(leaves); i += 2 {
		p.leaf(leaves[i], leaves[i+1])
	}
	p.close(name)
}

func (p *page) empty(name string) { p.b.WriteString("<" + name + "/>\n") }
func (p *page) raw(s string)      { p.b.WriteString(s) }

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// text escapes what XML wants escaped, and leaves line breaks, tabs and quotes as
// they are.
func (p *page) text(s string) {
	_, _ = xmlText.WriteString(&p.b, strings.Map(inXML, s))
}

// inXML is the character, or the one that stands for those XML cannot hold.
func inXML(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return '\uFFFD'
	}
	return r
}

// writeErrors writes rpc-errors in the order of the elements that Junos has.
func (p *page) writeErrors(errs []rpcError) {
	for _, e := range errs {
		if !p.quiet || e.Severity != "warning" {
			p.writeError(e)
		}
	}
}

func (p *page) writeError(e rpcError) {
	p.open(p.nc + "rpc-error")
	p.writeTags(e)
	p.leaf(p.nc+"error-severity", cmp.Or(e.Severity, "error"))
	p.optionalLeaf("source-daemon", e.Daemon)
	p.optionalLeaf(p.nc+"error-path", e.Path)
	first := e.bare && p.tags != "full"
	if first {
		p.badElement(e.Bad)
	}
	p.leaf(p.nc+"error-message", e.Message)
	if !first {
		p.badElement(e.Bad)
	}
	p.close(p.nc + "rpc-error")
}

// writeTags writes error-type and error-tag where Junos was seen to: in errors of
// the protocol and of a commit, in no warning, and in none of a load or a lock.
func (p *page) writeTags(e rpcError) {
	if p.tags == "minimal" || p.tags != "full" && (e.bare || e.Severity == "warning") {
		return
	}
	p.leaf(p.nc+"error-type", cmp.Or(e.Type, "protocol"))
	p.leaf(p.nc+"error-tag", cmp.Or(e.Tag, "operation-failed"))
}

func (p *page) badElement(bad string) {
	if bad == "" {
		return
	}
	p.open(p.nc + "error-info")
	p.leaf(p.nc+"bad-element", bad)
	p.close(p.nc + "error-info")
}

func (p *page) optionalLeaf(name, value string) {
	if value != "" {
		p.leaf(name, value)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
