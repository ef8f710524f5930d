// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	maxDepth    = 256
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
	stack   []element
	inError int // depth of the error element we are in, 0 for none
}

// element is an open element.
type element struct {
	name     []byte // with its prefix
	local    []byte // and without
	start    int    // of its tag
	content  int    // where its content begins
	re       string // the routing engine that it speaks of
	firstErr int    // index of the first error inside
	okAt     int    // where its last child begins, if that is <ok/>
	xnm      bool   // in the namespace of the Junos XML protocol
}

// scan checks a sanitized message.
func scan(b []byte) (*document, error) {
	s := &scanner{b: b, doc: document{raw: b}}
	for {
		more, err := s.step()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	switch {
	case len(s.stack) > 0:
		return nil, s.malformed("<%.40s> is never closed", s.stack[len(s.stack)-1].name)
	case s.doc.root == "":
		return nil, s.malformed("no element")
	}
	return &s.doc, nil
}

// step handles the text up to the next markup, and that.
func (s *scanner) step() (more bool, err error) {
	i := bytes.IndexByte(s.b[s.pos:], '<')
	text := s.b[s.pos:]
	if i >= 0 {
		text = text[:i]
	}
	if len(s.stack) == 0 && len(bytes.TrimSpace(text)) > 0 {
		return false, s.malformed("text outside of an element: %.60q", bytes.TrimSpace(text))
	}
	if i < 0 {
		s.pos = len(s.b)
		return false, nil
	}
	s.pos += i
	return true, s.markup(s.b[s.pos:])
}

func (s *scanner) markup(rest []byte) error {
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.stack) > 0:
		_, err := s.until("<![CDATA[", "]]>")
		return err
	case bytes.HasPrefix(rest, []byte("<!")):
		return s.malformed("document type declarations are refused")
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.instruction()
	case bytes.HasPrefix(rest, []byte("</")):
		return s.endTag()
	}
	return s.startTag()
}

// until passes a piece of markup and returns what is inside.
func (s *scanner) until(open, end string) ([]byte, error) {
	inner := s.b[s.pos+len(open):]
	i := bytes.Index(inner, []byte(end))
	if i < 0 {
		return nil, s.malformed("%s without %s", open, end)
	}
	s.pos += len(open) + i + len(end)
	return inner[:i], nil
}

func (s *scanner) comment() error {
	text, err := s.until("<!--", "-->")
	if s.doc.root == "" && len(s.doc.comments) < maxComments {
		s.doc.comments = append(s.doc.comments, string(bytes.TrimSpace(text)))
	}
	return err
}

func (s *scanner) instruction() error {
	text, err := s.until("<?", "?>")
	if err == nil && (len(text) < 3 || strings.EqualFold(string(text[:3]), "xml")) {
		return s.malformed("misplaced <?%.20s?>", text)
	}
	return err
}

// endTag closes the innermost element, which must have the same name.
func (s *scanner) endTag() error {
	at := s.pos
	name, err := s.until("</", ">")
	if err != nil {
		return err
	}
	name = bytes.TrimRight(name, " \t\r\n")
	if len(s.stack) == 0 {
		return s.malformed("</%.40s> closes nothing", name)
	}
	if top := &s.stack[len(s.stack)-1]; !bytes.Equal(top.name, name) {
		if fix := s.unclosedEngines(name, at); fix != nil {
			return fix
		}
		return s.malformed("</%.40s> inside <%.40s>", name, top.name)
	}
	s.pop(at)
	return nil
}

func (s *scanner) malformed(format string, args ...any) error {
	return fmt.Errorf("%w at byte %d: %s", ErrXML, s.pos, fmt.Sprintf(format, args...))
}
