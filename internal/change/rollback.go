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
// accident, and watches until the device has taken it back.
func (r *run) awaitRollback(ctx context.Context, cause error) error {
	r.out.State = Pending
	_ = r.step("await rollback", func() error {
		end := time.Until(r.out.Reverts.Add(late))
		watch, cancel := context.WithTimeout(ctx, end)
		defer cancel()
		for pause := time.Second; sleep(watch, pause); pause = min(2*pause, 5*time.Second) {
			if r.rolledBack(watch) {
				r.out.State, r.out.Reverts = Reverted, time.Time{}
				return nil
			}
		}
		return nil
	})
	return r.failure(cause)
}

func (r *run) rolledBack(ctx context.Context) bool {
	if r.dev.Lost() {
		dev, err := r.Dial(ctx)
		if err != nil {
			return false
		}
		r.close()
		r.dev, r.unlock = dev, nil
	}
	state, err := r.dev.Read(ctx)
	if err != nil {
		return false
	}
	r.out.Read = state
	return r.seen() != vc.PhaseTrial && state.Settings.Equal(r.restored())
}

// restored is what a rollback leads to. A trial of an earlier run is undone
// to what was there before it, which this run never saw.
func (r *run) restored() vc.Settings {
	if r.plan.Resume && r.dev == r.own {
		return r.out.Read.Settings
	}
	return r.out.Before
}
