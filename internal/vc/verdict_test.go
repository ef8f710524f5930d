// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The settings of a change: before, on trial, confirmed, with what it proved.
var (
	without   = Settings{Keys: good}
	onTrial   = Settings{Keys: good, SCP: true}
	confirmed = Settings{Keys: good, SCP: true, Record: Record{0: {"A", false}}}
	proven    = Settings{Keys: good, SCP: true, Record: Record{0: {"A", true}}}
	elsewise  = Settings{Keys: other}
)

// entryOf is an entry of the history: a phase of this run, of the killed one
// ("old trial"), or another user's ("alice").
func entryOf(what string) Commit {
	switch what {
	case "alice", "rollback":
		return Commit{User: what, Client: "cli"}
	case "old trial":
		return Commit{User: "root", Client: "netconf", Log: Mark{Version: "1", Module: ModuleSCPSync, Phase: PhaseTrial, Run: "aa"}.String()}
	}
	return Commit{User: "root", Client: "netconf", Log: Mark{Version: "1", Module: ModuleSCPSync, Phase: Phase(what), Run: "1f"}.String()}
}

// read is a reading: what is in force, and the history, the newest first.
func read(own Settings, history ...string) *Reading {
	r := &Reading{Chassis: Chassis{Own: own, Settings: own, HistoryKnown: true}}
	for _, what := range history {
		r.History = append(r.History, entryOf(what))
	}
	return r
}

func open(r *Reading) *Reading    { r.Trial = &Trial{Commit: r.History[0]}; return r }
func expired(r *Reading) *Reading { r.Expired = &Trial{Commit: r.History[0]}; return r }
func inTime(e *Evidence)          { e.InTime = true }
func secret(r *Reading) *Reading  { r.HistoryKnown, r.History = false, nil; return r }

// sent are the commits of a run, in words.
func sent(words ...string) (all []Sent) {
	targets := map[Phase]Settings{PhaseTrial: onTrial, PhaseConfirm: confirmed, PhaseProve: confirmed, PhaseRecord: proven,
		PhaseCommit: onTrial, PhaseWithdraw: without, PhaseRevert: without}
	for i := 0; i < len(words); i += 2 {
		s := Sent{Phase: Phase(words[i]), Answer: map[string]Answer{"lost": Lost, "refused": Refused, "accepted": Accepted}[words[i+1]]}
		if words[i] == "check" {
			s.Phase, s.Check = PhaseConfirm, true
		}
		s.Own = targets[s.Phase]
		if s.Check {
			s.Own = onTrial
		}
		all = append(all, s)
	}
	return all
}

