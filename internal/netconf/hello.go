// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/Juniper/go-netconf/netconf"
)

// clientHello offers both framings: Junos knows base:1.1 only since 24.4, and
// only when it is configured.
func clientHello() []byte {
	b, err := xml.Marshal(&netconf.HelloMessage{Capabilities: netconf.DefaultCapabilities})
	if err != nil {
		panic(err) // constants
	}
	return b
}

// readHello reads the server's hello, which always is in base:1.0 framing
// (RFC 6242 4.1), and the comments before it.
func readHello(next func() ([]byte, error)) (*netconf.HelloMessage, []string, error) {
	none := new(netconf.HelloMessage)
	raw, err := next()
	if err != nil {
		return none, nil, quoteBeginning(endOfStream(err), raw)
	}
	raw = sanitizeMessage(raw)
	doc, err := scanMessage(raw)
	if err != nil {
		if refused := refusalBefore(raw); refused != nil {
			return none, nil, refused
		}
		return none, nil, quoteBeginning(err, raw)
	}
	if doc.root != "hello" {
		return none, nil, notAHello(doc)
	}
	hello, err := parseHello(doc.raw)
	if err != nil {
		return none, nil, err
	}
	return hello, doc.comments, nil
}

// notAHello reports an error that came instead of a hello, as Junos sends when
// its management daemon cannot start the session.
func notAHello(doc *document) error {
	for _, e := range doc.errors {
		return fmt.Errorf("the device refused the session: %w", e)
	}
	return fmt.Errorf("%w: want hello, got %.40q", ErrProtocol, doc.root)
}

// refusalBefore returns what a device says in replies before its hello, or nil: Junos
// greets a login so whose class permits no session.
func refusalBefore(raw []byte) error {
	const opened, closed = "<rpc-reply", "</rpc-reply>"
	var words []string
	for {
		begin, end := bytes.Index(raw, []byte(opened)), bytes.Index(raw, []byte(closed))
		if begin < 0 || end < begin {
			break
		}
		if doc, err := scanMessage(raw[begin : end+len(closed)]); err == nil {
			for _, e := range doc.errors {
				words = append(words, e.Message)
			}
		}
		raw = raw[end+len(closed):]
	}
	if len(words) == 0 {
		return nil
	}
	return &restrictedError{strings.Join(words, "; ")}
}

// restrictedError is a session in which the login may do nothing.
type restrictedError struct{ words string }

func (r *restrictedError) Error() string { return "the device refused the session: " + r.words }

// Hint says what to do.
func (r *restrictedError) Hint() string {
	return "the login class of this user permits nothing here: use a login of class super-user, or check what RADIUS or TACACS+ assigns to it"
}

// quoteBeginning adds the beginning of what came instead of a hello: a login banner or an
// error of the shell explains itself.
func quoteBeginning(err error, raw []byte) error {
	text := strings.TrimSpace(strings.ToValidUTF8(string(raw[:min(len(raw), 200)]), "?"))
	if text == "" {
		return err
	}
	return fmt.Errorf("%w, after %.120q", err, text)
}

func parseHello(raw []byte) (*netconf.HelloMessage, error) {
	var h struct {
		Capabilities []string `xml:"capabilities>capability"`
		SessionID    []string `xml:"session-id"`
	}
	if err := xml.Unmarshal(raw, &h); err != nil {
		return nil, fmt.Errorf("%w: hello: %w", ErrXML, err)
	}
	for i, c := range h.Capabilities {
		h.Capabilities[i] = strings.TrimSpace(c)
	}
	if !slices.ContainsFunc(h.Capabilities, isBase) {
		return nil, fmt.Errorf("%w: the server announces neither base:1.0 nor base:1.1", ErrProtocol)
	}
	if len(h.SessionID) != 1 { // RFC 6241 8.1: a client must not go on without it
		return nil, fmt.Errorf("%w: hello with %d session-ids", ErrProtocol, len(h.SessionID))
	}
	id, err := strconv.ParseUint(strings.TrimSpace(h.SessionID[0]), 10, 32)
	if err != nil || id == 0 {
		return nil, fmt.Errorf("%w: hello with session-id %.20q", ErrProtocol, h.SessionID[0])
	}
	return &netconf.HelloMessage{Capabilities: h.Capabilities, SessionID: int(id)}, nil
}

// isBase knows both spellings; Junos announces both.
func isBase(capability string) bool {
	for _, prefix := range []string{"urn:ietf:params:netconf:base:", "urn:ietf:params:xml:ns:netconf:base:"} {
		if v, ok := strings.CutPrefix(capability, prefix); ok && (v == "1.0" || v == "1.1") {
			return true
		}
	}
	return false
}
