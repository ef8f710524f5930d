// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// What a device does not say, says of nobody in particular, or says through a
// session that no longer counts, is no good news.

func mutate(find, replace string) func() sim.Fault {
	return func() sim.Fault { return sim.Fault{Action: "mutate", Find: find, Replace: replace} }
}

// once lost is set, a second script may act.
func onceLost(lost *bool, then func() sim.Fault) func() sim.Fault {
	return func() sim.Fault {
		if *lost {
			return then()
		}
		return sim.Fault{}
	}
}

func loses(lost *bool) func() sim.Fault {
	return func() sim.Fault { *lost = true; return fault("drop")() }
}

// lying is a device on which prepare-setup leaves a member out and says nothing,
// and a commit that does not reach it is called good.
const lying = threeMembers + "    profile: {prepare_setup: partial, member_failure: warning}\n"

// saidOf checks what a result says.
func (b *bench) saidOf(a answer, failed bool, state, text string) {
	b.t.Helper()
	if a.failed() != failed || a.text("commit_state") != state || !strings.Contains(asText(a), text) {
		b.t.Errorf("want failed %v, %s, %q; got %v", failed, state, text, a)
	}
}

func TestHistoryWithoutEntries(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	must(t, alice.Edit("set system services ftp"))
	must(t, alice.Commit(10))
	b.play(script{"get-commit-information", sim.Before, 0, mutate("commit-history>", "something-else>")})
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), true, "none", "history could not be read")
	if b.chassis.State(false).Trial == nil {
		t.Error("X7: alice's trial was confirmed")
	}
}

func TestLockThatIsNotSaidToBeGranted(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.play(script{"lock", sim.Before, 0, mutate("ok/>", "nothing/>")})
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), true, "none", "did not confirm success")
}

// What is wanted is there, but only in a colleague's trial.
func TestWhatIsWantedIsOnTrial(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	must(t, alice.Edit("set system services ssh authorized-keys-command "+keysCommand+"\nset system services ssh authorized-keys-command-user "+keysUser))
	must(t, alice.Commit(10))
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), false, "none", "another user's trial is pending")
	b.play(script{"get-commit-information", sim.Before, 0, fault("error")})
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), false, "none", "a pending confirmed commit would not be seen")
}

func TestNothingToDoWhileAMemberLacksKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.procedure()
	b.pass()
	must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"}))
	b.saidOf(b.run(context.Background(), false, "vc_scp_sync", nil), false, "none", "no keys are recorded for member 2")
}

// Our trial is followed by one that is not known as ours. Both go together.
func TestTrialBelowAnotherIsPending(t *testing.T) {
	t.Parallel()
	t.Run("of a colleague", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		alice := b.chassis.Colleague("alice", "cli")
		defer alice.Close()
		b.play(script{"commit-configuration", sim.After, 1, fault("drop")}, script{"hello", sim.Before, 2, func() sim.Fault {
			must(t, patiently(func() error { return alice.Edit("set system services ftp") }))
			must(t, alice.Commit(10))
			alice.Close()
			return sim.Fault{}
		}})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "pending", "confirmed commit by alice")
	})
	t.Run("while a rollback is awaited", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		alice := b.chassis.Colleague("alice", "cli")
		defer alice.Close()
		done := false
		b.play(
			script{"commit-configuration", sim.Before, 2, fault("error")},
			script{"get-virtual-chassis-information", sim.Before, 5, fault("drop")},
			script{"hello", sim.Before, 3, func() sim.Fault {
				if !done {
					done = true
					_ = alice.Edit("set system services ftp")
					must(t, alice.Commit(10))
					alice.Close()
				}
				return sim.Fault{}
			}},
		)
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "pending", "confirmed commit by alice")
	})
	t.Run("ours with another log text", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		lost := false
		b.play(script{"commit-configuration", sim.After, 1, loses(&lost)},
			script{"get-commit-information", sim.Before, 0, onceLost(&lost, mutate("<log>", "<log>log: "))})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "pending", "not known to be ours")
	})
}

