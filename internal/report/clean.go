// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"strings"
	"unicode"
)

// Nothing in a record may fill the page on its own.
const (
	shortText  = 80
	nameText   = 253
	longText   = 1000
	maxTexts   = 40
	maxMembers = 64
)

// cleanText makes text harmless for the eye; html/template makes it harmless for
// the browser. What is invisible, or turns the direction of what follows, is
// spelled out, and what is too long is cut and says so.
func cleanText(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		if n++; n > most {
			return b.String() + fmt.Sprintf("… (cut, %d bytes)", len(s))
		}
		switch {
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), unicode.Is(unicode.Co, r):
			fmt.Fprintf(&b, "\\u{%x}", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// compareNaturally orders sw2 before sw10.
func compareNaturally(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingChunk(a), leadingChunk(b)
		if c := compareChunks(x, y); c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return len(a) - len(b)
}

// leadingChunk returns the leading digits, or else everything before the first.
func leadingChunk(s string) string {
	number := isDigit(s[0])
	for i := range len(s) {
		if isDigit(s[i]) != number {
			return s[:i]
		}
	}
	return s
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func compareChunks(a, b string) int {
	if isDigit(a[0]) && isDigit(b[0]) {
		x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		if c := strings.Compare(x, y); c != 0 {
			return c
		}
	}
	return strings.Compare(a, b)
}
