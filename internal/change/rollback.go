// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// patience is how long nobody else may edit because this run watches a trial
// that it cannot confirm.
const patience = 10 * time.Minute

// lateRollback is how long after its time a rollback may take.
const lateRollback = time.Minute

// awaitRollback keeps the lock, so that nobody's commit confirms the trial by
// accident, and watches until the device has taken it back, or has kept it
// although its time is over. A trial that lasts longer is left alone.
func (r *changeRun) awaitRollback(ctx context.Context, cause error) error {
	r.out.State = Pending
	if time.Until(r.out.Reverts) > patience {
		r.out.Notes = append(r.out.Notes, "the trial lasts too long to lock everybody out meanwhile, so the lock is free: until it is rolled back any commit, whoever makes it, confirms it")
		return r.failWith(cause)
	}
	_ = r.timeStep("await rollback", func() error {
		watch, cancel := context.WithTimeout(ctx, time.Until(r.out.Reverts.Add(lateRollback)))
		defer cancel()
		for pause := time.Second; sleepFor(watch, pause) && r.out.State == Pending && !r.trialOnTop; pause = min(2*pause, 5*time.Second) {
			r.watchOnce(watch)
		}
		return nil
	})
	if r.out.State == Pending && !r.trialOnTop && ctx.Err() == nil { // its time is over, and nobody saw what became of it
		r.out.State = Unknown
	}
	return r.failWith(cause)
}

// watchOnce reads the device once. One that cannot be read is pending still.
func (r *changeRun) watchOnce(ctx context.Context) {
	if r.dev.IsLost() {
		dev, err := r.Dial(ctx)
		if err != nil {
			return
		}
		r.closeSession()
		r.dev, r.unlock, r.dirty = dev, nil, false
		if unlock, err := dev.LockClean(ctx, 0); err == nil { // the old one went with the session
			r.unlock = unlock
		}
	}
	state, err := r.dev.Read(ctx)
	if err != nil {
		return
	}
	r.out.Read = state
	have := state.Settings
	switch seen := r.newestPhase(); {
	case seen == vc.PhaseTrial && state.Trial != nil:
	case seen == vc.PhaseTrial: // its time is over, and it is still there
		r.noteKept(have)
	case seen != "" && have.Equal(r.plan.After): // our last commit had come in
		r.noteFinal()
	case r.isRestored(state):
		r.noteGone(Reverted)
	case have.Equal(r.plan.Trial) && state.Trial != nil:
		r.noteTrialOnTop()
	case state.HistoryKnown && have.Equal(r.plan.Trial): // a commit of somebody else has confirmed it
		r.noteKept(have)
	}
}

// noteTrialOnTop notes that our trial is below one of another user, or below a
// log text that is not recognized: it goes when that goes.
func (r *changeRun) noteTrialOnTop() {
	r.trialOnTop = true
	r.out.State, r.out.Reverts = Pending, time.Now().Add(r.remainingWindow())
	r.out.Notes = append(r.out.Notes, "the newest commit is a trial too, and not known as ours: "+r.out.Read.Trial.String())
}

// isResumed says that the trial is one of an earlier run.
func (r *changeRun) isResumed() bool { return r.trialRun != r.Mark.Run }

// isRestored says that a rollback is over. What a trial of an earlier run goes
// back to this run never saw; nor does it where its own trial came on top of one.
func (r *changeRun) isRestored(s junos.State) bool {
	if r.isResumed() || r.planned.Trial.IsOurs() {
		return s.HistoryKnown && !s.Settings.Equal(r.plan.Trial)
	}
	return s.Settings.Equal(r.out.Before)
}
