// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"strings"
	"testing"
)

const threeMembers = `
chassis:
  - name: vc1
    size: 3
`

func TestProcedure(t *testing.T) {
	b := newBench(t, threeMembers)
	if !b.procedure() {
		t.Error("the first run changed nothing")
	}
	before := b.lab.Counters("vc1")
	if before.Commits != 3 || before.Checks != 1 {
		t.Errorf("a first run costs 3 commits and 1 check, not %d and %d", before.Commits, before.Checks)
	}
	for id := range 3 {
		config := b.chassis.Member(id).Config()
		for _, want := range []string{"authorized-keys-command ", "authorized-keys-command-user", "config-sync-with-scp"} {
			if !strings.Contains(config, want) {
				t.Errorf("member %d lacks %s", id, want)
			}
		}
	}
	b.lab.ResetLog()
	if b.procedure() {
		t.Error("the second run changed something")
	}
	if c := b.lab.Counters("vc1"); c.Writes+c.Locks+c.Checks+c.Commits > 0 {
		t.Errorf("the second run did not only read: %+v", c)
	}
}
