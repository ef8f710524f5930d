// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"slices"
	"strings"
)

// Meaning is what the words of a message say of the work that was asked for.
type Meaning int

// The meanings of a message.
const (
	UnknownMeaning Meaning = iota // words that no source explains
	Harmless                      // noise of programs that work
	Failure                       // the work was not done
	Question                      // a prompt, which nobody answers
)

// EngineReply is what a commit's reply says of one routing engine.
type EngineReply struct {
	Name     string // the device's own, for messages
	MemberID *int   // nil: the name does not tell
	Local    bool   // without an id: the member that owns the session is meant
	Success  bool
}

// Notice is an error or a warning in a commit's reply.
type Notice struct {
	Text      string
	IsError   bool
	MemberIDs []int // the members that it speaks of
	OfOthers  bool  // it speaks of others than the one that answers, and may not say of which
	Meaning   Meaning
}

// NamedIn returns the ids of the members that a notice speaks of, by number or by
// serial number.
func (c Chassis) NamedIn(n Notice) []int {
	ids := slices.Clone(n.MemberIDs)
	for _, m := range c.Members {
		if len(m.Serial) >= shortestSerial && strings.Contains(n.Text, m.Serial) && !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// shortestSerial is the length from which a serial number is not found in a text by chance.
const shortestSerial = 6

// CommitReply is a commit's reply, without its XML.
type CommitReply struct {
	Engines []EngineReply // may be empty: some devices answer with <ok/> alone
	Notices []Notice
}

// CommitOutcome is what a commit's reply proves of one member.
type CommitOutcome string

// The outcomes of a commit on one member.
const (
	CommitTaken   CommitOutcome = "ok"
	CommitFailed  CommitOutcome = "failed"
	CommitUnknown CommitOutcome = "unknown" // the reply does not tell
)

// MemberOutcome is the outcome of a commit on one member.
type MemberOutcome struct {
	ID      int
	Outcome CommitOutcome
}

// CommitJudgement is what a commit's reply proves.
type CommitJudgement struct {
	Members   []MemberOutcome // all of the chassis, in its order
	Strangers []string        // engines that failed and are not in the list of members
	Doubts    []string        // where not every member is listed: warnings of a failure that name nobody
}

// HasFailed says that somebody did not apply the commit.
func (j CommitJudgement) HasFailed() bool { return len(j.Failed()) > 0 || len(j.Strangers) > 0 }

// Failed returns the ids of the members that did not apply the commit.
func (j CommitJudgement) Failed() (ids []int) {
	for _, m := range j.Members {
		if m.Outcome == CommitFailed {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// JudgeCommitReply maps a commit's reply to the members of a chassis. Silence
// proves nothing: a member that the reply does not mention is unknown. So is
// one whose success stands beside a warning of its failure.
func JudgeCommitReply(c Chassis, r CommitReply) CommitJudgement {
	j := commitJudge{chassis: c, hasEngines: len(r.Engines) > 0, taken: map[int]bool{}, failed: map[int]bool{}, doubted: map[int]bool{}}
	for _, e := range r.Engines {
		j.hearEngine(e)
	}
	for _, n := range r.Notices {
		j.hearNotice(n)
	}
	return j.judgement()
}

// commitJudge collects what is said of each member.
type commitJudge struct {
	chassis                Chassis
	hasEngines             bool
	taken, failed, doubted map[int]bool
	strangers, doubts      []string
}

func (j *commitJudge) hearEngine(e EngineReply) {
	switch id, isListed := j.findMember(e); {
	case isListed && e.Success:
		j.taken[id] = true
	case isListed:
		j.failed[id] = true
	case !e.Success:
		j.strangers = append(j.strangers, e.Name)
	}
}

// findMember finds the member that an engine's name means.
func (j *commitJudge) findMember(e EngineReply) (id int, isListed bool) {
	if e.MemberID != nil {
		_, isListed = j.chassis.Member(*e.MemberID)
		return *e.MemberID, isListed
	}
	local, found := j.chassis.Local()
	return local.ID, found && e.Local
}

func (j *commitJudge) hearNotice(n Notice) {
	if n.Meaning == Harmless && !n.IsError {
		return
	}
	ids := j.chassis.NamedIn(n)
	if len(ids) == 0 {
		if n.Meaning == Failure && !j.hasHeardAll() { // otherwise each engine speaks for itself
			j.doubts = append(j.doubts, n.Text)
		}
		return
	}
	for _, id := range ids {
		if _, isListed := j.chassis.Member(id); isListed {
			j.hearOf(id, n)
		}
	}
}

// hasHeardAll says that every present member is listed for itself.
func (j *commitJudge) hasHeardAll() bool {
	return !slices.ContainsFunc(j.chassis.Members, func(m Member) bool { return m.IsPresent() && !j.taken[m.ID] && !j.failed[m.ID] })
}

// hearOf weighs a notice that names a member. A member without a success of its
// own in the same reply did not apply the commit, unless the device lists no
// engines at all: then only words of a failure count as one.
func (j *commitJudge) hearOf(id int, n Notice) {
	switch {
	case n.IsError, !j.taken[id] && (j.hasEngines || n.Meaning == Failure):
		j.failed[id] = true
	case !j.taken[id], n.Meaning == Failure:
		j.doubted[id] = true
	}
}

func (j *commitJudge) judgement() CommitJudgement {
	out := CommitJudgement{Strangers: slices.Clone(j.strangers), Doubts: slices.Clone(j.doubts)}
	for _, m := range j.chassis.Members {
		out.Members = append(out.Members, MemberOutcome{ID: m.ID, Outcome: j.outcomeOf(m.ID)})
	}
	return out
}

func (j *commitJudge) outcomeOf(id int) CommitOutcome {
	switch {
	case j.failed[id]:
		return CommitFailed
	case j.taken[id] && !j.doubted[id]:
		return CommitTaken
	}
	return CommitUnknown
}
