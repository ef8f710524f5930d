// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
)

// Compare returns what leads from the old tree to the new one, as "show | compare" prints it; empty if nothing does.
//
// The indentation follows recorded output: one space for each level of the hierarchy that the heading names, one more
// before a leaf, two before anything else, decided by the first line under a heading. Entries of a list are
// gathered under a heading of their own.
func Compare(old, new *Tree) string {
	c := &comparer{}
	c.writeHierarchy(old.root, new.root, place{})
	return c.b.String()
}

// place is where in the configuration a comparison stands.
type place struct {
	words []string
	level int
}

func (p place) below(words ...string) place {
	return place{append(slices.Clip(slices.Clone(p.words)), words...), p.level + 1}
}

// comparer gathers changes under headings.
type comparer struct {
	b      strings.Builder
	head   string // heading of the lines being written
	list   *def   // list they belong to
	indent string
}

// under begins a heading unless the last one still fits.
func (c *comparer) under(p place, d *def, extra int) {
	words := p.words
	l := (*def)(nil)
	if d.kind == list {
		l = d
		if d.is(isBlock) {
			words = append(slices.Clone(words), d.word)
		}
	}
	head := editPath(words)
	if head == c.head && l == c.list && extra == 0 {
		return
	}
	c.b.WriteString(head + "\n")
	c.head, c.list = head, l
	n := p.level + 2 + extra
	if d.kind == leaf || d.kind == leafList {
		n--
	}
	c.indent = strings.Repeat(" ", max(n, 2))
	if extra > 0 {
		c.head = "" // marks have an indentation of their own
	}
}

// writeLines writes text with a sign before each line.
func (c *comparer) writeLines(sign, text string) {
	for l := range strings.Lines(text) {
		c.b.WriteString(sign + c.indent + strings.TrimSuffix(l, "\n") + "\n")
	}
}

// writeHierarchy compares what two versions of one statement hold, in the order of the schema.
func (c *comparer) writeHierarchy(old, new *node, p place) {
	if old == new {
		return
	}
	for i, j := 0, 0; i < len(old.kids) || j < len(new.kids); {
		d := firstOf(old.kids[i:], new.kids[j:])
		a, b := sameStatement(old.kids[i:], d), sameStatement(new.kids[j:], d)
		c.compareStatements(d, a, b, p)
		i, j = i+len(a), j+len(b)
	}
}

// firstOf returns the statement that comes next in either of two rows.
func firstOf(a, b []*node) *def {
	if len(a) == 0 || len(b) > 0 && b[0].def.pos < a[0].def.pos {
		return b[0].def
	}
	return a[0].def
}

// sameStatement returns the nodes at the front that are statements d.
func sameStatement(kids []*node, d *def) []*node {
	n := 0
	for n < len(kids) && kids[n].def == d {
		n++
	}
	return kids[:n]
}

func (c *comparer) compareStatements(d *def, a, b []*node, p place) {
	switch {
	case d.kind == list:
		c.compareEntries(d, a, b, p)
	case d.kind == leafList:
		c.text(d, a, b, p)
	case len(a) == 1 && len(b) == 1:
		c.both(a[0], b[0], p)
	default:
		c.text(d, a, b, p)
	}
}

// text writes old statements as removed and new ones as added, unless they print the same.
func (c *comparer) text(d *def, a, b []*node, p place) {
	x, y := printedText(a, false), printedText(b, false)
	if x == y {
		return
	}
	c.under(p, d, 0)
	c.writeLines("-", x)
	c.writeLines("+", y)
}

// printedText returns statements as text; entries of block lists with or without their braces.
func printedText(kids []*node, braces bool) string {
	w := &textWriter{}
	for i := 0; i < len(kids); {
		end := i + runLength(kids[i:])
		if kids[i].def.is(isBlock) && !braces {
			end = i + 1
			w.writeNode(kids[i], 0, "", true)
		} else {
			w.writeGroup(kids[i:end], 0, "")
		}
		i = end
	}
	return w.b.String()
}

