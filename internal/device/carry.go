// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Work is what a module wants done.
type Work struct {
	Plan    func(vc.Chassis) (vc.Plan, error)
	Prepare func(context.Context, *junos.Device, vc.Chassis) error // for plans that ask for it
	Limit   time.Duration                                          // how long that may take
	Commit  Commit
	Step    vc.Step                           // of several; its module is what the commits are marked with
	Preview func(vc.Chassis) (vc.Plan, error) // of several: Plan, as if the steps before were done
}

// CarryOut previews the work in check mode and carries it out otherwise. The
// result is valid also beside an error, and the plan is the one that was
// followed last.
func (s *Session) CarryOut(ctx context.Context, w Work) (Result, vc.Plan, error) {
	result := s.Result()
	plan, err := w.Plan(s.Chassis)
	if err != nil {
		result.IncludeRefusal(err)
		return result, plan, err
	}
	result.showPlan(plan)
	result.Changed = plan.HasChanges()
	if plan.IsEmpty() {
		result.Warnings = append(result.Warnings, s.provisionalWarnings()...)
		return result, plan, nil
	}
	if s.task.Check {
		s.lookForLock(ctx, &result)
		return result, plan, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.changeBudget(w))
	defer cancel()
	result.Warnings = append(result.Warnings, s.pacer.makeRoom(ctx, s.Logins, w.Commit.trialTime())...)
	c := s.newChange(w)
	c.Replan = func(c vc.Chassis) (vc.Plan, error) { p, err := w.Plan(c); plan = p; return p, err }
	before := len(s.pacer.notes)
	out, err := change.Apply(ctx, s.dev, c)
	result.Warnings = append(result.Warnings, s.pacer.notes[before:]...)
	s.adoptReading(out)
	result.includeOutcome(out)
	result.DeviceWarnings = s.heard.List()
	if err != nil {
		result.IncludeRefusal(err)
		result.showFailedPlan(plan, out)
		return result, plan, err
	}
	shown := plan
	shown.After = out.After // a record that could not be withdrawn is there still
	result.showPlan(shown)
	return result, plan, nil
}

// newChange is the work as a change; how it is planned again is the caller's.
func (s *Session) newChange(w Work) change.Change {
	return change.Change{
		Seen:         s.State,
		Dial:         s.openDevice,
		Prove:        s.openUsual,
		Mark:         s.commitMark(w),
		Prepare:      w.Prepare,
		PrepareLimit: w.Limit,
		Progress:     s.task.Progress,
		TrialMinutes: w.Commit.trialMinutes(),
		LockWait:     s.conn.lockWait(),
		Grace:        asSeconds(s.conn.CommitTimeout),
		LoginPause:   s.loginPause(),
	}
}

// loginPause is how long a login may have to wait for the limits of the device.
func (s *Session) loginPause() time.Duration {
	if !s.Logins.AreFew() {
		return 0
	}
	return s.pacer.minute()
}

// lookForLock finds what another user does that would stop a run now. It may be over
// when the run comes, so it is no failure.
func (s *Session) lookForLock(ctx context.Context, r *Result) {
	err := s.dev.CheckLockable(ctx)
	if err == nil {
		return
	}
	message := "a run would be blocked now: " + err.Error()
	r.Warnings = append(r.Warnings, message)
	r.Problems = append(r.Problems, outcome.NewProblem(cmp.Or(hint.CodeOf(err), outcome.CodeFailed), hint.Of(err), message))
}

// provisionalWarnings tells that what is as wanted may not stay so.
func (s *Session) provisionalWarnings() []string {
	switch {
	case s.Trial != nil && !s.Trial.IsOurs():
		return []string{"this may not last, because another user's trial is pending: " + s.Trial.String()}
	case !s.HistoryKnown:
		return []string{"this may not last: the commit history could not be read, so a pending confirmed commit would not be seen"}
	}
	return nil
}

// adoptReading remembers the last reading. A change that is confirmed is in force
// also if it could not be read back.
func (s *Session) adoptReading(out change.Outcome) {
	if len(out.Read.Members) > 0 {
		s.State = out.Read
	}
	if out.State == vc.StateConfirmed {
		s.Settings = out.After
	}
}

// commitMark is what commit logs say of this run.
func (s *Session) commitMark(w Work) vc.Mark {
	return vc.Mark{Version: Version(), Module: cmp.Or(w.Step.Module(), s.task.Module), Run: runID(s.task.Tag), Job: s.task.Job, Comment: w.Commit.Comment}
}

// changeBudget is the one deadline of a change: more than the sum of what its
// parts may take, and finite.
func (s *Session) changeBudget(w Work) time.Duration {
	const commits, reads, logins = 8, 40, 10
	return s.conn.lockWait() + logins*s.loginPause() + commits*asSeconds(s.conn.CommitTimeout) + reads*asSeconds(s.conn.RPCTimeout) +
		logins*asSeconds(s.conn.ConnectTimeout) + w.Commit.trialTime() + w.Limit + 2*time.Minute
}

// runID makes a task's tag fit for a commit log: hexadecimal digits.
func runID(tag string) string { return fmt.Sprintf("%x", tag) }
