// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// script strikes at the nth event of an RPC: "commit-configuration after 1".
type script struct {
	rpc, when string
	nth       int
	do        func() sim.Fault
}

func (b *bench) play(acts ...script) {
	var mu sync.Mutex
	seen := map[string]int{}
	b.lab.Hook(func(e sim.Event) sim.Fault {
		mu.Lock()
		key := e.RPC + e.When
		seen[key]++
		n := seen[key]
		mu.Unlock()
		for _, a := range acts {
			if a.rpc == e.RPC && a.when == e.When && (a.nth == n || a.nth == 0) {
				return a.do()
			}
		}
		return sim.Fault{}
	})
}

func fault(action string) func() sim.Fault {
	return func() sim.Fault { return sim.Fault{Action: action, Text: "a fault of the test"} }
}

// ready is a bench whose steps 1 and 2 are done and settled.
func ready(t *testing.T, scenario string) (*bench, map[string]any) {
	b := newBench(t, scenario)
	maps.Copy(b.args, quick)
	b.apply("vc_authorized_keys_command", stepOne())
	prepared := b.apply("vc_internal_ssh", map[string]any{"record": "defer"})["prepared"]
	b.lab.Clock().Advance(6 * time.Minute)
	b.lab.ResetLog()
	return b, map[string]any{"prepared": prepared}
}

// tells compares what a result says with the device: X1.
func (b *bench) tells(a answer, before []string, state string) {
	b.t.Helper()
	if got := a.text("commit_state"); got != state {
		b.t.Errorf("commit_state: want %s, got %s (%s)", state, got, a.text("msg"))
	}
	if same := slices.Equal(before, b.snapshot()); a.changed() == same && state != "pending" && state != "unknown" {
		b.t.Errorf("changed is %v, but the configuration is the same: %v (%s)", a.changed(), same, a.text("msg"))
	}
	for _, v := range left(b.settle()) {
		b.t.Error(v)
	}
}

// A killed run had confirmed its trial. A later one that may not even check
// must not take the settings that stay for settings that went.
func TestConfirmedTrialIsNotToldAsReverted(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	maps.Copy(b.args, quick)
	b.apply("vc_authorized_keys_command", stepOne())
	defer b.letTimePass()()
	b.play(script{"commit-configuration", sim.Before, 0, fault("error")})
	a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
	if got := a.text("commit_state"); got != "confirmed" {
		t.Errorf("the trial was confirmed, and the result says %s: %s", got, a.text("msg"))
	}
}

// The link is lost in the trial: the new login is the proof.
func TestLinkLostInTheTrial(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	b.play(script{"commit-configuration", sim.After, 1, fault("drop")})
	b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), false, "confirmed", "the link was lost after the trial commit; it was confirmed over a new login")
	for _, v := range left(b.settle()) {
		t.Error(v)
	}
}

// The link is lost in the trial and once more in the confirming commit.
func TestLinkLostTwice(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	defer b.letTimePass()()
	b.play(script{"commit-configuration", sim.After, 1, fault("drop")}, script{"commit-configuration", sim.After, 2, fault("drop")})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.tells(a, before, "confirmed")
	if n := strings.Count(asText(a["events"]), "the session was lost: log in again and see what the chassis has"); n != 2 {
		t.Errorf("want two losses to be shown, got %d", n)
	}
}

// A link that is lost in every commit after the trial is not tried for ever.
func TestLinkLostAgainAndAgain(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var commits atomic.Int32
	b.play(script{"commit-configuration", sim.Before, 0, func() sim.Fault {
		switch n := commits.Add(1); {
		case n == 1:
			return sim.Fault{}
		case n > 9: // for ever
			stop()
		}
		return fault("drop")()
	}})
	b.saidOf(b.run(ctx, false, "vc_scp_sync", with(args, "confirm_timeout", 60)), true, "pending", "any commit by any user confirms the trial")
	if n := commits.Load(); n != 6 {
		t.Errorf("want the trial, its confirmation and four more, got %d", n)
	}
	b.lab.Clock().Advance(61 * time.Minute)
}

// The device takes the trial back just before it is confirmed.
func TestRolledBackBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"enabled", "disabled"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			if state == "disabled" {
				b.apply("vc_scp_sync", args)
				args = map[string]any{}
			}
			args["state"] = state
			before := b.snapshot()
			b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault {
				b.lab.Clock().Advance(10 * time.Minute)
				end := time.Now().Add(30 * time.Second)
				for b.chassis.State(false).Trial != nil && time.Now().Before(end) {
					time.Sleep(time.Millisecond)
				}
				return sim.Fault{}
			}})
			a := b.run(context.Background(), false, "vc_scp_sync", args)
			b.tells(a, before, map[string]string{"enabled": "confirmed", "disabled": "reverted"}[state])
			b.lab.Hook(nil)
			if a := b.run(context.Background(), false, "vc_scp_sync", args); a.failed() {
				t.Errorf("X10: %s", a.text("msg"))
			}
		})
	}
}

