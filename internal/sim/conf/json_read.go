// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads { "configuration" : { ... } } into edits.
func readJSON(in string, root *edit, errs *problems) {
	dec := json.NewDecoder(strings.NewReader(in))
	dec.UseNumber()
	r := &jsonReader{dec: dec}
	top := &element{}
	err := r.readValue(top, "", 0)
	if err == nil {
		if _, end := dec.Token(); end != io.EOF {
			err = errors.New("text after the configuration")
		}
	}
	if err != nil {
		line := 1 + strings.Count(in[:min(int(dec.InputOffset()), len(in))], "\n")
		errs.add(Problem{Message: msgSyntax, BadElement: err.Error(), Line: line})
		return
	}
	x := top.configuration()
	if x == nil {
		errs.add(Problem{Message: msgSyntax, BadElement: "configuration"})
		return
	}
	e := &elementReader{errs: errs}
	if e.readAttributes(x, root) {
		e.readElement(x, root)
	}
}

type jsonReader struct {
	dec   *json.Decoder
	count int
}

// readValue reads one value into elements of the given name below at.
func (r *jsonReader) readValue(at *element, name string, depth int) error {
	if r.count++; r.count > maxElements {
		return errors.New(msgTooLarge)
	}
	if depth > 2*maxDepth {
		return errTooDeep
	}
	t, err := r.dec.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return r.readArray(at, name, depth)
		}
		if depth == 0 {
			return r.readObject(at, depth)
		}
		x := &element{name: name}
		at.kids = append(at.kids, x)
		return r.readObject(x, depth)
	case nil:
		at.kids = append(at.kids, &element{name: name})
	default:
		at.kids = append(at.kids, &element{name: name, text: fmt.Sprint(t)})
	}
	return nil
}

func (r *jsonReader) readArray(at *element, name string, depth int) error {
	for r.dec.More() {
		if err := r.readValue(at, name, depth+1); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// readObject reads members. "@" holds the attributes of x, "@name" those of the leaves of that name.
func (r *jsonReader) readObject(x *element, depth int) error {
	notes := map[string][]map[string]string{}
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		of, attr := strings.CutPrefix(name, "@")
		if !attr {
			err = r.readValue(x, localName(name), depth+1)
		} else if of == "" {
			var list []map[string]string
			if list, err = r.readAttributes(); err == nil && len(list) == 1 {
				x.attr = list[0]
			}
		} else {
			notes[localName(of)], err = r.readAttributes()
		}
		if err != nil {
			return err
		}
	}
	seen := map[string]int{}
	for _, k := range x.kids {
		if list, i := notes[k.name], seen[k.name]; i < len(list) && k.attr == nil {
			k.attr = list[i]
		}
		seen[k.name]++
	}
	for name, list := range notes { // attributes of leaves that are not there: deletions
		if seen[name] == 0 && len(list) == 1 {
			x.kids = append(x.kids, &element{name: name, attr: list[0]})
		}
	}
	_, err := r.dec.Token()
	return err
}

// localName drops a module name or prefix, as in junos:comment.
func localName(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// readAttributes reads one object of attributes, or a list of them with null for none.
func (r *jsonReader) readAttributes() ([]map[string]string, error) {
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		return nil, err
	}
	var many []map[string]any
	if err := json.Unmarshal(raw, &many); err != nil {
		one := map[string]any{}
		if err := json.Unmarshal(raw, &one); err != nil {
			return nil, err
		}
		many = []map[string]any{one}
	}
	out := make([]map[string]string, len(many))
	for i, m := range many {
		if m == nil {
			continue
		}
		out[i] = map[string]string{}
		for k, v := range m {
			out[i][localName(k)] = fmt.Sprint(v)
		}
	}
	return out, nil
}
