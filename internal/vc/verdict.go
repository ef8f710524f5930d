// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "slices"

// State is what a change left on the device.
type State string

// The states of a change.
const (
	StateNone      State = "none"      // nothing was committed
	StateConfirmed State = "confirmed" // committed for good
	StateReverted  State = "reverted"  // committed, and taken back
	StatePending   State = "pending"   // committed for trial; the device takes it back when its time is over, or sooner: whether a trial outlives its session is not published
	StateUnknown   State = "unknown"   // the device could not be asked, or its answer does not tell
)

// Next is what a run does about a verdict.
type Next int

// What a run does next.
const (
	Report           Next = iota // nothing more: it tells what is so
	Finish                       // nothing more: the change is done in spite of what happened
	ConfirmTrial                 // confirm the trial over this session, whose login is the proof
	AwaitRollback                // keep the lock until the device has taken the trial back
	ProveAgain                   // commit once more, because nobody saw whom the last one reached
	TakeSCPBack                  // SCP is on for good, and a member did not apply it
	TakeClaimsOut                // the record names a member that did not apply the commit
	BringMembersBack             // SCP is off again, and a member may have missed that
)

// Answer is what came back for a commit.
type Answer int

// What came back.
const (
	Lost     Answer = iota // nothing: it may have come in, or be under way still
	Refused                // an error. A device may refuse what it has taken
	Accepted               // success
)

// Reach is whom a commit was seen to reach.
type Reach int

// Whom it reached.
const (
	ReachUnknown Reach = iota // somebody was not named
	ReachAll
	ReachFailed // somebody did not apply it
)

// Sent is one commit of a run.
type Sent struct {
	Phase  Phase
	Check  bool     // a commit check: it leaves no entry in the history
	Own    Settings // at their own place, once it has come in
	Answer Answer
}

// Reading is the device as one reading shows it.
type Reading struct {
	Chassis
	History []Commit // what it still has, newest first
}

// Evidence is what a run knows of its commits.
type Evidence struct {
	Run      string   // this run
	TrialRun string   // whose trial it is: this run's, or that of one that was killed
	Before   Settings // at their own place, before the first commit
	Sent     []Sent   // in their order; the last is the one in question
	Newest   Commit   // of the history before the first of them; zero: none was seen
	Read     *Reading // after that; nil if the device could not be asked
	Locked   bool     // our lock is held, so nothing of ours is under way any more
	InTime   bool     // by our own clock the time of this run's trial is not over, nor that of a rollback
	Stopped  bool     // the run was told to stop: nobody may ask
	LinkLost bool     // the session broke, and that is all that went wrong
	NewLogin bool     // the reading came over a new login
	Moved    bool     // another primary, or other members, than were planned for
	OnTop    bool     // the trial came on top of another one: what comes back was never seen
	Enables  bool     // the change switches SCP on
	Proves   bool     // a commit has to be seen to reach every member, and that to be recorded
	Reach    Reach    // of the last commit that was answered
	Strayed  bool     // a member took SCP with the trial, and not the commit after it
}

// Verdict is what became of a change, and what follows.
type Verdict struct {
	State    State
	Next     Next
	CameIn   int  // which commit is the last that came in; -1 is none
	Undone   bool // of StateReverted: by another commit, not by the device
	Gone     bool // the device rolled the trial back before it was confirmed
	Below    bool // of StatePending: the newest commit is a trial that is not known as ours
	UnderWay bool // the last commit may still be under way
}

// Judge tells what became of a change. What it is not sure of is StateUnknown.
func Judge(e Evidence) Verdict {
	v := e.judgeCommits()
	switch {
	case !e.Locked && !e.Stopped && v.Next != Finish: // nothing is written, and nobody's commit is kept away
		v.Next = Report
	case v.State == StateReverted && e.Strayed && !e.Moved && !e.Stopped:
		v.Next = BringMembersBack
	}
	return v
}

