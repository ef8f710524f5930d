// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	maxElements = 256
	maxComments = 100
)

// document is what one pass over a message has found out. The pass checks that
// tags are balanced and refuses what a device never needs (DOCTYPE, depth); texts
// and entities are left to whoever decodes them.
type document struct {
	raw      []byte
	root     string // local name
	id       *string
	comments []string // before the root
	errors   []RPCError
	ok       bool
}

// scanner walks over the tags of a message. It exists because encoding/xml takes
// seconds for a reply of 20 MB, and stops at Junos' unclosed routing-engine.
type scanner struct {
	doc     document
	b       []byte
	pos     int
	stack   []openElement
	inError int // depth of the error element we are in, 0 for none
}

// openElement is an open element.
type openElement struct {
	name     []byte // with its prefix
	local    []byte // and without
	start    int    // of its tag
	content  int    // where its content begins
	re       string // the routing engine that it speaks of
	firstErr int    // index of the first error inside
	okAt     int    // where its last child begins, if that is <ok/>
	xnm      bool   // in the namespace of the Junos XML protocol
}

// scanMessage checks a sanitized message.
func scanMessage(b []byte) (*document, error) {
	s := &scanner{b: b, doc: document{raw: b}}
	for {
		more, err := s.scanStep()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	switch {
	case len(s.stack) > 0:
		return nil, s.malformedError("<%.40s> is never closed", s.stack[len(s.stack)-1].name)
	case s.doc.root == "":
		return nil, s.malformedError("no element")
	}
	return &s.doc, nil
}

// scanStep handles the text up to the next markup, and that.
func (s *scanner) scanStep() (more bool, err error) {
	i := bytes.IndexByte(s.b[s.pos:], '<')
	text := s.b[s.pos:]
	if i >= 0 {
		text = text[:i]
	}
	if len(s.stack) == 0 && len(bytes.TrimSpace(text)) > 0 {
		return false, s.malformedError("text outside of an element: %.60q", bytes.TrimSpace(text))
	}
	if i < 0 {
		s.pos = len(s.b)
		return false, nil
	}
	s.pos += i
	return true, s.scanMarkup(s.b[s.pos:])
}

func (s *scanner) scanMarkup(rest []byte) error {
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.scanComment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.stack) > 0:
		_, err := s.passUntil("<![CDATA[", "]]>")
		return err
	case bytes.HasPrefix(rest, []byte("<!")):
		return s.malformedError("document type declarations are refused")
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.scanInstruction()
	case bytes.HasPrefix(rest, []byte("</")):
		return s.scanEndTag()
	}
	return s.scanStartTag()
}

// passUntil passes a piece of markup and returns what is inside.
func (s *scanner) passUntil(open, end string) ([]byte, error) {
	inner := s.b[s.pos+len(open):]
	i := bytes.Index(inner, []byte(end))
	if i < 0 {
		return nil, s.malformedError("%s without %s", open, end)
	}
	s.pos += len(open) + i + len(end)
	return inner[:i], nil
}

func (s *scanner) scanComment() error {
	text, err := s.passUntil("<!--", "-->")
	if s.doc.root == "" && len(s.doc.comments) < maxComments {
		s.doc.comments = append(s.doc.comments, string(bytes.TrimSpace(text)))
	}
	return err
}

func (s *scanner) scanInstruction() error {
	text, err := s.passUntil("<?", "?>")
	if err == nil && (len(text) < 3 || strings.EqualFold(string(text[:3]), "xml")) {
		return s.malformedError("misplaced <?%.20s?>", text)
	}
	return err
}

// scanEndTag closes the innermost element, which must have the same name.
func (s *scanner) scanEndTag() error {
	at := s.pos
	name, err := s.passUntil("</", ">")
	if err != nil {
		return err
	}
	name = bytes.TrimRight(name, " \t\r\n")
	if len(s.stack) == 0 {
		return s.malformedError("</%.40s> closes nothing", name)
	}
	if top := &s.stack[len(s.stack)-1]; !bytes.Equal(top.name, name) {
		if fix := s.unclosedEngines(name, at); fix != nil {
			return fix
		}
		return s.malformedError("</%.40s> inside <%.40s>", name, top.name)
	}
	s.popElement(at)
	return nil
}

func (s *scanner) malformedError(format string, args ...any) error {
	return fmt.Errorf("%w at byte %d: %s", ErrXML, s.pos, fmt.Sprintf(format, args...))
}
