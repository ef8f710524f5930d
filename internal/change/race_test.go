// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestTwoControllers lets two controllers work on one chassis at once. The
// seed shifts them against each other. Whoever wins, the chassis is whole:
// never SCP without keys, never members with different settings, and every
// commit is one that a result told.
func TestTwoControllers(t *testing.T) {
	t.Parallel()
	seeds, all := 12, 100
	switch {
	case everything():
		seeds = all
	case testing.Short():
		seeds = 2
	}
	var tally tally
	t.Run("races", func(t *testing.T) {
		for _, intents := range []string{"same", "opposite"} {
			for seed := range seeds {
				t.Run(fmt.Sprintf("%s/%d", intents, seed), func(t *testing.T) {
					t.Parallel()
					race(t, uint64(seed), intents == "opposite")
					tally.add(intents+" intent", !t.Failed())
				})
			}
		}
	})
	tally.log(t, "races survived / tried", 2*all)
}

func race(t *testing.T, seed uint64, opposite bool) {
	b := newBench(t, threeMembers)
	b.args["lock_timeout"] = 20
	if opposite {
		b.procedure() // one disables what the other wants
	}
	b.lab.ResetLog()
	random := rand.New(rand.NewPCG(seed, 0))
	delay := time.Duration(random.IntN(60)) * time.Millisecond
	var first, second []answer
	var both sync.WaitGroup
	both.Go(func() { first = b.steps("enabled") })
	both.Go(func() {
		time.Sleep(delay)
		second = b.steps(map[bool]string{false: "enabled", true: "disabled"}[opposite])
	})
	both.Wait()
	s := b.settle()
	for _, v := range left(s) {
		t.Error(v)
	}
	if s.Trial != nil {
		t.Error("a trial is left pending")
	}
	told := 0
	for _, a := range slices.Concat(first, second) {
		told += committed(a)
	}
	if c := b.lab.Counters("vc1"); c.Commits != told {
		t.Errorf("the device saw %d commits, the results tell of %d", c.Commits, told)
	}
	for _, v := range b.repaired(intents()[0]) {
		t.Error(v)
	}
}

// committed counts the commits that a result tells of.
func committed(a answer) (n int) {
	steps, _ := a["steps"].([]any)
	for _, s := range steps {
		switch step, _ := s.(map[string]any); step["name"] {
		case "commit confirmed", "commit", "revert", "withdraw", "commit again", "record":
			n++
		case "confirm":
			if a["prepared"] == nil && a["transport"] != nil { // vc_scp_sync confirms by a commit
				n++
			}
		}
	}
	return n
}

// steps runs the procedure one way or the other until a step fails.
func (b *bench) steps(state string) (all []answer) {
	run := func(module string, options map[string]any) bool {
		a := b.run(context.Background(), false, module, options)
		all = append(all, a)
		return !a.failed()
	}
	if state == "disabled" {
		run("vc_scp_sync", map[string]any{"state": "disabled"})
		return all
	}
	if run("vc_authorized_keys_command", stepOne()) &&
		run("vc_internal_ssh", map[string]any{"record": "defer"}) {
		run("vc_scp_sync", map[string]any{"prepared": all[1]["prepared"]})
	}
	return all
}
