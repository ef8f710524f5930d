// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// The settings of an account: before, on trial, with the proof.
var (
	onRCP  = vc.Settings{Keys: vc.KeysCommand{Command: "/c", User: "u"}}
	onSCP  = vc.Settings{Keys: onRCP.Keys, SCP: true}
	proved = vc.Settings{Keys: onRCP.Keys, SCP: true, Record: vc.Record{0: {Serial: "S0", Proved: true}}}
)

// enabling is a plan that switches SCP on and records the proof.
func enabling() vc.Plan {
	return vc.Plan{Before: onRCP, Withdrawn: onRCP, Trial: onSCP, Confirmed: onSCP, After: proved, ConfirmBy: vc.ByCommit}
}

// What a verdict after a reading says is in the outcome, and what was done stays done.
func TestVerdictsAreAdopted(t *testing.T) {
	until := time.Unix(1, 0)
	for name, row := range map[string]struct {
		v       vc.Verdict
		read    vc.Settings
		keys    Keys
		changed bool
		after   vc.Settings
		open    bool // the end of a trial is told
	}{
		"none":                    {vc.Verdict{State: vc.StateNone, CameIn: -1}, onRCP, KeysUntouched, false, onRCP, false},
		"none, and keys":          {vc.Verdict{State: vc.StateNone, CameIn: -1}, onRCP, KeysMade, true, onRCP, false},
		"none, somebody's change": {vc.Verdict{State: vc.StateNone, CameIn: -1}, onSCP, KeysUntouched, true, onRCP, false},
		"reverted":                {vc.Verdict{State: vc.StateReverted, Undone: true}, onRCP, KeysUntouched, false, onRCP, false},
		"reverted to more":        {vc.Verdict{State: vc.StateReverted}, onSCP, KeysUntouched, true, onSCP, false},
		"confirmed":               {vc.Verdict{State: vc.StateConfirmed, CameIn: 1}, onSCP, KeysUntouched, true, onSCP, false},
		"confirmed, of no effect": {vc.Verdict{State: vc.StateConfirmed, CameIn: 0}, onRCP, KeysUntouched, false, onRCP, false},
		"pending":                 {vc.Verdict{State: vc.StatePending}, onSCP, KeysUntouched, false, vc.Settings{}, true},
		"unknown":                 {vc.Verdict{State: vc.StateUnknown, CameIn: -1}, onSCP, KeysUntouched, false, vc.Settings{}, true},
	} {
		r := &changeRun{plan: enabling(), planned: vc.Chassis{Own: onRCP}, keys: row.keys, sent: []vc.Sent{{Phase: vc.PhaseTrial}, {Phase: vc.PhaseConfirm}}}
		r.out.Before, r.out.Reverts = onRCP, until
		r.out.Read.Own, r.out.Read.Settings = row.read, row.read
		r.adoptVerdict(row.v)
		if r.out.State != row.v.State || r.undone != row.v.Undone || r.out.Changed != row.changed || !r.out.After.Equal(row.after) || r.out.Reverts.Equal(until) != row.open {
			t.Errorf("%s: got %+v, undone %t", name, r.out, r.undone)
		}
	}
	// The device's own end of a trial counts more than what this run reckons.
	r := &changeRun{now: time.Now}
	now := time.Unix(1767225600, 0)
	r.out.Read = junos.State{Chassis: vc.Chassis{Trial: &vc.Trial{Reverts: now.Add(time.Hour)}}, Now: now}
	r.adoptVerdict(vc.Verdict{State: vc.StatePending})
	if left := time.Until(r.out.Reverts); left < 59*time.Minute || left > time.Hour {
		t.Errorf("want an hour, got %s", left)
	}
}

