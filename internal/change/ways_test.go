// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// withKnobs is three members on a device that differs.
func withKnobs(knobs string) string {
	return threeMembers + "    preprovisioned: false\n    profile: {" + knobs + "}\n"
}

// lastOf is what a run of the role ended with.
func lastOf(all []answer) answer { return all[len(all)-1] }

// ran runs the role and wants no false word of it.
func (b *bench) ran(rekey string) answer {
	b.t.Helper()
	all, bad := b.asTheRole(rekey)
	for _, v := range bad {
		b.t.Error(v)
	}
	return lastOf(all)
}

// A device that never names members is believed when it calls a commit good; one
// that names some and leaves one out has proved nothing of that one.
func TestWhatARunCannotSee(t *testing.T) {
	t.Parallel()
	for knobs, ends := range map[string]bool{
		"commit_results: plain_ok":     true,
		"commit_results: empty":        true,
		"commit_results: primary_only": true,
		"commit_results: one_missing":  false,
	} {
		t.Run(strings.ReplaceAll(knobs, ": ", "-"), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs(knobs))
			a := b.ran("if_missing")
			switch {
			case ends && (a.failed() || strings.Contains(asText(a["members"]), `"commit":"ok"},{"commit":"ok"`)):
				t.Errorf("want it done, and nothing claimed of members, got %v", a)
			case !ends && (!a.failed() || !strings.Contains(a.text("msg"), "the keys are not proved yet: the device does not report whether the commit reached member 2")):
				t.Errorf("want a word on member 2, got %v", a)
			}
			for _, v := range b.endsRight(3) {
				t.Error(v)
			}
			if n := b.lab.Counters("vc1").Prepares; n != 1 {
				t.Errorf("keys were made %d times", n)
			}
			info := b.run(context.Background(), true, "vc_info", with(stepOne(), "scp", "enabled"))
			if info["compliant"] != ends {
				t.Errorf("compliant is %v: %s", info["compliant"], info.text("msg"))
			}
		})
	}
}

// A member that is missing in a reply once is seen in the next: one commit more, for
// which no lock is waited for. A busy machine may keep one run as long, but not three.
func TestOneMoreCommitProvesIt(t *testing.T) {
	t.Parallel()
	var waited time.Duration
	for range 3 {
		if waited = waitForOneMoreCommit(t); waited < 2900*time.Millisecond {
			return
		}
	}
	t.Errorf("no lock was busy, and the next commit came after %s", waited)
}

func waitForOneMoreCommit(t *testing.T) time.Duration {
	b, args := ready(t, threeMembers)
	const entry = "<name>fpc2</name>"
	var silent, again time.Time
	b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { silent = time.Now(); return mutate(entry, "<name>fpc9</name>")() }},
		script{"commit-configuration", sim.Before, 3, func() sim.Fault { again = time.Now(); return sim.Fault{} }})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	b.saidOf(a, false, "confirmed", `"commit again"`)
	if n := b.lab.Counters("vc1").Commits; n != 4 {
		t.Errorf("want the trial, its confirmation, one more, and the record, got %d", n)
	}
	return again.Sub(silent)
}

