// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// patience is more than a module may take with the timeouts that are called
// quick, with the rollbacks for which it waits.
const patience = 90 * time.Second

// witnessed runs one step and compares its result with the device: X1, X6, X8.
func (b *bench) witnessed(ctx context.Context, i intent, s step, options map[string]any) (answer, []string) {
	c := b.of(s)
	before, counted, began := c.State(true), b.lab.Counters(c.Name), time.Now()
	a := b.run(ctx, s.check, s.module, options)
	after, counts := rolledBack(c, a, before), b.lab.Counters(c.Name)
	counts.Commits, counts.Prepares, counts.Rollbacks = counts.Commits-counted.Commits, counts.Prepares-counted.Prepares, counts.Rollbacks-counted.Rollbacks
	counts.Checks -= counted.Checks
	bad := honest(a, before, after, counts, s.check)
	if took := time.Since(began); took > patience {
		bad = append(bad, fmt.Sprintf("X8: it took %s", took))
	}
	if c := counts; (i.reads || s.check) && c.Writes+c.Locks+c.Checks+c.Commits+c.Prepares > 0 {
		bad = append(bad, fmt.Sprintf("X6: it did more than read: %+v", c))
	}
	for j := range bad {
		bad[j] = fmt.Sprintf("%s: %s (msg: %s)", s.module, bad[j], a.text("msg"))
	}
	return a, bad
}

// unsure says that nobody knows whether prepare-setup did something.
func unsure(a answer) bool { return strings.Contains(a.text("msg"), "may have new keys") }

// rolledBack is a chassis after a run. One that ends a trial with its session
// is in the middle of that when the run is over, and is given time.
func rolledBack(c *sim.Chassis, a answer, before sim.ChassisState) sim.ChassisState {
	s := c.State(true)
	for end := time.Now().Add(5 * time.Second); a.text("commit_state") == "pending" && s.Trial == nil && time.Now().Before(end); s = c.State(true) {
		if s.Counters.Rollbacks > before.Counters.Rollbacks {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return s
}

// honest compares a result with the device: X1. A killed run has no result.
func honest(a answer, before, s sim.ChassisState, seen sim.Counters, check bool) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf("X1: "+format, args...)) }
	same, by := slices.Equal(configs(before), configs(s)), moverOf(a, before, s, seen)
	switch state := a.text("commit_state"); state {
	case "none":
		if !same && !by.trial && !by.commit {
			add("commit_state is none, but the configuration changed")
		}
		if made := commitsOfOurs(before, s); made > len(before.Sessions) { // each may have one under way
			add("commit_state is none, but the history has %d more commits of ours", made)
		}
	case "reverted":
		if !same && !by.trial && !by.commit {
			add("commit_state is reverted, but the configuration changed")
		}
		if seen.Commits+seen.Rollbacks == 0 && before.Trial == nil {
			add("commit_state is reverted, but there was nothing to revert")
		}
	case "confirmed":
		if s.Trial != nil {
			add("commit_state is confirmed, but a trial is pending")
		}
		if seen.Commits+seen.Checks == 0 && before.Trial == nil {
			add("commit_state is confirmed, but nothing was committed")
		}
		if same && before.Trial == nil && seen.Rollbacks > 0 || by.trial && seen.Commits == 0 {
			add("commit_state is confirmed, but it was rolled back")
		}
	case "pending":
		if s.Trial == nil && seen.Rollbacks == 0 {
			add("commit_state is pending, but the device has no trial, and rolled none back")
		}
		if a.text("reverts_at") == "" {
			add("commit_state is pending, and nothing says until when")
		}
	case "unknown", "":
		if !a.failed() {
			add("commit_state is %q in a result that did not fail", state)
		}
	default:
		add("commit_state is %q", state)
	}
	violations = append(violations, countedRight(a, same, by, seen, check)...)
	violations = append(violations, shownRight(a, s, by, check)...)
	if a.failed() && a.text("msg") == "" {
		add("a failure without a message")
	}
	return append(violations, believed(a, s)...)
}

// countedRight compares what a result says was done with what was seen.
func countedRight(a answer, same bool, by mover, seen sim.Counters, check bool) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf("X1: "+format, args...)) }
	if made := attempts(a); seen.Commits > made && !by.commit {
		add("the device has %d more commits, the result tells of %d", seen.Commits, made)
	}
	if by.commit { // which are this run's cannot be told
		return violations
	}
	if did := !same && !by.trial || seen.Prepares+seen.Commits > 0; !check && !a.failed() && a.changed() != did {
		add("changed is %v, but something was done: %v", a.changed(), did)
	}
	settled := a.text("commit_state")
	if a.failed() && seen.Prepares+seen.Commits == 0 && settled != "pending" && settled != "unknown" && !by.trial && a.changed() == same && !(unsure(a) && a.changed()) {
		add("changed is %v, but the configuration is the same: %v", a.changed(), same)
	}
	return violations
}