// A check that confirms nothing any more.
func TestCheckedTooLate(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	before := b.snapshot()
	b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault {
		b.lab.Clock().Advance(10 * time.Minute)
		for b.chassis.State(false).Trial != nil {
			time.Sleep(time.Millisecond)
		}
		return sim.Fault{}
	}})
	b.tells(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), before, "reverted")
}

// A run is told to stop in its trial, on a device that ends a trial with its
// session: pending means at the latest.
func TestStoppedInATrialThatEndsWithItsSession(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers+"    profile: {confirmed_session_loss: reverts}\n")
	before := b.chassis.State(true)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	b.play(script{"load-configuration", sim.Before, 2, func() sim.Fault { stop(); return sim.Fault{Action: "stall"} }})
	a := b.run(ctx, false, "vc_scp_sync", args)
	if !a.failed() || a.text("commit_state") != "pending" || !strings.Contains(a.text("msg"), "no later than") || a.text("reverts_at") == "" {
		t.Errorf("want pending, and until when at the latest, got %v", a)
	}
	b.settle()
	if after := rolledBack(b.chassis, a, before); after.Trial != nil || !slices.Equal(configs(before), configs(after)) {
		t.Error("the device did not end the trial with its session")
	}
}

// A job is stopped after the device has recorded the proof, and before it says so: the
// change is done, and whether the proof is recorded nobody can claim.
func TestStoppedWhileTheProofIsRecorded(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.chassis.State(true)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	b.play(script{"commit-configuration", sim.After, 3, func() sim.Fault { stop(); return sim.Fault{Action: "stall", Delay: "1s"} }})
	a := b.run(ctx, false, "vc_scp_sync", args)
	if !a.failed() || a.text("commit_state") != "confirmed" || !strings.Contains(a.text("msg"), "whether the keys are recorded as proved is unknown") {
		t.Errorf("want confirmed, and that the record is unknown, got %v", a)
	}
	for _, v := range shownRight(a, b.settle(), mover{}, false) {
		t.Error(v)
	}
	if slices.Equal(configs(before), configs(b.chassis.State(true))) {
		t.Error("the device did not take the change")
	}
	if again := b.apply("vc_scp_sync", args); again.failed() || again.changed() {
		t.Errorf("the next run should find nothing to do, got %v", again)
	}
}

// The primary goes away with the trial: another one must not confirm it.
func TestSwitchoverInTheTrial(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	defer b.letTimePass()()
	b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault {
		go func() { _ = b.chassis.Switchover() }()
		return sim.Fault{Action: "drop"}
	}})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if !a.failed() || !strings.Contains(a.text("msg"), "primary changed") {
		t.Errorf("want a failure that names the change of the primary, got %v", a)
	}
	b.tells(a, before, "reverted")
}

// The lock is held until the rollback was seen, and no longer: the first look comes
// after a second, the next would after two more.
func TestRollbackThatIsSeenEndsTheWait(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	const pass = 5         // the first reading of the wait is under way
	var looks atomic.Int32 // at configurations, and the discarding of the edits before them
	b.play(script{"commit-configuration", sim.Before, 2, fault("error")},
		script{"get-configuration", sim.After, 0, func() sim.Fault {
			if looks.Load() > 0 && looks.Add(1) == pass {
				b.pass()
			}
			return sim.Fault{}
		}},
		script{"discard-changes", sim.After, 1, func() sim.Fault { looks.Add(1); return sim.Fault{} }})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.tells(a, before, "reverted")
	events, _ := a["events"].([]any)
	if told := strings.Join(wordsOf(a, "events", "text"), "; "); !strings.Contains(told, "waiting for the rollback until") || !strings.HasSuffix(told, "the wait is over: the change is reverted") {
		t.Errorf("want the wait, and its end, got %s", told)
	}
	for _, e := range events {
		if of, _ := e.(map[string]any); strings.HasPrefix(asText(of["text"]), `"waiting for the rollback until`) && of["limit"] != nil {
			t.Errorf("nobody knows how long a rollback takes: %v", of)
		}
	}
	if more := looks.Load() - pass; secondsOf(a, "await rollback") == 0 || more > 2 { // the rest of the same reading
		t.Errorf("the rollback was over in the first reading of the wait, and %d configurations more were read: %v", more, a["steps"])
	}
}

// secondsOf is how long a step of a run took.
func secondsOf(a answer, name string) (took float64) {
	steps, _ := a["steps"].([]any)
	for _, s := range steps {
		if step, _ := s.(map[string]any); step["name"] == name {
			took, _ = step["seconds"].(float64)
		}
	}
	return took
}