// both compares two versions of one statement.
func (c *comparer) both(a, b *node, p place) {
	if equalNodes(a, b) {
		return
	}
	d := a.def
	if d.kind == leaf || d.kind == list && oneLiner(a) && oneLiner(b) || fitsLine(a) && fitsLine(b) && d.kind != list && (d.is(isOneline) || d.bareChild(leaf) != nil) {
		c.leafMark(a, b, p)
		return
	}
	c.compareMarks(a, b, p)
	words := statementLabel(d, b.value)
	for i := range words {
		words[i] = quoteWord(words[i])
	}
	c.writeHierarchy(a, b, p.below(words...))
}

// leafMark compares statements that are printed on one line.
func (c *comparer) leafMark(a, b *node, p place) {
	x := *a
	x.mark = b.mark
	if equalNodes(&x, b) {
		c.compareMarks(a, b, p)
		return
	}
	c.text(a.def, []*node{a}, []*node{b}, p)
}

func oneLiner(n *node) bool { return len(n.kids) == 0 || fitsLine(n) }

// compareMarks reports that a statement was deactivated, activated, protected, unprotected or annotated.
func (c *comparer) compareMarks(a, b *node, p place) {
	word := ""
	switch {
	case a.mark&inactive < b.mark&inactive:
		word = "inactive: "
	case a.mark&inactive > b.mark&inactive:
		word = "active: "
	case a.mark&protected < b.mark&protected:
		word = "protect: "
	case a.mark&protected > b.mark&protected:
		word = "unprotect: "
	}
	if word != "" {
		c.under(p, b.def, 1)
		c.writeLines("!", word+briefText(b))
	}
	if noteOf(a) == noteOf(b) {
		return
	}
	c.under(p, b.def, 0)
	if a.note != nil {
		c.writeLines("-", "/* "+*a.note+" */")
	}
	if b.note != nil {
		c.writeLines("+", "/* "+*b.note+" */")
	}
	c.writeLines(" ", briefText(b))
}

// briefText returns a statement without what it holds.
func briefText(n *node) string {
	plain := *n
	plain.mark = 0
	s := headText(&plain, n.def.is(isBlock))
	if n.def.kind == leaf || n.def.kind == leafList {
		return s + ";"
	}
	return s + " { ... }"
}

// compareEntries compares two versions of a list. A list that has braces of its own comes and goes with them.
func (c *comparer) compareEntries(d *def, a, b []*node, p place) {
	if d.is(isBlock) && (len(a) == 0 || len(b) == 0) {
		c.under(p, &def{kind: list, name: d.name}, 0)
		c.writeLines("-", printedText(a, true))
		c.writeLines("+", printedText(b, true))
		return
	}
	old := byValue(a)
	new := byValue(b)
	from, to := movedEntries(a, b, old, new)
	for _, n := range a {
		if new[n.value] == nil {
			c.text(d, []*node{n}, nil, p)
		}
	}
	at := 0 // place among the entries that both have
	for i, n := range b {
		o := old[n.value]
		if o == nil {
			c.added(d, b, i, old, p)
			continue
		}
		if at >= from && at < to {
			c.writeContext(d, b, i, old, p, at == from)
			c.under(p, d, 0)
			c.writeLines("!", briefText(n))
		}
		at++
		c.both(o, n, p)
	}
}

func byValue(kids []*node) map[string]*node {
	m := make(map[string]*node, len(kids))
	for _, k := range kids {
		m[k.value] = k
	}
	return m
}

// movedEntries returns the range of the common entries, in the new order, that changed places.
func movedEntries(a, b []*node, old, new map[string]*node) (from, to int) {
	var x, y []string
	for _, n := range a {
		if new[n.value] != nil {
			x = append(x, n.value)
		}
	}
	for _, n := range b {
		if old[n.value] != nil {
			y = append(y, n.value)
		}
	}
	to = len(x)
	for from < to && x[from] == y[from] {
		from++
	}
	for to > from && x[to-1] == y[to-1] {
		to--
	}
	return from, to
}

// added writes a new entry, after the one before it where the order is the user's.
func (c *comparer) added(d *def, b []*node, i int, old map[string]*node, p place) {
	c.writeContext(d, b, i, old, p, true)
	c.text(d, nil, b[i:i+1], p)
}

func (c *comparer) writeContext(d *def, b []*node, i int, old map[string]*node, p place, wanted bool) {
	if !wanted || i == 0 || d.is(isSorted) || old[b[i-1].value] == nil {
		return
	}
	c.under(p, d, 0)
	c.writeLines(" ", briefText(b[i-1]))
}
