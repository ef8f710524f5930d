// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "strconv"

// setReader runs configuration commands, one a line, each on the result of those before it.
type setReader struct {
	lex  *lexer
	app  *applier
	root *node
	top  *def
	base []token // words of "edit"

	abbrev bool
}

// runLine runs one command. After an error the rest of the line is skipped.
func (r *setReader) runLine() bool {
	t := r.lex.next()
	switch {
	case t.kind == 0:
		return false
	case t.kind == '\n':
		return true
	}
	if p := r.runCommand(t); p != nil {
		r.app.add(*p)
	}
	for t := r.lex.peek(); t.kind != 0 && t.kind != '\n'; t = r.lex.peek() {
		r.lex.next()
	}
	return true
}

func (r *setReader) runCommand(t token) *Problem {
	switch t.text {
	case "set":
		return r.runSimple(func(e *edit) {})
	case "delete":
		return r.runDelete()
	case "activate":
		return r.runSimple(func(e *edit) { e.op, e.clear = touchOp(e.op), inactive })
	case "deactivate":
		return r.runSimple(func(e *edit) { e.op, e.set = touchOp(e.op), inactive })
	case "protect":
		return r.runSimple(func(e *edit) { e.op, e.set = touchOp(e.op), protected })
	case "unprotect":
		return r.runSimple(func(e *edit) { e.op, e.clear = touchOp(e.op), protected })
	case "annotate":
		return r.runAnnotate()
	case "rename":
		return r.runRename(opRename)
	case "copy":
		return r.runRename(opCopy)
	case "insert":
		return r.runInsert()
	case "wildcard":
		return &Problem{Severity: SeverityError, Message: msgWildcard, BadElement: t.text, Line: t.line, Column: t.col}
	case "edit", "top", "up", "exit":
		return r.moveLevel(t)
	}
	return &Problem{Severity: SeverityError, Message: msgUnknown, BadElement: t.show(), Line: t.line, Column: t.col}
}

func touchOp(o op) op {
	if o == opDelAll {
		return o
	}
	return opTouch
}

// readPath reads words of a command into a chain of edits.
func (r *setReader) readPath(lenient bool) (root *edit, ends []*edit, p *Problem) {
	root = &edit{def: r.top}
	at := root
	w := &walker{lex: r.lex, lenient: lenient, abbrev: r.abbrev}
	if len(r.base) > 0 {
		up := &walker{abbrev: r.abbrev}
		at, p = up.replayWords(root, r.base)
		w.wild = up.wild
		if p != nil {
			return nil, nil, p
		}
	}
	ends, p = w.walkWords(at)
	if p == nil && len(ends) == 0 {
		p = w.problemAt(at, r.lex.peek(), msgMissing)
	}
	if p == nil && !r.atEnd() && !r.atKeyword() {
		p = w.problemAt(ends[0], r.lex.peek(), msgSyntax)
	}
	return root, ends, p
}

// replayWords walks words that were read before.
func (w *walker) replayWords(root *edit, words []token) (*edit, *Problem) {
	text := ""
	for _, t := range words {
		text += quoteWord(t.text) + " "
	}
	w.lex = newLexer(text, true)
	ends, p := w.walkWords(root)
	if p != nil || len(ends) != 1 {
		return root, p
	}
	return ends[0], nil
}

func (r *setReader) atEnd() bool {
	t := r.lex.peek()
	return t.kind == 0 || t.kind == '\n'
}

func (r *setReader) atKeyword() bool {
	t := r.lex.peek()
	return t.kind == 'w' && (t.text == "to" || t.text == "before" || t.text == "after")
}

func (r *setReader) runSimple(f func(*edit)) *Problem {
	root, ends, p := r.readPath(false)
	if p != nil {
		return p
	}
	for _, e := range ends {
		f(e)
	}
	r.applyRoot(root)
	return nil
}

func (r *setReader) runDelete() *Problem {
	if r.atEnd() {
		return r.deleteHere()
	}
	root, ends, p := r.readPath(true)
	if p != nil {
		return p
	}
	for _, e := range ends {
		if e.op != opDelAll {
			e.op = opDelete
		}
	}
	r.applyRoot(root)
	return nil
}

// deleteHere deletes the hierarchy that was entered; at the top everything.
func (r *setReader) deleteHere() *Problem {
	if len(r.base) == 0 {
		r.root = emptied(r.root)
		return nil
	}
	root := &edit{def: r.top}
	e, p := (&walker{abbrev: r.abbrev}).replayWords(root, r.base)
	if p == nil {
		e.op = opDelete
		r.applyRoot(root)
	}
	return p
}

