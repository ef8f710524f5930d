// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"strings"

	"github.com/beevik/etree"
)

// answer is what an RPC came to.
type answer struct {
	xml    string // without top-level errors
	root   *etree.Element
	errors []rpcError
}

// rpcError is one rpc-error at any depth of a reply.
type rpcError struct {
	warning, absent    bool
	path, message, bad string
	member             string // whose part of a commit it is
}

// callRPC runs an RPC and tells data and errors apart.
func (s *session) callRPC(rpc string) answer {
	a := answer{xml: s.dev.Call(rpc)}
	a.root = parseReply(a.xml)
	if a.root == nil {
		a.root = etree.NewElement("rpc-reply")
		return a
	}
	for _, e := range a.root.FindElements(".//rpc-error") {
		a.errors = append(a.errors, readError(e))
	}
	if len(a.root.SelectElements("rpc-error")) > 0 {
		a.xml = withoutErrors(a.root)
	}
	return a
}

func withoutErrors(root *etree.Element) string {
	doc := etree.NewDocument()
	for _, e := range root.ChildElements() {
		if e.Tag != "rpc-error" {
			doc.AddChild(e.Copy())
		}
	}
	text, err := doc.WriteToString()
	if err != nil {
		return ""
	}
	return text
}

func readError(e *etree.Element) rpcError {
	r := rpcError{
		warning: childText(e, "error-severity") == "warning",
		absent:  childText(e, "error-tag") == AbsentTag,
		path:    childText(e, "error-path"),
		message: childText(e, "error-message"),
		bad:     childText(e, "error-info/bad-element"),
	}
	if at := e.Parent(); at != nil && at.Tag == "routing-engine" {
		r.member = childText(at, "name")
	}
	return r
}

// childText is the trimmed text of a child; "" when it is not there.
func childText(e *etree.Element, path string) string {
	if e == nil {
		return ""
	}
	if c := e.FindElement(path); c != nil {
		return strings.TrimSpace(c.Text())
	}
	return ""
}

// firstError returns the first error of an answer.
func (a answer) firstError() error {
	for _, e := range a.errors {
		if !e.warning {
			return &Error{Message: e.message, Bad: e.bad, Column: -1, Absent: e.absent}
		}
	}
	return nil
}

// remarkLines are the errors and warnings in the order of the answer, as lines.
func (a answer) remarkLines() string {
	var b strings.Builder
	for _, e := range a.errors {
		kind := "error: "
		if e.warning {
			kind = "warning: "
		}
		b.WriteString(kind + e.message + "\n")
	}
	return b.String()
}
