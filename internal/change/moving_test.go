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
	says := func(state string, changed bool) answer {
		return answer{"failed": true, "msg": "m", "commit_state": state, "changed": changed, "reverts_at": "t", "steps": []any{map[string]any{"name": "commit"}}}
	}
	made := func(s sim.ChassisState) sim.ChassisState {
		s.Commits = slices.Grow(s.Commits, 1)[:1]
		s.Commits[0].Log = "vchassis.junos 1 vc_scp_sync trial run=1"
		return s
	}
	onTrial := config("b")
	onTrial.Trial = &sim.TrialState{}
	pending := answer{"failed": true, "msg": "m", "commit_state": "pending", "reverts_at": "t", "changed": true, "steps": []any{map[string]any{"name": "commit"}}}
	for name, row := range map[string]struct {
		a             answer
		before, after sim.ChassisState
		seen          sim.Counters
		lies          bool
	}{
		"nothing moved":                                           {none, config("a"), config("a"), sim.Counters{}, false},
		"it was changed":                                          {none, config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"its own trial was rolled back":                           {none, config("a"), config("b"), sim.Counters{Rollbacks: 1}, true},
		"an earlier trial was rolled back":                        {none, trial, config("b"), sim.Counters{Rollbacks: 1}, false},
		"an earlier trial was confirmed":                          {none, trial, config("b"), sim.Counters{Commits: 1}, true},
		"a late commit of an earlier run":                         {none, session, config("b"), sim.Counters{Commits: 1}, false},
		"a session, and no commit":                                {none, session, config("b"), sim.Counters{}, true},
		"what it leaves is rolled back":                           {pending, config("a"), config("b"), sim.Counters{Commits: 1, Rollbacks: 1}, false},
		"what it leaves has no trial":                             {pending, config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"a late commit is one of its own":                         {none, config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"more late commits than sessions":                         {none, session, config("b"), sim.Counters{Commits: 2}, true},
		"an earlier trial, and a commit":                          {none, trial, made(config("b")), sim.Counters{Commits: 1, Rollbacks: 1}, true},
		"none, and it was rolled back":                            {says("none", false), config("a"), made(config("a")), sim.Counters{Commits: 1, Rollbacks: 1}, true},
		"none, and it was asked for":                              {says("none", false), config("a"), config("a"), sim.Counters{Commits: 1}, false},
		"reverted":                                                {says("reverted", false), config("a"), config("a"), sim.Counters{Commits: 1, Rollbacks: 1}, false},
		"reverted, and it is there":                               {says("reverted", false), config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"reverted, and it is on trial":                            {says("reverted", false), config("a"), onTrial, sim.Counters{Commits: 1}, true},
		"reverted, and nothing was there":                         {says("reverted", false), config("a"), config("a"), sim.Counters{}, true},
		"confirmed":                                               {says("confirmed", true), config("a"), config("b"), sim.Counters{Commits: 1}, false},
		"confirmed, and it is on trial":                           {says("confirmed", true), config("a"), onTrial, sim.Counters{Commits: 1}, true},
		"confirmed, and it was reverted":                          {says("confirmed", true), config("a"), config("a"), sim.Counters{Commits: 1, Rollbacks: 1}, true},
		"confirmed by a check, and nobody saw that it was":        {says("confirmed", false), config("a"), config("a"), sim.Counters{Checks: 1}, false},
		"an earlier trial was reverted, and is told as confirmed": {says("confirmed", true), trial, config("b"), sim.Counters{Rollbacks: 1}, true},
		"confirmed, and nothing was sent":                         {says("confirmed", true), config("a"), config("a"), sim.Counters{}, true},
		"pending":                                                 {says("pending", true), config("a"), onTrial, sim.Counters{Commits: 1}, false},
		"pending, and it is confirmed":                            {says("pending", true), config("a"), config("b"), sim.Counters{Commits: 1}, true},
		"pending, and there never was one":                        {says("pending", false), config("a"), config("a"), sim.Counters{}, true},
		"no state, and no failure":                                {answer{"commit_state": "unknown"}, config("a"), config("a"), sim.Counters{}, true},
		"more commits than it tells of":                           {pending, config("a"), config("a"), sim.Counters{Commits: 2}, true},
	} {
		if bad := honest(row.a, row.before, row.after, row.seen, false); (len(bad) > 0) != row.lies {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

// What a result calls good is judged also if it failed.
func TestOracleOfWhatIsCalledGood(t *testing.T) {
	var right sim.ChassisState
	right.KeyMesh, right.Transport = true, "scp"
	right.Members = []sim.MemberState{{Serial: "S", SCP: true, InSync: true, Command: keysCommand, User: keysUser, Config: "set system commit apply-macro vc-internal-ssh 0 S\n"}}
	but := func(change func(*sim.MemberState)) sim.ChassisState {
		s := right
		s.Members = slices.Clone(right.Members)
		change(&s.Members[0])
		return s
	}
	unproved := but(func(m *sim.MemberState) {
		m.Config = "set system commit apply-macro vc-internal-ssh 0 \"S unproved\"\n"
	})
	behind, missed := but(func(m *sim.MemberState) { m.InSync = false }), but(func(m *sim.MemberState) { m.Unsynced = "no space" })
	meshless := right
	meshless.KeyMesh = false
	for name, row := range map[string]struct {
		a    answer
		s    sim.ChassisState
		lies bool
	}{
		"compliant":                                 {answer{"compliant": true}, right, false},
		"compliant, and not proved":                 {answer{"compliant": true}, unproved, true},
		"compliant, and a pair lacks keys":          {answer{"compliant": true}, meshless, true},
		"compliant, though it failed":               {answer{"compliant": true, "failed": true}, unproved, true},
		"in sync":                                   {answer{"in_sync": true}, right, false},
		"in sync, and one is behind":                {answer{"in_sync": true}, behind, true},
		"in sync, and one missed a commit":          {answer{"in_sync": true}, missed, true},
		"in sync, though it failed, and one missed": {answer{"in_sync": true, "failed": true}, missed, true},
		"not in sync, and all are":                  {answer{"in_sync": false}, right, true},
		"not known":                                 {answer{"in_sync": nil}, missed, false},
	} {
		if bad := believed(with(row.a, "members", []any{map[string]any{}}), row.s); (len(bad) > 0) != row.lies {
			t.Errorf("%s: %v", name, bad)
		}
	}
}
