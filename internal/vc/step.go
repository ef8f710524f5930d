// SPDX-License-Identifier: GPL-3.0-or-later

package vc

// Step is a step of Juniper's procedure.
type Step string

// The steps, in order.
const (
	StepKeysCommand Step = "authorized_keys_command"
	StepInternalSSH Step = "internal_ssh"
	StepSCPSync     Step = "scp_sync"
)

// Module is the module that does the step.
func (s Step) Module() string {
	return map[Step]string{StepKeysCommand: ModuleKeysCommand, StepInternalSSH: ModuleInternalSSH, StepSCPSync: ModuleSCPSync}[s]
}

// Words names the step for people; one that nobody knows names itself.
func (s Step) Words() string {
	words := map[Step]string{
		StepKeysCommand: "step 1 (authorized-keys-command)",
		StepInternalSSH: "step 2 (internal SSH keys)",
		StepSCPSync:     "step 3 (config-sync-with-scp)",
	}
	if w, ok := words[s]; ok {
		return w
	}
	return string(s)
}

func missingStepProblem(s Step, module string) Problem {
	return chassisProblem("step_missing", "run "+module+" first", "step %s is missing: system services ssh authorized-keys-command is not set", s)
}

// Want is the state in which a chassis shall be. A nil field is not judged.
type Want struct {
	Keys   *KeysCommand // both empty: the statements shall be gone
	SCP    *bool
	Forget bool // the record shall be gone, which is judged only where SCP shall be off
}

// IsJudged says that there is something to compare with.
func (w Want) IsJudged() bool { return w.Keys != nil || w.SCP != nil }

// PendingSteps lists the steps between the chassis and the wanted state, in
// the order of the procedure; none means compliant. A step whose trial is not
// settled is still pending. It says nothing of problems that forbid the steps.
func (c Chassis) PendingSteps(w Want) []Step {
	steps := []Step{}
	if w.Keys != nil && (c.Settings.Keys != *w.Keys || c.Trial.IsMadeBy(ModuleKeysCommand)) {
		steps = append(steps, StepKeysCommand)
	}
	if w.SCP == nil {
		return steps
	}
	if *w.SCP && len(c.Unprepared(c.Settings.Record)) > 0 || !*w.SCP && w.Forget && len(c.Settings.Record) > 0 {
		steps = append(steps, StepInternalSSH)
	}
	if c.isSCPPending(*w.SCP) {
		steps = append(steps, StepSCPSync)
	}
	return steps
}

// isSCPPending: under FIPS, SCP is on without a step, and never off. The step
// stays pending then, so that its module says why it cannot be done. It is also
// pending until a commit has proved the keys of every member that has some.
func (c Chassis) isSCPPending(want bool) bool {
	if want && len(c.Unproved(c.Settings.Record)) > 0 {
		return true
	}
	if c.FIPS() == FIPSOn {
		return !want
	}
	return c.Settings.SCP != want || c.Trial.IsMadeBy(ModuleSCPSync)
}
