// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// session is somebody who is logged in: a client's NETCONF session, a CLI, or a
// made-up colleague of the control API.
type session struct {
	id       int
	user     User
	client   string // netconf, cli
	terminal string // as lock messages and who show it; empty for NETCONF
	ch       *Chassis
	member   *Member
	since    time.Time
	done     chan struct{} // closed by end
	gone     chan struct{} // closed by depart: the client sends no more
	hangup   func(reset bool)

	// Guarded by the chassis' mu.
	touched time.Time
	private *private
	ended   bool
	over    sync.Once
	left    sync.Once
}

// private is a candidate of one's own; its edits are replayed on top of what is
// active when it is committed.
type private struct {
	tree  *conf.Tree
	edits []edit
}

// edit is one change: a load, or a command that was typed below a hierarchy.
type edit struct {
	action, format, payload string
	typed                   bool
	hierarchy               []string
}

func (e edit) apply(tree *conf.Tree) []conf.Problem {
	if e.typed {
		return tree.Command(e.payload, e.hierarchy...)
	}
	return tree.Load(e.action, e.format, e.payload)
}

// login registers a session. hangup cuts its connection.
func (m *Member) login(user User, client, terminal string, hangup func(reset bool)) *session {
	now := m.ch.lab.clock.Now()
	s := &session{
		id: m.ch.lab.nextPID(), user: user, client: client, terminal: terminal, ch: m.ch, member: m,
		since: now, touched: now, done: make(chan struct{}), gone: make(chan struct{}), hangup: hangup,
	}
	m.ch.mu.Lock()
	defer m.ch.mu.Unlock()
	m.ch.sessions[s.id] = s
	return s
}

// depart tells what stalls for this session that nobody waits for it any more.
func (s *session) depart() { s.left.Do(func() { close(s.gone) }) }

// end logs a session out: what it holds is released, what it edited under its
// lock is discarded.
func (s *session) end() {
	s.over.Do(func() {
		close(s.done)
		s.ch.turnstile.Lock()
		defer s.ch.turnstile.Unlock()
		if t := s.release(); t != nil && s.ch.profile.ConfirmedSessionLoss == "reverts" {
			s.ch.revert(t)
		}
	})
}

// release returns the pending trial of this session, if there is one.
func (s *session) release() *trial {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	s.ended = true
	delete(s.ch.sessions, s.id)
	s.member.db.leave(s)
	s.private = nil
	if t := s.ch.trial; t != nil && t.session == s {
		return t
	}
	return nil
}

// kill cuts the session's connection; its front then ends it.
func (s *session) kill() {
	if s.hangup != nil {
		s.hangup(false)
	}
	go s.end() // the caller may hold the turnstile
}

func (s *session) root() bool { return s.user.Name == "root" }

// allows tells what a login class may do.
func (s *session) allows(kind string) bool {
	switch s.user.Class {
	case "super-user":
		return true
	case "operator", "read-only":
		return kind == kindRead
	default:
		return s.root()
	}
}

func (s *session) holder() string {
	now := s.ch.lab.clock.Now()
	return fmt.Sprintf("%s terminal %s (pid %d) on since %s, idle %s", s.user.Name, s.terminal, s.id,
		stamp(s.since), clockface(now.Sub(s.touched)))
}

// stamp is the way Junos writes a time.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func clockface(d time.Duration) string {
	n := int(d.Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}