func (e Evidence) judgeCommits() Verdict {
	switch {
	case len(e.Sent) == 0:
		return Verdict{State: StateNone, CameIn: -1}
	case e.Stopped:
		return e.judgeAnswers()
	case e.Read == nil:
		return Verdict{State: StateUnknown, CameIn: -1}
	case e.Read.HistoryKnown:
		return e.judgeHistory()
	}
	return e.judgeSettings()
}

// judgeAnswers is for a run that may not ask: only what was said counts.
func (e Evidence) judgeAnswers() Verdict {
	last := len(e.Sent) - 1
	switch s := e.Sent[last]; {
	case s.Answer != Accepted && (s.Phase == PhaseProve || s.Phase == PhaseRecord): // what they follow is in
		return Verdict{State: StateConfirmed, CameIn: last - 1}
	case s.Answer != Accepted:
		return Verdict{State: StateUnknown, CameIn: -1}
	case s.Phase == PhaseTrial:
		return Verdict{State: StatePending, CameIn: last}
	}
	return Verdict{State: StateConfirmed, CameIn: last, Next: e.followReach(last)}
}

// judgeHistory finds the newest commit of ours in the history.
func (e Evidence) judgeHistory() Verdict {
	at := slices.IndexFunc(e.Read.History, func(c Commit) bool { return e.indexOf(c) >= 0 })
	switch {
	case at < 0:
		return e.judgeUnmarked()
	case at > 0:
		return e.judgeBelow(e.indexOf(e.Read.History[at]))
	}
	i := e.indexOf(e.Read.History[0])
	if e.mayBeUnderWay(i) {
		return Verdict{State: StateUnknown, CameIn: i, UnderWay: true}
	}
	if e.Sent[i].Phase == PhaseTrial {
		return e.judgeTrial(i)
	}
	return e.judgeNewest(i)
}

// indexOf finds the commit that an entry of the history is, or -1.
func (e Evidence) indexOf(c Commit) int {
	mark, ok := ParseMark(c.Log)
	if !ok || mark.Run != e.Run && mark.Run != e.TrialRun {
		return -1
	}
	for i := len(e.Sent) - 1; i >= 0; i-- {
		if s := e.Sent[i]; s.Phase == mark.Phase && !s.Check {
			return i
		}
	}
	return -1
}

// mayBeUnderWay says that the last commit got no answer, is not what came in
// last, and nothing shows that the device is done with it.
func (e Evidence) mayBeUnderWay(cameIn int) bool {
	last := len(e.Sent) - 1
	return cameIn < last && e.Sent[last].Answer == Lost && !e.Locked && !e.Sent[last].Check
}

// judgeTrial is for a history whose newest entry is our trial.
func (e Evidence) judgeTrial(i int) Verdict {
	own, trial := e.Read.Own, e.Sent[i].Own
	switch {
	case e.Read.Trial != nil, own.Equal(trial) && e.InTime && e.Read.Expired != nil: // a clock that was set
		return e.openTrial(i)
	case own.Equal(trial): // its time is over, or the marker is gone: it was confirmed
		return Verdict{State: StateConfirmed, CameIn: i, Next: e.followSettled(i)}
	case e.isRestored(i):
		return Verdict{State: StateReverted, CameIn: i}
	}
	return Verdict{State: StateUnknown, CameIn: i}
}

// openTrial is confirmed only by who has just logged in: nothing but a lost link
// has kept that from being done before.
func (e Evidence) openTrial(i int) Verdict {
	v := Verdict{State: StatePending, CameIn: i, Next: AwaitRollback}
	if e.LinkLost && e.NewLogin && !e.Moved {
		v.Next = ConfirmTrial
	}
	return v
}

// judgeNewest is for a history whose newest entry is a commit of ours for good.
func (e Evidence) judgeNewest(i int) Verdict {
	own := e.Read.Own
	switch {
	case own.Equal(e.Sent[i].Own):
		return Verdict{State: StateConfirmed, CameIn: i, Next: e.followFinal(i)}
	case own.Equal(e.Before):
		return Verdict{State: StateReverted, CameIn: i, Gone: true}
	}
	return Verdict{State: StateConfirmed, CameIn: i, Gone: e.Sent[i].Phase == PhaseConfirm}
}