// The proof is pending until the commit that records it was accepted.
func TestWhenAProofIsPending(t *testing.T) {
	nothing := vc.Plan{Before: onRCP, Withdrawn: onRCP, Trial: onSCP, Confirmed: onSCP, After: onSCP}
	for name, row := range map[string]struct {
		plan vc.Plan
		sent []vc.Sent
		want bool
	}{
		"nothing to prove":   {nothing, []vc.Sent{{Phase: vc.PhaseConfirm, Answer: vc.Accepted}}, true},
		"nothing was sent":   {enabling(), nil, true},
		"nor to be proved":   {nothing, nil, false},
		"confirmed":          {enabling(), []vc.Sent{{Phase: vc.PhaseConfirm, Answer: vc.Accepted}}, true},
		"recorded":           {enabling(), []vc.Sent{{Phase: vc.PhaseRecord, Answer: vc.Accepted}}, false},
		"the record is lost": {enabling(), []vc.Sent{{Phase: vc.PhaseRecord, Answer: vc.Lost}}, true},
		"another after it":   {enabling(), []vc.Sent{{Phase: vc.PhaseRecord, Answer: vc.Accepted}, {Phase: vc.PhaseRevert, Answer: vc.Accepted}}, true},
	} {
		r := &changeRun{plan: row.plan, sent: row.sent}
		want := row.want && row.plan.Proves()
		if got := r.isProofPending(); got != want {
			t.Errorf("%s: want %t, got %t", name, want, got)
		}
	}
}

// Proved stays proved, whatever a later commit says.
func TestAProofStays(t *testing.T) {
	all := reply{CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitTaken, vc.CommitTaken)}, accepted: true}
	r := &changeRun{planned: three(), reply: all}
	if !r.isProved() {
		t.Fatal("a commit that all took proves nothing")
	}
	r.reply = reply{names: true, CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitUnknown, vc.CommitTaken)}}
	if !r.isProved() {
		t.Error("the proof was forgotten")
	}
	if r = (&changeRun{planned: three(), reply: r.reply}); r.isProved() {
		t.Error("a commit of which one member was silent proves it")
	}
}

func TestWhatIsUnsettled(t *testing.T) {
	for _, row := range []struct {
		sent []vc.Sent
		want bool
	}{
		{nil, false},
		{[]vc.Sent{{Phase: vc.PhaseWithdraw, Answer: vc.Accepted}}, false},
		{[]vc.Sent{{Phase: vc.PhaseWithdraw, Answer: vc.Lost}}, true},
		{[]vc.Sent{{Phase: vc.PhaseWithdraw, Answer: vc.Refused}}, true},
		{[]vc.Sent{{Phase: vc.PhaseCommit, Answer: vc.Accepted}}, true},
		{[]vc.Sent{{Phase: vc.PhaseTrial, Answer: vc.Accepted}, {Phase: vc.PhaseWithdraw, Answer: vc.Accepted}}, false},
	} {
		if got := (&changeRun{sent: row.sent}).isUnsettled(); got != row.want {
			t.Errorf("%v: want %t", row.sent, row.want)
		}
	}
}

// Another primary holds up what was still to be written, and nothing else.
// Of the record of the proof alone it is told that nobody knows whether it is written.
func TestWhetherTheRecordIsLost(t *testing.T) {
	for _, row := range []struct {
		sent []vc.Sent
		want bool
	}{
		{nil, false},
		{[]vc.Sent{{Phase: vc.PhaseConfirm, Answer: vc.Accepted}, {Phase: vc.PhaseRecord, Answer: vc.Lost}}, true},
		{[]vc.Sent{{Phase: vc.PhaseRecord, Answer: vc.Accepted}}, false},
		{[]vc.Sent{{Phase: vc.PhaseConfirm, Answer: vc.Lost}}, false},
		{[]vc.Sent{{Phase: vc.PhaseRecord, Answer: vc.Lost}, {Phase: vc.PhaseRevert, Answer: vc.Accepted}}, false},
	} {
		if got := (&changeRun{sent: row.sent}).isRecordLost(); got != row.want {
			t.Errorf("%v: want %t", row.sent, row.want)
		}
	}
}

