// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
)

// Severities of a [Problem].
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Problem is one thing that Junos would report about a load or a check.
type Problem struct {
	Severity   string // SeverityError or SeverityWarning
	Message    string // Junos' words, without line breaks around them
	Path       string // "[edit system services]"; empty where Junos gives none
	BadElement string // the word that was not understood
	Reason     string // of a failed check: what the commit gives in parentheses
	Source     string // the line of a text payload that the problem stands in
	Line       int    // of the payload, from 1; 0 if unknown
	Column     int
}

// Error returns the problem on one line.
func (p Problem) Error() string {
	s := p.Message
	if p.BadElement != "" {
		s += ": " + p.BadElement
	}
	if p.Path != "" {
		s = p.Path + " " + s
	}
	return s
}

// Statement returns the statement of the payload that the problem is in as a set command; "" if it is in none.
func (p Problem) Statement(payload string) string {
	lines := strings.Split(payload, "\n")
	if p.Message == msgRecovery || p.Line < 1 || p.Line > len(lines) {
		return ""
	}
	if p.Source == "" {
		return strings.TrimSpace(lines[p.Line-1])
	}
	path := strings.Fields(strings.Trim(p.Path, "[]"))[1:]
	line := lines[p.Line-1]
	if i := strings.LastIndex(line[:min(len(line), max(p.Column-1, 0))], "{"); i >= 0 {
		line = line[i+1:]
	}
	line, _, _ = strings.Cut(line, ";")
	words := strings.Fields(strings.TrimRight(line, " {"))
	for n := min(len(words), len(path)); n >= 0; n-- {
		if slices.Equal(path[len(path)-n:], words[:n]) {
			words = append(path[:len(path)-n:len(path)-n], words...)
			break
		}
	}
	return "set " + strings.Join(words, " ")
}

// Missing reports whether the problem is a deletion of what is not there.
func (p Problem) Missing() bool { return p.Message == msgNotFound }

// Failed reports whether at least one of the problems is an error.
func Failed(problems []Problem) bool {
	for _, p := range problems {
		if p.Severity == SeverityError {
			return true
		}
	}
	return false
}

const (
	msgSyntax    = "syntax error"
	msgRecovery  = "error recovery ignores input until this point"
	msgNotFound  = "statement not found"
	msgMissing   = "missing argument"
	msgUnknown   = "unknown command"
	msgWildcard  = "wildcard commands are not supported in a load"
	msgTooLarge  = "configuration is too large"
	msgTooDeep   = "configuration is nested too deeply"
	msgEmpty     = "statement has no contents; ignored"
	msgDuplicate = "statement already exists"
)

func editPath(words []string) string {
	return "[edit" + strings.Join(append([]string{""}, words...), " ") + "]"
}

// list of problems that stops growing: a payload of rubbish must not cost more than it is worth.
type problems struct {
	list []Problem
}

const maxProblems = 1000

func (p *problems) add(q Problem) {
	if q.Severity == "" {
		q.Severity = SeverityError
	}
	if len(p.list) < maxProblems {
		p.list = append(p.list, q)
	} else if q.Severity == SeverityError {
		p.list[maxProblems-1] = q // an error is never lost behind warnings
	}
}
