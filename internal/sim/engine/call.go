// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import "time"

// Call is one RPC of a session: its line in the log, and the two moments at which a
// fault can strike.
type Call struct {
	s     *Session
	event Event
	seq   int
}

// Begin notes an RPC and returns the fault that strikes before it is applied.
func (s *Session) Begin(rpc, kind, request string) (*Call, Fault) {
	s.noteActivity()
	c := &Call{s: s, event: s.newEvent(rpc, kind, request)}
	c.seq = s.Chassis.lab.journal.addEntry(Entry{
		Time: s.Chassis.lab.clock.Now(), Chassis: s.Chassis.Name, Member: s.Member.ID, Session: s.ID,
		User: s.User.Name, Client: s.Client, RPC: rpc, Kind: kind, Request: request,
	})
	return c, s.Chassis.lab.strikeAt(c.event)
}

// Greet returns the fault that strikes the start of a session.
func (s *Session) Greet() Fault { return s.Chassis.lab.strikeAt(s.newEvent("hello", KindRead, "")) }

func (s *Session) newEvent(rpc, kind, request string) Event {
	return Event{Chassis: s.Chassis.Name, Member: s.Member.ID, Session: s.ID, User: s.User.Name, RPC: rpc, Kind: kind, When: Before, Request: request}
}

// Outcome notes what came of the RPC.
func (c *Call) Outcome(text string) { c.s.Chassis.lab.journal.noteOutcome(c.seq, text) }

// After returns the fault that strikes when the RPC was applied.
func (c *Call) After() Fault {
	c.event.When = After
	return c.s.Chassis.lab.strikeAt(c.event)
}

// Survive lets the faults of the connection strike; false: it is gone.
func (s *Session) Survive(f Fault) bool {
	switch f.Action {
	case FaultDrop:
		s.Hangup(false)
		return false
	case FaultReset:
		s.Hangup(true)
		return false
	case FaultStall:
		return s.waitOutStall(f.Delay)
	}
	select {
	case <-s.done:
		return false
	default:
		return true
	}
}

// waitOutStall waits for the delay or until the faults are cleared; false: the client
// or the session is gone.
func (s *Session) waitOutStall(delay string) bool {
	var timeout <-chan time.Time
	if d, err := time.ParseDuration(delay); err == nil {
		t := time.NewTimer(d)
		defer t.Stop()
		timeout = t.C
	}
	select {
	case <-timeout:
		return true
	case <-s.Chassis.lab.faults.released():
		return true
	case <-s.gone:
	case <-s.done:
	}
	return false
}

func (s *Session) noteActivity() {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	s.touched = s.Chassis.lab.clock.Now()
}
