// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"encoding/json"
	"slices"
	"time"
)

// Run is a run of the role on one chassis: what was asked for, and what the
// tasks returned so far. A result that is nil is of a task that was not run.
type Run struct {
	Host       string    `json:"host"`
	Wanted     string    `json:"wanted"` // Present or Absent
	Check      bool      `json:"check_mode"`
	OnlyRead   bool      `json:"only_read"` // an audit: what it finds to do it has not failed to do
	Now        time.Time `json:"now"`
	Inputs     Inputs    `json:"inputs"`
	NoFolder   string    `json:"no_folder"`    // the folder of the records, if it is not there
	HasAWXForm bool      `json:"has_awx_form"` // credentials come from a form of AWX, whose fields have other names
	Info       *Result   `json:"info"`         // of vc_info
	Root       *Result   `json:"root"`         // of the look whether step 2 could be done
	OnMembers  *Result   `json:"on_members"`   // of step 1, switch by switch: a loop
	Command    *Result   `json:"command"`      // of step 1 through the primary
	Keys       *Result   `json:"keys"`         // of step 2
	Enable     *Result   `json:"enable"`       // of step 3
	Disable    *Result   `json:"disable"`      // of the way back
	Removal    *Result   `json:"removal"`      // of step 1 on the way back
	SyncCheck  *Result   `json:"sync_check"`   // of step 4
}

// Inputs are those of the role's inputs on which a judgement depends.
type Inputs struct {
	Rekey         string   `json:"rekey"`
	Verify        string   `json:"verify"`
	TaskPerStep   bool     `json:"task_per_step"` // not all of steps 1 to 3 in one
	UntriedChange bool     `json:"untried"`       // confirm_timeout is 0
	Switches      []Switch `json:"members"`       // reached one by one
	Tags          []string `json:"tags"`          // those that Ansible was started with
}

// Switch is one of scp_config_sync_members.
type Switch struct {
	Host string          `json:"host"`
	Port json.RawMessage `json:"port,omitempty"` // as it was given
	Role string          `json:"role"`
}

// Result is what a task returned, of any module of the procedure. What a module
// does not return is nil or empty.
type Result struct {
	Failed      bool       `json:"failed"`
	Unreachable bool       `json:"unreachable"`
	Skipped     bool       `json:"skipped"`
	Changed     bool       `json:"changed"`
	Msg         text       `json:"msg"`
	Hint        text       `json:"hint"`
	Code        string     `json:"code"`
	CommitState string     `json:"commit_state"`
	RevertsAt   string     `json:"reverts_at"`
	Members     []Member   `json:"members"`
	Transport   *Transport `json:"transport"`
	Problems    []Problem  `json:"problems"`
	Results     []Result   `json:"results"` // of a loop
	Item        struct {
		Host string `json:"host"`
	} `json:"item"`

	// Of vc_info.
	CheckMode    *bool    `json:"check_mode"`
	FIPS         *bool    `json:"fips"`
	SCPActive    *bool    `json:"scp_active"`
	PendingSteps []string `json:"pending_steps"`
	Trial        struct {
		Ours bool `json:"ours"`
	} `json:"pending_confirmed_commit"`
	RootDoors struct {
		Login string `json:"root_login"`
		Keys  string `json:"root_keys"`

		Reason string `json:"reason"`
	} `json:"root"`

	Stages     []Stage  `json:"stages"`      // of vc_procedure
	BecomeRoot string   `json:"become_root"` // of vc_internal_ssh
	ByHand     []string `json:"by_hand"`     // of vc_internal_ssh
	InSync     *bool    `json:"in_sync"`     // of vc_sync_check
}

// Stage is a step that a task made with others.
type Stage struct {
	Step        string `json:"step"`
	Changed     bool   `json:"changed"`
	CommitState string `json:"commit_state"`
}

// text is a message: Ansible's own are not always strings.
type text string

// UnmarshalJSON takes what is no string as it stands.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) != nil {
		s = string(data)
	}
	*t = text(s)
	return nil
}

// wasRun says that a task was run, whatever came of it.
func (r *Result) wasRun() bool { return r != nil && !r.Skipped }

// hasFailed says that a task, or an item of its loop, failed.
func (r *Result) hasFailed() bool { return r.wasRun() && (r.Failed || r.Unreachable) }

// hasSucceeded says that a task was run to a good end.
func (r *Result) hasSucceeded() bool { return r.wasRun() && !r.hasFailed() }

// hasChanged says that a task has changed the chassis, or would in check mode. One
// that failed has done so if its commit is in force for good.
func (r *Result) hasChanged() bool {
	return r.wasRun() && r.Changed && (!r.hasFailed() || r.CommitState == "confirmed" || slices.ContainsFunc(r.Results, func(item Result) bool { return item.hasChanged() }))
}

// stepResult is the result of a task with the step that it was for.
type stepResult struct {
	step string
	*Result
}

