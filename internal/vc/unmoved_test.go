// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"
	"time"
)

// A history that shows what it showed before a trial, because it is late or limited, does
// not say that the trial was confirmed.
func TestHistoryThatHasNotMoved(t *testing.T) {
	was := Commit{User: "alice", Client: "cli", Time: time.Unix(1767225600, 0), Log: "mine"}
	later, other, relogged, marked := was, was, was, was
	later.Time, other.User, relogged.Log = was.Time.Add(time.Minute), "bob", "another"
	marked.Comment, marked.Sequence = "something that a check has added", 3
	const accepted, lost = "accepted", "lost"
	for name, row := range map[string]struct {
		sent    []Sent
		own     Settings
		newest  Commit
		history []Commit
		late    bool // the time of the trial is over
		want    State
		next    Next
	}{
		"a trial in time":                      {sent("trial", accepted), onTrial, was, []Commit{was}, false, StatePending, AwaitRollback},
		"its reply was lost":                   {sent("trial", lost), onTrial, was, []Commit{was}, false, StatePending, AwaitRollback},
		"its confirmation was lost":            {sent("trial", accepted, "check", lost), onTrial, was, []Commit{was}, false, StatePending, AwaitRollback},
		"an entry that a check has touched":    {sent("trial", accepted), onTrial, was, []Commit{marked}, false, StatePending, AwaitRollback},
		"older entries behind it":              {sent("trial", accepted), onTrial, was, []Commit{was, other}, false, StatePending, AwaitRollback},
		"its time is over":                     {sent("trial", accepted), onTrial, was, []Commit{was}, true, StateConfirmed, Report},
		"it was rolled back":                   {sent("trial", accepted), without, was, []Commit{was}, false, StateReverted, Report},
		"it never came in":                     {sent("trial", lost), without, was, []Commit{was}, false, StateNone, Report},
		"a later commit has confirmed it":      {sent("trial", accepted), onTrial, was, []Commit{later}, false, StateConfirmed, Report},
		"a commit of another user":             {sent("trial", accepted), onTrial, was, []Commit{other}, false, StateConfirmed, Report},
		"a commit with another text":           {sent("trial", accepted), onTrial, was, []Commit{relogged}, false, StateConfirmed, Report},
		"nobody knows what was there before":   {sent("trial", accepted), onTrial, Commit{}, []Commit{was}, false, StateConfirmed, Report},
		"a commit that is no trial is settled": {sent("commit", accepted), onTrial, was, []Commit{was}, false, StateConfirmed, Report},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &Reading{Chassis: Chassis{Own: row.own, Settings: row.own, HistoryKnown: true}, History: row.history}
			got := Judge(Evidence{Run: "1f", TrialRun: "1f", Before: without, Newest: row.newest, Sent: row.sent, Read: r, Locked: true, InTime: !row.late})
			if got.State != row.want || got.Next != row.next {
				t.Errorf("want %s, then %v; got %+v", row.want, row.next, got)
			}
		})
	}
}
