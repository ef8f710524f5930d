// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"slices"
)

// Actions of [Tree.Load], as in the action attribute of load-configuration.
const (
	ActionMerge    = "merge"
	ActionReplace  = "replace"
	ActionOverride = "override"
	ActionUpdate   = "update"
	ActionSet      = "set"
	ActionNone     = "none"
)

// Formats of [Tree.Load].
const (
	FormatText = "text"
	FormatXML  = "xml"
	FormatSet  = "set"
	FormatJSON = "json"
)

// maxPayload bounds what is read at once.
const maxPayload = 32 << 20

// Load applies a payload to the tree and returns what Junos would report, in order. What was understood is applied even
// when something else was not. An empty action is merge; the action set implies the format set.
//
//   - merge adds; what is tagged replace: is merged as well
//   - replace adds, and replaces what is tagged replace: (or replace="replace")
//   - override and update put the payload in the place of the whole configuration
//   - none applies the elements that say themselves what is to be done with them, as edit-config has it
//   - set runs configuration commands
//
// Tags and attributes that delete, deactivate, protect, rename or move work with merge, replace and set.
// An XML payload may begin above its <configuration> element; a text payload is plain text, without XML escapes.
func (t *Tree) Load(action, format, payload string) []Problem {
	errs := &applier{own: map[*node]bool{}, kept: t.schema.kept}
	if len(payload) > maxPayload {
		errs.add(Problem{Message: msgTooLarge})
		return errs.list
	}
	if action == ActionSet || format == FormatSet {
		t.loadSet(payload, errs)
		return errs.list
	}
	root := &edit{def: t.schema.root}
	switch format {
	case FormatText:
		errs.text = true
		readText(payload, root, &errs.problems)
	case FormatXML, "":
		readXML(payload, root, &errs.problems)
	case FormatJSON:
		readJSON(payload, root, &errs.problems)
	default:
		errs.add(Problem{Message: fmt.Sprintf("unknown format '%s'", format), BadElement: format})
		return errs.list
	}
	t.applyEdits(action, root, errs)
	return errs.list
}

func (t *Tree) applyEdits(action string, root *edit, errs *applier) {
	old := t.root
	base := old
	switch action {
	case ActionMerge, "":
		root.ignoreReplaceTags()
	case ActionNone:
		root.ignoreReplaceTags()
		root.pruneUnasked()
	case ActionReplace:
	case ActionOverride, ActionUpdate:
		base = emptied(t.root)
		root.ignoreReplaceTags()
	default:
		errs.add(Problem{Message: fmt.Sprintf("unknown action '%s'", action), BadElement: action})
		return
	}
	if root.op == opReplace || root.op == opDelete {
		base = emptied(t.root)
	}
	root.settleOps(true)
	t.root = errs.applyChildren(errs.markNode(base, root), root)
	if base != old {
		t.root = shareNodes(old, t.root)
	}
}

// emptied is a configuration with nothing but what is protected.
func emptied(root *node) *node {
	if kept := protectedPart(root); kept != nil {
		return kept
	}
	return &node{def: root.def}
}

// Command runs one command of configuration mode (set, delete, rename ...) as a person types it: keywords may be
// cut short as long as they are clear. The hierarchy that was entered with edit comes first in the path, or empty.
func (t *Tree) Command(line string, hierarchy ...string) []Problem {
	errs := &applier{own: map[*node]bool{}, kept: t.schema.kept}
	r := t.newSetReader(line, errs)
	r.abbrev = true
	for _, w := range hierarchy {
		r.base = append(r.base, token{kind: 'w', text: w})
	}
	r.runLine()
	t.root = r.root
	return errs.list
}

func (t *Tree) newSetReader(payload string, errs *applier) *setReader {
	return &setReader{lex: newLexer(payload, true), app: errs, root: t.root, top: t.schema.root}
}

func (t *Tree) loadSet(payload string, errs *applier) {
	r := t.newSetReader(payload, errs)
	for r.runLine() {
	}
	t.root = r.root
}

// Resolve returns the full words of a path that a person typed, relative to a hierarchy; false if the schema does not
// know it or it is not a hierarchy. "edit" needs it.
func (t *Tree) Resolve(path []string, hierarchy ...string) ([]string, bool) {
	all := make([]token, 0, len(hierarchy)+len(path))
	for _, s := range append(append([]string(nil), hierarchy...), path...) {
		all = append(all, token{kind: 'w', text: s})
	}
	e, p := (&walker{abbrev: true}).replayWords(&edit{def: t.schema.root}, all)
	if p != nil || e.def.kind == leaf || e.def.kind == leafList {
		return nil, false
	}
	return e.words(), true
}

// Expanded is as [Tree.Resolve], and takes a statement with a value too: "show" needs it.
func (t *Tree) Expanded(path []string, hierarchy ...string) ([]string, bool) {
	if full, ok := t.Resolve(path, hierarchy...); ok || len(path) == 0 {
		return full, ok
	}
	all := make([]token, 0, len(hierarchy)+len(path))
	for _, s := range append(append([]string(nil), hierarchy...), path...) {
		all = append(all, token{kind: 'w', text: s})
	}
	e, p := (&walker{abbrev: true, lenient: true}).replayWords(&edit{def: t.schema.root}, all)
	if p != nil || e.def.kind != leaf && e.def.kind != leafList {
		return nil, false
	}
	return slices.DeleteFunc(e.words(), func(w string) bool { return w == "" }), true
}

// ignoreReplaceTags turns replace: tags of text and JSON into merges, as every action but replace does.
func (e *edit) ignoreReplaceTags() {
	if e.op == opReplace && !e.forced {
		e.op = opMerge
	}
	for _, k := range e.kids {
		k.ignoreReplaceTags()
	}
}
