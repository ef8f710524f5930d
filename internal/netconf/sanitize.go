// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

const byteOrderMark = "\xef\xbb\xbf"

// replacement stands for what XML 1.0 does not allow. It is visible, and no part
// of a name, so that an ESC inside a tag does not pass for the tag.
const replacement = '\uFFFD'

func withoutMarks(raw []byte) []byte {
	for bytes.HasPrefix(raw, []byte(byteOrderMark)) {
		raw = raw[len(byteOrderMark):]
	}
	return raw
}

// sanitizeMessage makes a message parsable without changing what it says: one ESC in a
// log line or one Latin-1 letter in a description must not cost a whole reply.
// Bytes that are no UTF-8 are read as Latin-1; characters that XML forbids, also
// as references, are replaced; a byte order mark and the XML declaration, which
// may claim us-ascii, are taken off.
func sanitizeMessage(raw []byte) []byte {
	raw = withoutMarks(withoutDeclaration(withoutMarks(raw)))
	if !isClean(raw) {
		raw = repairCharacters(raw)
	}
	if bytes.Contains(raw, []byte("&#")) {
		raw = repairReferences(raw)
	}
	return raw
}

func isClean(b []byte) bool {
	ascii := true
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.Valid(b) && !bytes.Contains(b, []byte("\uFFFE")) && !bytes.Contains(b, []byte("\uFFFF"))
}

func repairCharacters(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = rune(b[0]) // Latin-1 is the first block of Unicode
		}
		if !isAllowed(r) {
			r = replacement
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}

// isAllowed is Char of XML 1.0, section 2.2.
func isAllowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// repairReferences replaces references such as &#27; to what is not allowed.
func repairReferences(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for {
		start := bytes.Index(b, []byte("&#"))
		if start < 0 {
			return append(out, b...)
		}
		out = append(out, b[:start]...)
		b = b[start:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if end < 0 {
			out, b = append(out, b[:2]...), b[2:]
			continue
		}
		if r, ok := decodeReference(string(b[2:end])); ok && !isAllowed(r) {
			out = utf8.AppendRune(out, replacement)
		} else {
			out = append(out, b[:end+1]...)
		}
		b = b[end+1:]
	}
}

// decodeReference returns the character of "27" or "x1b".
func decodeReference(digits string) (rune, bool) {
	base := 10
	if digits != "" && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseInt(digits, base, 32)
	return rune(n), err == nil
}

// withoutDeclaration takes the XML declaration off, wherever it stands in the
// prolog: Junos writes comments before it.
func withoutDeclaration(b []byte) []byte {
	rest := b
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			end := bytes.Index(rest, []byte("-->"))
			if end < 0 {
				return b
			}
			rest = rest[end+3:]
		case bytes.HasPrefix(rest, []byte("<?xml")) && len(rest) > 5 && bytes.IndexByte([]byte(" \t\r\n?"), rest[5]) >= 0:
			mark := bytes.Index(rest, []byte("?>"))
			if mark < 0 {
				return b
			}
			before := len(b) - len(rest)
			if before == 0 { // a large reply is not copied
				return rest[mark+2:]
			}
			return append(bytes.Clone(b[:before]), rest[mark+2:]...)
		default:
			return b
		}
	}
}
