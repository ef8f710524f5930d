// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

var timeOfDay = regexp.MustCompile(`(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d`)

// wordsOf are the texts, or the names, of a list in a result.
func wordsOf(a answer, list, key string) (words []string) {
	all, _ := a[list].([]any)
	for _, e := range all {
		of, _ := e.(map[string]any)
		text, _ := of[key].(string)
		words = append(words, timeOfDay.ReplaceAllString(text, "hh:mm:ss"))
	}
	return words
}

// Who watches the procedure reads what is done, and the result has how long each of it took.
// What was read before is not read again: a chassis is read whole once.
func TestWatchedProcedure(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	var mu sync.Mutex
	asked := map[string]int{}
	most := 0 // sessions while commits are made
	b.lab.Hook(func(e sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		if e.When == sim.Before {
			asked[e.RPC]++
		}
		if e.When == sim.Before && e.RPC == "commit-configuration" {
			for end := time.Now().Add(time.Second); len(b.chassis.State(false).Sessions) > 1 && time.Now().Before(end); {
				time.Sleep(5 * time.Millisecond) // a session that was closed is gone in a moment
			}
			most = max(most, len(b.chassis.State(false).Sessions))
		}
		return sim.Fault{}
	})
	a := b.run(context.Background(), false, "vc_procedure", stepOne())
	b.saidOf(a, false, "confirmed", "")
	trial := []string{"commit confirmed", "trial committed: the chassis reverts at hh:mm:ss UTC on the controller's clock unless a new login proves that it can be reached", "new login", "new login succeeded"}
	want := slices.Concat([]string{"configuration locked", "step 1 (authorized-keys-command)"}, trial, []string{"confirm by a commit check",
		"step 2 (internal SSH keys)", "make SSH keys for every member (prepare-setup)", "keys made", "step 3 (config-sync-with-scp)"}, trial,
		[]string{"confirm by a commit", "commit, to record the proof", "change committed for good"})
	if diff := cmp.Diff(want, wordsOf(a, "events", "text")); diff != "" {
		t.Errorf("events: want - got +\n%s", diff)
	}
	steps := strings.Fields("login read lock read compare load commit_confirmed prove confirm read prepare read load commit_confirmed prove load confirm load record read unlock")
	if got := strings.Fields(strings.Join(wordsOf(a, "steps", "name"), " ")); !slices.Equal(got, strings.Fields(strings.ReplaceAll(strings.Join(steps, " "), "_", " "))) {
		t.Errorf("steps: got %q", got)
	}
	if asked["get-software-information"] != 1 || asked["get-virtual-chassis-information"] != 7 || most != 1 {
		t.Errorf("want one reading of all and seven of the members, and one session while commits are made, got %v, and %d sessions", asked, most)
	}
}

// Where nothing is committed, nobody is told of a commit.
func TestWatchedKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	b.apply("vc_authorized_keys_command", stepOne())
	b.pass()
	a := b.apply("vc_internal_ssh", map[string]any{"record": "defer"})
	if got := strings.Join(wordsOf(a, "events", "text"), "; "); got != "configuration locked; make SSH keys for every member (prepare-setup); keys made" {
		t.Errorf("got %s", got)
	}
	if a := b.apply("vc_internal_ssh", nil); strings.Contains(asText(a), "no new login has proved") {
		t.Errorf("a record needs no trial, and the result misses one: %v", a)
	}
}
