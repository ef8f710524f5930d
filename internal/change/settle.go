// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// settleError finds out what an error left on the device, finishes what can be
// finished safely, and returns the error that tells the truth; nil if the
// change is done after all.
func (r *changeRun) settleError(ctx context.Context, cause error) error {
	if r.committed == nothingSent {
		r.out.State = None
		r.discardEdits(ctx)
		if r.keys == KeysUnsure && r.plan.Forget {
			r.forgetRecord(ctx)
		}
		return r.failWith(cause)
	}
	if ctx.Err() != nil { // we were told to stop: the device protects itself
		if errors.As(cause, new(*memberFailedError)) && r.hasStrandedMember() { // against everything but this
			return r.settleAfterStop(ctx, cause)
		}
		r.discardEdits(ctx)
		r.out.State = r.guessState()
		return r.failWith(cause)
	}
	if err := r.lookAgain(ctx); err != nil {
		if r.unlock == nil && isBlocked(err) && !r.dev.IsLost() {
			return r.lookWithoutLock(ctx, errors.Join(cause, err))
		}
		r.out.State = Unknown
		return r.failWith(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
	}
	return r.resolveState(ctx, cause)
}

// lookAgain reads the device again, over a new login if the session is gone.
func (r *changeRun) lookAgain(ctx context.Context) error {
	r.discardEdits(ctx)
	if !r.dev.IsLost() {
		if err := r.readDevice(ctx); err == nil || !r.dev.IsLost() {
			return err
		}
	}
	return r.timeStep("reconnect", func() error { return r.reconnectLocked(ctx) })
}

// isBlocked says that somebody else keeps the configuration.
func isBlocked(err error) bool {
	return errors.As(err, new(*junos.LockHeldError)) || errors.As(err, new(*junos.CandidateModifiedError))
}

// lookWithoutLock is lookAgain where somebody keeps the configuration: nothing is
// written. Only what is seen counts. What is not seen may still be under way.
func (r *changeRun) lookWithoutLock(ctx context.Context, cause error) error {
	r.out.State = Unknown
	if err := r.readDevice(ctx); err != nil {
		return r.failWith(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
	}
	trial, have := r.out.Read.Trial, r.out.Read.Settings
	switch seen := r.newestPhase(); {
	case seen == vc.PhaseTrial && trial != nil:
		r.noteTrial()
		r.out.State, r.out.Reverts = Pending, time.Now().Add(r.remainingWindow())
	case (seen == vc.PhaseConfirm || seen == vc.PhaseCommit) && have.Equal(r.plan.After):
		r.noteFinal()
		r.out.Notes = append(r.out.Notes, "the link was lost during the commit; the device was read again and has it")
		if r.hasEnabledSCP() {
			r.out.Notes = append(r.out.Notes, "whether every member took it is unknown: "+cause.Error())
		}
		if junos.IsLinkLost(cause) {
			return nil
		}
	}
	return r.failWith(cause)
}

// settleAfterStop reverts what strands a member although we were told to stop:
// nobody else does it.
func (r *changeRun) settleAfterStop(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := r.lookAgain(ctx); err != nil {
		r.out.State = Confirmed
		return r.failWith(errors.Join(cause, fmt.Errorf("take it back: %w", err)))
	}
	return r.resolveState(ctx, cause)
}

// guessState returns the state of a run that must stop without asking.
func (r *changeRun) guessState() State {
	switch r.committed {
	case trialIn:
		return Pending
	case finalIn:
		return Confirmed
	}
	return Unknown
}

// resolveState acts on what the device says of our commits.
func (r *changeRun) resolveState(ctx context.Context, cause error) error {
	switch r.newestPhase() {
	case vc.PhaseConfirm, vc.PhaseCommit:
		return r.settleFinal(ctx, cause)
	case vc.PhaseTrial:
		return r.settleTrial(ctx, cause)
	}
	if !r.out.Read.HistoryKnown && r.hasTrialPlanned() && r.out.Read.Settings.Equal(r.plan.Trial) {
		return r.settleTrial(ctx, cause) // it is in force, and nothing shows that it is more than a trial
	}
	return r.settleForeign(cause)
}

// newestPhase tells which commit of ours is the device's newest.
func (r *changeRun) newestPhase() vc.Phase {
	newest := r.out.Read.Newest
	if newest == nil {
		return ""
	}
	mark, ok := vc.ParseMark(newest.Log)
	if !ok || mark.Run != r.Mark.Run && mark.Run != r.trialRun {
		return ""
	}
	return mark.Phase
}

// settleFinal settles an error where the device's newest commit is our last
// one. A trial that was rolled back just before it is not in it.
func (r *changeRun) settleFinal(ctx context.Context, cause error) error {
	have := r.out.Read.Settings
	if have.Equal(r.plan.After) {
		r.noteFinal()
		var m *movedChassisError
		switch {
		case junos.IsLinkLost(cause):
			r.out.Notes = append(r.out.Notes, "the link was lost during the commit; the device was read again and has it")
			cause = r.askMembers(ctx)
		case errors.As(cause, &m):
			r.out.Notes = append(r.out.Notes, "the commit succeeded, and meanwhile "+m.Error()+"; that one was read and has it")
			cause = r.askMembers(ctx)
		}
		switch {
		case r.hasStrandedMember():
			return r.revertSCP(ctx, cause)
		case r.hasFalseClaim():
			return r.removeFalseClaims(ctx, cause)
		case cause == nil:
			return nil
		}
		return r.failWith(cause)
	}
	cause = fmt.Errorf("the device took the trial back before it was confirmed: %w", cause)
	if have.Equal(r.out.Before) {
		r.noteGone(Reverted)
	} else {
		r.noteKept(have)
	}
	return r.failWith(cause)
}

// noteGone and noteKept say what became of the settings.
func (r *changeRun) noteGone(s State) {
	r.out.State, r.out.Reverts = s, time.Time{}
	r.out.Changed, r.out.After = r.keys != KeysUntouched, r.out.Before
	if s == Reverted {
		r.out.After = r.out.Read.Settings
	}
}

func (r *changeRun) noteKept(have vc.Settings) {
	r.out.State, r.out.Reverts = Confirmed, time.Time{}
	r.out.Changed, r.out.After = r.keys != KeysUntouched || !have.Equal(r.out.Before), have
}

// settleTrial continues a trial whose link was lost, on the session that has just
// proved that a new login works. Any other cause means that it must not be
// confirmed: the device is left to take it back.
func (r *changeRun) settleTrial(ctx context.Context, cause error) error {
	if r.committed == trialSent {
		r.noteTrial()
	}
	if !junos.IsLinkLost(cause) || r.dev == r.callersDev {
		return r.awaitRollback(ctx, cause)
	}
	err := r.refuseMovedChassis(r.out.Read.Chassis)
	if err == nil {
		err = r.confirmTrial(ctx)
	}
	if err == nil {
		r.out.Notes = append(r.out.Notes, "the link was lost after the trial commit; it was confirmed over a new login")
		return nil
	}
	r.discardEdits(ctx)
	return r.awaitRollback(ctx, errors.Join(cause, err))
}

// settleForeign settles an error where the device's newest commit is none of
// this run's: the commit was not applied, or was rolled back already.
func (r *changeRun) settleForeign(cause error) error {
	have := r.out.Read.Settings
	switch {
	case r.hasBeenOnTrial() && r.isRestored(r.out.Read):
		r.noteGone(Reverted)
	case have.Equal(r.out.Before) && !r.out.Read.HistoryKnown && (r.committed == trialSent || have.Equal(r.plan.After)):
		// It was not applied, or it was and is rolled back: nothing tells which.
		r.noteGone(Unknown)
	case have.Equal(r.out.Before) && !r.isResumed():
		r.noteGone(None)
	case (have.Equal(r.plan.After) || have.Equal(r.plan.Trial)) && r.out.Read.Trial != nil:
		r.noteTrialOnTop()
	case have.Equal(r.plan.After), have.Equal(r.plan.Trial): // a commit of somebody else has confirmed it
		r.noteKept(have)
	default:
		r.out.State, r.out.Reverts = Unknown, time.Time{}
	}
	return r.failWith(cause)
}

// hasTrialPlanned says that the change is made in two commits.
func (r *changeRun) hasTrialPlanned() bool {
	return r.plan.ConfirmBy != vc.NoTrial && (r.TrialMinutes > 0 || r.plan.Resume)
}

// hasBeenOnTrial says that the device had a trial of this run in force.
func (r *changeRun) hasBeenOnTrial() bool {
	return r.hasTrialPlanned() && (r.committed != trialSent || r.hasTrialInHistory())
}

// hasTrialInHistory says that the history has a trial of this run below what came later.
func (r *changeRun) hasTrialInHistory() bool {
	return slices.ContainsFunc(r.out.Read.History, func(c vc.Commit) bool {
		mark, ok := vc.ParseMark(c.Log)
		return ok && mark.Run == r.Mark.Run && mark.Phase == vc.PhaseTrial
	})
}

// discardEdits removes our own edits. The lock is ours, so they are nobody else's.
func (r *changeRun) discardEdits(ctx context.Context) {
	if !r.dirty || r.dev.IsLost() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.timeStep("discard", func() error { return r.dev.Discard(ctx) }); err != nil {
		r.out.Notes = append(r.out.Notes, err.Error()+"; the edits end with the session")
		_ = r.dev.Close()
	}
	r.dirty = false
}

// reconnectLocked logs in again and takes the lock, so that a commit that is still
// under way is over before the device is read. It tries for as long as a device
// may be busy with itself, or with the election of another primary.
func (r *changeRun) reconnectLocked(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for pause := time.Second; ; pause = min(2*pause, 10*time.Second) {
		err := r.replaceSession(ctx, patient)
		if err == nil {
			err = r.readDevice(ctx)
		}
		if err == nil || isBlocked(err) || !sleepFor(patient, pause) {
			return err
		}
	}
}

// replaceSession replaces the session by a new one that has the lock.
func (r *changeRun) replaceSession(ctx, patient context.Context) error {
	dev, err := r.Dial(patient)
	if err != nil {
		return err
	}
	r.closeSession()
	r.dev, r.dirty = dev, false
	if r.unlock, err = dev.LockClean(ctx, r.LockWait); err != nil {
		r.unlock = nil
	}
	return err
}