// A trial of ours on which another one is put leaves something that nobody has seen when it is
// rolled back. One that is resumed does not.
func TestEvidenceOfATrialOnTop(t *testing.T) {
	ours := &vc.Trial{Mark: vc.Mark{Phase: vc.PhaseTrial}}
	for name, row := range map[string]struct {
		trial *vc.Trial
		plan  vc.Plan
		want  bool
	}{
		"on top of ours": {ours, vc.Plan{}, true},
		"ours, resumed":  {ours, vc.Plan{Resume: true}, false},
		"no other":       {nil, vc.Plan{}, false},
	} {
		r := &changeRun{planned: vc.Chassis{Trial: row.trial}, plan: row.plan, now: time.Now}
		if e := r.evidence(nil); e.OnTop != row.want || e.Locked || e.InTime || e.Moved || e.NewLogin {
			t.Errorf("%s: want %t, got %+v", name, row.want, e)
		}
	}
}

func TestWhatIsHeldUp(t *testing.T) {
	done := vc.Plan{Before: onRCP, Withdrawn: onRCP, Trial: onSCP, Confirmed: onSCP, After: onSCP}
	for _, row := range []struct {
		plan vc.Plan
		v    vc.Verdict
		want bool
	}{
		{done, vc.Verdict{State: vc.StatePending, Next: vc.AwaitRollback}, true},
		{enabling(), vc.Verdict{State: vc.StateConfirmed}, true},
		{done, vc.Verdict{State: vc.StateConfirmed}, false},
		{enabling(), vc.Verdict{State: vc.StateReverted}, false},
		{done, vc.Verdict{State: vc.StatePending, Next: vc.ConfirmTrial}, false},
	} {
		if got := (&changeRun{plan: row.plan}).isHeldUp(row.v); got != row.want {
			t.Errorf("%+v: want %t", row.v, row.want)
		}
	}
	if !isMoved(fmt.Errorf("x: %w", &movedChassisError{})) || isMoved(errors.New("x")) || !isMemberFailure(fmt.Errorf("x: %w", &memberFailedError{})) || isMemberFailure(errors.New("x")) {
		t.Error("errors are not told apart")
	}
}

// New keys are the way out where the device takes no commit for want of them: it must
// say so, or the record already lacks a member.
func TestWhenKeysBlockACommit(t *testing.T) {
	refused := &junos.RejectedError{}
	with := func(change func(*changeRun)) *changeRun {
		off := false
		r := &changeRun{planned: three()}
		r.planned.StatedFIPS, r.planned.Settings = &off, onSCP
		r.planned.Settings.Record = vc.Record{0: {Serial: "S0"}, 1: {Serial: "S1"}, 2: {Serial: "S2"}}
		r.reply = reply{CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitFailed, vc.CommitTaken)}, causes: []junos.Cause{junos.CauseKeys}}
		change(r)
		return r
	}
	for name, row := range map[string]struct {
		r    *changeRun
		err  error
		want bool
	}{
		"words about keys":     {with(func(*changeRun) {}), refused, true},
		"other words":          {with(func(r *changeRun) { r.reply.causes = []junos.Cause{junos.CauseSpace} }), refused, false},
		"the record lacks one": {with(func(r *changeRun) { r.reply.causes, r.planned.Settings.Record = nil, vc.Record{0: {Serial: "S0"}} }), refused, true},
		"over RCP":             {with(func(r *changeRun) { r.planned.Settings.SCP = false }), refused, false},
		"nobody failed":        {with(func(r *changeRun) { r.reply.Members = members(vc.CommitTaken) }), refused, false},
		"the link was lost":    {with(func(*changeRun) {}), errors.New("lost"), false},
	} {
		if got := row.r.isBlockedByKeys(row.err); got != row.want {
			t.Errorf("%s: want %t", name, row.want)
		}
	}
}

// The next change under a lock goes on from what was read, if that is what is so.
func TestNextChangeGoesOnFromWhatWasRead(t *testing.T) {
	seen := junos.State{Chassis: vc.Chassis{ID: "seen"}}
	for name, row := range map[string]struct {
		r    changeRun
		goes bool
	}{
		"read back":            {changeRun{isReadBack: true, sent: []vc.Sent{{}}}, true},
		"nothing was done":     {changeRun{}, true},
		"a commit, not read":   {changeRun{sent: []vc.Sent{{}}}, false},
		"keys, not read again": {changeRun{keys: KeysMade}, false},
		"keys, read again":     {changeRun{keys: KeysMade, isReadBack: true}, true},
	} {
		row.r.out.Read = seen
		row.r.unlock = func(context.Context) error { return nil }
		next := row.r.begin(Change{Seen: junos.State{Chassis: vc.Chassis{ID: "given"}}})
		if (next.Seen.ID == "seen") != row.goes || next.Seen.ID == "given" || next.unlock == nil {
			t.Errorf("%s: got %q", name, next.Seen.ID)
		}
		row.r.unlock = nil
		if next = row.r.begin(Change{Seen: junos.State{Chassis: vc.Chassis{ID: "given"}}}); next.Seen.ID != "given" {
			t.Errorf("%s: without the lock it goes on from %q", name, next.Seen.ID)
		}
	}
}

