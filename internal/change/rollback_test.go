// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// A trial whose time is over is not said to be pending: nobody saw what became
// of it. Who is told to stop before that does not know better than that it is.
func TestTrialThatNobodySawEnd(t *testing.T) {
	for want, end := range map[vc.State]bool{vc.StateUnknown: false, vc.StatePending: true} {
		ctx, cancel := context.WithCancel(context.Background())
		if end {
			cancel()
		}
		r := &changeRun{out: Outcome{Reverts: time.Now().Add(-2 * lateRollback)}}
		var f *FailedError
		if err := r.awaitRollback(ctx, errors.New("no answer")); !errors.As(err, &f) || f.State != want || f.Reverts.IsZero() {
			t.Errorf("want %s and the time, got %v", want, err)
		}
		cancel()
	}
}

// Who left, who came and who was replaced is told by member and serial number.
func TestDifferences(t *testing.T) {
	news := describeDifferences(map[int]string{0: "A", 1: "B", 2: "C"}, map[int]string{0: "A", 1: "X", 3: "D"})
	want := "member 1 (serial B) is now another switch (serial X), member 2 (serial C) has left, member 3 (serial D) has joined"
	if got := strings.Join(news, ", "); got != want {
		t.Errorf("want %s\ngot  %s", want, got)
	}
}

// Logins after a loss are a second apart, and then two: a switch that is busy with
// itself is not kept from it.
func TestLoginsAfterALossArePaced(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	logins := 0
	r := &changeRun{Change: Change{Dial: func(context.Context) (*junos.Device, error) { logins++; return nil, errors.New("away") }}}
	if err := r.reconnectLocked(ctx); err == nil || logins != 2 {
		t.Errorf("%d logins, %v", logins, err)
	}
}
