// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"slices"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// SCP that strands a member is taken back, whatever meets that.
func TestTakeBackMeetsAFault(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]script{
		"lost before it is applied": {"commit-configuration", sim.Before, 3, fault("drop")},
		"lost after it was applied": {"commit-configuration", sim.After, 3, fault("drop")},
		"refused once":              {"load-configuration", sim.Before, 3, fault("error")},
		"told by a warning alone":   {"commit-configuration", sim.Before, 2, mutate("routing-engine", "other-engine")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, lying)
			b.play(act)
			a := b.run(context.Background(), false, "vc_scp_sync", args)
			b.saidOf(a, true, "reverted", "did not apply it")
			if !slices.Contains(wordsOf(a, "steps", "name"), "revert") {
				t.Errorf("want how long the revert took, got %v", a["steps"])
			}
			for _, v := range left(b.settle()) {
				t.Error(v)
			}
		})
	}
}

// When SCP cannot be taken back at all, the result says so, and why.
func TestTakeBackThatIsRefusedIsTold(t *testing.T) {
	t.Parallel()
	b, args := ready(t, lying)
	b.play(script{"load-configuration", sim.Before, 3, fault("error")}, script{"load-configuration", sim.Before, 4, fault("error")})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.saidOf(a, true, "confirmed", "revert the change: load the configuration: the device reports: a fault of the test")
	if !a.changed() || !b.settle().Members[0].SCP {
		t.Errorf("SCP stays on, which is a change, and the result says %v", a)
	}
}

// A switch that is in no list does not take the commit that enables SCP.
func TestStrangerIsStranded(t *testing.T) {
	t.Parallel()
	const fpc7 = "<routing-engine><name>fpc7</name></routing-engine></commit-results>"
	for name, acts := range map[string][]script{
		"at once": {{"commit-configuration", sim.Before, 2, mutate("</commit-results>", fpc7)}},
		"in the commit that asks again": {{"commit-configuration", sim.After, 2, fault("drop")},
			{"commit-configuration", sim.Before, 3, mutate("</commit-results>", fpc7)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			b.play(acts...)
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "reverted", "fpc7 (not in the list of members) did not apply it")
			if b.settle().Members[0].SCP {
				t.Error("X4: SCP stays on")
			}
			if n := b.lab.Counters("vc1").Commits; n != len(acts)+2 {
				t.Errorf("want no commit more than reverts it, got %d", n)
			}
		})
	}
}
