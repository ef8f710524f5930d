// SPDX-License-Identifier: GPL-3.0-or-later

package lastword

import (
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// What is listed at most. A limit is for pasting, so it is whole or not there.
const (
	mostNames = 10
	mostLimit = 100
	mostText  = 400
	endText   = 150 // of a longer one, so much of its end
)

// guideLine begins the line of a cause that names its section of the guide.
const guideLine = "  guide: "

// Text returns the last word, or "" if the play had no chassis.
func (p Play) Text() string {
	all := p.judge()
	if len(all)+len(p.Unseen) == 0 {
		return ""
	}
	lines := []string{p.countLine(all), transportLine(all)}
	for _, g := range groupCauses(all) {
		lines = append(lines, g.lines()...)
	}
	if len(p.Unseen) > 0 {
		lines = append(lines, fmt.Sprintf("not run (%d): %s", len(p.Unseen), listNames(p.Unseen)), "  the play ended before their turn"+p.whyEnded(all))
	}
	if p.Guide != "" && strings.Contains(strings.Join(lines, "\n"), guideLine) {
		lines = append(lines, "the guide is "+p.Guide)
	}
	return strings.Join(append(lines, p.nextLines(all)...), "\n") + "\n"
}

// countLine counts every outcome that there is.
func (p Play) countLine(all []chassis) string {
	counts := map[outcome.Word]int{}
	for _, c := range all {
		counts[c.Outcome.Outcome]++
	}
	text := fmt.Sprintf("%d chassis", len(all)+len(p.Unseen))
	between := ": "
	for _, w := range outcome.Words() {
		if counts[w] > 0 {
			text += fmt.Sprintf("%s%d %s", between, counts[w], w)
			between = ", "
		}
	}
	if len(p.Unseen) > 0 {
		text += fmt.Sprintf("%s%d not run", between, len(p.Unseen))
	}
	return text
}

// transportLine counts by transport, as it was read last. A chassis of which nobody can
// say whether it is in plaintext is named.
func transportLine(all []chassis) string {
	names, byFIPS := map[outcome.Transport][]string{}, 0
	for _, c := range all {
		names[c.Transport] = append(names[c.Transport], c.name)
		byFIPS += count(c.Transport == outcome.SCP && c.isFIPS)
	}
	var parts []string
	for _, t := range []struct {
		outcome.Transport
		words string
	}{{outcome.SCP, "over SCP"}, {outcome.RCP, "in plaintext (RCP)"}, {outcome.Unknown, "transport unknown"}} {
		if n := len(names[t.Transport]); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, t.words))
			if t.Transport == outcome.SCP && byFIPS > 0 {
				parts[len(parts)-1] += fmt.Sprintf(" (%d of them by FIPS mode)", byFIPS)
			}
		}
	}
	if unknown := names[outcome.Unknown]; len(unknown) > 0 {
		parts[len(parts)-1] += ": " + listNames(unknown)
	}
	return strings.Join(parts, ", ")
}

func (g group) lines() []string {
	cause := string(g.word)
	if g.code != outcome.CodeFailed { // which is no more than the word
		cause += ", " + outcome.Title(g.code)
	}
	out := []string{fmt.Sprintf("%s (%d): %s", cause, len(g.hosts), listNames(g.hosts))}
	who := ""
	if !g.same {
		who = g.hosts[0] + ": "
	}
	out = append(out, "  "+who+oneLine(g.first.message))
	if g.first.hint != "" {
		out = append(out, "  what to do: "+oneLine(g.first.hint))
	}
	if g.guide != "" {
		out = append(out, guideLine+g.guide)
	}
	return out
}

// nextLines say what to run next.
func (p Play) nextLines(all []chassis) []string {
	var again, ready []string
	would, did, readOnly := 0, 0, true
	for _, c := range all {
		readOnly = readOnly && c.readOnly
		if c.needsSomebody() {
			again = append(again, c.name)
		} else if c.Outcome.Outcome == outcome.WouldChange {
			ready = append(ready, c.name)
		}
		would += count(c.Outcome.Outcome == outcome.WouldChange)
		did += count(c.Outcome.Outcome == outcome.DidChange)
	}
	again = append(again, p.Unseen...)
	limit := "--limit '" + strings.Join(again, ",") + "'"
	switch {
	case len(again) > 1 && len(again) == len(all)+len(p.Unseen) && !readOnly: // a limit would leave out nobody
		return []string{"next: fix the causes, then run the same again"}
	case len(again) > mostLimit:
		return []string{fmt.Sprintf("next: fix the causes, then run again; %d chassis are too many for a limit, and a run changes nothing on those that are done", len(again))}
	case len(again) > 0 && readOnly:
		return []string{"next: see what a run would do for these, with your other options:", "  " + p.commandWith(movePlaybook, "--check --diff "+limit)}
	case len(again) > 0:
		out := []string{"next: fix the causes, then run again for these only, with your other options:", "  " + p.commandWith(p.Playbooks, limit)}
		return append(out, linesForReady(ready, again)...)
	case would > 0:
		return []string{"next: the same without --check (in AWX: job type Run)"}
	case did > 0:
		return []string{"next: nothing; vchassis.junos.audit shows at any time how they synchronize"}
	}
	return []string{"next: nothing"}
}

// linesForReady give the limit for what nothing blocks. It has their names: a pattern that
// begins with "all" could be wider than the limit of the plan, and is given only with that
// warning, where the names are too many.
func linesForReady(ready, blocked []string) []string {
	limit := "  --limit '" + strings.Join(ready, ",") + "'"
	if len(ready) > mostLimit {
		limit = "  --limit 'all,!" + strings.Join(blocked, ",!") + "' (if you gave a limit, put it in place of all)"
	}
	if len(ready) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("next for the %d that nothing blocks: the same without --check (in AWX: job type Run), and without the others:", len(ready)), limit}
}

// whyEnded says why the play may have ended: the playbooks of this collection begin with
// one chassis.
func (p Play) whyEnded(all []chassis) string {
	if len(all) == 1 && strings.Contains(p.Playbooks, "vchassis.junos.") {
		return ": one chassis goes first, and if it fails, the others are not touched (scp_config_sync_serial)"
	}
	return ""
}

// movePlaybook moves chassis to SCP.
const movePlaybook = "vchassis.junos.scp_config_sync"

// commandWith is a command to paste, or only its limit where nobody types commands.
func (p Play) commandWith(playbooks, limit string) string {
	if p.Program == "" {
		return limit
	}
	return p.Program + " " + playbooks + " " + limit
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func listNames(names []string) string {
	if len(names) > mostNames {
		return strings.Join(names[:mostNames], ", ") + fmt.Sprintf(" and %d more", len(names)-mostNames)
	}
	return strings.Join(names, ", ")
}

func oneLine(text string) string {
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > mostText { // how it ended is at the end
		return string(words[:mostText-endText]) + " … " + string(words[len(words)-endText:])
	}
	return string(words)
}
