// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
		if r.keys == KeysUnsure && r.plan.Forget {
			r.forget(ctx)
		}
		return r.failure(cause)
	}
	if ctx.Err() != nil { // we were told to stop: the device protects itself
		if errors.As(cause, new(*memberFailed)) && r.strands() { // against everything but this
			return r.afterTheEnd(ctx, cause)
		}
		r.discard(ctx)
		r.out.State = r.guess()
		return r.failure(cause)
	}
	if err := r.look(ctx); err != nil {
		if r.unlock == nil && blocked(err) && !r.dev.IsLost() {
			return r.lookOnly(ctx, errors.Join(cause, err))
		}
		r.out.State = Unknown
		return r.failure(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
	}
	return r.resolve(ctx, cause)
}

// look reads the device again, over a new login if the session is gone.
func (r *run) look(ctx context.Context) error {
	r.discard(ctx)
	if !r.dev.IsLost() {
		if err := r.read(ctx); err == nil || !r.dev.IsLost() {
			return err
		}
	}
	return r.step("reconnect", func() error { return r.reconnect(ctx) })
}

// blocked says that somebody else keeps the configuration.
func blocked(err error) bool {
	return errors.As(err, new(*junos.LockHeldError)) || errors.As(err, new(*junos.CandidateModifiedError))
}

// lookOnly is look where somebody keeps the configuration: nothing is
// written. Only what is seen counts. What is not seen may still be under way.
func (r *run) lookOnly(ctx context.Context, cause error) error {
	r.out.State = Unknown
	if err := r.read(ctx); err != nil {
		return r.failure(errors.Join(cause, fmt.Errorf("ask the device again: %w", err)))
	}
	trial, have := r.out.Read.Trial, r.out.Read.Settings
	switch seen := r.seen(); {
	case seen == vc.PhaseTrial && trial != nil:
		r.trialIsIn()
		r.out.State, r.out.Reverts = Pending, time.Now().Add(r.remaining())
	case (seen == vc.PhaseConfirm || seen == vc.PhaseCommit) && have.Equal(r.plan.After):
		r.finish()
		r.out.Notes = append(r.out.Notes, "the link was lost during the commit; the device was read again and has it")
		if r.enables() {
			r.out.Notes = append(r.out.Notes, "whether every member took it is unknown: "+cause.Error())
		}
		if junos.IsLinkLost(cause) {
			return nil
		}
	}
	return r.failure(cause)
}

