// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// commitAtOnce makes a plain commit: of something that cannot lock anybody out, or
// because the operator wants no trial.
func (r *changeRun) commitAtOnce(ctx context.Context) error {
	if err := r.loadSettings(ctx, r.out.Before, r.plan.After); err != nil {
		return err
	}
	if r.plan.ConfirmBy != vc.NoTrial {
		r.out.Notes = append(r.out.Notes, "confirm_timeout is 0: the change was not tried first, and no new login has proved that the chassis can still be reached")
	}
	r.committed = finalSent
	if err := r.sendCommit(ctx, "commit", junos.CommitOptions{Log: r.logText(vc.PhaseCommit)}); err != nil {
		return err
	}
	r.noteFinal()
	return r.readBack(ctx)
}

// commitWithProof makes the change in two commits with a proof between them.
func (r *changeRun) commitWithProof(ctx context.Context) error {
	if !r.plan.Resume {
		if err := r.commitOnTrial(ctx); err != nil {
			return err
		}
		if err := r.timeStep("prove", func() error { return r.proveLogin(ctx) }); err != nil {
			return &unprovedLoginError{err}
		}
	} else {
		// This session is a new login after the trial: the proof itself.
		r.committed = trialIn
		r.out.Reverts = time.Now().Add(r.remainingWindow())
	}
	return r.confirmTrial(ctx)
}

// commitOnTrial commits for trial.
func (r *changeRun) commitOnTrial(ctx context.Context) error {
	if err := r.loadSettings(ctx, r.out.Before, r.plan.Trial); err != nil {
		return err
	}
	r.committed, r.out.Reverts = trialSent, time.Now().Add(r.trialWindow()) // in case the reply never comes
	o := junos.CommitOptions{Log: r.logText(vc.PhaseTrial), ConfirmWithin: r.TrialMinutes}
	if err := r.sendCommit(ctx, "commit confirmed", o); err != nil {
		return err
	}
	r.noteTrial()
	return nil
}

func (r *changeRun) noteTrial() {
	r.committed, r.dirty = trialIn, false
	r.out.Reverts = time.Now().Add(r.trialWindow())
}

// confirmTrial makes the trial permanent.
func (r *changeRun) confirmTrial(ctx context.Context) error {
	if r.plan.ConfirmBy == vc.ByCheck {
		r.committed = finalSent
		if err := r.sendCommit(ctx, "confirm", junos.CommitOptions{Check: true}); err != nil {
			return err
		}
		r.noteFinal()
		return r.readBack(ctx)
	}
	if err := r.loadSettings(ctx, r.plan.Trial, r.plan.After); err != nil {
		return err
	}
	r.committed = finalSent
	if err := r.sendCommit(ctx, "confirm", junos.CommitOptions{Log: r.logText(vc.PhaseConfirm)}); err != nil {
		return err
	}
	r.noteFinal()
	return r.readBack(ctx)
}

func (r *changeRun) noteFinal() {
	r.committed, r.dirty = finalIn, false
	r.out.State, r.out.Reverts = Confirmed, time.Time{}
	r.out.Changed = r.plan.HasChanges()
	r.out.After = r.plan.After
}

func (r *changeRun) loadSettings(ctx context.Context, from, to vc.Settings) error {
	if from.Equal(to) {
		return nil
	}
	return r.timeStep("load", func() error {
		r.dirty = true
		return r.dev.Load(ctx, from, to)
	})
}

// sendCommit sends a commit and judges every member in its reply.
func (r *changeRun) sendCommit(ctx context.Context, name string, o junos.CommitOptions) error {
	return r.timeStep(name, func() error {
		result, err := r.dev.Commit(ctx, o)
		verdicts, strangers := judgeMembers(r.out.Read.Chassis, result)
		r.strangerFailed = len(strangers) > 0
		if !o.Check || err != nil {
			r.out.Members = verdicts
		}
		if err != nil {
			return err
		}
		for _, m := range verdicts {
			if m.Commit == commitFailed {
				return &memberFailedError{fmt.Sprintf("member %d", m.ID)}
			}
		}
		if len(strangers) > 0 {
			return &memberFailedError{strings.Join(strangers, ", ") + " (not in the list of members)"}
		}
		return nil
	})
}

// memberFailedError is a commit that the device called good although a member did
// not take it.
type memberFailedError struct{ who string }

func (m *memberFailedError) Error() string {
	return fmt.Sprintf("commit: %s did not take it", m.who)
}

const commitFailed = string(vc.CommitFailed)

// judgeMembers is what a commit's reply proves of each member.
func judgeMembers(c vc.Chassis, result junos.CommitResult) (members []Member, strangers []string) {
	judgement := vc.JudgeCommitReply(c, result.Reply())
	for _, m := range judgement.Members {
		members = append(members, Member{ID: m.ID, Commit: string(m.Outcome)})
	}
	return members, judgement.Strangers
}

// readBack compares what the device has now with what was planned.
func (r *changeRun) readBack(ctx context.Context) error {
	if err := r.readDevice(ctx); err != nil {
		r.out.Notes = append(r.out.Notes, "the commit succeeded, but could not be read back: "+err.Error())
		return nil
	}
	if have := r.out.Read.Settings; !have.Equal(r.plan.After) {
		return fmt.Errorf("read back after the commit: want\n%shave\n%s", r.plan.After.Text(), have.Text())
	}
	err := r.refuseMovedChassis(r.out.Read.Chassis)
	var m *movedChassisError
	if errors.As(err, &m) && m.primary {
		// The switch behind this session no longer decides: what it has may be lost.
		_ = r.dev.Close()
		return err
	}
	if err != nil {
		r.out.Notes = append(r.out.Notes, "the commit succeeded, and meanwhile "+err.Error())
	}
	return nil
}

func (r *changeRun) logText(p vc.Phase) string {
	m := r.Mark
	m.Phase = p
	return m.String()
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
