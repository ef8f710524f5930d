// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"sync"
	"time"
)

// Entry is one RPC as the lab saw it.
type Entry struct {
	Seq     int       `json:"seq"`
	Time    time.Time `json:"time"`
	Chassis string    `json:"chassis"`
	Member  int       `json:"member"`
	Session int       `json:"session"`
	User    string    `json:"user"`
	Client  string    `json:"client,omitempty"`
	RPC     string    `json:"rpc"`
	Kind    string    `json:"kind"`
	Request string    `json:"request"`
	Outcome string    `json:"outcome"`
}

// Counters count what clients did to one chassis. Writes is everything that
// changes the state of the device or of its candidate; locks are told apart.
type Counters struct {
	Logins       int `json:"logins"`
	LoginsFailed int `json:"logins_failed"`
	RPCs         int `json:"rpcs"`
	Reads        int `json:"reads"`
	Writes       int `json:"writes"`
	Locks        int `json:"locks"`
	Checks       int `json:"checks"`
	Commits      int `json:"commits"`
	Prepares     int `json:"prepares"`
	Transfers    int `json:"transfers"`
	Rollbacks    int `json:"rollbacks"`

	SwitchSeconds float64 `json:"switch_seconds"` // what the RPCs would take on a switch
}

// Kinds of RPC, as they are counted.
const (
	KindRead   = "read"
	KindWrite  = "write"
	KindLock   = "lock"
	KindCheck  = "check"
	KindCommit = "commit"
	KindEvent  = "event" // of the script; counts for nobody

	kindMessage = "message" // of the system log, and in no other
)

const (
	journalEntries = 5000
	journalRequest = 4096
)

// journal keeps the last RPCs of the whole lab, so that its size does not grow
// with the number of chassis or the length of a soak.
type journal struct {
	mu       sync.Mutex
	seq      int
	entries  []Entry
	counters map[string]*Counters
}

func newJournal() *journal { return &journal{counters: map[string]*Counters{}} }

// addEntry appends an entry whose outcome is still open and returns its number.
func (j *journal) addEntry(e Entry) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	e.Seq = j.seq
	if len(e.Request) > journalRequest {
		e.Request = e.Request[:journalRequest]
	}
	if len(j.entries) == journalEntries {
		j.entries = append(j.entries[:0], j.entries[journalEntries/10:]...)
	}
	j.entries = append(j.entries, e)
	if e.Kind != KindEvent && e.Kind != kindMessage {
		countKind(j.countersOf(e.Chassis), e.Kind)
	}
	return j.seq
}

func countKind(c *Counters, kind string) {
	c.RPCs++
	switch kind {
	case KindRead:
		c.Reads++
	case KindLock:
		c.Locks++
	case KindCheck:
		c.Checks++
	case KindCommit:
		c.Commits++
		c.Writes++
	default:
		c.Writes++
	}
}

// noteOutcome closes the entry with that number, if it is still kept.
func (j *journal) noteOutcome(seq int, text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := len(j.entries) - 1; i >= 0; i-- {
		if j.entries[i].Seq == seq {
			j.entries[i].Outcome = text
			return
		}
	}
}

// changeCounters runs f on the counters of a chassis.
func (j *journal) changeCounters(chassis string, f func(*Counters)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f(j.countersOf(chassis))
}

func (j *journal) countersOf(chassis string) *Counters {
	c := j.counters[chassis]
	if c == nil {
		c = &Counters{}
		j.counters[chassis] = c
	}
	return c
}

// entriesAfter returns the kept entries of a chassis ("" for all) after a number.
func (j *journal) entriesAfter(chassis string, after int) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := []Entry{}
	for _, e := range j.entries {
		if e.Seq > after && (chassis == "" || e.Chassis == chassis) {
			found = append(found, e)
		}
	}
	return found
}

func (j *journal) readCounters(chassis string) Counters {
	j.mu.Lock()
	defer j.mu.Unlock()
	return *j.countersOf(chassis)
}

func (j *journal) forgetAll() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = nil
	clear(j.counters)
}
