// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// patience is how long nobody else may edit because this run watches a trial
// that it cannot confirm.
const patience = 10 * time.Minute

// lateRollback is how long after its time a rollback may take at least.
const lateRollback = time.Minute

// awaitRollback keeps the lock, so that nobody's commit confirms the trial by
// accident, and watches until the device has taken it back, or has kept it
// although its time is over. A trial that lasts longer is left alone.
func (r *changeRun) awaitRollback(ctx context.Context, cause error) error {
	r.out.State = vc.StatePending
	if time.Until(r.out.Reverts) > patience {
		r.addNote("the trial is too long to keep other users locked out, so the lock was released: until the rollback, any commit by any user confirms the trial")
		return r.failWith(cause)
	}
	r.Progress.BeginBecause("waiting for the rollback until "+clockTime(r.out.Reverts), cause.Error(), 0) // until then, and while it is under way
	v := vc.Verdict{State: vc.StatePending}
	_ = r.timeStep("await rollback", func() error {
		watch, cancel := context.WithTimeout(ctx, time.Until(r.out.Reverts.Add(max(r.Grace, lateRollback))))
		defer cancel()
		for pause := time.Second; isOpen(v) && sleepFor(watch, pause); pause = min(2*pause, 5*time.Second) {
			v = r.watchOnce(watch, v)
		}
		return nil
	})
	if !isOpen(v) {
		r.Progress.Note("the wait is over: the change is " + string(v.State))
		return r.actOn(ctx, v, cause)
	}
	if ctx.Err() == nil { // its time is over, and nobody saw what became of it
		r.out.State = vc.StateUnknown
	}
	return r.failWith(cause)
}

// clockTime is a moment as a watcher reads it.
func clockTime(t time.Time) string { return phrase.Controller.Moment(t, time.Now()) }

// isOpen says that a trial is not over as far as anybody saw.
func isOpen(v vc.Verdict) bool {
	return v.State == vc.StatePending && !v.Below || v.UnderWay
}

// watchOnce reads the device once. One that cannot be read is as it was.
func (r *changeRun) watchOnce(ctx context.Context, v vc.Verdict) vc.Verdict {
	if r.dev.IsLost() {
		dev, err := r.Dial(ctx)
		if err != nil {
			return v
		}
		r.closeSession()
		r.dev, r.dirty = dev, false
		r.unlock, _ = dev.LockClean(ctx, 0) // the old one went with the session
	}
	state, err := r.dev.Read(ctx)
	if err != nil {
		return v
	}
	r.out.Read = state
	return r.judgeNow(nil)
}
