// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "slices"

// SCPWish is what vc_scp_sync is asked for.
type SCPWish struct {
	Enabled      bool
	Prepared     Record // what vc_internal_ssh did and has not recorded, or nil
	Untried      bool   // the operator wants no trial
	ReleaseCheck bool
	Forget       bool // where SCP is to be off: the record is to be gone, too
	Assume       []Step
}

// PlanSCP plans step 3. It returns a *ForbiddenError when the change is forbidden.
func PlanSCP(c Chassis, w SCPWish) (Plan, error) {
	switch {
	case c.FIPS() == FIPSOn && !w.Enabled:
		return Plan{}, forbiddenBy(chassisProblem("fips_scp", "leave FIPS mode first",
			"the chassis is in FIPS mode, where SCP is always on and cannot be disabled"))
	case c.FIPS() == FIPSOn: // leaves the statement alone: FIPS mode is its own switch
		return c.planProof(w, "SCP is active by FIPS mode, so config-sync-with-scp is not needed")
	case !w.Enabled:
		return c.planDisable(w)
	case c.Settings.SCP && !c.Trial.IsMadeBy(ModuleSCPSync):
		return c.planProof(w, "")
	}
	return c.planEnable(w)
}

// planEnable switches SCP on, or confirms a trial that has. What was proved
// before does not count any more: the confirming commit carries the record
// unproved, and is the first that is sure to travel over SCP.
func (c Chassis) planEnable(w SCPWish) (Plan, error) {
	p := planOnTrial(c.Settings, c.Settings, ByCommit, "")
	p.Resume = c.Settings.SCP
	if !p.Resume {
		p.Trial.SCP, p.Trial.Record = true, c.Settings.Record.Unproved()
	}
	p.Confirmed = p.Trial
	p.Confirmed.Record = c.recordFor(w).Unproved()
	p.After = p.Confirmed
	p.After.Record = p.Confirmed.Record.ProvedFor(c.Members)
	problems := append(c.writeProblems(), c.enableProblems(w, p.Confirmed)...)
	if !p.Resume {
		problems = append(problems, c.proofProblems(w.Untried)...)
	}
	if !p.Resume && c.Trial.IsMadeBy(ModuleSCPSync) {
		problems = append(problems, c.ownTrialProblems("wait until it has expired and commit_timeout has passed")...)
	}
	return p, forbiddenBy(problems...)
}

// planProof shows by a commit that every member has keys, where SCP is in force
// already. A record that has that proof, or names nobody, is left alone.
func (c Chassis) planProof(w SCPWish, reason string) (Plan, error) {
	record := c.recordFor(w).withProofOf(c.Settings.Record)
	p := planUnchanged(c.Settings, reason)
	p.Confirmed.Record = record
	if p.Before.Equal(p.Confirmed) && len(c.Unproved(record)) == 0 {
		return p, nil
	}
	p.Trial, p.After = p.Confirmed, p.Confirmed
	p.After.Record = record.ProvedFor(c.Members)
	problems := c.writeProblems()
	if c.FIPS() != FIPSOn {
		problems = append(problems, c.enableProblems(w, p.Confirmed)...)
	}
	return p, forbiddenBy(problems...)
}

// planDisable switches SCP off. The keys stay, and the proof that they work goes; so
// does the record, if it is to be forgotten.
func (c Chassis) planDisable(w SCPWish) (Plan, error) {
	have, own := c.Settings, c.Trial.IsMadeBy(ModuleSCPSync)
	if !have.SCP && !own && c.FIPS() != FIPSOff && c.FIPS() != FIPSPending { // SCP may be on without the statement
		return planUnchanged(have, ""), forbiddenBy(c.fipsProblems()...)
	}
	if unclear := c.UnclearSCP != "" || w.Forget && len(have.Record) == 0; unclear && !have.SCP && !own {
		return planUnchanged(have, ""), forbiddenBy(c.unclearProblems()...)
	}
	to := have
	if have.SCP {
		to.SCP, to.Record = false, have.Record.Unproved()
	}
	if w.Forget {
		to.Record = nil
	}
	p := planOnTrial(have, to, ByCommit, "")
	switch {
	case !have.SCP && own:
		p.Resume, p.Trial = true, have
		return p, forbiddenBy(c.disableProblems()...)
	case have.SCP:
		return p, forbiddenBy(append(c.disableProblems(), c.proofProblems(w.Untried)...)...)
	case to.Equal(have):
		return planUnchanged(have, ""), nil
	}
	p.ConfirmBy = NoTrial // nothing reads the record but us
	return p, forbiddenBy(c.disableProblems()...)
}

// disableProblems are those of the way out, which is open also where a trial of
// ours has just switched SCP on, or members are away.
func (c Chassis) disableProblems() []Problem {
	problems := append(c.wayBackProblems(), c.sessionProblems()...)
	return append(problems, groupProblems("system commit config-sync-with-scp", c.Groups.SCP)...)
}

// recordFor returns for whom keys were made: by the step before, or by the record.
func (c Chassis) recordFor(w SCPWish) Record {
	if w.Prepared != nil {
		return w.Prepared
	}
	return c.Settings.Record
}

// enableProblems keep the order of the steps: SCP without keys would leave the
// members without configuration.
func (c Chassis) enableProblems(w SCPWish, after Settings) []Problem {
	var problems []Problem
	if w.Untried && !c.Settings.SCP && len(c.Members) > 1 {
		problems = append(problems, chassisProblem("trial_needed", "set confirm_timeout to a number of minutes, 1 or more",
			"with confirm_timeout 0 SCP would be in force at once, and only a commit over SCP proves that every member has keys: "+
				"one that lacks them would be left without configuration, and nothing would roll that back"))
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
		problems = append(problems, c.ownTrialProblems("run vc_scp_sync to finish it, or wait until it has expired and commit_timeout has passed")...)
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
		"%s comes from the configuration group %s, so it cannot be deleted outside the group", statement, group)}
}

func isAssumed(steps []Step, s Step) bool { return slices.Contains(steps, s) }
