// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
)

// scanStartTag reads a start tag or an empty-element tag.
func (s *scanner) scanStartTag() error {
	at := s.pos
	s.pos++
	name := s.scanName()
	if len(name) == 0 {
		return s.malformedError("want a name after <")
	}
	e := openElement{name: name, local: localName(name), start: at, firstErr: len(s.doc.errors)}
	e.xnm = bytes.HasPrefix(name, []byte("xnm:"))
	if err := s.checkOpening(&e); err != nil {
		return err
	}
	for {
		s.skipSpace()
		switch {
		case s.passIf(">"):
			s.pushElement(e)
			return nil
		case s.passIf("/>"):
			s.pushElement(e)
			s.popElement(s.pos)
			return nil
		}
		if err := s.scanAttribute(&e); err != nil {
			return err
		}
	}
}

// checkOpening checks where an element may begin.
func (s *scanner) checkOpening(e *openElement) error {
	if len(s.stack) == maxElements {
		return s.malformedError("more than %d levels", maxElements)
	}
	if len(s.stack) > 0 {
		return nil
	}
	if s.doc.root != "" {
		return s.malformedError("<%.40s> after the end of <%.40s>", e.name, s.doc.root)
	}
	s.doc.root = string(e.local)
	return nil
}

// scanAttribute reads one attribute; only two are of interest.
func (s *scanner) scanAttribute(e *openElement) error {
	name := s.scanName()
	s.skipSpace()
	if len(name) == 0 || !s.passIf("=") {
		return s.malformedError("attributes of <%.40s> are broken", e.name)
	}
	s.skipSpace()
	if s.pos >= len(s.b) || s.b[s.pos] != '"' && s.b[s.pos] != '\'' {
		return s.malformedError("attribute %.40s is not quoted", name)
	}
	quote := string(s.b[s.pos : s.pos+1])
	value, err := s.passUntil(quote, quote)
	switch {
	case err != nil:
		return err
	case bytes.IndexByte(value, '<') >= 0:
		return s.malformedError("attribute %.40s holds a <", name)
	case len(s.stack) == 0 && string(name) == "message-id":
		id := string(value)
		s.doc.id = &id
	case bytes.HasPrefix(name, []byte("xmlns")) && bytes.Contains(value, []byte("xml.juniper.net/xnm/")):
		e.xnm = true
	}
	return nil
}

// scanName reads a name. What XML allows in names beyond ASCII is not told apart.
func (s *scanner) scanName() []byte {
	from := s.pos
	for s.pos < len(s.b) && isNameByte(s.b[s.pos], s.pos > from) {
		s.pos++
	}
	return s.b[from:s.pos]
}

func isNameByte(c byte, later bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':', c >= 0x80:
		return true
	}
	return later && (c >= '0' && c <= '9' || c == '-' || c == '.')
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.b) && (s.b[s.pos] == ' ' || s.b[s.pos] == '\n' || s.b[s.pos] == '\t' || s.b[s.pos] == '\r') {
		s.pos++
	}
}

// passIf passes text if it is what comes next.
func (s *scanner) passIf(text string) bool {
	if bytes.HasPrefix(s.b[s.pos:], []byte(text)) {
		s.pos += len(text)
		return true
	}
	return false
}

// localName returns a name without its prefix: Junos puts its version into
// namespaces, and prefixes everything when it is told to be compliant.
func localName(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }
