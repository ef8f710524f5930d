// SPDX-License-Identifier: GPL-3.0-or-later

package vc_test

import (
	"fmt"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// A plan is made from what the chassis is and what is wished, and of nothing
// else: no device is asked. Here SCP is wished for two members, one of which
// was never prepared.
func ExamplePlanSCP() {
	no := false
	chassis := vc.Chassis{Mode: "Enabled", HistoryKnown: true, Members: []vc.Member{
		{ID: 0, Serial: "AB0000000001", Model: "ex4400-48p", Role: vc.Primary, Status: "Prsnt", Version: "25.4R1", FIPS: &no, Local: true},
		{ID: 1, Serial: "AB0000000002", Model: "ex4400-48p", Role: vc.Backup, Status: "Prsnt", Version: "25.4R1", FIPS: &no},
	}}
	chassis.Settings.Keys = vc.KeysCommand{Command: "/usr/libexec/example/keys -a", User: "example"}
	chassis.Settings.Record = vc.Record{0: {Serial: "AB0000000001", Proved: true}}
	_, err := vc.PlanSCP(chassis, vc.SCPWish{Enabled: true})
	fmt.Println("refused:", err)

	chassis.Settings.Record[1] = vc.Entry{Serial: "AB0000000002"}
	plan, err := vc.PlanSCP(chassis, vc.SCPWish{Enabled: true})
	fmt.Println("error:", err)
	fmt.Println("to do:", plan.HasCommits(), "SCP:", plan.Before.SCP, "->", plan.After.SCP)
	// Output:
	// refused: member 1 (serial AB0000000002) has no keys for SCP
	// error: <nil>
	// to do: true SCP: false -> true
}