func TestJudge(t *testing.T) {
	const lost, refused, accepted = "lost", "refused", "accepted"
	type given func(*Evidence)
	locked := func(e *Evidence) { e.Locked = true }
	back := func(e *Evidence) { e.Locked, e.LinkLost, e.NewLogin = true, true, true }
	blocked := func(e *Evidence) { e.LinkLost, e.NewLogin = true, true }
	strayed := func(e *Evidence) { e.Strayed = true }
	moved := func(e *Evidence) { e.Moved = true }
	enables := func(e *Evidence) { e.Enables, e.Proves = true, true }
	proves := func(e *Evidence) { e.Proves = true }
	someFailed := func(e *Evidence) { e.Reach = ReachFailed }
	stopped := func(e *Evidence) { e.Stopped = true }
	resumed := func(e *Evidence) { e.TrialRun, e.Before = "aa", onTrial }
	onTop := func(e *Evidence) { e.OnTop = true }
	all := func(g ...given) []given { return g }
	verdict := func(s State, n Next, cameIn int) Verdict { return Verdict{State: s, Next: n, CameIn: cameIn} }
	underWay := Verdict{State: StateUnknown, CameIn: -1, UnderWay: true}
	unknown := verdict(StateUnknown, Report, -1)
	for _, row := range []struct {
		name  string
		sent  []Sent
		read  *Reading
		given []given
		want  Verdict
	}{
		{"nothing was sent", nil, read(without, "alice"), all(locked), verdict(StateNone, Report, -1)},
		{"the device is gone", sent("trial", lost), nil, all(back), unknown},

		// Told to stop: what was said counts, and clean-up that nobody else does.
		{"stopped in the trial", sent("trial", lost), nil, all(stopped), unknown},
		{"stopped after the trial", sent("trial", accepted), nil, all(stopped), verdict(StatePending, Report, 0)},
		{"stopped in the confirmation", sent("trial", accepted, "confirm", lost), nil, all(stopped, enables), unknown},
		{"stopped after it", sent("trial", accepted, "confirm", accepted), nil, all(stopped, enables), verdict(StateConfirmed, Report, 1)},
		{"stopped after it, and a member failed", sent("trial", accepted, "confirm", accepted), nil, all(stopped, enables, someFailed), verdict(StateConfirmed, TakeSCPBack, 1)},
		{"stopped when the record was withdrawn", sent("withdraw", accepted), nil, all(stopped), verdict(StateConfirmed, Report, 0)},
		{"stopped in the proof", sent("trial", accepted, "confirm", accepted, "prove", lost), nil, all(stopped, enables), verdict(StateConfirmed, Report, 1)},
		{"stopped after a check that a member did not pass", sent("trial", accepted, "check", accepted), nil, all(stopped, enables, someFailed), verdict(StateConfirmed, Report, 1)},
		{"stopped in the record", sent("trial", accepted, "confirm", accepted, "record", lost), nil, all(stopped, enables), verdict(StateConfirmed, Report, 1)},

		// A plain commit.
		{"refused", sent("commit", refused), read(without, "alice"), all(locked), verdict(StateNone, Report, -1)},
		{"refused, and it is there", sent("commit", refused), read(onTrial, "commit"), all(locked), verdict(StateConfirmed, Report, 0)},
		{"lost, and it is there", sent("commit", lost), read(onTrial, "commit"), all(back), verdict(StateConfirmed, Finish, 0)},
		{"lost, and it is not there", sent("commit", lost), read(without, "alice"), all(back), verdict(StateNone, Report, -1)},
		{"lost, not there, and somebody has the lock", sent("commit", lost), read(without, "alice"), nil, underWay},
		{"lost, there, and somebody has the lock", sent("commit", lost), read(onTrial, "commit"), nil, verdict(StateConfirmed, Report, 0)},
		{"lost, there, and somebody has the lock, after a new login", sent("commit", lost), read(onTrial, "commit"), all(blocked), verdict(StateConfirmed, Finish, 0)},
		{"lost, there, and somebody has committed since", sent("commit", lost), read(onTrial, "alice", "commit"), all(back), verdict(StateConfirmed, Finish, 0)},
		{"lost, and somebody has undone it", sent("commit", lost), read(without, "alice", "commit"), all(back), Verdict{State: StateReverted, Undone: true}},
		{"lost, and somebody has changed it", sent("commit", lost), read(elsewise, "alice", "commit"), all(back), verdict(StateConfirmed, Report, 0)},
		{"accepted, and the device has something else", sent("commit", accepted), read(elsewise, "commit"), all(locked), verdict(StateConfirmed, Report, 0)},
		{"accepted, and a group gives it still", sent("commit", accepted),
			&Reading{Chassis: Chassis{Own: onTrial, Settings: without, HistoryKnown: true}, History: []Commit{entryOf("commit")}}, all(locked), verdict(StateConfirmed, Report, 0)},
		{"lost, without a history, there", sent("commit", lost), secret(read(onTrial)), all(back), verdict(StateConfirmed, Finish, 0)},
		{"lost, without a history, not there", sent("commit", lost), secret(read(without)), all(back), verdict(StateNone, Report, -1)},
		{"lost, without a history or the lock, not there", sent("commit", lost), secret(read(without)), nil, unknown},
		{"lost, without a history, neither", sent("commit", lost), secret(read(elsewise)), all(back), unknown},
		{"another primary has it", sent("commit", accepted), read(onTrial, "commit"), all(locked, moved), verdict(StateConfirmed, Finish, 0)},
		{"another primary has it, and nothing is proved", sent("commit", accepted), read(onTrial, "commit"), all(locked, moved, proves), verdict(StateConfirmed, Report, 0)},
		{"lost, and there is what this run has not sent", sent("commit", lost), read(onTrial, "prove"), all(back), verdict(StateConfirmed, Report, 0)},
		{"lost, not marked, and there is something else", sent("commit", lost), read(elsewise, "alice"), all(back), unknown},
		{"withdrawn, lost without a history, not there", sent("withdraw", accepted, "commit", lost), secret(read(without)), all(back), verdict(StateConfirmed, Report, 0)},
		{"a probe, lost and there", sent("withdraw", lost), read(without, "withdraw"), all(back), verdict(StateConfirmed, Report, 0)},
		{"a withdrawal that a member did not take", sent("withdraw", accepted), read(without, "withdraw"), all(locked, proves, someFailed), verdict(StateConfirmed, Report, 0)},
		{"a revert that a member did not take", sent("commit", accepted, "revert", accepted), read(without, "revert", "commit"), all(locked, enables, someFailed), verdict(StateConfirmed, Report, 1)},
		{"a trial without a difference, lost and not marked", sent("trial", lost), read(onTrial, "alice"), all(back, func(e *Evidence) { e.Before = onTrial }), verdict(StateNone, Report, -1)},
		{"a probe, not marked", sent("withdraw", accepted), read(without, "alice"), all(locked), verdict(StateConfirmed, Report, 0)},
		{"a probe, refused", sent("withdraw", refused), read(without, "alice"), all(locked), verdict(StateNone, Report, -1)},
		{"a probe, without a history", sent("withdraw", accepted), secret(read(without)), all(locked), verdict(StateConfirmed, Report, 0)},
		{"one without a difference, lost without a history", sent("withdraw", lost), secret(read(without)), all(back), unknown},

		// What is withdrawn comes first.
		{"withdrawn, and the commit did not come in", sent("withdraw", accepted, "commit", lost), read(without, "withdraw"), all(back), verdict(StateConfirmed, Report, 0)},
		{"withdrawn, and the commit may come in yet", sent("withdraw", accepted, "commit", lost), read(without, "withdraw"), nil, Verdict{State: StateUnknown, UnderWay: true}},

		// A trial.
		{"a trial, refused", sent("trial", refused), read(without, "alice"), all(locked), verdict(StateNone, Report, -1)},
		{"a trial, refused and there", sent("trial", refused), open(read(onTrial, "trial")), all(locked), verdict(StatePending, AwaitRollback, 0)},
		{"a trial, lost and there", sent("trial", lost), open(read(onTrial, "trial")), all(back), verdict(StatePending, ConfirmTrial, 0)},
		{"a trial, lost and there, as the session without a new login shows", sent("trial", lost), open(read(onTrial, "trial")), all(back, func(e *Evidence) { e.NewLogin = false }), verdict(StatePending, AwaitRollback, 0)},
		{"a trial, lost and there, on another primary", sent("trial", lost), open(read(onTrial, "trial")), all(back, moved), verdict(StatePending, AwaitRollback, 0)},
		{"a trial, lost and not there", sent("trial", lost), read(without, "alice"), all(back), verdict(StateNone, Report, -1)},
		{"a trial, lost, not there, and somebody has the lock", sent("trial", lost), read(without, "alice"), nil, underWay},
		{"a trial, lost and not there, after that of another run", sent("trial", lost), read(without, "alice", "old trial"), all(back), verdict(StateNone, Report, -1)},
		{"a trial, lost and over", sent("trial", lost), read(without, "rollback", "trial"), all(back), verdict(StateReverted, Report, 0)},
		{"a trial, lost, that somebody has confirmed", sent("trial", lost), read(onTrial, "alice", "trial"), all(back), verdict(StateConfirmed, Report, 0)},
		{"a killed run's trial that somebody has confirmed", sent("trial", accepted, "confirm", refused), read(onTrial, "alice", "old trial"), all(locked, resumed), verdict(StateConfirmed, Report, 0)},
		{"a killed run's trial that somebody has undone", sent("trial", accepted, "confirm", refused), read(without, "alice", "old trial"), all(locked, resumed), verdict(StateReverted, Report, 0)},
		{"a trial on top of another that somebody has confirmed", sent("trial", accepted), read(onTrial, "alice", "trial"), all(locked, onTop), verdict(StateConfirmed, Report, 0)},
		{"a trial below another", sent("trial", lost), open(read(onTrial, "alice", "trial")), all(back), Verdict{State: StatePending, Below: true}},
		{"a trial that is not known as ours", sent("trial", lost), open(read(onTrial, "alice")), all(back), Verdict{State: StatePending, Below: true}},
		{"a trial whose settings somebody has changed", sent("trial", accepted), read(elsewise, "alice", "trial"), all(locked), verdict(StateUnknown, Report, 0)},
		{"a trial that could not be proved", sent("trial", accepted), open(read(onTrial, "trial")), all(locked), verdict(StatePending, AwaitRollback, 0)},
		{"a trial that could not be proved, after a new login", sent("trial", accepted), open(read(onTrial, "trial")), all(locked, func(e *Evidence) { e.NewLogin = true }), verdict(StatePending, AwaitRollback, 0)},
		{"a trial that could not be proved, and the session is lost too", sent("trial", accepted), open(read(onTrial, "trial")), all(back), verdict(StatePending, ConfirmTrial, 0)},
		{"a trial that is settled, as the device shows", sent("trial", accepted), read(onTrial, "trial"), all(locked), verdict(StateConfirmed, Report, 0)},
		{"a trial of which the device has something else", sent("trial", accepted), read(elsewise, "trial"), all(locked), verdict(StateUnknown, Report, 0)},
		{"a trial that went without an entry", sent("trial", accepted), read(without, "trial"), all(locked), verdict(StateReverted, Report, 0)},
		{"a trial whose entry is gone", sent("trial", accepted), read(without, "alice"), all(locked), verdict(StateReverted, Report, 0)},
		{"a trial on top of another, rolled back to what nobody saw", sent("trial", accepted), read(elsewise, "rollback", "trial"), all(locked, onTop), verdict(StateReverted, Report, 0)},
		{"a trial without a history", sent("trial", lost), secret(read(onTrial)), all(back), verdict(StatePending, ConfirmTrial, 0)},
		{"a trial, lost, without a history, not there", sent("trial", lost), secret(read(without)), all(back), unknown},
		{"a trial, accepted, without a history, not there", sent("trial", accepted), secret(read(without)), all(locked), verdict(StateReverted, Report, 0)},
		{"a trial without a history and with other settings", sent("trial", accepted), secret(read(elsewise)), all(locked), unknown},

		// Its confirmation by a check, which leaves no entry.
		{"a check, refused", sent("trial", accepted, "check", refused), open(read(onTrial, "trial")), all(locked), verdict(StatePending, AwaitRollback, 0)},
		{"a check, lost", sent("trial", accepted, "check", lost), open(read(onTrial, "trial")), all(back), verdict(StatePending, ConfirmTrial, 0)},
		{"a check, lost, and the marker is gone", sent("trial", accepted, "check", lost), read(onTrial, "trial"), all(back), verdict(StateConfirmed, Finish, 0)},
		{"a check, refused, and the marker is gone", sent("trial", accepted, "check", refused), read(onTrial, "trial"), all(locked), verdict(StateConfirmed, Report, 0)},
		{"a check that came too late", sent("trial", accepted, "check", accepted), read(without, "rollback", "trial"), all(locked), verdict(StateReverted, Report, 0)},
		{"a check, without a history", sent("trial", accepted, "check", lost), secret(read(onTrial)), all(back), verdict(StatePending, ConfirmTrial, 0)},

		// Its confirmation by a commit.
		{"a confirmation, refused", sent("trial", accepted, "confirm", refused), open(read(onTrial, "trial")), all(locked, enables), verdict(StatePending, AwaitRollback, 0)},
		{"a confirmation, refused by a member", sent("trial", accepted, "confirm", refused), open(read(onTrial, "trial")), all(locked, enables, someFailed), verdict(StatePending, AwaitRollback, 0)},
		{"a confirmation, lost and there", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "trial"), all(back, enables), verdict(StateConfirmed, ProveAgain, 1)},
		{"a confirmation, lost and there, of what needs no proof", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "trial"), all(back), verdict(StateConfirmed, Finish, 1)},
		{"a confirmation, lost and there, and somebody has the lock", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "trial"), all(enables), verdict(StateConfirmed, Report, 1)},
		{"a confirmation, lost and there, and somebody has the lock, after a new login", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "trial"), all(enables, blocked), verdict(StateConfirmed, Report, 1)},
		{"a trial, there, and somebody has the lock", sent("trial", lost), open(read(onTrial, "trial")), all(enables, blocked), verdict(StatePending, Report, 0)},
		{"a member failed, and somebody has the lock", sent("trial", accepted, "confirm", accepted), read(confirmed, "confirm", "trial"), all(enables, someFailed, blocked), verdict(StateConfirmed, Report, 1)},
		{"rolled back after a member had strayed", sent("trial", accepted, "confirm", refused), read(without, "rollback", "trial"), all(locked, enables, someFailed, strayed), verdict(StateReverted, BringMembersBack, 0)},
		{"rolled back, a member strayed, and somebody has the lock", sent("trial", accepted, "confirm", refused), read(without, "rollback", "trial"), all(enables, someFailed, strayed), verdict(StateReverted, Report, 0)},
		{"rolled back, a member strayed, and another is the primary", sent("trial", accepted, "confirm", refused), read(without, "rollback", "trial"), all(locked, moved, enables, someFailed, strayed), verdict(StateReverted, Report, 0)},
		{"rolled back after a member had failed the trial itself", sent("trial", accepted), read(without, "rollback", "trial"), all(locked, enables, someFailed), verdict(StateReverted, Report, 0)},
		{"a confirmation, lost and there, on another primary", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "trial"), all(back, enables, moved), verdict(StateConfirmed, Report, 1)},
		{"a confirmation, lost and not there", sent("trial", accepted, "confirm", lost), open(read(onTrial, "trial")), all(back, enables), verdict(StatePending, ConfirmTrial, 0)},
		{"a confirmation, lost, not there, and somebody has the lock", sent("trial", accepted, "confirm", lost), open(read(onTrial, "trial")), all(enables), Verdict{State: StateUnknown, UnderWay: true}},
		{"rolled back, and a confirmation was lost", sent("trial", accepted, "confirm", lost), read(without, "rollback", "trial"), all(back, enables), verdict(StateReverted, Report, 0)},
		{"rolled back, and a confirmation may come in yet", sent("trial", accepted, "confirm", lost), read(without, "rollback", "trial"), all(enables, blocked), Verdict{State: StateUnknown, UnderWay: true}},
		{"rolled back without a mark, and a confirmation may come in yet", sent("trial", accepted, "confirm", lost), read(without, "alice"), all(enables, blocked), Verdict{State: StateUnknown, UnderWay: true}},
		{"rolled back without a history, and a confirmation may come in yet", sent("trial", accepted, "confirm", lost), secret(read(without)), all(enables, blocked), Verdict{State: StateUnknown, UnderWay: true}},
		{"rolled back, and a check was lost", sent("trial", accepted, "check", lost), read(without, "rollback", "trial"), all(blocked), verdict(StateReverted, Report, 0)},
		{"a confirmation that came too late", sent("trial", accepted, "confirm", accepted), read(without, "confirm", "rollback", "trial"), all(locked), Verdict{State: StateReverted, CameIn: 1, Gone: true}},
		{"one that came too late, and left its own part", sent("trial", accepted, "confirm", accepted), read(Settings{Keys: good, Record: confirmed.Record}, "confirm", "rollback", "trial"), all(locked),
			Verdict{State: StateConfirmed, CameIn: 1, Gone: true}},
		{"a confirmation that a member did not take", sent("trial", accepted, "confirm", accepted), read(confirmed, "confirm", "trial"), all(locked, enables, someFailed), verdict(StateConfirmed, TakeSCPBack, 1)},
		{"one that a member did not take, where SCP was on", sent("commit", accepted), read(onTrial, "commit"), all(locked, proves, someFailed), verdict(StateConfirmed, TakeClaimsOut, 0)},
		{"one that a member did not take, of what claims nothing", sent("trial", accepted, "confirm", accepted), read(confirmed, "confirm", "trial"), all(locked, someFailed), verdict(StateConfirmed, Report, 1)},
		{"a confirmation without a history", sent("trial", accepted, "confirm", lost), secret(read(confirmed)), all(back, enables), verdict(StateConfirmed, ProveAgain, 1)},
		{"a confirmation without a history, not there", sent("trial", accepted, "confirm", lost), secret(read(onTrial)), all(back, enables), verdict(StatePending, ConfirmTrial, 0)},
		{"a confirmation without a history, and nothing is there", sent("trial", accepted, "confirm", lost), secret(read(without)), all(back, enables), verdict(StateReverted, Report, 0)},

		// What it proved.
		{"the record, lost and there", sent("trial", accepted, "confirm", accepted, "record", lost), read(proven, "record", "confirm"), all(back, enables), verdict(StateConfirmed, Finish, 2)},
		{"the record, lost and not there", sent("trial", accepted, "confirm", accepted, "record", lost), read(confirmed, "confirm"), all(back, enables), verdict(StateConfirmed, ProveAgain, 1)},
		{"the record, lost and not there, on another primary", sent("trial", accepted, "confirm", accepted, "record", lost), read(confirmed, "confirm"), all(back, enables, moved), verdict(StateConfirmed, Report, 1)},
		{"the record, lost and not there, and a member failed", sent("trial", accepted, "confirm", accepted, "record", lost), read(confirmed, "confirm"), all(back, enables, someFailed), verdict(StateConfirmed, ProveAgain, 1)},
		{"the record, lost, not there, and somebody has the lock", sent("trial", accepted, "confirm", accepted, "record", lost), read(confirmed, "confirm"), all(enables), Verdict{State: StateUnknown, CameIn: 1, UnderWay: true}},
		{"the record, refused", sent("trial", accepted, "confirm", accepted, "record", refused), read(confirmed, "confirm"), all(locked, enables), verdict(StateConfirmed, Report, 1)},
		{"the record, which a member did not take that took the commit before", sent("trial", accepted, "confirm", accepted, "record", accepted), read(proven, "record"), all(locked, enables, someFailed), verdict(StateConfirmed, Report, 2)},
		{"one more commit, lost and there", sent("trial", accepted, "confirm", lost, "prove", lost), read(confirmed, "prove", "confirm"), all(back, enables), verdict(StateConfirmed, ProveAgain, 2)},

		// A trial of another user's on top of ours: what it undoes may come back.
		{"a commit that another's trial has undone", sent("commit", accepted), open(read(without, "alice", "commit")), all(locked), Verdict{State: StateUnknown, Below: true}},
		{"a trial that another's trial has undone", sent("trial", accepted), open(read(without, "alice", "trial")), all(locked, enables), Verdict{State: StateUnknown, Below: true}},
		{"a confirmation that another's trial has undone", sent("trial", accepted, "confirm", accepted), open(read(without, "alice", "confirm", "trial")), all(locked), Verdict{State: StateUnknown, CameIn: 1, Below: true}},
		{"a commit that another's has undone, for good", sent("commit", accepted), read(without, "alice", "commit"), all(locked), Verdict{State: StateReverted, Undone: true}},
		{"rolled back, and then another's trial", sent("trial", accepted), open(read(without, "alice", "rollback", "trial")), all(locked, enables), verdict(StateReverted, Report, 0)},
		{"a commit below another's trial that has left it", sent("commit", accepted), open(read(onTrial, "alice", "commit")), all(locked), verdict(StateConfirmed, Report, 0)},

		// A device whose clock was set.
		{"over by the device's clock alone", sent("trial", accepted, "confirm", refused), expired(read(onTrial, "trial")), all(locked, enables, inTime), verdict(StatePending, AwaitRollback, 0)},
		{"over by the device's clock alone, after a loss", sent("trial", lost), expired(read(onTrial, "trial")), all(back, enables, inTime), verdict(StatePending, ConfirmTrial, 0)},
		{"over by both clocks", sent("trial", accepted, "confirm", refused), expired(read(onTrial, "trial")), all(locked), verdict(StateConfirmed, Report, 0)},
		{"settled, as the missing mark shows", sent("trial", accepted, "confirm", refused), read(onTrial, "trial"), all(locked, inTime), verdict(StateConfirmed, Report, 0)},
		{"over by the device's clock, and rolled back", sent("trial", accepted, "confirm", refused), expired(read(without, "trial")), all(locked, inTime), verdict(StateReverted, Report, 0)},

		// A trial of an earlier run.
		{"resumed, and refused", sent("trial", accepted, "confirm", refused), open(read(onTrial, "old trial")), all(locked, enables, resumed), verdict(StatePending, AwaitRollback, 0)},
		{"resumed, and over", sent("trial", accepted, "confirm", refused), read(without, "rollback", "old trial"), all(locked, enables, resumed), verdict(StateReverted, Report, 0)},
		{"resumed, and settled long ago", sent("trial", accepted, "check", refused), read(onTrial, "old trial"), all(locked, resumed), verdict(StateConfirmed, Report, 0)},
		{"resumed, confirmed", sent("trial", accepted, "confirm", lost), read(confirmed, "confirm", "old trial"), all(back, enables, resumed), verdict(StateConfirmed, ProveAgain, 1)},
		{"resumed, without a history, and something else is there", sent("trial", accepted, "check", lost), secret(read(elsewise)), all(back, resumed), unknown},
		{"resumed, without a history", sent("trial", accepted, "check", lost), secret(read(onTrial)), all(back, resumed), verdict(StatePending, ConfirmTrial, 0)},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := Evidence{Run: "1f", TrialRun: "1f", Before: without, Sent: row.sent, Read: row.read}
			for _, g := range row.given {
				g(&e)
			}
			if diff := cmp.Diff(row.want, Judge(e)); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}
