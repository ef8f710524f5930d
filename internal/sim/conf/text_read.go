// SPDX-License-Identifier: GPL-3.0-or-later

package conf

// textReader reads configuration with curly braces into edits. After an error it skips the statement, says so
// as Junos does, and goes on.
type textReader struct {
	lex  *lexer
	errs *problems
	wild bool
}

func readText(in string, root *edit, errs *problems) {
	r := &textReader{lex: newLexer(in, false), errs: errs}
	r.readBody(root, 0)
	for t := r.lex.peek(); t.kind != 0; t = r.lex.peek() {
		r.lex.next()
		r.errs.add(*r.addProblem(root, t, msgSyntax))
		r.readBody(root, 0)
	}
}

// readBody reads statements up to the brace that closes the hierarchy, which it leaves to the caller.
func (r *textReader) readBody(at *edit, level int) {
	for {
		t := r.lex.peek()
		switch t.kind {
		case 0, '}':
			return
		case ';':
			r.lex.next()
		default:
			r.readStatement(at, level)
		}
	}
}

// readStatement reads comments, tags and words, then a semicolon or a block.
func (r *textReader) readStatement(at *edit, level int) {
	tags := &edit{note: r.lex.note}
	r.lex.note = nil
	lenient := false
	for t := r.lex.peek(); t.kind == 'w' && isTag(t.text); t = r.lex.peek() {
		tags.tag(t.text)
		lenient = lenient || t.text == "delete:"
		r.lex.next()
	}
	if name, ok := r.blockList(at); ok {
		r.readBlock(at, name, tags, level)
		return
	}
	w := &walker{lex: r.lex, wild: r.wild, lenient: lenient}
	start := len(at.kids)
	ends, p := w.walkWords(at)
	if p == nil && len(ends) == 0 {
		t := r.lex.peek()
		p = w.problemAt(at, t, msgSyntax)
	}
	if p == nil {
		p = r.finishStatement(at, ends, w.wild, level)
	}
	if p != nil {
		at.kids = at.kids[:start]
		r.recoverAfter(at, *p)
		return
	}
	for _, e := range ends {
		e.tagged(at).take(tags)
	}
}

// tagged returns the statement that tags before a line belong to: the outermost one that is written on one line,
// else the last.
func (e *edit) tagged(at *edit) *edit {
	target := e
	for x := e; x != at && x.up != nil; x = x.up {
		if x.def.is(isOneline) || x.def.is(isSingle) {
			target = x
		}
	}
	return target
}

// tag notes what a word in front of a statement says.
func (e *edit) tag(word string) {
	switch word {
	case "inactive:":
		e.set |= inactive
	case "active:":
		e.clear |= inactive
	case "protect:":
		e.set |= protected
	case "unprotect:":
		e.clear |= protected
	case "delete:":
		e.op = opDelete
	case "replace:":
		e.op = opReplace
	}
}

// take copies tags to an edit.
func (e *edit) take(tags *edit) {
	e.set |= tags.set
	e.clear |= tags.clear
	if tags.note != nil {
		e.note = tags.note
	}
	if tags.op != opMerge && e.op != opDelAll {
		e.op = tags.op
	}
}

// finishStatement reads the end of a statement.
func (r *textReader) finishStatement(at *edit, ends []*edit, wild bool, level int) *Problem {
	w := &walker{lex: r.lex}
	t := r.lex.peek()
	e := ends[len(ends)-1]
	block := t.kind == '{' && len(ends) == 1 && e.def.kind != leaf && e.def.kind != leafList
	switch {
	case t.kind == ';':
		r.lex.next()
		return nil
	case t.kind == '}' && r.lex.pos > 0, !block:
		return w.problemAt(e.up, t, msgSyntax)
	case level >= maxDepth:
		return w.problemAt(at, t, msgTooDeep)
	}
	r.lex.next()
	was := r.wild
	r.wild = wild
	r.readBody(e, level+1)
	r.wild = was
	return r.closeBlock(e)
}

// closeBlock takes the brace that ends a block.
func (r *textReader) closeBlock(e *edit) *Problem {
	t := r.lex.peek()
	if t.kind == '}' {
		r.lex.next()
		return nil
	}
	r.errs.add(*r.addProblem(e, t, msgSyntax))
	return nil
}

// blockList reports whether the next words are the name of a list that has braces of its own, and a brace.
func (r *textReader) blockList(at *edit) (*def, bool) {
	t := r.lex.peek()
	d := at.def.child(t.text)
	if t.kind != 'w' || d == nil || !d.is(isBlock) {
		return nil, false
	}
	save := *r.lex
	r.lex.next()
	if r.lex.peek().kind == '{' {
		r.lex.next()
		return d, true
	}
	*r.lex = save
	return nil, false
}

// readBlock reads name-server { 192.0.2.1; 192.0.2.2; }: entries without keyword.
func (r *textReader) readBlock(at *edit, d *def, tags *edit, level int) {
	if tags.op == opDelete || tags.op == opReplace {
		e := at.addEdit(d, "")
		e.op = opDelAll
	}
	view := *d
	view.flags |= isBare
	hold := &edit{def: &def{name: at.def.name, word: at.def.word, kind: at.def.kind, keys: at.def.keys, bare: []*def{&view}, flags: at.def.flags},
		value: at.value, up: at.up}
	was := r.wild
	r.wild = r.wild || d.is(isWild)
	if level < maxDepth {
		r.readBody(hold, level+1)
	}
	r.wild = was
	r.closeBlock(at)
	if tags.op == opDelete {
		return
	}
	for _, e := range hold.kids {
		e.def, e.up = d, at
		e.take(&edit{set: tags.set, clear: tags.clear})
		at.kids = append(at.kids, e)
	}
}

// recoverAfter reports a problem and skips to the end of the statement it stands in. When a block was skipped, Junos says
// where it goes on.
func (r *textReader) recoverAfter(at *edit, p Problem) {
	r.errs.add(p)
	for depth := 0; ; {
		t := r.lex.peek()
		if t.kind == 0 || t.kind == '}' && depth == 0 {
			return
		}
		r.lex.next()
		switch {
		case t.kind == ';' && depth == 0:
			return
		case t.kind == '{':
			depth++
		case t.kind == '}':
			if depth--; depth == 0 {
				r.errs.add(*r.addProblem(at, t, msgRecovery))
				return
			}
		}
	}
}

func (r *textReader) addProblem(at *edit, t token, msg string) *Problem {
	return (&walker{lex: r.lex}).problemAt(at, t, msg)
}
