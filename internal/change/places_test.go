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

// twice has everything at its own place and in a group.
const twice = threeMembers + `
    prepared: true
    config_add: |
      set groups base system commit config-sync-with-scp
      set groups base system services ssh authorized-keys-command ` + keysCommand + `
      set groups base system services ssh authorized-keys-command-user ` + keysUser + `
      set apply-groups base
      set system commit config-sync-with-scp
      set system services ssh authorized-keys-command ` + keysCommand + `
      set system services ssh authorized-keys-command-user ` + keysUser + `
`

// What a commit of ours changes is what stands at its own place. That a group
// gives the same statement neither undoes the commit nor keeps the run waiting.
func TestStatementAlsoInAGroup(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		module  string
		options map[string]any
	}{
		"SCP, without a trial":         {"vc_scp_sync", map[string]any{"state": "disabled", "confirm_timeout": 0}},
		"SCP, on trial":                {"vc_scp_sync", map[string]any{"state": "disabled"}},
		"the command, without a trial": {"vc_authorized_keys_command", with(with(stepOne(), "state", "absent"), "confirm_timeout", 0)},
		"the command, on trial":        {"vc_authorized_keys_command", with(stepOne(), "state", "absent")},
	} {
		t.Run(strings.NewReplacer(" ", "_", ",", "").Replace(name), func(t *testing.T) {
			t.Parallel()
			scenario := twice
			if row.module == "vc_authorized_keys_command" {
				scenario = strings.ReplaceAll(scenario, "      set system commit config-sync-with-scp\n", "")
				scenario = strings.ReplaceAll(scenario, "      set groups base system commit config-sync-with-scp\n", "")
			}
			b := newBench(t, scenario)
			before := b.snapshot()
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			a := b.run(ctx, false, row.module, row.options)
			b.saidOf(a, true, "confirmed", "a configuration group still gives another value")
			b.tells(a, before, "confirmed")
			if !a.changed() || !strings.Contains(a.text("hint"), "base") || ctx.Err() != nil {
				t.Errorf("want a change, at once, and a hint on the group, got %v", a)
			}
			b.pass()
			b.saidOf(b.run(context.Background(), false, row.module, row.options), true, "none", "configuration group")
		})
	}
}

// A value at its own place wins over the group's: it is set, and it counts.
func TestOwnValueBeforeThatOfAGroup(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers+`
    config_add: |
      set groups base system services ssh authorized-keys-command /usr/libexec/other
      set groups base system services ssh authorized-keys-command-user other
      set apply-groups base
`)
	b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", with(stepOne(), "replace", true)), false, "confirmed", "replaced by")
}

// The device takes SCP back over SCP, which a member without keys misses: it is
// brought back, and nobody is told of a rollback before that.
func TestRollbackThatAMemberMisses(t *testing.T) {
	t.Parallel()
	const missing = threeMembers + "    profile: {prepare_setup: partial, rollback_transport: active}\n"
	t.Run("it is brought back", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, missing)
		before := b.snapshot()
		defer b.letTimePass()()
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		b.tells(a, before, "reverted")
		if !slices.Contains(wordsOf(a, "steps", "name"), "revert") {
			t.Errorf("want how long that took, got %v", a["steps"])
		}
		for _, m := range b.settle().Members {
			if m.SCP {
				t.Errorf("member %d keeps SCP, and the result says %s", m.ID, a.text("msg"))
			}
		}
	})
	t.Run("it is in the record", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, missing)
		maps.Copy(b.args, quick)
		b.apply("vc_authorized_keys_command", stepOne())
		b.apply("vc_internal_ssh", nil)
		b.pass()
		before := b.snapshot()
		defer b.letTimePass()()
		b.tells(b.run(context.Background(), false, "vc_scp_sync", nil), before, "reverted")
	})
	t.Run("it does not answer", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, missing)
		defer b.letTimePass()()
		two := 2
		b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault {
			_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "unreachable"}, Member: &two, Times: -1})
			must(t, err)
			return sim.Fault{}
		}})
		b.saidOf(b.run(context.Background(), false, "vc_scp_sync", args), true, "unknown", "whether member 2 went back to RCP with the others is unknown")
	})
}