// shownRight compares the difference that a result shows with what the primary has,
// where the result says that it is settled.
func shownRight(a answer, s sim.ChassisState, by mover, check bool) (violations []string) {
	diff, ok := a["diff"].(map[string]any)
	if !ok || check || by.trial || by.commit || s.Trial != nil || !slices.Contains([]string{"none", "reverted", "confirmed"}, a.text("commit_state")) {
		return nil
	}
	told, _ := diff["after"].(string)
	for _, m := range s.Members {
		if m.ID != s.Primary {
			continue
		}
		has := m.Config
		if strings.Contains(a.text("msg"), "whether the keys are recorded as proved is unknown") {
			told, has = withoutProof(told), withoutProof(has)
		}
		if want, has := ourLines(told), ourLines(has); !slices.Equal(want, has) {
			return []string{fmt.Sprintf("X1: the diff ends with\n%s\nand the primary has\n%s", strings.Join(want, "\n"), strings.Join(has, "\n"))}
		}
	}
	return nil
}

// withoutProof is a configuration in which it does not show whether keys are proved.
func withoutProof(config string) string {
	return strings.NewReplacer(" unproved", "", `"`, "").Replace(config)
}

// ourLines are the statements of the procedure, sorted.
func ourLines(config string) (lines []string) {
	for line := range strings.Lines(config) {
		if strings.HasPrefix(line, "set system commit config-sync-with-scp") || strings.HasPrefix(line, "set system commit apply-macro vc-internal-ssh") ||
			strings.HasPrefix(line, "set system services ssh authorized-keys-command") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	slices.Sort(lines)
	return lines
}

// commitsOfOurs counts the entries of the history that are new and marked.
func commitsOfOurs(before, s sim.ChassisState) (n int) {
	known := map[string]bool{}
	for _, e := range before.Commits {
		known[e.Log] = true
	}
	for _, e := range s.Commits {
		if strings.HasPrefix(e.Log, "vchassis.junos ") && !known[e.Log] {
			n++
		}
	}
	return n
}

// mover is what changed a device while a run was there, and was not the run.
type mover struct {
	trial  bool // the trial of an earlier run was rolled back
	commit bool // commits of earlier runs, whose clients were gone, came in
}

// moverOf takes nothing for granted that this run may have done: a trial has to have
// been there before, and of every commit that it does not tell of a session.
func moverOf(a answer, before, s sim.ChassisState, seen sim.Counters) mover {
	more := seen.Commits - attempts(a)
	return mover{trial: before.Trial != nil && s.Trial == nil && seen.Rollbacks > 0, commit: more > 0 && more <= len(before.Sessions)}
}

// believedMeanwhile judges what a reading says of a device that may move by itself
// while it is read, because an earlier run has left a trial or a commit on its way: it
// is so as the device was before, or as it is after. One on which nothing is under
// way does not move.
func believedMeanwhile(a answer, before, after sim.ChassisState, judge func(answer, sim.ChassisState) []string) []string {
	bad := judge(a, after)
	if moves := before.Trial != nil || len(before.Sessions) > 0; moves && len(bad) > 0 && len(judge(a, before)) == 0 {
		return nil
	}
	return bad
}

// believed compares what a result says of the chassis with it. One that failed may
// have read the members before they changed; what it claims to be good has to be so.
func believed(a answer, s sim.ChassisState) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf("X1: "+format, args...)) }
	behind := slices.ContainsFunc(s.Members, func(m sim.MemberState) bool { return !m.InSync || m.Unsynced != "" })
	if in, told := a["in_sync"].(bool); told && in == behind && (in || !a.failed()) {
		add("in_sync is told as %v, and a member is behind: %v", in, behind)
	}
	if done := len(scpOn(s)) == 0; a["compliant"] == true && !done {
		add("the chassis is told to be compliant: %s", strings.Join(scpOn(s), "; "))
	}
	if a.failed() {
		return violations
	}
	if t := a.text("transport"); t != "" && t != "unknown" && t != s.Transport {
		add("the transport is told as %s, it is %s", t, s.Transport)
	}
	told, _ := a["members"].([]any)
	for n, m := range s.Members {
		if len(told) != len(s.Members) {
			add("%d members are told, there are %d", len(told), len(s.Members))
			break
		}
		if m.InSync {
			continue
		}
		if of, _ := told[n].(map[string]any); of["commit"] == "ok" {
			add("member %d is told to have taken the commit, and is not in sync", m.ID)
		}
	}
	return violations
}

// attempts counts the commits and checks that a result tells of.
func attempts(a answer) (n int) {
	steps, _ := a["steps"].([]any)
	for _, s := range steps {
		switch step, _ := s.(map[string]any); step["name"] {
		case "commit", "commit confirmed", "confirm", "revert", "withdraw", "commit again", "record":
			n++
		}
	}
	return n
}
