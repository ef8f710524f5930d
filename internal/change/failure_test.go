// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Every state has its words and its advice, and keys have theirs beside it.
func TestFailedError(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 5, 0, 0, time.FixedZone("", 3600))
	cause, helped := errors.New("cause"), hint.With(errors.New("cause"), "do this")
	const (
		unrecorded = "; the keys were made but not recorded, so the next run makes them again"
		rolled     = "cause; the trial was not confirmed and the device has rolled it back: REVERTED"
		wait       = "wait until then, commit nothing meanwhile because any commit confirms the trial, and run again"
		repair     = "fix the cause, then run again"
		look       = "run vc_info and vc_sync_check before anything else"
	)
	for _, row := range []struct {
		f          FailedError
		text, hint string
	}{
		{FailedError{State: vc.StateNone, Err: cause}, "cause; nothing was changed", repair},
		{FailedError{State: vc.StateNone, Keys: KeysUnsure, Err: helped}, "cause; nothing was committed, but some members may have new keys", "do this"},
		{FailedError{State: vc.StateNone, Keys: KeysMade, Err: cause}, "cause" + unrecorded, repair},
		{FailedError{State: vc.StateNone, Later: true, Err: cause}, "cause; this step changed nothing", repair},
		{FailedError{State: vc.StateNone, Later: true, Keys: KeysUnsure, Err: cause}, "cause; this step committed nothing, but some members may have new keys", repair},
		{FailedError{State: vc.StateNone, Later: true, Keys: KeysMade, Err: cause}, "cause" + unrecorded, repair},
		{FailedError{State: vc.StateReverted, Err: cause}, rolled, repair},
		{FailedError{State: vc.StateReverted, Keys: KeysUnsure, Err: cause}, rolled, repair},
		{FailedError{State: vc.StateReverted, Keys: KeysMade, Err: cause}, rolled + unrecorded, repair},
		{FailedError{State: vc.StateReverted, Keys: KeysMade, Recorded: true, Err: cause}, rolled, repair},
		{FailedError{State: vc.StateReverted, Undone: true, Err: cause}, "cause; the change was undone by another commit: REVERTED", repair},
		{FailedError{State: vc.StatePending, Reverts: at, Err: cause},
			"cause; the trial is not confirmed; the device rolls it back by itself no later than about 2026-03-01 09:05:00 UTC on the controller's clock", wait},
		{FailedError{State: vc.StatePending, Reverts: at, Err: helped},
			"cause; the trial is not confirmed; the device rolls it back by itself no later than about 2026-03-01 09:05:00 UTC on the controller's clock", wait + "; do this"},
		{FailedError{State: vc.StateConfirmed, Err: cause}, "cause; the change is committed anyway", look},
		{FailedError{State: vc.StateConfirmed, Unread: true, Err: cause},
			"cause; the change is committed anyway; whether the keys are recorded as proved is unknown, and the next run reads it", look},
		{FailedError{State: vc.StateConfirmed, Keys: KeysUnsure, Err: cause},
			"cause; some members may have new keys that are not in the record, so the next run makes them again", look},
		{FailedError{State: vc.StateConfirmed, Keys: KeysMade, Err: cause}, "cause" + unrecorded, look},
		{FailedError{State: vc.StateConfirmed, Keys: KeysMade, Recorded: true, Err: helped}, "cause; the change is committed anyway", "do this"},
		{FailedError{State: vc.StateUnknown, Err: cause}, "cause; whether the change was committed is unknown",
			"read the chassis with vc_info when it can be reached, then run again"},
		{FailedError{State: vc.StateUnknown, Reverts: at, Err: cause},
			"cause; whether the change was committed is unknown; a trial that was not confirmed is rolled back by the device itself no later than about 2026-03-01 09:05:00 UTC on the controller's clock", wait},
		{FailedError{State: vc.StateUnknown, Err: helped}, "cause; whether the change was committed is unknown", "do this"},
	} {
		if got := row.f.Error(); got != row.text {
			t.Errorf("want %q\n got %q", row.text, got)
		}
		if got := row.f.Hint(); got != row.hint {
			t.Errorf("%s: want the hint %q, got %q", row.text, row.hint, got)
		}
	}
}

// Keys that a change before this one has made, and left to this one to record, are
// named with its failure.
func TestFailureNamesKeysThatWereLeftToIt(t *testing.T) {
	for _, row := range []struct {
		keys       Keys
		unrecorded bool
		want       Keys
	}{{KeysUntouched, false, KeysUntouched}, {KeysUntouched, true, KeysMade}, {KeysUnsure, true, KeysUnsure}, {KeysMade, false, KeysMade}} {
		r := &changeRun{keys: row.keys, unrecorded: row.unrecorded}
		err := r.failWith(errors.New("cause"))
		var f *FailedError
		if !errors.As(err, &f) || f.Keys != row.want || f.Recorded || !strings.HasPrefix(err.Error(), "cause; ") {
			t.Errorf("%v, %t: want %v, got %#v", row.keys, row.unrecorded, row.want, err)
		}
		r.out.After.Record = vc.Record{0: {Serial: "A"}}
		if errors.As(r.failWith(errors.New("cause")), &f); !f.Recorded {
			t.Error("a record with members claims nothing")
		}
	}
}
