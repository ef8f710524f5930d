// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import "strings"

// Stats is what a run hands on to the next job. It is small, and no text of a
// chassis in it can be taken for a template where it arrives.
type Stats struct {
	Host      string      `json:"host"`
	Wanted    string      `json:"wanted"`
	Check     bool        `json:"check_mode"`
	Outcome   Word        `json:"outcome"`
	State     State       `json:"state"`
	Did       []string    `json:"did"`
	Would     []string    `json:"would"`
	NotDone   []string    `json:"not_done"`
	Changed   []string    `json:"changed"` // former key, as in Record
	FIPS      *bool       `json:"fips"`
	Transport Transport   `json:"transport"`
	InSync    *bool       `json:"in_sync"`
	Members   int         `json:"members"`
	Problems  []statsItem `json:"problems"`
	Failures  []statsItem `json:"failures"`
	Reasons   []string    `json:"reasons"` // failures and problems in words, shortened
}

// statsItem is a problem or a failure without its words.
type statsItem struct {
	Code     string `json:"code"`
	MemberID *int   `json:"member_id,omitempty"`
	Step     string `json:"step,omitempty"`
	Blocks   bool   `json:"blocks,omitempty"`
}

// What the next job is given at most.
const (
	mostReasons = 5
	mostItems   = 20
	reasonText  = 300
)

func (r Run) statsFor(o Outcome) Stats {
	s := Stats{
		Host: r.Host, Wanted: r.wanted(), Check: o.Check, Outcome: o.Outcome, State: o.State, Did: o.Did, Would: o.Would, NotDone: o.NotDone,
		Changed: o.Record.Changed, FIPS: o.Record.Found.FIPS, Transport: o.Transport, InSync: o.InSync, Members: len(o.Record.Members),
		Problems: []statsItem{}, Failures: []statsItem{}, Reasons: []string{},
	}
	for _, f := range o.Failures {
		s.Failures = append(s.Failures, statsItem{Code: f.Code, Step: f.Step})
		s.addReason(f.String())
	}
	for _, p := range o.Problems {
		s.Problems = append(s.Problems, statsItem{Code: p.Code, MemberID: p.MemberID, Blocks: p.Blocks})
		s.addReason(p.String())
	}
	s.Problems, s.Failures = s.Problems[:min(len(s.Problems), mostItems)], s.Failures[:min(len(s.Failures), mostItems)]
	return s
}

func (s *Stats) addReason(words string) {
	if len(s.Reasons) == mostReasons {
		return
	}
	if all := []rune(words); len(all) > reasonText {
		words = string(all[:reasonText-1]) + "…"
	}
	s.Reasons = append(s.Reasons, strings.NewReplacer("{", "|", "}", "|").Replace(words))
}
