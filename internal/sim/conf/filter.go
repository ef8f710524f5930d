// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
)

// Filter selects a part of a tree, as the configuration element below get-configuration does: an empty element selects all
// that is below it, keys select entries of a list, an empty key selects only the names of the entries.
type Filter struct {
	top *selector
}

type selector struct {
	def    *def
	values map[int]string // keys that are asked for, by their place; of a leaf its value at 0
	names  bool           // only the keys of the entries
	kids   []*selector
}

// ParseFilter reads a filter. Elements above <configuration> are skipped; statements that the schema does not know are
// reported and select nothing.
func (s *Schema) ParseFilter(in string) (*Filter, []Problem) {
	var errs problems
	doc, err := parseXML(in)
	if err != nil {
		errs.add(Problem{Message: msgSyntax, BadElement: err.Error()})
		return nil, errs.list
	}
	x := doc.configuration()
	if x == nil {
		errs.add(Problem{Message: msgSyntax, BadElement: "configuration"})
		return nil, errs.list
	}
	return &Filter{readSelector(x, s.root, &errs)}, errs.list
}

func readSelector(x *element, d *def, errs *problems) *selector {
	s := &selector{def: d, values: map[int]string{}}
	if v := strings.TrimSpace(x.text); v != "" && (d.kind == leaf || d.kind == leafList) {
		s.values[0] = d.typ.canonValue(x.text)
	}
	for _, k := range x.kids {
		if i := keyIndex(d, k.name); i >= 0 {
			if v := strings.TrimSpace(k.text); v != "" {
				s.values[i] = d.keyType(i).canonValue(k.text)
			} else {
				s.names = true
			}
			continue
		}
		c := d.element(k.name)
		if c == nil {
			errs.add(Problem{Message: msgSyntax, BadElement: k.name, Line: k.line})
			s.names = true
			continue
		}
		s.kids = append(s.kids, readSelector(k, c, errs))
	}
	return s
}

func keyIndex(d *def, name string) int {
	for i, k := range d.keys {
		if k == name {
			return i
		}
	}
	return -1
}

// Select returns the part of the tree that a filter asks for. A nil filter asks for everything.
func (t *Tree) Select(f *Filter) *Tree {
	if f == nil || f.top.selectsAll() {
		return t.Clone()
	}
	return &Tree{schema: t.schema, root: pickChildren(t.root, f.top.kids)}
}

// selectsAll reports whether a selector asks for everything below it.
func (s *selector) selectsAll() bool { return len(s.kids) == 0 && !s.names }

func (s *selector) matchesNode(n *node) bool {
	if s.def != n.def {
		return false
	}
	have := []string{n.value}
	if n.def.kind == list {
		have = n.keys()
	}
	for i, v := range s.values {
		if have[i] != v {
			return false
		}
	}
	return true
}

// pickChildren returns n with the children that the selectors ask for, in their order. Such a tree is for printing.
func pickChildren(n *node, by []*selector) *node {
	out := *n
	out.kids = nil
	place := map[*node]int{}
	for _, k := range n.kids {
		var below []*selector
		hit, all, first := false, false, 0
		for i, s := range by {
			if s.matchesNode(k) {
				if !hit {
					first = i
				}
				hit, all = true, all || s.selectsAll()
				below = append(below, s.kids...)
			}
		}
		if hit && !all {
			x := pickChildren(k, below)
			hit = len(x.kids) > 0 || k.def.kind == list && len(below) == 0
			k = x
		}
		if hit {
			out.kids = append(out.kids, k)
			place[k] = first
		}
	}
	slices.SortStableFunc(out.kids, func(a, b *node) int { return place[a] - place[b] })
	return &out
}

// Only returns the tree with nothing but the statement at path and what is below it; false if it is not there.
func (t *Tree) Only(path ...string) (*Tree, bool) {
	e, p := t.pathEdit(path)
	if p != nil {
		return nil, false
	}
	root := onlyPath(t.root, e.chain())
	if root == nil {
		return New(t.schema), false
	}
	return &Tree{schema: t.schema, root: root}, true
}

// chain returns the edits from the top down to e, without the root.
func (e *edit) chain() []*edit {
	if e.up == nil {
		return nil
	}
	return append(e.up.chain(), e)
}

func onlyPath(n *node, path []*edit) *node {
	if len(path) == 0 {
		return n
	}
	out := *n
	out.kids = nil
	for _, k := range n.kids {
		if k.def != path[0].def || path[0].op != opDelAll && !k.same(path[0].def, path[0].value) {
			continue
		}
		if x := onlyPath(k, path[1:]); x != nil {
			out.kids = append(out.kids, x)
		}
	}
	if out.kids == nil {
		return nil
	}
	return &out
}

// TextAt returns what the statement at path holds, as "show configuration PATH" prints it; false if the schema does
// not know the path. What is not configured prints nothing.
func (t *Tree) TextAt(path ...string) (string, bool) {
	e, p := t.pathEdit(path)
	if p != nil {
		return "", false
	}
	part := onlyPath(t.root, e.chain())
	if part == nil {
		return "", true
	}
	w := &textWriter{}
	for steps := e.chain(); len(steps) > 0; steps = steps[1:] {
		d := steps[0].def
		if d.kind == leaf || d.kind == leafList || steps[0].op == opDelAll {
			break
		}
		part = part.kids[0]
	}
	if e.op == opDelAll && e.def.is(isBlock) {
		for _, k := range part.kids {
			w.writeNode(k, 0, "", true)
		}
		return w.b.String(), true
	}
	w.writeKids(part, 0, "")
	return w.b.String(), true
}

// Without returns the tree without the statements that hides names by their path,
// words with a space between them, and without what is below them.
func (t *Tree) Without(hides func(path string) bool) *Tree {
	return &Tree{schema: t.schema, root: visible(t.root, "", hides)}
}

func visible(n *node, path string, hides func(string) bool) *node {
	out := *n
	out.kids = nil
	for _, k := range n.kids {
		at := strings.TrimSpace(path + " " + headText(k, false))
		if hides(at) {
			continue
		}
		if x := visible(k, at, hides); len(x.kids) > 0 || len(k.kids) == 0 {
			out.kids = append(out.kids, x)
		}
	}
	return &out
}
