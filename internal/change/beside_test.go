// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A member's failure that the device reports in plain text, or in a place of its own, beside
// its success is heard: SCP is not left on, and no record claims its keys.
func TestFailureBesideASuccess(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{
		"text":           "<ok/>fpc2: lost connection",
		"output":         "<commit-results><output>fpc2: Permission denied (publickey).\ncommit complete</output></commit-results><ok/>",
		"a heading":      "<output>fpc2:\nerror: No space left on device</output><ok/>",
		"an unknown tag": "<ok/><commit-error>member 2 was not reached: no route to host</commit-error>",
		"answers of each": "<multi-routing-engine-results><multi-routing-engine-item><re-name>fpc0</re-name><commit-results><ok/></commit-results></multi-routing-engine-item>" +
			"<multi-routing-engine-item><re-name>fpc2</re-name></multi-routing-engine-item></multi-routing-engine-results>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers+"    profile: {commit_results: plain_ok}\n")
			before := b.snapshot()
			b.play(script{"commit-configuration", sim.After, 2, func() sim.Fault {
				return sim.Fault{Action: "mutate", Find: "<ok/>", Replace: reply}
			}})
			a := b.run(context.Background(), false, "vc_scp_sync", args)
			if !a.failed() || !strings.Contains(a.text("msg"), "member 2 did not apply it") {
				t.Errorf("want a failure that names member 2, got %v", a)
			}
			b.tells(a, before, "reverted")
		})
	}
}

// Words that nobody can explain, beside the success of a device that lists no members, prove
// nothing: unless the device says them of a check too.
func TestWordsThatNobodyCanExplain(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text   string
		checks bool // it says them of a check too
		proved bool
	}{
		"of commits alone":     {"el conmutador 2 no lo recibe", false, false},
		"in codes":             {"E4711: vcp 255", false, false},
		"politely":             {"member configuration pending", false, false},
		"of the configuration": {"the statement 'foo' is from yesterday", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers+"    profile: {commit_results: plain_ok}\n")
			before := b.snapshot()
			b.lab.Hook(func(e sim.Event) sim.Fault {
				if e.RPC != "commit-configuration" || !row.checks && strings.Contains(e.Request, "<check/>") {
					return sim.Fault{}
				}
				return sim.Fault{Action: "warning", Text: row.text}
			})
			a := b.run(context.Background(), false, "vc_scp_sync", args)
			if a.failed() == row.proved || !row.proved && !strings.Contains(a.text("msg"), "the keys are not proved yet") {
				t.Errorf("want proved %t, got %s", row.proved, a.text("msg"))
			}
			b.tells(a, before, "confirmed")
			made := b.lab.Counters("vc1")
			if !slices.Contains(wordsOf(a, "steps", "name"), "commit check") || made.Checks != 1 || row.proved && made.Commits != 3 {
				t.Errorf("want one check that explains the words, and no commit where it does, got %d and %d", made.Checks, made.Commits)
			}
			b.lab.Hook(nil)
			b.apply("vc_scp_sync", nil)
			if info := b.apply("vc_info", with(stepOne(), "scp", "enabled")); info["compliant"] != true {
				t.Errorf("want the next run to prove it, got %v", info)
			}
		})
	}
}
