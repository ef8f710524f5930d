// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

func (p pageView) detailsSection() markup {
	shown := p.Chassis[:min(len(p.Chassis), mostDetails)]
	rest := when(len(shown) < len(p.Chassis), el("p", nil, escaped(fmt.Sprintf("The %d most urgent of %d chassis. All are in the table above.", len(shown), len(p.Chassis)))))
	return section("chassis", "Chassis", rest, el("div", class("grid"), each(shown, chassisView.chassisArticle)))
}

func (c chassisView) chassisArticle() markup {
	no := strconv.Itoa(c.No)
	return el("article", attrs{"class", c.paperClasses(), "id", "c" + no, "data-c", no, "aria-labelledby", "h" + no},
		el("h3", attrs{"id", "h" + no}, escaped(c.Record.Host), " ", badge(transportState(c.Via), transportState(c.Via), c.Transport), " ", badge(runColor(c.Last), runIcon(c.Last), runWord(c.Last)), tagMarkup(c.Check)),
		el("div", class("two"), c.ringDrawing(), c.factList()),
		bullets("why", c.Reasons), c.changesLine(), c.memberTable())
}

// isFine says that nothing is wrong with a chassis: that it is still to be moved is in
// the table. On paper it has no more than its line there.
func (c chassisView) isFine() bool {
	return c.Next == NextNothing || c.Next == NextMove && len(c.Record.Problems) == 0
}

// paperClasses are its classes, with one for what paper leaves out.
func (c chassisView) paperClasses() string {
	if c.isFine() {
		return c.classes() + " fine"
	}
	return c.classes()
}

func (c chassisView) factList() markup {
	var list markup
	for _, fact := range []struct {
		name string
		what markup
	}{
		{"Transport", escaped(c.Transport + ", " + c.Why)},
		{"Wanted", escaped(c.Wanted)},
		{"In sync", escaped(c.InSync)},
		{"FIPS mode", escaped(c.FIPS)},
		{"Last run", escaped(c.Run)},
		{"Proved", escaped(orNever(c.Proved.Human))},
		{"Record", escaped(c.Written.Human+", "+c.Age) + tagMarkup(c.Old) + when(c.Kept > 1, escaped(fmt.Sprintf(" (%d kept)", c.Kept))) + when(c.Record.File != c.Record.Host+".json", " "+el("small", nil, escaped(c.Record.File)))},
	} {
		list += el("dt", nil, escaped(fact.name)) + el("dd", nil, fact.what)
	}
	return el("dl", nil, list)
}

func (c chassisView) changesLine() markup {
	return stepsLine("Changed: ", c.Record.Did, c.Record.DoneWords) + stepsLine("Would change; check mode wrote nothing: ", c.Record.Would, outcome.StepWords)
}

func stepsLine(verb string, steps []string, name func(step string) string) markup {
	var words []string
	for _, step := range steps {
		words = append(words, name(step))
	}
	return when(len(words) > 0, el("p", class("did"), escaped(verb+strings.Join(words, "; ")+".")))
}

func (c chassisView) memberTable() markup {
	var heads markup
	for _, words := range []string{"Member", "Serial number, model, release", "State"} {
		heads += el("th", attrs{"scope", "col"}, escaped(words))
	}
	return when(len(c.Members) > 0, el("table", nil, el("caption", nil, "Members of ", escaped(c.Record.Host)),
		el("thead", nil, el("tr", nil, heads)), el("tbody", nil, each(c.Members, memberView.memberRow))))
}

func (m memberView) memberRow() markup {
	var marks []markup
	for _, k := range m.Marks {
		words := escaped(k.Text)
		if k.Bad {
			words = el("b", nil, words)
		}
		marks = append(marks, words)
	}
	return el("tr", class(wellClass(!m.isAtFault())), el("th", attrs{"scope", "row"}, escaped(strconv.Itoa(m.ID)+" "), el("small", nil, escaped(m.Role))),
		el("td", nil, escaped(m.Serial+" "), el("small", nil, escaped(m.Model+", "+m.Version))), el("td", nil, joinMarkup(marks, ", ")))
}

// wellClass marks what paper leaves out.
func wellClass(isWell bool) string {
	if isWell {
		return "well"
	}
	return ""
}

func (m memberView) isAtFault() bool {
	return slices.ContainsFunc(m.Marks, func(mark memberMark) bool { return mark.Bad })
}

func (c chassisView) ringDrawing() markup {
	if len(c.Members) == 0 {
		return el("p", class("none"), "No member is known, so there is nothing to draw.")
	}
	no, g := strconv.Itoa(c.No), c.Ring
	return el("svg", attrs{"class", "ring", "viewBox", fmt.Sprintf("0 0 300 %d", g.Height), "role", "img", "aria-labelledby", "t" + no + " d" + no},
		el("title", attrs{"id", "t" + no}, escaped(g.Title)), el("desc", attrs{"id", "d" + no}, escaped(g.Desc)),
		each(g.Links, func(l arc) markup { return el("path", attrs{"class", l.Class, "d", l.Path}) }),
		each(g.Nodes, node.nodeMarkup), g.labelMarkup())
}

func (n node) nodeMarkup() markup {
	return el("g", attrs{"class", n.Class, "transform", fmt.Sprintf("translate(%d %d)", n.X, n.Y)},
		el("use", attrs{"href", "#n"}), el("text", attrs{"y", "-3"}, escaped(strconv.Itoa(n.ID))),
		el("text", attrs{"class", "q", "y", "10"}, escaped(n.Role)),
		when(n.Warn, el("use", attrs{"class", "a", "href", "#w", "x", "30", "y", "-14"})))
}

func (g ring) labelMarkup() markup {
	return el("g", attrs{"class", "mid s-" + string(g.Icon), "transform", g.labelPlace()},
		el("use", attrs{"href", "#i-" + string(g.Icon), "x", "-8", "y", "-17", "width", "16", "height", "16"}),
		el("text", attrs{"y", "14"}, escaped(g.Label)),
		when(g.More > 0, el("text", attrs{"class", "q", "y", "27"}, escaped(fmt.Sprintf("and %d more", g.More)))))
}
