// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// What is seen too late, once, or not at all.

// blinded is a device that refuses to show its members once it is set.
func blinded(from *atomic.Bool) script {
	return script{"get-virtual-chassis-information", sim.Before, 0, func() sim.Fault {
		if from.Load() {
			return fault("error")()
		}
		return sim.Fault{}
	}}
}

// blinding does what a script does, and from then on nothing is shown.
func blinding(from *atomic.Bool, then func() sim.Fault) func() sim.Fault {
	return func() sim.Fault { from.Store(true); return then() }
}

func nothing() sim.Fault { return sim.Fault{} }

// The session is lost while the device is asked what has become of a refused confirmation:
// it is asked over a new login, and the end of the trial awaited.
func TestSessionIsLostWhileTheDeviceIsAskedAgain(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	defer b.letTimePass()()
	var refused atomic.Bool
	b.play(script{"commit-configuration", sim.Before, 2, blinding(&refused, fault("error"))}, script{"get-configuration", sim.Before, 0, func() sim.Fault {
		if refused.CompareAndSwap(true, false) {
			return fault("drop")()
		}
		return sim.Fault{}
	}})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.saidOf(a, true, "reverted", "a fault of the test")
	if !slices.Contains(wordsOf(a, "steps", "name"), "reconnect") {
		t.Errorf("want another login, got %v", a["steps"])
	}
}

// What becomes of a device that answers and shows nothing is unknown, and why is reported.
func TestDeviceThatShowsNothingAnyMore(t *testing.T) {
	t.Parallel()
	t.Run("after a confirmation that is refused", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		var blind atomic.Bool
		b.play(script{"commit-configuration", sim.Before, 2, blinding(&blind, fault("error"))}, blinded(&blind))
		a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
		b.saidOf(a, true, "unknown", "ask the device again: ")
		if !strings.Contains(a.text("msg"), "is rolled back by the device itself no later than about") || a.text("reverts_at") == "" {
			t.Errorf("want the end of the trial, got %v", a)
		}
		if slices.Contains(wordsOf(a, "steps", "name"), "reconnect") {
			t.Errorf("the session was there, and another one was opened: %v", a["steps"])
		}
		if strings.Count(asText(a["members"]), "serial_number") != 3 || strings.Count(asText(a["errors"]), "a fault of the test") != 1 {
			t.Errorf("want the members as they were seen last, and what the device said, got %v", a)
		}
	})
	t.Run("while another user has the lock", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		b.args["lock_timeout"] = 1
		alice := b.chassis.Colleague("alice", "cli")
		defer alice.Close()
		var blind atomic.Bool
		b.play(script{"commit-configuration", sim.After, 2, fault("drop")}, blinded(&blind),
			script{"hello", sim.Before, 3, func() sim.Fault { _ = patiently(alice.Lock); return sim.Fault{} }},
			script{"lock", sim.Before, 2, blinding(&blind, nothing)})
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		b.saidOf(a, true, "unknown", "ask the device again: ")
		if !strings.Contains(a.text("msg"), "alice") {
			t.Errorf("want the holder of the lock, got %v", a)
		}
	})
	t.Run("when SCP was taken back", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, lying)
		var blind atomic.Bool
		b.play(script{"commit-configuration", sim.After, 3, blinding(&blind, nothing)}, blinded(&blind))
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		b.saidOf(a, true, "unknown", "ask the device again: ")
		if !strings.Contains(a.text("msg"), "member 2 did not apply it") || b.settle().Members[0].SCP {
			t.Errorf("want the member that was left behind, and SCP off, got %v", a)
		}
	})
}

// A reading over the new login that fails is made again; one after the last commit is told.
func TestReadingThatFails(t *testing.T) {
	t.Parallel()
	// What is wanted of a reading, and then all of it.
	twice := func(left *atomic.Int32) script {
		return script{"get-virtual-chassis-information", sim.Before, 0, func() sim.Fault {
			if left.Add(-1) >= 0 {
				return fault("error")()
			}
			return sim.Fault{}
		}}
	}
	t.Run("of the candidate", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		var locked atomic.Bool
		b.play(script{"lock", sim.After, 1, blinding(&locked, nothing)}, script{"get-configuration", sim.Before, 0, func() sim.Fault {
			if locked.CompareAndSwap(true, false) {
				return fault("error")()
			}
			return sim.Fault{}
		}})
		b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), true, "none", "compare the candidate: ")
	})
	t.Run("over the new login", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		var left atomic.Int32
		b.play(script{"hello", sim.Before, 2, func() sim.Fault { left.Store(2); return sim.Fault{} }}, twice(&left))
		a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
		b.saidOf(a, false, "confirmed", "the new login did not succeed, trying again: ")
		if took := secondsOf(a, "prove"); took < 1 {
			t.Errorf("want a second login, a second later, got one after %.1f s", took)
		}
	})
	t.Run("after a commit that did not name all", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		var left atomic.Int32
		b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { left.Store(2); return mutate("<name>fpc2</name>", "<name>fpc9</name>")() }}, twice(&left))
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "confirmed", "read back after the commit: ")
		b.apply("vc_scp_sync", args)
		for _, v := range scpOn(b.settle()) {
			t.Error(v)
		}
	})
}

