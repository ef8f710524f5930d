// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Advice is by what the device says of a member, and on keys where nothing is known and
// the commit went over SCP.
func TestAdviceIsByCause(t *testing.T) {
	for name, row := range map[string]struct {
		causes  []junos.Cause
		overSCP bool
		want    []string
		never   string
	}{
		"keys":            {[]junos.Cause{junos.CauseKeys}, false, []string{vc.AdviceOnSCP()}, "look at its links"},
		"keys before all": {[]junos.Cause{junos.CauseSpace, junos.CauseLock, junos.CauseKeys}, true, []string{vc.AdviceOnSCP()}, "storage"},
		"space":           {[]junos.Cause{junos.CauseLock, junos.CauseSpace}, true, []string{"request system storage cleanup"}, "rekey"},
		"lock":            {[]junos.Cause{junos.CauseLock, junos.CauseConnection}, true, []string{"show system users"}, "rekey"},
		"connection":      {[]junos.Cause{junos.CauseConnection}, true, []string{"check its links, show virtual-chassis and its log"}, "rekey"},
		"nothing, on SCP": {nil, true, []string{"check its links, its disk and its log; ", vc.AdviceOnSCP()}, "storage"},
		"nothing, on RCP": {[]junos.Cause{junos.CauseOther}, false, []string{"check its links, its disk and its log"}, "rekey"},
	} {
		got := reply{causes: row.causes}.adviceOnMember(row.overSCP)
		for _, want := range row.want {
			if !strings.Contains(got, want) || strings.Contains(got, row.never) {
				t.Errorf("%s: got %q", name, got)
			}
		}
	}
}

func members(outcomes ...vc.CommitOutcome) (list []vc.MemberOutcome) {
	for id, o := range outcomes {
		list = append(list, vc.MemberOutcome{ID: id, Outcome: o})
	}
	return list
}

// Whom a commit was seen to reach is what the proof rests on.
func TestReachOfAReply(t *testing.T) {
	const ok, no, unknown = vc.CommitTaken, vc.CommitFailed, vc.CommitUnknown
	judged := func(outcomes ...vc.CommitOutcome) vc.CommitJudgement {
		return vc.CommitJudgement{Members: members(outcomes...)}
	}
	busy := []junos.Cause{junos.CauseLock}
	away := three()
	away.Members[2].Status = "NotPrsnt"
	for name, row := range map[string]struct {
		p      reply
		c      vc.Chassis
		want   vc.Reach
		unseen []int
		err    string
	}{
		"all":                              {reply{CommitJudgement: judged(ok, ok, ok), accepted: true}, three(), vc.ReachAll, nil, ""},
		"all, and it was refused":          {reply{CommitJudgement: judged(ok, ok, ok)}, three(), vc.ReachUnknown, nil, ""},
		"the primary speaks for all":       {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true}, three(), vc.ReachAll, []int{1, 2}, ""},
		"it names others otherwise":        {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true, names: true}, three(), vc.ReachUnknown, []int{1, 2}, ""},
		"a word may be about one":          {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true, hinted: true}, three(), vc.ReachUnknown, []int{1, 2}, ""},
		"one is away":                      {reply{CommitJudgement: judged(ok, ok, unknown), accepted: true, names: true, hinted: true}, away, vc.ReachAll, nil, ""},
		"one failed":                       {reply{CommitJudgement: judged(ok, no, ok), accepted: true}, three(), vc.ReachFailed, nil, "commit: member 1 did not apply it"},
		"one was busy":                     {reply{CommitJudgement: judged(ok, no, ok), accepted: true, causes: busy}, three(), vc.ReachUnknown, nil, "commit: member 1 did not apply it"},
		"one was busy, and it was refused": {reply{CommitJudgement: judged(ok, no, ok), causes: busy}, three(), vc.ReachFailed, nil, "commit: member 1 did not apply it"},
		"a stranger failed": {reply{CommitJudgement: vc.CommitJudgement{Members: members(ok, ok, ok), Strangers: []string{"fpc7", "fpc8"}}, accepted: true},
			three(), vc.ReachFailed, nil, "commit: fpc7, fpc8 (not in the list of members) did not apply it"},
	} {
		if got := row.p.reach(row.c); got != row.want {
			t.Errorf("%s: want %v, got %v", name, row.want, got)
		}
		if diff := cmp.Diff(row.unseen, row.p.unseenIDs(row.c)); diff != "" {
			t.Errorf("%s: unseen: -want +got\n%s", name, diff)
		}
		if err := row.p.failure(); (err == nil) != (row.err == "") || err != nil && err.Error() != row.err {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
	}
}

