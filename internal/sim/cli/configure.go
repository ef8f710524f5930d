// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import "strings"

// editing is the state of configuration mode.
type editing struct {
	mode string // "", exclusive or private
	path []string
	back [][]string // where exit leads to
}

func (e *editing) editBanner() string {
	return "[" + strings.Join(append([]string{"edit"}, e.path...), " ") + "]"
}

func enterShared(s *session, c call) (result, error)    { return s.enterMode("", c) }
func enterExclusive(s *session, c call) (result, error) { return s.enterMode("exclusive", c) }
func enterPrivate(s *session, c call) (result, error)   { return s.enterMode("private", c) }

// enterMode opens the database and tells who else is in it.
func (s *session) enterMode(mode string, c call) (result, error) {
	if !s.dev.Status().MayEdit {
		w := splitWords(c.line)[0]
		return result{}, &Error{Message: msgUnknown, Bad: w.text, Column: w.col}
	}
	text := ""
	if mode != "" {
		text = "warning: uncommitted changes will be discarded on exit\n"
		if err := s.callRPC("<open-configuration><" + mode + "/></open-configuration>").firstError(); err != nil {
			return result{}, err
		}
	}
	text += "Entering configuration mode\n"
	if mode == "" {
		if others := editorLines(s.callRPC("<get-configuration-database-status/>").root); others != "" {
			text += "Users currently editing the configuration:\n" + others
		}
		if s.hasChanges() {
			text += "The configuration has been changed but not committed\n"
		}
	}
	s.edit = &editing{mode: mode}
	return say("%s", text), nil
}

// changed: there is something that a commit would activate.
func (s *session) hasChanges() bool {
	old, err := s.dev.Configuration(Committed)
	if err != nil {
		return false
	}
	now, err := s.dev.Configuration(Candidate)
	return err == nil && !now.Tree.Equal(old.Tree)
}

// leaveConfiguration asks before edits are left behind, or lost.
func (s *session) leaveConfiguration() (result, error) {
	if s.hasChanges() {
		question := "Exit with uncommitted changes?"
		if s.edit.mode != "" {
			question = "Discard uncommitted changes?"
		}
		s.showText("The configuration has been changed but not committed\n")
		if !s.askYesNo(question, "yes") {
			return result{}, nil
		}
	}
	s.closeDatabase()
	return say("Exiting configuration mode\n"), nil
}

func (s *session) closeDatabase() {
	if s.edit.mode != "" {
		s.callRPC("<close-configuration/>")
	}
	s.edit = nil
}

// configCommands is the grammar of the configuration mode.
func configCommands() []command {
	edit := func(verb, help string) command {
		return command{word: verb, help: help, rest: true, run: editCommand(verb)}
	}
	return append([]command{
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
		{word: "rollback", help: "Roll back to previous committed configuration", run: loadRollback, sub: []command{
			{word: "<number>", help: "Rollback number", run: loadRollback},
			{word: "rescue", help: "Rescue configuration", run: rollbackToRescue},
		}},
		{word: "run", help: "Run an operational-mode command", rest: true, run: runOperational},
		edit("set", "Set a parameter"),
		{word: "show", help: "Show a parameter", rest: true, run: showCandidate},
		{word: "status", help: "Show users currently editing configuration", show: get("get-configuration-database-status", renderEditors)},
		{word: "top", help: "Exit to top level of configuration", rest: true, run: goTop},
		edit("unprotect", "Unprotect the statement"),
		{word: "up", help: "Exit one level of configuration", rest: true, run: goUp},
	}, allAbsent("help replace save wildcard")...)
}

func showCandidate(s *session, c call) (result, error) {
	return s.showStatements(Candidate, s.edit.path, c)
}

func runOperational(s *session, c call) (result, error) {
	found, inner, err := findCommand(operationalCommands(), c.line, c.rest)
	if err != nil {
		return result{}, err
	}
	switch strings.Fields(inner.path)[0] {
	case "configure", "edit", "exit", "quit":
		return result{}, &Error{Message: msgUnknown, Bad: c.rest[0].text, Column: c.rest[0].col}
	}
	return found.runWith(s, inner)
}

func rollbackToRescue(s *session, _ call) (result, error) {
	if err := s.callRPC(`<load-configuration rescue="rescue"/>`).firstError(); err != nil {
		return result{}, err
	}
	return say("load complete\n"), nil
}

func loadRollback(s *session, c call) (result, error) {
	number := "0"
	if len(c.args) > 0 {
		number = c.args[0]
	}
	if err := rollbackNumber(number, c); err != nil {
		return result{}, err
	}
	if err := s.callRPC(`<load-configuration rollback="` + number + `"/>`).firstError(); err != nil {
		return result{}, err
	}
	return say("load complete\n"), nil
}
