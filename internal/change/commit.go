// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// stage is one commit of a change.
type stage struct {
	step    string        // its name in the result
	phase   vc.Phase      // its name in the commit log
	to      vc.Settings   // what is in force after it
	minutes junos.Minutes // of a trial
	check   bool
}

// shownName is the stage as a watcher reads it.
func (s stage) shownName() string {
	switch {
	case s.phase == vc.PhaseConfirm && s.check:
		return "confirm by a commit check"
	case s.phase == vc.PhaseConfirm:
		return "confirm by a commit"
	case s.phase == vc.PhaseWithdraw:
		return "commit, to remove entries from the record"
	case s.phase == vc.PhaseRecord:
		return "commit, to record the proof"
	case s.phase == vc.PhaseRevert:
		return "commit, to revert the change"
	}
	return s.step
}

// commitStage loads what differs and commits it. Afterwards the run's own account
// of the settings is that of the stage, if the device said so.
func (r *changeRun) commitStage(ctx context.Context, s stage) error {
	own, overSCP := r.own.Edited(r.have, s.to), r.isOverSCP()
	if err := r.loadSettings(ctx, own); err != nil {
		return err
	}
	r.noteSent(s, own, vc.Lost)
	err := r.sendCommit(ctx, s)
	if r.isRefusedForLock(err) && sleepFor(ctx, memberLockPause) { // it was refused, so that repeats nothing
		err = r.sendCommit(ctx, s)
	}
	if err == nil || isMemberFailure(err) {
		r.have, r.own, r.dirty = s.to, own, false
		r.out.Read.Settings, r.out.Read.Own = s.to, own
	}
	return r.adviseOnMembers(err, overSCP, s.to.SCP)
}

// isOverSCP says that a commit reaches the members over SCP.
func (r *changeRun) isOverSCP() bool { return r.have.SCP || r.planned.FIPS() == vc.FIPSOn }

// adviseOnMembers adds to an error what helps the members that did not take the
// commit, by what the device says of them.
func (r *changeRun) adviseOnMembers(err error, overSCP, toSCP bool) error {
	ids := r.reply.Failed()
	if err == nil || len(ids) == 0 || hint.Of(err) != "" {
		return err
	}
	what := " did not apply the commit"
	if overSCP {
		what += " over SCP"
	}
	return hint.With(err, vc.Named(ids)+what+": "+r.reply.adviceOnMember(overSCP || toSCP)+", then run again")
}

// noteSent adds a commit to the run's account, before anybody knows what becomes of
// it.
func (r *changeRun) noteSent(s stage, own vc.Settings, a vc.Answer) {
	r.sent = append(r.sent, vc.Sent{Phase: s.phase, Check: s.check, Own: own, Answer: a})
	r.targets, r.sentOver = append(r.targets, s.to), r.dev
}

// isRefusedForLock says that a commit was refused because a lock was held that may
// be free in a moment.
func (r *changeRun) isRefusedForLock(err error) bool {
	return errors.As(err, new(*junos.RejectedError)) && r.reply.isBusy()
}

// memberLockPause is how long a member's lock, which kept it from taking part in a
// commit, is given to be over.
const memberLockPause = 3 * time.Second

func (r *changeRun) loadSettings(ctx context.Context, own vc.Settings) error {
	if own.Equal(r.own) {
		return nil
	}
	return r.timeStep("load", func() error {
		r.dirty = true
		return r.dev.Load(ctx, r.own, own)
	})
}

// sendCommit sends the commit of a stage and judges every member in its reply.
func (r *changeRun) sendCommit(ctx context.Context, s stage) error {
	o := junos.CommitOptions{Check: s.check, ConfirmWithin: s.minutes}
	if !s.check {
		o.Log = r.logText(s.phase)
	}
	r.Progress.Begin(s.shownName(), r.dev.CommitLimit())
	return r.timeStep(s.step, func() error {
		result, err := r.dev.Commit(ctx, o)
		r.takeReply(result, err, s)
		last := &r.sent[len(r.sent)-1]
		switch {
		case err == nil:
			last.Answer = vc.Accepted
			return r.refuseReply()
		case !junos.IsLinkLost(err) && ctx.Err() == nil:
			last.Answer = vc.Refused
		}
		return err
	})
}

func (r *changeRun) logText(p vc.Phase) string {
	m := r.Mark
	m.Phase = p
	return m.String()
}

// commitAtOnce makes a plain commit: of something that cannot lock anybody out, or
// because the operator wants no trial.
func (r *changeRun) commitAtOnce(ctx context.Context) error {
	if r.plan.ConfirmBy != vc.NoTrial {
		r.addNote("confirm_timeout is 0: the change was not tried first, and no new login has proved that the chassis can still be reached")
	}
	err := r.commitStage(ctx, stage{step: "commit", phase: vc.PhaseCommit, to: r.plan.Confirmed})
	if r.isLeavingSCP() && isMemberFailure(err) { // that one went over SCP: the next does not
		err = r.commitStage(ctx, stage{step: "commit", phase: vc.PhaseProve, to: r.plan.Confirmed})
	}
	if err != nil {
		return err
	}
	return r.readBack(ctx)
}

