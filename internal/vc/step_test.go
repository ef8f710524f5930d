// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPendingSteps(t *testing.T) {
	const one, two, three = StepKeysCommand, StepInternalSSH, StepSCPSync
	present, disabled := Want{Keys: &good, SCP: &yes}, Want{SCP: &no}
	forgotten := Want{SCP: &no, Forget: true}
	for _, row := range []struct {
		name    string
		chassis Chassis
		want    Want
		steps   []Step
	}{
		{"untouched", whole(), present, []Step{one, two, three}},
		{"after step 1", whole(keys(good)), present, []Step{two, three}},
		{"after step 1, whose trial may be open", whole(keys(good), trialOf(ModuleKeysCommand)), present, []Step{one, two, three}},
		{"after step 2", whole(keys(good), recorded), present, []Step{three}},
		{"during step 3", whole(keys(good), recorded, scp, trialOf(ModuleSCPSync)), present, []Step{three}},
		{"compliant", whole(keys(good), recorded, scp), present, []Step{}},
		{"enabled, and nothing is proved", whole(keys(good), made, scp), present, []Step{three}},
		{"enabled, and one is not proved", whole(keys(good), recorded, scp, unprovedOne), present, []Step{three}},
		{"one lacks keys, and one a proof", whole(keys(good), recorded, scp, replaced, unprovedOne), present, []Step{two, three}},
		{"one could not join and lacks keys", whole(keys(good), recorded, scp, replaced, inactive), present, []Step{two}},
		{"another command", whole(keys(other), recorded, scp), present, []Step{one}},
		{"one was replaced", whole(keys(good), recorded, scp, replaced), present, []Step{two}},
		{"SCP was deleted", whole(keys(good), recorded), present, []Step{three}},
		{"somebody's trial is a problem, no step", whole(keys(good), recorded, scp, foreignTrial), present, []Step{}},

		{"FIPS, untouched", whole(inFIPS), present, []Step{one, two}},
		{"FIPS, compliant", whole(keys(good), recorded, inFIPS), present, []Step{}},
		{"FIPS, and nothing is proved", whole(keys(good), made, inFIPS), present, []Step{three}},
		{"FIPS, disabled is impossible", whole(keys(good), recorded, inFIPS), disabled, []Step{three}},
		{"FIPS unknown", whole(keys(good), recorded, func(c *Chassis) { c.Members[1].FIPS = nil }), present, []Step{three}},

		{"disabled, untouched", whole(), disabled, []Step{}},
		{"disabled, but on", whole(keys(good), recorded, scp), disabled, []Step{three}},
		{"disabled, with keys left", whole(keys(good), recorded), disabled, []Step{}},
		{"disabled, with keys left that are not proved", whole(keys(good), made), disabled, []Step{}},
		{"disabled and step 1 undone, but neither is", whole(keys(good), scp), Want{Keys: &KeysCommand{}, SCP: &no}, []Step{one, three}},

		{"disabled and forgotten, with keys left", whole(keys(good), recorded), forgotten, []Step{two}},
		{"disabled and forgotten, with the key of one left", whole(keys(good), recorded, func(c *Chassis) { c.Settings.Record = Record{0: c.Settings.Record[0]} }), forgotten, []Step{two}},
		{"disabled and forgotten, but on", whole(keys(good), recorded, scp), forgotten, []Step{two, three}},
		{"disabled and forgotten", whole(keys(good)), forgotten, []Step{}},
		{"what is wanted on forgets nothing", whole(keys(good), recorded, scp), Want{Keys: &good, SCP: &yes, Forget: true}, []Step{}},

		{"only the command is judged", whole(scp), Want{Keys: &good}, []Step{one}},
		{"only SCP is judged", whole(keys(other), recorded), Want{SCP: &yes}, []Step{three}},
		{"nothing is judged", whole(trialOf(ModuleSCPSync)), Want{}, []Step{}},
	} {
		if diff := cmp.Diff(row.steps, row.chassis.PendingSteps(row.want)); diff != "" {
			t.Errorf("%s: want - got +\n%s", row.name, diff)
		}
		if row.want.IsJudged() != (row.want != Want{}) {
			t.Errorf("%s: judged is %v", row.name, row.want.IsJudged())
		}
	}
}
