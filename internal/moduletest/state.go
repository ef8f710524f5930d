// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// settings is the part of a chassis that "unchanged" is about.
type settings struct {
	Members   []sim.MemberState
	Candidate string
	Trial     *sim.TrialState
	Commits   int
}

// state is a chassis at one moment.
type state struct{ sim.ChassisState }

func (s state) settingsOf() settings {
	return settings{Members: s.Members, Candidate: s.Candidate, Trial: s.Trial, Commits: len(s.ChassisState.Commits)}
}

func (b *bench) stateNow() state { return state{b.chassis.State(true)} }

// countersSince counts what clients did since the last run of a module began.
func (b *bench) countersSince() sim.Counters {
	now, before := b.lab.Counters(b.chassis.Name), b.before.Counters
	return sim.Counters{
		Logins: now.Logins - before.Logins, RPCs: now.RPCs - before.RPCs, Reads: now.Reads - before.Reads,
		Writes: now.Writes - before.Writes, Locks: now.Locks - before.Locks, Checks: now.Checks - before.Checks,
		Commits: now.Commits - before.Commits, Prepares: now.Prepares - before.Prepares,
		Transfers: now.Transfers - before.Transfers, Rollbacks: now.Rollbacks - before.Rollbacks,
	}
}

// countingCommands is the names of the counting commands and what each counts.
func countingCommands() map[string]func(sim.Counters) int {
	return map[string]func(sim.Counters) int{
		"logins":    func(c sim.Counters) int { return c.Logins },
		"reads":     func(c sim.Counters) int { return c.Reads },
		"writes":    func(c sim.Counters) int { return c.Writes },
		"locks":     func(c sim.Counters) int { return c.Locks },
		"checks":    func(c sim.Counters) int { return c.Checks },
		"commits":   func(c sim.Counters) int { return c.Commits },
		"prepares":  func(c sim.Counters) int { return c.Prepares },
		"rollbacks": func(c sim.Counters) int { return c.Rollbacks },
	}
}

func countCmd(name string, of func(sim.Counters) int) benchCommand {
	return func(b *bench, ts *testscript.TestScript, _ bool, args []string) {
		want := -1
		if len(args) == 1 {
			want, _ = strconv.Atoi(args[0])
		}
		if want < 0 {
			ts.Fatalf("usage: %s N", name)
		}
		if got := of(b.countersSince()); got != want {
			ts.Fatalf("%s: want %d, got %d\n%s", name, want, got, b.sentLog())
		}
	}
}

// sentLog tells what was sent, for a message.
func (b *bench) sentLog() (text string) {
	for _, e := range b.lab.Log(b.chassis.Name, 0) {
		text += fmt.Sprintf("  %s as %s (%s): %s\n", e.RPC, e.User, e.Kind, e.Outcome)
	}
	return text
}

const settleTime = 5 * time.Second

// awaitSettled waits until the chassis has seen the module's sessions end, and then
// wants no lock of theirs and the candidate that was there before.
func (b *bench) awaitSettled() error {
	ctx, cancel := context.WithTimeout(b.ctx, b.settle)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond) // the lab has no event for this
	defer tick.Stop()
	for b.countStrangers(b.stateNow()) > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d sessions of the module are still open", b.countStrangers(b.stateNow()))
		}
	}
	return b.checkResidue(b.stateNow())
}

func (b *bench) checkResidue(now state) error {
	if now.Lock != 0 && !b.isOurs(now.Lock) {
		return fmt.Errorf("the lock is held by session %d, which has ended", now.Lock)
	}
	if now.Candidate != b.before.Candidate {
		return fmt.Errorf("the candidate was left changed:\n%s\nbefore:\n%s", now.Candidate, b.before.Candidate)
	}
	return nil
}

// countStrangers counts the sessions that the script did not open itself.
func (b *bench) countStrangers(now state) (n int) {
	for _, s := range now.Sessions {
		if !b.isOurs(s.ID) {
			n++
		}
	}
	return n
}

func (b *bench) isOurs(id int) bool {
	for _, c := range b.sessions {
		if c.ID() == id {
			return true
		}
	}
	return false
}
