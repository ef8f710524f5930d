// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes configurations that the schema allows, with a canary wherever
// somebody could have written a secret.
type generator struct {
	*rand.Rand
	b        strings.Builder
	canaries []string
	planted  map[string]int // by path
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 16)), planted: map[string]int{}}
}

// canary is a word that no schema has; some are written in base64, some on two lines.
func (g *generator) canary(path string) string {
	word := fmt.Sprintf("Kanarie%06dQz", g.IntN(1000000))
	g.canaries = append(g.canaries, word)
	g.planted[path]++
	switch g.IntN(5) {
	case 0:
		return base64.StdEncoding.EncodeToString([]byte("x" + word + "x"))
	case 1:
		return word[:4] + "\n   " + word[4:]
	case 2:
		return "$9$" + word
	case 3:
		return "see " + word + " & <others>"
	}
	return word
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (g *generator) configuration() string {
	g.b.WriteString(`<rpc-reply xmlns:junos="http://xml.juniper.net/junos/25.2R0/junos"><configuration junos:commit-user="` + escape("see "+g.canary("commit-user")) + `">`)
	k := knownStatements()
	g.fill(k.root, k.root, "", 0)
	g.b.WriteString("</configuration></rpc-reply>")
	return g.b.String()
}

// fill writes some statements, among them unknown ones and comments.
func (g *generator) fill(root, s *statement, path string, depth int) {
	if s.kids["name"] != nil {
		g.leaf(s.kids["name"], path+" name")
	}
	names := slices.Sorted(maps.Keys(s.kids))
	if s == root.kids["groups"] {
		names = slices.Sorted(maps.Keys(root.kids))
	}
	want := 1 + g.IntN(3)
	if depth == 0 {
		want = 14
	}
	for range want {
		if depth > 6 || len(names) == 0 {
			break
		}
		name := names[g.IntN(len(names))]
		kid := knownStatements().child(s, name)
		if name == "name" || kid == nil {
			continue
		}
		at := strings.TrimSpace(path + " " + name)
		if kid.typ != "" {
			g.leaf(kid, at)
			continue
		}
		g.b.WriteString("<" + name + g.marks() + ">")
		g.fill(root, kid, at, depth+1)
		g.b.WriteString("</" + name + ">")
	}
	g.oddities(path)
}

// marks are attributes, and one that nobody knows.
func (g *generator) marks() string {
	switch g.IntN(8) {
	case 0:
		return ` inactive="inactive"`
	case 1:
		return ` junos:group="` + escape(g.canary("junos:group")) + `"`
	case 2:
		return ` odd="` + escape(g.canary("odd")) + `"`
	}
	return ""
}

func (g *generator) oddities(path string) {
	switch g.IntN(6) {
	case 0:
		g.b.WriteString("<junos:comment>/* " + escape(g.canary("comment")) + " */</junos:comment>")
	case 1:
		g.b.WriteString("<frobnicate><name>" + escape(g.canary("frobnicate name")) + "</name><frob>" + escape(g.canary("frob")) + "</frob><flag/></frobnicate>")
	case 2:
		g.b.WriteString("<apply-groups>" + escape(g.canary("apply-groups")) + "</apply-groups><apply-macro><name>" + escape(g.canary("apply-macro")) +
			"</name><data><name>" + escape(g.canary("apply-macro data")) + "</name><value>" + escape(g.canary("apply-macro value")) + "</value></data></apply-macro>")
	}
}

// leaf writes a value that the schema allows: a canary where it takes any text.
func (g *generator) leaf(s *statement, path string) {
	value := ""
	switch s.typ {
	case "empty":
		g.b.WriteString("<" + s.name + "/>")
		return
	case "int":
		value = fmt.Sprint(g.IntN(4000))
	case "enum":
		value = s.words[g.IntN(len(s.words))]
	case "jt:ipaddr", "jt:ipv4addr":
		value = fmt.Sprintf("192.0.2.%d", g.IntN(256))
	case "jt:ipprefix", "jt:ipv4prefix":
		value = fmt.Sprintf("198.51.100.%d/%d", g.IntN(256), g.IntN(33))
	default:
		value = g.canary(path)
		if _, ok := mayStay[strings.TrimPrefix(path, "groups ")]; ok { // a name stays there; what cannot be one does not
			value = "see " + g.canaries[len(g.canaries)-1] + " & <others>"
		}
	}
	g.b.WriteString("<" + s.name + ">" + escape(value) + "</" + s.name + ">")
}
