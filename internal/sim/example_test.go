// SPDX-License-Identifier: GPL-3.0-or-later

package sim_test

import (
	"context"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A chassis of three, a member that loses its cable, and the commit that a
// colleague makes meanwhile. Nothing has to be waited for: the lab has a clock of its own.
func Example() {
	lab, err := sim.Start(context.Background(), sim.Scenario{Chassis: []sim.ChassisSpec{{Name: "access-1", Size: 3}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer lab.Close()
	chassis := lab.Chassis("access-1")
	if err := chassis.Leave(2); err != nil {
		fmt.Println(err)
	}
	colleague := chassis.Colleague("admin", "cli")
	defer colleague.Close()
	if err := colleague.Edit("set system location building A"); err != nil {
		fmt.Println(err)
	}
	if err := colleague.Commit(5); err != nil { // on trial, for five minutes
		fmt.Println(err)
	}
	fmt.Println("on trial:", chassis.State(false).Trial != nil)
	lab.Clock().Advance(6 * time.Minute)
	fmt.Println("on trial:", chassis.State(false).Trial != nil)
	for _, m := range chassis.State(false).Members {
		fmt.Println(m.ID, m.Status)
	}
	// Output:
	// on trial: true
	// on trial: false
	// 0 Prsnt
	// 1 Prsnt
	// 2 NotPrsnt
}

// What no public source tells of the device is a knob with a default.
func ExampleProfile() {
	_, err := sim.ParseScenario([]byte("chassis: [{name: access-1, profile: {commit_results: primary_only}}]"))
	fmt.Println(err)
	for _, knob := range sim.Knobs()[:1] {
		fmt.Println(knob.Name, knob.Default, knob.Choices)
	}
	// Output:
	// <nil>
	// commit_results per_member [per_member primary_only one_missing empty plain_ok]
}

// A fault strikes the next commit: it is applied, and its reply never comes.
func ExampleRule() {
	lab, err := sim.Start(context.Background(), sim.Scenario{Chassis: []sim.ChassisSpec{{Name: "access-1"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer lab.Close()
	id, err := lab.AddFault(sim.Rule{RPC: "commit-configuration", When: sim.After, Fault: sim.Fault{Action: "drop"}})
	fmt.Println(id, err)
	// Output: 1 <nil>
}
