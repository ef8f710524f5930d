// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strings"
)

// command is a word of the grammar and what may follow it. A word in angle
// brackets is an argument.
type command struct {
	word  string
	help  string
	run   func(*session, call) (result, error) // nil, and no show: more words are needed
	show  *view                                // what it shows, in the place of run
	sub   []command
	rest  bool   // what follows is for run to read
	reads bool   // it changes nothing, whatever follows
	asks  string // as an option of what is shown: the element of the request

	hidden bool // it is neither completed nor abbreviated
}

// isWhole reports whether the command may end here.
func (c *command) isWhole() bool { return c.run != nil || c.show != nil }

func (c *command) runWith(s *session, at call) (result, error) {
	if c.show != nil {
		return c.show.run(s, at)
	}
	return c.run(s, at)
}

// element is what an option asks for; an argument has a value.
func (c *command) element(value string) string {
	if isArgument(c.word) {
		return elementXML(c.asks, value)
	}
	return "<" + c.asks + "/>"
}

// call is a command that was understood.
type call struct {
	line string
	args []string // values of arguments in order
	path string   // the keywords in full: "show version"
	asks string   // what options ask for, as elements of a request
	rest []word
	end  int // column behind the command
}

// Error is a command that was not understood, or was refused.
type Error struct {
	Message string
	Bad     string // the word at fault
	Column  int    // of that word, from 0; -1 when the fault has no place
	Absent  bool   // Junos has the command, the simulator does not
}

func (e *Error) Error() string {
	text := e.Message
	if e.Bad != "" {
		text += ": " + e.Bad
	}
	return text
}

func refusedError(format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Column: -1}
}

const (
	msgUnknown = "unknown command"
	msgSyntax  = "syntax error, expecting <command>"
)

// findCommand walks the grammar along the words.
func findCommand(grammar []command, line string, words []word) (*command, call, error) {
	c := call{line: line, end: len(strings.TrimRight(line, " "))}
	var at *command
	for i, w := range words {
		next, err := chooseCommand(grammar, w, i == 0)
		if err != nil {
			return nil, c, err
		}
		at = next
		if at.asks != "" {
			if strings.Contains(c.asks, "<"+at.asks) {
				return nil, c, &Error{Message: msgSyntax, Bad: w.text, Column: w.col}
			}
			c.asks += at.element(w.text)
		}
		if isArgument(at.word) {
			c.args = append(c.args, w.text)
		} else {
			c.path = strings.TrimSpace(c.path + " " + at.word)
		}
		if at.rest {
			c.rest = words[i+1:]
			break
		}
		grammar = at.sub
	}
	if at == nil || !at.isWhole() {
		return nil, c, &Error{Message: msgSyntax, Column: c.end}
	}
	return at, c, nil
}

// chooseCommand picks the command that a word names: exactly, by a unique beginning, or
// as an argument.
func chooseCommand(grammar []command, w word, first bool) (*command, error) {
	var found []*command
	var argument *command
	for i := range grammar {
		switch c := &grammar[i]; {
		case isArgument(c.word):
			argument = c
		case c.word == w.text:
			return c, nil
		case strings.HasPrefix(c.word, w.text) && !c.hidden:
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, &Error{Message: ambiguousText(w.text, found), Bad: w.text, Column: w.col}
	case argument != nil:
		return argument, nil
	case first:
		return nil, &Error{Message: msgUnknown, Bad: w.text, Column: w.col}
	}
	return nil, &Error{Message: msgSyntax, Bad: w.text, Column: w.col}
}

func ambiguousText(text string, found []*command) string {
	return fmt.Sprintf("'%s' is ambiguous.\n%s", text, listCompletions(found))
}
