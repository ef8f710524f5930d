// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// element is a piece of XML.
type element struct {
	name  string
	attrs []xml.Attr
	text  string
	kids  []*element
}

const (
	maxDepth    = 200
	maxElements = 2 << 20
)

// parseElements reads a document without comments, prefixes and processing instructions.
func parseElements(raw []byte) (*element, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	top := &element{}
	stack := []*element{top}
	for count := 0; ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return top, nil
		}
		if err != nil {
			return nil, err
		}
		at := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(stack) > maxDepth {
				return nil, errors.New("the reply is too large or too deep")
			}
			e := &element{name: t.Name.Local, attrs: t.Attr}
			at.kids = append(at.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at.text += string(t)
		}
	}
}

// find returns the outermost element of that name, or nil.
func (e *element) find(name string) *element {
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
		if found := k.find(name); found != nil {
			return found
		}
	}
	return nil
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Inherited is a statement that a group brought.
type Inherited struct {
	Statement string `json:"statement"` // in the words of "set", with stand-ins
	Group     string `json:"group"`
}

// Configuration returns the configuration that a reply holds as XML, redacted, and what
// groups have brought if the reply says so. An error is about the reply's XML: it is
// then of no use, and nothing of it may be shown.
func (r *Redactor) Configuration(reply []byte) (text string, inherited []Inherited, err error) {
	top, err := parseElements(reply)
	if err != nil {
		return "", nil, fmt.Errorf("the configuration cannot be read: %w", errors.New("its XML is broken"))
	}
	root := top.find("configuration")
	if root == nil {
		return "", nil, errors.New("the reply holds no configuration")
	}
	w := &walk{r: r, known: knownStatements()}
	w.b.WriteString("<configuration>\n")
	w.walkKids(root, w.known.root, place{})
	w.b.WriteString("</configuration>\n")
	return w.b.String(), w.inherited, nil
}

// walk is one pass over a configuration.
type walk struct {
	r         *Redactor
	known     known
	b         strings.Builder
	inherited []Inherited
	groups    bool // write who has brought a statement, too
}

// place is where the walk is.
type place struct {
	path     string // of statements; below a group that of what stands in it
	words    string // the same with names and values
	level    int
	inRecord bool // below the record of this collection
	isSecret bool // this statement, or one above it, is named like what opens something
}

func (p place) below(name string) place {
	path := name
	if p.path != "" && (p.path != "groups" || name == "name") {
		path = p.path + " " + name
	}
	p.path, p.words, p.level = path, strings.TrimSpace(p.words+" "+name), p.level+1
	p.isSecret = p.isSecret || secretName.MatchString(name) && !notSecret[path]
	return p
}

func (w *walk) walkKids(e *element, s *statement, at place) {
	for _, k := range e.kids {
		if k.name == "comment" && w.known.child(s, "comment") == nil {
			w.r.countReplaced(cmp.Or(at.path, "configuration"), Comment)
			continue
		}
		if !elementName.MatchString(k.name) {
			w.r.countReplaced(cmp.Or(at.path, "configuration"), Unknown)
			continue
		}
		value := w.walkElement(k, w.known.child(s, k.name), at)
		if k.name == "name" {
			at.words += " " + value
		}
	}
}

// elementName is what Junos calls its statements. Nobody but Junos gives them names.
var elementName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// walkElement writes a statement, with a stand-in for a value that may not stay, and
// returns what it wrote as the value.
func (w *walk) walkElement(e *element, s *statement, at place) string {
	here := at.below(e.name)
	here.inRecord = at.inRecord || isRecord(e, here.path)
	value := strings.TrimSpace(e.text)
	isLeaf := len(e.kids) == 0
	if isLeaf && value != "" {
		value = w.r.value(w.known, s, here, value)
		here.words += " " + value
	}
	w.noteInherited(e, here)
	w.openElement(e, here, isLeaf && value == "")
	if isLeaf {
		w.closeLeaf(e, value)
		return value
	}
	w.b.WriteString("\n")
	w.walkKids(e, s, here)
	w.indent(here.level)
	w.b.WriteString("</" + e.name + ">\n")
	return ""
}