// commitWithProof makes the change in two commits with a proof between them.
func (r *changeRun) commitWithProof(ctx context.Context) error {
	if r.plan.Resume {
		// This session is a new login after the trial: the proof itself.
		r.noteSent(stage{phase: vc.PhaseTrial, to: r.have}, r.own, vc.Accepted)
		r.out.Reverts = time.Now().Add(r.remainingWindow())
		return r.confirmTrial(ctx)
	}
	if r.MakeRoom != nil {
		r.MakeRoom(ctx)
	}
	if err := r.commitOnTrial(ctx); err != nil {
		return err
	}
	r.Progress.Note("trial committed: the chassis reverts at " + clockTime(r.out.Reverts) + " unless a new login proves that it can be reached")
	r.Progress.Begin("new login", r.proofTime())
	if err := r.timeStep("prove", func() error { return r.proveLogin(ctx) }); err != nil {
		return &unprovedLoginError{err}
	}
	r.Progress.Note("new login succeeded")
	return r.confirmTrial(ctx)
}

// commitOnTrial commits for trial. Where that still goes over SCP, which the
// trial leaves, a member that does not take it is reached by the confirmation.
func (r *changeRun) commitOnTrial(ctx context.Context) error {
	err := r.commitStage(ctx, stage{step: "commit confirmed", phase: vc.PhaseTrial, to: r.plan.Trial, minutes: r.TrialMinutes})
	if r.isLeavingSCP() && isMemberFailure(err) {
		err = nil
	}
	r.out.Reverts = time.Now().Add(r.trialWindow()) // at the latest, also where no reply came
	r.trialEnds = r.now().Add(time.Until(r.out.Reverts))
	return err
}

// isLeavingSCP says that the change switches SCP off.
func (r *changeRun) isLeavingSCP() bool { return r.plan.Before.SCP && !r.plan.Confirmed.SCP }

// confirmTrial makes the trial permanent.
func (r *changeRun) confirmTrial(ctx context.Context) error {
	s := stage{step: "confirm", phase: vc.PhaseConfirm, to: r.plan.Confirmed, check: r.plan.ConfirmBy == vc.ByCheck}
	if err := r.commitStage(ctx, s); err != nil {
		return err
	}
	if r.isProofPending() && r.isProved() {
		r.noteDone()
		return nil // the record of it is written at once, and then both are read back
	}
	return r.readBack(ctx)
}

// noteDone tells of a change that is committed for good.
func (r *changeRun) noteDone() {
	r.out.State, r.out.Reverts = vc.StateConfirmed, time.Time{}
	r.out.Changed = r.plan.HasChanges()
	r.out.After = r.have
}

// readBack compares what the device has now with what was committed.
func (r *changeRun) readBack(ctx context.Context) error {
	r.noteDone()
	r.isReadBack = false
	if err := r.readAgain(ctx, r.lastReading(), junos.Settings); err != nil {
		if !r.isProofPending() {
			r.addNote("the commit succeeded, but could not be read back: " + err.Error())
			return nil
		}
		return fmt.Errorf("read back after the commit: %w", err)
	}
	if err := r.refuseOtherSettings(); err != nil {
		return err
	}
	err := r.refuseMovedChassis(r.out.Read.Chassis)
	var m *movedChassisError
	switch {
	case err == nil:
		r.isReadBack = true
		return nil
	case errors.As(err, &m) && m.primary:
		// The switch behind this session no longer decides: what it has may be lost.
		_ = r.dev.Close()
		return err
	case r.isProofPending():
		return err
	}
	r.addNote("the commit succeeded, and meanwhile " + err.Error())
	return nil
}

// lastReading is what a reading after a commit may go on from. Where the change has taken
// something away, a group may give it still: everything is read.
func (r *changeRun) lastReading() junos.State {
	if r.planned.Own.HasMoreThan(r.own) {
		return junos.State{}
	}
	return r.out.Read
}

// refuseOtherSettings refuses a device that has something else than was
// committed, or in which a group still gives what was taken away.
func (r *changeRun) refuseOtherSettings() error {
	read := r.out.Read
	switch {
	case !read.Own.Equal(r.own):
		return fmt.Errorf("read back after the commit: want\n%shave\n%s", r.own.Text(), read.Own.Text())
	case !read.Settings.Equal(r.have):
		return &stillGivenError{want: r.have, have: read.Settings, groups: read.Groups}
	}
	return nil
}

// stillGivenError is a statement that was taken away at its own place and is in
// force all the same.
type stillGivenError struct {
	want, have vc.Settings
	groups     vc.Groups
}

func (s *stillGivenError) Error() string {
	return fmt.Sprintf("the change is in the configuration, and a configuration group still gives another value: want\n%shave\n%s", s.want.Text(), s.have.Text())
}

// Hint says what to do.
func (s *stillGivenError) Hint() string {
	group := s.groups.SCP
	if s.want.Keys != s.have.Keys {
		group = s.groups.Keys
	}
	return fmt.Sprintf("delete it from the group %s, or exclude the group there with apply-groups-except", group)
}

// trialWindow is how long a trial may last.
func (r *changeRun) trialWindow() time.Duration { return time.Duration(r.TrialMinutes) * time.Minute }

// remainingWindow is what is left of a trial that was found. Both moments are the
// device's, so its clock need not be right.
func (r *changeRun) remainingWindow() time.Duration {
	trial, now := r.out.Read.Trial, r.out.Read.Now
	if trial == nil || trial.Reverts.IsZero() || now.IsZero() {
		return r.trialWindow()
	}
	return trial.Reverts.Sub(now)
}
