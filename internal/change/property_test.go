// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCheckAndRunAgree starts chassis in random states and asks each module
// for a random wish: in check mode, for real, and again. Check and run agree
// on changed and on the diff, check mode writes nothing, and the second run
// takes no lock.
func TestCheckAndRunAgree(t *testing.T) {
	t.Parallel()
	states := 300
	if testing.Short() {
		states = 50
	}
	var tally tally
	done := 0
	for seed := range uint64(states) {
		random := rand.New(rand.NewPCG(seed, 1))
		b := newBench(t, randomScenario(random))
		module, options := randomWish(random)
		t.Run(fmt.Sprintf("%d_%s", seed, module), func(t *testing.T) {
			b.t = t
			if b.agree(t, fmt.Sprintf("%s %v", module, options), module, options) {
				done++
			}
			tally.add(module, !t.Failed())
		})
		b.lab.Close()
	}
	tally.log(t, fmt.Sprintf("random states, %d of them with a change, held / tried", done), states)
	if done < states/10 {
		t.Errorf("only %d of %d states led to a change: the property is hardly tested", done, states)
	}
}

func (b *bench) agree(t *testing.T, name, module string, options map[string]any) (changed bool) {
	t.Helper()
	check := b.run(context.Background(), true, module, options)
	if c := b.lab.Counters("vc1"); c.Writes+c.Locks+c.Checks+c.Commits+c.Prepares > 0 {
		t.Errorf("%s: X6: check mode did more than read: %+v", name, c)
	}
	run := b.run(context.Background(), false, module, options)
	if check.failed() != run.failed() {
		t.Errorf("%s: check mode failed: %v (%s), the run: %v (%s)", name, check.failed(), check.text("msg"), run.failed(), run.text("msg"))
		return false
	}
	if run.failed() {
		return false
	}
	if check.changed() != run.changed() || asText(check["diff"]) != asText(run["diff"]) {
		t.Errorf("%s: check mode and run disagree:\n%v %s\n%v %s", name, check.changed(), asText(check["diff"]), run.changed(), asText(run["diff"]))
	}
	if options["rekey"] == "always" || module == "vc_sync_check" {
		return run.changed() // these act again on purpose
	}
	if module == "vc_authorized_keys_command" && run.changed() {
		b.lab.Clock().Advance(16 * 60e9) // until the device no longer shows the trial, nobody can tell it from an open one
	}
	b.lab.ResetLog()
	again := b.run(context.Background(), false, module, options)
	if c := b.lab.Counters("vc1"); again.failed() || again.changed() && options["record"] == nil || c.Writes+c.Locks+c.Checks+c.Commits > 0 && options["record"] != "defer" {
		t.Errorf("%s: the second run: %s, %+v", name, again.text("msg"), c)
	}
	return run.changed()
}

func asText(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

func randomScenario(r *rand.Rand) string {
	pick := func(options ...string) string { return options[r.IntN(len(options))] }
	size := 1 + r.IntN(4)
	fips := pick("false", "false", "true")
	release := pick("25.2R1.9", "25.4R1", "24.4R1.9")
	// SCP in force without keys is a state in which no commit succeeds, which
	// reading cannot tell. Here the keys are there whenever it may be on.
	prepared := fips
	var add strings.Builder
	if fips == "true" || r.IntN(3) > 0 {
		command := pick(keysCommand, keysCommand, "/usr/libexec/other")
		if fips == "true" {
			command = keysCommand
		}
		fmt.Fprintf(&add, "      set system services ssh authorized-keys-command %s\n", command)
		fmt.Fprintf(&add, "      set system services ssh authorized-keys-command-user %s\n", keysUser)
		if command == keysCommand && release != "24.4R1.9" && r.IntN(2) == 0 {
			prepared = "true"
			add.WriteString("      set system commit config-sync-with-scp\n")
		}
	}
	if r.IntN(2) == 0 {
		fmt.Fprintf(&add, "      set system commit apply-macro vc-internal-ssh %d STALE%d\n", r.IntN(4), r.IntN(9))
	}
	return fmt.Sprintf(`
chassis:
  - name: vc1
    size: %d
    fips: %s
    preprovisioned: %s
    prepared: %s
    release: %s
    config_add: |
      set system host-name vc1
%s    profile:
      check_confirm_trace: %s
      commit_results: %s
      local_name: %s
      role_word: %s
      error_tags: %s
      load_reply: %s
      banner: %s
`, size, fips, pick("true", "false"), prepared, release, add.String(),
		pick("none", "updated"), pick("per_member", "primary_only", "empty", "plain_ok"), pick("fpc", "uptime", "all"),
		pick("Master", "Primary"), pick("recorded", "full", "minimal"), pick("results", "success"), pick("none", "cli"))
}

func randomWish(r *rand.Rand) (module string, options map[string]any) {
	switch r.IntN(5) {
	case 0:
		return "vc_authorized_keys_command", map[string]any{"command": keysCommand, "user": keysUser, "replace": r.IntN(2) == 0}
	case 1:
		return "vc_authorized_keys_command", map[string]any{"state": "absent", "replace": r.IntN(2) == 0}
	case 2:
		options := map[string]any{"rekey": []string{"if_missing", "always"}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			options["record"] = "defer"
		}
		return "vc_internal_ssh", options
	case 3:
		return "vc_scp_sync", map[string]any{"state": []string{"enabled", "disabled"}[r.IntN(2)]}
	}
	return "vc_sync_check", map[string]any{"probe": r.IntN(2) == 0}
}