// The chassis is planned for again under the lock.
func TestChassisThatChangesBeforeTheLock(t *testing.T) {
	t.Parallel()
	t.Run("a member is replaced", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		b.play(script{"lock", sim.Before, 1, func() sim.Fault { must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"})); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "none", "member 2")
	})
	t.Run("another user edits and the device gives the lock", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers+"    profile: {lock_dirty: allowed}\n")
		alice := b.chassis.Colleague("alice", "cli")
		defer alice.Close()
		b.play(script{"lock", sim.Before, 1, func() sim.Fault { must(t, alice.Edit("set system services ftp")); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "none", "the device granted the lock despite them")
	})
}

// A member that leaves while the change is under way is reported: before the new login
// nothing is confirmed, after the last commit of step 1 nothing is lost.
func TestMemberLeavesOnTheWay(t *testing.T) {
	t.Parallel()
	t.Run("before the new login", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		b.play(script{"hello", sim.Before, 2, func() sim.Fault { must(t, b.chassis.Leave(2)); return sim.Fault{} }})
		a := b.run(context.Background(), false, "vc_authorized_keys_command", with(stepOne(), "confirm_timeout", 60))
		b.saidOf(a, true, "pending", "no new login proved that the chassis can still be reached: the members changed: member 2")
		if logins := b.lab.Counters("vc1").Logins; logins != 2 || !strings.Contains(a.text("hint"), "stable") {
			t.Errorf("want one login beside the first, and a hint to wait, got %d and %v", logins, a)
		}
		if b.settle().Trial == nil {
			t.Error("the trial was confirmed")
		}
		b.lab.Clock().Advance(61 * time.Minute)
	})
	t.Run("after the last commit of a step that another follows", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault { must(t, b.chassis.Leave(2)); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_procedure", stepOne()), true, "confirmed", ") is NotPrsnt; this step changed nothing")
		if s := b.settle(); s.Lock != 0 || s.Counters.Prepares != 0 {
			t.Errorf("want no keys made, and the lock given back, got %+v", s)
		}
	})
	t.Run("after the commit that proves", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		b.play(script{"commit-configuration", sim.Before, 2, mutate("<name>fpc2</name>", "<name>fpc9</name>")},
			script{"commit-configuration", sim.After, 2, func() sim.Fault { must(t, b.chassis.Leave(2)); return sim.Fault{} }})
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		b.saidOf(a, true, "confirmed", "the members changed: member 2")
		if n := strings.Count(a.text("msg"), "has left"); n != 1 {
			t.Errorf("that it has left is told %d times: %s", n, a.text("msg"))
		}
		if n := b.lab.Counters("vc1").Commits; n != 3 {
			t.Errorf("want the trial, its confirmation and one more, and no record, got %d", n)
		}
	})
	t.Run("after the last commit", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault { must(t, b.chassis.Leave(2)); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), false, "confirmed", "the commit succeeded, and meanwhile the members changed: member 2")
	})
}

// Edits that cannot be discarded end with the session.
func TestEditsThatCannotBeDiscarded(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	before := b.snapshot()
	b.play(script{"commit-configuration", sim.Before, 1, fault("error")}, script{"discard-changes", sim.Before, 1, fault("error")})
	a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
	b.saidOf(a, true, "none", "; the edits end with the session")
	b.tells(a, before, "none")
	if steps := strings.Join(wordsOf(a, "steps", "name"), " "); !strings.Contains(steps, "discard read reconnect") {
		t.Errorf("the session goes on with the edits: %v", a["steps"])
	}
	if s := b.settle(); s.Candidate != "" {
		t.Errorf("the edits are there: %s", s.Candidate)
	}
}

