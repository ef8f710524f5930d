// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import "strings"

const (
	more      = "---(more)---"
	eraseMore = "\r                                        \r"
)

// showText prints text, a page at a time where the terminal wants pages.
func (s *session) showText(text string) {
	length := s.settings.length
	if length < 0 {
		length = s.term.Rows()
	}
	if length == 0 || s.batch || s.whole || !s.term.TTY {
		s.term.Print(text)
		return
	}
	lines := strings.SplitAfter(text, "\n")
	if len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for room := length - 1; len(lines) > room; {
		s.term.Print(strings.Join(lines[:room], ""))
		lines = lines[room:]
		if room = s.turnPage(length); room == 0 {
			return
		}
	}
	s.term.Print(strings.Join(lines, ""))
}

// turnPage waits at the end of a page and returns how many lines come next; 0 ends
// the output.
func (s *session) turnPage(length int) int {
	s.term.Print(more)
	defer s.term.Print(eraseMore)
	for {
		c, err := s.term.readKey()
		if err != nil {
			return 0
		}
		switch c {
		case ' ', 'f', 6:
			return max(length-1, 1)
		case '\r', '\n', 'j', 'e':
			return 1
		case 'd', 4:
			return max(length/2, 1)
		case 'G', 'g':
			return 1 << 30
		case 'q', 'Q', keyInterrupt:
			return 0
		}
	}
}