// patiently tries until the session that was lost has given its lock back.
func patiently(do func() error) (err error) {
	for range 100 {
		if err = do(); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// The link is lost in the last commit, and when we are back somebody edits.
func TestSomebodyEditsWhenWeAreBack(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]func(*sim.Colleague) error{
		"a draft": func(c *sim.Colleague) error {
			return patiently(func() error { return c.Edit("set system services ftp") })
		},
		"a lock": func(c *sim.Colleague) error { return patiently(c.Lock) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			alice := b.chassis.Colleague("alice", "cli")
			defer alice.Close()
			b.play(script{"commit-configuration", sim.After, 2, fault("drop")},
				script{"hello", sim.Before, 3, func() sim.Fault { _ = does(alice); return sim.Fault{} }})
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "confirmed", "lock the configuration")
			if info := b.apply("vc_info", map[string]any{"scp": "enabled"}); info["compliant"] != false || !strings.Contains(asText(info["pending_steps"]), "scp_sync") {
				t.Errorf("nobody has seen that the members took it, and vc_info says %v", info)
			}
			if n := b.lab.Counters("vc1").Commits; n != 2 {
				t.Errorf("want no commit beside the trial and its confirmation, got %d", n)
			}
		})
	}
}

// The link is lost in a commit, and when we are back somebody else has the lock: it may
// come in yet.
func TestCommitThatMayComeInYet(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	b.play(script{"commit-configuration", sim.Before, 1, fault("drop")},
		script{"hello", sim.Before, 2, func() sim.Fault { _ = patiently(alice.Lock); return sim.Fault{} }})
	b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "unknown", "lock the configuration")
}

// The link is lost in the commit that records the proof. It is made again, and
// nothing is proved twice.
func TestRecordThatWasLost(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]script{
		"before it came in":       {"commit-configuration", sim.Before, 3, fault("drop")},
		"when it had come in":     {"commit-configuration", sim.After, 3, fault("drop")},
		"after one commit more":   {"commit-configuration", sim.Before, 4, fault("drop")},
		"with its load":           {"load-configuration", sim.Before, 3, fault("drop")},
		"in a reply that is torn": {"commit-configuration", sim.Before, 3, fault("truncate")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			acts := []script{act}
			if name == "after one commit more" {
				acts = append(acts, script{"commit-configuration", sim.Before, 2, mutate("<name>fpc2</name>", "<name>fpc9</name>")})
			}
			b.play(acts...)
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), false, "confirmed", "")
			for _, v := range scpOn(b.settle()) {
				t.Error(v)
			}
		})
	}
}

func TestProbeThatWasLost(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.procedure()
	b.pass()
	lost := false
	b.play(script{"commit-configuration", sim.After, 1, loses(&lost)},
		script{"get-commit-information", sim.Before, 0, onceLost(&lost, fault("error"))})
	b.saidOf(b.run(context.Background(), false, "vc_sync_check", map[string]any{"probe": true}), true, "unknown", "")
}

// The primary changes, and the session with the old one lives on: what that one
// took is lost.
func TestOldPrimaryTakesWhatIsLost(t *testing.T) {
	t.Parallel()
	const discarding = threeMembers + "    profile: {switchover_sessions: kept, backup_writes: discarded}\n"
	t.Run("the record", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, discarding)
		b.apply("vc_authorized_keys_command", stepOne())
		b.pass()
		b.play(script{"load-configuration", sim.Before, 1, func() sim.Fault { must(t, b.chassis.Switchover()); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_internal_ssh", nil), true, "none", "the keys were made but not recorded")
		b.lab.Hook(nil)
		b.saidOf(b.run(context.Background(), false, "vc_internal_ssh", nil), false, "confirmed", "")
	})
	t.Run("SCP", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, discarding)
		b.play(script{"load-configuration", sim.Before, 2, func() sim.Fault { must(t, b.chassis.Switchover()); return sim.Fault{} }})
		time.AfterFunc(3*time.Second, b.pass) // the trial is awaited, and its time is over then
		if a := b.run(context.Background(), false, "vc_scp_sync", args); !a.failed() || !strings.Contains(a.text("msg"), "the primary changed") {
			t.Errorf("want a failure that names the change of the primary, got %v", a)
		}
		b.lab.Hook(nil)
		b.pass()
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), false, "confirmed", "")
	})
}

