// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"errors"
	"fmt"
	"strings"
)

// Expand replaces %h and its like by their values, and %% by %. One that has no
// value is an error: what would be left of the text is not what was meant. The
// error does not show the text, which may hold a password.
func Expand(text string, values map[byte]string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i == len(text):
			return "", errors.New("it ends in %")
		case text[i] == '%':
			b.WriteByte('%')
		default:
			v, ok := values[text[i]]
			if !ok {
				return "", fmt.Errorf("%%%c (byte %d) is not understood here", text[i], i)
			}
			b.WriteString(v)
		}
	}
	return b.String(), nil
}
