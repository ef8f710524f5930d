// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"slices"
	"strings"
)

// Codes of problems that are found here and not by a module.
const (
	CodeNoRecordFolder = "no_record_folder"
	CodeFailed         = "failed" // a task failed, and does not say with which code
	CodeUntried        = "trial_needed"
)

// Plan says which tasks a run has to run, in the words of the role's files.
type Plan struct {
	Tasks     []string  `json:"tasks"`      // in order
	Switches  []Switch  `json:"switches"`   // of step 1, whoever decides comes last
	Record    string    `json:"record"`     // who writes the record of keys: step 2 (commit) or step 3 (defer)
	RootLogin string    `json:"root_login"` // as vc_info has read it
	RootKeys  string    `json:"root_keys"`  // the same of root's keys
	Obstacles []Problem `json:"obstacles"`  // why nothing may be changed now
	Refusal   string    `json:"refusal"`    // the same in one message; "": the run may go on
}

// The tasks of a plan.
const (
	taskRoot    = "root"      // look whether step 2 could be done
	taskMembers = "members"   // step 1, switch by switch
	taskCommand = "command"   // step 1 through the primary
	taskKeys    = "keys"      // step 2
	taskAtOnce  = "procedure" // steps 1 to 3 in one session of root
	taskEnable  = "enable"    // step 3
	taskVerify  = "verify"    // step 4, if something was changed
	taskDisable = "disable"   // the way back
	taskForget  = "forget"    // the record on the way back, in the task that disables
	taskRemove  = "remove"    // step 1 on the way back
)

// Plan decides from what vc_info has found what is to be done. In check mode
// the same tasks are run, but for those that look after a change.
func (r Run) Plan() Plan {
	p := Plan{Tasks: []string{}, Switches: orderSwitches(r.Inputs.Switches), Record: r.whoRecords(), RootLogin: "unset", RootKeys: "unknown", Obstacles: r.obstacles()}
	if !r.wasRead() {
		return p
	}
	if r.Info.RootDoors.Login != "" {
		p.RootLogin = r.Info.RootDoors.Login
	}
	if r.Info.RootDoors.Keys != "" {
		p.RootKeys = r.Info.RootDoors.Keys
	}
	if len(r.pending()) > 0 {
		p.Refusal = r.refusal(p.Obstacles)
	}
	if p.Refusal == "" {
		p.Tasks = append(p.Tasks, r.plannedTasks()...)
	}
	return p
}

func (r Run) plannedTasks() (tasks []string) {
	pending := r.pending()
	if r.wanted() == Absent {
		forgets := slices.Contains(pending, StepRecordOff) && r.isChosen(StepRecordOff)
		if len(pending) > 0 && r.isChosen(StepSCPOff) || forgets {
			tasks = append(tasks, taskDisable)
		}
		if forgets {
			tasks = append(tasks, taskForget)
		}
		if slices.Contains(pending, StepCommandOff) && r.isChosen(StepCommandOff) {
			tasks = append(tasks, taskRemove)
		}
	} else {
		tasks = r.tasksThere(pending)
	}
	if len(tasks) > 0 && r.Inputs.Verify != "never" && !r.isChecked() {
		tasks = append(tasks, taskVerify)
	}
	return tasks
}

// tasksThere are those of steps 1 to 3. Step 1 is not done if step 2 cannot follow; in
// check mode step 2 itself shows that.
func (r Run) tasksThere(pending []string) (tasks []string) {
	command, one := slices.Contains(pending, StepCommand), len(r.Inputs.Switches) > 0
	keys := slices.Contains(pending, StepKeys) || r.Inputs.Rekey == "always"
	makes := func(step string) bool {
		return r.isChosen(step) && (step == StepKeys && keys || slices.Contains(pending, step))
	}
	atOnce := keys && r.canDoAtOnce()
	for _, t := range []struct {
		name string
		run  bool
	}{
		{taskRoot, keys && (command && !atOnce || one) && r.isChosen(StepCommand) && !r.isChecked() && r.Inputs.Rekey != "never"},
		{taskMembers, one && r.isChosen(StepCommand)},
		{taskCommand, makes(StepCommand) && !atOnce},
		{taskKeys, makes(StepKeys) && !atOnce},
		{taskAtOnce, atOnce},
		{taskEnable, makes(StepSCP) && !atOnce},
	} {
		if t.run {
			tasks = append(tasks, t.name)
		}
	}
	return tasks
}

// canDoAtOnce says that all steps can be made in one session of root, and nobody wants
// to see them one by one. In FIPS mode step 1 does not reach members through the primary.
func (r Run) canDoAtOnce() bool {
	return !r.Inputs.TaskPerStep && r.chosen() == nil && r.Inputs.Rekey != "never" && (r.Info.FIPS == nil || !*r.Info.FIPS)
}

// whoRecords: step 3 carries the record in its own commits, also where it settles a
// trial that an earlier run left. Where it has nothing to switch on, step 2 writes and
// proves it, and where the tags leave step 3 out.
func (r Run) whoRecords() string {
	if slices.Contains(r.pending(), StepSCP) && r.isChosen(StepSCP) && (!r.hasSCP() || r.Info.Trial.Ours) {
		return "defer"
	}
	return "commit"
}

func (r Run) hasSCP() bool { return r.Info != nil && r.Info.SCPActive != nil && *r.Info.SCPActive }

// obstacles are the problems that stand in the way. A member that could not join does
// not keep its keys from being made, nor the chassis from going back to RCP: vc_info
// says which do.
func (r Run) obstacles() []Problem {
	out := []Problem{}
	if r.Info.wasRun() {
		out = append(out, blocking(r.Info.Problems)...)
	}
	return append(out, r.ownObstacles()...)
}

// ownObstacles are those that the inputs make.
func (r Run) ownObstacles() (out []Problem) {
	if r.wanted() == Present && r.Inputs.UntriedChange && slices.Contains(r.pending(), StepSCP) && !r.hasSCP() && len(r.Info.Members) > 1 {
		// vc_scp_sync would refuse it when steps 1 and 2 are done already.
		out = append(out, NewProblem(CodeUntried, "set scp_config_sync_confirm_timeout to 1 or more",
			"without a trial nothing would roll SCP back on a member that lacks keys"))
	}
	if r.NoFolder != "" {
		// A record is written last: a chassis is not to be changed before it is known that it can be.
		out = append(out, r.noFolder())
	}
	return append(out, r.outOfOrder()...)
}

func (r Run) noFolder() Problem {
	return NewProblem(CodeNoRecordFolder, "make it first", "scp_config_sync_report_path: "+r.NoFolder+" is not a folder on the controller")
}

// refusal names all obstacles at once, each on a line of its own.
func (r Run) refusal(obstacles []Problem) string {
	if len(obstacles) == 0 {
		return ""
	}
	lines := []string{r.Host + " is left unchanged:"}
	for _, p := range obstacles {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n- ")
}

// orderSwitches puts whoever decides last.
func orderSwitches(all []Switch) []Switch {
	out := []Switch{}
	for _, role := range []string{"linecard", "backup", "primary"} {
		for _, s := range all {
			if s.Role == role {
				out = append(out, s)
			}
		}
	}
	return out
}
