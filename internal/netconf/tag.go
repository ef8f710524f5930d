// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
)

// startTag reads a start tag or an empty-element tag.
func (s *scanner) startTag() error {
	at := s.pos
	s.pos++
	name := s.name()
	if len(name) == 0 {
		return s.malformed("want a name after <")
	}
	e := element{name: name, local: local(name), start: at, firstErr: len(s.doc.errors)}
	e.xnm = bytes.HasPrefix(name, []byte("xnm:"))
	if err := s.open(&e); err != nil {
		return err
	}
	for {
		s.space()
		switch {
		case s.has(">"):
			s.push(e)
			return nil
		case s.has("/>"):
			s.push(e)
			s.pop(s.pos)
			return nil
		}
		if err := s.attribute(&e); err != nil {
			return err
		}
	}
}

// open checks where an element may begin.
func (s *scanner) open(e *element) error {
	if len(s.stack) == maxDepth {
		return s.malformed("more than %d levels", maxDepth)
	}
	if len(s.stack) > 0 {
		return nil
	}
	if s.doc.root != "" {
		return s.malformed("<%.40s> after the end of <%.40s>", e.name, s.doc.root)
	}
	s.doc.root = string(e.local)
	return nil
}

// attribute reads one attribute; only two are of interest.
func (s *scanner) attribute(e *element) error {
	name := s.name()
	s.space()
	if len(name) == 0 || !s.has("=") {
		return s.malformed("attributes of <%.40s> are broken", e.name)
	}
	s.space()
	if s.pos >= len(s.b) || s.b[s.pos] != '"' && s.b[s.pos] != '\'' {
		return s.malformed("attribute %.40s is not quoted", name)
	}
	quote := string(s.b[s.pos : s.pos+1])
	value, err := s.until(quote, quote)
	switch {
	case err != nil:
		return err
	case bytes.IndexByte(value, '<') >= 0:
		return s.malformed("attribute %.40s holds a <", name)
	case len(s.stack) == 0 && string(name) == "message-id":
		id := string(value)
		s.doc.id = &id
	case bytes.HasPrefix(name, []byte("xmlns")) && bytes.Contains(value, []byte("xml.juniper.net/xnm/")):
		e.xnm = true
	}
	return nil
}

// name reads a name. What XML allows in names beyond ASCII is not told apart.
func (s *scanner) name() []byte {
	from := s.pos
	for s.pos < len(s.b) && nameByte(s.b[s.pos], s.pos > from) {
		s.pos++
	}
	return s.b[from:s.pos]
}

func nameByte(c byte, later bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':', c >= 0x80:
		return true
	}
	return later && (c >= '0' && c <= '9' || c == '-' || c == '.')
}

func (s *scanner) space() {
	for s.pos < len(s.b) && (s.b[s.pos] == ' ' || s.b[s.pos] == '\n' || s.b[s.pos] == '\t' || s.b[s.pos] == '\r') {
		s.pos++
	}
}

// has passes text if it is what comes next.
func (s *scanner) has(text string) bool {
	if bytes.HasPrefix(s.b[s.pos:], []byte(text)) {
		s.pos += len(text)
		return true
	}
	return false
}

// local returns a name without its prefix: Junos puts its version into
// namespaces, and prefixes everything when it is told to be compliant.
func local(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }
