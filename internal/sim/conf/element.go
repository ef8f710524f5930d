// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
)

// element is a piece of an XML or JSON payload, before the schema has seen it.
type element struct {
	name string
	text string
	attr map[string]string
	kids []*element
	line int
}

// elementReader turns elements into edits.
type elementReader struct {
	errs *problems
	wild bool
}

// readElement adds what x holds to the edit of its statement.
func (r *elementReader) readElement(x *element, e *edit) {
	var note *string
	for _, k := range x.withBareValue(e.def) {
		if k.name == "comment" && e.def.element("comment") == nil {
			note = cleanComment(k.text)
			continue
		}
		if e.def.isKey(k.name) && e.def.kind == list {
			continue
		}
		d := e.def.element(k.name)
		if d == nil {
			if !r.keepElement(k, e) {
				r.errs.add(Problem{Message: msgSyntax, Path: editPath(e.words()), BadElement: k.name, Line: k.line})
			}
			continue
		}
		if c := r.readStatement(k, d, e); c != nil && note != nil {
			c.note = note
		}
		note = nil
	}
}

// withBareValue returns the elements in x, and one more if x has a text: the value whose
// keyword is left out on the command line may be left out here, too (<metric>2</metric>).
func (x *element) withBareValue(d *def) []*element {
	bare, text := d.bareChild(leaf), strings.TrimSpace(x.text)
	if bare == nil || text == "" {
		return x.kids
	}
	return append([]*element{{name: bare.word, text: text, line: x.line}}, x.kids...)
}

// readStatement reads one element as a statement d below e; nil if it is not valid.
func (r *elementReader) readStatement(x *element, d *def, e *edit) *edit {
	value := ""
	switch d.kind {
	case list:
		v, ok := r.readKeys(x, d, e)
		if !ok {
			return nil
		}
		value = v
	case leaf, leafList:
		v, ok := r.readValue(x, d, e)
		if !ok {
			return nil
		}
		value = v
	}
	c := &edit{def: d, value: value, up: e, line: x.line}
	if !r.readAttributes(x, c) {
		return nil
	}
	if d.kind == leafList && value == "" && c.op == opDelete {
		c.op = opDelAll
	}
	if d.kind == list && value == "" && c.op == opDelete {
		c.op = opDelAll
	}
	e.kids = append(e.kids, c)
	was := r.wild
	r.wild = r.wild || d.is(isWild)
	if d.kind == leaf || d.kind == leafList {
		for _, k := range x.kids {
			r.errs.add(Problem{Message: msgSyntax, Path: editPath(e.words()), BadElement: k.name, Line: k.line})
		}
	} else {
		r.readElement(x, c)
	}
	r.wild = was
	return c
}

// isDeletion reports whether an element asks for a deletion, so that keys and values may be missing.
func (x *element) isDeletion() bool {
	return x.attr["delete"] != "" || x.attr["operation"] == "delete" || x.attr["operation"] == "remove"
}

func (r *elementReader) readKeys(x *element, d *def, e *edit) (string, bool) {
	var keys []string
	for i, name := range d.keys {
		v, ok := "", false
		for _, k := range x.kids {
			if k.name == name {
				v, ok = d.keyType(i).trimSpace(k.text), true
				break
			}
		}
		if !ok && len(d.keys) == 1 && len(x.kids) == 0 {
			v = d.keyType(i).trimSpace(x.text) // the only key may be the text
			ok = v != ""
		}
		if !ok && x.isDeletion() && i == 0 {
			return "", true
		}
		if !ok {
			r.errs.add(Problem{Message: msgMissing, Path: editPath(append(e.words(), d.word)), BadElement: name, Line: x.line})
			return "", false
		}
		if msg := badKey(d, i, v, r.wild || d.is(isWild)); msg != "" {
			r.errs.add(Problem{Message: msg, Path: editPath(e.words()), BadElement: v, Line: x.line})
			return "", false
		}
		keys = append(keys, d.keyType(i).canonValue(v))
	}
	return joinKeys(keys), true
}

func (r *elementReader) readValue(x *element, d *def, e *edit) (string, bool) {
	v := d.typ.trimSpace(x.text)
	if d.typ.isEmpty() {
		if v != "" {
			r.errs.add(Problem{Message: msgSyntax, Path: editPath(append(e.words(), d.word)), BadElement: v, Line: x.line})
			return "", false
		}
		return "", true
	}
	if v == "" && (x.isDeletion() || x.attr["inactive"] != "" || x.attr["active"] != "") {
		return "", true
	}
	if msg := d.typ.checkValue(v); msg != "" {
		r.errs.add(Problem{Message: msg, Path: editPath(e.words()), BadElement: v, Line: x.line})
		return "", false
	}
	return d.typ.canonValue(v), true
}

// readAttributes notes what the attributes of an element ask for.
func (r *elementReader) readAttributes(x *element, c *edit) bool {
	on := func(name string) bool { v, ok := x.attr[name]; return ok && v != "false" }
	if !c.takeOperation(x.attr["operation"]) {
		r.errs.add(Problem{Message: msgSyntax, Path: editPath(c.words()), BadElement: x.attr["operation"], Line: x.line})
		return false
	}
	if on("delete") {
		c.op = opDelete
	}
	if on("replace") {
		c.op = opReplace
	}
	if on("inactive") || x.attr["active"] == "false" {
		c.set |= inactive
	}
	if v, ok := x.attr["inactive"]; on("active") || ok && v == "false" {
		c.clear |= inactive
	}
	if on("protect") {
		c.set |= protected
	}
	if on("unprotect") {
		c.clear |= protected
	}
	if v, ok := x.attr["comment"]; ok {
		c.note = cleanComment(v)
	}
	return r.readMoves(x, c)
}

// takeOperation takes the standard's attribute; false: there is no such operation.
func (e *edit) takeOperation(name string) bool {
	switch name {
	case "":
	case "merge":
		e.explicit = true
	case "delete":
		e.op = opDelete
	case "remove":
		e.op, e.quiet = opDelete, true
	case "replace":
		e.op, e.forced = opReplace, true
	case "create":
		e.op = opCreate
	default:
		return false
	}
	return true
}

// cleanComment returns an annotation without the comment signs, and without what not every format can hold.
func cleanComment(s string) *string {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "/*"), "*/"))
	s = strings.ReplaceAll(s, "*/", "* /") // would end the comment in text
	s = strings.Map(func(r rune) rune {
		if isUnprintable(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return &s
}

// readMoves reads rename="rename" name="new" and insert="before" name="other".
func (r *elementReader) readMoves(x *element, c *edit) bool {
	name := x.attr["name"]
	if name == "" {
		name = keyPredicate(x.attr["key"])
	}
	_, rename := x.attr["rename"]
	where, insert := x.attr["insert"]
	if c.def.kind != list || !rename && !insert {
		return true
	}
	if name == "" && (rename || where == "before" || where == "after") {
		r.errs.add(Problem{Message: msgMissing, Path: editPath(c.words()), BadElement: "name", Line: x.line})
		return false
	}
	if rename {
		c.op, c.newValue = opRename, name
		return true
	}
	c.op, c.where, c.other = opInsert, where, name
	return true
}

// keyPredicate reads the value of yang:key="[name='x']".
func keyPredicate(s string) string {
	_, v, ok := strings.Cut(s, "='")
	if !ok {
		return ""
	}
	v, _, _ = strings.Cut(v, "'")
	return v
}
