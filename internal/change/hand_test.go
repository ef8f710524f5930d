// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// edits is what a colleague commits.
func (b *bench) edits(set string) {
	b.t.Helper()
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	if err := alice.Edit(set); err != nil {
		b.t.Fatal(err)
	}
	if err := alice.Commit(0); err != nil {
		b.t.Fatal(err)
	}
}

// failToRekey is a run that was to make keys again, and did not: nobody knows who has
// which.
func (b *bench) failToRekey() {
	b.t.Helper()
	b.play(script{"command", sim.Before, 0, func() sim.Fault { return sim.Fault{Action: "error", Text: "Host key verification failed."} }})
	if a := b.run(context.Background(), false, "vc_internal_ssh", map[string]any{"rekey": "always"}); !a.failed() {
		b.t.Errorf("want a failure, got %v", a)
	}
	b.lab.Hook(nil)
}

// A record that somebody has written or edited by hand claims nothing after keys were
// made that nobody has proved, and the next run ends right.
func TestRecordByOtherHands(t *testing.T) {
	t.Parallel()
	const macro = "system commit apply-macro vc-internal-ssh"
	for name, edit := range map[string]func(id int, serial string) string{
		"in a group": func(id int, s string) string {
			return fmt.Sprintf("set groups g %s %d %s\nset apply-groups g", macro, id, s)
		},
		"ids with a zero": func(id int, s string) string {
			return fmt.Sprintf("delete %s %d\nset %s 0%d %s", macro, id, macro, id, s)
		},
		"ids with a sign":   func(id int, s string) string { return fmt.Sprintf("set %s +%d %s", macro, id, s) },
		"ids in both forms": func(id int, s string) string { return fmt.Sprintf("set %s 0%d OTHER%s", macro, id, s) },
		"ids that are none": func(id int, s string) string {
			return fmt.Sprintf("set %s x%d \"{{ }} <&\"\nset %s 9999999999%d x", macro, id, macro, id)
		},
		"ids in other digits":   func(_ int, s string) string { return fmt.Sprintf("set %s \u0661 %s", macro, s) },
		"serials in lower case": func(id int, s string) string { return fmt.Sprintf("set %s %d %s", macro, id, strings.ToLower(s)) },
		"serials that are gone": func(id int, _ string) string { return fmt.Sprintf("set %s %d \"\"", macro, id) },
		"another word":          func(id int, s string) string { return fmt.Sprintf("set %s %d \"%s maybe\"", macro, id, s) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs("prepare_again: rotate"))
			b.procedure()
			b.pass()
			var set strings.Builder
			for _, m := range b.settle().Members {
				set.WriteString(edit(m.ID, m.Serial) + "\n")
			}
			b.edits(set.String())
			info := b.apply("vc_info", with(stepOne(), "scp", "enabled"))
			for _, v := range believed(info, b.settle()) {
				t.Error(v)
			}
			b.failToRekey()
			if info = b.apply("vc_info", with(stepOne(), "scp", "enabled")); info["compliant"] != false {
				t.Errorf("nobody knows who has which keys, and vc_info says %v", info)
			}
			all, bad := b.asTheRole("if_missing")
			b.pass()
			if bad = append(bad, scpOn(b.settle())...); lastOf(all).failed() || len(bad) > 0 {
				t.Errorf("want it to end right, got %v, %q", lastOf(all), bad)
			}
		})
	}
}
