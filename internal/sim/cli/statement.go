// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// editCommand edits the candidate below the current level.
func editCommand(verb string) func(*session, call) (result, error) {
	return func(s *session, c call) (result, error) {
		if len(c.rest) == 0 {
			return result{}, &Error{Message: "missing argument", Column: c.end}
		}
		return s.changeStatement(verb, c)
	}
}

func deleteStatement(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		s.showText("This will delete the entire configuration\n")
		if !s.askYesNo("Delete everything under this level?", "no") {
			return result{}, nil
		}
	}
	return s.changeStatement("delete", c)
}

// changeStatement runs one configuration command at the current level.
func (s *session) changeStatement(verb string, c call) (result, error) {
	line := strings.TrimRight(verb+" "+rawText(c.line, c.rest), " ")
	if _, cut := strings.CutSuffix(line, " plain-text-password"); cut {
		value, err := s.newPassword()
		if err != nil {
			return result{}, err
		}
		line += "-value " + value
	}
	problems, err := s.dev.Command(line, s.edit.path)
	if err != nil {
		return result{}, err
	}
	text := ""
	for _, p := range problems {
		if p.Severity == conf.SeverityError {
			return result{}, s.mistakeError(p, c)
		}
		text += "warning: " + p.Message + "\n"
	}
	return say("%s", text), nil
}

// newPassword asks twice. It comes back in quotes.
func (s *session) newPassword() (string, error) {
	first, err := s.term.readLine(reading{prompt: "New password:", secret: true})
	if err != nil {
		return "", refusedError("no password was given")
	}
	second, err := s.term.readLine(reading{prompt: "Retype new password:", secret: true})
	if err != nil || first != second {
		return "", refusedError("Passwords are not equal; aborting")
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(first) + `"`, nil
}

// mistakeError puts a problem of the database below the word that was typed. What is
// missing is missed at the end.
func (s *session) mistakeError(p conf.Problem, c call) error {
	e := &Error{Message: p.Message, Bad: p.BadElement, Column: c.end}
	for _, w := range c.rest {
		if p.BadElement != "" && (w.text == p.BadElement || quoteWord(w.text) == p.BadElement) {
			e.Column = w.col
		}
	}
	return e
}

func quoteWord(word string) string {
	if word == "" || strings.ContainsAny(word, " \t;{}[]#\"|&<>()") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
	}
	return word
}
