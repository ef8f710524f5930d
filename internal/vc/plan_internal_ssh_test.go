// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlanInternalSSH(t *testing.T) {
	commit := InternalSSHWish{Rekey: RekeyIfMissing, UseRecord: true, Commit: true}
	deferred := InternalSSHWish{Rekey: RekeyIfMissing, UseRecord: true}
	with := func(w InternalSSHWish, change func(*InternalSSHWish)) InternalSSHWish { change(&w); return w }
	always := func(w *InternalSSHWish) { w.Rekey = RekeyAlways }
	never := func(w *InternalSSHWish) { w.Rekey = RekeyNever }
	const everybody = "no keys are recorded for member 0 (serial XX0000), member 1 (serial XX0001), member 2 (serial XX0002)"
	recordedAll := planned{Trial: "-", After: "-", Reason: "every member is recorded with its serial number"}
	for _, row := range []struct {
		name    string
		chassis Chassis
		wish    InternalSSHWish
		plan    planned
		err     string
	}{
		{"first", whole(keys(good)), commit,
			planned{Trial: "record", After: "record", Prepare: true, Reason: everybody, Commits: true, Changing: true}, ""},
		{"first, recorded later", whole(keys(good)), deferred, planned{Trial: "-", After: "-", Prepare: true, Reason: everybody, Changing: true}, ""},
		{"again", whole(keys(good), recorded), commit, recordedAll, ""},
		{"again is not looked at further", whole(recorded, split), deferred, recordedAll, ""},
		{"one was replaced", whole(keys(good), recorded, replaced), commit,
			planned{Trial: "record", After: "record", Prepare: true, Reason: "no keys are recorded for member 2 (serial YY0002)", Commits: true, Changing: true}, ""},
		{"always, though all are recorded", whole(keys(good), recorded), with(commit, always),
			planned{Trial: "-", After: "-", Prepare: true, Reason: "rekey is always", Changing: true}, ""},
		{"always, and one is missing", whole(keys(good), recorded, replaced), with(deferred, always),
			planned{Trial: "-", After: "-", Prepare: true, Reason: "no keys are recorded for member 2 (serial YY0002)", Changing: true}, ""},
		{"always, without a record", whole(keys(good)), InternalSSHWish{Rekey: RekeyAlways},
			planned{Trial: "-", After: "-", Prepare: true, Reason: "rekey is always", Changing: true}, ""},
		{"never", whole(keys(good)), with(commit, never), planned{Trial: "-", After: "-", Reason: "rekey is never"}, ""},
		{"never is not looked at further", whole(split), with(commit, never), planned{Trial: "-", After: "-", Reason: "rekey is never"}, ""},
		{"without step 1", whole(), commit, nothing, "step_missing"},
		{"without step 1, which the same play does", whole(), with(deferred, func(w *InternalSSHWish) { w.Assume = []Step{StepKeysCommand} }),
			planned{Trial: "-", After: "-", Prepare: true, Reason: everybody, Changing: true}, ""},
		{"on the backup", whole(keys(good), onBackup), commit, nothing, "not_primary"},
		{"one is not present", whole(keys(good), absent), commit, nothing, "member_not_present"},
		{"one has no serial number", whole(keys(good), func(c *Chassis) { c.Members[1].Serial = "" }), commit, nothing, "member_serial_unknown"},
		{"under FIPS", whole(keys(good), inFIPS), commit,
			planned{Trial: "record", After: "record", Prepare: true, Reason: everybody, Commits: true, Changing: true}, ""},
		{"a record beside an open trial of step 3", whole(keys(good), trialOf(ModuleSCPSync)), commit, nothing, "own_trial"},
		{"keys alone beside an open trial of step 3", whole(keys(good), trialOf(ModuleSCPSync)), deferred,
			planned{Trial: "-", After: "-", Prepare: true, Reason: everybody, Changing: true}, ""},
		{"after step 1, whose trial may be open", whole(keys(good), trialOf(ModuleKeysCommand)), commit,
			planned{Trial: "record", After: "record", Prepare: true, Reason: everybody, Commits: true, Changing: true}, ""},
		{"somebody's trial", whole(keys(good), foreignTrial), deferred, nothing, "foreign_trial"},
		{"all at once", whole(split, foreignTrial), commit, nothing, "split foreign_trial step_missing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := PlanInternalSSH(row.chassis, row.wish)
			check(t, row.chassis, p, err, row.plan, row.err)
			if row.err == "" && row.wish.Commit && p.Prepare {
				if diff := cmp.Diff(row.chassis.Serials(), p.After.Record); diff != "" {
					t.Errorf("the record must name all: want - got +\n%s", diff)
				}
			}
		})
	}
}
