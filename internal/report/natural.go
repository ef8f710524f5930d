// SPDX-License-Identifier: GPL-3.0-or-later

package report

import "strings"

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
