// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"slices"
	"strings"
)

// mutant is one small change of a file: the bytes from start to end become text.
type mutant struct {
	of           *goPackage
	number       int    // among all that are found
	file         string // from the top of the module
	source       []byte
	start, end   int
	line, column int
	in           string // the function
	first, last  int    // its lines
	kind         string
	old, text    string
	nth          int // of the same changes of a function; 0 is the first
}

// apply returns the changed file.
func (m mutant) apply() []byte {
	return slices.Concat(m.source[:m.start], []byte(m.text), m.source[m.end:])
}

// what describes the change, in one line.
func (m mutant) what() string {
	text := fmt.Sprintf("%s %s: `%s` -> `%s`", m.in, m.kind, shortened(m.old), shortened(m.text))
	if m.nth > 0 {
		text += fmt.Sprintf(" #%d", m.nth+1)
	}
	return text
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d:%d %s", m.file, m.line, m.column, m.what())
}

// key names the change wherever its lines move to.
func (m mutant) key() string { return m.file + " " + m.what() }

// longestText is what a line shows of a change.
const longestText = 100

func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longestText {
		return string(r[:longestText]) + "…"
	}
	return text
}
