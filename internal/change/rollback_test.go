// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A trial whose time is over is not said to be pending: nobody saw what became
// of it. Who is told to stop before that does not know better than that it is.
func TestTrialThatNobodySawEnd(t *testing.T) {
	for want, end := range map[State]bool{Unknown: false, Pending: true} {
		ctx, cancel := context.WithCancel(context.Background())
		if end {
			cancel()
		}
		r := &run{out: Outcome{Reverts: time.Now().Add(-2 * late)}}
		var f *Failure
		if err := r.awaitRollback(ctx, errors.New("no answer")); !errors.As(err, &f) || f.State != want || f.Reverts.IsZero() {
			t.Errorf("want %s and the time, got %v", want, err)
		}
		cancel()
	}
}
