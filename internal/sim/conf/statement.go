// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
)

// walker reads the words of one statement, of text or of a set command, and follows them down the schema.
type walker struct {
	lex     *lexer
	wild    bool // keys may hold wildcards: below groups
	lenient bool // the value of the last word may be missing: delete, deactivate
	abbrev  bool // keywords may be cut short, as in configuration mode
	bare    map[*edit]bool
}

// maxDepth bounds the nesting of every format.
const maxDepth = 64

// walkWords follows words from the edit at (a hierarchy) and returns the edits the statement ends in:
// one, or one for each value in brackets. A nil result without a problem means that there was no word.
func (w *walker) walkWords(at *edit) ([]*edit, *Problem) {
	w.bare = map[*edit]bool{}
	floor, last := at, []*edit(nil)
	start := statementStart{at: at, kids: len(at.kids)}
	for w.lex.peek().isWord() {
		if depthOf(at) > maxDepth {
			return last, w.problemAt(at, w.lex.peek(), msgTooDeep)
		}
		lex := *w.lex
		t := w.lex.next()
		hold, d := w.resolveWord(at, floor, t)
		if d == nil {
			if !isValue(last) || onOneLine(at, floor) {
				start = statementStart{lex, at, len(at.kids)}
			}
			return w.keepElse(start, last, w.problemAt(at, t, msgSyntax))
		}
		start = statementStart{lex, hold, len(hold.kids)}
		ends, p := w.takeWord(hold, d, t)
		if p != nil {
			return w.keepElse(start, last, p)
		}
		last = ends
		at = hold
		if d.kind != leaf && d.kind != leafList {
			if len(ends) != 1 {
				return ends, nil
			}
			at = ends[0]
		}
	}
	return w.keepBracket(last)
}

// keepElse keeps a statement that is not understood, or reports why it is not.
func (w *walker) keepElse(start statementStart, last []*edit, p *Problem) ([]*edit, *Problem) {
	if ends, ok := w.keepWords(start); ok {
		return w.keepBracket(ends)
	}
	return last, p
}

func isValue(ends []*edit) bool { return len(ends) > 0 && ends[0].def.kind >= leaf }

func depthOf(e *edit) (n int) {
	for ; e != nil; e = e.up {
		n++
	}
	return n
}

// resolveWord finds the statement that a word names (in quotes it is a value, never a name): below at, or, within statements that stand on one line, above.
func (w *walker) resolveWord(at, floor *edit, t token) (*edit, *def) {
	for e := at; ; e = e.up {
		if t.kind == 'w' {
			if d := e.def.child(t.text); d != nil {
				return e, d
			}
		}
		if d := e.def.bareChild(leaf); d != nil && !w.bare[e] {
			w.bare[e] = true
			return e, d
		}
		if d := e.def.bareChild(list); d != nil {
			return e, d
		}
		if d := e.def.abbreviated(t.text); w.abbrev && d != nil {
			return e, d
		}
		if e == floor || e.up == nil || !onOneLine(e.up, floor) {
			return nil, nil
		}
	}
}

// onOneLine reports whether e lies in a statement that Junos writes on one line.
func onOneLine(e, floor *edit) bool {
	for ; e != nil && e.up != nil; e = e.up {
		if e.def.is(isOneline) || e.def.is(isSingle) {
			return true
		}
	}
	return false
}

// takeWord reads what belongs to statement d after its first word t.
func (w *walker) takeWord(at *edit, d *def, t token) ([]*edit, *Problem) {
	var e *edit
	switch d.kind {
	case container, presence:
		e = at.addEdit(d, "")
	case list:
		return w.takeEntry(at, d, t)
	case leaf, leafList:
		return w.takeValue(at, d, t)
	}
	e.line, e.col = t.line, t.col
	if d.name == "groups" {
		w.wild = true
	}
	return []*edit{e}, nil
}

// takeEntry reads the keys of a list entry; t is the keyword, or the first key if the keyword is left out.
func (w *walker) takeEntry(at *edit, d *def, t token) ([]*edit, *Problem) {
	if d.is(isWild) {
		defer func() { w.wild = true }()
	}
	keys := make([]string, 0, len(d.keys))
	if d.is(isBare) {
		if msg := w.badKey(d, 0, t.text); msg != "" {
			return nil, w.problemAt(at, t, msg)
		}
		keys = append(keys, d.keyType(0).canonValue(t.text))
	}
	for len(keys) < len(d.keys) {
		k := w.lex.peek()
		if k.kind == '[' && len(d.keys) == 1 {
			return w.takeBracket(at, d)
		}
		if !k.isWord() && w.lenient && len(keys) == 0 && d.is(isBlock) {
			e := at.addEdit(d, "")
			e.op = opDelAll
			return []*edit{e}, nil
		}
		key, p := w.takeKey(at, d, len(keys))
		if p != nil {
			return nil, p
		}
		keys = append(keys, key)
	}
	e := at.addEdit(d, joinKeys(keys))
	e.line, e.col = t.line, t.col
	if t.kind == 'w' {
		e = e.splitUnit()
	}
	return []*edit{e}, nil
}