// A member that the commit over SCP does not reach is sent one more, over RCP, also where
// there is no trial.
func TestMemberMissesTheWayBackAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, withKnobs("member_failure: warning"))
	b.procedure()
	b.pass()
	must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"}))
	a := b.run(context.Background(), false, "vc_scp_sync", map[string]any{"state": "disabled", "confirm_timeout": 0})
	b.saidOf(a, false, "confirmed", "no new login has proved")
	if steps := strings.Join(wordsOf(a, "steps", "name"), " "); !strings.Contains(steps, "load commit commit read") {
		t.Errorf("want two commits, got %s", steps)
	}
	for _, m := range b.settle().Members {
		if m.SCP {
			t.Errorf("member %d keeps SCP", m.ID)
		}
	}
}

// Where the commit over SCP reaches all, there is no other.
func TestWayBackAtOnceIsOneCommit(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.procedure()
	b.pass()
	a := b.run(context.Background(), false, "vc_scp_sync", map[string]any{"state": "disabled", "confirm_timeout": 0})
	b.saidOf(a, false, "confirmed", "no new login has proved")
	if steps := strings.Join(wordsOf(a, "steps", "name"), " "); !strings.Contains(steps, "load commit read") {
		t.Errorf("want one commit, got %s", steps)
	}
}

// Any other change at once that a member misses is one commit: another over the same
// transport would not reach it either.
func TestChangeAtOnceThatAMemberMissesIsOneCommit(t *testing.T) {
	t.Parallel()
	b := newBench(t, withKnobs("member_failure: warning"))
	two := 2
	_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &two, Times: -1})
	must(t, err)
	a := b.run(context.Background(), false, "vc_authorized_keys_command", with(stepOne(), "confirm_timeout", 0))
	steps := wordsOf(a, "steps", "name")
	commits := slices.DeleteFunc(slices.Clone(steps), func(name string) bool { return name != "commit" })
	if !a.failed() || len(commits) != 1 {
		t.Errorf("want a failure after one commit, got %v: %s", steps, a.text("msg"))
	}
}

// stoppedLate is a task that is stopped when nothing waits.
type stoppedLate struct {
	context.Context
	stopped atomic.Bool
}

func (s *stoppedLate) Err() error {
	if s.stopped.Load() {
		return context.Canceled
	}
	return nil
}

func (s *stoppedLate) Done() <-chan struct{} { return nil }

// Stopped between the answer that names a member, and what follows from it: SCP is taken
// back all the same.
func TestStoppedWhenAMemberIsLeftBehind(t *testing.T) {
	t.Parallel()
	b, _ := ready(t, lying)
	b.apply("vc_internal_ssh", nil)
	b.pass()
	port, _ := b.args["port"].(int)
	known, _ := b.args["known_hosts"].(string)
	dial := func(context.Context) (*junos.Device, error) {
		return junos.Open(context.Background(), sshconn.Config{Host: "127.0.0.1", Port: port, User: "root", Password: rootPassword, KnownHosts: []string{known}}, junos.Options{})
	}
	dev, err := dial(context.Background())
	must(t, err)
	defer func() { _ = dev.Close() }()
	ctx := &stoppedLate{Context: context.Background()}
	b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault { ctx.stopped.Store(true); return sim.Fault{} }})
	out, err := change.Apply(ctx, dev, change.Change{Dial: dial, TrialMinutes: 5, Mark: vc.Mark{Version: "1.0.0", Module: "vc_scp_sync", Run: "1f"},
		Replan: func(c vc.Chassis) (vc.Plan, error) { return vc.PlanSCP(c, vc.SCPWish{Enabled: true}) }})
	if err == nil || !ctx.stopped.Load() || out.State != vc.StateReverted || !strings.Contains(err.Error(), "member 2 did not apply it") {
		t.Errorf("want it reverted, got %s: %v", out.State, err)
	}
	must(t, dev.Close())
	for _, v := range left(b.settle()) {
		t.Error(v)
	}
}

// A trial ends so long after the device has answered, however long that took.
func TestEndOfATrialThatIsCommittedSlowly(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var answered time.Time
	b.play(script{"commit-configuration", sim.Before, 1, func() sim.Fault { return sim.Fault{Action: "stall", Delay: "2s"} }},
		script{"commit-configuration", sim.After, 1, func() sim.Fault { answered = time.Now(); return sim.Fault{} }},
		script{"commit-configuration", sim.Before, 2, func() sim.Fault { stop(); return sim.Fault{Action: "stall"} }})
	a := b.run(ctx, false, "vc_authorized_keys_command", with(stepOne(), "confirm_timeout", 5))
	b.lab.ClearFaults()
	ends, err := time.Parse(time.RFC3339, a.text("reverts_at"))
	if err != nil || ends.Before(answered.Add(5*time.Minute-time.Second)) {
		t.Errorf("the trial was answered at %s, and the result says %v", answered.UTC(), a)
	}
}
