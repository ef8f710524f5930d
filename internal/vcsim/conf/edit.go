// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"slices"
	"strings"
)

// edit is what a payload wants of one statement. All formats are read into trees of edits, which are then
// applied to the nodes in one place.
type edit struct {
	def   *def
	value string
	kids  []*edit
	op    op
	set   mark // marks to set
	clear mark // marks to clear
	note  *string
	up    *edit

	// rename, copy, insert
	forced   bool // a replace that every action honours
	newValue string
	where    string // before, after, first, last
	other    string // key of the entry that the place refers to
	otherDef *def

	line, col int
}

type op uint8

const (
	opMerge   op = iota
	opTouch      // the statement must exist already: a step of the path of a delete
	opDelete     // the statement, with everything below
	opDelAll     // all entries of a list or all values of a leaf-list
	opReplace    // the statement is what the payload says, nothing else
	opCreate     // as merge, but it must be new
	opRename
	opCopy
	opInsert
)

func (e *edit) add(d *def, value string) *edit {
	k := &edit{def: d, value: value, up: e}
	e.kids = append(e.kids, k)
	return k
}

// settle marks the steps of a path that only leads to deletions: they must not be created on the way.
// It reports whether e is such a step.
func (e *edit) settle() bool {
	only := len(e.kids) > 0
	for _, k := range e.kids {
		if !k.settle() {
			only = false
		}
	}
	if e.op == opMerge && only && e.set|e.clear == 0 && e.note == nil {
		e.op = opTouch
	}
	return e.op == opTouch || e.op == opDelete || e.op == opDelAll
}

// words returns the path of an edit as it is typed.
func (e *edit) words() []string {
	var out []string
	for ; e != nil && e.up != nil; e = e.up {
		out = append(e.label(), out...)
	}
	return out
}

func (e *edit) label() []string { return label(e.def, e.value) }

// label returns how a statement is typed: keyword and keys, keyword and value.
func label(d *def, value string) []string {
	var out []string
	if !d.is(isBare) {
		out = append(out, d.word)
	}
	switch {
	case d.kind == list:
		out = append(out, strings.Split(value, keySep)...)
	case d.kind == leaf && !d.typ.empty(), d.kind == leafList:
		out = append(out, value)
	}
	return out
}

// applier carries the problems of one load.
type applier struct {
	problems
}

// children applies the edits below e to n and returns the new n.
func (a *applier) children(n *node, e *edit) *node {
	for _, k := range e.kids {
		n = a.one(n, k)
	}
	return n
}

// one applies an edit to the child of n that it names.
func (a *applier) one(n *node, e *edit) *node {
	if e.op == opDelAll {
		return a.deleteAll(n, e)
	}
	i := n.find(e.def, e.value)
	var old *node
	if i >= 0 {
		old = n.kids[i]
	}
	if old != nil && old.mark&protected != 0 && e.clear&protected == 0 && a.refuses(e) {
		return n
	}
	switch e.op {
	case opDelete:
		if old == nil || e.def.kind == leaf && !e.def.typ.empty() && e.value != "" && e.value != old.value {
			a.missing(e)
			return n
		}
		return n.without(i)
	case opTouch, opRename, opCopy, opInsert:
		if old == nil {
			a.missing(e)
			return n
		}
		return a.existing(n, e, i)
	case opCreate:
		if old != nil {
			a.add(Problem{Message: msgDuplicate, Path: editPath(e.up.words()), BadElement: strings.Join(e.label(), " "), Line: e.line})
			return n
		}
	}
	return a.merge(n, e, i, e.op == opReplace)
}

func (a *applier) refuses(e *edit) bool {
	if e.op != opDelete && e.op != opReplace && e.op != opRename {
		return false
	}
	words := e.words()
	a.add(Problem{Severity: SeverityWarning, Line: e.line,
		Message: fmt.Sprintf("[%s] is protected, '%s' cannot be deleted", strings.Join(words, " "), strings.Join(e.label(), " "))})
	return true
}

func (a *applier) missing(e *edit) {
	a.add(Problem{Severity: SeverityWarning, Message: msgNotFound, Line: e.line})
}

func (a *applier) deleteAll(n *node, e *edit) *node {
	kids := slices.DeleteFunc(slices.Clone(n.kids), func(k *node) bool { return k.def == e.def })
	if len(kids) == len(n.kids) {
		a.missing(e)
		return n
	}
	c := *n
	c.kids = kids
	return &c
}

// merge puts the statement of e into n, with what is below it.
func (a *applier) merge(n *node, e *edit, i int, replace bool) *node {
	k := &node{def: e.def, value: e.value}
	if i >= 0 && !replace {
		k = n.kids[i]
	}
	if i >= 0 && e.def.kind == leaf && k.value != e.value {
		c := *k
		c.value = e.value
		k = &c
	}
	k = marked(k, e)
	k = a.children(k, e)
	if k.hollow() {
		if i >= 0 {
			return n.without(i)
		}
		return n
	}
	if i >= 0 && k == n.kids[i] {
		return n
	}
	if i >= 0 {
		c := *n
		c.kids = slices.Clone(n.kids)
		c.kids[i] = k
		return &c
	}
	return n.with(k)
}

func marked(k *node, e *edit) *node {
	m := k.mark&^e.clear | e.set
	if m == k.mark && e.note == nil {
		return k
	}
	c := *k
	c.mark = m
	if e.note != nil {
		c.note = e.note
		if *e.note == "" {
			c.note = nil
		}
	}
	return &c
}

// existing applies what needs the statement to be there: steps of a path, rename, copy, insert.
func (a *applier) existing(n *node, e *edit, i int) *node {
	k := n.kids[i]
	switch e.op {
	case opRename, opCopy:
		if n.find(e.def, e.newValue) >= 0 {
			a.add(Problem{Message: msgDuplicate, Path: editPath(e.up.words()), BadElement: strings.ReplaceAll(e.newValue, keySep, " "), Line: e.line})
			return n
		}
		c := *k
		c.value = e.newValue
		if e.op == opCopy {
			return n.with(&c)
		}
		out := *n
		out.kids = slices.Clone(n.kids)
		out.kids[i] = &c
		if e.def.is(isSorted) {
			return out.without(i).with(&c)
		}
		return a.children2(&out, e, i)
	case opInsert:
		return a.insert(n, e, i)
	}
	next := a.children(marked(k, e), e)
	if next == k {
		return n
	}
	if next.hollow() {
		return n.without(i)
	}
	out := *n
	out.kids = slices.Clone(n.kids)
	out.kids[i] = next
	return &out
}

// children2 applies what an edit with a rename says besides.
func (a *applier) children2(n *node, e *edit, i int) *node {
	n.kids[i] = a.children(marked(n.kids[i], e), e)
	return n
}

// insert moves entry i to the place that e names.
func (a *applier) insert(n *node, e *edit, i int) *node {
	k := marked(n.kids[i], e)
	k = a.children(k, e)
	rest := n.without(i)
	if e.def.is(isSorted) {
		return rest.with(k)
	}
	at := -1
	switch e.where {
	case "first":
		at = slices.IndexFunc(rest.kids, func(o *node) bool { return o.def == e.def })
	case "last":
		return rest.with(k)
	default:
		at = rest.find(e.def, e.other)
		if at < 0 {
			a.missing(e)
			return n
		}
		if e.where == "after" {
			at++
		}
	}
	if at < 0 {
		return rest.with(k)
	}
	rest.kids = slices.Insert(rest.kids, at, k)
	return rest
}
