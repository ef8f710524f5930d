// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
)

// The schema files hold one statement a line; a tab is one level.
//
//	system                      container that vanishes when it is empty
//	services!                   container whose presence means something
//	user[name]                  list, with its keys (name: string, unless a leaf of that name says otherwise)
//	host-name=string(1..255)    leaf with its type
//	domain-search*=string       list of values
//	+unit                       the lines under "define unit"
//
// Words after the first are flags: bare block oneline single prefix sorted secret encrypt lone,
// hidden, vanishing, text:WORD (keyword in text where it differs from the XML tag), case:CHOICE.NUMBER (of which one is there), since:RELEASE,
// worded:KEY,KEY (their names are written before them).
// Lines of a hierarchy that exists already (from an earlier file) add to it.
var flagNames = map[string]flag{
	"bare": isBare, "block": isBlock, "oneline": isOneline, "single": isSingle, "prefix": isPrefix,
	"sorted": isSorted, "secret": isSecret, "encrypt": isEncrypt, "lone": isLone, "hidden": isHidden, "vanishing": isVanishing,
}

type schemaReader struct {
	release string
	defines map[string][]schemaLine
}

// schemaLine is a line of the files: its words, and how far it is indented.
type schemaLine struct {
	depth int
	words []string
}

// readSchema panics on a malformed file: the files are part of the program, and a test reads them all. keeps gives room for
// unknown statements.
func readSchema(release string, keeps bool, files fs.FS) *Schema {
	names, err := fs.Glob(files, "*.txt")
	if err != nil || len(names) == 0 {
		panic("conf: no schema files")
	}
	sort.Strings(names)
	r := &schemaReader{release: release, defines: map[string][]schemaLine{}}
	var lines []schemaLine
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		lines = append(lines, r.splitLines(string(b))...)
	}
	root := &def{name: "configuration", word: "configuration", kind: presence}
	r.addStatement(root, lines, 0)
	groups := root.byName["groups"]
	groups.flags |= isWild
	for _, c := range root.kids {
		if c != groups {
			adoptChildren(groups, c)
		}
	}
	common := r.common()
	finishDef(root, common, map[*def]bool{})
	if keeps {
		common.addUnknown()
	}
	return &Schema{release: release, root: root}
}

// splitLines takes comments and definitions out of a file and returns the statements.
func (r *schemaReader) splitLines(text string) []schemaLine {
	var out []schemaLine
	define := ""
	for line := range strings.Lines(text) {
		l := schemaLine{depth: len(line) - len(strings.TrimLeft(line, "\t")), words: strings.Fields(line)}
		switch {
		case len(l.words) == 0 || strings.HasPrefix(l.words[0], "#"):
		case l.words[0] == "define":
			define = l.words[1]
		case define != "" && l.depth > 0:
			l.depth--
			r.defines[define] = append(r.defines[define], l)
		default:
			define = ""
			out = append(out, l)
		}
	}
	return out
}

// addStatement reads the lines at the given depth and below into parent.
func (r *schemaReader) addStatement(parent *def, lines []schemaLine, depth int) {
	for i := 0; i < len(lines); {
		end := i + 1
		for end < len(lines) && lines[end].depth > depth {
			end++
		}
		head := lines[i].words
		if name, ok := strings.CutPrefix(head[0], "+"); ok {
			if r.defines[name] == nil {
				panic("conf: schema: no definition " + name)
			}
			r.addStatement(parent, r.defines[name], 0)
		} else if d := r.readStatement(parent, head); d != nil {
			r.addStatement(d, lines[i+1:end], depth+1)
		}
		i = end
	}
}

// readStatement makes or finds the child that a line describes; nil if the release does not know it.
func (r *schemaReader) readStatement(parent *def, head []string) *def {
	d := newStatement(head[0])
	if !r.readFlags(d, head[1:]) {
		return nil
	}
	if old := parent.byName[d.name]; old != nil {
		return old
	}
	adoptChildren(parent, d)
	return d
}

// newStatement reads the first word of a line: the name with its kind, and the type or the keys.
func newStatement(word string) *def {
	d := &def{name: strings.TrimRight(word, "!")}
	switch {
	case strings.Contains(word, "*="):
		d.kind = leafList
		name, typ, _ := strings.Cut(word, "*=")
		d.name, d.typ = name, readType(typ)
	case strings.Contains(word, "="):
		d.kind = leaf
		name, typ, _ := strings.Cut(word, "=")
		d.name, d.typ = name, readType(typ)
	case strings.HasSuffix(word, "]"):
		d.kind = list
		name, keys, _ := strings.Cut(strings.TrimSuffix(word, "]"), "[")
		d.name, d.keys = name, strings.Split(keys, ",")
	case strings.HasSuffix(word, "!"):
		d.kind = presence
	}
	d.word = d.name
	return d
}

// readFlags reads the other words of a line. It reports whether the release knows the statement.
func (r *schemaReader) readFlags(d *def, words []string) bool {
	for _, f := range words {
		if v, ok := strings.CutPrefix(f, "text:"); ok {
			d.word = v
		} else if v, ok := strings.CutPrefix(f, "case:"); ok {
			d.choice, d.number, _ = strings.Cut(v, ".")
		} else if v, ok := strings.CutPrefix(f, "worded:"); ok {
			d.named = strings.Split(v, ",")
		} else if v, ok := strings.CutPrefix(f, "since:"); ok {
			if Earlier(r.release, v) {
				return false
			}
		} else if flagNames[f] == 0 {
			panic(fmt.Sprintf("conf: schema: %s: unknown flag %s", d.name, f))
		} else {
			d.flags |= flagNames[f]
		}
	}
	return true
}

func adoptChildren(parent, d *def) {
	if parent.byName == nil {
		parent.byName, parent.byWord = map[string]*def{}, map[string]*def{}
	}
	if d.up == nil {
		d.up = parent
	}
	parent.kids = append(parent.kids, d)
	parent.byName[d.name] = d
	if d.is(isBare) {
		parent.bare = append(parent.bare, d)
	} else if !parent.isKey(d.name) {
		parent.byWord[d.word] = d
	}
}

// common holds what every hierarchy takes.
func (r *schemaReader) common() *def {
	c := &def{}
	r.addStatement(c, r.splitLines(strings.Join([]string{
		"apply-groups*=string",
		"apply-groups-except*=string",
		"apply-macro[name] lone",
		"\tdata[name] bare oneline lone",
		"\t\tvalue=string bare",
	}, "\n")), 0)
	return c
}

// finishDef numbers the children and gives every hierarchy the common statements.
func finishDef(d, common *def, seen map[*def]bool) {
	if seen[d] {
		return
	}
	seen[d] = true
	if d.kind != leaf && d.kind != leafList && !d.is(isLone) {
		d.common = common
	}
	for i, c := range common.kids {
		c.pos = i - len(common.kids)
		finishDef(c, common, seen)
	}
	first := 0
	if slices.ContainsFunc(d.kids, func(c *def) bool { return c.up != d }) {
		first = -len(d.kids) - len(common.kids) // its own stand before those that it adopted
	}
	for i, c := range d.kids {
		if c.up == d {
			c.pos = first + i
		}
		finishDef(c, common, seen)
	}
}
