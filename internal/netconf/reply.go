// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"

	"github.com/Juniper/go-netconf/netconf"
	"github.com/beevik/etree"
)

// Reply is an rpc-reply.
type Reply struct {
	Raw    []byte     // the whole element, sanitized
	Errors []RPCError // all errors and warnings, at any depth, in order
	OK     bool       // <ok/> stands in the reply; it may stand beside an error

	root string
	id   *string
}

// Decode reads the reply into a struct whose tags name elements without
// namespaces: Junos puts its version there.
func (r *Reply) Decode(v any) error {
	if err := xml.Unmarshal(r.Raw, v); err != nil {
		return fmt.Errorf("%w: %w", ErrXML, err)
	}
	return nil
}

// Document returns the reply as a tree, for configurations.
func (r *Reply) Document() (*etree.Document, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(r.Raw); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrXML, err)
	}
	return doc, nil
}

// Warnings returns the errors that are none.
func (r *Reply) Warnings() []RPCError {
	var w []RPCError
	for _, e := range r.Errors {
		if e.Warning() {
			w = append(w, e)
		}
	}
	return w
}

// errorOf returns a *ReplyError when the reply holds an error.
func (r *Reply) errorOf(operation string) error {
	if len(r.Warnings()) == len(r.Errors) {
		return nil
	}
	return &ReplyError{Operation: operation, Errors: r.Errors}
}

func parseReply(raw []byte) (*Reply, error) {
	doc, err := scanReply(sanitizeMessage(raw))
	if err != nil {
		return nil, err
	}
	return &Reply{Raw: doc.raw, Errors: doc.errors, OK: doc.ok, root: doc.root, id: doc.id}, nil
}

// checkOperation returns the name of an operation. It must be one element that
// could be a reply of its own: what is sent to a device is built by an encoder,
// and this is where a mistake of ours ends.
func checkOperation(op []byte) (string, error) {
	if !isClean(op) {
		return "", errors.New("operation holds characters that XML does not allow")
	}
	doc, err := scanMessage(op)
	if err != nil {
		return "", fmt.Errorf("operation: %w", err)
	}
	return doc.root, nil
}

// wrapOperation wraps an operation in <rpc>.
func wrapOperation(id string, op []byte) ([]byte, error) {
	m := netconf.NewRPCMessage([]netconf.RPCMethod{netconf.RawMethod(bytes.TrimSpace(op))})
	m.MessageID = id // short, and in the order of the session
	return xml.Marshal(m)
}
