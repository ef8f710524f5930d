// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// breach is a way in which a run that makes keys, or proves them, does not come to
// its end.
type breach struct {
	name   string
	knobs  string
	begun  bool // the whole procedure was done before
	module string
	args   map[string]any
	acts   func(*bench) []script
	stop   string // how the run is stopped at the last of these: "term", "kill", or not
}

func (b *bench) then(do func(*sim.Chassis) error) func() sim.Fault {
	return func() sim.Fault { must(b.t.(*testing.T), do(b.chassis)); return sim.Fault{} }
}

func breaches() []breach {
	const lies, rotates = "prepare_setup: partial, member_failure: warning", "prepare_again: rotate"
	always := map[string]any{"rekey": "always"}
	stop := func(rpc, when string, nth int, action string) func(*bench) []script {
		return func(b *bench) []script { return []script{{rpc, when, nth, fault(action)}} }
	}
	at := func(rpc, when string, nth int, do func(*sim.Chassis) error) func(*bench) []script {
		return func(b *bench) []script { return []script{{rpc, when, nth, b.then(do)}} }
	}
	leaves := func(c *sim.Chassis) error { return c.Leave(2) }
	replaced := func(c *sim.Chassis) error { return c.Replace(2, sim.Replacement{Config: "staged"}) }
	switchover := func(c *sim.Chassis) error { return c.Switchover() }
	return []breach{
		{"the link is lost in the confirmation of a device that lies", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.After, 2, "drop"), ""},
		{"the link is lost in the take-back of a device that lies", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.After, 3, "drop"), ""},
		{"the take-back is refused for ever", lies, false, "vc_scp_sync", nil, func(b *bench) []script {
			return []script{{"load-configuration", sim.Before, 3, fault("error")}, {"load-configuration", sim.Before, 4, fault("error")}}
		}, ""},
		{"keys are made, and the link is lost", rotates, true, "vc_internal_ssh", always, stop("command", sim.After, 1, "drop"), ""},
		{"keys are asked for, and the link is lost", rotates, true, "vc_internal_ssh", always, stop("command", sim.Before, 1, "drop"), ""},
		{"keys are made, and the device fails", rotates, true, "vc_internal_ssh", always, stop("command", sim.After, 1, "error"), ""},
		{"a member is left out in silence", lies + ", " + rotates, true, "vc_internal_ssh", always, nil, ""},
		{"a member is left out, and the commit is refused", "prepare_setup: partial, " + rotates, true, "vc_internal_ssh", always, nil, ""},
		{"a member leaves while keys are made, and returns", rotates, true, "vc_internal_ssh", always, func(b *bench) []script {
			return []script{{"command", sim.Before, 1, b.then(leaves)}, {"command", sim.After, 1, b.then(func(c *sim.Chassis) error { return c.Join(2) })}}
		}, ""},
		{"a member leaves while keys are made", rotates, true, "vc_internal_ssh", always, at("command", sim.Before, 1, leaves), ""},
		{"a member is replaced when keys were made", rotates, true, "vc_internal_ssh", always, at("command", sim.After, 1, replaced), ""},
		{"a member is replaced when that was read again", rotates, true, "vc_internal_ssh", always, at("load-configuration", sim.Before, 2, replaced), ""},
		{"a member is replaced when the record was written", rotates, true, "vc_internal_ssh", always, at("commit-configuration", sim.After, 2, replaced), ""},
		{"a member is replaced when the proof was written", rotates, true, "vc_internal_ssh", always, at("commit-configuration", sim.After, 3, replaced), ""},
		{"the primary changes when keys were made", rotates, true, "vc_internal_ssh", always, at("command", sim.After, 1, switchover), ""},
		{"the primary changes and its session lives on", rotates + ", switchover_sessions: kept", true, "vc_internal_ssh", always, at("command", sim.After, 1, switchover), ""},
		{"the primary changes and takes writes that are lost", rotates + ", switchover_sessions: kept, backup_writes: discarded", true, "vc_internal_ssh", always, at("command", sim.After, 1, switchover), ""},
		{"a member is replaced before the trial", "", false, "vc_scp_sync", nil, at("load-configuration", sim.Before, 1, replaced), ""},
		{"a member is replaced in the trial", "", false, "vc_scp_sync", nil, at("load-configuration", sim.Before, 2, replaced), ""},
		{"a member is replaced in the trial of a device that only warns", "member_failure: warning", false, "vc_scp_sync", nil, at("load-configuration", sim.Before, 2, replaced), ""},
		{"a member is replaced after the confirmation", "", false, "vc_scp_sync", nil, at("commit-configuration", sim.After, 2, replaced), ""},
		{"a member leaves after the confirmation", "", false, "vc_scp_sync", nil, at("commit-configuration", sim.After, 2, leaves), ""},
		{"the primary changes after the confirmation", "", false, "vc_scp_sync", nil, at("commit-configuration", sim.After, 2, switchover), ""},
		{"the primary changes after the proof", "", false, "vc_scp_sync", nil, at("commit-configuration", sim.After, 3, switchover), ""},
		{"told to stop in the confirmation of a device that lies", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.Before, 2, ""), "term"},
		{"told to stop after it", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.After, 2, ""), "term"},
		{"told to stop while SCP is taken back", lies, false, "vc_scp_sync", nil, stop("load-configuration", sim.Before, 3, ""), "term"},
		{"told to stop when SCP was taken back", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.After, 3, ""), "term"},
		{"told to stop while keys are made", rotates, true, "vc_internal_ssh", always, stop("command", sim.Before, 1, ""), "term"},
		{"told to stop when keys were made", rotates, true, "vc_internal_ssh", always, stop("command", sim.After, 1, ""), "term"},
		{"told to stop while a claim is taken out", lies + ", " + rotates, true, "vc_internal_ssh", always, stop("load-configuration", sim.Before, 3, ""), "term"},
		{"told to stop in the proof", rotates, true, "vc_internal_ssh", always, stop("commit-configuration", sim.Before, 3, ""), "term"},
		{"killed in the confirmation of a device that lies", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.Before, 2, ""), "kill"},
		{"killed after it", lies, false, "vc_scp_sync", nil, stop("commit-configuration", sim.After, 2, ""), "kill"},
		{"killed while SCP is taken back", lies, false, "vc_scp_sync", nil, stop("load-configuration", sim.Before, 3, ""), "kill"},
		{"killed while keys are made", rotates, true, "vc_internal_ssh", always, stop("command", sim.Before, 1, ""), "kill"},
		{"killed when keys were made", rotates, true, "vc_internal_ssh", always, stop("command", sim.After, 1, ""), "kill"},
		{"killed when the record was withdrawn", rotates, true, "vc_internal_ssh", always, stop("commit-configuration", sim.After, 1, ""), "kill"},
		{"killed when it was written", rotates, true, "vc_internal_ssh", always, stop("commit-configuration", sim.After, 2, ""), "kill"},
		{"killed before the proof is written", "", false, "vc_scp_sync", nil, stop("load-configuration", sim.Before, 3, ""), "kill"},
		{"a member joins while it lacks keys, and is inactive", "join_failure: inactive", true, "vc_internal_ssh", always, at("command", sim.After, 1, replaced), ""},
	}
}