// followFinal is what follows where a commit for good has come in.
func (e Evidence) followFinal(i int) Next {
	last := len(e.Sent) - 1
	if i == last {
		if next := e.followReach(i); next != Report {
			return next
		}
		return e.followSettled(i)
	}
	if e.Sent[i].Phase != PhaseWithdraw && e.Proves && e.LinkLost && !e.Moved {
		return ProveAgain // what it was to record did not come in
	}
	return Report
}

// followReach is what nobody else does about members that did not apply it. What
// a member has taken over SCP before, it can take again.
func (e Evidence) followReach(i int) Next {
	switch p := e.Sent[i].Phase; {
	case e.Reach != ReachFailed || p == PhaseRecord || p == PhaseWithdraw || p == PhaseRevert || e.Sent[i].Check:
		return Report
	case e.Enables:
		return TakeSCPBack
	case e.Proves:
		return TakeClaimsOut
	}
	return Report
}

// followSettled is what follows where nothing but the link, or another primary,
// got into the way of a change that has come in.
func (e Evidence) followSettled(i int) Next {
	final := e.Sent[i].Phase != PhaseTrial && e.Sent[i].Phase != PhaseWithdraw || e.Sent[len(e.Sent)-1].Check
	switch {
	case !final || !e.LinkLost && !e.Moved:
		return Report
	case !e.Proves || e.Sent[i].Phase == PhaseRecord:
		return Finish
	case !e.Moved:
		return ProveAgain
	}
	return Report
}

// judgeBelow is for a commit of ours that another user's has followed.
func (e Evidence) judgeBelow(i int) Verdict {
	s, own := e.Sent[i], e.Read.Own
	switch {
	case s.Phase == PhaseTrial:
		return e.judgeLostTrial(i)
	case own.Equal(s.Own):
		return Verdict{State: StateConfirmed, CameIn: i, Next: e.followFinal(i)}
	case own.Equal(e.Before) && e.isUndoneOnTrial():
		return Verdict{State: StateUnknown, CameIn: i, Below: true}
	case own.Equal(e.Before):
		return Verdict{State: StateReverted, CameIn: i, Undone: true}
	}
	return Verdict{State: StateConfirmed, CameIn: i}
}

// isUndoneOnTrial says that a trial which is not ours stands right on the last commit of
// ours: what it has undone comes back when it is rolled back.
func (e Evidence) isUndoneOnTrial() bool {
	return e.Read.Trial != nil && len(e.Read.History) > 1 && e.indexOf(e.Read.History[0]) < 0 && e.indexOf(e.Read.History[1]) >= 0
}

// judgeLostTrial is for a trial that is no longer the newest commit: it is
// rolled back, or was confirmed by what came after it.
func (e Evidence) judgeLostTrial(i int) Verdict {
	own, trial := e.Read.Own, e.Sent[i].Own
	switch {
	case e.isRestored(i):
		return e.restored(i)
	case own.Equal(trial) && e.Read.Trial != nil:
		return Verdict{State: StatePending, CameIn: i, Below: true}
	case own.Equal(trial):
		return Verdict{State: StateConfirmed, CameIn: i}
	}
	return Verdict{State: StateUnknown, CameIn: i}
}

// isRestored says that a rollback is over. What a trial of an earlier run goes
// back to this run never saw; nor does it where its own came on top of one.
func (e Evidence) isRestored(i int) bool {
	own, trial := e.Read.Own, e.Sent[i].Own
	if e.TrialRun != e.Run || e.OnTop {
		return e.Read.HistoryKnown && !own.Equal(trial)
	}
	base := e.baseOf(i)
	return own.Equal(base) && !trial.Equal(base)
}

