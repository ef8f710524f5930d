// SPDX-License-Identifier: GPL-3.0-or-later

// Package shapes compares the structure of replies: which elements there are, in
// which order, with which attributes, and where text stands on lines of its own.
// It knows no Junos, and of values only those of attributes, where a recording has
// them; what real switches sent is kept as shapes.
package shapes

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Shape is one element without its values. A document is a Shape without a name.
type Shape struct {
	Name     string // with its prefix, as it was written; "<!-- -->" is a comment
	Attrs    []string
	Values   map[string]string // of attributes that count, as patterns of path.Match
	Text     string            // "", Inline or Lines
	Many     bool              // equal ones follow each other
	Unclosed bool              // there was no end tag
	Children []*Shape

	have map[string]string // values of attributes, in a document
}

// Where the text of an element stands.
const (
	Inline = "text"
	Lines  = "lines"
)

const comment = "<!-- -->"

// Of returns the shape of a document. It takes start and end tags as they come:
// what is left open is marked and not refused.
func Of(document []byte) (*Shape, error) {
	root := &Shape{}
	r := reader{decoder: xml.NewDecoder(bytes.NewReader(document)), stack: []*Shape{root}}
	for {
		token, err := r.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.takeToken(token)
		}
		if err != nil {
			return nil, fmt.Errorf("byte %d: %w", r.decoder.InputOffset(), err)
		}
	}
	for _, open := range r.stack[1:] {
		open.Unclosed = true
	}
	root.foldEqual()
	return root, nil
}

type reader struct {
	decoder *xml.Decoder
	stack   []*Shape // what is open, from the document down
}

func (r *reader) top() *Shape { return r.stack[len(r.stack)-1] }

func (r *reader) takeToken(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		child := &Shape{Name: fullName(t.Name), have: map[string]string{}}
		for _, a := range t.Attr {
			child.Attrs = append(child.Attrs, fullName(a.Name))
			child.have[fullName(a.Name)] = a.Value
		}
		slices.Sort(child.Attrs) // their order means nothing
		r.top().Children = append(r.top().Children, child)
		r.stack = append(r.stack, child)
	case xml.EndElement:
		return r.endElement(fullName(t.Name))
	case xml.CharData:
		r.takeText(string(t))
	case xml.Comment:
		r.top().Children = append(r.top().Children, &Shape{Name: comment})
	}
	return nil
}

func (r *reader) takeText(s string) {
	switch {
	case strings.TrimSpace(s) == "" || len(r.stack) == 1:
	case strings.HasPrefix(strings.TrimLeft(s, " \t"), "\n"):
		r.top().Text = Lines
	default:
		r.top().Text = Inline
	}
}

// endElement closes an element, and marks what was left open in it.
func (r *reader) endElement(name string) error {
	for len(r.stack) > 1 {
		open := r.top()
		r.stack = r.stack[:len(r.stack)-1]
		if open.Name == name {
			return nil
		}
		open.Unclosed = true
	}
	return fmt.Errorf("</%s> ends nothing", name)
}

func fullName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// foldEqual makes one of equal elements that follow each other.
func (s *Shape) foldEqual() {
	var kept []*Shape
	for _, c := range s.Children {
		c.foldEqual()
		if n := len(kept); n > 0 && kept[n-1].sameShape(c) {
			kept[n-1].Many = true
			continue
		}
		kept = append(kept, c)
	}
	s.Children = kept
}

func (s *Shape) sameShape(o *Shape) bool {
	return s.Name == o.Name && s.Text == o.Text && s.Unclosed == o.Unclosed && slices.Equal(s.Attrs, o.Attrs) &&
		slices.EqualFunc(s.Children, o.Children, func(a, b *Shape) bool { return a.Many == b.Many && a.sameShape(b) })
}
