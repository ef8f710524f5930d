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
	unchanged := func(reason string) planned { p := nothing; p.Reason = reason; return p }
	keysFor := func(reason, withdrawn, confirmed, after string) planned {
		p := stages(withdrawn, confirmed, confirmed, after)
		p.Prepare, p.Changing, p.Reason = true, true, reason
		p.Commits = withdrawn != confirmed || confirmed != after
		return p
	}
	const replacedOne = "no keys are recorded for member 2 (serial YY0002)"
	recordedAll := unchanged("every member is recorded with its serial number")
	for _, row := range []struct {
		name    string
		chassis Chassis
		wish    InternalSSHWish
		plan    planned
		err     string
	}{
		{"first", whole(keys(good)), commit,
			keysFor(everybody, "-", "unproved", "unproved"), ""},
		{"first, recorded later", whole(keys(good)), deferred, keysFor(everybody, "-", "-", "-"), ""},
		{"again", whole(keys(good), recorded), commit, recordedAll, ""},
		{"again is not looked at further", whole(recorded, split), deferred, recordedAll, ""},
		{"one was replaced", whole(keys(good), recorded, replaced), commit,
			keysFor(replacedOne, "gone", "unproved", "unproved"), ""},
		{"always, though all are recorded", whole(keys(good), recorded), with(commit, always),
			keysFor("rekey is always", "gone", "unproved", "unproved"), ""},
		{"always, while SCP is in force", whole(keys(good), recorded, scp), with(commit, always), keysFor("rekey is always", "gone", "unproved", "-"), ""},
		{"always, where none is proved", whole(keys(good), made, scp), with(commit, always), keysFor("rekey is always", "gone", "-", "proved"), ""},
		{"always, without a record to write, while there is one", whole(keys(good), recorded), InternalSSHWish{Rekey: RekeyAlways},
			keysFor("rekey is always", "gone", "gone", "gone"), ""},
		{"always, and one is missing", whole(keys(good), recorded, replaced), with(deferred, always),
			keysFor(replacedOne, "gone", "gone", "gone"), ""},
		{"always, without a record", whole(keys(good)), InternalSSHWish{Rekey: RekeyAlways},
			keysFor("rekey is always", "-", "-", "-"), ""},
		{"never", whole(keys(good)), with(commit, never), unchanged("rekey is never"), ""},
		{"never is not looked at further", whole(split), with(commit, never), unchanged("rekey is never"), ""},
		{"without step 1", whole(), commit, nothing, "step_missing"},
		{"without step 1, which the same play does", whole(), with(deferred, func(w *InternalSSHWish) { w.Assume = []Step{StepKeysCommand} }),
			keysFor(everybody, "-", "-", "-"), ""},
		{"on the backup", whole(keys(good), onBackup), commit, nothing, "not_primary"},
		{"one is not present", whole(keys(good), absent), commit, nothing, "member_not_present"},
		{"one has no serial number", whole(keys(good), func(c *Chassis) { c.Members[1].Serial = "" }), commit, nothing, "member_serial_unknown"},
		{"under FIPS", whole(keys(good), inFIPS), commit, keysFor(everybody, "-", "unproved", "proved"), ""},
		{"under FIPS, recorded later", whole(keys(good), inFIPS), deferred, keysFor(everybody, "-", "-", "-"), ""},
		{"one could not join over SCP", whole(keys(good), scp, recorded, inactive, replaced), commit,
			keysFor(replacedOne, "gone", "unproved", "mixed"), ""},
		{"one could not join over RCP", whole(keys(good), recorded, inactive, replaced), commit, nothing, "member_inactive"},
		{"one could not join, and has keys", whole(keys(good), scp, recorded, inactive), commit, recordedAll, ""},
		{"a record beside an open trial of step 3", whole(keys(good), trialOf(ModuleSCPSync)), commit, nothing, "own_trial"},
		{"a record to take out beside an open trial of step 3", whole(keys(good), made, scp, trialOf(ModuleSCPSync)), with(deferred, always), nothing, "own_trial"},
		{"one entry to take out beside an open trial of step 3", whole(keys(good), trialOf(ModuleSCPSync), func(c *Chassis) { c.Settings.Record = Record{0: {Serial: "XX0000"}} }),
			with(deferred, always), nothing, "own_trial"},
		{"keys alone beside an open trial of step 3", whole(keys(good), trialOf(ModuleSCPSync)), deferred,
			keysFor(everybody, "-", "-", "-"), ""},
		{"after step 1, whose trial may be open", whole(keys(good), trialOf(ModuleKeysCommand)), commit,
			keysFor(everybody, "-", "unproved", "unproved"), ""},
		{"somebody's trial", whole(keys(good), foreignTrial), deferred, nothing, "foreign_trial"},
		{"all at once", whole(split, foreignTrial), commit, nothing, "split foreign_trial step_missing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := PlanInternalSSH(row.chassis, row.wish)
			check(t, row.chassis, p, err, row.plan, row.err)
			if row.err == "" && p.Prepare {
				if diff := cmp.Diff(row.chassis.KeysMade(), p.Made); diff != "" {
					t.Errorf("keys are made for all: want - got +\n%s", diff)
				}
			}
		})
	}
}
