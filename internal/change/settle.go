// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// mostRounds is how often a run tries to finish what an error has stopped.
const mostRounds = 4

// settleError finds out what an error left on the device, does what the verdict
// says, and returns the error that tells the truth; nil if the change is done
// after all.
func (r *changeRun) settleError(ctx context.Context, cause error) error {
	return r.settleRound(ctx, cause, cause)
}

// settleRound settles one error. What is told is all of them.
func (r *changeRun) settleRound(ctx context.Context, latest, all error) error {
	r.rounds++
	if ctx.Err() != nil || !r.isUnsettled() {
		return r.settleUnasked(ctx, all)
	}
	if err := r.lookAgain(ctx); err != nil {
		if !isBlocked(err) {
			return r.failUnasked(all, err)
		}
		all = errors.Join(all, err)
		if err := r.readDevice(ctx); err != nil { // somebody keeps the configuration: nothing is written
			return r.failUnasked(all, err)
		}
	}
	v := r.judgeNow(latest)
	if !isMoved(all) && r.isHeldUp(v) {
		all = errors.Join(all, r.refuseMovedChassis(r.out.Read.Chassis))
	}
	return r.actOn(ctx, v, all)
}

func isMoved(err error) bool { return errors.As(err, new(*movedChassisError)) }

// isHeldUp says that the change would go on, were it not for another primary or
// other members.
func (r *changeRun) isHeldUp(v vc.Verdict) bool {
	return v.Next == vc.AwaitRollback || v.State == vc.StateConfirmed && r.isProofPending()
}

// isUnsettled says that a commit was sent of which more is to be known. The one
// that withdraws claims is over when the device has said so.
func (r *changeRun) isUnsettled() bool {
	if len(r.sent) == 0 {
		return false
	}
	last := r.sent[len(r.sent)-1]
	return last.Phase != vc.PhaseWithdraw || last.Answer != vc.Accepted
}

// settleUnasked settles an error without asking the device, which protects itself:
// against everything but a member that SCP leaves behind.
func (r *changeRun) settleUnasked(ctx context.Context, cause error) error {
	e := r.evidence(cause)
	e.Stopped = true
	v := vc.Judge(e)
	if v.Next != vc.Report && isMemberFailure(cause) {
		return r.actOn(ctx, v, cause)
	}
	r.adoptAnswers(v)
	r.unread = r.isRecordLost()
	return r.failWith(cause)
}

// isRecordLost says that the record of the proof was sent and not answered.
func (r *changeRun) isRecordLost() bool {
	if len(r.sent) == 0 {
		return false
	}
	last := r.sent[len(r.sent)-1]
	return last.Phase == vc.PhaseRecord && last.Answer == vc.Lost
}

func isMemberFailure(err error) bool { return errors.As(err, new(*memberFailedError)) }

