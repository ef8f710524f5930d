// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// Summary is a whole lab in a few numbers.
type Summary struct {
	Chassis  int    `json:"chassis"`
	Members  int    `json:"members"`
	Away     int    `json:"away"`   // members that are not present
	Behind   int    `json:"behind"` // members that could not be synchronized
	SCP      int    `json:"scp"`    // chassis whose next commit travels over SCP
	Trials   int    `json:"trials"` // commits that wait for their confirmation
	Sessions int    `json:"sessions"`
	Logins   int    `json:"logins"`
	RPCs     int    `json:"rpcs"`
	Commits  int    `json:"commits"`
	Last     string `json:"last"` // the newest entry of the log
}

// Summary counts what the lab has. It is cheap enough to be asked for every second.
func (lab *Lab) Summary() Summary {
	s := Summary{Chassis: len(lab.chassis)}
	for _, ch := range lab.chassis {
		ch.addSummary(&s)
	}
	lab.journal.addCounts(&s)
	return s
}

func (ch *Chassis) addSummary(s *Summary) {
	primary := ch.Primary()
	if ch.transportOf(primary, primary.ActiveTree()) == transportSCP {
		s.SCP++
	}
	for _, m := range ch.allMembers() {
		s.Members++
		if m.Status() != StatusPresent {
			s.Away++
		}
		if readField(m, func() string { return m.unsynced }) != "" {
			s.Behind++
		}
	}
	ch.mu.Lock()
	defer ch.mu.Unlock()
	s.Sessions += len(ch.sessions)
	if ch.trial != nil {
		s.Trials++
	}
}

func (j *journal) addCounts(s *Summary) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range j.counters {
		s.Logins += c.Logins
		s.RPCs += c.RPCs
		s.Commits += c.Commits
	}
	if n := len(j.entries); n > 0 {
		e := j.entries[n-1]
		s.Last = strings.TrimSpace(strings.Join([]string{e.Chassis, e.User, e.RPC}, " "))
		if e.Kind == KindEvent {
			s.Last = e.Request
		}
	}
}

// String is the summary on one line; what is zero and no news is left out.
func (s Summary) String() string {
	parts := []string{fmt.Sprintf("%d chassis, %d on SCP, %s", s.Chassis, s.SCP, phrase.Count(s.Members, "member"))}
	for _, p := range []struct {
		n    int
		word string
	}{{s.Away, "away"}, {s.Behind, "behind"}, {s.Trials, "on trial"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	parts = append(parts, phrase.Count(s.Sessions, "session"), phrase.Count(s.Logins, "login"), phrase.Count(s.RPCs, "RPC"), phrase.Count(s.Commits, "commit"))
	if s.Last != "" {
		parts = append(parts, "last: "+s.Last)
	}
	return strings.Join(parts, " | ")
}
