// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"fmt"
	"slices"
	"strings"
)

// CodeStepMissing is of a step that needs one that the tags leave out: the same as the
// modules' own, which in check mode assume that the earlier steps would have been made.
const CodeStepMissing = "step_missing"

// stepTag begins the tags that choose a step of the role: scp_config_sync_step1 to 3.
const stepTag = "scp_config_sync_step"

// chosen lists the steps that the tags of the run choose; nil: the tags choose no step,
// so all are made.
func (r Run) chosen() (steps []string) {
	numbered := []string{StepCommand, StepKeys, StepSCP}
	for i, step := range numbered {
		if slices.Contains(r.Inputs.Tags, fmt.Sprint(stepTag, i+1)) {
			steps = append(steps, stepOf(step, r.wanted()))
		}
	}
	if slices.Contains(r.Inputs.Tags, "all") || slices.Contains(r.Inputs.Tags, strings.TrimSuffix(stepTag, "_step")) {
		return nil
	}
	return steps
}

// isChosen says that the tags do not leave a step out.
func (r Run) isChosen(step string) bool {
	chosen := r.chosen()
	return chosen == nil || slices.Contains(chosen, step)
}

// todo lists the steps that are to be made, whatever the tags choose.
func (r Run) todo() []string {
	steps := r.pending()
	if r.Inputs.Rekey == "always" && r.wanted() == Present {
		steps = append(steps, StepKeys)
	}
	return inOrder(steps)
}

// neededBy lists the steps that have to be made before another.
func neededBy(step string) []string {
	return map[string][]string{
		StepKeys: {StepCommand}, StepSCP: {StepCommand, StepKeys}, StepRecordOff: {StepSCPOff}, StepCommandOff: {StepSCPOff},
	}[step]
}

// outOfOrder are the obstacles of a choice: a step that is chosen needs those that are
// still to be made before it.
func (r Run) outOfOrder() (out []Problem) {
	todo := r.todo()
	for _, step := range todo {
		for _, needed := range neededBy(step) {
			if r.isChosen(step) && slices.Contains(todo, needed) && !r.isChosen(needed) {
				out = append(out, NewProblem(CodeStepMissing, "choose it too, or run without tags", fmt.Sprintf("%s needs %s, which the tags leave out", StepWords(step), StepWords(needed))))
				break
			}
		}
	}
	return out
}
