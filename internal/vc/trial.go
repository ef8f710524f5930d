// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// Commit is an entry of the device's commit history, newest first.
type Commit struct {
	Sequence int
	User     string
	Client   string
	Time     time.Time
	Comment  string // the device's own word: "commit confirmed, rollback in 5mins"
	Log      string // the text of whoever committed
	Marker   string // "rollback pending", on releases that print it while a confirmed commit waits
}

// Trial is a confirmed commit that the device may still roll back.
//
// Most releases do not say whether a "commit check" has confirmed it since: its
// history entry looks the same until the time is over. Maybe it is settled;
// whoever acts on a Trial treats it as open.
type Trial struct {
	Commit
	Reverts time.Time // when the device rolls back unless it is confirmed; zero: unknown
	Now     time.Time // the device's clock when this was read; zero: unknown
	Mark    Mark      // zero when it is somebody else's
}

// IsOurs says that a run of these modules made the trial.
func (t *Trial) IsOurs() bool { return t != nil && t.Mark.Phase == PhaseTrial }

// IsMadeBy says that the named module made the trial.
func (t *Trial) IsMadeBy(module string) bool { return t.IsOurs() && t.Mark.Module == module }

func (t *Trial) String() string {
	when := "at an unknown time"
	if !t.Reverts.IsZero() {
		when = "at " + phrase.Switch.Moment(t.Reverts, t.Now)
	}
	return fmt.Sprintf("confirmed commit by %s via %s, rolled back %s unless confirmed", t.User, t.Client, when)
}

// trialPattern begins what the device itself says of a confirmed commit, in the
// comment of its entry. The log text is free, and says what its author likes.
var (
	trialPattern    = regexp.MustCompile(`(?i)^commit[ -]confirmed\b|^confirmed[ -]commit\b`)
	rollbackPattern = regexp.MustCompile(`(?i)^commit confirmed,? rollback in (\d{1,5}) ?min(?:ute)?s?\.?$`)
)

// Clues tell a trial that is open from one that is settled, and ours from
// another user's.
type Clues struct {
	Now    time.Time     // the device's clock, zero if it is unknown
	Grace  time.Duration // how long after its time a rollback may still be under way
	Marked bool          // this release was seen to mark trials that are open
	Users  []string      // the names under which the modules of this play log in
	Run    string        // this run, with which the ids of its changes begin
}

// PendingTrial finds a confirmed commit that is, or may be, waiting for its
// confirmation: only the newest entry can be one.
func PendingTrial(history []Commit, by Clues) *Trial {
	if len(history) == 0 || history[0].Sequence != 0 {
		return nil
	}
	newest := history[0]
	comment := strings.Join(strings.Fields(newest.Comment), " ")
	if newest.Marker == "" && (!trialPattern.MatchString(comment) || by.Marked || isMarked(history)) {
		return nil // no trial, or the device would show that it is open
	}
	trial := &Trial{Commit: newest, Now: by.Now, Mark: by.markOf(newest)}
	m := rollbackPattern.FindStringSubmatch(comment)
	if m == nil || newest.Time.IsZero() {
		return trial // nobody knows when it ends: it may be open
	}
	minutes, _ := strconv.Atoi(m[1])
	trial.Reverts = newest.Time.Add(time.Duration(minutes) * time.Minute)
	if newest.Marker == "" && by.Now.After(trial.Reverts.Add(by.Grace)) {
		return nil
	}
	return trial
}

// ExpiredTrial finds a confirmed commit of which nothing but the device's clock says that it
// is settled. Clocks are set now and then; what a trial lasts the device counts otherwise.
func ExpiredTrial(history []Commit, by Clues) *Trial {
	if PendingTrial(history, by) != nil {
		return nil
	}
	by.Now = time.Time{}
	return PendingTrial(history, by)
}

// isMarked says that the release marks trials that are open: it marks one.
func isMarked(history []Commit) bool {
	return slices.ContainsFunc(history, func(c Commit) bool { return c.Marker != "" })
}

// markOf returns what a commit of ours says of itself, nothing for another
// user's. A log text can be copied: its author must be one of us, over NETCONF.
func (by Clues) markOf(c Commit) Mark {
	mark, ok := ParseMark(c.Log)
	switch {
	case !ok:
		return Mark{}
	case by.Run != "" && strings.HasPrefix(mark.Run, by.Run):
		return mark
	case c.Client != ourClient || c.User == "" || !slices.Contains(by.Users, c.User):
		return Mark{}
	case !by.Now.IsZero() && c.Time.After(by.Now.Add(by.Grace)):
		return Mark{} // of the future
	}
	return mark
}

// ourClient is what the history calls a session of these modules.
const ourClient = "netconf"

// Phase is the part that a commit plays in a change of ours.
type Phase string

// The phases of a change, as they stand in commit logs.
const (
	PhaseWithdraw Phase = "withdraw" // the record loses claims
	PhaseTrial    Phase = "trial"
	PhaseConfirm  Phase = "confirm"
	PhaseCommit   Phase = "commit" // without a trial
	PhaseProve    Phase = "prove"  // once more, because nobody saw whom the one before reached
	PhaseRecord   Phase = "record" // what was proved
	PhaseRevert   Phase = "revert" // another commit that undoes ours
)

// Mark is what the log text of a commit of ours tells: with it a later run
// recognizes what an earlier one left behind.
type Mark struct {
	Version string // of the collection
	Module  string
	Phase   Phase
	Run     string // the same for all commits of one change of a module run
	Job     string // the AWX job, or empty
	Comment string // the operator's
}

var markPattern = regexp.MustCompile(`^vchassis\.junos (\S+) (vc_[a-z_]+) (withdraw|trial|confirm|commit|prove|record|revert) run=([0-9a-f]+)(?: job=(\S+?))?(?:: (.*))?$`)

// String renders the mark as the log text of a commit.
func (m Mark) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "vchassis.junos %s %s %s run=%s", m.Version, m.Module, m.Phase, m.Run)
	if m.Job != "" {
		b.WriteString(" job=" + m.Job)
	}
	if m.Comment != "" {
		b.WriteString(": " + m.Comment)
	}
	return fitLogText(b.String())
}

// logLimit is how many bytes of a log text every release of Junos takes.
const logLimit = 512

// fitLogText cuts a log text to what the device takes, with a mark.
func fitLogText(s string) string {
	const cut = "..."
	if len(s) <= logLimit {
		return s
	}
	return strings.ToValidUTF8(s[:logLimit-len(cut)], "") + cut // not half a letter
}

// ParseMark reads the mark back from a log text; ok is false when the commit
// is not one of ours.
func ParseMark(log string) (m Mark, ok bool) {
	f := markPattern.FindStringSubmatch(strings.TrimSpace(log))
	if f == nil {
		return Mark{}, false
	}
	return Mark{Version: f[1], Module: f[2], Phase: Phase(f[3]), Run: f[4], Job: f[5], Comment: f[6]}, true
}
