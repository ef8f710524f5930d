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
	root := parseReply(xml)
	if root == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("{\n")
	writeObject(&b, root, 1)
	b.WriteString("}\n")
	return b.String()
}

// writeObject writes the members of an object, elements of one name together.
func writeObject(b *strings.Builder, e *etree.Element, level int) {
	pad := strings.Repeat("    ", level)
	for i, name := range childNames(e) {
		if i > 0 {
			b.WriteString(", \n")
		}
		b.WriteString(pad + quoteJSON(name) + " : [\n")
		for j, c := range e.SelectElements(name) {
			if j > 0 {
				b.WriteString(", \n")
			}
			b.WriteString(pad + "{\n")
			writeContent(b, c, level+1)
			b.WriteString(pad + "}")
		}
		b.WriteString("\n" + pad + "]")
	}
	b.WriteString("\n")
}

func writeContent(b *strings.Builder, e *etree.Element, level int) {
	pad := strings.Repeat("    ", level)
	if attrs := attributesJSON(e); attrs != "" {
		b.WriteString(pad + attrs)
		if len(e.ChildElements()) > 0 || e.Text() != "" {
			b.WriteString(", ")
		}
		b.WriteString("\n")
	}
	switch {
	case len(e.ChildElements()) > 0:
		writeObject(b, e, level)
	case e.Text() == "":
		b.WriteString(pad + "\"data\" : [null]\n")
	default:
		b.WriteString(pad + "\"data\" : " + quoteJSON(withoutLayout(e.Text())) + "\n")
	}
}

// withoutLayout takes the line breaks away around a value that stands on a line of its
// own. Texts of several lines keep theirs.
func withoutLayout(text string) string {
	if line := strings.Trim(text, "\n"); !strings.Contains(line, "\n") && strings.HasPrefix(text, "\n") {
		return line
	}
	return text
}

func attributesJSON(e *etree.Element) string {
	var all []string
	for _, a := range e.Attr {
		all = append(all, quoteJSON(a.FullKey())+" : "+quoteJSON(a.Value))
	}
	if len(all) == 0 {
		return ""
	}
	return `"attributes" : {` + strings.Join(all, ", ") + "}"
}

// childNames are those of the children, each once, in order.
func childNames(e *etree.Element) []string {
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

func quoteJSON(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(data)
}