func (r *setReader) applyRoot(root *edit) {
	root.settleOps(false)
	r.root = r.app.applyChildren(r.root, root)
}

// runAnnotate takes a path and a text in quotes.
func (r *setReader) runAnnotate() *Problem {
	var words []token
	for t := r.lex.peek(); t.isWord(); t = r.lex.peek() {
		words = append(words, r.lex.next())
	}
	if len(words) < 2 {
		return &Problem{Severity: SeverityError, Message: msgMissing, Line: r.lex.line}
	}
	root := &edit{def: r.top}
	w := &walker{abbrev: r.abbrev}
	e, p := w.replayWords(root, append(append([]token(nil), r.base...), words[:len(words)-1]...))
	if p != nil {
		return p
	}
	e.op, e.note = opTouch, cleanComment(words[len(words)-1].text)
	r.applyRoot(root)
	return nil
}

// runRename takes "PATH to KEYS"; the keyword of the list may be repeated before the keys.
func (r *setReader) runRename(o op) *Problem {
	root, e, p := r.readEntry("to")
	if p != nil {
		return p
	}
	e.op = o
	if e.newValue, p = r.readKeys(e.def); p != nil {
		return p
	}
	r.applyRoot(root)
	return nil
}

// runInsert takes "PATH before KEYS" or "PATH after KEYS".
func (r *setReader) runInsert() *Problem {
	root, e, p := r.readEntry("before", "after")
	if p != nil {
		return p
	}
	e.op = opInsert
	if e.other, p = r.readKeys(e.def); p != nil {
		return p
	}
	r.applyRoot(root)
	return nil
}

// readEntry reads the path of a list entry, or of a value, up to one of the given words.
func (r *setReader) readEntry(stops ...string) (*edit, *edit, *Problem) {
	var words []token
	for t := r.lex.peek(); t.isWord(); t = r.lex.peek() {
		r.lex.next()
		for _, s := range stops {
			if t.kind == 'w' && t.text == s && len(words) > 0 {
				root := &edit{def: r.top}
				w := &walker{abbrev: r.abbrev}
				e, p := w.replayWords(root, append(append([]token(nil), r.base...), words...))
				if p == nil && e.def.kind != list {
					p = w.problemAt(root, t, msgSyntax)
				}
				e.where = s
				return root, e, p
			}
		}
		words = append(words, t)
	}
	t := r.lex.peek()
	return nil, nil, &Problem{Severity: SeverityError, Message: msgMissing, BadElement: t.show(), Line: t.line, Column: t.col}
}

// readKeys reads the keys of another entry of list d; the keyword of the list may be repeated before them.
func (r *setReader) readKeys(d *def) (string, *Problem) {
	w := &walker{lex: r.lex, wild: true}
	if keyword := *r.lex; keyword.next().text == d.word && keyword.peek().isWord() {
		r.lex.next()
	}
	var keys []string
	for i := range d.keys {
		key, p := w.takeKey(&edit{def: r.top}, d, i)
		if p != nil {
			return "", p
		}
		keys = append(keys, key)
	}
	if !r.atEnd() {
		return "", w.problemAt(&edit{def: r.top}, r.lex.peek(), msgSyntax)
	}
	return joinKeys(keys), nil
}

// moveLevel follows edit, top, up and exit.
func (r *setReader) moveLevel(t token) *Problem {
	var words []token
	for t := r.lex.peek(); t.isWord(); t = r.lex.peek() {
		words = append(words, r.lex.next())
	}
	switch t.text {
	case "top":
		r.base = nil
		return nil
	case "up", "exit":
		return r.leaveLevels(t, words)
	}
	base := append(append([]token(nil), r.base...), words...)
	e, p := (&walker{abbrev: r.abbrev}).replayWords(&edit{def: r.top}, base)
	if p == nil && (len(words) == 0 || e.def.kind == leaf || e.def.kind == leafList) {
		p = &Problem{Severity: SeverityError, Message: msgSyntax, BadElement: t.text, Line: t.line, Column: t.col}
	}
	if p == nil {
		r.base = base
	}
	return p
}

// leaveLevels leaves one hierarchy, or as many as a number says.
func (r *setReader) leaveLevels(t token, words []token) *Problem {
	n := 1
	if len(words) > 0 {
		n, _ = strconv.Atoi(words[0].text)
	}
	e, p := (&walker{abbrev: r.abbrev}).replayWords(&edit{def: r.top}, r.base)
	for ; p == nil && n > 0 && e.up != nil; n-- {
		e = e.up
	}
	r.base = nil
	for _, w := range e.words() {
		r.base = append(r.base, token{kind: 'w', text: w, line: t.line})
	}
	return p
}
