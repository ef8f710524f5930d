// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxIncludes bounds how deep files include each other, as in OpenSSH.
const maxIncludes = 16

// File is a file's name and content.
type File struct {
	Name    string
	Content []byte
}

// Include returns the files that a pattern of an Include line stands for.
type Include func(pattern string) ([]File, error)

// statement is a line: the beginning of a block, an Include, or a setting.
type statement struct {
	place string        // file:line
	key   string        // lower case
	args  []string      // without quotes and escapes
	rest  string        // the line behind the keyword as it is, for the settings that a shell reads
	files [][]statement // of an Include

	criteria []criterion // of a Match
}

// Parse reads a file and, through include, those that it includes.
func Parse(f File, include Include) (*Config, error) {
	statements, err := (&parser{include}).parseFile(f, 0)
	if err != nil {
		return nil, err
	}
	return &Config{statements}, nil
}

type parser struct{ include Include }

func (p *parser) parseFile(f File, depth int) (statements []statement, err error) {
	if depth > maxIncludes {
		return nil, fmt.Errorf("%s: files include each other more than %d times", f.Name, maxIncludes)
	}
	n := 0
	for raw := range bytes.Lines(f.Content) {
		n++
		s, err := parseLine(string(raw))
		s.place = fmt.Sprintf("%s:%d", f.Name, n)
		if err == nil && s.key == "include" {
			s.files, err = p.parseIncluded(s.args, depth+1)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.place, err)
		}
		if s.key != "" {
			statements = append(statements, s)
		}
	}
	return statements, nil
}

func (p *parser) parseIncluded(patterns []string, depth int) (parsed [][]statement, err error) {
	for _, pattern := range patterns {
		files, err := p.include(pattern)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			statements, err := p.parseFile(f, depth)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, statements)
		}
	}
	return parsed, nil
}

const blanks = " \t\r\n"

// parseLine splits "Key value", "Key=value" and `Key "quoted value" # comment`.
// An empty key is an empty line or a comment.
func parseLine(line string) (s statement, err error) {
	line = strings.TrimLeft(strings.TrimRight(line, blanks+"\f"), blanks)
	if line == "" || line[0] == '#' {
		return s, nil
	}
	end := strings.IndexAny(line, blanks+"=")
	if end < 0 {
		end = len(line)
	}
	s.key = strings.ToLower(line[:end])
	rest := strings.TrimLeft(line[end:], blanks)
	s.rest = strings.TrimLeft(strings.TrimPrefix(rest, "="), blanks)
	if isCommand[s.key] { // a shell reads it, with quotes of its own
		s.args = []string{s.rest}
	} else if s.args, err = splitArgs(s.rest); err != nil {
		return s, err
	}
	if s.rest == "" || len(s.args) == 0 {
		return s, fmt.Errorf("%s without a value", s.key)
	}
	return s, s.checkLine()
}

// checkLine refuses what OpenSSH refuses, whichever host it is for.
func (s *statement) checkLine() (err error) {
	switch {
	case s.key == "match":
		s.criteria, err = parseCriteria(s.args)
	case s.key == "host" && slices.Contains(s.args, ""):
		err = errors.New("host with an empty pattern")
	default:
		err = s.checkValues()
	}
	return err
}

var isCommand = map[string]bool{"proxycommand": true, "localcommand": true, "remotecommand": true, "knownhostscommand": true}

// splitArgs splits what follows a keyword, in the way of OpenSSH: quotes of both
// kinds may stand anywhere, a backslash keeps quotes, itself and a blank from
// having a meaning, and a # at the beginning of a word begins a comment.
func splitArgs(rest string) (args []string, err error) {
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || rest[0] == '#' {
			return args, nil
		}
		arg, n, closed := nextArg(rest)
		if !closed {
			return nil, fmt.Errorf("a quote is never closed")
		}
		args, rest = append(args, arg), rest[n:]
	}
}

// nextArg returns the first word without quotes and escapes, how long it was with
// them, and whether its quotes are closed.
func nextArg(text string) (arg string, n int, closed bool) {
	var b strings.Builder
	quote := byte(0)
	for ; n < len(text); n++ {
		switch c := text[n]; {
		case c == '\\' && n+1 < len(text) && isEscaped(text[n+1], quote):
			n++
			b.WriteByte(text[n])
		case quote == 0 && (c == ' ' || c == '\t'):
			return b.String(), n, true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote && quote != 0:
			quote = 0
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), n, quote == 0
}

// isEscaped tells whether a backslash before c goes. Before anything else it stays.
func isEscaped(c, quote byte) bool {
	return c == '\'' || c == '"' || c == '\\' || c == ' ' && quote == 0
}
