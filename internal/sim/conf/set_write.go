// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "strings"

// SetText returns the tree as "show configuration | display set" prints it. Annotations have no place there.
func (t *Tree) SetText() string {
	w := &setWriter{}
	for _, k := range t.root.kids {
		w.writeNode(k, "")
	}
	return w.b.String()
}

type setWriter struct {
	b strings.Builder
}

func (w *setWriter) writeLine(verb, path string) {
	w.b.WriteString(verb)
	w.b.WriteString(path)
	w.b.WriteByte('\n')
}

func (w *setWriter) writeNode(n *node, path string) {
	path += " " + headText(n, false)
	if len(n.kids) == 0 {
		w.writeLine("set", path)
	}
	for _, k := range n.kids {
		w.writeNode(k, path)
	}
	if n.mark&inactive != 0 {
		w.writeLine("deactivate", path)
	}
	if n.mark&protected != 0 {
		w.writeLine("protect", path)
	}
}

// QuotePath writes a path as the commands of [Tree.SetText] begin.
func QuotePath(path []string) string {
	quoted := make([]string, len(path))
	for i, word := range path {
		quoted[i] = quoteWord(word)
	}
	return strings.Join(quoted, " ")
}
