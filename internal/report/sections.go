// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"strconv"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

func (p pageView) summarySection() markup {
	return section("summary", "Summary", each(p.Lead, func(s string) markup { return el("p", class("lead"), escaped(s)) }),
		each(p.Axes, func(a axis) markup { return a.markup(len(p.Chassis)) }),
		el("p", attrs{"id", "finder", "hidden", ""},
			el("label", attrs{"for", "words"}, "Find chassis by words: name, group, serial number, model, release, text of a problem"),
			el("input", attrs{"id", "words", "type", "search", "autocomplete", "off", "spellcheck", "false"})),
		el("p", attrs{"id", "said", "role", "status"}))
}

func (a axis) markup(all int) markup {
	bar := each(a.Cards, func(c card) markup {
		return when(c.N > 0, el("rect", attrs{"class", "s-" + string(c.Color), "x", shortNumber(c.X), "width", shortNumber(c.Width), "height", "14"}))
	})
	cards := each(a.Cards, func(c card) markup {
		return a.choice("k s-"+string(c.Color), c.Value, strconv.Itoa(c.N), stateIcon(c.Icon)+" "+escaped(c.Word))
	})
	return el("fieldset", class("cards"), el("legend", nil, escaped(a.Legend+". Choose one to see only these.")),
		a.choice("k all", "", strconv.Itoa(all), "All")+cards) +
		el("svg", attrs{"class", "bar", "viewBox", "0 0 1000 14", "preserveAspectRatio", "none", "aria-hidden", "true"}, bar)
}

func (a axis) choice(classes, value, count string, words markup) markup {
	at := attrs{"type", "radio", "name", a.Name, "value", value, "autocomplete", "off"}
	if value == "" {
		at = append(at, "checked", "")
	}
	return el("label", class(classes), el("input", at), el("b", nil, escaped(count)), " ", el("span", nil, words))
}

func shortNumber(f float64) string { return strconv.FormatFloat(f, 'g', 5, 64) }

func (p pageView) problemsSection() markup {
	none := when(len(p.Bad)+len(p.Groups)+len(p.Missing) == 0,
		el("p", class("good"), stateIcon(outcome.Encrypted), " Nothing. Every chassis synchronizes over SCP, and nothing is missing."))
	return section("problems", "What to do next", p.badFiles(), p.neverRead(), each(p.Groups, group.groupMarkup), none)
}

// neverRead lists chassis of the inventory that have no record, whatever the filter says.
func (p pageView) neverRead() markup {
	return when(len(p.Missing) > 0, el("section", attrs{"class", "group s-unknown", "aria-labelledby", "g-none"},
		groupHead("g-none", outcome.Unclear, "Read them for the first time", len(p.Missing), "They are in the inventory and have no record: run vchassis.junos.audit."),
		foldItems(p.Missing, func(host string) markup { return el("li", nil, escaped(host)) })))
}

// mostOpen is how many entries of a list are shown without being asked for.
const mostOpen = 20

// foldItems is a list of which what comes after the first is folded away.
func foldItems[T any](items []T, render func(T) markup) markup {
	if len(items) <= mostOpen {
		return el("ul", nil, each(items, render))
	}
	rest := items[mostOpen:]
	return el("ul", nil, each(items[:mostOpen], render)) +
		el("details", nil, el("summary", nil, escaped(fmt.Sprintf("and %d more", len(rest)))), el("ul", nil, each(rest, render)))
}

// badFiles files are shown whatever the filter says: they belong to no state.
func (p pageView) badFiles() markup {
	return when(len(p.Bad) > 0, el("section", attrs{"class", "group s-failed", "aria-labelledby", "g-bad"},
		groupHead("g-bad", outcome.Failed, "Files that could not be used", len(p.Bad), "This report does not include them."),
		el("ul", nil, each(p.Bad, func(b Bad) markup { return el("li", nil, el("b", nil, escaped(b.File)), ": ", escaped(b.Reason)) }))))
}

func (g group) groupMarkup() markup {
	id := "g-" + string(g.Next)
	return el("section", attrs{"class", "group s-" + string(nextColor(g.Next)), "data-g", string(g.Next), "aria-labelledby", id},
		groupHead(id, nextColor(g.Next), g.Word, len(g.Items), g.Means), foldItems(g.Items, item.itemMarkup))
}

func groupHead(id string, s outcome.State, words string, n int, means string) markup {
	return el("h3", attrs{"id", id}, stateIcon(s), " ", escaped(words), " ", el("span", class("n"), escaped(strconv.Itoa(n)))) + el("p", nil, escaped(means))
}

