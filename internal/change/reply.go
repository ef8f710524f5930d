// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// reply is what the last commit's reply said of the members.
type reply struct {
	vc.CommitJudgement
	accepted bool
	names    bool          // this device names other members in its replies, as this or an earlier one has shown
	hinted   bool          // a word beside the success is about a member, or may be about one
	unclear  []string      // words beside the success that nobody can explain, and that may be about a member
	causes   []junos.Cause // of the failures that it speaks of, each once
}

// takeReply judges the reply of a commit.
func (r *changeRun) takeReply(result junos.CommitResult, err error, s stage) {
	of := result.Reply()
	r.reply = reply{CommitJudgement: vc.JudgeCommitReply(r.planned, of), accepted: err == nil,
		names: r.reply.names || namesOthers(r.planned, of), causes: causesOf(result.Messages)}
	r.reply.hinted = len(r.reply.Doubts) > 0 || slices.ContainsFunc(of.Notices, func(n vc.Notice) bool {
		return n.Meaning != vc.Harmless && (n.OfOthers || len(r.planned.NamedIn(n)) > 0)
	})
	r.takeUnclear(result.Messages, s)
	if !s.check || err != nil {
		r.out.Members = r.membersSaid()
	}
	switch {
	case s.phase == vc.PhaseTrial:
		r.trialReply = r.reply
	case r.plan.EnablesSCP():
		r.strayed = r.strayed || r.hasStrayed()
	}
}

// takeUnclear notes the words of a reply that nobody can explain, and questions. A commit that cannot
// have gone over SCP, and a check, say of the configuration what they say: there the same
// words do not speak of keys.
func (r *changeRun) takeUnclear(messages []junos.Message, s stage) {
	for _, m := range messages {
		text := m.Message
		switch meaning, _ := junos.MeaningOf(text); {
		case meaning == vc.Harmless, meaning == vc.Failure, m.Path != "", slices.Contains(r.explained, text):
		case s.check, !r.have.SCP && !s.to.SCP && r.planned.FIPS() == vc.FIPSOff:
			r.explained = append(r.explained, text)
		default:
			r.reply.unclear = append(r.reply.unclear, text)
		}
	}
}

// hasStrayed says that a member which took the trial did not apply the commit after
// it: it may have SCP in force, and miss what takes that back.
func (r *changeRun) hasStrayed() bool {
	return slices.ContainsFunc(r.reply.Failed(), func(id int) bool { return !slices.Contains(r.trialReply.Failed(), id) })
}

// refuseReply is the error of a commit that was called good and did not reach all.
// Where only a lock was held, one more commit shows whether it does.
func (r *changeRun) refuseReply() error {
	if r.reply.isBusy() && r.isProofPending() && r.proofs < mostProofs && r.sent[len(r.sent)-1].Phase != vc.PhaseTrial {
		return nil
	}
	return r.reply.failure()
}

// membersSaid is the judgement as a result.
func (r *changeRun) membersSaid() (members []Member) {
	for _, m := range r.reply.Members {
		of, _ := r.planned.Member(m.ID)
		members = append(members, Member{ID: m.ID, Serial: of.Serial, Commit: string(m.Outcome)})
	}
	return members
}

// namesOthers says that a reply speaks of engines besides the one that answers.
func namesOthers(c vc.Chassis, reply vc.CommitReply) bool {
	local, _ := c.Local()
	return slices.ContainsFunc(reply.Engines, func(e vc.EngineReply) bool { return e.MemberID != nil && *e.MemberID != local.ID })
}

// causesOf returns why what the messages speak of has failed, each cause once.
func causesOf(messages []junos.Message) (causes []junos.Cause) {
	for _, m := range messages {
		if meaning, cause := junos.MeaningOf(m.Message); meaning == vc.Failure && !slices.Contains(causes, cause) {
			causes = append(causes, cause)
		}
	}
	return causes
}

// isBusy says that a held lock is all that the device speaks of, besides that
// something failed.
func (p reply) isBusy() bool {
	return slices.Contains(p.causes, junos.CauseLock) &&
		!slices.ContainsFunc(p.causes, func(c junos.Cause) bool { return c != junos.CauseLock && c != junos.CauseOther })
}

// failure is the error of a commit that the device called good although a member
// did not apply it.
func (p reply) failure() error {
	for _, id := range p.Failed() {
		return &memberFailedError{fmt.Sprintf("member %d", id)}
	}
	if len(p.Strangers) > 0 {
		return &memberFailedError{strings.Join(p.Strangers, ", ") + " (not in the list of members)"}
	}
	return nil
}

// unseenIDs returns the present members of which the reply said nothing.
func (p reply) unseenIDs(c vc.Chassis) (ids []int) {
	for _, m := range p.Members {
		if of, _ := c.Member(m.ID); m.Outcome == vc.CommitUnknown && of.IsPresent() {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// reach tells whom the commit was seen to reach. A device that never names
// anybody but itself speaks for all of them.
func (p reply) reach(c vc.Chassis) vc.Reach {
	switch {
	case p.HasFailed() && p.isBusy() && p.accepted:
		return vc.ReachUnknown
	case p.HasFailed():
		return vc.ReachFailed
	case p.accepted && (len(p.unseenIDs(c)) == 0 || !p.names && !p.hinted && len(p.unclear) == 0):
		return vc.ReachAll
	}
	return vc.ReachUnknown
}

// memberFailedError is a commit that the device called good although a member did
// not take it.
type memberFailedError struct{ who string }

func (m *memberFailedError) Error() string {
	return fmt.Sprintf("commit: %s did not apply it", m.who)
}

// Code names the kind of the error for programs.
func (m *memberFailedError) Code() string { return "member_failed" }
