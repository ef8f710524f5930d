// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"
)

// parse reads `[marker] hosts type base64 [comment]`, sshd(8).
func parse(text string) (l line, ok bool) {
	f := strings.Fields(text)
	if strings.HasPrefix(f[0], "@") {
		if f[0] != markerCA && f[0] != markerRevoked {
			return line{}, false
		}
		l.marker, f = f[0], f[1:]
	}
	if len(f) < 3 {
		return line{}, false
	}
	blob, err := base64.StdEncoding.DecodeString(f[2])
	if err != nil || blobType(blob) != f[1] {
		return line{}, false
	}
	l.hosts, l.keyType, l.blob = f[0], f[1], blob
	return l, true
}

// blobType returns the type that a key in wire form (RFC 4253 6.6) begins with,
// without parsing the key: files have thousands of lines, and one is wanted.
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
	return name + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(plain(key))))
}
