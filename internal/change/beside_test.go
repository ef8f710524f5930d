// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A member's failure that the device reports in plain text, or in a place of its own, beside
// its success is heard: SCP is not left on, and no record claims its keys.
func TestFailureBesideASuccess(t *testing.T) {
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
			if !a.failed() || !strings.Contains(a.text("msg"), "member 2 did not take it") {
				t.Errorf("want a failure that names member 2, got %v", a)
			}
			b.tells(a, before, "reverted")
		})
	}
}
