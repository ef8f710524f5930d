// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"bytes"
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

// Parse reads a file and, through include, those that it includes.
func Parse(f File, include Include) (*Config, error) {
	p := &parser{include: include}
	if err := p.parseFile(f, nil, 0); err != nil {
		return nil, err
	}
	return &p.config, nil
}

type parser struct {
	config  Config
	include Include
}

// parseFile reads the lines of one file. Blocks that it opens end with it; those in
// which it is included hold for all of it.
func (p *parser) parseFile(f File, outer []condition, depth int) error {
	if depth > maxIncludes {
		return fmt.Errorf("%s: files include each other more than %d times", f.Name, maxIncludes)
	}
	inner := outer
	n := 0
	for raw := range bytes.Lines(f.Content) {
		n++
		place := fmt.Sprintf("%s:%d", f.Name, n)
		key, args, err := splitLine(string(raw))
		if err != nil {
			return fmt.Errorf("%s: %w", place, err)
		}
		switch {
		case key == "":
			continue
		case len(args) == 0:
			return fmt.Errorf("%s: %s without a value", place, key)
		case key == "host" || key == "match":
			inner = append(slices.Clone(outer), condition{key == "match", args, place})
		case key == "include":
			err = p.parseIncluded(args, inner, depth)
		default:
			p.config.settings = append(p.config.settings, setting{inner, place, key, args})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", place, err)
		}
	}
	return nil
}

func (p *parser) parseIncluded(patterns []string, inner []condition, depth int) error {
	for _, pattern := range patterns {
		files, err := p.include(pattern)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := p.parseFile(f, inner, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// splitLine splits "Key value", "Key=value" and "Key "quoted value" # comment".
func splitLine(line string) (key string, args []string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", nil, nil
	}
	end := strings.IndexAny(line, " \t=")
	if end < 0 {
		return strings.ToLower(line), nil, nil
	}
	key = strings.ToLower(line[:end])
	rest := strings.TrimLeft(line[end:], " \t")
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "="), " \t")
	if key == "proxycommand" { // goes to the shell as it is
		return key, []string{rest}, nil
	}
	args, err = splitArgs(rest)
	return key, args, err
}

func splitArgs(rest string) (args []string, err error) {
	for {
		rest = strings.TrimLeft(rest, " \t")
		switch {
		case rest == "" || rest[0] == '#':
			return args, nil
		case rest[0] == '"' || rest[0] == '\'':
			value, after, closed := strings.Cut(rest[1:], rest[:1])
			if !closed {
				return nil, fmt.Errorf("a quote is never closed")
			}
			args, rest = append(args, value), after
		default:
			value, after, _ := strings.Cut(strings.ReplaceAll(rest, "\t", " "), " ")
			args, rest = append(args, value), after
		}
	}
}
