// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "testing"

func TestPlanSCP(t *testing.T) {
	full := whole().KeysMade()
	on, off := SCPWish{Enabled: true, ReleaseCheck: true}, SCPWish{}
	forget := SCPWish{Forget: true}
	prepared := SCPWish{Enabled: true, ReleaseCheck: true, Prepared: full}
	assumed := SCPWish{Enabled: true, Assume: []Step{StepKeysCommand, StepInternalSSH}}
	plan := func(trial, confirmed, after string, by Confirmation) planned {
		p := stages("-", trial, confirmed, after)
		p.Confirm, p.Commits, p.Changing = by, true, true
		return p
	}
	enable := plan("scp", "scp", "scp proved", ByCommit)
	again := plan("scp unproved", "scp unproved", "scp", ByCommit) // what was proved before does not count
	first := plan("scp", "scp unproved", "scp proved", ByCommit)
	disable := plan("scp unproved", "scp unproved", "scp unproved", ByCommit)
	disableUnrecorded := plan("scp", "scp", "scp", ByCommit)
	prove := plan("-", "-", "proved", NoTrial)
	proveRecord := plan("unproved", "unproved", "proved", NoTrial)
	resumed := func(p planned) planned { p.Resume = true; return p }
	byFIPS := nothing
	byFIPS.Reason = "SCP is active by FIPS mode, so config-sync-with-scp is not needed"
	underFIPS := func(p planned) planned { p.Reason = byFIPS.Reason; return p }
	old := func(c *Chassis) {
		c.Members[0].Version, c.Members[1].Version, c.Members[2].Version = "24.4R1", "24.4R1", "24.4R1"
	}
	for _, row := range []struct {
		name    string
		chassis Chassis
		wish    SCPWish
		plan    planned
		err     string
	}{
		{"enable", whole(keys(good), made), on, enable, ""},
		{"enable again", whole(keys(good), recorded), on, again, ""},
		{"enable, and record", whole(keys(good)), prepared, first, ""},
		{"already enabled", whole(keys(good), recorded, scp), on, nothing, ""},
		{"already enabled and recorded", whole(keys(good), recorded, scp), prepared, nothing, ""},
		{"already enabled is not looked at further", whole(scp, split), on, nothing, ""},
		{"already enabled, the record is new", whole(keys(good), scp), prepared, proveRecord, ""},
		{"already enabled, and nothing is proved", whole(keys(good), made, scp), on, prove, ""},
		{"already enabled, and one is not proved", whole(keys(good), recorded, scp, unprovedOne), on, prove, ""},
		{"already enabled and recorded, and one is not proved", whole(keys(good), recorded, scp, unprovedOne), prepared, prove, ""},
		{"already enabled, and nobody is recorded", whole(keys(good), scp), on, nothing, ""},
		{"already enabled, one lacks keys and one a proof", whole(keys(good), recorded, scp, replaced, unprovedOne), on, nothing, "member_not_prepared"},
		{"a proof without a trial", whole(keys(good), made, scp), SCPWish{Enabled: true, Untried: true}, prove, ""},
		{"no proof while one is away", whole(keys(good), made, scp, absent), on, nothing, "member_not_present"},
		{"no proof while one could not join", whole(keys(good), made, scp, inactive), on, nothing, "member_inactive"},
		{"the record would lack a member", whole(keys(good), scp, replaced), prepared, nothing, "member_not_prepared"},
		{"disable", whole(keys(good), recorded, scp), off, disable, ""},
		{"already disabled", whole(keys(good)), off, nothing, ""},
		{"already disabled, but FIPS may be on", whole(keys(good), func(c *Chassis) { c.Members[1].FIPS = nil }), off, nothing, "fips_unknown"},
		{"already disabled, and FIPS waits for a reboot", whole(keys(good), func(c *Chassis) { c.FIPSLevel = 1 }), off, nothing, ""},
		{"disabling leaves the record", whole(keys(good), recorded, scp), SCPWish{Prepared: Record{0: {Serial: "X"}}}, disable, ""},
		{"already disabled, whatever is proved", whole(keys(good), recorded), off, nothing, ""},
		{"disable while one is away", whole(keys(good), recorded, scp, absent), off, disable, ""},
		{"disable while one could not join", whole(keys(good), recorded, scp, inactive), off, disable, ""},
		{"disable while FIPS may be on, on a split chassis", whole(keys(good), recorded, scp, split, func(c *Chassis) { c.Members[1].FIPS = nil }), off, nothing, "split fips_unknown"},
		{"resume disabling while FIPS may be on, on a split chassis", whole(keys(good), split, trialOf(ModuleSCPSync), func(c *Chassis) { c.Members[1].FIPS = nil }), off, nothing, "split fips_unknown"},
		{"disable a split chassis", whole(keys(good), recorded, scp, split), off, nothing, "split"},
		{"disable needs no keys", whole(keys(good), scp), off, disableUnrecorded, ""},
		{"disable on an old release", whole(keys(good), scp, old), SCPWish{ReleaseCheck: true}, disableUnrecorded, ""},

		{"disable and forget", whole(keys(good), recorded, scp), forget, plan("scp gone", "scp gone", "scp gone", ByCommit), ""},
		{"disable and forget what is not recorded", whole(keys(good), scp), forget, disableUnrecorded, ""},
		{"forget after it was disabled", whole(keys(good), made), forget, plan("gone", "gone", "gone", NoTrial), ""},
		{"nothing to forget", whole(keys(good)), forget, nothing, ""},
		{"forget while one is away", whole(keys(good), recorded, absent), forget, plan("gone", "gone", "gone", NoTrial), ""},
		{"forget through the backup", whole(keys(good), recorded, onBackup), forget, nothing, "not_primary"},
		{"forget while somebody's trial is open", whole(keys(good), recorded, foreignTrial), forget, nothing, "foreign_trial"},
		{"forget under FIPS", whole(keys(good), recorded, inFIPS), forget, nothing, "fips_scp"},
		{"resume disabling, and forget", whole(keys(good), made, trialOf(ModuleSCPSync)), forget, resumed(plan("-", "gone", "gone", ByCommit)), ""},
		{"enabling forgets nothing", whole(keys(good), made), SCPWish{Enabled: true, Forget: true}, enable, ""},

		{"disable what cannot be seen", whole(keys(good), hidden), off, nothing, "commit_hidden"},
		{"forget what cannot be seen", whole(keys(good), hiddenRecord), forget, nothing, "commit_hidden"},
		{"disable while the record cannot be seen", whole(keys(good), hiddenRecord), off, nothing, ""},
		{"disable what is on in a part", whole(keys(good), partly), off, nothing, "partial_group"},
		{"disable what a group has enabled", whole(keys(good), scp, func(c *Chassis) { c.Groups.SCP = "g" }), off, nothing, "from_group"},
		{"what a group has enabled is enabled", whole(keys(good), recorded, scp, func(c *Chassis) { c.Groups.SCP = "g" }), on, nothing, ""},
		{"enable with room for one session", whole(keys(good), recorded, oneSession), on, nothing, "one_session"},
		{"disable with room for one session", whole(keys(good), recorded, scp, oneSession), off, nothing, "one_session"},
		{"disable with room for one session and no proof", whole(keys(good), recorded, scp, oneSession), SCPWish{Untried: true}, disable, ""},
		{"enable without a trial", whole(keys(good), recorded), SCPWish{Enabled: true, Untried: true}, nothing, "trial_needed"},
		{"enable two without a trial", whole(keys(good), recorded, func(c *Chassis) { c.Members = c.Members[:2] }), SCPWish{Enabled: true, Untried: true}, nothing, "trial_needed"},
		{"disable without a trial", whole(keys(good), recorded, scp), SCPWish{Untried: true}, disable, ""},
		{"record without a trial", whole(keys(good), scp), SCPWish{Enabled: true, Prepared: full, Untried: true}, proveRecord, ""},
		{"enable a lone switch without a trial", whole(keys(good), made, func(c *Chassis) { c.Members = c.Members[:1] }),
			SCPWish{Enabled: true, Untried: true}, plan("scp", "scp", "scp mixed", ByCommit), ""},

		// The order of the steps.
		{"without step 1", whole(recorded), on, nothing, "step_missing"},
		{"without step 2", whole(keys(good)), on, nothing, "member_not_prepared member_not_prepared member_not_prepared"},
		{"without both", whole(), on, nothing, "step_missing member_not_prepared member_not_prepared member_not_prepared"},
		{"without both, which the same play does", whole(), assumed, disableUnrecorded, ""},
		{"without both, of which the same play does the second", whole(), SCPWish{Enabled: true, Assume: []Step{StepInternalSSH}}, nothing, "step_missing"},
		{"one was replaced since", whole(keys(good), recorded, replaced), on, nothing, "member_not_prepared"},
		{"old release", whole(keys(good), recorded, old), on, nothing, "release_without_scp"},
		{"old release, not checked", whole(keys(good), made, old), SCPWish{Enabled: true}, enable, ""},

		// FIPS.
		{"FIPS", whole(keys(good), recorded, inFIPS), on, byFIPS, ""},
		{"FIPS, old release", whole(keys(good), recorded, inFIPS, old), on, byFIPS, ""},
		{"FIPS, and record", whole(keys(good), inFIPS), prepared, underFIPS(proveRecord), ""},
		{"FIPS, and a proof", whole(keys(good), inFIPS, made), on, underFIPS(prove), ""},
		{"FIPS, and a proof without step 1", whole(inFIPS, made), on, underFIPS(prove), ""},
		{"FIPS, and nobody is recorded", whole(keys(good), inFIPS), on, byFIPS, ""},
		{"FIPS, recorded already", whole(keys(good), inFIPS, recorded), prepared, byFIPS, ""},
		{"FIPS, and record on a split chassis", whole(keys(good), inFIPS, split), prepared, nothing, "split"},
		{"FIPS, nothing to write on a split chassis", whole(keys(good), inFIPS, split), on, byFIPS, ""},
		{"FIPS leaves the statement alone", whole(keys(good), inFIPS, scp), on, byFIPS, ""},
		{"FIPS cannot be without SCP", whole(inFIPS), off, nothing, "fips_scp"},
		{"FIPS unknown", whole(keys(good), recorded, func(c *Chassis) { c.Members[1].FIPS = nil }), on, nothing, "fips_unknown"},
		{"FIPS denied by the operator", whole(keys(good), made, func(c *Chassis) { c.Members[1].FIPS, c.StatedFIPS = nil, &no }), on, enable, ""},

		// Trials.
		{"resume", whole(keys(good), made, scp, trialOf(ModuleSCPSync)), on, resumed(plan("-", "-", "proved", ByCommit)), ""},
		{"resume with room for one session: this login is the proof", whole(keys(good), made, scp, oneSession, trialOf(ModuleSCPSync)), on, resumed(plan("-", "-", "proved", ByCommit)), ""},
		{"resume one of an older release, whose record was taken for proved", whole(keys(good), recorded, scp, trialOf(ModuleSCPSync)), on, resumed(plan("-", "unproved", "-", ByCommit)), ""},
		{"resume, and record", whole(keys(good), scp, trialOf(ModuleSCPSync)), prepared, resumed(plan("-", "unproved", "proved", ByCommit)), ""},
		{"resume without keys", whole(keys(good), scp, trialOf(ModuleSCPSync)), on, nothing, "member_not_prepared member_not_prepared member_not_prepared"},
		{"resume disabling", whole(keys(good), trialOf(ModuleSCPSync)), off, resumed(plan("-", "-", "-", ByCommit)), ""},
		{"resume disabling what cannot be seen, on a split chassis", whole(keys(good), hidden, split, trialOf(ModuleSCPSync)), off, nothing, "commit_hidden split"},
		{"disable what our own trial has enabled", whole(keys(good), made, scp, trialOf(ModuleSCPSync)), off, disableUnrecorded, ""},
		{"resume on the backup", whole(keys(good), recorded, scp, onBackup, trialOf(ModuleSCPSync)), on, nothing, "not_primary"},
		{"our own trial of the opposite", whole(keys(good), recorded, trialOf(ModuleSCPSync)), on, nothing, "own_trial"},
		{"upon step 1, whose trial may be open", whole(keys(good), made, trialOf(ModuleKeysCommand)), on, enable, ""},
		{"somebody's trial", whole(keys(good), recorded, foreignTrial), on, nothing, "foreign_trial"},

		{"on the backup", whole(keys(good), recorded, onBackup), on, nothing, "not_primary"},
		{"all at once", whole(split, absent, foreignTrial, old), on, nothing,
			"split member_not_present foreign_trial release_without_scp step_missing member_not_prepared member_not_prepared"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := PlanSCP(row.chassis, row.wish)
			check(t, row.chassis, p, err, row.plan, row.err)
		})
	}
}