// takeKey reads key number i of a list entry, and its name if that is written before it.
func (w *walker) takeKey(at *edit, d *def, i int) (string, *Problem) {
	k := w.lex.peek()
	if name := d.keyName(i); name != "" && k.isWord() {
		if k.text != name && !(w.abbrev && strings.HasPrefix(name, k.text)) {
			return "", w.problemAt(at, k, msgSyntax)
		}
		w.lex.next()
		k = w.lex.peek()
	}
	if !k.isWord() {
		return "", w.problemAt(at, k, msgMissing)
	}
	w.lex.next()
	if msg := w.badKey(d, i, k.text); msg != "" {
		return "", w.problemAt(at, k, msg)
	}
	return d.keyType(i).canonValue(k.text), nil
}

// splitUnit splits the short form ge-0/0/0.5 of an interface, as configuration mode does: ge-0/0/0 unit 5.
func (e *edit) splitUnit() *edit {
	name, unit, ok := e.def.shortUnit(e.value)
	if !ok {
		return e
	}
	e.value = name
	return e.addEdit(e.def.byName["unit"], unit)
}

// shortUnit reports whether the key of a list entry is the short form of an interface and its unit.
func (d *def) shortUnit(key string) (name, unit string, ok bool) {
	if d.name != "interface" || d.up.name != "interfaces" || d.byName["unit"] == nil {
		return key, "", false
	}
	name, unit, ok = strings.Cut(key, ".")
	if _, rest := leadingNumber(unit); rest != "" || unit == "" || name == "" {
		return key, "", false
	}
	return name, unit, ok
}

// takeValue reads the value of a leaf, or the values of a leaf-list.
func (w *walker) takeValue(at *edit, d *def, t token) ([]*edit, *Problem) {
	v := t
	if d.typ.isEmpty() {
		v.text = ""
	} else if !d.is(isBare) {
		v = w.lex.peek()
		if v.kind == '[' && d.kind == leafList {
			return w.takeBracket(at, d)
		}
		if !v.isWord() {
			return w.noValue(at, d, v)
		}
		w.lex.next()
	}
	if msg := w.badValue(d, v.text); msg != "" {
		return nil, w.problemAt(at, v, msg)
	}
	e := at.addEdit(d, d.typ.canonValue(v.text))
	e.line, e.col = v.line, v.col
	return []*edit{e}, nil
}

func (w *walker) noValue(at *edit, d *def, t token) ([]*edit, *Problem) {
	if !w.lenient {
		return nil, w.problemAt(at, t, msgMissing)
	}
	e := at.addEdit(d, "")
	if d.kind == leafList {
		e.op = opDelAll
	}
	return []*edit{e}, nil
}

// takeBracket reads [ a b c ]: one edit a value.
func (w *walker) takeBracket(at *edit, d *def) ([]*edit, *Problem) {
	var out []*edit
	w.lex.next()
	for {
		t := w.lex.next()
		if t.kind == ']' {
			return out, nil
		}
		if !t.isWord() {
			return out, w.problemAt(at, t, msgSyntax)
		}
		msg := ""
		typ := d.typ
		if d.kind == list {
			msg, typ = w.badKey(d, 0, t.text), d.keyType(0)
		} else {
			msg = w.badValue(d, t.text)
		}
		if msg != "" {
			return out, w.problemAt(at, t, msg)
		}
		e := at.addEdit(d, typ.canonValue(t.text))
		e.line, e.col = t.line, t.col
		out = append(out, e)
	}
}

func (w *walker) badKey(d *def, i int, v string) string { return badKey(d, i, v, w.wild) }

func badKey(d *def, i int, v string, wild bool) string {
	if wild && strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">") && isPrintable(v) {
		return ""
	}
	return d.keyType(i).checkValue(v)
}

func (w *walker) badValue(d *def, v string) string {
	if d.typ.isEmpty() {
		return ""
	}
	return d.typ.checkValue(v)
}

// problemAt places a problem as Junos does: in text at the end of the word, in commands just before it.
func (w *walker) problemAt(at *edit, t token, msg string) *Problem {
	p := &Problem{Severity: SeverityError, Message: msg, BadElement: t.show(), Line: t.line, Column: max(t.col-1, 1)}
	if !w.lex.lines {
		p.Path, p.Source, p.Column = editPath(at.words()), w.lex.sourceLine(t), t.col+max(len(t.text), 1)-1
	}
	return p
}
