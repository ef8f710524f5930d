// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"regexp"
	"strings"
	"unicode"
)

// controlSequence is what a terminal obeys, ECMA-48: CSI, and strings such as OSC
// with their end.
var controlSequence = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\x1b[]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?|\x1b[ -/]*[0-~]")

// clean makes one line of what another side said, in which nothing can move a
// cursor, change a colour, or turn the direction of writing.
func clean(text string) string {
	text = controlSequence.ReplaceAllString(strings.ToValidUTF8(text, "?"), "")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r): // controls, and what has no width
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
