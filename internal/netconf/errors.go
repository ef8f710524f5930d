// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

// RPCError is an rpc-error of RFC 6241 4.3, or an error or warning of the older
// Junos XML protocol (namespace xnm). Texts are trimmed; what the server left out
// is empty.
type RPCError struct {
	Type       string // transport, rpc, protocol, application
	Tag        string // operation-failed, lock-denied, ...
	Severity   string // "error" or "warning"; what is neither is an error
	Path       string
	Message    string
	BadElement string
	Source     string // the daemon that complains
	SessionID  string // who holds the lock, if the server says so
	RE         string // the routing engine or member whose part of the reply it stands in
}

// Warning tells whether the operation went on in spite of it.
func (e RPCError) Warning() bool { return e.Severity == "warning" }

// Error returns what the device said, with where it said it.
func (e RPCError) Error() string {
	var b strings.Builder
	if e.RE != "" {
		b.WriteString(e.RE + ": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Message)
	if e.BadElement != "" {
		b.WriteString(" (" + e.BadElement + ")")
	}
	return b.String()
}

// ReplyError is a reply that holds an error. It is complete: the device has
// answered and did not do, or did in part, what it was asked.
type ReplyError struct {
	Operation string     // "commit-configuration"
	Errors    []RPCError // all of the reply, warnings too, in its order
}

func (e *ReplyError) Error() string {
	var texts []string
	for _, r := range e.Errors {
		if !r.Warning() {
			texts = append(texts, r.Error())
		}
	}
	return e.Operation + ": " + strings.Join(texts, "; ")
}

// Unwrap returns the errors one by one, for errors.As.
func (e *ReplyError) Unwrap() []error {
	errs := make([]error, len(e.Errors))
	for i, r := range e.Errors {
		errs[i] = r
	}
	return errs
}

// SessionError is a session that is dead. What was sent before is in doubt.
type SessionError struct {
	Host  string
	Phase string // "channel", "hello" or the operation that was waited for
	// Sent is false when the operation has certainly not reached the device as a
	// whole, so that it was not done. Otherwise its outcome is unknown.
	Sent   bool
	Err    error
	Remedy string
}

func (e *SessionError) Error() string { return fmt.Sprintf("%s: %s: %v", e.Host, e.Phase, e.Err) }

func (e *SessionError) Unwrap() error { return e.Err }

// Code names the kind of the error for programs.
func (e *SessionError) Code() string { return "session_lost" }

// Hint returns what the operator can do.
func (e *SessionError) Hint() string {
	if e.Remedy != "" {
		return e.Remedy
	}
	var deeper interface{ Hint() string }
	if errors.As(e.Err, &deeper) {
		return deeper.Hint()
	}
	var late *lateError
	switch {
	case errors.As(e.Err, &late):
		return "raise " + late.option + " if the switch is slow"
	case errors.Is(e.Err, frame.ErrTooLarge):
		return "check that host and port lead to the NETCONF of a switch: no expected reply is that large"
	case errors.Is(e.Err, io.ErrUnexpectedEOF) && e.Phase != "hello":
		return "check whether the switch has restarted, changed its primary or closed the session; then run again"
	case e.Phase != "hello" && (errors.Is(e.Err, ErrXML) || errors.Is(e.Err, ErrProtocol) || errors.Is(e.Err, frame.ErrMalformed)):
		return "run again; if it persists, report it with this message and the Junos release"
	case e.Phase == "hello":
		return "check that host and port lead to the NETCONF of a switch, and that its connection-limit is not reached: show system connections"
	}
	return ""
}

var (
	// ErrClosed is why a session is dead that was closed.
	ErrClosed = errors.New("session was closed")
	// ErrProtocol is a message that NETCONF does not allow where it came.
	ErrProtocol = errors.New("protocol violation")
	// ErrXML is a message that is not well-formed, or not in the subset of XML
	// that a device may send.
	ErrXML = errors.New("malformed XML")
)