// afterTheEnd takes back what strands a member although we were told to stop:
// nobody else does it.
func (r *run) afterTheEnd(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := r.look(ctx); err != nil {
		r.out.State = Confirmed
		return r.failure(errors.Join(cause, fmt.Errorf("take it back: %w", err)))
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
		return r.onFinal(ctx, cause)
	case vc.PhaseTrial:
		return r.onTrial(ctx, cause)
	}
	if !r.out.Read.HistoryKnown && r.tries() && r.out.Read.Settings.Equal(r.plan.Trial) {
		return r.onTrial(ctx, cause) // it is in force, and nothing shows that it is more than a trial
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
	if !ok || mark.Run != r.Mark.Run && mark.Run != r.trialRun {
		return ""
	}
	return mark.Phase
}

// onFinal is a device whose newest commit is our last one. A trial that was
// taken back just before it is not in it.
func (r *run) onFinal(ctx context.Context, cause error) error {
	have := r.out.Read.Settings
	if have.Equal(r.plan.After) {
		r.finish()
		var m *moved
		switch {
		case junos.IsLinkLost(cause):
			r.out.Notes = append(r.out.Notes, "the link was lost during the commit; the device was read again and has it")
			cause = r.askMembers(ctx)
		case errors.As(cause, &m):
			r.out.Notes = append(r.out.Notes, "the commit succeeded, and meanwhile "+m.Error()+"; that one was read and has it")
			cause = r.askMembers(ctx)
		}
		switch {
		case r.strands():
			return r.takeBack(ctx, cause)
		case r.claims():
			return r.unclaim(ctx, cause)
		case cause == nil:
			return nil
		}
		return r.failure(cause)
	}
	cause = fmt.Errorf("the device took the trial back before it was confirmed: %w", cause)
	if have.Equal(r.out.Before) {
		r.gone(Reverted)
	} else {
		r.stays(have)
	}
	return r.failure(cause)
}

// gone and stays say what became of the settings.
func (r *run) gone(s State) {
	r.out.State, r.out.Reverts = s, time.Time{}
	r.out.Changed, r.out.After = r.keys != KeysUntouched, r.out.Before
	if s == Reverted {
		r.out.After = r.out.Read.Settings
	}
}

func (r *run) stays(have vc.Settings) {
	r.out.State, r.out.Reverts = Confirmed, time.Time{}
	r.out.Changed, r.out.After = r.keys != KeysUntouched || !have.Equal(r.out.Before), have
}

// onTrial continues a trial whose link was lost, on the session that has just
// proved that a new login works. Any other cause means that it must not be
// confirmed: the device is left to take it back.
func (r *run) onTrial(ctx context.Context, cause error) error {
	if r.committed == trialSent {
		r.trialIsIn()
	}
	if !junos.IsLinkLost(cause) || r.dev == r.own {
		return r.awaitRollback(ctx, cause)
	}
	err := r.stable(r.out.Read.Chassis)
	if err == nil {
		err = r.confirm(ctx)
	}
	if err == nil {
		r.out.Notes = append(r.out.Notes, "the link was lost after the trial commit; it was confirmed over a new login")
		return nil
	}
	r.discard(ctx)
	return r.awaitRollback(ctx, errors.Join(cause, err))
}

// notOurs is a device whose newest commit is none of this run's: the commit
// was not applied, or was taken back already.
func (r *run) notOurs(cause error) error {
	have := r.out.Read.Settings
	switch {
	case r.wasTried() && r.restored(r.out.Read):
		r.gone(Reverted)
	case have.Equal(r.out.Before) && !r.out.Read.HistoryKnown && (r.committed == trialSent || have.Equal(r.plan.After)):
		// It was not applied, or it was and is rolled back: nothing tells which.
		r.gone(Unknown)
	case have.Equal(r.out.Before) && !r.resumed():
		r.gone(None)
	case (have.Equal(r.plan.After) || have.Equal(r.plan.Trial)) && r.out.Read.Trial != nil:
		r.underAnother()
	case have.Equal(r.plan.After), have.Equal(r.plan.Trial): // a commit of somebody else has confirmed it
		r.stays(have)
	default:
		r.out.State, r.out.Reverts = Unknown, time.Time{}
	}
	return r.failure(cause)
}

// tries says that the change is made in two commits.
func (r *run) tries() bool { return r.plan.ConfirmBy != vc.NoTrial && (r.Confirm > 0 || r.plan.Resume) }

// wasTried says that the device had a trial of this run in force.
func (r *run) wasTried() bool {
	return r.tries() && (r.committed != trialSent || r.traced())
}

// traced says that the history has a trial of this run below what came later.
func (r *run) traced() bool {
	return slices.ContainsFunc(r.out.Read.History, func(c vc.Commit) bool {
		mark, ok := vc.ParseMark(c.Log)
		return ok && mark.Run == r.Mark.Run && mark.Phase == vc.PhaseTrial
	})
}

// discard removes our own edits. The lock is ours, so they are nobody else's.
func (r *run) discard(ctx context.Context) {
	if !r.dirty || r.dev.IsLost() {
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
// under way is over before the device is read. It tries for as long as a device
// may be busy with itself, or with the election of another primary.
func (r *run) reconnect(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for pause := time.Second; ; pause = min(2*pause, 10*time.Second) {
		err := r.enter(ctx, patient)
		if err == nil {
			err = r.read(ctx)
		}
		if err == nil || blocked(err) || !sleep(patient, pause) {
			return err
		}
	}
}

// enter replaces the session by a new one that has the lock.
func (r *run) enter(ctx, patient context.Context) error {
	dev, err := r.Dial(patient)
	if err != nil {
		return err
	}
	r.close()
	r.dev, r.dirty = dev, false
	if r.unlock, err = dev.LockClean(ctx, r.Lock); err != nil {
		r.unlock = nil
	}
	return err
}
