// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"time"
)

// clockKey is the key of a context's clock: the labs of tests have a time of their own, in
// which trials end. Without one a run goes by the controller's.
type clockKey struct{}

func clockOf(ctx context.Context) func() time.Time {
	if now, ok := ctx.Value(clockKey{}).(func() time.Time); ok {
		return now
	}
	return time.Now
}

// isInTime says that the trial of this run is not over by its own clock, nor the rollback
// that may be under way then. One that was never made was over long ago.
func (r *changeRun) isInTime() bool {
	return r.now().Before(r.trialEnds.Add(r.Grace))
}

// latestEnd is when an open trial ends at the latest. That of this run the run knows by its
// own clock too: the device's may have been set since.
func (r *changeRun) latestEnd(byDevice time.Time) time.Time {
	trial := r.out.Read.Trial
	if trial == nil || trial.Mark.Run != r.Mark.Run {
		return byDevice
	}
	if ours := time.Now().Add(r.trialEnds.Sub(r.now())); byDevice.Before(ours) {
		return ours
	}
	return byDevice
}
