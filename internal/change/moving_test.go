// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"slices"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A device that moves while it is read makes nobody a liar, and excuses nobody.
func TestOracleOfADeviceThatMoves(t *testing.T) {
	over := func(transport string, by string) sim.ChassisState {
		s := sim.ChassisState{Transport: transport}
		switch by {
		case "trial":
			s.Trial = &sim.TrialState{}
		case "session":
			s.Sessions = slices.Grow(s.Sessions, 1)[:1]
		}
		return s
	}
	for name, row := range map[string]struct {
		told, before, after, by string
		lies                    bool
	}{
		"as it is":                     {"scp", "scp", "scp", "", false},
		"as it was, before a trial":    {"scp", "scp", "rcp", "trial", false},
		"as it was, before a session":  {"scp", "scp", "rcp", "session", false},
		"as it was, and nothing moves": {"scp", "scp", "rcp", "", true},
		"as it has become":             {"rcp", "scp", "rcp", "trial", false},
		"neither":                      {"scp", "rcp", "rcp", "trial", true},
		"it is not, and never was":     {"rcp", "scp", "scp", "session", true},
	} {
		if bad := believedMeanwhile(answer{"transport": row.told}, over(row.before, row.by), over(row.after, ""), believed); (len(bad) > 0) != row.lies {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

// What an earlier run has left may end meanwhile, and nothing else may change unsaid.
func TestOracleOfWhatAnEarlierRunHasLeft(t *testing.T) {
	config := func(text string) sim.ChassisState {
		return sim.ChassisState{Members: []sim.MemberState{{Config: text, InSync: true}}}
	}
	trial, session := config("a"), config("a")
	trial.Trial, session.Sessions = &sim.TrialState{}, slices.Grow(session.Sessions, 1)[:1]
	none := answer{"failed": true, "msg": "m", "commit_state": "none"}
	pending := answer{"failed": true, "msg": "m", "commit_state": "pending", "reverts_at": "t", "changed": true, "steps": []any{map[string]any{"name": "commit"}}}
	for name, row := range map[string]struct {
		a             answer
		before, after sim.ChassisState
		seen          sim.Counters
		lies          bool
	}{
		"nothing moved":                    {none, config("a"), config("a"), sim.Counters{}, false},
		"it was changed":                   {none, config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"its own trial was rolled back":    {none, config("a"), config("b"), sim.Counters{Rollbacks: 1}, true},
		"an earlier trial was rolled back": {none, trial, config("b"), sim.Counters{Rollbacks: 1}, false},
		"an earlier trial was confirmed":   {none, trial, config("b"), sim.Counters{Commits: 1}, true},
		"a late commit of an earlier run":  {none, session, config("b"), sim.Counters{Commits: 1}, false},
		"a session, and no commit":         {none, session, config("b"), sim.Counters{}, true},
		"what it leaves is rolled back":    {pending, config("a"), config("b"), sim.Counters{Commits: 1, Rollbacks: 1}, false},
		"what it leaves has no trial":      {pending, config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"more commits than it tells of":    {pending, config("a"), config("a"), sim.Counters{Commits: 2}, true},
	} {
		if bad := honest(row.a, row.before, row.after, row.seen, false); (len(bad) > 0) != row.lies {
			t.Errorf("%s: %v", name, bad)
		}
	}
}