func (i item) itemMarkup() markup {
	var reasons markup
	switch len(i.Reasons) {
	case 0:
	case 1:
		reasons = ": " + escaped(i.Reasons[0])
	default:
		reasons = bullets("", i.Reasons)
	}
	return el("li", attrs{"class", i.classes(), "data-c", strconv.Itoa(i.No)}, i.hostLink(), reasons)
}

func bullets(classes string, words []string) markup {
	return when(len(words) > 0, el("ul", class(classes), each(words, func(s string) markup { return el("li", nil, escaped(s)) })))
}

func (p pageView) overviewSection() markup {
	columns := []struct{ class, words string }{{"", "Chassis"}, {"n2", "Transport"}, {"n4", "Last run"}, {"w n3", "Next"}, {"v n3", "FIPS"},
		{"v r n3", "Members"}, {"v n2", "Proved"}, {"v n2", "Record"}}
	if p.Sites {
		columns = append(columns, struct{ class, words string }{"v n6", "Groups"})
	}
	var heads markup
	for _, c := range columns {
		heads += el("th", append(class(c.class), "scope", "col"), escaped(c.words))
	}
	table := func(caption markup, rows []chassisView) markup {
		return el("table", class("over"), el("caption", nil, caption),
			el("thead", nil, el("tr", nil, heads)), el("tbody", nil, each(rows, func(c chassisView) markup { return c.overviewRow(p.Sites) })))
	}
	first, rest := p.Chassis[:min(len(p.Chassis), mostDetails)], p.Chassis[min(len(p.Chassis), mostDetails):]
	return section("overview", "Overview", table("All chassis, the most urgent first."+el("span", class("sort"), " Choose a heading to sort."), first),
		when(len(rest) > 0, el("details", class("rest"), el("summary", nil, escaped(fmt.Sprintf("and %d more", len(rest)))), table("The others", rest))))
}

// overviewRow leaves out on a narrow screen, class v, and on a phone, class w, what stands with the drawing too.
func (c chassisView) overviewRow(sites bool) markup {
	no := strconv.Itoa(c.No)
	return el("tr", attrs{"class", c.classes(), "data-c", no},
		el("th", attrs{"scope", "row"}, c.hostLink()),
		el("td", nil, badge(transportState(c.Via), transportState(c.Via), c.Transport)), el("td", class("run s-"+string(runColor(c.Last))), escaped(runWord(c.Last)), tagMarkup(c.Check)),
		el("td", class("w"), escaped(string(c.Next))), el("td", class("v"), escaped(c.FIPS)),
		el("td", class("v r"), escaped(strconv.Itoa(len(c.Members)))), el("td", class("v"), escaped(orNever(c.Proved.day()))),
		el("td", class("v"), escaped(c.Written.day()), tagMarkup(c.Old)), when(sites, el("td", class("v"), escaped(c.Groups))))
}

func orNever(text string) string {
	if text == "" {
		return "never"
	}
	return text
}

// mostDetails is how many chassis have a drawing and a table of their members. Where
// there are more, the others are in a second table, folded: a browser takes seconds to
// lay out thousands of rows.
const mostDetails = 500

func (c chassisView) hasDetails() bool { return c.No <= mostDetails }

func (c chassisView) hostLink() markup {
	if !c.hasDetails() {
		return escaped(c.Record.Host)
	}
	return el("a", attrs{"href", "#c" + strconv.Itoa(c.No)}, escaped(c.Record.Host))
}

// classes are what the filters choose by: one of each axis.
func (c chassisView) classes() string { return "c t-" + string(c.Via) + " r-" + string(c.Last) }

func legendSection() markup {
	var terms markup
	for _, r := range Runs() {
		terms += el("dt", nil, badge(runColor(r), runIcon(r), runWord(r))) + el("dd", nil, escaped(runMeaning(r)))
	}
	for _, l := range []struct{ class, words, means string }{
		{"scp", "solid line", "A member's configuration travels over SCP."},
		{"rcp", "dashed line", "It travels over RCP, in plaintext."},
		{"unknown", "dotted line", "Its transport is unknown."},
		{"x", "thin line, wide gaps", "The member is not present."},
	} {
		line := el("svg", attrs{"class", "line", "viewBox", "0 0 60 8", "aria-hidden", "true"}, el("path", attrs{"class", l.class, "d", "M0 4H60"}))
		terms += el("dt", nil, line, " ", escaped(l.words)) + el("dd", nil, escaped(l.means))
	}
	return section("legend", "How to read this", el("dl", class("legend"), terms), el("p", nil, escaped(fmt.Sprint(
		"A drawing shows the members in the order of their numbers, beginning with the primary. It does not show the cabling, which is not in the records. ",
		"A triangle marks a member at fault. What is not in a record is shown as unknown. A record written in check mode shows what a run ",
		"would have changed; that run wrote nothing."))))
}