// A take-back that a member does not take is none.
func TestTakeBackThatAMemberMisses(t *testing.T) {
	t.Parallel()
	b, args := ready(t, lying)
	two := 2
	b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault {
		_, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "unreachable"}, Member: &two, Times: -1})
		must(t, err)
		return sim.Fault{}
	}})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if a.text("commit_state") != "unknown" || !b.settle().Members[2].SCP {
		t.Errorf("member 2 has SCP still, and the result says %v", a)
	}
}

// Whatever has stopped the task, SCP that leaves a member behind is taken back to
// the end.
func TestTakeBackGoesOnWhenTheTaskIsStopped(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]script{
		"before the commit":  {"load-configuration", sim.Before, 3, nil},
		"in the commit":      {"commit-configuration", sim.Before, 3, nil},
		"before the reading": {"commit-configuration", sim.After, 3, nil},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, lying)
			before := b.snapshot()
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			at.do = func() sim.Fault { stop(); return sim.Fault{} }
			b.play(at)
			b.tells(b.run(ctx, false, "vc_scp_sync", args), before, "reverted")
		})
	}
}

// A trial whose time is just over may be on its way back: nothing is told of it, and
// nothing is built upon it.
func TestTrialThatMayBeOnItsWayBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	must(t, alice.Edit("set system services ftp"))
	must(t, alice.Commit(5))
	for _, row := range []struct {
		pass   time.Duration
		failed bool
	}{{4 * time.Minute, true}, {8 * time.Minute, true}, {12 * time.Minute, false}} {
		b.play(script{"get-commit-information", sim.Before, 0, mutate("Commit was not confirmed; automatic rollback complete.", "commit confirmed, rollback in 5mins")})
		b.lab.Clock().Advance(row.pass)
		a := b.run(context.Background(), true, "vc_authorized_keys_command", stepOne())
		if a.failed() != row.failed {
			t.Errorf("after %s more: %v", row.pass, a.text("msg"))
		}
		b.lab.Hook(nil)
		if !row.failed {
			break
		}
	}
}

// A trial is what the device says is one.
func TestWhoseTrial(t *testing.T) {
	t.Parallel()
	const mark = "vchassis.junos 0.3.0 vc_scp_sync trial run=0123456789"
	statement := "set system commit config-sync-with-scp"
	for name, row := range map[string]struct {
		knobs        string
		user, client string
		minutes      int
		log          string
		failed       bool
		text         string
	}{
		"a comment of a day":                     {"", "alice", "cli", 0, "undo the commit confirmed, rollback in 1440 min", false, "confirmed"},
		"our own comment":                        {"", "root", "netconf", 0, "commit confirmed, rollback in 1440 min", false, "confirmed"},
		"a colleague's trial with our mark":      {"", "alice", "cli", 120, mark, true, "another user's trial is pending: confirmed commit by alice"},
		"the same over NETCONF":                  {"", "alice", "netconf", 120, mark, true, "another user's trial is pending: confirmed commit by alice"},
		"our user's by hand":                     {"", "root", "cli", 120, mark, true, "another user's trial is pending: confirmed commit by root"},
		"our own that a killed run left":         {"", "root", "netconf", 120, mark, false, "the trial that an earlier run left was confirmed"},
		"a colleague's where releases mark them": {"pending_mark: printed", "alice", "cli", 120, "", true, "another user's trial is pending"},
	} {
		t.Run(strings.NewReplacer(" ", "_", "'", "").Replace(name), func(t *testing.T) {
			t.Parallel()
			scenario := threeMembers
			if row.knobs != "" {
				scenario += "    profile: {" + row.knobs + "}\n"
			}
			b, args := ready(t, scenario)
			c := b.chassis.Colleague(row.user, row.client)
			defer c.Close()
			edit := "set system services ftp"
			if row.log == mark {
				edit = statement
			}
			must(t, c.Edit(edit))
			must(t, c.CommitLog(row.minutes, row.log))
			a := b.run(context.Background(), false, "vc_scp_sync", args)
			if a.failed() != row.failed || !strings.Contains(asText(a), row.text) {
				t.Errorf("want failed %v and %q, got %v", row.failed, row.text, a)
			}
			if trial := b.chassis.State(false).Trial; (trial != nil) != row.failed {
				t.Errorf("X7: the trial is %v", trial)
			}
		})
	}
}

