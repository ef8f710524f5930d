// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// task runs one module.
type task func(module string, options map[string]any) answer

// undisturbedTask runs a module as it is.
func (b *bench) undisturbedTask(module string, options map[string]any) answer {
	return b.run(context.Background(), false, module, options)
}

// judgedTask runs a module as it is, and judges what it says.
func (b *bench) judgedTask(module string, options map[string]any, judge func(answer, sim.ChassisState) []string) (answer, []string) {
	before := b.chassis.State(true)
	a := b.undisturbedTask(module, options)
	if module == "vc_info" {
		return a, believedMeanwhile(a, before, settled(b.chassis), judge)
	}
	return a, judge(a, settled(b.chassis))
}

// asTheRole does what the role does in one run. What an answer says falsely is a
// violation.
func (b *bench) asTheRole(rekey string) (all []answer, bad []string) {
	b.t.Helper()
	all = roleRun(rekey, func(module string, options map[string]any) answer {
		a, found := b.judgedTask(module, options, believed)
		bad = append(bad, found...)
		return a
	})
	return all, bad
}

// roleRun asks what is pending, and runs the modules of that. The answers come in
// their order; the last one is that which failed, if one did.
func roleRun(rekey string, do task) (all []answer) {
	run := func(module string, options map[string]any) bool {
		a := do(module, options)
		all = append(all, a)
		return !a.failed()
	}
	if !run("vc_info", with(stepOne(), "scp", "enabled")) {
		return all
	}
	info := all[0]
	pending := func(step string) bool { return slices.Contains(texts(info["pending_steps"]), step) }
	if why := refusal(info); why != "" {
		return append(all, answer{"failed": true, "msg": why, "hint": "as it says"})
	}
	if (pending("internal_ssh") || rekey == "always") && info["fips"] != true {
		options := map[string]any{"rekey": rekey, "prepare_timeout": 3, "scp": pending("scp_sync")}
		if pending("authorized_keys_command") {
			maps.Copy(options, stepOne())
		}
		run("vc_procedure", options)
		return all
	}
	if pending("authorized_keys_command") && !run("vc_authorized_keys_command", stepOne()) {
		return all
	}
	three := map[string]any{}
	if pending("internal_ssh") || rekey == "always" {
		record := "commit"
		trial, _ := info["pending_confirmed_commit"].(map[string]any)
		if pending("scp_sync") && (info["scp_active"] != true || trial["ours"] == true) {
			record = "defer"
		}
		if !run("vc_internal_ssh", map[string]any{"record": record, "rekey": rekey, "prepare_timeout": 3}) {
			return all
		}
		if record == "defer" {
			three["prepared"] = all[len(all)-1]["prepared"]
		}
	}
	if pending("scp_sync") {
		run("vc_scp_sync", three)
	}
	return all
}

// asTheRoleBack is a run of the role with state: absent.
func (b *bench) asTheRoleBack() []answer { return roleRunBack(b.undisturbedTask) }

func roleRunBack(do task) (all []answer) {
	all = []answer{do("vc_info", map[string]any{"scp": "disabled", "command_state": "absent"})}
	if all[0].failed() {
		return all
	}
	if why := refusal(all[0]); why != "" {
		return append(all, answer{"failed": true, "msg": why, "hint": "as it says"})
	}
	all = append(all, do("vc_scp_sync", map[string]any{"state": "disabled"}))
	if !all[1].failed() {
		all = append(all, do("vc_authorized_keys_command", with(stepOne(), "state", "absent")))
	}
	return all
}

// refusal is why the role does nothing although there is something to do.
func refusal(info answer) string {
	if len(texts(info["pending_steps"])) == 0 {
		return ""
	}
	return strings.Join(blocking(info), "; ")
}

// blocking are the problems that stand in the way, each with its hint.
func blocking(info answer) (all []string) {
	list, _ := info["problems"].([]any)
	for _, one := range list {
		if p, _ := one.(map[string]any); p["blocks"] == true {
			all = append(all, fmt.Sprintf("%v (%v)", p["message"], p["hint"]))
		}
	}
	return all
}

func texts(v any) (out []string) {
	list, _ := v.([]any)
	for _, one := range list {
		text, _ := one.(string)
		out = append(out, text)
	}
	return out
}

// endsRight runs the role without faults until it has nothing to do, or refuses:
// then it must be right, or tell the reason. Nobody is told anything else on the
// way.
func (b *bench) endsRight(most int) (violations []string) {
	b.t.Helper()
	var last answer
	for range most {
		all, bad := b.asTheRole("if_missing")
		violations = append(violations, bad...)
		last = all[len(all)-1]
		if len(all) == 1 {
			break
		}
	}
	switch s := settled(b.chassis); {
	case !last.failed() && len(scpOn(s)) > 0:
		violations = append(violations, fmt.Sprintf("X10: it ended with %q, and %s", last.text("msg"), strings.Join(scpOn(s), "; ")))
	case last.failed() && (last.text("msg") == "" || last.text("hint") == ""):
		violations = append(violations, fmt.Sprintf("X10: no reason, or no hint: %v", last))
	}
	return violations
}

// isTold is what a chassis is told to be, whatever was done to it.
func (b *bench) isTold() []string {
	b.t.Helper()
	_, bad := b.judgedTask("vc_info", with(stepOne(), "scp", "enabled"), believed)
	return bad
}
