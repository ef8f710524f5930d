// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "slices"

// Next returns the words that may follow a path as set commands write it, sorted; <name> stands for one that the user
// chooses. It is empty behind a whole statement, and nil behind one the release does not know.
func (s *Schema) Next(path []string) []string {
	d, open := s.root, [][]string(nil) // the words of d that are still to come
	for _, w := range path {
		switch c := d.nextWords(w); {
		case len(open) > 0:
			open = open[1:]
		case c == nil:
			return nil
		default:
			d, open = c, c.valueWords()
			if c.is(isBare) && c.word != w {
				open = open[1:]
			}
		}
	}
	if len(open) > 0 {
		return open[0]
	}
	words := []string{}
	for _, c := range d.kids {
		if c.is(isBare) {
			words = append(words, c.valueWords()[0]...)
		} else if !d.isKey(c.name) && !c.is(isHidden) {
			words = append(words, c.word)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// nextWords is the statement below d that a word begins.
func (d *def) nextWords(word string) *def {
	if c := d.child(word); c != nil && !d.isKey(c.name) {
		return c
	}
	if c := d.abbreviated(word); c != nil && !d.isKey(c.name) {
		return c
	}
	if c := d.bareChild(list); c != nil {
		return c
	}
	return d.bareChild(leaf)
}

// valueWords has, for each word that belongs to the statement itself, what it may be.
func (d *def) valueWords() (all [][]string) {
	switch {
	case d.kind == list:
		for i, key := range d.keys {
			if name := d.keyName(i); name != "" {
				all = append(all, []string{name})
			}
			all = append(all, d.keyType(i).choices(key))
		}
	case (d.kind == leaf || d.kind == leafList) && !d.typ.isEmpty():
		all = append(all, d.typ.choices(d.name))
	}
	return all
}

// choices are the words for a value of that name.
func (t valueType) choices(name string) []string {
	if len(t.words) > 0 {
		return slices.Clone(t.words)
	}
	return []string{"<" + name + ">"}
}
