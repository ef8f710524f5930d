// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "slices"

// Next returns the words that may follow a path as set commands write it, sorted; <name> stands for one that the user
// chooses. It is empty behind a whole statement, and nil behind one the release does not know.
func (s *Schema) Next(path []string) []string {
	d, open := s.root, 0 // so many values of d are still to come
	for _, w := range path {
		switch c := d.nextWords(w); {
		case open > 0:
			open--
		case c == nil:
			return nil
		default:
			d, open = c, c.valueWords()
			if c.is(isBare) && c.word != w {
				open--
			}
		}
	}
	if open > 0 {
		return d.choiceWords(open)
	}
	words := []string{}
	for _, c := range d.kids {
		if c.is(isBare) {
			words = append(words, c.choiceWords(c.valueWords())...)
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

// valueWords is how many words belong to the statement itself.
func (d *def) valueWords() int {
	switch {
	case d.kind == list:
		return len(d.keys)
	case (d.kind == leaf || d.kind == leafList) && !d.typ.isEmpty():
		return 1
	}
	return 0
}

// choiceWords are the words for the value of d that comes so many before its last.
func (d *def) choiceWords(open int) []string {
	name, typ := d.name, d.typ
	if d.kind == list {
		i := len(d.keys) - open
		name, typ = d.keys[i], d.keyType(i)
	}
	if len(typ.words) > 0 {
		return slices.Clone(typ.words)
	}
	return []string{"<" + name + ">"}
}
