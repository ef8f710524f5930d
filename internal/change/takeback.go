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

// enables says that the change has switched SCP on.
func (r *run) enables() bool { return r.plan.After.SCP && (r.plan.Resume || !r.out.Before.SCP) }

// askMembers makes one more commit, of nothing, if SCP was switched on by one
// whose reply was lost: what it said of the members is the proof that they have
// keys. That the device does not answer this one either is told, and no failure.
// Nor is a chassis that has changed meanwhile, which is not written to.
func (r *run) askMembers(ctx context.Context) error {
	if !r.enables() {
		return nil
	}
	err := r.stable(r.out.Read.Chassis)
	if err == nil {
		err = r.commit(ctx, "commit", junos.CommitOptions{Log: r.log(vc.PhaseCommit)})
	}
	if err != nil && !r.strands() {
		r.out.Notes = append(r.out.Notes, "whether every member took it is unknown: "+err.Error())
		return nil
	}
	return err
}

// strands says that the change has switched SCP on for good although a member
// did not take it: a device may call a commit good that did not reach all.
// Without keys that member would get no configuration any more.
func (r *run) strands() bool {
	return r.enables() && (r.strangers || slices.ContainsFunc(r.out.Members, func(m Member) bool { return m.Commit == failed }))
}

// takeBack switches SCP off again and tells what came of it. What met an error,
// or was lost with its link, is done once more. What the failed commit said of the
// members stays in the result.
func (r *run) takeBack(ctx context.Context, cause error) error {
	members, to := r.out.Members, r.out.Before
	to.SCP = false
	err, lost := r.sendBack(ctx, to)
	if lost == nil && err != nil && !errors.As(err, new(*memberFailed)) && r.mayWrite() == nil {
		err, lost = r.sendBack(ctx, to)
	}
	r.out.Members, r.undone = members, true
	if lost != nil {
		r.out.State = Unknown
		return r.failure(errors.Join(cause, err, fmt.Errorf("ask the device again: %w", lost)))
	}
	switch have := r.out.Read.Settings; {
	case have.Equal(to):
		r.gone(Reverted)
		r.out.Changed, r.out.After = !have.Equal(r.out.Before), have
	default:
		r.undone = false
		r.stays(have)
	}
	if err != nil {
		cause = errors.Join(cause, fmt.Errorf("take it back: %w", err))
	}
	return r.failure(cause)
}

// sendBack commits the settings from before, and looks. That commit may still
// travel over SCP, so the members that it does not reach either are sent one
// more, over RCP.
func (r *run) sendBack(ctx context.Context, to vc.Settings) (err, lost error) {
	again := func() error {
		return r.commit(ctx, "take back", junos.CommitOptions{Log: r.log(vc.PhaseCommit)})
	}
	err = r.load(ctx, r.out.Read.Settings, to)
	if err == nil {
		err = again()
	}
	if errors.As(err, new(*memberFailed)) {
		r.dirty = false // it was committed
		err = again()
	}
	return err, r.look(ctx)
}

// claims says that the commit recorded keys of a member that did not take it,
// over SCP: it has none that work.
func (r *run) claims() bool {
	t, _ := r.out.Read.Transport()
	return t == vc.SCP && !maps.Equal(r.out.Before.Record, r.plan.After.Record) && len(r.claimed()) > 0
}

// claimed are the members that are recorded and did not take the commit.
func (r *run) claimed() (ids []int) {
	for _, m := range r.out.Members {
		if _, recorded := r.plan.After.Record[m.ID]; recorded && m.Commit == failed {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// unclaim takes such members out of the record, so that the next run makes keys
// again.
func (r *run) unclaim(ctx context.Context, cause error) error {
	members, to := r.out.Members, r.plan.After
	to.Record = maps.Clone(to.Record)
	for _, id := range r.claimed() {
		delete(to.Record, id)
	}
	err := r.rewrite(ctx, r.plan.After, to)
	r.out.Members = members
	if err != nil {
		return r.failure(errors.Join(cause, fmt.Errorf("take %s out of the record: %w", vc.Named(r.claimed()), err)))
	}
	r.stays(to)
	r.out.Notes = append(r.out.Notes, vc.Named(r.claimed())+" was taken out of the record, so that the next run makes keys again")
	return r.failure(cause)
}

// forget takes the whole record away after a prepare-setup that broke off: it
// would claim keys that may be gone. Where that cannot be done, it is told.
func (r *run) forget(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	to := r.out.Before
	to.Record = nil
	err := r.look(ctx)
	if err == nil {
		err = r.mayWrite()
	}
	if err == nil {
		err = r.rewrite(ctx, r.out.Before, to)
	}
	if err != nil {
		r.out.Notes = append(r.out.Notes, "the record still names the members, although their keys may be gone (run again with rekey: always): "+err.Error())
		return
	}
	r.out.State, r.out.After = Confirmed, to
}

// mayWrite refuses a device that was perhaps left alone since the lock was
// lost: another primary, other members, or a trial that a commit would confirm.
func (r *run) mayWrite() error {
	if err := r.stable(r.out.Read.Chassis); err != nil {
		return err
	}
	if p := r.out.Read.TrialProblems(); len(p) > 0 {
		return &vc.ForbiddenError{Problems: p}
	}
	return nil
}

// rewrite makes one plain commit. Members that do not take it are no error:
// the record is the primary's.
func (r *run) rewrite(ctx context.Context, from, to vc.Settings) error {
	err := r.load(ctx, from, to)
	if err == nil {
		err = r.commit(ctx, "commit", junos.CommitOptions{Log: r.log(vc.PhaseCommit)})
	}
	if errors.As(err, new(*memberFailed)) {
		err = nil
	}
	if err == nil {
		r.dirty = false
		return nil
	}
	r.discard(ctx)
	return err
}
