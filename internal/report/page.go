// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"fmt"
	"io"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/phrase"
)

//go:embed page.css
var pageStyle markup

//go:embed page.js
var pageScript markup

//go:embed icons.svg
var pageIcons markup

const pageTitle = "Virtual Chassis configuration synchronization"

// HTML writes the page.
func (f Fleet) HTML(w io.Writer) error {
	p := f.pageOf()
	page := "<!DOCTYPE html>\n" + el("html", attrs{"lang", "en"}, pageHead(), el("body", class(p.sizeClass()),
		el("a", attrs{"class", "skip", "href", "#main"}, "Skip to the report"), pageIcons,
		p.pageHeader(),
		el("main", attrs{"id", "main", "tabindex", "-1"}, p.summarySection(), p.problemsSection(), p.overviewSection(), p.detailsSection(), legendSection()),
		pageFooter(), el("script", nil, pageScript)))
	_, err := io.WriteString(w, string(page)+"\n")
	return err
}

// pageHead holds the second line of defence: should a word of a record ever get
// past text, the browser runs no script and no style but our two, known by
// their hashes, and asks no address at all.
func pageHead() markup {
	return el("head", nil,
		el("meta", attrs{"charset", "utf-8"}),
		el("meta", attrs{"http-equiv", "Content-Security-Policy", "content", securityPolicy()}),
		el("meta", attrs{"name", "viewport", "content", "width=device-width, initial-scale=1"}),
		el("meta", attrs{"name", "color-scheme", "content", "light dark"}),
		el("meta", attrs{"name", "referrer", "content", "no-referrer"}),
		el("title", nil, pageTitle), el("style", nil, pageStyle)) + "\n"
}

func securityPolicy() string {
	return "default-src 'none'; style-src " + hashSource(pageStyle) + "; script-src " + hashSource(pageScript) + "; base-uri 'none'; form-action 'none'"
}

func hashSource(m markup) string {
	sum := sha256.Sum256([]byte(m))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (p pageView) pageHeader() markup {
	newest := when(p.Newest.Human != "", " The newest record was written at "+el("time", attrs{"datetime", p.Newest.Machine}, escaped(p.Newest.Human))+", on "+escaped(string(phrase.Controller))+", as are all times here.")
	return el("header", nil, el("h1", nil, pageTitle),
		el("p", nil, escaped(fmt.Sprintf("%d chassis, %s.", len(p.Chassis), phrase.Count(p.Members, "member"))), newest),
		el("nav", attrs{"aria-label", "Parts of the report"}, link("#problems", "What to do next"), link("#overview", "Overview"),
			link("#chassis", "Chassis"), link("#legend", "How to read this"))) + "\n"
}

// sizeClass marks a page of which a browser should draw only what is on the screen.
func (p pageView) sizeClass() string {
	if len(p.Chassis) > 100 {
		return "large"
	}
	return ""
}

func pageFooter() markup {
	return el("footer", nil, el("p", nil, "Made by ", el("code", nil, "vchassis report"),
		" from the records of the role vchassis.junos.scp_config_sync. This page needs no other file and contacts no server."))
}

func link(to string, words markup) markup { return el("a", attrs{"href", to}, words) + " " }

// section is a landmark with its heading.
func section(id string, heading markup, children ...markup) markup {
	a := attrs{"aria-labelledby", id}
	if id == "summary" {
		a = append(a, "class", "sum") // what the filter by state hangs on
	}
	return el("section", a, append([]markup{el("h2", attrs{"id", id}, heading)}, children...)...) + "\n"
}

// stateIcon stands beside a word, never instead of one.
func stateIcon(s outcome.State) markup {
	return el("svg", attrs{"class", "i", "aria-hidden", "true"}, el("use", attrs{"href", "#i-" + string(s)}))
}

func badge(color, icon outcome.State, words string) markup {
	return el("span", class("b s-"+string(color)), stateIcon(icon), escaped(words))
}

func tagMarkup(words string) markup {
	return when(words != "", " "+el("span", class("t"), escaped(words)))
}
