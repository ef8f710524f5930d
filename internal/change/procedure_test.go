// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

const threeMembers = `
chassis:
  - name: vc1
    size: 3
`

func TestProcedure(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	if !b.procedure() {
		t.Error("the first run changed nothing")
	}
	before := b.lab.Counters("vc1")
	if before.Commits != 4 || before.Checks != 1 {
		t.Errorf("a first run costs 4 commits and 1 check, not %d and %d", before.Commits, before.Checks)
	}
	calls := map[string]int{}
	for _, e := range b.lab.Log("vc1", 0) {
		calls[e.RPC]++
	}
	if calls["lock"] != 3 || calls["unlock"] != 3 {
		t.Errorf("%d locks and %d unlocks, want 3 of each", calls["lock"], calls["unlock"])
	}
	for id := range 3 {
		config := b.chassis.Member(id).Config()
		for _, want := range []string{"authorized-keys-command ", "authorized-keys-command-user", "config-sync-with-scp"} {
			if !strings.Contains(config, want) {
				t.Errorf("member %d lacks %s", id, want)
			}
		}
	}
	b.lab.ResetLog()
	if b.procedure() {
		t.Error("the second run changed something")
	}
	if c := b.lab.Counters("vc1"); c.Writes+c.Locks+c.Checks+c.Commits > 0 {
		t.Errorf("the second run did not only read: %+v", c)
	}
}

// Junos counts minutes in <commit-configuration> and seconds in <commit>.
func TestTrialLastsMinutes(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	var left atomic.Int64
	b.lab.Hook(func(e sim.Event) sim.Fault {
		if e.RPC == "commit-configuration" && e.When == sim.After && left.Load() == 0 {
			if trial := b.chassis.State(false).Trial; trial != nil {
				left.Store(int64(trial.Deadline.Sub(b.lab.Clock().Now())))
			}
		}
		return sim.Fault{}
	})
	b.apply("vc_authorized_keys_command", map[string]any{"command": keysCommand, "user": keysUser, "confirm_timeout": 7})
	if got := time.Duration(left.Load()).Round(time.Minute); got != 7*time.Minute {
		t.Errorf("the device was told to wait %s, want 7 minutes", got)
	}
}

// A device that calls a commit good although a member did not apply it is not
// believed.
func TestMemberLeftBehind(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers+"    profile: {member_failure: warning}\n")
	b.apply("vc_authorized_keys_command", stepOne())
	two := b.apply("vc_internal_ssh", map[string]any{"record": "defer"})
	defer b.letTimePass()()
	member := 2
	if _, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &member, Times: -1}); err != nil {
		t.Fatal(err)
	}
	a := b.run(context.Background(), false, "vc_scp_sync", map[string]any{"prepared": two["prepared"]})
	if !a.failed() || !strings.Contains(a.text("msg"), "member 2") {
		t.Errorf("member 2 was left behind, and the result is %v", a)
	}
}

// Keys that were made before a commit failed are not passed over in silence.
func TestKeysThatAreNotRecorded(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.apply("vc_authorized_keys_command", stepOne())
	if _, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "error", Text: "no space"}, RPC: "commit-configuration", Times: -1}); err != nil {
		t.Fatal(err)
	}
	a := b.run(context.Background(), false, "vc_internal_ssh", nil)
	if !a.failed() || !a.changed() || !strings.Contains(a.text("msg"), "the keys were made but not recorded") {
		t.Errorf("want a failure that tells of the keys, got %v", a)
	}
}
