// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// trial is a confirmed commit that nobody has confirmed yet.
type trial struct {
	user     string
	session  *Session
	previous *conf.Tree // what comes back
	deadline time.Time
	entry    *commitEntry
	stop     func()
}

// settleTrial confirms a pending trial by this commit, and starts the next one when
// the commit itself is confirmed. A trial on top of a trial goes back to where
// the first one started.
func (ch *Chassis) settleTrial(s *Session, before *conf.Tree, entry *commitEntry, r CommitRequest) {
	if ch.trial != nil {
		ch.trial.stop()
		before = ch.trial.previous
		ch.trial = nil
	}
	if !r.Confirmed {
		return
	}
	t := &trial{user: s.User.Name, session: s, previous: before, entry: entry, deadline: ch.lab.clock.Now().Add(r.Timeout)}
	t.stop = ch.lab.clock.AfterFunc(r.Timeout, func() {
		ch.turnstile.Lock()
		defer ch.turnstile.Unlock()
		ch.revertTrial(t)
	})
	ch.trial = t
}

// confirmByCheck: Junos takes "commit check" for a confirmation, whoever's
// trial is pending.
func (s *Session) confirmByCheck() {
	if s.Chassis.Profile.CheckConfirms != "yes" {
		return
	}
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	t := s.Chassis.trial
	if t == nil {
		return
	}
	t.stop()
	s.Chassis.trial = nil
	s.Chassis.lab.journal.changeCounters(s.Chassis.Name, func(c *Counters) { c.Writes++ })
	if s.Chassis.Profile.CheckConfirmTrace == "updated" {
		t.entry.comment = ""
	}
}

// revertTrial brings the configuration from before a trial back, on all members. The
// caller holds the turnstile.
func (ch *Chassis) revertTrial(t *trial) {
	ch.mu.Lock()
	pending := ch.trial == t
	if pending {
		t.stop()
		ch.trial = nil
	}
	ch.mu.Unlock()
	if !pending {
		return
	}
	primary := ch.Primary()
	governing := t.previous
	if ch.Profile.RollbackTransport == "active" {
		governing = primary.ActiveTree()
	}
	ch.synchronizeAll(primary, t.previous, ch.transportOf(primary, governing), "rollback")
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.activateStaged(primary, t.previous, &commitEntry{
		tree: t.previous, at: ch.lab.clock.Now(), user: "root", client: "other", comment: ch.Profile.RollbackComment,
	})
	if d := &primary.db; d.candidate != nil && d.candidate.Equal(t.previous) {
		d.candidate = nil
	}
	ch.lab.journal.changeCounters(ch.Name, func(c *Counters) { c.Rollbacks++ })
	if ch.Profile.RollbackBroadcast == "terminals" {
		go ch.Broadcast(ch.Profile.RollbackComment) // ends with the terminals; nobody waits for them
	}
}

// RollbackIn is the time until a pending trial is taken back.
func (ch *Chassis) RollbackIn() time.Duration {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if ch.trial == nil {
		return 0
	}
	return ch.trial.deadline.Sub(ch.lab.clock.Now())
}