// Keys that were made and have no commit of their own are left to the next change.
func TestKeysAreLeftToTheNextChange(t *testing.T) {
	recording := vc.Plan{Before: onRCP, Withdrawn: onRCP, Trial: onSCP, Confirmed: onSCP, After: onSCP}
	for name, row := range map[string]struct {
		r    changeRun
		want bool
	}{
		"none":              {changeRun{}, false},
		"made":              {changeRun{keys: KeysMade}, true},
		"made and recorded": {changeRun{keys: KeysMade, plan: recording}, false},
		"not sure":          {changeRun{keys: KeysUnsure}, false},
		"left before":       {changeRun{unrecorded: true}, true},
	} {
		if got := row.r.begin(Change{}).unrecorded; got != row.want {
			t.Errorf("%s: want %t", name, row.want)
		}
	}
}

// A change that is done tells what is in force, and of no trial.
func TestDoneAndLost(t *testing.T) {
	r := &changeRun{plan: enabling(), have: onSCP, sent: []vc.Sent{{Phase: vc.PhaseTrial, Own: onSCP}, {Phase: vc.PhaseConfirm, Own: proved}}, targets: []vc.Settings{onSCP, proved}}
	r.out.Reverts = time.Unix(1, 0)
	r.noteDone()
	if r.out.State != vc.StateConfirmed || !r.out.Reverts.IsZero() || !r.out.Changed || !r.out.After.Equal(onSCP) {
		t.Errorf("got %+v", r.out)
	}
	r.takeUp(vc.Verdict{CameIn: 1})
	if !r.have.Equal(proved) || !r.own.Equal(proved) || !r.trialOwn().Equal(onSCP) {
		t.Errorf("got %+v and %+v", r.have, r.own)
	}
	if r = (&changeRun{own: proved}); !r.trialOwn().Equal(proved) {
		t.Error("without a trial it is what this run has")
	}
	r.noteLoss(errors.New("lost"))
	r.noteLoss(fmt.Errorf("x: %w", &movedChassisError{what: "the primary changed"}))
	if notes := strings.Join(r.out.Notes, "\n"); notes != "the link was lost during the commit; the device was read again and has the change\n"+
		"the commit succeeded, and meanwhile the primary changed; the chassis was read again and has the change" {
		t.Errorf("got %s", notes)
	}
}

// What decides that a change is made in two commits.
func TestWhichChangesHaveATrial(t *testing.T) {
	for name, row := range map[string]struct {
		plan    vc.Plan
		minutes junos.Minutes
		want    bool
	}{
		"a trial":           {vc.Plan{ConfirmBy: vc.ByCheck}, 5, true},
		"none is wanted":    {vc.Plan{ConfirmBy: vc.ByCheck}, 0, false},
		"one to be resumed": {vc.Plan{ConfirmBy: vc.ByCommit, Resume: true}, 0, true},
		"a plain commit":    {vc.Plan{ConfirmBy: vc.NoTrial}, 5, false},
	} {
		r := &changeRun{Change: Change{TrialMinutes: row.minutes}, plan: row.plan}
		if got := r.hasTrialPlanned(); got != row.want {
			t.Errorf("%s: want %t", name, row.want)
		}
	}
	off := vc.Settings{}
	for want, plan := range map[bool]vc.Plan{true: {Before: onSCP, Confirmed: off}, false: {Before: onSCP, Confirmed: onSCP}} {
		if (&changeRun{plan: plan}).isLeavingSCP() != want {
			t.Errorf("leaving SCP: want %t", want)
		}
	}
}
