// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"strings"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// editing is the state of configuration mode.
type editing struct {
	mode string // "", exclusive or private
	path []string
	back [][]string // where exit leads to
}

func (e *editing) banner() string {
	return "[" + strings.Join(append([]string{"edit"}, e.path...), " ") + "]"
}

func enterShared(s *session, c call) (result, error)    { return s.enter("", c) }
func enterExclusive(s *session, c call) (result, error) { return s.enter("exclusive", c) }
func enterPrivate(s *session, c call) (result, error)   { return s.enter("private", c) }

// enter opens the database and tells who else is in it.
func (s *session) enter(mode string, c call) (result, error) {
	if !s.dev.Status().MayEdit {
		w := split(c.line)[0]
		return result{}, &Error{Message: msgUnknown, Bad: w.text, Column: w.col}
	}
	text := ""
	if mode != "" {
		text = "warning: uncommitted changes will be discarded on exit\n"
		if err := s.call("<open-configuration><" + mode + "/></open-configuration>").failed(); err != nil {
			return result{}, err
		}
	}
	text += "Entering configuration mode\n"
	if mode == "" {
		if others := editors(s.call("<get-configuration-database-status/>").root); others != "" {
			text += "Users currently editing the configuration:\n" + others
		}
		if s.changed() {
			text += "The configuration has been changed but not committed\n"
		}
	}
	s.edit = &editing{mode: mode}
	return say("%s", text), nil
}

// changed: there is something that a commit would activate.
func (s *session) changed() bool {
	old, err := s.dev.Configuration(Committed)
	if err != nil {
		return false
	}
	now, err := s.dev.Configuration(Candidate)
	return err == nil && !now.Tree.Equal(old.Tree)
}

// leaveConfiguration asks before edits are left behind, or lost.
func (s *session) leaveConfiguration() (result, error) {
	if s.changed() {
		question := "Exit with uncommitted changes?"
		if s.edit.mode != "" {
			question = "Discard uncommitted changes?"
		}
		s.show("The configuration has been changed but not committed\n")
		if !s.ask(question, "yes") {
			return result{}, nil
		}
	}
	s.closeDatabase()
	return say("Exiting configuration mode\n"), nil
}

func (s *session) closeDatabase() {
	if s.edit.mode != "" {
		s.call("<close-configuration/>")
	}
	s.edit = nil
}

// configCommands is the grammar of the configuration mode.
func configCommands() []command {
	edit := func(verb, help string) command {
		return command{word: verb, help: help, rest: true, run: statement(verb)}
	}
	return []command{
		edit("activate", "Remove the inactive tag from a statement"),
		edit("annotate", "Annotate the statement with a comment"),
		commitCommand(),
		edit("copy", "Copy a statement"),
		edit("deactivate", "Add the inactive tag to a statement"),
		{word: "delete", help: "Delete a data element", rest: true, run: deleteStatement},
		{word: "edit", help: "Edit a sub-element", rest: true, run: editPath},
		{word: "exit", help: "Exit from this level", run: exitLevel, sub: []command{
			{word: "configuration-mode", help: "Exit from configuration mode", run: func(s *session, _ call) (result, error) { return s.leaveConfiguration() }},
		}},
		edit("insert", "Insert a new ordered data element"),
		loadCommand(),
		edit("protect", "Protect the statement"),
		{word: "quit", help: "Quit from this level", run: exitLevel, sub: []command{
			{word: "configuration-mode", help: "Quit from configuration mode", run: func(s *session, _ call) (result, error) { return s.leaveConfiguration() }},
		}},
		edit("rename", "Rename a statement"),
		{word: "rollback", help: "Roll back to previous committed configuration", run: rollback, sub: []command{{word: "<number>", help: "Rollback number", run: rollback}}},
		{word: "run", help: "Run an operational-mode command", rest: true, run: runOperational},
		edit("set", "Set a parameter"),
		{word: "show", help: "Show a parameter", rest: true, run: showCandidate},
		{word: "status", help: "Show users currently editing configuration", run: get("get-configuration-database-status", renderEditors)},
		{word: "top", help: "Exit to top level of configuration", rest: true, run: top},
		edit("unprotect", "Unprotect the statement"),
		{word: "up", help: "Exit one level of configuration", rest: true, run: up},
	}
}

// statement edits the candidate below the current level.
func statement(verb string) func(*session, call) (result, error) {
	return func(s *session, c call) (result, error) {
		if len(c.rest) == 0 {
			return result{}, &Error{Message: "missing argument", Column: c.end}
		}
		return s.change(verb, c)
	}
}

func deleteStatement(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		s.show("This will delete the entire configuration\n")
		if !s.ask("Delete everything under this level?", "no") {
			return result{}, nil
		}
	}
	return s.change("delete", c)
}

