// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"html"
	"strings"
)

// markup is text that may go to the page as it is. The type is the guard:
// a string out of a record is no markup until text has escaped it, and the
// compiler refuses it everywhere else. (html/template would do too, but it
// makes the linker keep every method there is, and the program, which is sent
// once for each platform, a quarter larger.)
type markup string

// attrs are names, which are constants, and values, which may be anything and
// are escaped. No value of a record is ever an address, a style or a script.
type attrs []string

func escaped(s string) markup { return markup(html.EscapeString(s)) }

// el is an element. The page is well-formed XML too, so that it can be checked.
func el(name string, a attrs, children ...markup) markup {
	var b strings.Builder
	b.WriteString("<" + name)
	for i := 0; i+1 < len(a); i += 2 {
		b.WriteString(" " + a[i] + `="` + html.EscapeString(a[i+1]) + `"`)
	}
	switch name {
	case "meta", "input", "path", "rect", "circle", "use":
		b.WriteString("/>")
		return markup(b.String())
	}
	b.WriteString(">")
	for _, c := range children {
		b.WriteString(string(c))
	}
	b.WriteString("</" + name + ">")
	return markup(b.String())
}

func joinMarkup(parts []markup, between markup) markup {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString(string(between))
		}
		b.WriteString(string(p))
	}
	return markup(b.String())
}

// each renders a list, one line an entry.
func each[T any](list []T, render func(T) markup) markup {
	parts := make([]markup, 0, len(list))
	for _, v := range list {
		parts = append(parts, render(v))
	}
	return joinMarkup(parts, "\n")
}

// when leaves out what has no point.
func when(sense bool, m markup) markup {
	if sense {
		return m
	}
	return ""
}

// class is none for an empty name.
func class(name string) attrs {
	if name == "" {
		return nil
	}
	return attrs{"class", name}
}
