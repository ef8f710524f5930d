// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
)

// Tree is one configuration.
type Tree struct {
	schema *Schema
	root   *node
}

// New returns an empty configuration.
func New(s *Schema) *Tree { return &Tree{schema: s, root: &node{def: s.root}} }

// Schema returns the schema of the tree.
func (t *Tree) Schema() *Schema { return t.schema }

// Clone returns a tree that can be changed apart from t. It costs one small allocation.
func (t *Tree) Clone() *Tree { c := *t; return &c }

// Equal reports whether two trees print the same. Trees that share structure are compared at once; trees whose schemas
// differ are never equal: load the text of one into the other's schema first.
func (t *Tree) Equal(o *Tree) bool { return equalNodes(t.root, o.root) }

// Empty reports whether the tree holds no statement.
func (t *Tree) Empty() bool { return len(t.root.kids) == 0 }

// Share makes t use the structure of o wherever they are equal. What t says does not change.
func (t *Tree) Share(o *Tree) {
	if t.root.def == o.root.def {
		t.root = shareNodes(o.root, t.root)
	}
}

// Get returns the value of the leaf at path. For a statement that writes one value without a keyword
// (mac-persistence-timer 10, a line of an apply-macro) it is that value, for everything else "". Inactive statements are absent: this is what the switch works with.
func (t *Tree) Get(path ...string) (value string, present bool) {
	n := t.activeAt(path)
	switch {
	case n == nil:
		return "", false
	case n.def.kind == leaf:
		return n.value, true
	}
	for _, k := range n.kids {
		if k.def.kind == leaf && k.def.is(isBare) && k.mark&inactive == 0 {
			return k.value, true
		}
	}
	return "", true
}

// List returns, for a path that ends with the name of a list, the keys of its entries (several keys of one entry
// joined by a space), and for a leaf-list its values. Lists without a keyword are named by what holds them: "interfaces",
// "vlans", the name of an apply-macro.
func (t *Tree) List(path ...string) []string {
	parent, d := t.listAt(path)
	if parent == nil || d == nil {
		return nil
	}
	var out []string
	for _, k := range parent.kids {
		if k.def == d && k.mark&inactive == 0 {
			out = append(out, strings.ReplaceAll(k.value, keySep, " "))
		}
	}
	return out
}

// listAt finds the hierarchy and the list in it that a path names.
func (t *Tree) listAt(path []string) (*node, *def) {
	if len(path) == 0 {
		return nil, nil
	}
	if parent := t.activeAt(path[:len(path)-1]); parent != nil {
		if d := parent.def.child(path[len(path)-1]); d != nil && (d.kind == list || d.kind == leafList) {
			return parent, d
		}
	}
	if parent := t.activeAt(path); parent != nil {
		return parent, parent.def.bareChild(list)
	}
	return nil, nil
}

// activeAt follows a path through the active statements.
func (t *Tree) activeAt(path []string) *node {
	e, p := t.pathEdit(path)
	if p != nil {
		return nil
	}
	return t.followEdit(e)
}

// pathEdit follows a path through the schema.
func (t *Tree) pathEdit(path []string) (*edit, *Problem) {
	words := make([]token, len(path))
	for i, s := range path {
		words[i] = token{kind: 'w', text: s}
	}
	w := &walker{lenient: true, wild: true}
	return w.replayWords(&edit{def: t.schema.root}, words)
}

// followEdit returns the node that an edit names, if it and all above it are there and active.
func (t *Tree) followEdit(e *edit) *node {
	if e.up == nil {
		return t.root
	}
	n := t.followEdit(e.up)
	if n == nil {
		return nil
	}
	i := n.find(e.def, e.value)
	if e.op == opDelAll {
		i = slices.IndexFunc(n.kids, func(k *node) bool { return k.def == e.def })
	}
	if i < 0 || n.kids[i].mark&inactive != 0 {
		return nil
	}
	if e.def.kind == leaf && e.value != "" && n.kids[i].value != e.value {
		return nil
	}
	return n.kids[i]
}

// Set does what "set PATH" does and returns what Junos would report.
func (t *Tree) Set(path ...string) []Problem { return t.runVerb("set", path) }

// Delete does what "delete PATH" does.
func (t *Tree) Delete(path ...string) []Problem { return t.runVerb("delete", path) }

func (t *Tree) runVerb(verb string, path []string) []Problem {
	line := verb
	for _, s := range path {
		line += " " + quoteWord(s)
	}
	return t.Load(ActionSet, FormatSet, line)
}
