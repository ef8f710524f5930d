// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// FailedError is a change that did not succeed, with the state that it left.
type FailedError struct {
	State    vc.State
	Reverts  time.Time // of a pending trial
	Keys     Keys
	Undone   bool // of StateReverted: not by the device, but by another commit
	Recorded bool // the record names members for whom keys were made
	Unread   bool // the commit that records the proof of the keys has no answer, and nobody asks any more
	Later    bool // a change of the same run was made before it: what is said is only of this one
	Err      error
}

// Keys is what became of prepare-setup in a change that failed.
type Keys int

// What became of prepare-setup.
const (
	KeysUntouched Keys = iota
	KeysUnsure         // it was asked for and did not succeed
	KeysMade           // it succeeded, but that is not recorded
)

// unrecordedKeys tells what is left of prepare-setup that no record shows.
const unrecordedKeys = "the keys were made but not recorded, so the next run makes them again"

// unreadRecord tells of a run that was stopped while the record was written.
const unreadRecord = "; whether the keys are recorded as proved is unknown, and the next run reads it"

// describeUncommitted tells what is left of a change that committed nothing.
func (f *FailedError) describeUncommitted() string {
	switch {
	case f.Keys == KeysMade:
		return unrecordedKeys
	case f.Keys == KeysUnsure && f.Later:
		return "this step committed nothing, but some members may have new keys"
	case f.Keys == KeysUnsure:
		return "nothing was committed, but some members may have new keys"
	case f.Later:
		return "this step changed nothing"
	}
	return "nothing was changed"
}

func (f *FailedError) Error() string {
	switch f.State {
	case vc.StateNone:
		return fmt.Sprintf("%v; %s", f.Err, f.describeUncommitted())
	case vc.StateReverted:
		if f.Undone {
			return fmt.Sprintf("%v; the change was undone by another commit: REVERTED", f.Err)
		}
		text := fmt.Sprintf("%v; the trial was not confirmed and the device has rolled it back: REVERTED", f.Err)
		if f.Keys == KeysMade && !f.Recorded {
			text += "; " + unrecordedKeys
		}
		return text
	case vc.StatePending:
		return fmt.Sprintf("%v; the trial is not confirmed; the device rolls it back by itself no later than about %s",
			f.Err, clockTime(f.Reverts))
	case vc.StateConfirmed:
		switch f.Keys {
		case KeysUnsure:
			return fmt.Sprintf("%v; some members may have new keys that are not in the record, so the next run makes them again", f.Err)
		case KeysMade:
			if !f.Recorded {
				return fmt.Sprintf("%v; %s", f.Err, unrecordedKeys)
			}
		}
		text := fmt.Sprintf("%v; the change is committed anyway", f.Err)
		if f.Unread {
			text += unreadRecord
		}
		return text
	}
	if f.Reverts.IsZero() {
		return fmt.Sprintf("%v; whether the change was committed is unknown", f.Err)
	}
	return fmt.Sprintf("%v; whether the change was committed is unknown; a trial that was not confirmed is rolled back by the device itself no later than about %s",
		f.Err, clockTime(f.Reverts))
}

func (f *FailedError) Unwrap() error { return f.Err }

// mayHaveOpenTrial says that there may be a trial that somebody's commit would confirm.
func (f *FailedError) mayHaveOpenTrial() bool {
	return f.State == vc.StatePending || f.State == vc.StateUnknown && !f.Reverts.IsZero()
}

// Hint says what to do. What a trial needs comes before what the cause does.
func (f *FailedError) Hint() string {
	const wait = "wait until then, commit nothing meanwhile because any commit confirms the trial, and run again"
	if text := hint.Of(f.Err); text != "" {
		if f.mayHaveOpenTrial() {
			return wait + "; " + text
		}
		return text
	}
	switch {
	case f.mayHaveOpenTrial():
		return wait
	case f.State == vc.StateUnknown:
		return "read the chassis with vc_info when it can be reached, then run again"
	case f.State == vc.StateConfirmed:
		return "run vc_info and vc_sync_check before anything else"
	}
	return "fix the cause, then run again"
}

func (r *changeRun) failWith(cause error) error {
	keys := r.keys
	if keys == KeysUntouched && r.unrecorded {
		keys = KeysMade
	}
	return &FailedError{
		State: r.out.State, Reverts: r.out.Reverts, Keys: keys, Undone: r.undone, Recorded: len(r.out.After.Record) > 0, Unread: r.unread, Err: cause,
	}
}
