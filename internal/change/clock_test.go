// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A device whose clock is set while a trial is open does not have the trial settled by that:
// how long it lasts the run knows by its own clock.
func TestClockThatIsSetInATrial(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		module string
		nth    int // of the commits
		when   string
		action string
	}{
		"the link is lost after the trial of SCP":      {"vc_scp_sync", 1, sim.After, "drop"},
		"the link is lost after the trial of step 1":   {"vc_authorized_keys_command", 1, sim.After, "drop"},
		"the confirming commit is refused":             {"vc_scp_sync", 2, sim.Before, "error"},
		"the link is lost before the confirming check": {"vc_authorized_keys_command", 2, sim.Before, "drop"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			options := args
			if row.module == "vc_authorized_keys_command" {
				b = newBench(t, threeMembers)
				options = stepOne()
			}
			before := b.snapshot()
			defer b.letTimePass()()
			b.play(script{"commit-configuration", row.when, row.nth, fault(row.action)},
				script{"get-system-uptime-information", sim.Before, 0, mutate(`junos:seconds="1`, `junos:seconds="2`)})
			a := b.run(context.Background(), false, row.module, options)
			b.tells(a, before, a.text("commit_state"))
			if state := a.text("commit_state"); a.failed() == (state == "confirmed") {
				t.Errorf("want what the chassis has, got %s: %s", state, a.text("msg"))
			}
		})
	}
}