// change runs one configuration command at the current level.
func (s *session) change(verb string, c call) (result, error) {
	line := strings.TrimRight(verb+" "+raw(c.line, c.rest), " ")
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
			return result{}, s.mistake(p, c)
		}
		text += "warning: " + p.Message + "\n"
	}
	return say("%s", text), nil
}

// newPassword asks twice. It comes back in quotes.
func (s *session) newPassword() (string, error) {
	first, err := s.term.readLine(reading{prompt: "New password:", secret: true})
	if err != nil {
		return "", refused("no password was given")
	}
	second, err := s.term.readLine(reading{prompt: "Retype new password:", secret: true})
	if err != nil || first != second {
		return "", refused("Passwords are not equal; aborting")
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(first) + `"`, nil
}

// mistake puts a problem of the database below the word that was typed. What is
// missing is missed at the end.
func (s *session) mistake(p conf.Problem, c call) error {
	e := &Error{Message: p.Message, Bad: p.BadElement, Column: c.end}
	for _, w := range c.rest {
		if p.BadElement != "" && (w.text == p.BadElement || quote(w.text) == p.BadElement) {
			e.Column = w.col
		}
	}
	return e
}

func quote(word string) string {
	if word == "" || strings.ContainsAny(word, " \t;{}[]#\"|&<>()") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
	}
	return word
}

func showCandidate(s *session, c call) (result, error) {
	return s.statements(Candidate, s.edit.path, c)
}

// editPath goes to a level that the schema knows.
func editPath(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		return result{}, &Error{Message: "missing argument", Column: c.end}
	}
	config, err := s.dev.Configuration(Candidate)
	if err != nil {
		return result{}, err
	}
	path, ok := config.Tree.Resolve(texts(c.rest), s.edit.path...)
	if !ok {
		return result{}, s.nowhere(config, c)
	}
	s.edit.back = append(s.edit.back, s.edit.path)
	s.edit.path = path
	return result{}, nil
}

// nowhere points at what keeps a path from being a level.
func (s *session) nowhere(config Config, c call) error {
	for _, p := range config.Tree.Clone().Command("edit "+raw(c.line, c.rest), s.edit.path...) {
		return s.mistake(p, c)
	}
	return &Error{Message: "syntax error", Column: c.rest[0].col}
}

// exitLevel goes back to where "edit" was typed; at the top it leaves the mode.
func exitLevel(s *session, _ call) (result, error) {
	if n := len(s.edit.back); n > 0 {
		s.edit.path, s.edit.back = s.edit.back[n-1], s.edit.back[:n-1]
		return result{}, nil
	}
	if len(s.edit.path) > 0 {
		s.edit.path = nil
		return result{}, nil
	}
	return s.leaveConfiguration()
}

// top goes to the top, or runs one command there.
func top(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		s.edit.path, s.edit.back = nil, nil
		return result{}, nil
	}
	return s.elsewhere(nil, c)
}

// elsewhere runs a command at another level. Only "edit" stays there.
func (s *session) elsewhere(path []string, c call) (result, error) {
	before := *s.edit
	s.edit.path = path
	found, inner, err := find(configCommands(), c.line, c.rest)
	var r result
	if err == nil {
		r, err = found.run(s, inner)
	}
	if s.edit != nil && (found == nil || found.word != "edit" || err != nil) {
		s.edit.path, s.edit.back = before.path, before.back
	}
	return r, err
}

// up leaves one level: the shortest way back that is a level again.
func up(s *session, c call) (result, error) {
	path := s.edit.path
	config, err := s.dev.Configuration(Candidate)
	if err != nil {
		return result{}, err
	}
	for len(path) > 0 {
		path = path[:len(path)-1]
		if _, level := config.Tree.Resolve(path); level {
			break
		}
	}
	if len(c.rest) > 0 {
		return s.elsewhere(path, c)
	}
	s.edit.path, s.edit.back = path, nil
	return result{}, nil
}

func runOperational(s *session, c call) (result, error) {
	found, inner, err := find(commands(), c.line, c.rest)
	if err != nil {
		return result{}, err
	}
	switch strings.Fields(inner.path)[0] {
	case "configure", "edit", "exit", "quit":
		return result{}, &Error{Message: msgUnknown, Bad: c.rest[0].text, Column: c.rest[0].col}
	}
	return found.run(s, inner)
}

func rollback(s *session, c call) (result, error) {
	number := "0"
	if len(c.args) > 0 {
		number = c.args[0]
	}
	if err := rollbackNumber(number, c); err != nil {
		return result{}, err
	}
	if err := s.call(`<load-configuration rollback="` + number + `"/>`).failed(); err != nil {
		return result{}, err
	}
	return say("load complete\n"), nil
}
