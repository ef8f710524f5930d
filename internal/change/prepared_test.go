// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// preparation is what a device answers to prepare-setup, and what is known then.
type preparation struct {
	knobs  string
	beside func() sim.Fault // what the reply has besides its output
	refuse string           // in the message of step 2; "": step 2 succeeds
	proof  string           // in the message of step 3; "": that proves the keys
}

func preparations() map[string]preparation {
	beside := func(action, text string) func() sim.Fault {
		return func() sim.Fault { return sim.Fault{Action: action, Text: text} }
	}
	return map[string]preparation{
		"a warning names a member":                      {"", beside("warning", "Could not connect to fpc2 : No route to host"), "member 2 did not succeed", ""},
		"a warning of a failure names nobody":           {"", beside("warning", "No space left on device"), "No space left on device", ""},
		"an error names a member":                       {"", beside("error", "internal SSH setup failed on fpc2"), "internal SSH setup failed on fpc2", ""},
		"a failure between successes":                   {`prepare_output: "fpc0: done\nfpc1: failed\nfpc2: done"`, nil, "fpc1: failed", ""},
		"a member is warned of, and others succeed":     {`prepare_output: "fpc0: done\nfpc1: done"`, beside("warning", "fpc2 was left alone"), "member 2 did not succeed", ""},
		"a member that succeeds is warned of":           {`prepare_output: "fpc0: done\nfpc1: done\nfpc2: done"`, beside("warning", "fpc2 had keys"), "", ""},
		"unknown text":                                  {`prepare_output: "ok: 3 of 3"`, nil, "", ""},
		"unknown text, and a member is left out":        {`prepare_setup: partial, prepare_output: "ok: 3 of 3"`, nil, "", "to fpc2"},
		"an unknown warning, and a member is left out":  {"prepare_setup: partial", beside("warning", "fpc2 was left alone"), "", "to fpc2"},
		"successes of others, and a member is left out": {`prepare_setup: partial, prepare_output: "fpc0: done\nfpc1: done"`, nil, "", "to fpc2"},
	}
}

// What step 2 is told of a member counts as it does at the other steps; what nobody
// can explain is in the result, and the commit over SCP decides.
func TestWhatPrepareSetupSays(t *testing.T) {
	t.Parallel()
	for name, p := range preparations() {
		t.Run(strings.NewReplacer(" ", "_", ",", "").Replace(name), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs(p.knobs))
			maps.Copy(b.args, quick)
			defer b.letTimePass()()
			b.apply("vc_authorized_keys_command", stepOne())
			b.say(p)
			a := b.run(context.Background(), false, "vc_internal_ssh", nil)
			b.keysAreClaimedAs(p, a)
			if p.refuse == "" {
				b.say(p)
				b.stepThreeIs(p, b.run(context.Background(), false, "vc_scp_sync", nil))
			}
			for _, v := range b.isTold() {
				t.Error(v)
			}
		})
		t.Run("at_once_"+strings.NewReplacer(" ", "_", ",", "").Replace(name), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs(p.knobs))
			maps.Copy(b.args, quick)
			defer b.letTimePass()()
			b.say(p)
			b.stepThreeIs(p, b.run(context.Background(), false, "vc_procedure", stepOne()))
			for _, v := range b.isTold() {
				t.Error(v)
			}
		})
	}
}

// say makes prepare-setup answer so.
func (b *bench) say(p preparation) {
	b.pass()
	if p.beside != nil {
		b.play(script{"command", sim.Before, 0, p.beside})
	}
}

// keysAreClaimedAs judges the result of step 2.
func (b *bench) keysAreClaimedAs(p preparation, a answer) {
	b.t.Helper()
	prepared, _ := a["prepared"].([]any)
	if a.failed() != (p.refuse != "") || !strings.Contains(a.text("msg"), p.refuse) || (len(prepared) > 0) == a.failed() {
		b.t.Errorf("want %q of step 2, and nobody recorded then; got %v", p.refuse, a)
	}
	if said := b.chassis.Profile.PrepareOutput; a["output"] != said && !strings.Contains(asText(a["errors"]), "internal SSH setup failed") {
		b.t.Errorf("want the output %q in the result, got %v", said, a["output"])
	}
	for _, m := range b.settle().Members {
		if recorded(m) || recordedUnproved(m) == a.failed() {
			b.t.Errorf("want keys recorded %v and not proved, got\n%s", !a.failed(), m.Config)
		}
	}
}

// stepThreeIs judges what a commit over SCP has shown.
func (b *bench) stepThreeIs(p preparation, a answer) {
	b.t.Helper()
	switch want := p.refuse + p.proof; {
	case want != "" && (!a.failed() || !strings.Contains(a.text("msg"), want)):
		b.t.Errorf("want it to fail with %q, got %v", want, a)
	case want != "" && len(scpOn(b.settle())) == 0, want == "" && len(scpOn(b.settle())) > 0, want == "" && a.failed():
		b.t.Errorf("want %q, got %v and\n%v", want, a, scpOn(b.settle()))
	}
}

// Where no commit gets through before there are keys, what the record claims stays, and
// the diff says so.
func TestDiffOfARecordThatStays(t *testing.T) {
	t.Parallel()
	b := newBench(t, withKnobs(""))
	b.procedure()
	b.pass()
	must(t, b.chassis.Replace(2, sim.Replacement{Config: "staged"}))
	a, bad := b.witnessed(context.Background(), intent{}, step{module: "vc_internal_ssh"}, map[string]any{"record": "defer"})
	for _, v := range bad {
		t.Error(v)
	}
	if warned := asText(a["warnings"]); a.failed() || !a.changed() || a.text("commit_state") != "none" || !strings.Contains(warned, "could not be removed first") {
		t.Errorf("want keys made, nothing committed and that said, got %v", a)
	}
}

// A link that is lost before step 2 is planned leaves what step 1 has done, in the diff too.
func TestDiffOfAStepThatWasNotPlanned(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	maps.Copy(b.args, quick)
	defer b.letTimePass()()
	isDone := false
	b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault { isDone = true; return sim.Fault{} }},
		script{"get-virtual-chassis-information", sim.Before, 0, func() sim.Fault {
			if isDone {
				return sim.Fault{Action: "drop"}
			}
			return sim.Fault{}
		}})
	a, bad := b.witnessed(context.Background(), intent{}, step{module: "vc_procedure"}, stepOne())
	for _, v := range bad {
		t.Error(v)
	}
	if diff, _ := a["diff"].(map[string]any); !a.failed() || !strings.Contains(asText(diff["after"]), keysCommand) {
		t.Errorf("want step 1 in the diff, got %v", a)
	}
}
