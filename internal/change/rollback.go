// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// late is how long after its time a rollback may take.
const late = time.Minute

// awaitRollback keeps the lock, so that nobody's commit confirms the trial by
// accident, and watches until the device has taken it back, or has kept it
// although its time is over.
func (r *run) awaitRollback(ctx context.Context, cause error) error {
	r.out.State = Pending
	_ = r.step("await rollback", func() error {
		watch, cancel := context.WithTimeout(ctx, time.Until(r.out.Reverts.Add(late)))
		defer cancel()
		for pause := time.Second; sleep(watch, pause) && r.out.State == Pending; pause = min(2*pause, 5*time.Second) {
			r.watch(watch)
		}
		return nil
	})
	return r.failure(cause)
}

// watch reads the device once. One that cannot be read is pending still.
func (r *run) watch(ctx context.Context) {
	if r.dev.Lost() {
		dev, err := r.Dial(ctx)
		if err != nil {
			return
		}
		r.close()
		r.dev, r.unlock = dev, nil
	}
	state, err := r.dev.Read(ctx)
	if err != nil {
		return
	}
	r.out.Read = state
	switch trial := r.seen() == vc.PhaseTrial; {
	case !trial && state.Settings.Equal(r.restored()):
		r.out.State, r.out.Reverts = Reverted, time.Time{}
	case trial && state.Trial == nil: // its time is over, and it is still there
		r.out.State, r.out.Reverts = Confirmed, time.Time{}
		r.out.Changed, r.out.After = true, state.Settings
	}
}

// restored is what a rollback leads to. A trial of an earlier run is undone
// to what was there before it, which this run never saw.
func (r *run) restored() vc.Settings {
	if r.plan.Resume && r.dev == r.own {
		return r.out.Read.Settings
	}
	return r.out.Before
}
