// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"maps"
	"slices"
	"strings"
)

// What the schema does not know can be kept on request, so that the configuration of a real switch can be a start. Such a
// statement is one word a level, without types and without one-line forms. There are two kinds of them, which differ in how
// they are printed: words that the schema does not know, and, in quotes so that they are not taken for more, words that
// it knows with other contents.
const (
	unknownName  = "unknown-statement"
	mistakenName = "mistaken-statement"
)

// kept says which unknown statements a tree may hold, by their path; nil: all.
type kept map[string]bool

// Keeping returns the schema with room for statements that it does not know.
func (s *Schema) Keeping() *Schema { return &Schema{release: s.release, root: rootOf(s.release, true)} }

// ForRelease returns the schema of another release, which keeps what s keeps.
func (s *Schema) ForRelease(release string) *Schema {
	return &Schema{release: release, root: rootOf(release, s.root.common.keeps()), kept: s.kept}
}

// Seal ends the time in which unknown statements are taken: from now on the tree takes only those that it has. It returns
// them as set commands have them, without the verb.
func (t *Tree) Seal() []string {
	list, all := []string{}, kept{}
	if !t.schema.root.common.keeps() {
		return list
	}
	for _, path := range unknownPaths(t.root, "", false) {
		list = append(list, path.words)
		maps.Copy(all, path.steps)
	}
	t.schema = &Schema{release: t.schema.release, root: t.schema.root, kept: all}
	return list
}

type unknownPath struct {
	words string
	steps kept // of the path, those that are unknown
}

// unknownPaths lists the unknown statements below n, down to their last words.
func unknownPaths(n *node, path string, below bool) []unknownPath {
	var all []unknownPath
	for _, k := range n.kids {
		at, unknown := strings.TrimSpace(path+" "+pathText(k.def, k.value)), below || k.def.isUnknown()
		found := unknownPaths(k, at, unknown)
		if len(found) == 0 && unknown {
			found = []unknownPath{{words: at, steps: kept{}}}
		}
		for _, f := range found {
			if k.def.isUnknown() {
				f.steps[at] = true
			}
			all = append(all, f)
		}
	}
	return all
}

func pathText(d *def, value string) string { return QuotePath(statementLabel(d, value)) }

func (d *def) isUnknown() bool { return d.name == unknownName || d.name == mistakenName }

// keeps reports whether the statements of every hierarchy include unknown ones.
func (common *def) keeps() bool { return common.byName[unknownName] != nil }

// addUnknown gives every hierarchy room for unknown statements.
func (common *def) addUnknown() {
	holder := &def{}
	for i, name := range []string{unknownName, mistakenName} {
		d := &def{name: name, word: name, kind: list, keys: []string{"name"}, flags: isBare, up: holder, common: common, pos: 1<<30 + i}
		common.kids = append(common.kids, d)
		common.byName[name] = d
	}
	unknown := common.byName[unknownName]
	for _, d := range common.kids {
		if d.isUnknown() {
			d.bare, d.byName = []*def{unknown}, map[string]*def{unknownName: unknown}
		}
	}
}

// unknownChild is the statement that keeps a word below d; nil where nothing is kept.
func (d *def) unknownChild(word string) *def {
	switch {
	case d.common == nil || !d.common.keeps():
		return nil
	case d.isUnknown() || d.child(word) == nil && d.bareChild(leaf) == nil && d.bareChild(list) == nil:
		return d.common.byName[unknownName]
	}
	return d.common.byName[mistakenName]
}

// statementStart is where a walker may begin again to keep a statement as it is.
type statementStart struct {
	lex  lexer
	at   *edit
	kids int // of at, before the statement
}

// keepWords reads the words of a statement from its start as unknown ones; false where they are not kept.
func (w *walker) keepWords(start statementStart) ([]*edit, bool) {
	at := start.at
	ahead := start.lex.peek()
	if at.def.unknownChild(ahead.text) == nil || !isPrintable(ahead.text) {
		return nil, false
	}
	*w.lex, at.kids = start.lex, at.kids[:start.kids]
	for t := w.lex.peek(); t.isWord() && isPrintable(t.text) && depthOf(at) <= maxDepth; t = w.lex.peek() {
		at = at.keepWord(w.lex.next())
	}
	return []*edit{at}, at != start.at
}

func (e *edit) keepWord(t token) *edit {
	k := e.addEdit(e.def.unknownChild(t.text), t.text)
	k.line, k.col = t.line, t.col
	return k
}

// keepBracket reads [ a b c ] behind an unknown word; behind anything else nothing.
func (w *walker) keepBracket(last []*edit) ([]*edit, *Problem) {
	if len(last) != 1 || !last[0].def.isUnknown() || w.lex.peek().kind != '[' {
		return last, nil
	}
	w.lex.next()
	var ends []*edit
	for t := w.lex.next(); t.kind != ']'; t = w.lex.next() {
		if !t.isWord() || !isPrintable(t.text) {
			return ends, w.problemAt(last[0], t, msgSyntax)
		}
		ends = append(ends, last[0].keepWord(t))
	}
	return ends, nil
}

// keepElement keeps an element that the schema does not know, or knows with other contents, below e.
func (r *elementReader) keepElement(x *element, e *edit) bool {
	d := e.def.unknownChild(x.name)
	if d == nil || !isPrintable(x.text) {
		return false
	}
	c := e.addEdit(d, x.name)
	c.line = x.line
	if !r.readAttributes(x, c) {
		return true
	}
	kids := slices.Clone(x.kids)
	if i := slices.IndexFunc(kids, func(k *element) bool { return k.name == "name" && len(k.kids) == 0 }); i >= 0 {
		c = c.keepWord(token{text: strings.TrimSpace(kids[i].text), line: x.line})
		kids = slices.Delete(kids, i, i+1)
	} else if v := strings.TrimSpace(x.text); v != "" {
		c.keepWord(token{text: v, line: x.line})
	}
	r.readElement(&element{kids: kids}, c)
	return true
}

// refusesUnknown reports whether an edit would bring in what the tree does not keep.
func (a *applier) refusesUnknown(e *edit) bool {
	if a.kept == nil || !e.def.isUnknown() || a.kept[QuotePath(e.words())] {
		return false
	}
	word := e
	for word.up.def.isUnknown() {
		word = word.up
	}
	a.add(Problem{Message: msgSyntax, Path: editPath(word.up.words()), BadElement: word.value, Line: e.line, Column: word.col})
	return true
}
