// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"regexp"
	"strings"
)

// sequences are what terminals understand and people do not see: CSI, OSC, and the
// short ones.
var sequences = regexp.MustCompile(`\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()#][0-9A-Za-z]|[=>78cDEHMZ])`)

// stripSequences is a terminal's output without what does not show. A backspace takes a
// letter off; a carriage return does not hide what is before it, because a prompt
// that counts is alone on its line.
func stripSequences(seen []byte) string {
	text := sequences.ReplaceAllString(string(seen), "")
	var b []byte
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\b':
			if len(b) > 0 && b[len(b)-1] != '\n' {
				b = b[:len(b)-1]
			}
		case c == '\n', c == '\t', c >= ' ' && c != 0x7f:
			b = append(b, c)
		}
	}
	return strings.ToValidUTF8(string(b), "?")
}
