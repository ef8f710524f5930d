// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"errors"
)

// unclosedError is the one defect of Junos' XML that is known and repaired: replies to
// validate, and some to a commit check, leave <routing-engine> open before <ok/>:
//
//	<rpc-reply><routing-engine><name>fpc0</name><commit-check-success/><ok/></rpc-reply>
//
// or before the end of the results, with <ok/> behind them.
type unclosedError struct {
	error
	missing []endTag
}

type endTag struct {
	at   int
	name []byte
}

// unclosedEngines recognises that defect at the end tag of a reply or of its
// commit-results: all that is open are routing-engines, the last thing inside is
// <ok/>, or the word of a check that succeeded. Anything else is malformed.
func (s *scanner) unclosedEngines(closing []byte, at int) *unclosedError {
	n := len(s.stack)
	first := n
	for first > 0 && string(s.stack[first-1].local) == "routing-engine" {
		first--
	}
	if first == n || first == 0 {
		return nil
	}
	outer, end := s.stack[first-1], s.stack[n-1].okAt
	checked := bytes.HasSuffix(bytes.TrimSpace(s.b[s.stack[n-1].content:at]), []byte("<commit-check-success/>"))
	if end == 0 && checked && string(outer.local) == "commit-results" {
		end = at
	}
	if end == 0 {
		return nil
	}
	if string(outer.name) != string(closing) || string(outer.local) != "rpc-reply" && string(outer.local) != "commit-results" {
		return nil
	}
	fix := &unclosedError{error: s.malformedError("<routing-engine> is never closed")}
	for i := first; i < n-1; i++ { // it ends where the next member's begins
		fix.missing = append(fix.missing, endTag{s.stack[i+1].start, s.stack[i].name})
	}
	fix.missing = append(fix.missing, endTag{end, s.stack[n-1].name})
	return fix
}

// scanReply is scanMessage with that repair.
func scanReply(b []byte) (*document, error) {
	doc, err := scanMessage(b)
	var fix *unclosedError
	if !errors.As(err, &fix) {
		return doc, err
	}
	return scanMessage(fix.closeEngines(b))
}

func (u *unclosedError) closeEngines(b []byte) []byte {
	var out []byte
	from := 0
	for _, m := range u.missing {
		out = append(out, b[from:m.at]...)
		out = append(append(append(out, "</"...), m.name...), '>')
		from = m.at
	}
	return append(out, b[from:]...)
}
