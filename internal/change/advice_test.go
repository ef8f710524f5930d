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

// Whatever else is to do about the cause: while a trial is open, the first
// advice is to commit nothing, because any commit confirms it.
func TestAdviceWhileATrialIsOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { return sim.Fault{Action: "error", Text: "permission denied"} }})
	options := stepOne()
	options["confirm_timeout"] = 60
	a := b.run(context.Background(), false, "vc_authorized_keys_command", options)
	b.lab.Hook(nil)
	hint := a.text("hint")
	if a.text("commit_state") != "pending" || !strings.HasPrefix(hint, "wait until then, commit nothing") || !strings.Contains(hint, "login class") {
		t.Errorf("want pending, and a hint to commit nothing before that on the login class, got %v", a)
	}
	b.lab.Clock().Advance(61 * time.Minute)
	for _, v := range left(b.settle()) {
		t.Error(v)
	}
}

// The primary goes away with the reply to the last commit. The change is there;
// a chassis that has changed under our hands gets no commit more.
func TestSwitchoverAfterTheLastCommit(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	gone := make(chan struct{})
	b.play(
		script{"commit-configuration", sim.After, 2, func() sim.Fault {
			go func() { defer close(gone); _ = b.chassis.Switchover() }()
			return sim.Fault{Action: "drop"}
		}},
		script{"hello", sim.Before, 3, func() sim.Fault { <-gone; return sim.Fault{} }},
	)
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.tells(a, before, "confirmed")
	if !a.failed() || !strings.Contains(a.text("msg"), "the primary changed") || strings.Count(asText(a["members"]), `"commit":"unknown"`) != 3 || strings.Contains(asText(a["members"]), `"proved":true`) {
		t.Errorf("want a word on the new primary and nothing claimed of members, got %v", a)
	}
	if n := b.lab.Counters("vc1").Commits; n != 2 {
		t.Errorf("want the trial and its confirmation, and no commit on the new primary, got %d", n)
	}
}

// A member that leaves before the last commit does not undo it. That it is gone
// is told, nothing is claimed of anybody, and the next run waits for it.
func TestMemberLeavesBeforeTheLastCommit(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { must(t, b.chassis.Leave(2)); return sim.Fault{} }})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if a.text("commit_state") != "confirmed" || !a.failed() {
		t.Errorf("want it confirmed, and not told as done, got %v", a)
	}
	if w := a.text("msg"); !strings.Contains(w, "the members changed: member 2 (serial ") || !strings.Contains(w, ") has left") {
		t.Errorf("want a word that member 2 has left, got %v", w)
	}
	if strings.Contains(asText(a["members"]), `"proved":true`) {
		t.Errorf("want nothing proved, got %v", a["members"])
	}
	if !strings.Contains(asText(a["members"]), `"commit":"unknown"`) {
		t.Errorf("want nothing claimed of member 2, got %v", a["members"])
	}
}

// A change that was confirmed stays one when nobody can see it afterwards, and the result
// says so.
func TestChangeThatCannotBeReadBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	var confirmed atomic.Bool
	b.play(
		script{"commit-configuration", sim.After, 2, func() sim.Fault { confirmed.Store(true); return sim.Fault{} }},
		script{"get-configuration", sim.Before, 0, func() sim.Fault {
			if confirmed.Load() {
				return fault("error")()
			}
			return sim.Fault{}
		}},
	)
	a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
	if a.failed() || a.text("commit_state") != "confirmed" || !a.changed() || !strings.Contains(asText(a), "the commit succeeded, but could not be read back: ") {
		t.Errorf("got %v", a)
	}
}

// A lock that cannot be given back is no failure, and the result says what becomes of it.
func TestLockThatCannotBeGivenBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.play(script{"unlock", sim.Before, 1, fault("error")})
	a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
	if a.failed() || a.text("commit_state") != "confirmed" || !strings.Contains(asText(a), "; the lock ends with the session") {
		t.Errorf("got %v", a)
	}
}