// The lock of a member is busy for a moment: nothing was committed, so the commit is
// made once more. When it stays busy, the advice is about the lock.
func TestMemberWhoseLockIsBusy(t *testing.T) {
	t.Parallel()
	busy := func() sim.Fault { return sim.Fault{Action: "error", Text: "remote lock-configuration failed on fpc1"} }
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		var refused, again time.Time
		b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { refused = time.Now(); return busy() }},
			script{"commit-configuration", sim.Before, 3, func() sim.Fault { again = time.Now(); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), false, "confirmed", "")
		if waited := again.Sub(refused); waited < 2500*time.Millisecond {
			t.Errorf("the lock is given %s to be free", waited)
		}
	})
	t.Run("for ever", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		before := b.snapshot()
		defer b.letTimePass()()
		b.play(script{"commit-configuration", sim.Before, 2, busy}, script{"commit-configuration", sim.Before, 3, busy})
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		b.tells(a, before, "reverted")
		if h := a.text("hint"); !strings.Contains(h, "who edits or locks the configuration") || strings.Contains(h, "rekey") {
			t.Errorf("want advice on the lock, and none on keys, got %q", h)
		}
	})
	t.Run("and the task is stopped", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers)
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault { time.AfterFunc(300*time.Millisecond, stop); return busy() }})
		a := b.run(ctx, false, "vc_scp_sync", args)
		b.saidOf(a, true, "unknown", "remote lock-configuration failed on fpc1")
		if n := strings.Count(asText(a["steps"]), `"confirm"`); n != 1 {
			t.Errorf("want no commit more, got %d", n)
		}
	})
	t.Run("told by a warning", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers+"    profile: {member_failure: warning, member_failure_text: 'remote lock-configuration failed on %s (%s)'}\n")
		two := 2
		b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault {
			_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &two, Times: -1})
			must(t, err)
			return sim.Fault{}
		}}, script{"commit-configuration", sim.After, 2, func() sim.Fault { b.lab.ClearFaults(); return sim.Fault{} }})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), false, "confirmed", "commit again")
	})
	t.Run("told by a warning before the task is stopped", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, threeMembers+"    profile: {member_failure: warning, member_failure_text: 'remote lock-configuration failed on %s (%s)'}\n")
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		two := 2
		b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault {
			_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &two, Times: -1})
			must(t, err)
			return sim.Fault{}
		}}, script{"commit-configuration", sim.After, 2, func() sim.Fault { time.AfterFunc(time.Second, stop); return sim.Fault{} }})
		a := b.run(ctx, false, "vc_scp_sync", args)
		if !a.failed() || a.text("commit_state") != "confirmed" || strings.Contains(asText(a["steps"]), "commit again") {
			t.Errorf("want it confirmed, and no commit more, got %v", a)
		}
	})
}

// What the device says of a member decides what is advised.
func TestAdviceByWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"could not synchronize configuration to fpc2: No space left on device":         "make room",
		"could not synchronize configuration to fpc2: not enough space on /config":     "make room",
		"fpc2: could not acquire configuration lock":                                   "locks the configuration there",
		"fpc2: timed out waiting for the database lock":                                "locks the configuration there",
		"could not synchronize configuration to fpc2: ECONNRESET":                      "check its links, show virtual-chassis",
		"could not synchronize configuration to fpc2: lost connection":                 "check its links, show virtual-chassis",
		"could not synchronize configuration to fpc2: Permission denied (publickey)":   "make all keys again",
		"could not synchronize configuration to fpc2: Host key verification failed.":   "make all keys again",
		"fpc2: remote lock-configuration failed":                                       "locks the configuration there",
		"could not synchronize configuration to fpc2: something that nobody has heard": "make all keys again",
	} {
		t.Run(strings.Join(strings.Fields(text)[len(strings.Fields(text))-2:], "_"), func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			b.args["lock_timeout"] = 3
			options := maps.Clone(args)
			options["confirm_timeout"] = 60
			say := func() sim.Fault { return sim.Fault{Action: "error", Text: text} }
			b.play(script{"commit-configuration", sim.Before, 2, say}, script{"commit-configuration", sim.Before, 3, say})
			a := b.run(context.Background(), false, "vc_scp_sync", options)
			about := strings.Contains(a.text("hint"), "make all keys again")
			if h := a.text("hint"); !strings.Contains(h, want) || about != (want == "make all keys again") {
				t.Errorf("want %q, got %q", want, h)
			}
		})
	}
}

// An address that is away for some seconds after a commit, or that takes few logins
// a minute, is tried again: the trial lasts minutes.
func TestAddressIsAwayForAWhile(t *testing.T) {
	t.Parallel()
	for _, knobs := range []string{"sshd_restart: 5s", "sshd_restart: 5s, limit_close: greeting", "bad_keys_command: ignored, sshd_restart: 2s"} {
		t.Run(strings.NewReplacer(" ", "", ":", "-", ",", "_").Replace(knobs), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs(knobs))
			var once bool
			b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault {
				if !once { // the lab's clock goes on for the switch
					once = true
					go func() { time.Sleep(3 * time.Second); b.lab.Clock().Advance(6 * time.Second) }()
				}
				return sim.Fault{}
			}})
			b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), false, "confirmed", "")
		})
	}
}

