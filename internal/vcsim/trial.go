// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// trial is a confirmed commit that nobody has confirmed yet.
type trial struct {
	user     string
	session  *session
	previous *conf.Tree // what comes back
	deadline time.Time
	entry    *commitEntry
	stop     func()
}

// settle confirms a pending trial by this commit, and starts the next one when
// the commit itself is confirmed. A trial on top of a trial goes back to where
// the first one started.
func (ch *Chassis) settle(s *session, before *conf.Tree, entry *commitEntry, r commitRequest) {
	if ch.trial != nil {
		ch.trial.stop()
		before = ch.trial.previous
		ch.trial = nil
	}
	if !r.confirmed {
		return
	}
	t := &trial{user: s.user.Name, session: s, previous: before, entry: entry, deadline: ch.lab.clock.Now().Add(r.timeout)}
	t.stop = ch.lab.clock.AfterFunc(r.timeout, func() {
		ch.turnstile.Lock()
		defer ch.turnstile.Unlock()
		ch.revert(t)
	})
	ch.trial = t
}

// confirmByCheck: Junos takes "commit check" for a confirmation, whoever's
// trial is pending.
func (s *session) confirmByCheck() {
	if s.ch.profile.CheckConfirms != "yes" {
		return
	}
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	t := s.ch.trial
	if t == nil {
		return
	}
	t.stop()
	s.ch.trial = nil
	s.ch.lab.journal.change(s.ch.Name, func(c *Counters) { c.Writes++ })
	if s.ch.profile.CheckConfirmTrace == "updated" {
		t.entry.comment = ""
	}
}

// revert brings the configuration from before a trial back, on all members. The
// caller holds the turnstile.
func (ch *Chassis) revert(t *trial) {
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
	primary := ch.primaryMember()
	governing := t.previous
	if ch.profile.RollbackTransport == "active" {
		governing = primary.config()
	}
	ch.synchronize(primary, t.previous, ch.transport(primary, governing), "rollback")
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.activateStaged(primary, t.previous, &commitEntry{
		tree: t.previous, at: ch.lab.clock.Now(), user: "root", client: "other", comment: ch.profile.RollbackComment,
	})
	if d := &primary.db; d.candidate != nil && d.candidate.Equal(t.previous) {
		d.candidate = nil
	}
	ch.lab.journal.change(ch.Name, func(c *Counters) { c.Rollbacks++ })
}
