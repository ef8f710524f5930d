// SPDX-License-Identifier: GPL-3.0-or-later

package cli_test

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
	"github.com/vchassis/vchassis.junos/internal/sim/rpc"
)

// What a command shows is an operation of the switch.
func TestShownRPCsAreOperations(t *testing.T) {
	lab, err := engine.Start(t.Context(), engine.Scenario{Chassis: []engine.ChassisSpec{{Name: "vc1"}}},
		engine.Openers{SSH: func(*engine.Lab, string, int, func() *engine.Member) (engine.Door, error) {
			return engine.Door{Address: "127.0.0.1:1"}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	ch := lab.Chassis("vc1")
	root, _ := ch.Primary().Account("root")
	device := rpc.LogIn(ch.Primary(), root, func(bool) {}, nil)
	defer device.Close()
	all := cli.Requests()
	if len(all) < 15 {
		t.Fatalf("only %d requests were found", len(all))
	}
	for _, request := range all {
		if reply := device.Call(request); strings.Contains(reply, "syntax error") {
			t.Errorf("%s: %s", request, reply)
		}
	}
}
