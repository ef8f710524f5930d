// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"bytes"
	"io"
	"regexp"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// serveTerminal speaks NETCONF on a terminal, which goes back to its shell with the
// session. So nothing is read ahead: what is typed behind the last request is the
// shell's.
func serveTerminal(s *engine.Session, terminal cli.TTY) {
	lines := &terminalReader{from: terminal}
	n := newNETCONF(s, terminal)
	n.in = frame.NewReader(lines, frame.Limits{})
	defer s.End()
	msg, err := n.greetClient()
	lines.chunked = n.chunked
	if err == nil && !isRPC(msg) {
		msg, err = n.in.Next()
	}
	for err == nil && n.answerMessage(msg) {
		msg, err = n.in.Next()
	}
	n.sayFarewell()
}

// terminalReader ends a message where its XML ends, as Junos does on a terminal:
// PyEZ sends no delimiter there. One that comes all the same is skipped.
type terminalReader struct {
	from    cli.TTY
	chunked bool
	last    []byte // of the message on its way
	ahead   []byte // to be read next
	skip    int    // so much of a delimiter was skipped; -1: none is expected
}

var endOfMessage = regexp.MustCompile(`</([a-z]+:)?(rpc|hello)\s*>$`)

const delimiter = "]]>]]>"

// Read returns a byte or the end of a message: a reader must not wait for more
// than it needs.
func (r *terminalReader) Read(b []byte) (int, error) {
	if r.chunked {
		return r.from.Read(b)
	}
	for len(r.ahead) == 0 {
		var one [1]byte
		if _, err := io.ReadFull(r.from, one[:]); err != nil {
			return 0, err
		}
		r.takeByte(one[0])
	}
	n := copy(b, r.ahead)
	r.ahead = r.ahead[n:]
	return n, nil
}

// takeByte adds a byte to what is read next, unless it is part of a delimiter that is
// there already.
func (r *terminalReader) takeByte(c byte) {
	if len(r.last) == 0 {
		switch {
		case r.skip == 0 && bytes.IndexByte([]byte(" \t\r\n"), c) >= 0:
			return
		case r.skip >= 0 && r.skip < len(delimiter) && c == delimiter[r.skip]:
			r.skip++
			return
		}
	}
	r.skip = -1
	r.last = append(r.last, c)
	r.ahead = append(r.ahead, c)
	if c == '>' && r.from.Buffered() == 0 && endOfMessage.Match(r.last) {
		r.ahead = append(r.ahead, delimiter...)
		r.last, r.skip = nil, 0
	}
}
