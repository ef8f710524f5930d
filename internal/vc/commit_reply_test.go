// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"strings"
	"testing"
)

func TestJudgeCommitReply(t *testing.T) {
	took := func(ids ...int) (out []EngineReply) {
		for _, id := range ids {
			out = append(out, EngineReply{Name: fmt.Sprintf("fpc%d", id), MemberID: &id, Success: true})
		}
		return out
	}
	without := func(id int) EngineReply { return EngineReply{Name: fmt.Sprintf("fpc%d", id), MemberID: &id} }
	local := EngineReply{Name: "localre", Local: true, Success: true}
	warns := func(m Meaning, ids ...int) Notice { return Notice{Text: "w", MemberIDs: ids, Meaning: m} }
	fails := func(ids ...int) Notice { return Notice{Text: "e", IsError: true, MemberIDs: ids} }
	for _, row := range []struct {
		name    string
		engines []EngineReply
		notices []Notice
		want    string // outcomes by member, then strangers and doubts
	}{
		{"all took it", took(0, 1, 2), nil, "ok ok ok"},
		{"silence about one proves nothing", took(0, 2), nil, "ok unknown ok"},
		{"one without success", append(took(0, 1), without(2)), nil, "ok ok failed"},
		{"a success does not undo a failure", append([]EngineReply{without(1)}, took(0, 1, 2)...), nil, "ok failed ok"},
		{"the member that answers is local", append(took(1, 2), local), nil, "ok ok ok"},
		{"an unknown name that is not local", append(took(1, 2), EngineReply{Name: "node0", Success: true}), nil, "unknown ok ok"},
		{"a stranger's success", took(0, 1, 2, 7), nil, "ok ok ok"},
		{"a stranger that failed", append(took(0, 1, 2), without(7)), nil, "ok ok ok; stranger fpc7"},

		{"a warning of failure names one that is left out", took(0, 2), []Notice{warns(Failure, 1)}, "ok failed ok"},
		{"a warning of unknown words names one that is left out", took(0, 2), []Notice{warns(UnknownMeaning, 1)}, "ok failed ok"},
		{"a question about one that is left out", took(0, 2), []Notice{warns(Question, 1)}, "ok failed ok"},
		{"noise about one that is left out", took(0, 2), []Notice{warns(Harmless, 1)}, "ok unknown ok"},
		{"a warning names two", took(0), []Notice{warns(Failure, 1, 2)}, "ok failed failed"},
		{"a harmless warning about one that took it", took(0, 1, 2), []Notice{warns(UnknownMeaning, 1)}, "ok ok ok"},
		{"a warning of failure about one that took it", took(0, 1, 2), []Notice{warns(Failure, 1)}, "ok unknown ok"},
		{"an error about one that took it", took(0, 1, 2), []Notice{fails(1)}, "ok failed ok"},
		{"an error in harmless words", took(0, 1, 2), []Notice{{Text: "e", IsError: true, MemberIDs: []int{1}, Meaning: Harmless}}, "ok failed ok"},
		{"a warning about a stranger", took(0, 1, 2), []Notice{warns(Failure, 7)}, "ok ok ok"},
		{"a warning of failure that names nobody", took(0, 1, 2), []Notice{warns(Failure)}, "ok ok ok"},
		{"a warning of unknown words that names nobody", took(0, 1, 2), []Notice{warns(UnknownMeaning)}, "ok ok ok"},

		{"a warning of failure that names nobody, and one is left out", took(0, 2), []Notice{warns(Failure)}, "ok unknown ok; doubt w"},
		{"a warning of failure that names nobody, and the primary speaks alone", []EngineReply{local}, []Notice{warns(Failure)}, "ok unknown unknown; doubt w"},
		{"a warning of failure that names nobody, and one failed", append(took(0, 2), without(1)), []Notice{warns(Failure)}, "ok failed ok"},
		{"a warning of failure names one by its serial number", took(0, 2), []Notice{{Text: "no route to XX0001.", Meaning: Failure}}, "ok failed ok"},
		{"no engines, a failure named by a serial number", nil, []Notice{{Text: "no route to XX0001.", Meaning: Failure}}, "unknown failed unknown"},

		{"no engines", nil, nil, "unknown unknown unknown"},
		{"no engines, a failure named", nil, []Notice{warns(Failure, 1)}, "unknown failed unknown"},
		{"no engines, unknown words", nil, []Notice{warns(UnknownMeaning, 1)}, "unknown unknown unknown"},
		{"no engines, an error", nil, []Notice{fails(2)}, "unknown unknown failed"},
		{"no engines, a failure of nobody", nil, []Notice{warns(Failure)}, "unknown unknown unknown; doubt w"},
	} {
		t.Run(row.name, func(t *testing.T) {
			j := JudgeCommitReply(whole(), CommitReply{Engines: row.engines, Notices: row.notices})
			if got := judgementText(j); got != row.want {
				t.Errorf("want %q, got %q", row.want, got)
			}
			if want := strings.Contains(row.want, "failed") || strings.Contains(row.want, "stranger"); j.HasFailed() != want {
				t.Errorf("has failed: want %v", want)
			}
		})
	}
}

func judgementText(j CommitJudgement) string {
	var words []string
	for _, m := range j.Members {
		words = append(words, string(m.Outcome))
	}
	text := strings.Join(words, " ")
	for _, s := range j.Strangers {
		text += "; stranger " + s
	}
	for _, d := range j.Doubts {
		text += "; doubt " + d
	}
	return text
}

// A switch that stands alone is not judged by what a warning says of others.
func TestJudgeCommitReplyOfALoneSwitch(t *testing.T) {
	id := 0
	lone := Chassis{Members: []Member{{ID: 0, Local: true, Status: "Prsnt"}}}
	r := CommitReply{Engines: []EngineReply{{Name: "fpc0", MemberID: &id, Success: true}}, Notices: []Notice{{Text: "w", MemberIDs: []int{1}, Meaning: Failure}}}
	if got := judgementText(JudgeCommitReply(lone, r)); got != "ok" {
		t.Errorf("got %q", got)
	}
}
