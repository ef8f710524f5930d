// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// generator makes random configurations that the schema allows.
type generator struct {
	*rand.Rand
	marks bool

	schema *Schema // nil: the one of 25.2R1
}

func (g *generator) tree() *Tree {
	if g.schema == nil {
		g.schema = DefaultSchema("25.2R1")
	}
	t := New(g.schema)
	root := &edit{def: t.schema.root}
	g.fill(root, 0)
	a := &applier{own: map[*node]bool{}}
	t.root = a.applyChildren(t.root, root)
	return t
}

// fill adds some statements below e.
func (g *generator) fill(e *edit, depth int) {
	kids := append([]*def(nil), e.def.kids...)
	if e.def.common != nil {
		kids = append(kids, e.def.common.kids...)
	}
	want := 1 + g.IntN(4)
	switch {
	case depth == 0:
		want = 12
	case e.def.isUnknown():
		want = 1 // it may hold itself
	}
	for range want {
		if len(kids) == 0 || depth > 12 {
			return
		}
		d := kids[g.IntN(len(kids))]
		if e.def.kind == list && e.def.isKey(d.name) || d.is(isEncrypt) || e.def.element(d.name) != d {
			continue
		}
		if d.name == mistakenName || d.isUnknown() && (e.def.unknownChild("V") != d || onOneLine(e, nil)) {
			continue // it would be read as something else
		}
		for range g.repeat(d) {
			k := e.addEdit(d, g.value(d))
			if g.marks && g.IntN(8) == 0 {
				k.set = mark(1 + g.IntN(3))
			}
			if g.marks && g.IntN(8) == 0 && d.kind != leafList {
				note := fmt.Sprint("note ", g.IntN(1000))
				k.note = &note
			}
			if d.kind != leaf && d.kind != leafList {
				g.fill(k, depth+1)
			}
		}
	}
}

// seeds is how many of a number of random trees are made: with -short an eighth.
func seeds(usual uint64) uint64 {
	if testing.Short() {
		return usual / 8
	}
	return usual
}

func (g *generator) repeat(d *def) int {
	if (d.kind == list || d.kind == leafList) && !d.isUnknown() {
		return 1 + g.IntN(3)
	}
	return 1
}

func (g *generator) value(d *def) string {
	switch {
	case d.kind == list:
		var keys []string
		for i := range d.keys {
			keys = append(keys, g.typed(d.keyType(i)))
		}
		return joinKeys(keys)
	case (d.kind == leaf || d.kind == leafList) && !d.typ.isEmpty():
		return g.typed(d.typ)
	}
	return ""
}

func (g *generator) typed(t valueType) string {
	switch t.name {
	case "int":
		return fmt.Sprint(t.min + g.Int64N(min(t.max-t.min, 5000)+1))
	case "enum":
		return t.words[g.IntN(len(t.words))]
	case "jt:ipv4addr", "jt:ipaddr":
		return fmt.Sprintf("192.0.2.%d", g.IntN(256))
	case "jt:ipv6addr":
		return fmt.Sprintf("2001:db8::%x", 1+g.IntN(4000))
	case "jt:ipv4prefix", "jt:ipprefix":
		return fmt.Sprintf("198.51.100.%d/%d", g.IntN(256), g.IntN(33))
	case "jt:ipv6prefix":
		return fmt.Sprintf("2001:db8:%x::/48", g.IntN(4000))
	}
	s := g.word()
	for t.max > 0 && int64(len(s)) < t.min {
		s += "x"
	}
	if t.max > 0 && int64(len(s)) > t.max {
		s = strings.ToValidUTF8(s[:t.max], "V")
	}
	return s
}

// word begins and ends with a letter that no keyword has, so that it is never taken for one.
func (g *generator) word() string {
	const odd = "abcXYZ019 \"\\;{}[]#<>$&|'`:/*.,-_=+@é"
	letters := []rune(odd)
	s := []rune{'V'}
	for range g.IntN(6) {
		s = append(s, letters[g.IntN(len(letters))])
	}
	return string(append(s, 'V'))
}

// What is written in one format and read in another says the same, through all of them and back.
func TestRoundTrip(t *testing.T) {
	for seed := range seeds(120) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), marks: seed%2 == 0}
		checkRoundTrip(t, fmt.Sprintf("seed %d", seed), g.tree())
	}
}

// No hierarchy is left to chance: each that is directly below one at the top is filled, and goes through all formats.
func TestRoundTripOfEveryHierarchy(t *testing.T) {
	schema, trees, each := DefaultSchema("25.2R1"), 0, min(3, seeds(8))
	for _, top := range schema.root.kids {
		for _, below := range top.kids {
			if below.up != top || top.is(isWild) || top.isKey(below.name) || below.is(isEncrypt) {
				continue
			}
			for seed := range each {
				g := &generator{Rand: rand.New(rand.NewPCG(seed, 4)), marks: seed == 0, schema: schema}
				root := &edit{def: schema.root}
				at := root.addEdit(top, g.value(top))
				g.fill(at.addEdit(below, g.value(below)), 1)
				tree := New(schema)
				tree.root = (&applier{own: map[*node]bool{}}).applyChildren(tree.root, root)
				checkRoundTrip(t, fmt.Sprintf("%s %s, seed %d", top.name, below.name, seed), tree)
				trees++
			}
		}
	}
	if trees < 333*int(each) {
		t.Errorf("only %d trees", trees)
	}
}

func checkRoundTrip(t *testing.T, seed string, tr *Tree) {
	t.Helper()
	again := func(what, format, payload string) *Tree {
		x := New(tr.Schema())
		for _, p := range x.Load(ActionMerge, format, payload) {
			t.Fatalf("%s: %s: %v, line %d %q", seed, what, p, p.Line, p.Source)
		}
		return x
	}
	fromText := again("text", FormatText, tr.Text())
	wantText(t, seed+": text", fromText.Text(), tr.Text())
	fromXML := again("XML", FormatXML, fromText.XML(XMLOptions{}))
	wantText(t, seed+": XML", fromXML.Text(), tr.Text())
	fromJSON := again("JSON", FormatJSON, fromXML.JSON())
	wantText(t, seed+": JSON", fromJSON.Text(), tr.Text())
	if !fromJSON.Equal(tr) || Compare(tr, fromJSON) != "" {
		t.Errorf("%s: same text, different trees", seed)
	}
	fromSet := again("set", FormatSet, fromJSON.SetText())
	wantText(t, seed+": set", fromSet.SetText(), tr.SetText())
	if t.Failed() {
		t.FailNow()
	}
}

// A comparison is empty exactly when the trees are equal, and an override leads from any tree to any other.
func TestCompareAgrees(t *testing.T) {
	for seed := range seeds(100) {
		a := (&generator{Rand: rand.New(rand.NewPCG(seed, 2))}).tree()
		b := a.Clone()
		(&generator{Rand: rand.New(rand.NewPCG(seed, 3))}).change(b)
		if (Compare(a, b) == "") != a.Equal(b) {
			t.Fatalf("seed %d: equal %v, but %q", seed, a.Equal(b), Compare(a, b))
		}
		c := a.Clone()
		if p := c.Load(ActionOverride, FormatText, b.Text()); len(p) > 0 || !c.Equal(b) {
			t.Fatalf("seed %d: override %v: %s", seed, p, Compare(b, c))
		}
	}
}

// change applies a few edits to a tree.
func (g *generator) change(t *Tree) {
	root := &edit{def: t.schema.root}
	if g.IntN(3) > 0 {
		g.fill(root, 1)
	}
	a := &applier{own: map[*node]bool{}}
	t.root = a.applyChildren(t.root, root)
}