// failUnasked tells of a device that could not be asked again.
func (r *changeRun) failUnasked(cause, err error) error {
	r.out.State = vc.StateUnknown
	return r.failWith(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
}

// evidence is what the run knows, for the judge.
func (r *changeRun) evidence(latest error) vc.Evidence {
	return vc.Evidence{
		Run: r.Mark.Run, TrialRun: r.trialRun, Before: r.planned.Own, Newest: r.newest, Sent: r.sent,
		Read:     &vc.Reading{Chassis: r.out.Read.Chassis, History: r.out.Read.History},
		Locked:   r.unlock != nil && !r.dev.IsLost(),
		InTime:   r.isInTime(),
		LinkLost: junos.IsLinkLost(latest),
		NewLogin: r.dev != r.sentOver,
		Moved:    r.refuseMovedChassis(r.out.Read.Chassis) != nil,
		OnTop:    r.planned.Trial.IsOurs() && !r.plan.Resume,
		Enables:  r.plan.EnablesSCP(), Proves: r.plan.Proves(), Reach: r.reply.reach(r.planned), Strayed: r.strayed,
	}
}

func (r *changeRun) judgeNow(latest error) vc.Verdict { return vc.Judge(r.evidence(latest)) }

// actOn does what a verdict says is next.
func (r *changeRun) actOn(ctx context.Context, v vc.Verdict, cause error) error {
	r.adoptVerdict(v)
	if r.rounds > mostRounds && v.Next == vc.ConfirmTrial {
		v.Next = vc.AwaitRollback
	}
	switch v.Next {
	case vc.Finish:
		return r.finishChange(ctx, v, cause)
	case vc.ConfirmTrial:
		return r.confirmOverNewLogin(ctx, cause)
	case vc.ProveAgain:
		return r.proveOverNewLogin(ctx, v, cause)
	case vc.AwaitRollback:
		return r.awaitRollback(ctx, cause)
	case vc.TakeSCPBack:
		return r.takeSCPBack(ctx, cause)
	case vc.TakeClaimsOut:
		return r.takeClaimsOut(ctx, cause)
	case vc.BringMembersBack:
		return r.bringMembersBack(ctx, cause)
	}
	if v.Gone {
		cause = fmt.Errorf("the device rolled the trial back before it was confirmed: %w", cause)
	}
	if v.Below {
		r.addNote("the newest commit is another trial, not known to be ours: " + r.out.Read.Trial.String())
	}
	return r.failWith(cause)
}

// finishChange tells of a change that is done in spite of what happened.
func (r *changeRun) finishChange(ctx context.Context, v vc.Verdict, cause error) error {
	r.takeUp(v)
	r.noteLoss(cause)
	r.noteDone()
	if err := r.refuseOtherSettings(); err != nil {
		r.out.After = r.out.Read.Settings
		return r.failWith(err)
	}
	return nil
}

func (r *changeRun) noteLoss(cause error) {
	var m *movedChassisError
	if errors.As(cause, &m) {
		r.addNote("the commit succeeded, and meanwhile " + m.Error() + "; the chassis was read again and has the change")
		return
	}
	r.addNote("the link was lost during the commit; the device was read again and has the change")
}

// takeUp makes the last commit that came in the one from which the run goes on.
func (r *changeRun) takeUp(v vc.Verdict) {
	r.have, r.own = r.targets[v.CameIn], r.sent[v.CameIn].Own
}

// confirmOverNewLogin confirms a trial whose link was lost, on the session that has
// just proved that a new login works.
func (r *changeRun) confirmOverNewLogin(ctx context.Context, cause error) error {
	r.have, r.own = r.plan.Trial, r.trialOwn()
	err := r.confirmTrial(ctx)
	if err == nil {
		err = r.recordProof(ctx)
	}
	if err == nil {
		r.addNote("the link was lost after the trial commit; it was confirmed over a new login")
		return nil
	}
	return r.settleRound(ctx, err, errors.Join(cause, err))
}

// trialOwn is the trial at its own place.
func (r *changeRun) trialOwn() vc.Settings {
	for _, s := range r.sent {
		if s.Phase == vc.PhaseTrial {
			return s.Own
		}
	}
	return r.own
}

// proveOverNewLogin goes on where the reply to the last commit was lost.
func (r *changeRun) proveOverNewLogin(ctx context.Context, v vc.Verdict, cause error) error {
	r.takeUp(v)
	r.noteLoss(cause)
	err := r.recordProof(ctx)
	if err == nil {
		return nil
	}
	if r.rounds > mostRounds {
		return r.failWith(errors.Join(cause, err))
	}
	return r.settleRound(ctx, err, errors.Join(cause, err))
}

// adoptVerdict takes over what the judge says after a reading.
func (r *changeRun) adoptVerdict(v vc.Verdict) {
	r.out.State, r.undone = v.State, v.Undone
	touched := r.keys != KeysUntouched || !r.out.Read.Own.Equal(r.planned.Own)
	switch v.State {
	case vc.StateNone:
		r.out.Reverts, r.out.Changed, r.out.After = time.Time{}, touched, r.out.Before
	case vc.StateReverted:
		r.out.Reverts, r.out.Changed, r.out.After = time.Time{}, touched, r.out.Read.Settings
	case vc.StateConfirmed:
		r.out.Reverts, r.out.After = time.Time{}, r.out.Read.Settings
		r.out.Changed = touched || r.isFinal(v) && r.plan.HasChanges()
	case vc.StatePending:
		if r.out.Read.Trial != nil {
			r.out.Reverts = r.latestEnd(time.Now().Add(r.remainingWindow()))
		}
	}
}

// adoptAnswers takes over what the judge says without one.
func (r *changeRun) adoptAnswers(v vc.Verdict) {
	r.out.State = v.State
	touched := r.keys != KeysUntouched
	if v.State == vc.StateConfirmed {
		r.out.Reverts, r.out.After = time.Time{}, r.targets[v.CameIn]
		touched = touched || !r.sent[v.CameIn].Own.Equal(r.planned.Own) || r.isFinal(v) && r.plan.HasChanges()
	}
	r.out.Changed = touched
}

// isFinal says that what came in last is more than the beginning of the change.
func (r *changeRun) isFinal(v vc.Verdict) bool {
	return v.CameIn >= 0 && r.sent[v.CameIn].Phase != vc.PhaseTrial && r.sent[v.CameIn].Phase != vc.PhaseWithdraw
}
