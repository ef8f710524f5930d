// SPDX-License-Identifier: GPL-3.0-or-later

package shapes

import (
	"fmt"
	"strings"
)

// String writes a shape as an indented list: a name, its attributes with an @, and their values behind =,
// where its text stands, "unclosed", and a + if it is repeated.
func (s *Shape) String() string {
	var b strings.Builder
	for _, c := range s.Children {
		c.writeTree(&b, 0)
	}
	return b.String()
}

func (s *Shape) writeTree(b *strings.Builder, depth int) {
	b.WriteString(strings.Repeat("  ", depth) + strings.ReplaceAll(s.Name, " ", ""))
	for _, a := range s.Attrs {
		b.WriteString(" @" + a)
		if v, known := s.Values[a]; known {
			b.WriteString("=" + v)
		}
	}
	for _, mark := range []struct {
		set  bool
		word string
	}{{s.Text != "", s.Text}, {s.Unclosed, "unclosed"}, {s.Many, "+"}} {
		if mark.set {
			b.WriteString(" " + mark.word)
		}
	}
	b.WriteByte('\n')
	for _, c := range s.Children {
		c.writeTree(b, depth+1)
	}
}

// Parse reads what String writes.
func Parse(text string) (*Shape, error) {
	stack := []*Shape{{}}
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if indent%2 != 0 || indent/2 >= len(stack) {
			return nil, fmt.Errorf("line %d: indented by %d", i+1, indent)
		}
		child, err := parseLine(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		stack = stack[:indent/2+1]
		parent := stack[len(stack)-1]
		parent.Children = append(parent.Children, child)
		stack = append(stack, child)
	}
	return stack[0], nil
}

func parseLine(words []string) (*Shape, error) {
	s := &Shape{Name: words[0], Values: map[string]string{}}
	if s.Name == strings.ReplaceAll(comment, " ", "") {
		s.Name = comment
	}
	for _, w := range words[1:] {
		attr, isAttr := strings.CutPrefix(w, "@")
		switch {
		case isAttr:
			attr, value, known := strings.Cut(attr, "=")
			s.Attrs = append(s.Attrs, attr)
			if known {
				s.Values[attr] = value
			}
		case w == Inline, w == Lines:
			s.Text = w
		case w == "unclosed":
			s.Unclosed = true
		case w == "+":
			s.Many = true
		default:
			return nil, fmt.Errorf("%q is no mark", w)
		}
	}
	return s, nil
}

// Find returns the first element of that name, or nil.
func (s *Shape) Find(name string) *Shape {
	for _, c := range s.Children {
		if c.Name == name {
			return c
		}
		if found := c.Find(name); found != nil {
			return found
		}
	}
	return nil
}