// No run that breaks leaves a claim behind that nobody has proved, and the next
// ones end right or tell why not.
func TestRecordClaimsNothingUnproved(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	var tally tally
	t.Run("breaches", func(t *testing.T) {
		for n, c := range breaches() {
			if testing.Short() && n%4 > 0 {
				continue // each costs a procedure, and some runs behind it
			}
			t.Run(strings.NewReplacer(" ", "_", ",", "").Replace(c.name), func(t *testing.T) {
				t.Parallel()
				c.strikes(t, program)
				tally.add(c.module, !t.Failed())
			})
		}
	})
	tally.log(t, "breaches of the record survived / tried", tally.tried())
}

// carryOut runs the module until it breaks.
func (c breach) carryOut(b *bench, program string, args map[string]any) (violations []string) {
	var acts []script
	if c.acts != nil {
		acts = c.acts(b)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	v := &victim{program: program}
	switch c.stop {
	case "term":
		acts[0].do = func() sim.Fault { stop(); return sim.Fault{} }
	case "kill":
		acts[0].do = func() sim.Fault { v.kill(); return sim.Fault{} }
	}
	b.play(acts...)
	if c.stop == "kill" {
		v.run(b.arguments(false, args), c.module)
		return nil
	}
	return believed(b.run(ctx, false, c.module, args), settled(b.chassis))
}

func (c breach) strikes(t *testing.T, program string) {
	knobs := strings.ReplaceAll(c.knobs, "prepare_setup: partial", "prepare_setup: ok")
	if !c.begun {
		knobs = c.knobs
	}
	b := newBench(t, threeMembers+"    preprovisioned: false\n    profile: {"+knobs+"}\n")
	args := map[string]any{}
	for k, v := range c.args {
		args[k] = v
	}
	for k, v := range quick {
		b.args[k] = v
	}
	if c.begun {
		b.procedure()
	} else {
		b.apply("vc_authorized_keys_command", stepOne())
		args["prepared"] = b.apply("vc_internal_ssh", map[string]any{"record": "defer"})["prepared"]
	}
	b.chassis.Profile.PrepareSetup = map[bool]string{true: "partial", false: "ok"}[strings.Contains(c.knobs, "partial")]
	b.lab.Clock().Advance(20 * time.Minute)
	b.lab.ResetLog()
	defer b.letTimePass()()
	bad := c.carryOut(b, program, args)
	b.lab.Hook(nil)
	bad = append(bad, b.isTold()...)
	if m := b.chassis.Member(2); m != nil && b.chassis.State(false).Members[2].Status == "NotPrsnt" {
		must(t, b.chassis.Join(2))
		bad = append(bad, b.isTold()...)
	}
	for _, v := range append(bad, b.endsRight(4)...) {
		t.Error(v)
	}
}
