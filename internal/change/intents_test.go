// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// intent is something that an operator does with the modules. The sweeps
// break each intent at every message, and the oracle knows what it is to end in.
type intent struct {
	name      string
	scenario  string
	begin     func(*bench) // what was done before
	steps     []step
	right     func(sim.ChassisState) []string // of every chassis of the scenario
	reads     bool                            // it may do nothing but read
	repeats   bool                            // it acts every time, on purpose
	everyRead bool                            // all messages of a reading are struck
}

// step is one task. A record that one step has prepared is given to the next
// vc_scp_sync, as the role does.
type step struct {
	module  string
	options map[string]any
	check   bool
	on      string // the chassis, if not the first
}

const stagedMembers = threeMembers + `
    config_add: |
      set system services ssh authorized-keys-command ` + keysCommand + `
      set system services ssh authorized-keys-command-user ` + keysUser + `
`

func intents() []intent {
	one := step{module: "vc_authorized_keys_command", options: stepOne()}
	two := step{module: "vc_internal_ssh", options: map[string]any{"record": "defer", "prepare_timeout": 3}}
	recording := step{module: "vc_internal_ssh", options: map[string]any{"prepare_timeout": 3}}
	three := step{module: "vc_scp_sync", options: map[string]any{}}
	procedure := []step{one, two, three}
	atOnce := step{module: "vc_procedure", options: with(stepOne(), "prepare_timeout", 3)}
	whole := func(b *bench) { b.procedure(); b.pass() }
	return []intent{
		{name: "procedure", scenario: threeMembers, steps: procedure, right: scpOn, everyRead: true},
		{name: "at_once", scenario: threeMembers, steps: []step{atOnce}, right: scpOn, everyRead: true},
		{name: "at_once_previewed", scenario: threeMembers, steps: []step{{module: atOnce.module, options: atOnce.options, check: true}}, reads: true},
		{name: "at_once_without_step_3", scenario: threeMembers, right: keysMade, steps: []step{{module: "vc_procedure", options: with(atOnce.options, "scp", false)}}},
		{name: "at_once_again", scenario: threeMembers + "    profile: {prepare_again: rotate}\n", begin: whole, right: scpOn, repeats: true,
			steps: []step{{module: "vc_procedure", options: with(atOnce.options, "rekey", "always")}}},
		{name: "at_once_member_replaced", scenario: threeMembers, right: scpOn, steps: []step{atOnce}, begin: func(b *bench) {
			whole(b)
			if err := b.chassis.Replace(2, sim.Replacement{Config: "staged"}); err != nil {
				b.t.Fatal(err)
			}
		}},
		{name: "preview", scenario: threeMembers, steps: previewed(procedure), reads: true},
		{name: "vc_info", scenario: threeMembers, reads: true,
			steps: []step{{module: "vc_info", options: with(stepOne(), "scp", "enabled")}}},
		{name: "vc_info_of_what_is_done", scenario: threeMembers, begin: whole, right: scpOn, reads: true,
			steps: []step{{module: "vc_info", options: with(stepOne(), "scp", "enabled")}}},
		{name: "vc_sync_check", scenario: threeMembers, begin: whole, right: scpOn, reads: true,
			steps: []step{{module: "vc_sync_check", options: map[string]any{"expect": "scp"}}}},
		{name: "probe", scenario: threeMembers + "    profile: {member_failure: warning}\n", begin: whole, right: scpOn, repeats: true,
			steps: []step{{module: "vc_sync_check", options: map[string]any{"expect": "scp", "probe": true}}}},
		{name: "disable_and_remove", scenario: threeMembers, begin: whole, right: scpOff, steps: []step{
			{module: "vc_scp_sync", options: map[string]any{"state": "disabled"}},
			{module: "vc_authorized_keys_command", options: with(stepOne(), "state", "absent")},
		}},
		{name: "replace_the_command", scenario: strings.ReplaceAll(stagedMembers, keysCommand, "/usr/libexec/other"), right: commandSet,
			steps: []step{{module: "vc_authorized_keys_command", options: with(stepOne(), "replace", true)}}},
		{name: "keys_with_record", scenario: stagedMembers, right: keysMade, steps: []step{recording}},
		{name: "rekey_in_use", scenario: threeMembers + "    profile: {prepare_again: rotate}\n", begin: whole, right: scpOn, repeats: true,
			steps: []step{{module: "vc_internal_ssh", options: with(recording.options, "rekey", "always")}}},
		{name: "member_replaced", scenario: threeMembers, right: scpOn, steps: procedure, begin: func(b *bench) {
			whole(b)
			if err := b.chassis.Replace(2, sim.Replacement{Config: "staged"}); err != nil {
				b.t.Fatal(err)
			}
		}},
		{name: "fips", scenario: stagedMembers + "    fips: true\n", right: keysProved, steps: []step{one, recording, three}},
		{name: "members_one_by_one", scenario: threeMembers + "  - {name: alone, size: 1}\n", right: commandSet, steps: []step{
			{module: "vc_authorized_keys_command", options: with(stepOne(), "on_member", true), on: "alone"},
			{module: "vc_authorized_keys_command", options: with(stepOne(), "on_member", true)},
			one,
		}},
		{name: "without_trial", scenario: threeMembers, right: commandSet,
			steps: []step{{module: one.module, options: with(stepOne(), "confirm_timeout", 0)}}},
		{name: "at_once_behind_a_shell", scenario: threeMembers + "    config_add: set system services ssh root-login deny\n", right: scpOn,
			steps: []step{{module: atOnce.module, options: behindShell(atOnce.options)}}},
	}
}

