// SPDX-License-Identifier: GPL-3.0-or-later

// Package knownhosts decides whether a host key is trusted, by the contents of
// OpenSSH known_hosts files. It does no I/O: the caller reads the files.
//
// It differs from golang.org/x/crypto/ssh/knownhosts where operators would notice:
// a line that is not understood costs only itself, another key type of the same
// host is no mismatch, and a host that is not known at [host]:830 is looked up by
// its plain name, as OpenSSH does.
package knownhosts

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// DB holds the lines of one or more files. The zero value knows no host. It is
// for one goroutine.
//
// Files have thousands of lines, and one or two are wanted: the keys of the
// others are not decoded.
type DB struct {
	// CASignatures are the algorithms with which a certificate may be signed; nil:
	// all that have no known weakness.
	CASignatures []string

	lines []line
	found map[string][]line // by name
}

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

// Entry is a key that is known for a host.
type Entry struct {
	Place
	Type        string // "ssh-ed25519", ...
	Fingerprint string // "SHA256:...", or that it is no valid key
}

// Verdict is what the files say about a key.
type Verdict int

// The verdicts, from "never seen" to "never again".
const (
	Unknown        Verdict = iota // no line speaks for or against this key
	Trusted                       // a line holds this key, or the CA that signed it
	Changed                       // lines hold other keys of this type for the host
	BadCertificate                // a known CA signed it, but not for this host and time
	Revoked                       // a @revoked line holds this key
)

// Result is a verdict and what it rests on.
type Result struct {
	Verdict Verdict
	// Entries decided: the line that matched, the lines that contradict, or for
	// Unknown the keys of other types that are known for the host.
	Entries []Entry
	// Err says what is wrong with a certificate.
	Err error
}

type line struct {
	Place
	marker  string // "", "@cert-authority", "@revoked"
	hosts   string
	keyType string
	rest    string // the key in base64, and a comment
	blob    []byte // the key in wire form, once decoded
}

const (
	markerCA      = "@cert-authority"
	markerRevoked = "@revoked"
)

// Add reads one file's content. Lines that are not understood are skipped and
// noted for Ignored: a file that a newer OpenSSH wrote must not lock us out.
func (db *DB) Add(file string, content []byte) {
	db.found = nil
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // editors of Windows write it
	db.lines = slices.Grow(db.lines, bytes.Count(content, []byte("\n"))+1)
	n := 0
	for text := range strings.Lines(string(content)) {
		n++
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		l := parseLine(text)
		l.Place = Place{file, n}
		db.lines = append(db.lines, l)
	}
}

// Ignored returns the lines that are not understood, to be named when a host is
// unknown. It decodes all keys.
func (db *DB) Ignored() (ignored []Place) {
	for _, l := range db.lines {
		if !l.decodeKey() {
			ignored = append(ignored, l.Place)
		}
	}
	return ignored
}

// Check looks a key up under each of the names in turn, and stops at the first
// name that any line knows: a plain name never overrules [host]:port. A key that
// is revoked under one of the names is revoked. The last name is the one a
// certificate must have been issued for.
func (db *DB) Check(names []string, key ssh.PublicKey) Result {
	if e := db.revokedBy(names, key); len(e) > 0 {
		return Result{Verdict: Revoked, Entries: e}
	}
	for _, name := range names {
		known := db.linesFor(name)
		if len(known) == 0 {
			continue
		}
		if cert, ok := key.(*ssh.Certificate); ok {
			if r := db.checkCertificate(known, names[len(names)-1], cert); r.Verdict != Unknown {
				return r
			}
		}
		if r := checkKey(known, plainKey(key)); r.Verdict != Unknown || len(r.Entries) > 0 {
			return r
		}
	}
	return Result{}
}

// checkKey compares with the keys that are known for a host. A mismatch needs a
// key of the same type: a server may well have keys of types we have not seen.
func checkKey(known []line, key ssh.PublicKey) Result {
	blob := key.Marshal()
	var same, other []Entry
	for _, l := range known {
		switch {
		case l.marker != "":
		case bytes.Equal(l.blob, blob):
			return Result{Verdict: Trusted, Entries: []Entry{l.asEntry()}}
		case l.keyType == key.Type():
			same = append(same, l.asEntry())
		default:
			other = append(other, l.asEntry())
		}
	}
	if len(same) > 0 {
		return Result{Verdict: Changed, Entries: same}
	}
	return Result{Entries: other}
}

// linesFor returns the lines that name a host, decoded.
func (db *DB) linesFor(name string) []line {
	if found, ok := db.found[name]; ok {
		return found
	}
	var found []line
	for _, l := range db.lines {
		if l.marker != markerRevoked && matchHosts(l.hosts, name) && l.decodeKey() {
			found = append(found, l)
		}
	}
	if db.found == nil {
		db.found = map[string][]line{}
	}
	db.found[name] = found
	return found
}

// revokedBy finds @revoked lines for the key, or for the certificate's key or signer.
func (db *DB) revokedBy(names []string, key ssh.PublicKey) (found []Entry) {
	blobs := [][]byte{plainKey(key).Marshal()}
	if cert, ok := key.(*ssh.Certificate); ok {
		blobs = append(blobs, cert.SignatureKey.Marshal())
	}
	for _, l := range db.lines {
		if l.marker != markerRevoked || !slices.ContainsFunc(names, func(n string) bool { return matchHosts(l.hosts, n) }) {
			continue
		}
		if l.decodeKey() && slices.ContainsFunc(blobs, func(b []byte) bool { return bytes.Equal(b, l.blob) }) {
			found = append(found, l.asEntry())
		}
	}
	return found
}

// Types returns the key types known for the first of the names that is known,
// and whether a CA is: the algorithms to ask the server for first.
func (db *DB) Types(names []string) (types []string, ca bool) {
	for _, name := range names {
		for _, l := range db.linesFor(name) {
			if l.marker == markerCA {
				ca = true
			} else if !slices.Contains(types, l.keyType) {
				types = append(types, l.keyType)
			}
		}
		if ca || len(types) > 0 {
			return types, ca
		}
	}
	return nil, false
}

func (l line) asEntry() Entry {
	e := Entry{Place: l.Place, Type: l.keyType, Fingerprint: "(no valid key: remove the line)"}
	if key, err := ssh.ParsePublicKey(l.blob); err == nil {
		e.Fingerprint = ssh.FingerprintSHA256(key)
	}
	return e
}

func plainKey(key ssh.PublicKey) ssh.PublicKey {
	if cert, ok := key.(*ssh.Certificate); ok {
		return cert.Key
	}
	return key
}
