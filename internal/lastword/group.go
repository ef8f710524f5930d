// SPDX-License-Identifier: GPL-3.0-or-later

package lastword

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// group is chassis that need somebody for the same cause, with the same thing to do.
type group struct {
	word  outcome.Word
	code  string
	guide string
	hosts []string
	first struct{ message, hint string } // of the first of them
	same  bool                           // all have that message
}

// needsSomebody says that a chassis is not where it was to be, and a run alone does
// not bring it there; or that the run was a failure although the chassis is.
func (c chassis) needsSomebody() bool {
	switch c.Outcome.Outcome {
	case outcome.DidFail, outcome.HasProblems, outcome.NotCompliant:
		return true
	}
	return c.Refusal != "" || c.Outcome.Outcome == outcome.WouldChange && len(c.blockingProblems()) > 0
}

func (c chassis) blockingProblems() (out []outcome.Problem) {
	for _, p := range c.Problems {
		if p.Blocks {
			out = append(out, p)
		}
	}
	return out
}

// cause is the first thing that stands in the way of a chassis: the failure, else what
// blocks, else any problem, else the steps that were not done.
func (c chassis) cause() (code, message, hint, guide string) {
	if len(c.Failures) > 0 {
		f := c.Failures[0]
		return f.Code, f.Message, f.Hint, f.Guide
	}
	for _, p := range append(c.blockingProblems(), c.Problems...) {
		return p.Code, p.Message, p.Hint, p.Guide
	}
	if c.Refusal != "" { // of a chassis that is as wanted, only the record has no place
		return outcome.CodeNoRecordFolder, c.Refusal, "", outcome.Guide(outcome.CodeNoRecordFolder)
	}
	var steps []string
	for _, step := range c.NotDone {
		steps = append(steps, outcome.StepWords(step))
	}
	return codeLeft, "still to do: " + strings.Join(steps, ", "), "", ""
}

// codeLeft is the cause of a chassis that nothing stands in the way of.
const codeLeft = "steps_left"

// groupCauses groups the chassis that need somebody: those that failed first, the
// larger groups first.
func groupCauses(all []chassis) []group {
	var groups []group
	for _, c := range all {
		if !c.needsSomebody() {
			continue
		}
		code, message, hint, guide := c.cause()
		at := slices.IndexFunc(groups, func(g group) bool {
			return g.word == c.Outcome.Outcome && g.code == code && g.first.hint == hint && (code != codeLeft || g.first.message == message)
		})
		if at < 0 {
			g := group{word: c.Outcome.Outcome, code: code, guide: guide, same: true}
			g.first.message, g.first.hint = message, hint
			groups, at = append(groups, g), len(groups)
		}
		groups[at].hosts = append(groups[at].hosts, c.name)
		groups[at].same = groups[at].same && groups[at].first.message == message
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(urgency(a.word)-urgency(b.word), len(b.hosts)-len(a.hosts))
	})
	return groups
}

// urgency orders outcomes: what failed comes first.
func urgency(w outcome.Word) int {
	return slices.Index([]outcome.Word{outcome.DidFail, outcome.WouldChange, outcome.HasProblems, outcome.NotCompliant, outcome.Compliant}, w)
}
