// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// withdrawClaims takes out of the record what it claims, before keys may change:
// a run that dies after this leaves a record that claims too little.
func (r *changeRun) withdrawClaims(ctx context.Context) error {
	if !r.plan.Withdraws() {
		return nil
	}
	err := r.commitStage(ctx, stage{step: "withdraw", phase: vc.PhaseWithdraw, to: r.plan.Withdrawn})
	switch {
	case err == nil, isMemberFailure(err): // the record is the primary's
		r.out.State, r.out.Changed, r.out.After = vc.StateConfirmed, true, r.have
		return nil
	case r.isBlockedByKeys(err):
		r.discardEdits(ctx)
		r.sent, r.targets = nil, nil
		r.addNote("the entries of the record could not be removed first: " + err.Error() +
			". If this run is stopped, make all keys again with vc_internal_ssh and rekey: always (scp_config_sync_rekey)")
		return nil
	}
	return err
}

// isBlockedByKeys says that the device takes no commit at all because a member
// cannot be reached over SCP. New keys are the only way out then. The record is
// in doubt already where it lacks a member; else the device's words must be
// about keys.
func (r *changeRun) isBlockedByKeys(err error) bool {
	if t, _ := r.planned.Transport(); t != vc.SCP || !errors.As(err, new(*junos.RejectedError)) || len(r.reply.Failed()) == 0 {
		return false
	}
	return len(r.planned.Unprepared(r.planned.Settings.Record)) > 0 || slices.Contains(r.reply.causes, junos.CauseKeys)
}

// prepareKeys has keys made, and sees that they were made for whom they were
// planned.
func (r *changeRun) prepareKeys(ctx context.Context) error {
	if !r.plan.Prepare {
		return nil
	}
	r.keys = KeysUnsure
	r.Progress.Begin("make SSH keys for every member (prepare-setup)", r.PrepareLimit)
	if err := r.timeStep("prepare", func() error { return r.Prepare(ctx, r.dev, r.planned) }); err != nil {
		if junos.IsNeverRun(err) {
			r.keys = KeysUntouched
		}
		return err
	}
	r.keys, r.out.Changed = KeysMade, true
	r.Progress.Note("keys made")
	if err := r.readAgain(ctx, r.out.Read, 0); err != nil {
		return fmt.Errorf("read the members again after prepare-setup: %w", err)
	}
	if err := r.refuseMovedChassis(r.out.Read.Chassis); err != nil {
		return &movedKeysError{err}
	}
	r.isReadBack = len(r.sent) == 0 // where claims were withdrawn first, there is more to read
	r.out.Made = r.plan.Made
	return nil
}

// movedKeysError is a chassis that changed while keys were made: nobody knows who
// has them.
type movedKeysError struct{ err error }

func (m *movedKeysError) Error() string {
	return fmt.Sprintf("the chassis changed while keys were made: %s, so the keys are not recorded", m.err)
}

// Code names the kind of the error for programs.
func (m *movedKeysError) Code() string { return "keys_unsure" }

func (m *movedKeysError) Unwrap() error { return m.err }

// Hint says what to do.
func (m *movedKeysError) Hint() string {
	return "run again when the Virtual Chassis is stable: keys are made again then"
}
