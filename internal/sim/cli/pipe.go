// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pipe is one word behind a pipe: least is how many arguments it needs, most how many it reads.
type pipe struct {
	word, help  string
	least, most int
	run         func(text string, args []string) (string, error)
}

// anyNumber of words is one pattern.
const anyNumber = 1000

// pipeCommands are those that work on text. "display" and "compare" choose the text and
// come before.
func pipeCommands() []pipe {
	plain := func(text string, _ []string) (string, error) { return text, nil }
	return []pipe{
		{"compare", "Compare configuration changes with prior version", 0, 2, nil},
		{"count", "Count occurrences", 0, 0, pipeCount},
		{"display", "Show additional kinds of information", 1, 2, nil},
		{"except", "Show only text that does not match a pattern", 1, anyNumber, pipeExcept},
		{"find", "Search for first occurrence of pattern", 1, anyNumber, pipeFind},
		{"hold", "Hold text without exiting the --More-- prompt", 0, 0, plain},
		{"last", "Display end of output only", 0, 1, pipeLast},
		{"match", "Show only text that matches a pattern", 1, anyNumber, pipeMatch},
		{"no-more", "Don't paginate output", 0, 0, plain},
		{"trim", "Trim specified number of columns from start of line", 1, 1, pipeTrim},
	}
}

// absentPipes are those that Junos has besides.
var absentPipes = []string{"append", "refresh", "request", "resolve", "save", "tee"}

func choosePipe(w word) (pipe, error) {
	var found []pipe
	for _, p := range pipeCommands() {
		if p.word == w.text {
			return p, nil
		}
		if strings.HasPrefix(p.word, w.text) {
			found = append(found, p)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case slices.Contains(absentPipes, w.text):
		return pipe{}, absentError("| " + w.text)
	}
	return pipe{}, &Error{Message: msgSyntax, Bad: w.text, Column: w.col}
}

// checkPipes refuses a line before its command does anything.
func checkPipes(stages [][]word, end int) error {
	for _, stage := range stages {
		if len(stage) == 0 {
			return &Error{Message: msgSyntax, Column: end}
		}
		p, err := choosePipe(stage[0])
		if err != nil {
			return err
		}
		switch args := stage[1:]; {
		case len(args) < p.least:
			return &Error{Message: "missing argument", Column: end}
		case len(args) > p.most:
			return &Error{Message: msgSyntax, Bad: args[p.most].text, Column: args[p.most].col}
		}
		if p.word == "display" {
			if err := checkDisplay(stage); err != nil {
				return err
			}
		}
	}
	return nil
}

// passPipes passes a result through its pipes.
func (s *session) passPipes(r result, stages [][]word) (string, error) {
	text, err := s.formText(r, stages)
	if err != nil {
		return "", err
	}
	for _, stage := range stages {
		p, _ := choosePipe(stage[0])
		s.whole = s.whole || p.word == "no-more"
		if p.run == nil {
			continue
		}
		if text, err = p.run(text, wordTexts(stage[1:])); err != nil {
			return "", err
		}
	}
	return text, nil
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.SplitAfter(strings.TrimSuffix(text, "\n")+"\n", "\n")[:strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1]
}

// grepLines keeps the lines that match, or those that do not. Junos ignores case.
func grepLines(text, pattern string, keep bool) (string, error) {
	re, err := regexp.Compile("(?i)" + pattern)
	if err != nil {
		return "", refusedError("regular expression syntax error: %s", pattern)
	}
	var b strings.Builder
	for _, line := range splitLines(text) {
		if re.MatchString(strings.TrimSuffix(line, "\n")) == keep {
			b.WriteString(line)
		}
	}
	return b.String(), nil
}

func pipeMatch(text string, args []string) (string, error) {
	return grepLines(text, strings.Join(args, " "), true)
}

func pipeExcept(text string, args []string) (string, error) {
	return grepLines(text, strings.Join(args, " "), false)
}

func pipeCount(text string, _ []string) (string, error) {
	return fmt.Sprintf("Count: %d lines\n", len(splitLines(text))), nil
}

func pipeLast(text string, args []string) (string, error) {
	n := 24
	if len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil || n < 0 {
			return "", refusedError("invalid numeric value: '%s'", args[0])
		}
	}
	all := splitLines(text)
	return strings.Join(all[max(0, len(all)-n):], ""), nil
}

func pipeFind(text string, args []string) (string, error) {
	re, err := regexp.Compile("(?i)" + strings.Join(args, " "))
	if err != nil {
		return "", refusedError("regular expression syntax error: %s", args[0])
	}
	all := splitLines(text)
	for i, line := range all {
		if re.MatchString(line) {
			return strings.Join(all[i:], ""), nil
		}
	}
	return "\nPattern not found\n", nil
}

func pipeTrim(text string, args []string) (string, error) {
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 0 {
		return "", refusedError("invalid numeric value: '%s'", args[0])
	}
	var b strings.Builder
	for _, line := range splitLines(text) {
		line = strings.TrimSuffix(line, "\n")
		b.WriteString(line[min(n, len(line)):] + "\n")
	}
	return b.String(), nil
}