func TestPlanProbe(t *testing.T) {
	probe := nothing
	probe.Probe, probe.Commits, probe.Changing = true, true, true
	for _, row := range []struct {
		name    string
		chassis Chassis
		plan    planned
		err     string
	}{
		{"whole", whole(), probe, ""},
		{"under FIPS", whole(inFIPS), probe, ""},
		{"after step 1", whole(trialOf(ModuleKeysCommand)), probe, ""},
		{"our own trial of step 3", whole(trialOf(ModuleSCPSync)), nothing, "own_trial"},
		{"somebody's trial", whole(foreignTrial), nothing, "foreign_trial"},
		{"on the backup", whole(onBackup), nothing, "not_primary"},
		{"one is not present", whole(absent), nothing, "member_not_present"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := PlanProbe(row.chassis)
			check(t, row.chassis, p, err, row.plan, row.err)
		})
	}
}

// A statement that may be in force although none is seen.
func hidden(c *Chassis) {
	c.UnclearSCP, c.Unread = "the class may hide it", []Problem{{Code: CodeHidden, Message: "the class may hide it"}}
}

func partly(c *Chassis) {
	c.UnclearSCP, c.Unread = "the group re0 gives it", []Problem{{Code: CodePartial, Message: "the group re0 gives it"}}
}

func hiddenRecord(c *Chassis) {
	c.Unread = []Problem{{Code: CodeHidden, Message: "the class may hide the record"}}
}
