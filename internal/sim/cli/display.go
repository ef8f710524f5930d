// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// displays are the words behind "display", and those behind each of them that the simulator reads.
var displays = map[string]string{"json": "", "set": "relative", "xml": "rpc"}

// absentDisplays are those that Junos has besides.
var absentDisplays = strings.Fields("changed commit-scripts detail explicit groups inheritance minimal omit rfc5952 translation-scripts")

func chooseDisplay(text string) string {
	var found []string
	for d := range displays {
		if strings.HasPrefix(d, text) {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// checkDisplay refuses words that it does not read.
func checkDisplay(stage []word) error {
	allowed := ""
	for i, w := range stage[1:] {
		form := chooseDisplay(w.text)
		switch {
		case i == 0 && form != "":
			allowed = displays[form]
		case i > 0 && w.text == allowed:
		case slices.Contains(absentDisplays, w.text):
			return absentError("| display " + strings.Join(wordTexts(stage[1:]), " "))
		default:
			return &Error{Message: msgSyntax, Bad: w.text, Column: w.col}
		}
	}
	return nil
}

// formText is the text of a result in the form that "display" and "compare" ask for.
func (s *session) formText(r result, stages [][]word) (string, error) {
	text := r.text
	if r.config != nil {
		text = r.config.textAt(r.path)
	}
	for _, stage := range stages {
		p, _ := choosePipe(stage[0])
		args := wordTexts(stage[1:])
		var err error
		switch {
		case p.word == "compare":
			text, err = s.compareWith(r, args)
		case p.word == "display":
			text, err = s.displayAs(r, text, chooseDisplay(args[0]), args[1:])
		}
		if err != nil {
			return "", err
		}
	}
	return text, nil
}

func (s *session) displayAs(r result, text, form string, args []string) (string, error) {
	switch form {
	case "xml":
		return s.xmlDocument(r, slices.Contains(args, "rpc")), nil
	case "json":
		if r.config != nil {
			return r.config.partAt(r.path).JSON(shownAttrs(r.config)...), nil
		}
		return toJSON(r.xml), nil
	case "set":
		if r.config == nil {
			return text, nil
		}
		return setText(r.config.partAt(r.path).SetText(), r.path, slices.Contains(args, "relative")), nil
	}
	return text, nil
}

// compareWith is what leads from an earlier configuration to this one.
func (s *session) compareWith(r result, args []string) (string, error) {
	if r.config == nil {
		return "", refusedError("compare is for configurations only")
	}
	source := Committed
	switch {
	case len(args) == 2 && strings.HasPrefix("rollback", args[0]):
		source = args[1]
	case len(args) > 0:
		return "", absentError("| compare " + args[0])
	}
	old, err := s.dev.Configuration(source)
	if err != nil {
		return "", err
	}
	return conf.Compare(old.partAt(r.path), r.config.partAt(r.path)), nil
}

// textAt is what stands at a path; the whole configuration says who left it so.
func (c *Config) textAt(path []string) string {
	if len(path) == 0 {
		return c.firstRemark() + c.Tree.Text()
	}
	text, _ := c.Tree.TextAt(path...)
	return text
}

// firstRemark is the first line of a whole configuration.
func (c *Config) firstRemark() string {
	for _, a := range c.Attrs {
		switch a.Name {
		case "junos:commit-localtime":
			return fmt.Sprintf("## Last commit: %s by %s\n", a.Value, c.attrNamed("junos:commit-user"))
		case "junos:changed-localtime":
			return fmt.Sprintf("## Last changed: %s\n", a.Value)
		}
	}
	return ""
}

func (c *Config) attrNamed(name string) string {
	for _, a := range c.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

func (c *Config) partAt(path []string) *conf.Tree {
	if len(path) == 0 {
		return c.Tree
	}
	if tree, ok := c.Tree.Only(path...); ok {
		return tree
	}
	return conf.New(c.Tree.Schema())
}

// xmlAt is the configuration element of a reply.
func (c *Config) xmlAt(path []string) string {
	return c.partAt(path).XML(conf.XMLOptions{Attrs: c.Attrs})
}

// shownAttrs are the attributes that the CLI shows: all but the name space.
func shownAttrs(c *Config) []conf.Attr {
	return slices.DeleteFunc(slices.Clone(c.Attrs), func(a conf.Attr) bool { return a.Name == "xmlns" })
}

// setText takes the path out of every command where it is wanted relative to it.
func setText(text string, path []string, relative bool) string {
	if !relative || len(path) == 0 {
		return text
	}
	var b strings.Builder
	for _, line := range splitLines(text) {
		verb, rest, _ := strings.Cut(line, " ")
		b.WriteString(verb + " " + strings.TrimPrefix(strings.TrimPrefix(rest, conf.QuotePath(path)), " "))
	}
	return b.String()
}

// xmlDocument prints the reply as a document, or the request that asks for it.
func (s *session) xmlDocument(r result, rpc bool) string {
	st := s.dev.Status()
	var b strings.Builder
	fmt.Fprintf(&b, "<rpc-reply xmlns:junos=\"http://xml.juniper.net/junos/%s/junos\">\n", st.Release)
	switch {
	case rpc && r.rpc == "":
		b.WriteString("    <xml-rpc-equivalent-missing/>\n")
	case rpc:
		b.WriteString("    <rpc>\n" + indentXML(r.rpc, 2) + "    </rpc>\n")
	case r.config != nil:
		b.WriteString(r.config.partAt(r.path).XML(conf.XMLOptions{Attrs: shownAttrs(r.config), Level: 1}))
	case r.xml != "":
		b.WriteString(indentXML(r.xml, 1))
	default:
		b.WriteString("    <output>\n" + escapeXML(r.text) + "    </output>\n")
	}
	banner := st.Banner
	if s.edit != nil {
		banner += s.edit.editBanner()
	}
	fmt.Fprintf(&b, "    <cli>\n        <banner>%s</banner>\n    </cli>\n</rpc-reply>\n", banner)
	return b.String()
}

func escapeXML(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// indentXML indents elements by four spaces a level and leaves text as it is.
func indentXML(xml string, level int) string {
	root := parseReply(xml)
	if root == nil {
		return xml
	}
	var b strings.Builder
	for _, e := range root.ChildElements() {
		writeIndented(&b, e, level)
	}
	return b.String()
}

func writeIndented(b *strings.Builder, e *etree.Element, level int) {
	pad := strings.Repeat("    ", level)
	b.WriteString(pad + "<" + e.FullTag())
	for _, a := range e.Attr {
		fmt.Fprintf(b, " %s=\"%s\"", a.FullKey(), escapeXML(a.Value))
	}
	children := e.ChildElements()
	switch text := e.Text(); {
	case len(children) > 0:
		b.WriteString(">\n")
		for _, c := range children {
			writeIndented(b, c, level+1)
		}
		b.WriteString(pad)
	case text == "":
		b.WriteString("/>\n")
		return
	default:
		b.WriteString(">" + escapeXML(text))
	}
	b.WriteString("</" + e.FullTag() + ">\n")
}

// parseReply reads the inside of a reply. Junos leaves elements open in some of its
// replies; they are closed here.
func parseReply(xml string) *etree.Element {
	doc := etree.NewDocument()
	doc.ReadSettings.Permissive = true
	if doc.ReadFromString(`<rpc-reply xmlns:junos="junos" xmlns:nc="nc">`+xml+`</rpc-reply>`) != nil {
		return nil
	}
	return doc.Root()
}