func with(options map[string]any, name string, value any) map[string]any {
	options = maps.Clone(options)
	options[name] = value
	return options
}

// behindShell are options of a usual login, behind which root's shell is opened.
func behindShell(options map[string]any) map[string]any {
	options = with(options, "username", "admin")
	options["password"], options["root_password"], options["become_root"] = "Admin-lab-1", "Root-lab-1", "shell"
	return options
}

// previewed are the same steps in check mode, each counting on those before it.
func previewed(steps []step) (all []step) {
	var assumed []string
	for _, s := range steps {
		all = append(all, step{module: s.module, check: true, options: with(s.options, "assume_steps", assumed)})
		assumed = append(assumed, strings.TrimPrefix(s.module, "vc_"))
	}
	return all
}

// pass lets a confirmed commit's time be over, so that nobody takes it for pending.
func (b *bench) pass() { b.lab.Clock().Advance(6 * 60e9) }

// prepare makes a bench on which an intent can be begun.
func (i intent) prepare(b *bench) {
	if i.begin != nil {
		i.begin(b)
	}
	b.lab.ResetLog()
}

// of is the chassis that a step speaks to.
func (b *bench) of(s step) *sim.Chassis {
	if s.on == "" {
		return b.chassis
	}
	return b.lab.Chassis(s.on)
}

// given are the options of a step, with what an earlier one has prepared.
func (b *bench) given(s step, prepared any) map[string]any {
	options := maps.Clone(b.address(b.of(s)))
	maps.Copy(options, s.options)
	if prepared != nil && s.module == "vc_scp_sync" && options["state"] != "disabled" {
		options["prepared"] = prepared
	}
	return options
}

// carryOut does the steps of an intent until one fails, and returns why.
func (b *bench) carryOut(i intent, do func(step, map[string]any) answer) string {
	prepared := any(nil)
	for _, s := range i.steps {
		a := do(s, b.given(s, prepared))
		if a.failed() {
			return fmt.Sprintf("%s: %s", s.module, a.text("msg"))
		}
		if a["prepared"] != nil {
			prepared = a["prepared"]
		}
	}
	return ""
}

// plainly runs a step without faults. Nothing is waited for in vain then: keys
// take as long as they take, RSA keys on a busy machine some seconds.
func (b *bench) plainly(s step, options map[string]any) answer {
	if _, waits := options["prepare_timeout"]; waits {
		options = with(options, "prepare_timeout", 120)
	}
	return b.run(context.Background(), s.check, s.module, options)
}
