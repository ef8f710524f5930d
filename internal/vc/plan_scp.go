// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "slices"

// SCPWish is what vc_scp_sync is asked for.
type SCPWish struct {
	Enabled      bool
	Prepared     Record // what vc_internal_ssh did and has not recorded, or nil
	Untried      bool   // the operator wants no trial
	ReleaseCheck bool
	Assume       []Step
}

// PlanSCP plans step 3. It returns a *ForbiddenError when the change is forbidden.
func PlanSCP(c Chassis, w SCPWish) (Plan, error) {
	have := c.Settings
	if c.FIPS() == FIPSOn {
		return planSCPUnderFIPS(c, w)
	}
	trial := have
	trial.SCP = w.Enabled
	after := trial
	if w.Enabled && w.Prepared != nil {
		after.Record = w.Prepared
	}
	p := Plan{Before: have, Trial: trial, After: after, ConfirmBy: ByCommit}
	own := c.Trial.IsMadeBy(ModuleSCPSync)
	switch {
	case own && have.SCP == w.Enabled:
		p.Resume = true
	case have.Equal(after) && !w.Enabled && c.FIPS() != FIPSOff && c.FIPS() != FIPSPending: // SCP may be on without the statement
		return planUnchanged(have, ""), forbiddenBy(c.fipsProblems()...)
	case have.Equal(after):
		return planUnchanged(have, ""), nil
	case have.Equal(trial): // only the record is new
		p.Trial, p.ConfirmBy = after, NoTrial
	}
	problems := c.writeProblems()
	if w.Enabled {
		problems = append(problems, c.enableProblems(w, after)...)
	}
	if !w.Enabled {
		problems = append(problems, groupProblems("system commit config-sync-with-scp", c.Groups.SCP)...)
	}
	if own && have.SCP != w.Enabled {
		problems = append(problems, c.ownTrialProblems("wait until its time is over")...)
	}
	return p, forbiddenBy(problems...)
}

// planSCPUnderFIPS leaves the statement alone: FIPS mode is its own switch.
func planSCPUnderFIPS(c Chassis, w SCPWish) (Plan, error) {
	if !w.Enabled {
		return Plan{}, forbiddenBy(chassisProblem("fips_scp", "leave FIPS mode first",
			"the chassis is in FIPS mode, where SCP is always on and cannot be disabled"))
	}
	const reason = "SCP is active by FIPS mode, so config-sync-with-scp is not needed"
	p := planUnchanged(c.Settings, reason)
	if w.Prepared == nil {
		return p, nil
	}
	p.After.Record, p.Trial.Record = w.Prepared, w.Prepared
	if p.IsEmpty() {
		return p, nil
	}
	return p, forbiddenBy(c.writeProblems()...)
}

// enableProblems keep the order of the steps: SCP without keys would leave the
// members without configuration.
func (c Chassis) enableProblems(w SCPWish, after Settings) []Problem {
	var problems []Problem
	if w.Untried && !c.Settings.SCP && len(c.Members) > 1 {
		problems = append(problems, chassisProblem("trial_needed", "set confirm_timeout to a number of minutes, 1 or more",
			"with confirm_timeout 0 SCP would be in force at once, and only a commit over SCP proves that every member has keys: "+
				"one that lacks them would be left without configuration, and nothing would take that back"))
	}
	if w.ReleaseCheck {
		problems = append(problems, c.ReleaseProblems()...)
	}
	if after.Keys.IsUnset() && !isAssumed(w.Assume, StepKeysCommand) {
		problems = append(problems, missingStepProblem(StepKeysCommand, ModuleKeysCommand))
	}
	if isAssumed(w.Assume, StepInternalSSH) {
		return problems
	}
	for _, m := range c.Unprepared(after.Record) {
		problems = append(problems, memberProblem(m.ID, "member_not_prepared", "run vc_internal_ssh first",
			"(serial %s) has no keys for SCP", orUnknown(m.Serial)))
	}
	return problems
}

// PlanProbe plans the commit of vc_sync_check: it changes nothing, and its
// result tells which members it reached.
func PlanProbe(c Chassis) (Plan, error) {
	problems := c.writeProblems()
	if c.Trial.IsMadeBy(ModuleSCPSync) {
		problems = append(problems, c.ownTrialProblems("run vc_scp_sync to settle it, or wait until its time is over")...)
	}
	p := planUnchanged(c.Settings, "")
	p.Probe = true
	return p, forbiddenBy(problems...)
}

// groupProblems refuses to delete what is not there to be deleted.
func groupProblems(statement, group string) []Problem {
	if group == "" {
		return nil
	}
	return []Problem{chassisProblem("from_group", "delete it from the group, or exclude the group there with apply-groups-except",
		"%s comes from the configuration group %s, so it cannot be deleted at its place", statement, group)}
}

func isAssumed(steps []Step, s Step) bool { return slices.Contains(steps, s) }
