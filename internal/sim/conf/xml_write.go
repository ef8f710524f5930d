// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "strings"

var (
	xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	xmlAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;", "\n", "&#xA;", "\"", "&quot;")
)

// Attr is an attribute of the configuration element, such as junos:commit-seconds.
type Attr struct{ Name, Value string }

// XMLOptions shape the output of [Tree.XML].
type XMLOptions struct {
	Attrs  []Attr // on the configuration element, in this order
	Level  int    // indentation of the configuration element, in steps of four spaces
	Groups bool   // of an expanded tree: name the group of each statement that one brought
	YANG   bool   // marks as a yang-compliant session has them
	Twice  bool   // there: declare their namespace for each of them, even twice on one element
}

const jcmdNamespace = `xmlns:jcmd="http://yang.juniper.net/junos/jcmd"`

// XML returns the tree as a configuration element, ended by a line break, as get-configuration prints it. The prefix junos
// that annotations need (junos:comment) must be declared around it.
func (t *Tree) XML(o XMLOptions) string {
	w := &xmlWriter{options: o}
	name := "configuration"
	for _, a := range o.Attrs {
		name += " " + a.Name + `="` + escapeAttr(a.Value) + `"`
	}
	w.writeLine(o.Level, "<"+name+">")
	for _, k := range t.root.kids {
		w.writeNode(k, o.Level+1)
	}
	w.writeLine(o.Level, "</configuration>")
	return w.b.String()
}

type xmlWriter struct {
	b       strings.Builder
	options XMLOptions
}

func (w *xmlWriter) writeLine(level int, s string) {
	for range level {
		w.b.WriteString(tab)
	}
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

func (w *xmlWriter) writeNode(n *node, level int) {
	if n.note != nil && !w.options.YANG {
		w.writeLine(level, "<junos:comment>/* "+escapeText(*n.note)+" */</junos:comment>")
	}
	name := n.def.name
	open := name + w.marksXML(n)
	if w.options.Groups && n.group != "" {
		open += ` junos:group="` + escapeAttr(n.group) + `"`
	}
	switch n.def.kind {
	case leaf, leafList:
		if n.def.typ.isEmpty() {
			w.writeLine(level, "<"+open+"/>")
			return
		}
		w.writeLine(level, "<"+open+">"+escapeText(n.value)+"</"+name+">")
		return
	}
	w.writeLine(level, "<"+open+">")
	for i, k := range n.keys() {
		w.writeLine(level+1, "<"+n.def.keys[i]+">"+escapeText(k)+"</"+n.def.keys[i]+">")
	}
	for _, k := range n.kids {
		w.writeNode(k, level+1)
	}
	w.writeLine(level, "</"+name+">")
}

func (w *xmlWriter) marksXML(n *node) string {
	s := ""
	if n.mark&protected != 0 {
		s = ` protect="protect"`
	}
	if w.options.YANG {
		return s + w.jcmdMarks(n)
	}
	if n.mark&inactive != 0 {
		s += ` inactive="inactive"`
	}
	return s
}

// jcmdMarks are the attributes that a yang-compliant session has for annotations and
// for what is inactive.
func (w *xmlWriter) jcmdMarks(n *node) string {
	var all []string
	if n.note != nil {
		all = append(all, `jcmd:comment="/* `+escapeAttr(*n.note)+` */"`)
	}
	if n.mark&inactive != 0 {
		all = append(all, `jcmd:active="false"`)
	}
	s := ""
	for i, a := range all {
		if i == 0 || w.options.Twice {
			s += " " + jcmdNamespace
		}
		s += " " + a
	}
	return s
}

// escapeText writes quotes as they are, as Junos does, except in attributes.
func escapeText(s string) string { return xmlText.Replace(s) }

func escapeAttr(s string) string { return xmlAttr.Replace(s) }
