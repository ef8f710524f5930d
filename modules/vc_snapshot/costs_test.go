// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A twin counts for a commit what it was told that one takes.
func TestTwinCommitsTakeAsLongAsTheyAreSaidTo(t *testing.T) {
	p := newPair(t, officeOfThree, nil)
	seconds := map[time.Duration]float64{}
	for _, took := range []time.Duration{0, time.Hour} {
		twins, err := sim.ReadTwins(p.file, sim.TwinOptions{KeysCommand: command, KeysCommandUser: user, Commit: took})
		if err != nil {
			t.Fatal(err)
		}
		lab := start(t, sim.Scenario{Chassis: twins})
		answer := run(t, lab, "vc_authorized_keys_command", false, map[string]any{"username": "admin", "command": command, "user": user, "confirm_timeout": 0})
		if answer["changed"] != true {
			t.Fatal(answer["msg"])
		}
		seconds[took] = lab.Counters("vc1").SwitchSeconds
	}
	if more := seconds[time.Hour] - seconds[0]; more < 3590 || more > 2*3600 { // a check may come before it
		t.Errorf("want an hour more for the commit, got %.0f s", more)
	}
}
