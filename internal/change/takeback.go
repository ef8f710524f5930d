// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// hasEnabledSCP says that the change has switched SCP on.
func (r *changeRun) hasEnabledSCP() bool {
	return r.plan.After.SCP && (r.plan.Resume || !r.out.Before.SCP)
}

// askMembers makes one more commit, of nothing, if SCP was switched on by one
// whose reply was lost: what it said of the members is the proof that they have
// keys. That the device does not answer this one either is told, and no failure.
// Nor is a chassis that has changed meanwhile, which is not written to.
func (r *changeRun) askMembers(ctx context.Context) error {
	if !r.hasEnabledSCP() {
		return nil
	}
	err := r.refuseMovedChassis(r.out.Read.Chassis)
	if err == nil {
		err = r.sendCommit(ctx, "commit", junos.CommitOptions{Log: r.logText(vc.PhaseCommit)})
	}
	if err != nil && !r.hasStrandedMember() {
		r.out.Notes = append(r.out.Notes, "whether every member took it is unknown: "+err.Error())
		return nil
	}
	return err
}

// hasStrandedMember says that the change has switched SCP on for good although a member
// did not take it: a device may call a commit good that did not reach all.
// Without keys that member would get no configuration any more.
func (r *changeRun) hasStrandedMember() bool {
	return r.hasEnabledSCP() && (r.strangerFailed || slices.ContainsFunc(r.out.Members, func(m Member) bool { return m.Commit == commitFailed }))
}

// revertSCP switches SCP off again and tells what came of it. What met an error,
// or was lost with its link, is done once more. What the failed commit said of the
// members stays in the result.
func (r *changeRun) revertSCP(ctx context.Context, cause error) error {
	members, to := r.out.Members, r.out.Before
	to.SCP = false
	err, lost := r.sendRevert(ctx, to)
	if lost == nil && err != nil && !errors.As(err, new(*memberFailedError)) && r.refuseWrite() == nil {
		err, lost = r.sendRevert(ctx, to)
	}
	r.out.Members, r.undone = members, true
	if lost != nil {
		r.out.State = Unknown
		return r.failWith(errors.Join(cause, err, fmt.Errorf("ask the device again: %w", lost)))
	}
	switch have := r.out.Read.Settings; {
	case have.Equal(to):
		r.noteGone(Reverted)
		r.out.Changed, r.out.After = !have.Equal(r.out.Before), have
	default:
		r.undone = false
		r.noteKept(have)
	}
	if err != nil {
		cause = errors.Join(cause, fmt.Errorf("take it back: %w", err))
	}
	return r.failWith(cause)
}

// sendRevert commits the settings from before, and looks. That commit may still
// travel over SCP, so the members that it does not reach either are sent one
// more, over RCP.
func (r *changeRun) sendRevert(ctx context.Context, to vc.Settings) (err, lost error) {
	again := func() error {
		return r.sendCommit(ctx, "take back", junos.CommitOptions{Log: r.logText(vc.PhaseCommit)})
	}
	err = r.loadSettings(ctx, r.out.Read.Settings, to)
	if err == nil {
		err = again()
	}
	if errors.As(err, new(*memberFailedError)) {
		r.dirty = false // it was committed
		err = again()
	}
	return err, r.lookAgain(ctx)
}

// hasFalseClaim says that the commit recorded keys of a member that did not take it,
// over SCP: it has none that work.
func (r *changeRun) hasFalseClaim() bool {
	t, _ := r.out.Read.Transport()
	return t == vc.SCP && !maps.Equal(r.out.Before.Record, r.plan.After.Record) && len(r.falselyClaimed()) > 0
}

// falselyClaimed returns the members that are recorded and did not take the commit.
func (r *changeRun) falselyClaimed() (ids []int) {
	for _, m := range r.out.Members {
		if _, recorded := r.plan.After.Record[m.ID]; recorded && m.Commit == commitFailed {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// removeFalseClaims takes such members out of the record, so that the next run makes keys
// again.
func (r *changeRun) removeFalseClaims(ctx context.Context, cause error) error {
	members, to := r.out.Members, r.plan.After
	to.Record = maps.Clone(to.Record)
	for _, id := range r.falselyClaimed() {
		delete(to.Record, id)
	}
	err := r.commitRecord(ctx, r.plan.After, to)
	r.out.Members = members
	if err != nil {
		return r.failWith(errors.Join(cause, fmt.Errorf("take %s out of the record: %w", vc.Named(r.falselyClaimed()), err)))
	}
	r.noteKept(to)
	r.out.Notes = append(r.out.Notes, vc.Named(r.falselyClaimed())+" was taken out of the record, so that the next run makes keys again")
	return r.failWith(cause)
}

// forgetRecord takes the whole record away after a prepare-setup that broke off: it
// would claim keys that may be gone. Where that cannot be done, it is told.
func (r *changeRun) forgetRecord(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	to := r.out.Before
	to.Record = nil
	err := r.lookAgain(ctx)
	if err == nil {
		err = r.refuseWrite()
	}
	if err == nil {
		err = r.commitRecord(ctx, r.out.Before, to)
	}
	if err != nil {
		r.out.Notes = append(r.out.Notes, "the record still names the members, although their keys may be gone (run again with rekey: always): "+err.Error())
		return
	}
	r.out.State, r.out.After = Confirmed, to
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

// commitRecord makes one plain commit. Members that do not take it are no error:
// the record is the primary's.
func (r *changeRun) commitRecord(ctx context.Context, from, to vc.Settings) error {
	err := r.loadSettings(ctx, from, to)
	if err == nil {
		err = r.sendCommit(ctx, "commit", junos.CommitOptions{Log: r.logText(vc.PhaseCommit)})
	}
	if errors.As(err, new(*memberFailedError)) {
		err = nil
	}
	if err == nil {
		r.dirty = false
		return nil
	}
	r.discardEdits(ctx)
	return err
}