// steps lists the tasks that make changes, in the order of the run.
func (r Run) steps() []stepResult {
	before := []stepResult{{StepCommand, r.OnMembers}, {StepCommand, r.Command}}
	return slices.Concat(before, r.Keys.parts(), []stepResult{{StepSCP, r.Enable}}, r.disabledParts(), []stepResult{{StepCommandOff, r.Removal}})
}

// disabledParts are the steps of the task that switches SCP off: it removes the record in
// the same commit, where that was to do and the tags do not leave it out.
func (r Run) disabledParts() []stepResult {
	pending := r.pending()
	forgets := slices.Contains(pending, StepRecordOff) && r.isChosen(StepRecordOff)
	switch {
	case forgets && slices.Contains(pending, StepSCPOff):
		return []stepResult{{StepSCPOff, r.Disable}, {StepRecordOff, r.Disable}}
	case forgets:
		return []stepResult{{StepRecordOff, r.Disable}}
	}
	return []stepResult{{StepSCPOff, r.Disable}}
}

// parts are the result of step 2, or of all the steps that a task made at once: what
// failed is the last of them.
func (r *Result) parts() (all []stepResult) {
	if r == nil || len(r.Stages) == 0 {
		return []stepResult{{StepKeys, r}}
	}
	for i, stage := range r.Stages {
		part := *r
		part.Changed, part.CommitState, part.Stages = stage.Changed, stage.CommitState, nil
		part.Failed = r.Failed && i == len(r.Stages)-1
		all = append(all, stepResult{stepOf(stage.Step, Present), &part})
	}
	return all
}

// atOnce is the result of step 2 where the task made what was left of all the steps, and
// has read the transport after them: step 3 need not have been left.
func (r Run) atOnce() *Result {
	if r.Keys.wasRun() && len(r.Keys.Stages) > 0 {
		return r.Keys
	}
	return nil
}

// wasRead says that the chassis could be read.
func (r Run) wasRead() bool { return r.Info.hasSucceeded() }

// isChecked says that the run changes nothing: Ansible's own flag does not know
// check_mode of a play, which vc_info does.
func (r Run) isChecked() bool {
	if r.Info != nil && r.Info.CheckMode != nil {
		return *r.Info.CheckMode
	}
	return r.Check
}

// pending lists what was to do, as the way of this run names it.
func (r Run) pending() []string {
	var out []string
	if r.Info != nil {
		for _, step := range r.Info.PendingSteps {
			out = append(out, stepOf(step, r.wanted()))
		}
	}
	return out
}

// wanted is what is judged by: an audit wants SCP, whatever the role is to do.
func (r Run) wanted() string {
	if r.OnlyRead || r.Wanted != Absent {
		return Present
	}
	return Absent
}

// changedSteps lists the steps that have changed the chassis, or would in check mode.
func (r Run) changedSteps() []string {
	var steps []string
	for _, s := range r.steps() {
		if s.hasChanged() {
			steps = append(steps, s.step)
		}
	}
	return inOrder(steps)
}

// stepsNotDone lists what was to do and was not done, or not on every switch. A step
// that found nothing to change was done by another run in between. Keys that are left
// to people are not made.
func (r Run) stepsNotDone() []string {
	var done []string
	for _, s := range r.steps() {
		switch {
		case s.step == StepKeys && r.Inputs.Rekey == "never":
		case s.hasSucceeded() && (s.Changed || s.CommitState != ""), s.hasFailed() && s.CommitState == "confirmed":
			done = append(done, s.step)
		}
	}
	return slices.DeleteFunc(inOrder(r.pending()), func(step string) bool { return slices.Contains(done, step) })
}

// blocking returns the problems that stand in the way of a change.
func blocking(problems []Problem) []Problem {
	var out []Problem
	for _, p := range problems {
		if p.Blocks {
			out = append(out, p)
		}
	}
	return out
}

// problems lists what is wrong with the chassis, and what would stop a run: what
// vc_info found, what the inputs make impossible, and what a task of a run in check
// mode met.
func (r Run) problems() []Problem {
	out := []Problem{}
	add := func(result *Result) {
		for _, p := range result.Problems {
			if !slices.ContainsFunc(out, p.isSame) {
				out = append(out, p)
			}
		}
	}
	if r.Info.wasRun() {
		add(r.Info)
	}
	if !r.OnlyRead && len(r.pending()) > 0 {
		add(&Result{Problems: r.ownObstacles()})
	}
	for _, s := range r.steps() {
		if s.hasSucceeded() && r.isChecked() {
			add(s.Result)
			for i := range s.Results {
				add(&s.Results[i])
			}
		}
	}
	return out
}

func (p Problem) isSame(other Problem) bool {
	return p.Code == other.Code && (p.MemberID == nil) == (other.MemberID == nil) && (p.MemberID == nil || *p.MemberID == *other.MemberID)
}
