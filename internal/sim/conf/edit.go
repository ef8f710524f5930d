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
	explicit bool // a merge that was asked for by name
	quiet    bool // a deletion of what need not be there
	forced   bool // a replace that every action honours
	newValue string
	where    string // before, after, first, last
	other    string // key of the entry that the place refers to

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

func (e *edit) addEdit(d *def, value string) *edit {
	k := &edit{def: d, value: value, up: e}
	e.kids = append(e.kids, k)
	return k
}

// settleOps marks the steps of a path that only leads to deletions: they must not be created on the way. In a payload, a
// statement that means something when it is empty is made all the same. It reports whether e is such a step.
func (e *edit) settleOps(payload bool) bool {
	only := len(e.kids) > 0 && !(payload && e.def.kind == presence && e.up != nil)
	for _, k := range e.kids {
		if !k.settleOps(payload) {
			only = false
		}
	}
	if e.op == opMerge && only && e.set|e.clear == 0 && e.note == nil {
		e.op = opTouch
	}
	return e.op == opTouch || e.op == opDelete || e.op == opDelAll
}

// silent: all that is to be deleted here need not be there.
func (e *edit) isSilent() bool {
	if e.op == opTouch && len(e.kids) > 0 {
		return !slices.ContainsFunc(e.kids, func(k *edit) bool { return !k.isSilent() })
	}
	return e.quiet
}

// pruneUnasked leaves what carries an operation of its own, and the way there. It reports
// whether anything is left.
func (e *edit) pruneUnasked() bool {
	if e.op != opMerge || e.explicit || e.set|e.clear != 0 {
		return true
	}
	e.kids = slices.DeleteFunc(e.kids, func(k *edit) bool { return !k.pruneUnasked() })
	return len(e.kids) > 0
}

// words returns the path of an edit as it is typed.
func (e *edit) words() []string {
	var out []string
	for ; e != nil && e.up != nil; e = e.up {
		out = append(e.editLabel(), out...)
	}
	return out
}

func (e *edit) editLabel() []string { return statementLabel(e.def, e.value) }

// statementLabel returns how a statement is typed: keyword and keys, keyword and value.
func statementLabel(d *def, value string) []string {
	var out []string
	if !d.is(isBare) {
		out = append(out, d.word)
	}
	switch {
	case d.kind == list:
		for i, key := range strings.Split(value, keySep) {
			if name := d.keyName(i); name != "" {
				out = append(out, name)
			}
			out = append(out, key)
		}
	case d.kind == leaf && !d.typ.isEmpty(), d.kind == leafList:
		out = append(out, value)
	}
	return out
}

// applier carries the problems of one load, and knows the nodes that the load made and may therefore still change.
type applier struct {
	problems
	own  map[*node]bool
	text bool // the payload is text: empty hierarchies are reported
	kept kept // the unknown statements that may come in
}

// ownCopy returns n itself if this load made it, else a copy.
func (a *applier) ownCopy(n *node) *node {
	if a.own[n] {
		return n
	}
	c := *n
	c.kids = slices.Clone(n.kids)
	a.own[&c] = true
	return &c
}

// applyChildren applies the edits below e to n and returns the new n.
func (a *applier) applyChildren(n *node, e *edit) *node {
	for _, k := range e.kids {
		n = a.applyOne(n, k)
	}
	return n
}

// applyOne applies an edit to the child of n that it names.
func (a *applier) applyOne(n *node, e *edit) *node {
	if e.op == opDelAll {
		return a.deleteAll(n, e)
	}
	e = e.hiddenEdit()
	i := n.find(e.def, e.value)
	if i >= 0 && n.kids[i].mark&protected != 0 && e.clear&protected == 0 {
		return a.applyProtected(n, e, i)
	}
	return a.applyAt(n, e, i)
}

// applyAt applies an edit to child i of n, or to none.
func (a *applier) applyAt(n *node, e *edit, i int) *node {
	switch e.op {
	case opDelete:
		if i < 0 || e.def.kind == leaf && e.value != "" && e.value != n.kids[i].value {
			return a.reportMissing(n, e)
		}
		return a.replaceChild(n, i, protectedPart(n.kids[i]))
	case opTouch, opRename, opCopy, opInsert:
		if i < 0 {
			return a.reportMissing(n, e)
		}
		return a.applyExisting(n, e, i)
	case opCreate:
		if i >= 0 {
			return a.reportDuplicate(n, e, e.value)
		}
	}
	return a.mergeStatement(n, e, i)
}

// applyProtected leaves n as it is, and says so if the edit would have changed
// what is protected.
func (a *applier) applyProtected(n *node, e *edit, i int) *node {
	verb := "changed"
	switch e.op {
	case opDelete, opReplace, opRename:
		verb = "deleted"
	default:
		trial := &applier{own: map[*node]bool{}, text: a.text}
		if after := trial.applyAt(n, e, i); equalNodes(after, n) {
			for _, p := range trial.list {
				a.add(p)
			}
			return n
		}
	}
	a.add(Problem{Severity: SeverityWarning, Line: e.line,
		Message: fmt.Sprintf("[%s] is protected, '%s' cannot be %s", strings.Join(e.words(), " "), strings.Join(e.editLabel(), " "), verb)})
	return n
}

// protectedPart is what stays of a statement that is deleted: all that is protected
// in it, and the way there. It is nil where nothing is.
func protectedPart(n *node) *node {
	if n.mark&protected != 0 {
		return n
	}
	out := *n
	out.kids = nil
	for _, k := range n.kids {
		if kept := protectedPart(k); kept != nil {
			out.kids = append(out.kids, kept)
		}
	}
	if len(out.kids) == 0 {
		return nil
	}
	return &out
}

