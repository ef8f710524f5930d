// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// settle finds out what an error left on the device, finishes what can be
// finished safely, and returns the error that tells the truth; nil if the
// change is done after all.
func (r *run) settle(ctx context.Context, cause error) error {
	if r.committed == nothing {
		r.out.State = None
		r.discard(ctx)
		return r.failure(cause)
	}
	if ctx.Err() != nil { // we were told to stop: the device protects itself
		r.out.State = r.guess()
		return r.failure(cause)
	}
	if r.dev.Lost() {
		if err := r.step("reconnect", func() error { return r.reconnect(ctx) }); err != nil {
			r.out.State = Unknown
			return r.failure(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
		}
	} else {
		r.discard(ctx)
		if err := r.read(ctx); err != nil {
			r.out.State = Unknown
			return r.failure(errors.Join(cause, err))
		}
	}
	return r.resolve(ctx, cause)
}

// guess is the state of a run that must stop without asking.
func (r *run) guess() State {
	switch r.committed {
	case trialIn:
		return Pending
	case finalIn:
		return Confirmed
	}
	return Unknown
}

// resolve acts on what the device says of our commits.
func (r *run) resolve(ctx context.Context, cause error) error {
	switch r.seen() {
	case vc.PhaseConfirm, vc.PhaseCommit:
		r.finish()
		if junos.LinkLost(cause) && r.out.Read.Settings.Equal(r.plan.After) {
			r.out.Notes = append(r.out.Notes, "the link was lost during the commit; the device was read again and has it")
			return nil
		}
		return r.failure(cause)
	case vc.PhaseTrial:
		return r.onTrial(ctx, cause)
	}
	return r.notOurs(cause)
}

// seen tells which commit of ours is the device's newest.
func (r *run) seen() vc.Phase {
	newest := r.out.Read.Newest
	if newest == nil {
		return ""
	}
	mark, ok := vc.ParseMark(newest.Log)
	if !ok || mark.Run != r.Mark.Run && !(r.plan.Resume && r.out.Read.Trial.By(r.Mark.Module)) {
		return ""
	}
	return mark.Phase
}

// onTrial continues a trial whose link was lost, on the session that has just
// proved that a new login works. Any other cause means that it must not be
// confirmed: the device is left to take it back.
func (r *run) onTrial(ctx context.Context, cause error) error {
	if r.committed == trialSent {
		r.trialIsIn()
	}
	if junos.LinkLost(cause) && r.dev != r.own && !r.plan.Resume {
		r.plan.Resume = true
		if err := r.confirm(ctx); err == nil {
			r.out.Notes = append(r.out.Notes, "the link was lost after the trial commit; it was confirmed over a new login")
			return nil
		} else {
			cause = errors.Join(cause, err)
		}
		r.discard(ctx)
	}
	return r.awaitRollback(ctx, cause)
}

// notOurs is a device whose newest commit is none of this run's: the commit
// was not applied, or was taken back already.
func (r *run) notOurs(cause error) error {
	have := r.out.Read.Settings
	switch {
	case have.Equal(r.out.Before) && r.wasTried():
		r.out.State = Reverted
	case have.Equal(r.out.Before):
		r.out.State = None
	case have.Equal(r.plan.After):
		r.out.State, r.out.Changed = Confirmed, r.plan.Changes()
	default:
		r.out.State = Unknown
	}
	r.out.Reverts = time.Time{}
	return r.failure(cause)
}

// wasTried says that the device had a trial of this run in force.
func (r *run) wasTried() bool {
	return r.plan.Confirm != vc.NoTrial && r.Confirm > 0 && r.committed != trialSent
}

// discard removes our own edits. The lock is ours, so they are nobody else's.
func (r *run) discard(ctx context.Context) {
	if !r.dirty || r.dev.Lost() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.step("discard", func() error { return r.dev.Discard(ctx) }); err != nil {
		r.out.Notes = append(r.out.Notes, err.Error()+"; the edits end with the session")
		_ = r.dev.Close()
	}
	r.dirty = false
}

// reconnect logs in again and takes the lock, so that a commit that is still
// under way is over before the device is read.
func (r *run) reconnect(ctx context.Context) error {
	dev, err := r.redial(ctx)
	if err != nil {
		return err
	}
	r.close()
	r.dev, r.dirty = dev, false
	if r.unlock, err = dev.LockClean(ctx, r.Lock); err != nil {
		r.unlock = nil
		return err
	}
	return r.read(ctx)
}

// redial tries for as long as a device may be busy with itself.
func (r *run) redial(ctx context.Context) (*junos.Device, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for pause := time.Second; ; pause = min(2*pause, 10*time.Second) {
		dev, err := r.Dial(ctx)
		if err == nil || !sleep(ctx, pause) {
			return dev, err
		}
	}
}
