// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Stage is what became of one step of several.
type Stage struct {
	Step    vc.Step `json:"step" scrub:"never"`
	Changed bool    `json:"changed"`
	State   string  `json:"commit_state" scrub:"never"`
	Reason  string  `json:"reason,omitempty"` // why it was to do, or why nothing was
	Members []Taken `json:"members,omitempty"`
	Plan    vc.Plan `json:"-"`
}

// Taken is what the last commit of a step said of a member.
type Taken struct {
	MemberID int    `json:"member_id"`
	Commit   string `json:"commit" scrub:"never"`
}

// CarryOutAll previews steps in check mode, and otherwise carries them out in turn,
// on this session and under one lock. What can be known to stand in the way of any is
// said before the first. The stages are those that were begun.
func (s *Session) CarryOutAll(ctx context.Context, works []Work) (Result, []Stage, error) {
	result := s.Result()
	stages, err := s.previewAll(works)
	if err != nil {
		result.IncludeRefusal(err)
		return result, nil, err
	}
	result.showStages(stages)
	if !result.Changed && isAllEmpty(stages) {
		result.Warnings = append(result.Warnings, s.provisionalWarnings()...)
		return result, stages, nil
	}
	if s.task.Check {
		s.lookForLock(ctx, &result)
		return result, stages, nil
	}
	return s.applyAll(ctx, works, stages, result)
}

// previewAll plans every step for the chassis as it is, and as if the steps before
// were done.
func (s *Session) previewAll(works []Work) (stages []Stage, err error) {
	var refused error
	for _, w := range works {
		plan, err := w.Preview(s.Chassis)
		if err != nil && refused == nil {
			refused = err
		}
		stages = append(stages, stageOf(w, plan))
	}
	return stages, refused
}

func stageOf(w Work, p vc.Plan) Stage {
	return Stage{Step: w.Step, State: string(vc.StateNone), Changed: p.HasChanges(), Reason: p.Reason, Plan: p}
}

func isAllEmpty(stages []Stage) bool {
	for _, stage := range stages {
		if !stage.Plan.IsEmpty() {
			return false
		}
	}
	return true
}

// applyAll carries the steps out. A stage is as it was previewed until it is planned
// under the lock.
func (s *Session) applyAll(ctx context.Context, works []Work, stages []Stage, result Result) (Result, []Stage, error) {
	budget := time.Duration(0)
	for _, w := range works {
		budget += s.changeBudget(w)
	}
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	result.Warnings = append(result.Warnings, s.pacer.makeRoom(ctx, s.Logins, works[0].Commit.trialTime())...)
	waited := len(s.pacer.notes)
	outs, err := change.ApplyAll(ctx, s.dev, s.newChanges(works, stages))
	result.Warnings = append(result.Warnings, s.pacer.notes[waited:]...)
	result.Changed = false
	for i, out := range outs {
		s.includeStage(&result, &stages[i], out)
	}
	stages = stages[:len(outs)]
	result.DeviceWarnings = s.heard.List()
	result.showStages(stages)
	if err != nil {
		result.IncludeRefusal(err)
		last := stages[len(stages)-1]
		result.showFailedStages(stages, outs[len(outs)-1])
		err = failAfter(stages[:len(stages)-1], last.Step, err)
	}
	return result, stages, err
}

// failAfter is the failure of a step behind others. If those have changed something,
// it says only of itself that it did not.
func failAfter(before []Stage, step vc.Step, err error) error {
	var failed *change.FailedError
	if errors.As(err, &failed) {
		failed.Later = slices.ContainsFunc(before, func(s Stage) bool { return s.Changed })
	}
	return hint.With(&stepError{step, before, err}, hint.Of(err))
}

// newChanges are the works as changes, which note in stages what they plan. Each has
// its own id in commit logs, or one would be taken for another of this run.
func (s *Session) newChanges(works []Work, stages []Stage) (all []change.Change) {
	for i, w := range works {
		c := s.newChange(w)
		c.Mark.Run += fmt.Sprint(i + 1)
		if i > 0 { // the one before has logged in for its proof
			c.MakeRoom = func(ctx context.Context) { s.pacer.makeRoom(ctx, s.Logins, w.Commit.trialTime()) }
		}
		c.Replan = func(c vc.Chassis) (vc.Plan, error) {
			p, err := w.Plan(c)
			stages[i] = stageOf(w, p)
			if err == nil && !p.IsEmpty() {
				s.task.Progress.Note(w.Step.Words())
			}
			return p, err
		}
		all = append(all, c)
	}
	return all
}

// includeStage adds what one change did. What was done before it stays: a step that left
// nothing behind takes nothing back of the others.
func (s *Session) includeStage(r *Result, stage *Stage, out change.Outcome) {
	changed, state := r.Changed, r.CommitState
	s.adoptReading(out)
	r.includeOutcome(out)
	stage.Changed, stage.State = out.Changed, string(out.State)
	for _, m := range out.Members {
		stage.Members = append(stage.Members, Taken{m.ID, m.Commit})
	}
	r.Changed = changed || out.Changed
	if out.State == vc.StateNone || out.State == vc.StateReverted && changed {
		r.CommitState = state
	}
}

// showStages is what the steps change together, as one diff.
func (r *Result) showStages(stages []Stage) {
	if len(stages) == 0 {
		return
	}
	first, last := stages[0].Plan, stages[len(stages)-1].Plan
	after := last.After
	r.Changed = false
	for _, stage := range stages {
		r.Changed = r.Changed || stage.Changed
		if stage.Step == vc.StepKeysCommand {
			after.Keys = stage.Plan.After.Keys
		}
	}
	r.Diff = &Diff{Before: first.Before.Text(), After: after.Text(), BeforeHeader: "configuration", AfterHeader: "configuration"}
	for _, stage := range stages {
		r.Diff.showActions(stage.Plan)
	}
}

// showFailedStages is what came of steps of which the last did not succeed. What those
// before it did stays.
func (r *Result) showFailedStages(stages []Stage, out change.Outcome) {
	last := len(stages) - 1
	plan := stages[last].Plan
	if last > 0 && out.Before.Equal(vc.Settings{}) { // it was not read again: the plan is from before the other steps
		plan.Before = stages[last-1].Plan.After
	}
	r.showFailedPlan(plan, out)
	r.Diff.Before = stages[0].Plan.Before.Text()
	for _, stage := range stages[:last] {
		r.Diff.showActions(stage.Plan)
	}
}

// stepError is the step of several that did not succeed, behind those that did.
type stepError struct {
	step vc.Step
	done []Stage
	err  error
}

func (e *stepError) Error() string {
	var done []string
	for _, stage := range e.done {
		if stage.Changed {
			done = append(done, stage.Step.Words())
		}
	}
	if len(done) == 0 {
		return e.err.Error()
	}
	return fmt.Sprintf("%s, after %s had been done: %v", e.step.Words(), strings.Join(done, " and "), e.err)
}

func (e *stepError) Unwrap() error { return e.err }