// Where a release marks open trials, a missing mark shows that a check has settled
// one: a check that was refused although it was done is told as what it is.
func TestMarkThatIsGoneSettlesATrial(t *testing.T) {
	t.Parallel()
	for state, knobs := range map[string]string{"confirmed": "pending_mark: printed", "reverted": "pending_mark: printed, check_confirms: no"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, threeMembers+"    profile: {"+knobs+"}\n")
			maps.Copy(b.args, quick)
			before := b.snapshot()
			defer b.letTimePass()()
			b.play(script{"commit-configuration", sim.After, 2, fault("error")})
			a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
			b.tells(a, before, state)
			if waited := secondsOf(a, "await rollback") > 0; waited != (state == "reverted") {
				t.Errorf("what is settled is not waited for, a rollback is: %v", a["steps"])
			}
		})
	}
}

// A load that changes nothing is seen before the commit.
func TestLoadThatChangesNothing(t *testing.T) {
	t.Parallel()
	t.Run("protected", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, threeMembers)
		alice := b.chassis.Colleague("root", "cli")
		must(t, alice.Edit("protect system services ssh"))
		must(t, alice.Commit(0))
		alice.Close()
		b.lab.ResetLog()
		a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
		if !a.failed() || a.text("commit_state") != "none" || !strings.Contains(a.text("msg"), "is protected") || !strings.Contains(a.text("msg"), "nothing was changed") || !strings.Contains(a.text("hint"), "unprotect") {
			t.Errorf("want the device's words, and a hint on protect, got %v", a)
		}
		if c := b.lab.Counters("vc1"); c.Commits+c.Checks > 0 {
			t.Errorf("something was committed: %+v", c)
		}
		for _, v := range left(b.settle()) {
			t.Error(v)
		}
	})
	// It is to be removed, is protected, and the candidate shows nothing at all.
	t.Run("hidden", func(t *testing.T) {
		t.Parallel()
		b, _ := ready(t, threeMembers)
		alice := b.chassis.Colleague("root", "cli")
		must(t, alice.Edit("protect system services ssh"))
		must(t, alice.Commit(0))
		alice.Close()
		b.lab.ResetLog()
		before, loaded := b.snapshot(), false
		b.play(script{"load-configuration", sim.After, 1, func() sim.Fault { loaded = true; return sim.Fault{} }},
			script{"get-configuration", sim.Before, 0, onceLost(&loaded, mutate("system>", "something-else>"))})
		a := b.run(context.Background(), false, "vc_authorized_keys_command", with(stepOne(), "state", "absent"))
		b.saidOf(a, true, "none", "it shows neither system services ssh nor netconf")
		b.tells(a, before, "none")
		if c := b.lab.Counters("vc1"); c.Commits+c.Checks > 0 {
			t.Errorf("something was committed: %+v", c)
		}
	})
	// What the device answers in a field case: a warning, and ok.
	ignored := func(nth int) script {
		return script{"load-configuration", sim.Before, nth, func() sim.Fault {
			return sim.Fault{Action: "warning", Text: "statement has no contents; ignored"}
		}}
	}
	for name, row := range map[string]struct {
		module string
		nth    int
		what   string // is not there
		state  string
	}{
		"in step 1":           {"vc_authorized_keys_command", 1, "authorized-keys-command", "none"},
		"in step 3":           {"vc_scp_sync", 1, "config-sync-with-scp", "none"},
		"in the confirmation": {"vc_scp_sync", 2, "apply-macro", "reverted"},
		"in what was proved":  {"vc_scp_sync", 3, "apply-macro", "confirmed"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			if row.module == "vc_authorized_keys_command" {
				args = with(with(stepOne(), "command", "/usr/libexec/example/another"), "replace", true)
			}
			defer b.letTimePass()()
			lost := false
			load := ignored(row.nth)
			warn := load.do
			load.do = func() sim.Fault { lost = true; return warn() }
			b.play(load, script{"get-configuration", sim.Before, 0, onceLost(&lost, func() sim.Fault {
				lost = false // the candidate alone
				return sim.Fault{Action: "mutate", Find: row.what, Replace: "something-else"}
			})})
			a := b.run(context.Background(), false, row.module, args)
			if a.text("commit_state") != row.state {
				t.Errorf("want %s, got %s", row.state, a.text("commit_state"))
			}
			if !a.failed() || !strings.Contains(a.text("msg"), "the device reported success and changed") || !strings.Contains(a.text("msg"), "statement has no contents; ignored") {
				t.Errorf("want the device's words, got %v", a)
			}
		})
	}
}
