// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/crypto/ssh"
)

// parseLine reads `[marker] hosts type base64 [comment]`, sshd(8). A line without
// these fields matches no host and cannot be decoded.
func parseLine(text string) (l line) {
	first, rest := nextField(text)
	if strings.HasPrefix(first, "@") {
		if first != markerCA && first != markerRevoked {
			return line{}
		}
		l.marker = first
		first, rest = nextField(rest)
	}
	l.hosts = first
	l.keyType, l.rest = nextField(rest)
	if l.rest == "" { // the text is trimmed: else there is a field more
		return line{}
	}
	return l
}

// nextField cuts the next field off.
func nextField(text string) (first, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end:]
}

// decodeKey reads the key, and tells whether it is one of the type that the line
// names.
func (l *line) decodeKey() bool {
	text, _ := nextField(l.rest)
	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil || l.keyType == "" || blobType(blob) != l.keyType {
		return false
	}
	l.blob = blob
	return true
}

// blobType returns the type that a key in wire form (RFC 4253 6.6) begins with,
// without parsing the key.
func blobType(blob []byte) string {
	if len(blob) < 4 {
		return ""
	}
	n := binary.BigEndian.Uint32(blob)
	if n == 0 || uint64(n) > uint64(len(blob)-4) {
		return ""
	}
	return string(blob[4 : 4+n])
}

// Name returns how OpenSSH writes a host: plain for port 22, else [host]:port.
func Name(host string, port int) string {
	if port == 22 {
		return host
	}
	return "[" + host + "]:" + strconv.Itoa(port)
}

// Names returns under which names a host is looked up: with its port, then plain.
func Names(host string, port int) []string {
	if port == 22 {
		return []string{host}
	}
	return []string{Name(host, port), host}
}

// Line returns a line to be appended to a file, without a line feed.
func Line(name string, key ssh.PublicKey) string {
	return name + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(plainKey(key))))
}