// restored is the verdict on a trial that was rolled back, unless what was to confirm it
// may come in yet: then that brings the settings again.
func (e Evidence) restored(i int) Verdict {
	if e.mayBeUnderWay(i) {
		return Verdict{State: StateUnknown, CameIn: i, UnderWay: true}
	}
	if e.isUndoneOnTrial() {
		return Verdict{State: StateUnknown, CameIn: i, Below: true}
	}
	return Verdict{State: StateReverted, CameIn: i}
}

// baseOf returns what was in force, at its own place, before a commit.
func (e Evidence) baseOf(i int) Settings {
	if i == 0 {
		return e.Before
	}
	return e.Sent[i-1].Own
}

// judgeUnmarked is for a history in which no commit of ours can be recognized.
func (e Evidence) judgeUnmarked() Verdict {
	last := len(e.Sent) - 1
	own, s := e.Read.Own, e.Sent[last]
	if i := e.trialIndex(); i >= 0 && e.InTime && e.hasNotMoved() && own.Equal(e.Sent[i].Own) && !own.Equal(e.Before) {
		return e.openTrial(i) // nothing has followed it that could have confirmed it
	}
	if i := e.trialIndex(); i >= 0 && (e.Sent[i].Answer == Accepted || own.Equal(e.Sent[i].Own) && !e.Sent[i].Own.Equal(e.Before)) {
		return e.judgeLostTrial(i)
	}
	switch {
	case own.Equal(e.Before) && e.mayBeUnderWay(-1):
		return Verdict{State: StateUnknown, CameIn: -1, UnderWay: true}
	case own.Equal(s.Own) && (s.Answer == Accepted || !s.Own.Equal(e.Before)):
		return Verdict{State: StateConfirmed, CameIn: last}
	case own.Equal(e.Before):
		return Verdict{State: StateNone, CameIn: -1}
	}
	return Verdict{State: StateUnknown, CameIn: -1}
}

// hasNotMoved says that the history shows nothing newer than before our commits: it is
// late, or limited, and does not tell what became of them.
func (e Evidence) hasNotMoved() bool {
	was, is := e.Newest, e.Read.History
	return len(is) > 0 && !was.Time.IsZero() && is[0].Time.Equal(was.Time) && is[0].User == was.User && is[0].Log == was.Log
}

// trialIndex finds the trial among the commits, or -1.
func (e Evidence) trialIndex() int {
	return slices.IndexFunc(e.Sent, func(s Sent) bool { return s.Phase == PhaseTrial })
}

// judgeSettings is for a history that cannot be read: only settings that differ
// before and after a commit tell whether it came in.
func (e Evidence) judgeSettings() Verdict {
	last := len(e.Sent) - 1
	own, s, i := e.Read.Own, e.Sent[last], e.trialIndex()
	if i >= 0 && (s.Check || s.Own.Equal(e.Sent[i].Own) || !own.Equal(s.Own)) {
		return e.judgeUnseenTrial(i)
	}
	base := e.baseOf(last)
	switch {
	case own.Equal(s.Own) && (s.Answer == Accepted || !s.Own.Equal(base)):
		return Verdict{State: StateConfirmed, CameIn: last, Next: e.followFinal(last)}
	case !own.Equal(base) || s.Own.Equal(base) || e.mayBeUnderWay(last-1):
		return Verdict{State: StateUnknown, CameIn: -1}
	case last > 0:
		return Verdict{State: StateConfirmed, CameIn: last - 1}
	}
	return Verdict{State: StateNone, CameIn: -1}
}

// judgeUnseenTrial is for a trial that no history shows: while it is in force,
// nothing tells that it is more than that.
func (e Evidence) judgeUnseenTrial(i int) Verdict {
	own, s := e.Read.Own, e.Sent[i]
	switch {
	case own.Equal(s.Own) && (e.TrialRun != e.Run || !s.Own.Equal(e.baseOf(i))):
		return e.openTrial(i)
	case e.isRestored(i) && s.Answer == Accepted:
		return e.restored(i)
	}
	return Verdict{State: StateUnknown, CameIn: -1}
}
