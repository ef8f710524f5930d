// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"encoding/json"
	"strings"

	"github.com/beevik/etree"
)

// toJSON writes a reply the way Junos turns XML into JSON: every element is an
// array of its occurrences, text is "data", attributes are "attributes".
func toJSON(xml string) string {
	root := parse(xml)
	if root == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("{\n")
	object(&b, root, 1)
	b.WriteString("}\n")
	return b.String()
}

// object writes the members of an object, elements of one name together.
func object(b *strings.Builder, e *etree.Element, level int) {
	pad := strings.Repeat("    ", level)
	for i, name := range names(e) {
		if i > 0 {
			b.WriteString(", \n")
		}
		b.WriteString(pad + quoted(name) + " : [\n")
		for j, c := range e.SelectElements(name) {
			if j > 0 {
				b.WriteString(", \n")
			}
			b.WriteString(pad + "{\n")
			content(b, c, level+1)
			b.WriteString(pad + "}")
		}
		b.WriteString("\n" + pad + "]")
	}
	b.WriteString("\n")
}

func content(b *strings.Builder, e *etree.Element, level int) {
	pad := strings.Repeat("    ", level)
	if attrs := attributes(e); attrs != "" {
		b.WriteString(pad + attrs)
		if len(e.ChildElements()) > 0 || e.Text() != "" {
			b.WriteString(", ")
		}
		b.WriteString("\n")
	}
	switch {
	case len(e.ChildElements()) > 0:
		object(b, e, level)
	case e.Text() == "":
		b.WriteString(pad + "\"data\" : [null]\n")
	default:
		b.WriteString(pad + "\"data\" : " + quoted(e.Text()) + "\n")
	}
}

func attributes(e *etree.Element) string {
	var all []string
	for _, a := range e.Attr {
		all = append(all, quoted(a.FullKey())+" : "+quoted(a.Value))
	}
	if len(all) == 0 {
		return ""
	}
	return `"attributes" : {` + strings.Join(all, ", ") + "}"
}

// names are those of the children, each once, in order.
func names(e *etree.Element) []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range e.ChildElements() {
		if !seen[c.Tag] {
			seen[c.Tag] = true
			all = append(all, c.Tag)
		}
	}
	return all
}

func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(data)
}
