// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// HostKeyError is a host key that is not trusted. No byte of a credential was sent.
type HostKeyError struct {
	Host        string   // as it stands in known_hosts
	Names       []string // all names under which it was looked up
	Reason      HostKeyReason
	Type        string // of the key that the server has shown
	Fingerprint string
	Jump        bool               // it is the key of a jump host
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
	KeyTooShort    HostKeyReason = "too short"
)

// Code names the kind of the error for programs.
func (e *HostKeyError) Code() string { return "host_key" }

// Error says it without the host and the words "host key", which PhaseError says.
func (e *HostKeyError) Error() string {
	shown := e.Type + " " + e.Fingerprint
	switch e.Reason {
	case KeyChanged:
		return fmt.Sprintf("not the known one: the server shows %s, but %s; %s", shown, listEntries(e.Entries, " has "), e.readings())
	case KeyRevoked:
		return fmt.Sprintf("revoked: the server shows %s, which is revoked by %s", shown, listEntries(e.Entries, ": "))
	case KeyCertificate:
		return fmt.Sprintf("the certificate is not valid: %v; the server shows %s, and %s is the CA", e.Err, shown, listEntries(e.Entries, ": "))
	case KeyTooShort:
		return fmt.Sprintf("too short: the server shows %s; %v", shown, e.Err)
	case KeyNotPinned:
		return fmt.Sprintf("not a pinned one: the server shows %s, host_key_fingerprint has %s; %s", shown, strings.Join(e.Pins, " or "), e.readings())
	default:
		return e.sayUnknown(shown)
	}
}

func (e *HostKeyError) sayUnknown(shown string) string {
	s := "not known: the server shows " + shown
	switch {
	case len(e.Entries) > 0:
		s += "; known are keys of other types: " + listEntries(e.Entries, " has ")
	case len(e.Files) > 0:
		s += fmt.Sprintf("; no line for %s in %s", strings.Join(e.Names, " or "), strings.Join(e.Files, ", "))
	}
	if n := len(e.Ignored); n > 0 {
		s += fmt.Sprintf("; not understood there: %s, the first is %s:%d", phrase.Count(n, "line"), e.Ignored[0].File, e.Ignored[0].Line)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// readings are what another key than the known one can mean. Members of a chassis
// have host keys of their own, and the chassis shows those of its primary.
func (e *HostKeyError) readings() string {
	if e.Jump {
		return "it has new keys, or the connection is intercepted"
	}
	return "another member may have become the primary, or the connection is intercepted"
}

func (e *HostKeyError) Unwrap() error { return e.Err }

func (e *HostKeyError) hint() string {
	switch e.Reason {
	case KeyChanged, KeyNotPinned:
		return e.addOrStop()
	case KeyCertificate:
		if errors.As(e.Err, new(*knownhosts.SignatureError)) {
			return "have the host key signed again with rsa-sha2-512 or by an Ed25519 CA (ssh-keygen -s), or set algorithms: legacy"
		}
		return "ask whoever manages the host keys"
	case KeyRevoked:
		return "ask whoever manages the host keys"
	case KeyTooShort:
		return "make a longer key on the switch, or lower RequiredRSASize for it"
	default:
		return "compare the fingerprint with the switch's console, then add the key to known_hosts (ssh-keyscan prints the line) or set host_key_fingerprint"
	}
}

// addOrStop tells what to do in either reading.
func (e *HostKeyError) addOrStop() string {
	where := "add its line to known_hosts"
	if e.Reason == KeyNotPinned {
		where = "add it to the list host_key_fingerprint (each key type has its own fingerprint)"
	}
	if e.Jump {
		return "ask who manages the jump host; if the key is its new one, " + where
	}
	return "compare the fingerprint with the console of each member: if it is another member's, " + where +
		" and keep the known key, which is needed when the primary changes back; if it belongs to no member, do not log in, and find out who replaced the switch or its keys"
}

// fingerprint is that of the key in a certificate, as ssh-keygen -l shows it: the
// certificate itself has none that anybody could compare.
func fingerprint(key ssh.PublicKey) string {
	if cert, ok := key.(*ssh.Certificate); ok {
		key = cert.Key
	}
	return ssh.FingerprintSHA256(key)
}

// listEntries lists entries as file:line, the type and the fingerprint.
func listEntries(entries []knownhosts.Entry, verb string) string {
	var s []string
	for _, e := range entries {
		s = append(s, fmt.Sprintf("%s:%d%s%s %s", e.File, e.Line, verb, e.Type, e.Fingerprint))
	}
	return strings.Join(s, ", ")
}
