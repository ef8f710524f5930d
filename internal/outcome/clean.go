// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"fmt"
	"strings"
	"unicode"
)

// Nothing in a record may fill the page on its own. In characters, texts and members.
const (
	ShortText  = 80
	nameText   = 253
	LongText   = 1000
	maxTexts   = 40
	maxMembers = 64
)

// CleanText makes text harmless for the eye; html/template makes it harmless for
// the browser. What is invisible, or turns the direction of what follows, is
// spelled out, and what is too long is cut and says so.
func CleanText(s string, most int) string {
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
