// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// guide is the page about failures: by the anchor of a section, what its rows say of
// messages.
type guide map[string][]entry

// entry is a message as a row has it, and what the row says to do. The remedy is a
// person's text; that there is one is all that is known of it.
type entry struct {
	text    string
	pattern *regexp.Regexp
	remedy  string
}

// readGuide reads the page.
func readGuide(file string) (guide, error) {
	page, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g, section := guide{}, ""
	for line := range strings.Lines(string(page)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = AnchorOf(title)
			g[section] = []entry{}
		}
		if cells := strings.Split(strings.Trim(line, "| \n"), " | "); strings.HasPrefix(line, "| `") && len(cells) > 1 {
			for _, quoted := range quotedText.FindAllStringSubmatch(cells[0], -1) {
				g[section] = append(g[section], newEntry(quoted[1], cells[len(cells)-1]))
			}
		}
	}
	return g, nil
}

var quotedText = regexp.MustCompile("`([^`]+)`")

// AnchorOf is how a title is linked to, as GitHub makes it.
func AnchorOf(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(title))
}

// newEntry makes a message of the page searchable: what differs from case to case is
// an ellipsis there.
func newEntry(text, remedy string) entry {
	parts := strings.Split(text, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(strings.TrimSpace(parts[i]))
	}
	return entry{text, regexp.MustCompile(`(?is)` + strings.Join(parts, ".*?")), remedy}
}

// stable is how many letters of an entry are the same in every case.
func (e entry) stable() int { return len(strings.ReplaceAll(e.text, "…", "")) }

// find returns the row of a section that says most of a message.
func (g guide) find(section, message string) (best entry, ok bool) {
	for _, e := range g[section] {
		if !isWrapper(e) && e.pattern.MatchString(message) && (!ok || e.stable() > best.stable()) {
			best, ok = e, true
		}
	}
	return best, ok
}

// isWrapper says that a row is for what stands around messages, and sends its reader on
// to another row.
func isWrapper(e entry) bool { return strings.HasPrefix(e.remedy, "search for what follows") }

// Failure is a failure that a script has made, with what the guide has for it.
type Failure struct {
	Module  string
	Code    string
	Message string
	Entry   string // the row in the section that the failure names
	Remedy  string
}

// lookUp finds in the guide what a module's result says, by the section that Ansible's
// user is shown for it. A result that is no failure needs none.
func (g guide) lookUp(module string, result []byte) (Failure, error) {
	var r struct {
		Failed   bool
		Msg      string
		Code     string
		Problems []outcome.Problem
	}
	if err := json.Unmarshal(result, &r); err != nil || !r.Failed {
		return Failure{}, err
	}
	f := Failure{Module: module, Code: r.Code, Message: r.Msg}
	if f.Code == "" && len(r.Problems) > 0 {
		f.Code = r.Problems[0].Code
	}
	_, section, _ := strings.Cut(outcome.Guide(f.Code), "#")
	if section == "" {
		return f, fmt.Errorf("no section of the guide is named for the code %q of %q", f.Code, r.Msg)
	}
	found, ok := g.find(section, r.Msg)
	if !ok {
		return f, fmt.Errorf("the section %s of the guide has no row for %q (code %s)", section, r.Msg, f.Code)
	}
	f.Entry, f.Remedy = found.text, found.remedy
	return f, nil
}
