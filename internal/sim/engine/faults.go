// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Event is a moment in the life of an RPC at which a fault can strike.
type Event struct {
	Chassis string
	Member  int
	Session int
	User    string
	RPC     string // the operation's name, "hello" for the start of a session
	Kind    string
	When    string // before or after it was applied
	Request string
}

// Moments of an Event.
const (
	Before = "before"
	After  = "after"
)

// Fault is what strikes. The zero value is no fault.
type Fault struct {
	Action  string `json:"action"`
	Text    string `json:"text,omitempty"`    // of an error or warning
	Find    string `json:"find,omitempty"`    // mutate: this text in the reply ...
	Replace string `json:"replace,omitempty"` // ... becomes this
	Delay   string `json:"delay,omitempty"`   // stall: so long, else until the fault is cleared
}

// Actions of a Fault. The last four strike a member and last until cleared; those
// of commits also as often as Times says.
const (
	FaultDrop        = "drop"     // the connection is closed
	FaultReset       = "reset"    // the connection is reset
	FaultTruncate    = "truncate" // half the reply, then the connection is closed
	FaultStall       = "stall"    // nothing happens for a while
	FaultError       = "error"    // rpc-error; before: instead of applying
	FaultWarning     = "warning"  // rpc-error of severity warning beside the reply
	FaultMutate      = "mutate"   // the reply is changed
	FaultUnreachable = "unreachable"
	FaultDiskFull    = "disk_full"
	FaultCommit      = "commit_fails" // with these words, if there is a Text
	FaultLock        = "lock_busy"    // its own database is locked: no commit reaches it
)

// Rule arms a fault.
type Rule struct {
	Fault
	ID      int    `json:"id"`
	Chassis string `json:"chassis"` // "" is every one
	Member  *int   `json:"member"`
	User    string `json:"user"`
	RPC     string `json:"rpc"`   // "" is every one
	When    string `json:"when"`  // before (default) or after
	Nth     int    `json:"nth"`   // strikes at the n-th match; 0 or 1 is the first
	Times   int    `json:"times"` // how often; 0 is once, -1 for ever
	seen    int
}

type faultTable struct {
	mu      sync.Mutex
	next    int
	rules   []*Rule
	release chan struct{} // closed when the rules are cleared
}

// AddFault arms a fault and returns its number.
func (lab *Lab) AddFault(r Rule) (int, error) { return lab.faults.addRule(r) }

// ClearFaults disarms all faults and ends what they stall.
func (lab *Lab) ClearFaults() { lab.faults.clearRules() }

// Hook calls f at every event, before any armed fault. f may block; nil ends it.
func (lab *Lab) Hook(f func(Event) Fault) {
	lab.mu.Lock()
	defer lab.mu.Unlock()
	lab.hook = f
}

// checkAction refuses an action that there is not.
func (r Rule) checkAction() error {
	actions := []string{FaultDrop, FaultReset, FaultTruncate, FaultStall, FaultError, FaultWarning, FaultMutate,
		FaultUnreachable, FaultDiskFull, FaultCommit, FaultLock}
	if !slices.Contains(actions, r.Action) {
		return fmt.Errorf("action: want one of %s, got %q", strings.Join(actions, ", "), r.Action)
	}
	return nil
}

func (t *faultTable) addRule(r Rule) (int, error) {
	if err := r.checkAction(); err != nil {
		return 0, err
	}
	if _, err := time.ParseDuration(r.Delay); r.Delay != "" && err != nil {
		return 0, fmt.Errorf("delay: %w", err)
	}
	setDefault(&r.When, Before)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next++
	r.ID = t.next
	t.rules = append(t.rules, &r)
	return r.ID, nil
}

func (t *faultTable) clearRules() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rules = nil
	if t.release != nil {
		close(t.release)
		t.release = nil
	}
}

// released is closed by the next clear.
func (t *faultTable) released() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.release == nil {
		t.release = make(chan struct{})
	}
	return t.release
}

func (r *Rule) ofMember() bool {
	return slices.Contains([]string{FaultUnreachable, FaultDiskFull, FaultCommit, FaultLock}, r.Action)
}

func (r *Rule) matchesEvent(e Event) bool {
	return (r.Chassis == "" || r.Chassis == e.Chassis) && (r.Member == nil || *r.Member == e.Member) &&
		(r.User == "" || r.User == e.User) && (r.RPC == "" || r.RPC == e.RPC) && r.When == e.When
}

// faultAt returns the fault that strikes at an event.
func (t *faultTable) faultAt(e Event) Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.rules {
		if r.ofMember() || !r.matchesEvent(e) {
			continue
		}
		r.seen++
		if r.seen >= max(r.Nth, 1) && (r.Times < 0 || r.seen < max(r.Nth, 1)+max(r.Times, 1)) {
			return r.Fault
		}
	}
	return Fault{}
}

// hasMemberFault tells whether a lasting fault strikes a member.
func (t *faultTable) hasMemberFault(m *Member, action string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.rules, func(r *Rule) bool { return r.Action == action && r.isAbout(m) })
}

func (r *Rule) isAbout(m *Member) bool {
	return (r.Chassis == "" || r.Chassis == m.Chassis.Name) && (r.Member == nil || *r.Member == m.ID)
}

// strikeMember returns the fault that strikes a member now. One with a number of
// times is used up.
func (t *faultTable) strikeMember(m *Member, action string) (Fault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.rules {
		if r.Action != action || !r.isAbout(m) || r.Times > 0 && r.seen >= r.Times {
			continue
		}
		r.seen++
		return r.Fault, true
	}
	return Fault{}, false
}

// strikeAt asks the hook and the rules.
func (lab *Lab) strikeAt(e Event) Fault {
	lab.mu.Lock()
	hook := lab.hook
	lab.mu.Unlock()
	if hook != nil {
		if f := hook(e); f.Action != "" {
			return f
		}
	}
	return lab.faults.faultAt(e)
}

// IsUnreachable reports that no other member gets through to this one.
func (m *Member) IsUnreachable() bool {
	return m.Chassis.lab.faults.hasMemberFault(m, FaultUnreachable)
}