func (a *applier) reportMissing(n *node, e *edit) *node {
	if e.isSilent() {
		return n
	}
	a.add(Problem{Severity: SeverityWarning, Message: msgNotFound, Line: e.line})
	return n
}

func (a *applier) reportDuplicate(n *node, e *edit, value string) *node {
	a.add(Problem{Message: msgDuplicate, Path: editPath(e.up.words()), BadElement: strings.Join(statementLabel(e.def, value), " "), Line: e.line})
	return n
}

// replaceChild puts k in the place of child i of n; without k the child goes.
func (a *applier) replaceChild(n *node, i int, k *node) *node {
	if k == n.kids[i] {
		return n
	}
	n = a.ownCopy(n)
	if k == nil {
		n.kids = slices.Delete(n.kids, i, i+1)
	} else {
		n.kids[i] = k
	}
	return n
}

// insertNew puts a new child where it belongs, in the place of what it excludes.
func (a *applier) insertNew(n, k *node) *node {
	n = a.ownCopy(n)
	n.kids = slices.DeleteFunc(n.kids, k.def.excludes)
	n.kids = slices.Insert(n.kids, n.placeOf(k), k)
	return n
}

func (a *applier) deleteAll(n *node, e *edit) *node {
	if !slices.ContainsFunc(n.kids, func(k *node) bool { return k.def == e.def }) {
		return a.reportMissing(n, e)
	}
	n = a.ownCopy(n)
	var kept []*node
	for _, k := range n.kids {
		if k.def == e.def {
			k = protectedPart(k)
		}
		if k != nil {
			kept = append(kept, k)
		}
	}
	n.kids = kept
	return n
}

// mergeStatement puts the statement of e into n, with what is below it.
func (a *applier) mergeStatement(n *node, e *edit, i int) *node {
	if a.refusesUnknown(e) {
		return n
	}
	var k *node
	if i >= 0 && e.op != opReplace {
		k = n.kids[i]
	} else {
		k = a.fresh(n, e, i)
	}
	if k.value != e.value {
		k = a.ownCopy(k)
		k.value = e.value
	}
	k = a.applyChildren(a.markNode(k, e), e)
	switch {
	case k.isHollow():
		a.reportEmpty(e)
		if i >= 0 {
			return a.replaceChild(n, i, nil)
		}
		return n
	case i >= 0:
		return a.replaceChild(n, i, k)
	}
	return a.insertNew(n, k)
}

// fresh is a new statement; of one that it replaces it has what is protected.
func (a *applier) fresh(n *node, e *edit, i int) *node {
	k := &node{def: e.def, value: e.value}
	a.own[k] = true
	if i >= 0 {
		if kept := protectedPart(n.kids[i]); kept != nil {
			k.kids = slices.Clone(kept.kids)
		}
	}
	return k
}

func (a *applier) reportEmpty(e *edit) {
	if a.text && len(e.kids) == 0 {
		a.add(Problem{Severity: SeverityWarning, Message: msgEmpty, Path: editPath(e.up.words()), BadElement: strings.Join(e.editLabel(), " "), Line: e.line})
	}
}

// markNode gives a node the marks and the annotation of an edit. A word that is only written before others (family) takes none:
// text has no place for them.
func (a *applier) markNode(k *node, e *edit) *node {
	m := k.mark&^e.clear | e.set
	if m == k.mark && e.note == nil || k.def.is(isPrefix) {
		return k
	}
	k = a.ownCopy(k)
	k.mark = m
	if e.note != nil {
		k.note = e.note
		if *e.note == "" {
			k.note = nil
		}
	}
	return k
}

// applyExisting applies what needs the statement to be there: steps of a path, rename, copy, insert.
func (a *applier) applyExisting(n *node, e *edit, i int) *node {
	switch e.op {
	case opRename, opCopy:
		return a.renameEntry(n, e, i)
	case opInsert:
		return a.moveEntry(n, e, i)
	}
	k := a.applyChildren(a.markNode(n.kids[i], e), e)
	if k.isHollow() || k.def.is(isVanishing) && len(k.kids) == 0 && len(n.kids[i].kids) > 0 {
		k = nil
	}
	return a.replaceChild(n, i, k)
}

// renameEntry gives an entry another key; copy leaves the old one.
func (a *applier) renameEntry(n *node, e *edit, i int) *node {
	if n.find(e.def, e.newValue) >= 0 {
		return a.reportDuplicate(n, e, e.newValue)
	}
	k := *n.kids[i]
	k.value = e.newValue
	if e.op == opCopy {
		a.own = map[*node]bool{} // what is below has two parents now
		return a.insertNew(n, &k)
	}
	renamed := a.applyChildren(a.markNode(&k, e), e)
	if e.def.is(isSorted) {
		return a.insertNew(a.replaceChild(n, i, nil), renamed)
	}
	return a.replaceChild(n, i, renamed)
}

// moveEntry puts entry i where e says. A list that is kept sorted stays as it is.
func (a *applier) moveEntry(n *node, e *edit, i int) *node {
	k := a.applyChildren(a.markNode(n.kids[i], e), e)
	if e.def.is(isSorted) {
		return a.replaceChild(n, i, k)
	}
	other := n.find(e.def, e.other)
	if e.where == "before" || e.where == "after" {
		if other < 0 || other == i {
			return a.reportMissing(n, e)
		}
	}
	n = a.replaceChild(n, i, nil)
	at := n.placeOf(k) // last
	switch e.where {
	case "first":
		at = slices.IndexFunc(n.kids, func(o *node) bool { return o.def.pos >= e.def.pos })
	case "before":
		at = n.find(e.def, e.other)
	case "after":
		at = n.find(e.def, e.other) + 1
	}
	if at < 0 {
		at = len(n.kids)
	}
	n.kids = slices.Insert(n.kids, at, k)
	return n
}
