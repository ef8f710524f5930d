// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import "github.com/vchassis/vchassis.junos/internal/vc"

// Problem is something that is wrong with a chassis, or that has stopped a run or
// would stop it.
type Problem struct {
	Code     string `json:"code" scrub:"never"` // the kind of problem; it never changes with the words
	MemberID *int   `json:"member_id"`          // the member at fault; null: no single one
	Message  string `json:"message"`            // what is wrong
	Hint     string `json:"hint"`               // what to do about it; may be empty
	Guide    string `json:"guide" scrub:"never"`
	Blocks   bool   `json:"blocks"` // it stands in the way of a change
}

// String is the problem in a line, with the remedy in brackets.
func (p Problem) String() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// NewProblem returns a problem that stands in the way, and belongs to no member.
func NewProblem(code, hint, message string) Problem {
	return Problem{Code: code, Message: message, Hint: hint, Guide: Guide(code), Blocks: true}
}

// ProblemsOf returns problems of the domain in the form of a result. Those of
// obstacles stand in the way, the others do not.
func ProblemsOf(all, obstacles []vc.Problem) []Problem {
	out := []Problem{}
	for _, p := range all {
		out = append(out, Problem{p.Code, p.MemberID, p.Message, p.Hint, Guide(p.Code), isAmong(p, obstacles)})
	}
	return out
}

func isAmong(p vc.Problem, list []vc.Problem) bool {
	for _, o := range list {
		if o.Code == p.Code && (o.MemberID == nil) == (p.MemberID == nil) && (p.MemberID == nil || *o.MemberID == *p.MemberID) && o.Message == p.Message {
			return true
		}
	}
	return false
}
