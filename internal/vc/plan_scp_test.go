// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "testing"

func TestPlanSCP(t *testing.T) {
	full := whole().Serials()
	on, off := SCPWish{Enabled: true, ReleaseCheck: true}, SCPWish{}
	prepared := SCPWish{Enabled: true, ReleaseCheck: true, Prepared: full}
	assumed := SCPWish{Enabled: true, Assume: []Step{StepKeysCommand, StepInternalSSH}}
	enable := planned{Trial: "scp", After: "scp", Confirm: ByCommit, Commits: true, Changing: true}
	enableAndRecord := enable
	enableAndRecord.After = "scp record"
	record := planned{Trial: "record", After: "record", Commits: true, Changing: true}
	resume := planned{Trial: "-", After: "-", Confirm: ByCommit, Resume: true, Commits: true, Changing: true}
	resumeAndRecord := resume
	resumeAndRecord.After = "record"
	byFIPS := planned{Trial: "-", After: "-", Reason: "SCP is active by FIPS mode, so config-sync-with-scp is not needed"}
	recordUnderFIPS := record
	recordUnderFIPS.Reason = byFIPS.Reason
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
		{"enable", whole(keys(good), recorded), on, enable, ""},
		{"enable, and record", whole(keys(good)), prepared, enableAndRecord, ""},
		{"already enabled", whole(keys(good), recorded, scp), on, nothing, ""},
		{"already enabled and recorded", whole(keys(good), recorded, scp), prepared, nothing, ""},
		{"already enabled is not looked at further", whole(scp, split), on, nothing, ""},
		{"already enabled, the record is new", whole(keys(good), scp), prepared, record, ""},
		{"the record would lack a member", whole(keys(good), scp, replaced), prepared, nothing, "member_not_prepared"},
		{"disable", whole(keys(good), recorded, scp), off, enable, ""},
		{"already disabled", whole(keys(good)), off, nothing, ""},
		{"already disabled, but FIPS may be on", whole(keys(good), func(c *Chassis) { c.Members[1].FIPS = nil }), off, nothing, "fips_unknown"},
		{"disabling leaves the record", whole(keys(good), recorded, scp), SCPWish{Prepared: Record{0: "X"}}, enable, ""},
		{"disable needs no keys", whole(keys(good), scp), off, enable, ""},
		{"disable on an old release", whole(keys(good), scp, old), SCPWish{ReleaseCheck: true}, enable, ""},

		{"disable what a group has enabled", whole(keys(good), scp, func(c *Chassis) { c.Groups.SCP = "g" }), off, nothing, "from_group"},
		{"what a group has enabled is enabled", whole(keys(good), recorded, scp, func(c *Chassis) { c.Groups.SCP = "g" }), on, nothing, ""},
		{"enable without a trial", whole(keys(good), recorded), SCPWish{Enabled: true, Untried: true}, nothing, "trial_needed"},
		{"disable without a trial", whole(keys(good), recorded, scp), SCPWish{Untried: true}, enable, ""},
		{"record without a trial", whole(keys(good), scp), SCPWish{Enabled: true, Prepared: full, Untried: true}, record, ""},
		{"enable a lone switch without a trial", whole(keys(good), recorded, func(c *Chassis) { c.Members = c.Members[:1] }),
			SCPWish{Enabled: true, Untried: true}, enable, ""},

		// The order of the steps.
		{"without step 1", whole(recorded), on, nothing, "step_missing"},
		{"without step 2", whole(keys(good)), on, nothing, "member_not_prepared member_not_prepared member_not_prepared"},
		{"without both", whole(), on, nothing, "step_missing member_not_prepared member_not_prepared member_not_prepared"},
		{"without both, which the same play does", whole(), assumed, enable, ""},
		{"one was replaced since", whole(keys(good), recorded, replaced), on, nothing, "member_not_prepared"},
		{"old release", whole(keys(good), recorded, old), on, nothing, "release_without_scp"},
		{"old release, not checked", whole(keys(good), recorded, old), SCPWish{Enabled: true}, enable, ""},

		// FIPS.
		{"FIPS", whole(keys(good), recorded, inFIPS), on, byFIPS, ""},
		{"FIPS, old release", whole(keys(good), recorded, inFIPS, old), on, byFIPS, ""},
		{"FIPS, and record", whole(keys(good), inFIPS), prepared, recordUnderFIPS, ""},
		{"FIPS, recorded already", whole(keys(good), inFIPS, recorded), prepared, byFIPS, ""},
		{"FIPS, and record on a split chassis", whole(keys(good), inFIPS, split), prepared, nothing, "split"},
		{"FIPS, nothing to write on a split chassis", whole(keys(good), inFIPS, split), on, byFIPS, ""},
		{"FIPS leaves the statement alone", whole(keys(good), inFIPS, scp), on, byFIPS, ""},
		{"FIPS cannot be without SCP", whole(inFIPS), off, nothing, "fips_scp"},
		{"FIPS unknown", whole(keys(good), recorded, func(c *Chassis) { c.Members[1].FIPS = nil }), on, nothing, "fips_unknown"},
		{"FIPS denied by the operator", whole(keys(good), recorded, func(c *Chassis) { c.Members[1].FIPS, c.StatedFIPS = nil, &no }), on, enable, ""},

		// Trials.
		{"resume", whole(keys(good), recorded, scp, trialOf(ModuleSCPSync)), on, resume, ""},
		{"resume, and record", whole(keys(good), scp, trialOf(ModuleSCPSync)), prepared, resumeAndRecord, ""},
		{"resume without keys", whole(keys(good), scp, trialOf(ModuleSCPSync)), on, nothing, "member_not_prepared member_not_prepared member_not_prepared"},
		{"resume disabling", whole(keys(good), trialOf(ModuleSCPSync)), off, resume, ""},
		{"resume on the backup", whole(keys(good), recorded, scp, onBackup, trialOf(ModuleSCPSync)), on, nothing, "not_primary"},
		{"our own trial of the opposite", whole(keys(good), recorded, trialOf(ModuleSCPSync)), on, nothing, "own_trial"},
		{"upon step 1, whose trial may be open", whole(keys(good), recorded, trialOf(ModuleKeysCommand)), on, enable, ""},
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
	probe := planned{Trial: "-", After: "-", Probe: true, Commits: true, Changing: true}
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
