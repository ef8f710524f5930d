// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// maxElements bounds what one payload may hold.
const maxElements = 2 << 20

// readXML reads <configuration> into edits. Elements above it are skipped, so that <config> or
// <load-configuration> may surround it.
func readXML(in string, root *edit, errs *problems) {
	doc, err := parseXML(in)
	if err != nil {
		p := Problem{Message: msgSyntax, BadElement: err.Error()}
		var bad *xml.SyntaxError
		if errors.As(err, &bad) {
			p.Line, p.BadElement = bad.Line, bad.Msg
		}
		errs.add(p)
		return
	}
	x := doc.configuration()
	if x == nil {
		name := ""
		if len(doc.kids) > 0 {
			name = doc.kids[0].name
		}
		errs.add(Problem{Message: msgSyntax, BadElement: name})
		return
	}
	r := &elementReader{errs: errs}
	if r.readAttributes(x, root) {
		r.readElement(x, root)
	}
}

// configuration finds the outermost configuration element.
func (x *element) configuration() *element {
	if x.name == "configuration" {
		return x
	}
	if len(x.kids) == 0 {
		return nil
	}
	return x.kids[0].configuration()
}

var errTooDeep = errors.New(msgTooDeep)

// parseXML reads a document, or a fragment of one, into elements. Prefixes and namespaces are dropped: Junos writes its
// version into them.
func parseXML(in string) (*element, error) {
	dec := xml.NewDecoder(strings.NewReader(in))
	top := &element{}
	stack := []*element{top}
	for count := 0; ; {
		t, err := dec.Token()
		if err == io.EOF {
			return top, nil
		}
		if err != nil {
			return nil, err
		}
		at := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > maxElements {
				return nil, errors.New(msgTooLarge)
			}
			if len(stack) > maxDepth {
				return nil, errTooDeep
			}
			line, _ := dec.InputPos()
			x := &element{name: t.Name.Local, line: line, attr: readAttrs(t.Attr)}
			at.kids = append(at.kids, x)
			stack = append(stack, x)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at.text += string(t)
		case xml.Directive:
			return nil, errors.New("document types are not accepted")
		}
	}
}

func readAttrs(list []xml.Attr) map[string]string {
	var m map[string]string
	for _, a := range list {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		if m == nil {
			m = map[string]string{}
		}
		m[a.Name.Local] = a.Value
	}
	return m
}
