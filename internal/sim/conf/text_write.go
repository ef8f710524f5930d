// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "strings"

// Text returns the tree as "show configuration" prints it.
func (t *Tree) Text() string {
	w := &textWriter{}
	w.writeKids(t.root, 0, "")
	return w.b.String()
}

// textWriter prints nodes with curly braces.
type textWriter struct {
	b strings.Builder
}

const tab = "    "

func (w *textWriter) writeLine(level int, s string) {
	for range level {
		w.b.WriteString(tab)
	}
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

// writeKids prints what n holds, side by side values and block lists together; prefix goes before every head.
func (w *textWriter) writeKids(n *node, level int, prefix string) {
	for i := 0; i < len(n.kids); {
		end := i + runLength(n.kids[i:])
		w.writeGroup(n.kids[i:end], level, prefix)
		i = end
	}
}

// runLength returns how many nodes at the front are printed together.
func runLength(kids []*node) int {
	d := kids[0].def
	if d.kind != leafList && !d.is(isBlock) {
		return 1
	}
	n := 1
	for n < len(kids) && kids[n].def == d && (d.kind != leafList || kids[n].mark == kids[0].mark && kids[n].note == nil) {
		n++
	}
	return n
}

func (w *textWriter) writeGroup(kids []*node, level int, prefix string) {
	d := kids[0].def
	switch {
	case d.kind == leafList:
		w.writeNote(kids[0], level)
		w.writeLine(level, tagText(kids[0].mark)+prefix+joinValues(kids)+";"+secretMark(d.is(isSecret)))
	case d.is(isBlock):
		w.writeLine(level, prefix+d.word+" {")
		for _, k := range kids {
			w.writeNode(k, level+1, "", true)
		}
		w.writeLine(level, "}")
	case d.is(isPrefix):
		w.writeKids(kids[0], level, d.word+" ")
	default:
		w.writeNode(kids[0], level, prefix, false)
	}
}

// joinValues prints one or many values of a leaf-list.
func joinValues(kids []*node) string {
	var out []string
	for _, k := range kids {
		out = append(out, quoteWord(k.value))
	}
	s := out[0]
	if len(out) > 1 {
		s = "[ " + strings.Join(out, " ") + " ]"
	}
	if d := kids[0].def; !d.is(isBare) {
		s = d.word + " " + s
	}
	return s
}

func (w *textWriter) writeNote(n *node, level int) {
	if n.note != nil {
		w.writeLine(level, "/* "+*n.note+" */")
	}
}

func (w *textWriter) writeNode(n *node, level int, prefix string, bare bool) {
	w.writeNote(n, level)
	head := tagText(n.mark) + prefix + headText(n, bare)
	switch {
	case len(n.kids) == 0:
		w.writeLine(level, head+";"+secretMark(secretHead(n)))
	case fitsLine(n):
		line, secret := oneLine(n)
		w.writeLine(level, head+" "+line+";"+secretMark(secret || secretHead(n)))
	default:
		w.writeLine(level, head+" {"+secretMark(n.def.kind == list && secretHead(n)))
		w.writeKids(n, level+1, "")
		w.writeLine(level, "}")
	}
}

func tagText(m mark) string {
	s := ""
	if m&protected != 0 {
		s = "protect: "
	}
	if m&inactive != 0 {
		s += "inactive: "
	}
	return s
}

func secretMark(secret bool) string {
	if secret {
		return " ## SECRET-DATA"
	}
	return ""
}

// secretHead reports whether the first line of a statement shows a secret.
func secretHead(n *node) bool {
	return n.def.is(isSecret) && (n.def.kind != list || len(n.kids) == 0 || n.def.byName["value"] == nil)
}

// headText returns keyword, keys and value of a statement.
func headText(n *node, bare bool) string {
	words := statementLabel(n.def, n.value)
	if bare && !n.def.is(isBare) {
		words = words[1:]
	}
	for i, s := range words {
		if i > 0 || bare || n.def.is(isBare) {
			words[i] = quoteWord(s)
		}
	}
	if n.def.name == mistakenName && !strings.HasPrefix(words[0], `"`) {
		words[0] = `"` + words[0] + `"`
	} else if n.def.is(isBare) && words[0] == n.value {
		_, _, short := n.def.shortUnit(n.value)
		if short || n.def.up.child(n.value) != nil {
			words[0] = `"` + words[0] + `"` // would be read as an interface and its unit, or as a keyword
		}
	}
	return strings.Join(words, " ")
}

// fitsLine reports whether all that n holds is printed on its own line.
func fitsLine(n *node) bool {
	if n.def.is(isOneline) {
		return isPlainWord(n)
	}
	if !n.def.is(isSingle) {
		return false
	}
	return runLength(n.kids) == len(n.kids) && n.kids[0].def.kind >= leaf && isPlainWord(n)
}

// isPlainWord reports whether nothing below n needs a line of its own, as marks, annotations and macros do.
func isPlainWord(n *node) bool {
	for _, k := range n.kids {
		if k.mark != 0 || k.note != nil || k.def.is(isLone) || k.def.isUnknown() || !isPlainWord(k) {
			return false
		}
	}
	return true
}

func oneLine(n *node) (s string, secret bool) {
	var words []string
	for i := 0; i < len(n.kids); {
		end := i + 1
		k := n.kids[i]
		if k.def.kind == leafList {
			end = i + runLength(n.kids[i:])
			words = append(words, joinValues(n.kids[i:end]))
		} else {
			words = append(words, headText(k, false))
		}
		if len(k.kids) > 0 {
			below, hidden := oneLine(k)
			words, secret = append(words, below), secret || hidden
		}
		secret = secret || k.def.is(isSecret)
		i = end
	}
	return strings.Join(words, " "), secret
}