// A record must not claim keys that are gone.
func TestRecordOfKeysThatAreGone(t *testing.T) {
	t.Parallel()
	rekey := map[string]any{"rekey": "always"}
	t.Run("prepare-setup breaks off", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		b.procedure()
		b.pass()
		b.play(script{"command", sim.After, 1, fault("error")})
		a := b.run(context.Background(), false, "vc_internal_ssh", rekey)
		b.saidOf(a, true, "confirmed", "that are not in the record")
		b.lab.Hook(nil)
		if !a.changed() || b.apply("vc_info", map[string]any{"scp": "enabled"})["compliant"] != false {
			t.Errorf("X10: nobody makes the keys again after %v", a)
		}
	})
	t.Run("prepare-setup is not known there", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		b.procedure()
		b.pass()
		b.play(script{"command", sim.Before, 1, func() sim.Fault { return sim.Fault{Action: "error", Text: "unknown command"} }})
		a := b.run(context.Background(), false, "vc_internal_ssh", rekey)
		b.saidOf(a, true, "confirmed", "the change is committed anyway")
		if !a.changed() || !slices.Contains(wordsOf(a, "steps", "name"), "withdraw") {
			t.Errorf("no keys were made, and the record was withdrawn: %v", a)
		}
	})
	t.Run("the record cannot be taken out first", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers+"    profile: {prepare_again: rotate}\n")
		b.procedure()
		b.pass()
		two := 2
		_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "disk_full"}, Member: &two, Times: -1})
		must(t, err)
		b.saidOf(b.run(context.Background(), false, "vc_internal_ssh", rekey), true, "none", "make room on its disk")
		if n := b.lab.Counters("vc1").Prepares; n != 1 {
			t.Errorf("want no keys made while the record claims the old ones, got %d more", n-1)
		}
		b.lab.ClearFaults()
		b.apply("vc_internal_ssh", rekey)
		for _, v := range left(b.settle()) {
			t.Error(v)
		}
	})
	t.Run("a member does not take the record", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, stagedMembers+"    fips: true\n    profile: {prepare_setup: partial, member_failure: warning}\n")
		a := b.run(context.Background(), false, "vc_internal_ssh", nil)
		b.saidOf(a, true, "confirmed", "member 2 was removed from the record")
		if !slices.Contains(wordsOf(a, "steps", "name"), "withdraw") {
			t.Errorf("want how long that took, got %v", a["steps"])
		}
		if b.apply("vc_info", map[string]any{"scp": "enabled"})["compliant"] != false {
			t.Error("X10: nobody makes the keys again")
		}
	})
	t.Run("nor can it be removed", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, stagedMembers+"    fips: true\n    profile: {prepare_setup: partial, member_failure: warning}\n")
		b.play(script{"load-configuration", sim.Before, 2, fault("error")})
		b.saidOf(b.run(context.Background(), false, "vc_internal_ssh", nil), true, "confirmed", "remove member 2 from the record: load the configuration: ")
	})
	t.Run("nor where only the operator knows of FIPS", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, stagedMembers+"    fips: true\n    profile: {prepare_setup: partial, member_failure: warning}\n")
		b.play(script{"get-software-information", sim.Before, 0, mutate("<fips/>", "")})
		b.saidOf(b.run(context.Background(), false, "vc_internal_ssh", map[string]any{"chassis_fips": "true"}), true, "confirmed", "member 2 was removed from the record")
	})
}

// Told to stop in prepare-setup: keys may be new.
func TestStoppedInPrepareSetup(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.apply("vc_authorized_keys_command", stepOne())
	b.pass()
	ctx, stop := context.WithCancel(context.Background())
	b.play(script{"command", sim.After, 1, func() sim.Fault { stop(); return sim.Fault{Action: "stall"} }})
	if a := b.run(ctx, false, "vc_internal_ssh", nil); !a.failed() || !a.changed() {
		t.Errorf("X1: some members may have new keys: %v", a)
	}
}

// A resumed trial that is rolled back leaves what was before it, which its run
// never saw.
func TestDiffOfAResumedTrial(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	ctx, stop := context.WithCancel(context.Background())
	b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault { stop(); return fault("drop")() }})
	b.run(ctx, false, "vc_scp_sync", args)
	maps.Copy(b.args, quick)
	defer b.letTimePass()()
	b.play(script{"commit-configuration", sim.Before, 1, fault("error")})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	diff, _ := a["diff"].(map[string]any)
	if after, _ := diff["after"].(string); a.text("commit_state") != "reverted" || strings.Contains(after, "config-sync-with-scp") {
		t.Errorf("X1: the device has no SCP, and the diff shows %v", a)
	}
}

// The primary of a whole chassis is no switch alone, whatever on_member says.
func TestOnMemberOnThePrimary(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.procedure()
	b.pass()
	wrong := map[string]any{"command": "/usr/libexec/example/wrong", "user": keysUser, "replace": true, "on_member": true}
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", wrong), true, "none", "would cut them off")
}
