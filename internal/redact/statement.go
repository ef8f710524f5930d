// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vchassis/vchassis.junos/internal/sim/conf/schema"
)

// statement is one statement of the configuration schema, as far as it matters here:
// what it is called and what its value is.
type statement struct {
	name   string
	typ    string   // of a leaf: string, int, empty, enum, jt:ipaddr; empty: not a leaf
	words  []string // of an enum
	secret bool
	keyed  bool // the schema names it as a key, and has not said more of it yet
	kids   map[string]*statement
}

// known is the schema, and every word that it is made of.
type known struct {
	root  *statement
	words map[string]bool
}

// knownStatements reads the schema once, when something is first redacted.
var knownStatements = sync.OnceValue(func() known {
	k := known{root: &statement{name: "configuration"}, words: map[string]bool{}}
	defines := map[string][]string{}
	var lines []string
	names, _ := fs.Glob(schema.Files, "*.txt") // a constant pattern
	slices.Sort(names)
	for _, name := range names {
		text, err := fs.ReadFile(schema.Files, name)
		if err != nil {
			panic(err) // it is part of the program
		}
		lines = append(lines, takeDefinitions(string(text), defines)...)
	}
	k.addStatements(k.root, lines, 0, defines)
	for _, word := range []string{"apply-groups", "apply-groups-except"} {
		k.words[word] = true
	}
	return k
})

// takeDefinitions returns the statements of a file, and keeps what it defines.
func takeDefinitions(text string, defines map[string][]string) (lines []string) {
	define := ""
	for line := range strings.SplitSeq(text, "\n") {
		name, begins := strings.CutPrefix(line, "define ")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#"):
		case begins:
			define = name
		case define != "" && line[0] == '\t':
			defines[define] = append(defines[define], line[1:])
		default:
			define = ""
			lines = append(lines, line)
		}
	}
	return lines
}

// addStatements reads the lines at a depth, and what is below them.
func (k known) addStatements(parent *statement, lines []string, depth int, defines map[string][]string) {
	for i := 0; i < len(lines); {
		end := i + 1
		for end < len(lines) && depthOf(lines[end]) > depth {
			end++
		}
		head := strings.Fields(lines[i])
		if name, ok := strings.CutPrefix(head[0], "+"); ok {
			k.addStatements(parent, defines[name], 0, defines)
		} else {
			k.addStatements(k.addStatement(parent, head), lines[i+1:end], depth+1, defines)
		}
		i = end
	}
}

func depthOf(line string) int { return len(line) - len(strings.TrimLeft(line, "\t")) }

// addStatement makes or finds the child that a line describes.
func (k known) addStatement(parent *statement, head []string) *statement {
	name, typ, _ := strings.Cut(head[0], "=")
	name = strings.TrimRight(name, "!*")
	name, keys, _ := strings.Cut(name, "[")
	k.words[name] = true
	if old := parent.kids[name]; old != nil && !old.keyed {
		return old
	}
	s := &statement{name: name, secret: parent.secret && name == "name" || slices.Contains(head, "secret") || slices.Contains(head, "encrypt")}
	s.typ, _, _ = strings.Cut(typ, "(")
	if words, ok := strings.CutPrefix(typ, "enum:"); ok {
		s.typ, s.words = "enum", strings.Split(words, "|")
		for _, word := range s.words {
			k.words[word] = true
		}
	}
	if strings.HasPrefix(s.typ, "uint") || strings.HasPrefix(s.typ, "int") {
		s.typ = "int"
	}
	parent.adopt(s)
	for key := range strings.SplitSeq(strings.TrimSuffix(keys, "]"), ",") {
		if key != "" {
			s.adopt(&statement{name: key, typ: "string", secret: s.secret, keyed: true})
		}
	}
	return s
}

func (s *statement) adopt(kid *statement) {
	if s.kids == nil {
		s.kids = map[string]*statement{}
	}
	s.kids[kid.name] = kid
}

// What every hierarchy takes.
var (
	groupReference = &statement{name: "apply-groups", typ: "string"}
	macro          = &statement{name: "apply-macro", kids: map[string]*statement{
		"name": {name: "name", typ: "string"},
		"data": {name: "data", kids: map[string]*statement{"name": {name: "name", typ: "string"}, "value": {name: "value", typ: "string"}}},
	}}
)

// child finds the statement of an element; nil: nobody knows it. A group holds all that
// stands at the top.
func (k known) child(of *statement, name string) *statement {
	switch {
	case of == nil:
		return nil
	case of.kids[name] != nil:
		return of.kids[name]
	case name == "apply-groups" || name == "apply-groups-except":
		return groupReference
	case name == "apply-macro":
		return macro
	case of == k.root.kids["groups"]:
		return k.root.kids[name]
	}
	return nil
}

// isWord says that a value is one that the schema itself has.
func (k known) isWord(value string) bool { return k.words[value] }

func isNumber(value string) bool {
	_, err := strconv.ParseInt(value, 10, 64)
	return err == nil
}
