// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// JSON returns the tree as "show configuration | display json" prints it: lists and values in arrays, numbers as
// numbers, a flag as [null], marks under "@". Attributes belong to the configuration object.
func (t *Tree) JSON(attrs ...Attr) string {
	w := &jsonWriter{}
	w.b.WriteString("{\n" + tab + "\"configuration\" : ")
	members := w.writeChildren(t.root, 2)
	if len(attrs) > 0 {
		var list []string
		for _, a := range attrs {
			list = append(list, textValue(a.Name)+" : "+textValue(a.Value))
		}
		members = append([]string{"\"@\" : " + inBraces(list, 2)}, members...)
	}
	w.b.WriteString(inBraces(members, 1) + "\n}\n")
	return w.b.String()
}

type jsonWriter struct {
	b strings.Builder
}

// inBraces prints the members of an object whose line stands at the given level.
func inBraces(members []string, level int) string {
	return encloseLines("{", "}", members, level)
}

func encloseLines(open, shut string, members []string, level int) string {
	in := "\n" + strings.Repeat(tab, level+1)
	return open + in + strings.Join(members, ","+in) + "\n" + strings.Repeat(tab, level) + shut
}

func textValue(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	return strings.TrimSpace(b.String())
}

// scalarValue prints a value by its type.
func scalarValue(t valueType, v string) string {
	if n, err := strconv.ParseInt(v, 10, 64); t.name == "int" && err == nil && strconv.FormatInt(n, 10) == v {
		return v
	}
	return textValue(v)
}

// writeChildren returns the members that stand for what n holds.
func (w *jsonWriter) writeChildren(n *node, level int) []string {
	var out []string
	for i := 0; i < len(n.kids); {
		d := n.kids[i].def
		group := sameStatement(n.kids[i:], d)
		i += len(group)
		out = append(out, w.writeMember(d, group, level)...)
	}
	return out
}

// writeMember returns the member for all statements d, and for leaves a member with their marks.
func (w *jsonWriter) writeMember(d *def, group []*node, level int) []string {
	name := textValue(d.name) + " : "
	switch d.kind {
	case list:
		var items []string
		for _, k := range group {
			items = append(items, w.writeObject(k, level+1))
		}
		return []string{name + encloseLines("[", "]", items, level)}
	case leafList, leaf:
		return w.writeLeaves(d, group, level)
	}
	k := group[0]
	if len(k.kids) == 0 && k.mark == 0 && k.note == nil {
		return []string{name + "[null]"}
	}
	return []string{name + w.writeObject(k, level)}
}

// writeObject prints a container or a list entry.
func (w *jsonWriter) writeObject(n *node, level int) string {
	var members []string
	if m := jsonMarks(n); m != "" {
		members = append(members, "\"@\" : "+m)
	}
	for i, k := range n.keys() {
		members = append(members, textValue(n.def.keys[i])+" : "+scalarValue(n.def.keyType(i), k))
	}
	return inBraces(append(members, w.writeChildren(n, level+1)...), level)
}

func (w *jsonWriter) writeLeaves(d *def, group []*node, level int) []string {
	var values, marks []string
	marked := false
	for _, k := range group {
		m := jsonMarks(k)
		marked = marked || m != ""
		if m == "" {
			m = "null"
		}
		marks = append(marks, m)
		values = append(values, scalarValue(d.typ, k.value))
	}
	value := values[0]
	if d.typ.isEmpty() {
		value = "[null]"
	}
	mark := marks[0]
	if d.kind == leafList {
		value, mark = encloseLines("[", "]", values, level), encloseLines("[", "]", marks, level)
	}
	out := []string{textValue(d.name) + " : " + value}
	if marked {
		out = append(out, textValue("@"+d.name)+" : "+mark)
	}
	return out
}

// jsonMarks prints marks and annotation as an object on one line; "" for none.
func jsonMarks(n *node) string {
	var m []string
	if n.mark&inactive != 0 {
		m = append(m, `"inactive" : true`)
	}
	if n.mark&protected != 0 {
		m = append(m, `"protect" : true`)
	}
	if n.note != nil {
		m = append(m, `"comment" : `+textValue("/* "+*n.note+" */"))
	}
	if m == nil {
		return ""
	}
	return "{ " + strings.Join(m, ", ") + " }"
}