// A switch was replaced while SCP is on: it takes no commit, and the device may take
// none at all. The role's next run makes its keys.
func TestMemberWithoutKeysIsRepaired(t *testing.T) {
	t.Parallel()
	for _, knobs := range []string{"member_failure: error", "member_failure: warning", "member_failure: warning, prepare_again: rotate", "transport_switch: after"} {
		for name, serial := range map[string]string{"another switch": "", "the same, zeroized": "same"} {
			t.Run(strings.NewReplacer(" ", "", ":", "-", ",", "_").Replace(knobs+" "+name), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, withKnobs(knobs))
				b.procedure()
				b.pass()
				rekey := "if_missing"
				if serial == "same" { // which nobody sees
					serial, rekey = b.chassis.State(false).Members[2].Serial, "always"
				}
				must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged", Serial: serial}))
				all, _ := b.asTheRole(rekey)
				if told := strings.Contains(asText(all), "the entries of the record could not be removed first"); told != (!strings.Contains(knobs, "member_failure: warning")) {
					t.Errorf("that the record could not be withdrawn is told: %t", told)
				}
				if a := lastOf(all); a.failed() {
					t.Fatalf("it is not repaired: %s (%s)", a.text("msg"), a.text("hint"))
				}
				for _, v := range b.endsRight(2) {
					t.Error(v)
				}
			})
		}
	}
}

// It can be taken back to RCP instead, where the device takes a commit at all.
func TestMemberWithoutKeysIsLeftBehind(t *testing.T) {
	t.Parallel()
	for knobs, works := range map[string]bool{"member_failure: warning": true, "transport_switch: after": true, "member_failure: error": false} {
		t.Run(strings.NewReplacer(" ", "", ":", "-").Replace(knobs), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs(knobs))
			b.procedure()
			b.pass()
			must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"}))
			a := lastOf(b.asTheRoleBack())
			if !works {
				if !a.failed() || !strings.Contains(a.text("hint"), "rekey: always") {
					t.Errorf("want a hint that leads to keys, got %v", a)
				}
				if a := b.ran("if_missing"); a.failed() {
					t.Errorf("the keys are not made: %v", a)
				}
				a = lastOf(b.asTheRoleBack())
			}
			if a.failed() {
				t.Fatalf("there is no way back: %s (%s)", a.text("msg"), a.text("hint"))
			}
			for _, v := range append(scpOff(b.settle()), left(b.settle())...) {
				t.Error(v)
			}
		})
	}
}

// A member that could not join is led back in: with keys, or over RCP.
func TestInactiveMemberIsLedBackIn(t *testing.T) {
	t.Parallel()
	b := newBench(t, withKnobs("join_failure: inactive"))
	b.procedure()
	b.pass()
	defer b.letTimePass()()
	must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"}))
	info := b.run(context.Background(), true, "vc_info", with(stepOne(), "scp", "enabled"))
	if p := asText(info["problems"]); info["compliant"] != false || !strings.Contains(p, "is Inactive") || !strings.Contains(p, "state: absent") || len(blocking(info)) > 0 {
		t.Fatalf("want a member that is Inactive, and what leads out, got %v", info)
	}
	if a := b.ran("if_missing"); a.failed() {
		t.Errorf("keys are not made: %v", a)
	}
	// Nobody knows whether prepare-setup reaches such a member. Here it does not.
	must(t, b.chassis.Join(2))
	a := b.ran("if_missing")
	if !a.failed() || !strings.Contains(a.text("msg"), "reboot it") || !strings.Contains(a.text("msg"), "state: absent") {
		t.Errorf("want what leads out, got %v", a)
	}
	if n := b.lab.Counters("vc1").Prepares; n != 2 {
		t.Errorf("keys are made again and again: %d times", n)
	}
	if a := lastOf(b.asTheRoleBack()); a.failed() {
		t.Fatalf("there is no way back: %v", a)
	}
	b.pass()
	must(t, b.chassis.Join(2))
	for _, v := range b.endsRight(3) {
		t.Error(v)
	}
	if v := scpOn(b.settle()); len(v) > 0 {
		t.Error(v)
	}
}

// A killed run left SCP on trial: the way back need not wait until it has expired.
func TestWayBackFromATrialOfOurs(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	ctx, stop := context.WithCancel(context.Background())
	b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault { stop(); return fault("drop")() }})
	b.run(ctx, false, "vc_scp_sync", args)
	b.lab.Hook(nil)
	if s := b.settle(); s.Trial == nil || !s.Members[0].SCP {
		t.Fatalf("want SCP on trial, got %+v", s.Trial)
	}
	b.saidOf(b.run(context.Background(), false, "vc_scp_sync", map[string]any{"state": "disabled"}), false, "confirmed", "config-sync-with-scp was deleted")
	if s := b.settle(); s.Trial != nil || s.Members[0].SCP {
		t.Errorf("SCP is on still, or on trial: %+v", s.Trial)
	}
}
