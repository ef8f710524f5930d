// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// cleanUpTime is how long a clean-up that nobody else does may take, besides one
// slow commit. It is its own deadline, whatever has stopped the task.
const cleanUpTime = 2 * time.Minute

func (r *changeRun) cleanUpContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime+r.Grace)
}

// takeSCPBack switches SCP off again, because a member did not apply it: without
// keys it would get no configuration any more. What met an error, or was lost
// with its link, is done once more. What the failed commit said of the members
// stays in the result.
func (r *changeRun) takeSCPBack(ctx context.Context, cause error) error {
	ctx, cancel := r.cleanUpContext(ctx)
	defer cancel()
	members, failed, to := r.out.Members, r.reply.Failed(), r.out.Before
	to.SCP, to.Record = false, to.Record.Unproved().Without(failed...)
	err, lost := r.sendRevert(ctx, to)
	if lost == nil && err != nil && !isMemberFailure(err) && r.refuseWrite() == nil {
		r.have, r.own = r.out.Read.Settings, r.out.Read.Own
		err, lost = r.sendRevert(ctx, to)
	}
	r.out.Members = members
	if err != nil {
		cause = errors.Join(cause, fmt.Errorf("revert the change: %w", err))
	}
	if lost != nil {
		return r.failUnasked(cause, lost)
	}
	have := r.out.Read.Settings
	r.out.Reverts, r.out.After, r.out.Changed = time.Time{}, have, !have.Equal(r.out.Before)
	switch {
	case !have.Equal(to):
		r.out.State = vc.StateConfirmed
	case isMemberFailure(err):
		r.out.State = vc.StateUnknown
	default:
		r.out.State, r.undone = vc.StateReverted, true
	}
	return r.failWith(cause)
}

// sendRevert commits other settings, and looks. That commit may still travel over
// SCP, so the members that it does not reach either are sent one more, over RCP.
func (r *changeRun) sendRevert(ctx context.Context, to vc.Settings) (err, lost error) {
	s := stage{step: "revert", phase: vc.PhaseRevert, to: to}
	if err = r.commitStage(ctx, s); isMemberFailure(err) {
		err = r.commitStage(ctx, s)
	}
	return err, r.lookAgain(ctx)
}

// takeClaimsOut takes the members out of the record that did not apply the commit,
// so that the next run makes keys again.
func (r *changeRun) takeClaimsOut(ctx context.Context, cause error) error {
	ctx, cancel := r.cleanUpContext(ctx)
	defer cancel()
	members, failed, to := r.out.Members, r.reply.Failed(), r.have
	to.Record = to.Record.Without(failed...)
	err := r.refuseWrite()
	if err == nil {
		err = r.commitStage(ctx, stage{step: "withdraw", phase: vc.PhaseWithdraw, to: to})
	}
	r.out.Members = members
	if err != nil && !isMemberFailure(err) {
		return r.failWith(errors.Join(cause, fmt.Errorf("remove %s from the record: %w", vc.Named(failed), err)))
	}
	r.out.After = r.have
	r.addNote(vc.Named(failed) + " was removed from the record, so the next run makes keys again")
	return r.failWith(cause)
}

// bringMembersBack makes one commit over RCP after the device has taken SCP back: a
// member that failed meanwhile may have missed that. What the record claims of it
// goes too.
func (r *changeRun) bringMembersBack(ctx context.Context, cause error) error {
	ctx, cancel := r.cleanUpContext(ctx)
	defer cancel()
	members, failed := r.out.Members, r.reply.Failed()
	r.have, r.own = r.out.Read.Settings, r.out.Read.Own
	to := r.have
	to.Record = to.Record.Without(failed...)
	err := r.refuseWrite()
	if err == nil {
		err = r.commitStage(ctx, stage{step: "revert", phase: vc.PhaseRevert, to: to})
	}
	r.out.Members = members
	if err != nil {
		r.out.State = vc.StateUnknown
		return r.failWith(errors.Join(cause, fmt.Errorf("whether %s went back to RCP with the others is unknown: %w", vc.Named(failed), err)))
	}
	r.out.After, r.out.Changed = to, r.keys != KeysUntouched || !to.Equal(r.out.Before)
	return r.failWith(cause)
}

// refuseWrite refuses a device that was perhaps left alone since the lock was
// lost: another primary, other members, or a trial that a commit would confirm.
func (r *changeRun) refuseWrite() error {
	if err := r.refuseMovedChassis(r.out.Read.Chassis); err != nil {
		return err
	}
	if p := r.out.Read.TrialProblems(); len(p) > 0 {
		return &vc.ForbiddenError{Problems: p}
	}
	return nil
}
