// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// TestFaultsInARow breaks runs of the role with one, two and three faults, which a
// seed chooses, on every device of the profiles. Nobody may be told anything false
// meanwhile, and runs without faults end right.
func TestFaultsInARow(t *testing.T) {
	t.Parallel()
	const all = 3200
	var tally tally
	t.Run("runs", func(t *testing.T) {
		for seed := 0; seed < all; seed += strideOf(41) {
			profile := profiles[seed%len(profiles)]
			t.Run(fmt.Sprintf("%s/%d", profile.name, seed), func(t *testing.T) {
				t.Parallel()
				struck, survived := strikeInARow(t, uint64(seed), profile.knobs)
				tally.add(fmt.Sprintf("%d in a row", struck), survived)
			})
		}
	})
	tally.log(t, "runs with faults in a row survived / tried", all)
}

// row is the faults of one run.
type row struct {
	mu     sync.Mutex
	b      *bench
	random *rand.Rand
	cancel func()
	left   int // of them
	next   int // the message that the next one strikes
	n      int // messages so far
	behind bool
	struck []string
}

func strikeInARow(t *testing.T, seed uint64, knobs string) (struck int, survived bool) {
	random := rand.New(rand.NewPCG(seed, 3))
	j := journeys()[random.IntN(3)]
	b := j.travels(t, knobs)
	calm := b.hurried()
	defer b.letTimePass()()
	messages := map[string]int{"first_run": 200, "rekey_always": 120, "absent": 100}
	r := &row{b: b, random: random, left: 1 + int(seed)%3, next: random.IntN(messages[j.name])}
	b.lab.Hook(r.strike)
	var bad []string
	for range 4 { // the next run meets the faults that are left
		bad = append(bad, r.run(j)...)
	}
	b.lab.Hook(nil)
	b.lab.ClearFaults()
	b.moves.Wait()
	calm()
	bad = append(bad, b.isTold()...)
	bad = append(bad, j.arrives(b, false)...)
	bad = append(bad, b.leftEverywhere(nil)...)
	for _, v := range bad {
		t.Errorf("%s, %v: %s", j.name, r.struck, v)
	}
	return len(r.struck), len(bad) == 0
}

// run is one run of the role, if there are faults left for it.
func (r *row) run(j journey) (bad []string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.mu.Lock()
	over := r.left == 0
	r.cancel = cancel
	r.mu.Unlock()
	if !over {
		j.goes(j.witness(ctx, r.b, &bad))
	}
	return bad
}

// strike is called with every message of the run.
func (r *row) strike(e sim.Event) sim.Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.behind {
		r.b.lab.ClearFaults()
		r.behind = false
	}
	r.n++
	if r.left == 0 || r.n <= r.next {
		return sim.Fault{}
	}
	action := actions[r.random.IntN(len(actions))]
	if !meets(action, e) {
		return sim.Fault{} // the next message that it meets
	}
	r.left--
	r.next = r.n + r.random.IntN(30)
	r.behind = action == "behind"
	r.struck = append(r.struck, fmt.Sprintf("%s %s %s", action, e.When, e.RPC))
	return r.b.struck(action, r.cancel)
}
