// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"strconv"
	"strings"
)

func (p page) details() markup {
	return section("chassis", "Chassis", el("div", class("grid"), each(p.Chassis, chassis.article)))
}

func (c chassis) article() markup {
	no := strconv.Itoa(c.No)
	return el("article", attrs{"class", "c " + string(c.State), "id", "c" + no, "data-c", no, "aria-labelledby", "h" + no},
		el("h3", attrs{"id", "h" + no}, text(c.Record.Host), " ", badge(c.State), tag(c.Check)),
		el("div", class("two"), c.drawing(), c.facts()),
		bullets("why", c.Reasons), c.changes(), c.table())
}

func (c chassis) facts() markup {
	var list markup
	for _, fact := range []struct {
		name string
		what markup
	}{
		{"Transport", text(c.Transport + ", " + c.Why)},
		{"Wanted", text(c.Wanted)},
		{"In sync", text(c.InSync)},
		{"FIPS mode", text(c.FIPS)},
		{"Last run", text(c.Run)},
		{"Record", text(c.Written.Human) + tag(c.Old) + when(c.Record.File != c.Record.Host+".json", " "+el("small", nil, text(c.Record.File)))},
	} {
		list += el("dt", nil, text(fact.name)) + el("dd", nil, fact.what)
	}
	return el("dl", nil, list)
}

func (c chassis) changes() markup {
	verb := "Changed: "
	if c.Record.Check {
		verb = "Would change; check mode wrote nothing: "
	}
	return when(len(c.Record.Changed) > 0, el("p", class("did"), text(verb+strings.Join(c.Record.Changed, "; ")+".")))
}

func (c chassis) table() markup {
	var heads markup
	for _, words := range []string{"Member", "Serial number, model, release", "State"} {
		heads += el("th", attrs{"scope", "col"}, text(words))
	}
	return when(len(c.Members) > 0, el("table", nil, el("caption", nil, "Members of ", text(c.Record.Host)),
		el("thead", nil, el("tr", nil, heads)), el("tbody", nil, each(c.Members, member.row))))
}

func (m member) row() markup {
	var marks []markup
	for _, k := range m.Marks {
		words := text(k.Text)
		if k.Bad {
			words = el("b", nil, words)
		}
		marks = append(marks, words)
	}
	return el("tr", nil, el("th", attrs{"scope", "row"}, text(strconv.Itoa(m.ID)+" "), el("small", nil, text(m.Role))),
		el("td", nil, text(m.Serial+" "), el("small", nil, text(m.Model+", "+m.Version))), el("td", nil, join(marks, ", ")))
}

func (c chassis) drawing() markup {
	if len(c.Members) == 0 {
		return el("p", class("none"), "No member is known, so there is nothing to draw.")
	}
	no, g := strconv.Itoa(c.No), c.Ring
	return el("svg", attrs{"class", "ring", "viewBox", fmt.Sprintf("0 0 300 %d", g.Height), "role", "img", "aria-labelledby", "t" + no + " d" + no},
		el("title", attrs{"id", "t" + no}, text(g.Title)), el("desc", attrs{"id", "d" + no}, text(g.Desc)),
		each(g.Links, func(l arc) markup { return el("path", attrs{"class", l.Class, "d", l.Path}) }),
		each(g.Nodes, node.markup), g.label())
}

func (n node) markup() markup {
	return el("g", attrs{"class", n.Class, "transform", fmt.Sprintf("translate(%d %d)", n.X, n.Y)},
		el("use", attrs{"href", "#n"}), el("text", attrs{"y", "-3"}, text(strconv.Itoa(n.ID))),
		el("text", attrs{"class", "q", "y", "10"}, text(n.Role)),
		when(n.Warn, el("use", attrs{"class", "a", "href", "#w", "x", "30", "y", "-14"})))
}

func (g ring) label() markup {
	return el("g", attrs{"class", "mid s-" + string(g.Icon), "transform", g.middle()},
		el("use", attrs{"href", "#i-" + string(g.Icon), "x", "-8", "y", "-17", "width", "16", "height", "16"}),
		el("text", attrs{"y", "14"}, text(g.Label)),
		when(g.More > 0, el("text", attrs{"class", "q", "y", "27"}, text(fmt.Sprintf("and %d more", g.More)))))
}
