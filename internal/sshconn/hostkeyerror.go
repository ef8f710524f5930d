// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// HostKeyError is a host key that is not trusted. No byte of a credential was sent.
type HostKeyError struct {
	Host        string // as it stands in known_hosts
	Reason      HostKeyReason
	Type        string // of the key that the server has shown
	Fingerprint string
	Entries     []knownhosts.Entry // the lines that contradict
	Files       []string           // where it was looked up
	Ignored     []knownhosts.Place // lines there that were not understood
	Pins        []string           // what host_key_fingerprint wanted
	Err         error              // what is wrong with a certificate, or why the key was not added
}

// HostKeyReason says why a host key was refused.
type HostKeyReason string

// The reasons.
const (
	KeyUnknown     HostKeyReason = "unknown"
	KeyChanged     HostKeyReason = "changed"
	KeyRevoked     HostKeyReason = "revoked"
	KeyCertificate HostKeyReason = "bad certificate"
	KeyNotPinned   HostKeyReason = "not the pinned one"
)

func (e *HostKeyError) Error() string {
	shown := e.Type + " " + e.Fingerprint
	switch e.Reason {
	case KeyChanged:
		return fmt.Sprintf("the host key of %s has changed: it shows %s, but %s", e.Host, shown, places(e.Entries, " has "))
	case KeyRevoked:
		return fmt.Sprintf("the host key of %s is revoked: %s, by %s", e.Host, shown, places(e.Entries, ": "))
	case KeyCertificate:
		return fmt.Sprintf("the host certificate of %s is not valid: %v (%s, CA in %s)", e.Host, e.Err, shown, places(e.Entries, ": "))
	case KeyNotPinned:
		return fmt.Sprintf("the host key of %s is not the pinned one: it shows %s, host_key_fingerprint wants %s", e.Host, shown, strings.Join(e.Pins, " or "))
	default:
		return e.unknown(shown)
	}
}

func (e *HostKeyError) unknown(shown string) string {
	s := fmt.Sprintf("the host key of %s is not known: it shows %s", e.Host, shown)
	if len(e.Files) > 0 {
		s += "; looked in " + strings.Join(e.Files, ", ")
	}
	if len(e.Entries) > 0 {
		s += "; known are keys of other types: " + places(e.Entries, " has ")
	}
	if n := len(e.Ignored); n > 0 {
		s += fmt.Sprintf("; not understood there: %d lines, the first is %s:%d", n, e.Ignored[0].File, e.Ignored[0].Line)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *HostKeyError) Unwrap() error { return e.Err }

func (e *HostKeyError) hint() string {
	switch e.Reason {
	case KeyChanged:
		return "somebody may listen in. Ask who replaced the switch or its keys; only then remove the line that is named"
	case KeyRevoked, KeyCertificate:
		return "ask whoever manages the host keys"
	case KeyNotPinned:
		return "compare with the fingerprint at the switch's console; a pin holds for one key type, several can be given separated by commas"
	default:
		return "compare the fingerprint with the switch's console, then add the key to known_hosts (ssh-keyscan prints the line) or set host_key_fingerprint"
	}
}

// places lists entries as file:line, the type and the fingerprint.
func places(entries []knownhosts.Entry, verb string) string {
	var s []string
	for _, e := range entries {
		s = append(s, fmt.Sprintf("%s:%d%s%s %s", e.File, e.Line, verb, e.Type, e.Fingerprint))
	}
	return strings.Join(s, ", ")
}
