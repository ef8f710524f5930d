// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"slices"
	"time"
)

// Outcome is what a run came to: for the next task, for the page and for AWX.
type Outcome struct {
	Outcome   Word      `json:"outcome"`
	Reached   bool      `json:"reached"` // a session with the chassis could be opened
	State     State     `json:"state"`
	Transport Transport `json:"transport"` // as far as it is known
	Reason    string    `json:"reason"`    // why it is that transport
	InSync    *bool     `json:"in_sync"`
	Check     bool      `json:"check_mode"`
	Did       []string  `json:"did"`
	Would     []string  `json:"would"`
	NotDone   []string  `json:"not_done"`
	Problems  []Problem `json:"problems"`
	Failures  []Failure `json:"failures"`
	Reasons   []string  `json:"reasons"` // why the chassis is in that state, for people
	Summary   []string  `json:"summary"` // for people, the host's name first
	Refusal   string    `json:"refusal"` // why this run is a failure after all; "": it is none
	Notes     []string  `json:"notes"`   // what is wrong beside the chassis
	Proof     bool      `json:"proof"`   // the record shows that a commit over SCP reached every member
	Record    Record    `json:"record"`
	Stats     Stats     `json:"stats"`
}

// Judge says what the run came to.
func (r Run) Judge() Outcome {
	o := Outcome{
		Reached: !r.Info.wasRun() || !r.Info.Unreachable, Check: r.isChecked(),
		Did: []string{}, Would: []string{}, NotDone: r.stepsNotDone(),
		Problems: r.problems(), Failures: r.failures(),
	}
	if o.Check {
		o.Would = r.changedSteps()
	} else {
		o.Did = r.changedSteps()
	}
	o.InSync = r.inSync(len(o.Failures) > 0)
	o.Outcome = r.wordFor(o)
	o.Record = r.recordFor(o)
	o.State, o.Reasons = o.Record.State, append([]string{}, o.Record.Reasons()...)
	_, o.Reason = o.Record.Transport()
	o.Proof = o.Record.IsProof()
	o.Transport = r.lastTransport()
	o.Refusal, o.Notes = r.judgeFolder(o)
	o.Stats = r.statsFor(o)
	o.Summary = r.summaryFor(o)
	return o
}

// judgeFolder: a missing folder of records is a failure of its own only of a run that
// has changed nothing; after a change it does no harm, and an audit goes on.
func (r Run) judgeFolder(o Outcome) (refusal string, notes []string) {
	if r.NoFolder == "" {
		return "", []string{}
	}
	if !r.OnlyRead && len(o.Did) == 0 && o.Outcome != DidFail {
		refusal = r.noFolder().String()
	}
	return refusal, []string{r.noFolder().String()}
}

func (r Run) wordFor(o Outcome) Word {
	changed := len(o.Did)+len(o.Would) > 0
	switch {
	case len(o.Failures) > 0, len(r.pending()) > 0 && r.isRefused():
		return DidFail
	case len(o.NotDone) > 0 && (!changed || r.chosen() != nil):
		return NotCompliant
	case !changed && len(o.Problems) > 0:
		return HasProblems
	case !changed:
		return Compliant
	case o.Check:
		return WouldChange
	}
	return DidChange
}

// isRefused says that something that vc_info has found, or that the inputs say, kept
// the run from making its steps.
func (r Run) isRefused() bool { return !r.OnlyRead && len(r.obstacles()) > 0 }

// failures lists the tasks that failed, in the order of the run. Of a loop it is the
// items that failed.
func (r Run) failures() []Failure {
	out := []Failure{}
	add := func(step string, result *Result) {
		if !result.hasFailed() {
			return
		}
		items := slices.DeleteFunc(slices.Clone(result.Results), func(item Result) bool { return !item.hasFailed() })
		if len(items) == 0 {
			items = []Result{*result}
		}
		for _, item := range items {
			out = append(out, item.failureOf(step))
		}
	}
	add("", r.Info)
	add(StepKeys, r.Root)
	for _, s := range r.steps() {
		add(s.step, s.Result)
	}
	add("", r.SyncCheck)
	return out
}

func (r Result) failureOf(step string) Failure {
	f := Failure{Step: step, Address: r.Item.Host, Code: r.Code, Message: string(r.Msg), Hint: string(r.Hint), CommitState: r.CommitState, RevertsAt: r.RevertsAt}
	if f.Code == "" && len(r.Problems) > 0 {
		f.Code = r.Problems[0].Code
	}
	if f.Code == "" {
		f.Code = CodeFailed
	}
	f.Guide = Guide(f.Code)
	return f
}

// lastSeen are the members as they were last seen. A check without a commit knows less
// of them than the commit before it.
func (r Run) lastSeen() []Member {
	results := []*Result{r.Info}
	for _, s := range r.steps() {
		results = append(results, s.Result)
	}
	if r.Inputs.Verify == "probe" {
		results = append(results, r.SyncCheck)
	}
	members := []Member{}
	for _, result := range results {
		if result.wasRun() && len(result.Members) > 0 {
			members = result.Members
		}
	}
	return members
}

// inSync is what the check after the change saw. One that made no commit cannot tell;
// the commit before it can, if nothing failed since.
func (r Run) inSync(failed bool) *bool {
	if r.SyncCheck.wasRun() && r.SyncCheck.InSync != nil {
		return r.SyncCheck.InSync
	}
	members := r.lastSeen()
	if failed || len(members) == 0 || slices.ContainsFunc(members, func(m Member) bool { return m.Commit != "ok" }) {
		return nil
	}
	yes := true
	return &yes
}

// lastTransport is the transport as it was last read.
func (r Run) lastTransport() Transport {
	t := Unknown
	for _, result := range []*Result{r.Info, r.atOnce(), r.Enable, r.Disable, r.SyncCheck} {
		if result.wasRun() && result.Transport != nil {
			t = *result.Transport
		}
	}
	return t
}

// provedTransport is what was seen of it after a change: vc_info comes before, and a
// step that failed may have read before it.
func (r Run) provedTransport() Transport {
	t := Unknown
	if r.isChecked() {
		return t
	}
	for _, result := range []*Result{r.atOnce(), r.Enable, r.Disable, r.SyncCheck} {
		if result.wasRun() && result.Transport != nil && (result == r.SyncCheck || !result.hasFailed()) {
			t = *result.Transport
		}
	}
	return t
}

func (r Run) recordFor(o Outcome) Record {
	record := Record{
		Schema: Schema, Host: r.Host, Finished: r.Now.UTC().Truncate(time.Second), Wanted: r.wanted(), Check: o.Check, Outcome: o.Outcome,
		Did: o.Did, Would: o.Would, NotDone: o.NotDone, Problems: o.Problems, Failures: o.Failures, Changed: []string{}, Failed: []string{},
		Found: Found{Pending: []string{}}, Sync: Sync{InSync: o.InSync, Transport: r.provedTransport()}, Members: r.lastSeen(),
	}
	if r.Info.wasRun() {
		record.Found.FIPS, record.Found.SCP = r.Info.FIPS, r.Info.SCPActive
		record.Found.Pending = append(record.Found.Pending, r.Info.PendingSteps...)
	}
	for _, step := range slices.Concat(o.Did, o.Would) {
		record.Changed = append(record.Changed, formerWords(step))
	}
	for _, f := range o.Failures {
		record.Failed = append(record.Failed, f.String())
	}
	record.State = record.Judge()
	return record
}