// A commit check is asked about words that nobody can explain. Of a failure everybody
// knows what it means.
func TestWhatACommitCheckIsAskedAbout(t *testing.T) {
	for text, want := range map[string]int{"flux 3, attending": 1, "Could not connect to backup": 0, "commit complete": 0} {
		r := &changeRun{planned: three()}
		r.have.SCP = true
		r.takeUnclear([]junos.Message{{Message: text}}, stage{phase: vc.PhaseConfirm})
		if got := len(r.reply.unclear); got != want {
			t.Errorf("%s: want %d, got %d", text, want, got)
		}
	}
}

// A device that speaks for all is believed only without a word about the others.
func TestAWordAboutOthersIsADoubt(t *testing.T) {
	for text, want := range map[string]vc.Reach{
		"":                                      vc.ReachAll,
		"[edit system] statement is deprecated": vc.ReachAll,
		"statement is deprecated":               vc.ReachUnknown,
		"flux 3, attending":                     vc.ReachUnknown,
		"el conmutador 2 no lo recibe":          vc.ReachUnknown,
		"commit complete":                       vc.ReachAll,
		"Continue without them? [yes,no] (no)":  vc.ReachUnknown,
		"Could not connect to backup":           vc.ReachUnknown,
		"re1 is out of sync":                    vc.ReachUnknown,
		"No space left on device":               vc.ReachUnknown,
		"fpc1 was slow":                         vc.ReachFailed, // where engines are listed, and that one is not
		"SERIAL0001 was slow":                   vc.ReachFailed,
		"the configuration was propagated":      vc.ReachUnknown,
	} {
		c := three()
		c.Members[1].Serial = "SERIAL0001"
		r := &changeRun{planned: c}
		r.have.SCP = true
		result := junos.CommitResult{Members: []junos.MemberCommit{{Engine: "fpc0", Named: true, Success: true}}}
		if text != "" {
			result.Messages = []junos.Message{{Severity: "warning", Message: text}}
		}
		if path, message, found := strings.Cut(text, "] "); found && path[0] == '[' {
			result.Messages[0].Path, result.Messages[0].Message = path+"]", message
		}
		r.takeReply(result, nil, stage{})
		if got := r.reply.reach(c); got != want {
			t.Errorf("%q: want %v, got %v", text, want, got)
		}
	}
}

