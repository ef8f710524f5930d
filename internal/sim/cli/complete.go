// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// listCompletions is the list that a question mark asks for.
func listCompletions(found []*command) string {
	var b strings.Builder
	b.WriteString("Possible completions:\n")
	for _, c := range found {
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-20s %s", c.word, c.help), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// completeLine serves tabs and question marks.
func (s *session) completeLine(line string) (add, list string) {
	words := splitWords(line)
	last := word{}
	if len(words) > 0 && !strings.HasSuffix(line, " ") {
		last = words[len(words)-1]
		words = words[:len(words)-1]
	}
	grammar, known := s.wordsAfter(s.grammar(), words)
	var found []*command
	for i := range grammar {
		w := grammar[i].word
		if grammar[i].hidden {
			continue
		}
		if strings.HasPrefix(w, last.text) && (last.text != "" || w != "") || strings.HasPrefix(w, "<") && w != enter {
			found = append(found, &grammar[i])
		}
	}
	switch {
	case !known || len(found) == 0:
		return "", "No valid completions"
	case len(found) == 1 && !strings.HasPrefix(found[0].word, "<"):
		add = found[0].word[len(last.text):] + " "
	}
	return add, listCompletions(found)
}

// enter stands for the return key where a command may end.
const enter = "<[Enter]>"

// wordsAfter are the words that may come behind those that are there; false: they
// mean nothing.
func (s *session) wordsAfter(grammar []command, words []word) ([]command, bool) {
	var at *command
	whole := false // what is there can be run
	for i, w := range words {
		if w.text == "|" && whole {
			return wordsBehindPipe(words[i+1:])
		}
		next, err := chooseCommand(grammar, w, i == 0)
		if err != nil {
			return nil, false
		}
		if at = next; at.rest && len(at.sub) == 0 {
			if at.word == "run" && s.edit != nil {
				return s.wordsAfter(operationalCommands(), words[i+1:])
			}
			if !takesStatement(at, s.edit != nil) {
				return withEnding(nil), true
			}
			return s.schemaWords(at, words[i+1:])
		}
		whole = at.isWhole() || whole && len(at.sub) == 0 // an option that its command reads
		grammar = at.sub
	}
	if !whole {
		return grammar, true
	}
	return withEnding(s.withRollbacks(at, grammar)), true
}

// withEnding adds that the command may end here, or go into a pipe.
func withEnding(grammar []command) []command {
	all := append([]command{{word: enter, help: "Execute this command"}}, grammar...)
	return append(all, command{word: "|", help: "Pipe through a command"})
}

// wordsBehindPipe are the words behind a pipe.
func wordsBehindPipe(words []word) ([]command, bool) {
	for i, w := range words {
		if w.text == "|" {
			return wordsBehindPipe(words[i+1:])
		}
	}
	var all []command
	switch {
	case len(words) == 0:
		for _, p := range pipeCommands() {
			all = append(all, command{word: p.word, help: p.help})
		}
	case len(words) == 1 && strings.HasPrefix("display", words[0].text):
		for _, w := range slices.Sorted(maps.Keys(displays)) {
			all = append(all, command{word: w})
		}
	default:
		return withEnding(nil), true
	}
	return all, true
}

// takesStatement tells commands whose words are those of the configuration.
func takesStatement(c *command, configuring bool) bool {
	switch c.word {
	case "set", "delete", "edit", "show", "activate", "deactivate", "protect", "unprotect", "annotate", "rename", "copy", "insert":
		return configuring
	}
	return c.word == "configuration"
}

// schemaWords are the words of the schema behind a command that takes a statement.
func (s *session) schemaWords(c *command, words []word) ([]command, bool) {
	for i, w := range words {
		if w.text == "|" {
			return wordsBehindPipe(words[i+1:])
		}
	}
	var path []string
	if s.edit != nil {
		path = slices.Clone(s.edit.path)
	}
	next := conf.DefaultSchema(s.dev.Status().Release).Next(append(path, wordTexts(words)...))
	if next == nil {
		return nil, false
	}
	var all []command
	for _, w := range next {
		all = append(all, command{word: w})
	}
	if len(next) == 0 || len(words) > 0 && c.word != "set" || c.word == "show" || c.word == "configuration" {
		all = withEnding(all)
	}
	return all, true
}

// withRollbacks replaces the number of a rollback by those that there are.
func (s *session) withRollbacks(at *command, grammar []command) []command {
	if at.word != "rollback" || s.edit == nil {
		return grammar
	}
	var all []command
	for _, e := range s.callRPC("<get-commit-information/>").root.FindElements(".//commit-history") {
		all = append(all, command{word: childText(e, "sequence-number"), help: madeBy(e)})
	}
	return all
}

// madeBy is when and by whom, as lists of commits say it.
func madeBy(e *etree.Element) string {
	text := fmt.Sprintf("%s by %s via %s", childText(e, "date-time"), childText(e, "user"), childText(e, "client"))
	if comment := childText(e, "comment"); comment != "" {
		text += " " + comment
	}
	return text
}