// isRecord says that an element is the record in which this collection keeps who has keys.
func isRecord(e *element, path string) bool {
	return path == "system commit apply-macro" && len(e.kids) > 0 && e.kids[0].name == "name" && strings.TrimSpace(e.kids[0].text) == recordName
}

func (w *walk) indent(level int) { w.b.WriteString(strings.Repeat("    ", level)) }

func (w *walk) openElement(e *element, at place, empty bool) {
	w.indent(at.level)
	w.b.WriteString("<" + e.name)
	for _, mark := range []string{"inactive", "protect"} {
		if e.attr(mark) == mark {
			w.b.WriteString(" " + mark + `="` + mark + `"`)
		}
	}
	if group := e.attr("group"); w.groups && group != "" {
		w.b.WriteString(` junos:group="` + attributeText.Replace(w.r.groupName(w.known, group)) + `"`)
	}
	if empty {
		w.b.WriteString("/")
	}
	w.b.WriteString(">")
}

func (w *walk) closeLeaf(e *element, value string) {
	if value != "" {
		_ = xml.EscapeText(&w.b, []byte(value)) // a Builder takes everything
		w.b.WriteString("</" + e.name + ">")
	}
	w.b.WriteString("\n")
}

// noteInherited remembers a statement that a group brought.
func (w *walk) noteInherited(e *element, at place) {
	group := e.attr("group")
	if group == "" || len(e.kids) > 0 {
		return
	}
	w.inherited = append(w.inherited, Inherited{Statement: at.words, Group: w.r.groupName(w.known, group)})
}

func (r *Redactor) groupName(k known, group string) string {
	if r.stays(k, "string", "groups name", group) {
		return group
	}
	return r.standIn(Name, group)
}

// value returns a value, or its stand-in.
func (r *Redactor) value(k known, s *statement, at place, value string) string {
	if at.inRecord {
		return r.recordValue(at.path, value)
	}
	kind := r.kindOf(k, s, at, value)
	if kind == "" {
		return value
	}
	r.countReplaced(at.path, kind)
	switch {
	case kind == Secret:
		return r.standIn(Secret, value)
	case kind == Address && isAddress(value):
		return r.address(value)
	case kind == Address:
		return r.standIn(hexadecimal, value)
	}
	if rule, ok := mayStay[at.path]; ok && (rule == aName || rule == aSerial) {
		return r.hide(value)
	}
	return r.standIn(Name, value)
}

// kindOf says as what a value has to be replaced; "": it stays.
func (r *Redactor) kindOf(k known, s *statement, at place, value string) string {
	switch {
	case s == nil && at.isSecret:
		return Secret
	case s == nil, s.typ == "", s.typ == "empty":
		return Unknown
	case s.secret || s.typ == "jt:unreadable":
		return Secret
	case s.typ == "int" && isNumber(value), s.typ == "enum" && slices.Contains(s.words, value):
		return ""
	case isAddress(value), isHardwareAddress(s.typ, value):
		return r.kindIfAnonymous(Address)
	case at.isSecret:
		return Secret
	case s.typ == "int" || s.typ == "enum":
		return Unknown
	case r.stays(k, s.typ, at.path, value):
		return ""
	}
	return kindOfText(at.path, value)
}

// kindOfText says what a text is that does not stay.
func kindOfText(path, value string) string {
	if rule, ok := mayStay[path]; ok && rule == aSerial {
		return Serial
	}
	if strings.ContainsAny(value, " \n\t") {
		return Text
	}
	return Name
}

func (r *Redactor) kindIfAnonymous(kind string) string {
	if r.options.Anonymize {
		return kind
	}
	return ""
}