// Only a lock, besides that something failed, is a reason to try once more.
func TestBusyIsALockAlone(t *testing.T) {
	for _, row := range []struct {
		causes []junos.Cause
		want   bool
	}{
		{nil, false}, {[]junos.Cause{junos.CauseOther}, false}, {[]junos.Cause{junos.CauseLock}, true},
		{[]junos.Cause{junos.CauseOther, junos.CauseLock}, true}, {[]junos.Cause{junos.CauseLock, junos.CauseKeys}, false},
		{[]junos.Cause{junos.CauseSpace, junos.CauseLock}, false},
	} {
		p := reply{causes: row.causes}
		if p.isBusy() != row.want {
			t.Errorf("%v: want %t", row.causes, row.want)
		}
		r := &changeRun{reply: p}
		if r.isRefusedForLock(&junos.RejectedError{}) != row.want || r.isRefusedForLock(errors.New("lost")) || r.isRefusedForLock(nil) {
			t.Errorf("%v: want a refusal for a lock: %t", row.causes, row.want)
		}
	}
	messages := []junos.Message{{Message: "fpc1: failed"}, {Message: "remote lock-configuration failed on fpc1"}, {Message: "fpc2: failed"}, {Message: "done"}}
	if diff := cmp.Diff([]junos.Cause{junos.CauseOther, junos.CauseLock}, causesOf(messages)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A held lock is a reason for one commit more, where that is still to come and the proof needs it.
func TestWhenABusyMemberIsAskedAgain(t *testing.T) {
	failed := reply{CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitFailed)}, accepted: true}
	busy := failed
	busy.causes = []junos.Cause{junos.CauseLock}
	for name, row := range map[string]struct {
		r     changeRun
		again bool
	}{
		"busy":            {changeRun{plan: enabling(), reply: busy, sent: []vc.Sent{{Phase: vc.PhaseConfirm}}}, true},
		"asked already":   {changeRun{plan: enabling(), reply: busy, sent: []vc.Sent{{Phase: vc.PhaseProve}}, proofs: 1}, false},
		"in the trial":    {changeRun{plan: enabling(), reply: busy, sent: []vc.Sent{{Phase: vc.PhaseTrial}}}, false},
		"another reason":  {changeRun{plan: enabling(), reply: failed, sent: []vc.Sent{{Phase: vc.PhaseConfirm}}}, false},
		"nothing to show": {changeRun{reply: busy, sent: []vc.Sent{{Phase: vc.PhaseCommit}}}, false},
	} {
		if err := row.r.refuseReply(); (err == nil) != row.again {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A device that has named another engine once is known to name them.
func TestWhoIsNamedInAReply(t *testing.T) {
	zero, one := 0, 1
	for want, reply := range map[bool]vc.CommitReply{
		true:  {Engines: []vc.EngineReply{{MemberID: &zero}, {MemberID: &one}}},
		false: {Engines: []vc.EngineReply{{MemberID: &zero}, {Local: true}}},
	} {
		if namesOthers(three(), reply) != want {
			t.Errorf("%v: want %t", reply, want)
		}
	}
}

// A member has strayed if it took the trial and not what came after.
func TestWhoHasStrayed(t *testing.T) {
	const ok, no = vc.CommitTaken, vc.CommitFailed
	failing := func(outcomes ...vc.CommitOutcome) reply {
		return reply{CommitJudgement: vc.CommitJudgement{Members: members(outcomes...)}}
	}
	for _, row := range []struct {
		trial, now reply
		want       bool
	}{{failing(ok, ok), failing(ok, ok), false}, {failing(ok, ok), failing(ok, no), true}, {failing(ok, no), failing(ok, no), false}, {failing(no, ok), failing(no, no), true}} {
		if r := (&changeRun{trialReply: row.trial, reply: row.now}); r.hasStrayed() != row.want {
			t.Errorf("%v, then %v: want %t", row.trial.Members, row.now.Members, row.want)
		}
	}
	// Who misses that SCP goes has it before and after: nothing is to be taken back.
	for want, plan := range map[bool]vc.Plan{true: enabling(), false: {Before: onSCP, Trial: onRCP, Confirmed: onRCP, After: onRCP}} {
		r := &changeRun{plan: plan, planned: three(), trialReply: failing(ok, ok, ok)}
		r.takeReply(junos.CommitResult{Members: []junos.MemberCommit{{Engine: "fpc0", Named: true, Success: true}, {Engine: "fpc1", Named: true}}}, nil, stage{phase: vc.PhaseConfirm})
		if r.strayed != want {
			t.Errorf("SCP on is %t afterwards: strayed is %t", plan.Confirmed.SCP, r.strayed)
		}
	}
}

// What did not take a commit is named with what helps, unless the error says it already.
func TestAdviceGoesWithTheError(t *testing.T) {
	failed := reply{CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitFailed)}, causes: []junos.Cause{junos.CauseSpace}}
	r := &changeRun{reply: failed}
	cause := errors.New("no")
	if got := hint.Of(r.adviseOnMembers(cause, true, false)); !strings.HasPrefix(got, "member 1 did not apply the commit over SCP: make room") || !strings.HasSuffix(got, ", then run again") {
		t.Errorf("got %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(cause, false, false)); !strings.HasPrefix(got, "member 1 did not apply the commit: make room") {
		t.Errorf("got %q", got)
	}
	r.reply.causes = nil
	if got := hint.Of(r.adviseOnMembers(cause, false, true)); !strings.Contains(got, "rekey") {
		t.Errorf("what leads to SCP is not advised on keys: %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(cause, false, false)); strings.Contains(got, "rekey") {
		t.Errorf("what stays on RCP is advised on keys: %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(hint.With(cause, "else"), true, true)); got != "else" {
		t.Errorf("got %q", got)
	}
	if r.adviseOnMembers(nil, true, true) != nil || hint.Of((&changeRun{}).adviseOnMembers(cause, true, true)) != "" {
		t.Error("advice where nobody failed")
	}
}

func TestWhatACommitTravelsOver(t *testing.T) {
	yes, no := true, false
	for _, row := range []struct {
		scp       bool
		fips      *bool
		isOverSCP bool
	}{{false, &no, false}, {true, &no, true}, {false, &yes, true}, {true, &yes, true}} {
		r := &changeRun{have: vc.Settings{SCP: row.scp}, planned: vc.Chassis{StatedFIPS: row.fips}}
		if got := r.isOverSCP(); got != row.isOverSCP {
			t.Errorf("SCP %v, FIPS %v: got %v", row.scp, *row.fips, got)
		}
	}
}
