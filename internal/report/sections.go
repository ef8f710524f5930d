// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"strconv"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

func (p pageView) summarySection() markup {
	lead := each(p.Lead, func(s string) markup { return el("p", class("lead"), escaped(s)) })
	bar := each(p.Cards, func(c card) markup {
		return when(c.N > 0, el("rect", attrs{"class", "s-" + string(c.State), "x", shortNumber(c.X), "width", shortNumber(c.Width), "height", "14"}))
	})
	cards := each(p.Cards, func(c card) markup {
		return stateChoice("k s-"+string(c.State), c.State, strconv.Itoa(c.N), stateIcon(c.State)+" "+escaped(c.Word))
	})
	return section("summary", "Summary", lead,
		el("svg", attrs{"class", "bar", "viewBox", "0 0 1000 14", "preserveAspectRatio", "none", "aria-hidden", "true"}, bar),
		el("fieldset", class("cards"), el("legend", nil, "Chassis by state. Choose one to see only these."),
			stateChoice("k all", "", strconv.Itoa(len(p.Chassis)), "All chassis"), cards),
		el("p", attrs{"id", "finder", "hidden", ""},
			el("label", attrs{"for", "words"}, "Find chassis by words: name, serial number, model, release, text of a problem"),
			el("input", attrs{"id", "words", "type", "search", "autocomplete", "off", "spellcheck", "false"})),
		el("p", attrs{"id", "said", "role", "status"}))
}

func stateChoice(classes string, s outcome.State, count string, words markup) markup {
	a := attrs{"type", "radio", "name", "state", "value", string(s), "autocomplete", "off"}
	if s == "" {
		a = append(a, "checked", "")
	}
	return el("label", class(classes), el("input", a), el("b", nil, escaped(count)), " ", el("span", nil, words))
}

func shortNumber(f float64) string { return strconv.FormatFloat(f, 'g', 5, 64) }

func (p pageView) problemsSection() markup {
	none := when(len(p.Bad)+len(p.Groups) == 0,
		el("p", class("good"), stateIcon(outcome.Encrypted), " None. Every chassis synchronizes over SCP, and nothing is missing."))
	return section("problems", "Problems", p.badFiles(), each(p.Groups, group.groupMarkup), none)
}

// badFiles files are shown whatever the filter says: they belong to no state.
func (p pageView) badFiles() markup {
	return when(len(p.Bad) > 0, el("section", attrs{"class", "group s-failed", "aria-labelledby", "g-bad"},
		groupHead("g-bad", outcome.Failed, "Files that do not count", len(p.Bad), "What these files would have said is not part of this report."),
		el("ul", nil, each(p.Bad, func(b Bad) markup { return el("li", nil, el("b", nil, escaped(b.File)), ": ", escaped(b.Reason)) }))))
}

func (g group) groupMarkup() markup {
	id := "g-" + string(g.State)
	return el("section", attrs{"class", "group s-" + string(g.State), "data-g", string(g.State), "aria-labelledby", id},
		groupHead(id, g.State, g.Word, len(g.Items), g.Means), el("ul", nil, each(g.Items, item.itemMarkup)))
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
	return el("li", attrs{"class", "c " + string(i.State), "data-c", strconv.Itoa(i.No)}, el("a", attrs{"href", "#c" + strconv.Itoa(i.No)}, escaped(i.Host)), reasons)
}

func bullets(classes string, words []string) markup {
	return when(len(words) > 0, el("ul", class(classes), each(words, func(s string) markup { return el("li", nil, escaped(s)) })))
}

func (p pageView) overviewSection() markup {
	columns := []struct{ class, words string }{{"", "Chassis"}, {"n2", "State"}, {"", "Transport"}, {"v n3", "In sync"}, {"v n3", "FIPS mode"},
		{"v r n3", "Members"}, {"w n4", "Last run"}, {"v n5", "Record of"}}
	var heads markup
	for _, c := range columns {
		heads += el("th", append(class(c.class), "scope", "col"), escaped(c.words))
	}
	return section("overview", "Overview", el("table", class("over"), el("caption", nil, "All chassis, the most urgent first"),
		el("thead", nil, el("tr", nil, heads)), el("tbody", nil, each(p.Chassis, chassisView.overviewRow))))
}

// overviewRow leaves out on a narrow screen, class v, and on a phone, class w, what stands with the drawing too.
func (c chassisView) overviewRow() markup {
	no := strconv.Itoa(c.No)
	return el("tr", attrs{"class", "c " + string(c.State), "data-c", no},
		el("th", attrs{"scope", "row"}, el("a", attrs{"href", "#c" + no}, escaped(c.Record.Host))),
		el("td", nil, stateBadge(c.State)), el("td", nil, escaped(c.Transport)), el("td", class("v"), escaped(c.InSync)), el("td", class("v"), escaped(c.FIPS)),
		el("td", class("v r"), escaped(strconv.Itoa(len(c.Members)))), el("td", class("w"), escaped(c.Run), tagMarkup(c.Check)),
		el("td", class("v"), escaped(c.Written.Human), tagMarkup(c.Old)))
}

func legendSection() markup {
	var terms markup
	for _, s := range outcome.States() {
		terms += el("dt", nil, stateBadge(s)) + el("dd", nil, escaped(stateMeaning(s)))
	}
	for _, l := range []struct{ class, words, means string }{
		{"scp", "solid line", "A member's configuration travels over SCP."},
		{"rcp", "dashed line", "It travels over RCP, in plaintext."},
		{"unknown", "dotted line", "It is not known how it travels."},
		{"x", "thin line, wide gaps", "The member is not present."},
	} {
		line := el("svg", attrs{"class", "line", "viewBox", "0 0 60 8", "aria-hidden", "true"}, el("path", attrs{"class", l.class, "d", "M0 4H60"}))
		terms += el("dt", nil, line, " ", escaped(l.words)) + el("dd", nil, escaped(l.means))
	}
	return section("legend", "How to read this", el("dl", class("legend"), terms), el("p", nil, escaped(fmt.Sprint(
		"A drawing shows the members in the order of their numbers, beginning with the primary. It is not a plan of the cables: records know none. ",
		"A triangle marks a member at fault. What a record does not say is called unknown here. A record written in check mode says what a run ",
		"would have changed; that run wrote nothing."))))
}
