// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// once makes a plain commit: of something that cannot lock anybody out, or
// because the operator wants no trial.
func (r *run) once(ctx context.Context) error {
	if err := r.load(ctx, r.out.Before, r.plan.After); err != nil {
		return err
	}
	if r.plan.ConfirmBy != vc.NoTrial {
		r.out.Notes = append(r.out.Notes, "confirm_timeout is 0: the change was not tried first, and no new login has proved that the chassis can still be reached")
	}
	r.committed = finalSent
	if err := r.commit(ctx, "commit", junos.CommitOptions{Log: r.log(vc.PhaseCommit)}); err != nil {
		return err
	}
	r.finish()
	return r.readBack(ctx)
}

// tried makes the change in two commits with a proof between them.
func (r *run) tried(ctx context.Context) error {
	if !r.plan.Resume {
		if err := r.try(ctx); err != nil {
			return err
		}
		if err := r.step("prove", func() error { return r.prove(ctx) }); err != nil {
			return &unproved{err}
		}
	} else {
		// This session is a new login after the trial: the proof itself.
		r.committed = trialIn
		r.out.Reverts = time.Now().Add(r.remaining())
	}
	return r.confirm(ctx)
}

// try commits for trial.
func (r *run) try(ctx context.Context) error {
	if err := r.load(ctx, r.out.Before, r.plan.Trial); err != nil {
		return err
	}
	r.committed, r.out.Reverts = trialSent, time.Now().Add(r.window()) // in case the reply never comes
	o := junos.CommitOptions{Log: r.log(vc.PhaseTrial), ConfirmWithin: r.Confirm}
	if err := r.commit(ctx, "commit confirmed", o); err != nil {
		return err
	}
	r.trialIsIn()
	return nil
}

func (r *run) trialIsIn() {
	r.committed, r.dirty = trialIn, false
	r.out.Reverts = time.Now().Add(r.window())
}

// confirm makes the trial permanent.
func (r *run) confirm(ctx context.Context) error {
	if r.plan.ConfirmBy == vc.ByCheck {
		r.committed = finalSent
		if err := r.commit(ctx, "confirm", junos.CommitOptions{Check: true}); err != nil {
			return err
		}
		r.finish()
		return r.readBack(ctx)
	}
	if err := r.load(ctx, r.plan.Trial, r.plan.After); err != nil {
		return err
	}
	r.committed = finalSent
	if err := r.commit(ctx, "confirm", junos.CommitOptions{Log: r.log(vc.PhaseConfirm)}); err != nil {
		return err
	}
	r.finish()
	return r.readBack(ctx)
}

func (r *run) finish() {
	r.committed, r.dirty = finalIn, false
	r.out.State, r.out.Reverts = Confirmed, time.Time{}
	r.out.Changed = r.plan.HasChanges()
	r.out.After = r.plan.After
}

func (r *run) load(ctx context.Context, from, to vc.Settings) error {
	if from.Equal(to) {
		return nil
	}
	return r.step("load", func() error {
		r.dirty = true
		return r.dev.Load(ctx, from, to)
	})
}

// commit sends a commit and judges every member in its reply.
func (r *run) commit(ctx context.Context, name string, o junos.CommitOptions) error {
	return r.step(name, func() error {
		result, err := r.dev.Commit(ctx, o)
		verdicts, strangers := judge(r.out.Read.Chassis, result)
		r.strangers = len(strangers) > 0
		if !o.Check || err != nil {
			r.out.Members = verdicts
		}
		if err != nil {
			return err
		}
		for _, m := range verdicts {
			if m.Commit == failed {
				return &memberFailed{fmt.Sprintf("member %d", m.ID)}
			}
		}
		if len(strangers) > 0 {
			return &memberFailed{strings.Join(strangers, ", ") + " (not in the list of members)"}
		}
		return nil
	})
}

// memberFailed is a commit that the device called good although a member did
// not take it.
type memberFailed struct{ who string }

func (m *memberFailed) Error() string {
	return fmt.Sprintf("commit: %s did not take it", m.who)
}

const (
	ok      = "ok"
	failed  = "failed"
	unknown = "unknown"
)

// judge maps the device's names to members. A member that the reply does not
// mention is unknown, never ok. Strangers failed and are no member of the list.
func judge(c vc.Chassis, result junos.CommitResult) (members []Member, strangers []string) {
	verdict := map[int]string{}
	for _, m := range result.Members {
		id, listed := whose(c, m)
		if !listed {
			if !m.Success {
				strangers = append(strangers, m.Engine)
			}
			continue // nobody knows whose success it is
		}
		if !m.Success {
			verdict[id] = failed
		} else if verdict[id] == "" {
			verdict[id] = ok
		}
	}
	for _, m := range result.Messages {
		if m.Member != nil && m.Severity != "warning" {
			verdict[*m.Member] = failed
		}
		if len(result.Members) == 0 { // no word of success of anybody: a warning that names a member is no good sign
			for _, id := range m.NamedMembers() {
				verdict[id] = failed
			}
		}
	}
	for _, m := range c.Members {
		members = append(members, Member{ID: m.ID, Commit: cmp.Or(verdict[m.ID], unknown)})
	}
	return members, strangers
}

// whose finds the member that a commit's reply means.
func whose(c vc.Chassis, m junos.MemberCommit) (id int, listed bool) {
	if m.Named {
		_, listed = c.Member(m.ID)
		return m.ID, listed
	}
	local, found := c.Local()
	return local.ID, found && m.Local
}

// readBack compares what the device has now with what was planned.
func (r *run) readBack(ctx context.Context) error {
	if err := r.read(ctx); err != nil {
		r.out.Notes = append(r.out.Notes, "the commit succeeded, but could not be read back: "+err.Error())
		return nil
	}
	if have := r.out.Read.Settings; !have.Equal(r.plan.After) {
		return fmt.Errorf("read back after the commit: want\n%shave\n%s", r.plan.After.Text(), have.Text())
	}
	err := r.stable(r.out.Read.Chassis)
	var m *moved
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

func (r *run) log(p vc.Phase) string {
	m := r.Mark
	m.Phase = p
	return m.String()
}

// window is how long a trial may last.
func (r *run) window() time.Duration { return time.Duration(r.Confirm) * time.Minute }

// remaining is what is left of a trial that was found. Both moments are the
// device's, so its clock need not be right.
func (r *run) remaining() time.Duration {
	trial, now := r.out.Read.Trial, r.out.Read.Now
	if trial == nil || trial.Reverts.IsZero() || now.IsZero() {
		return r.window()
	}
	return trial.Reverts.Sub(now)
}
