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
	return r.enables() && slices.ContainsFunc(r.out.Members, func(m Member) bool { return m.Commit == failed })
}

// takeBack switches SCP off again and tells what came of it. That commit may
// still travel over SCP, so the members that it does not reach either are sent
// one more, over RCP. What the failed commit said of the members stays
// in the result.
func (r *run) takeBack(ctx context.Context, cause error) error {
	members, to := r.out.Members, r.out.Before
	to.SCP = false
	again := func() error {
		return r.commit(ctx, "take back", junos.CommitOptions{Log: r.log(vc.PhaseCommit)})
	}
	err := r.load(ctx, r.plan.After, to)
	if err == nil {
		err = again()
	}
	if errors.As(err, new(*memberFailed)) {
		r.dirty = false // it was committed
		err = again()
	}
	r.out.Members, r.undone = members, true
	if lost := r.look(ctx); lost != nil {
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
