// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"html"
)

// pushElement opens an element and notes whether errors begin with it.
func (s *scanner) pushElement(e openElement) {
	e.content = s.pos
	s.stack = append(s.stack, e)
	if s.inError == 0 && isError(&e) {
		s.inError = len(s.stack)
	}
}

// isError tells rpc-error, and the error and warning of the Junos XML protocol,
// from data that happens to have such a name.
func isError(e *openElement) bool {
	return string(e.local) == "rpc-error" || e.xnm && (string(e.local) == "error" || string(e.local) == "warning")
}

// popElement closes the innermost element, whose content ends at the given place.
func (s *scanner) popElement(contentEnd int) {
	e := s.stack[len(s.stack)-1]
	if s.inError == len(s.stack) {
		s.inError = 0
		s.doc.errors = append(s.doc.errors, parseError(e, s.b[e.start:s.pos]))
	}
	s.stack = s.stack[:len(s.stack)-1]
	if e.re != "" {
		for i := e.firstErr; i < len(s.doc.errors); i++ {
			if s.doc.errors[i].RE == "" {
				s.doc.errors[i].RE = e.re
			}
		}
	}
	if len(s.stack) == 0 || s.inError != 0 {
		return
	}
	s.noteChild(&s.stack[len(s.stack)-1], &e, contentEnd)
}

// noteChild tells an element what its child means for it.
func (s *scanner) noteChild(parent, e *openElement, contentEnd int) {
	parent.okAt = 0
	switch in := parent.local; string(e.local) {
	case "ok":
		parent.okAt = e.start
		switch string(in) { // elsewhere it is data
		case "rpc-reply", "load-configuration-results", "commit-results":
			s.doc.ok = true
		}
	case "name":
		if string(in) == "routing-engine" {
			parent.re = s.textOf(e, contentEnd)
		}
	case "re-name":
		if string(in) == "multi-routing-engine-item" {
			parent.re = s.textOf(e, contentEnd)
		}
	}
}

func (s *scanner) textOf(e *openElement, end int) string {
	return plainText(s.b[e.content:max(e.content, end)])
}

// plainText is the text of a name, which holds no elements.
func plainText(b []byte) string {
	b = bytes.TrimSpace(b)
	return html.UnescapeString(string(b[:min(len(b), 64)]))
}
