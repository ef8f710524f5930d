// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"sort"
	"strings"
)

// node is one statement of a configuration. Nodes of a tree are never changed; edits copy.
// A list of values (leaf-list) has one node a value, side by side.
type node struct {
	def   *def
	value string // of a leaf; of a list entry its keys, joined by keySep
	kids  []*node
	note  *string // annotation, without the comment signs
	mark  mark
	group string // of an expanded tree: the group that it comes from
}

type mark uint8

const (
	inactive mark = 1 << iota
	protected
)

const keySep = "\x00"

func joinKeys(keys []string) string { return strings.Join(keys, keySep) }

func (n *node) keys() []string {
	if n.def.kind != list {
		return nil
	}
	return strings.Split(n.value, keySep)
}

// same reports whether two nodes are the same statement, whatever they hold.
func (n *node) same(d *def, value string) bool {
	return n.def == d && (n.value == value || d.kind == leaf)
}

// find returns the index of a statement among the children of n, or -1.
func (n *node) find(d *def, value string) int {
	i := sort.Search(len(n.kids), func(i int) bool {
		o := n.kids[i]
		return o.def.pos > d.pos || o.def == d && (!d.is(isSorted) || !lessKey(o.value, value))
	})
	for ; i < len(n.kids) && n.kids[i].def == d; i++ {
		if n.kids[i].same(d, value) {
			return i
		}
		if d.is(isSorted) && n.kids[i].value != value && lessKey(value, n.kids[i].value) {
			break
		}
	}
	return -1
}

// excludes reports whether one of d and its sibling k is there, but not both, as enable and disable.
func (d *def) excludes(k *node) bool {
	return d.choice != "" && d.choice == k.def.choice && d.number != k.def.number
}

// withChild returns a copy of n in which k stands: in the place of the same statement, else where it belongs.
func (n *node) withChild(k *node) *node {
	c := *n
	if i := n.find(k.def, k.value); i >= 0 {
		c.kids = slices.Clone(n.kids)
		c.kids[i] = k
		return &c
	}
	at := n.placeOf(k)
	c.kids = make([]*node, 0, len(n.kids)+1)
	c.kids = append(append(append(c.kids, n.kids[:at]...), k), n.kids[at:]...)
	return &c
}

// placeOf returns where a new child belongs: in schema order, then by key or after its fellows.
func (n *node) placeOf(k *node) int {
	return sort.Search(len(n.kids), func(i int) bool {
		o := n.kids[i]
		if o.def != k.def {
			return o.def.pos > k.def.pos
		}
		return k.def.is(isSorted) && lessKey(k.value, o.value)
	})
}

// isHollow reports whether a container has no reason to stay.
func (n *node) isHollow() bool {
	return n.def.kind == container && len(n.kids) == 0
}

func equalNodes(a, b *node) bool {
	if a == b {
		return true
	}
	if a.def != b.def || a.value != b.value || a.mark != b.mark || len(a.kids) != len(b.kids) || noteOf(a) != noteOf(b) {
		return false
	}
	for i := range a.kids {
		if !equalNodes(a.kids[i], b.kids[i]) {
			return false
		}
	}
	return true
}

func noteOf(n *node) string {
	if n.note == nil {
		return ""
	}
	return *n.note
}

// shareNodes returns a node that equals b, built as far as possible from nodes of a.
func shareNodes(a, b *node) *node {
	if a == b || equalNodes(a, b) {
		return a
	}
	c := *b
	c.kids = make([]*node, len(b.kids))
	for i, k := range b.kids {
		c.kids[i] = k
		if j := a.find(k.def, k.value); j >= 0 {
			c.kids[i] = shareNodes(a.kids[j], k)
		}
	}
	return &c
}

// lessKey orders interface names by slot, then by kind, numbers by size, and everything else by its letters;
// names with a slot come before names without.
func lessKey(a, b string) bool {
	ka, na := sortKey(a)
	kb, nb := sortKey(b)
	if ka != kb {
		return ka < kb
	}
	if c := slices.Compare(na, nb); c != 0 {
		return c < 0
	}
	return naturalLess(a, b)
}

// sortKey returns the class of a key (0: plain number, 1: has a slot, 2: other) and its numbers.
func sortKey(s string) (class int, numbers []int) {
	if n, rest := leadingNumber(s); rest == "" && s != "" {
		return 0, []int{n}
	}
	_, slot, ok := strings.Cut(s, "-")
	if !ok || slot == "" || slot[0] < '0' || slot[0] > '9' || !strings.Contains(slot, "/") {
		return 2, nil
	}
	for slot != "" {
		var n int
		if n, slot = leadingNumber(slot); slot != "" {
			slot = slot[1:]
		}
		numbers = append(numbers, n)
	}
	return 1, numbers
}

// leadingNumber cuts digits off the front; a number too long to matter is cut off at nine digits.
func leadingNumber(s string) (n int, rest string) {
	i := 0
	for ; i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9'; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, s[i:]
}

// naturalLess compares letter by letter, but numbers by their size: ae2 before ae10.
func naturalLess(a, b string) bool {
	for a != "" && b != "" {
		if isDigit(a[0]) && isDigit(b[0]) {
			x, ra := leadingNumber(a)
			y, rb := leadingNumber(b)
			if x != y {
				return x < y
			}
			if len(ra) != len(rb) || ra != rb {
				a, b = ra, rb
				continue
			}
			return len(a) < len(b)
		}
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		a, b = a[1:], b[1:]
	}
	return len(a) < len(b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