// While a rollback is awaited the session is lost, and with it the lock. Then
// somebody's commit makes the trial permanent.
func TestSomebodyConfirmsWhileWeWait(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	var once sync.Once
	passing := make(chan func(), 1) // not before her commit, or the trial might be over on a busy machine
	b.play(
		script{"commit-configuration", sim.Before, 2, fault("error")},
		script{"get-virtual-chassis-information", sim.Before, 5, func() sim.Fault { return sim.Fault{Action: "drop"} }},
		script{"hello", sim.Before, 3, func() sim.Fault {
			once.Do(func() {
				_ = alice.Edit("set system services ftp")
				_ = alice.Commit(0)
				alice.Close()
				passing <- b.letTimePass()
			})
			return sim.Fault{}
		}},
	)
	defer func() {
		select {
		case stop := <-passing:
			stop()
		default: // nobody logged in a third time, which is told below
		}
	}()
	b.tells(b.run(context.Background(), false, "vc_scp_sync", args), before, "confirmed")
}

// The device is away when the run that waits for a rollback logs in again. It is tried again.
func TestDeviceIsAwayWhileWeWait(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	var away, again time.Time
	b.play(
		script{"commit-configuration", sim.Before, 2, fault("error")},
		script{"get-virtual-chassis-information", sim.Before, 5, fault("drop")},
		script{"hello", sim.Before, 3, func() sim.Fault { away = time.Now(); return fault("drop")() }},
		script{"hello", sim.Before, 4, func() sim.Fault { again = time.Now(); b.pass(); return sim.Fault{} }},
	)
	b.tells(b.run(context.Background(), false, "vc_scp_sync", args), before, "reverted")
	if waited := again.Sub(away); waited < 3*time.Second { // after one second, and two
		t.Errorf("want four seconds in peace, got %s", waited)
	}
}

// A history that cannot be read does not turn a trial into a commit.
func TestHistoryUnreadableAfterTheTrial(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	maps.Copy(b.args, quick)
	before := b.snapshot()
	defer b.letTimePass()()
	silent := false
	b.play(
		script{"commit-configuration", sim.Before, 2, func() sim.Fault { silent = true; return fault("error")() }},
		script{"get-commit-information", sim.Before, 0, func() sim.Fault {
			if silent {
				return fault("error")()
			}
			return sim.Fault{}
		}},
	)
	b.tells(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), before, "reverted")
}

// Two jobs at once: the edits of the one that has just ended are nobody's.
func TestEditsThatEndWhileWeAsk(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	must(t, alice.Lock())
	must(t, alice.Edit("set system services ftp"))
	b.play(script{"get-configuration-database-status", sim.Before, 1, func() sim.Fault { alice.Close(); return sim.Fault{} }})
	b.apply("vc_authorized_keys_command", stepOne())
}

// A colleague's draft is named by its place. What it says may be a secret.
func TestDraftIsNotQuoted(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	must(t, alice.Edit("set snmp community hidden-community authorization read-only"))
	a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
	if !a.failed() || strings.Contains(asText(a), "hidden-community") || !strings.Contains(a.text("msg"), "snmp") {
		t.Errorf("want the place and not the words of the draft: %v", a)
	}
}

// A statement that is deactivated is not in force, whatever it says.
func TestDeactivatedIsNotInForce(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	b.apply("vc_scp_sync", args)
	alice := b.chassis.Colleague("root", "cli")
	defer alice.Close()
	must(t, alice.Edit("deactivate system commit config-sync-with-scp"))
	must(t, alice.Commit(0))
	info := b.apply("vc_info", map[string]any{"scp": "enabled"})
	if info["scp_active"] == true || info.text("transport") != "rcp" {
		t.Errorf("SCP is deactivated, and vc_info says %s", info.text("msg"))
	}
	if a := b.run(context.Background(), false, "vc_sync_check", map[string]any{"expect": "scp"}); !a.failed() {
		t.Errorf("SCP is deactivated, and vc_sync_check says %s", a.text("msg"))
	}
	if a := b.run(context.Background(), false, "vc_scp_sync", args); !a.failed() || !strings.Contains(a.text("msg"), "deactivated") {
		t.Errorf("SCP is deactivated, and vc_scp_sync says %s", a.text("msg"))
	}
}

// Warnings of prepare-setup are told, as all are.
func TestWarningsOfPrepareSetup(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.apply("vc_authorized_keys_command", stepOne())
	b.play(script{"command", sim.Before, 0, fault("warning")})
	if a := b.apply("vc_internal_ssh", map[string]any{"record": "defer"}); !strings.Contains(asText(a["device_warnings"]), "a fault of the test") {
		t.Errorf("the warning is lost: %v", a)
	}
}
