// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Session is somebody who is logged in: a client's NETCONF session, a CLI, or a
// made-up colleague of the control API.
type Session struct {
	ID       int
	User     User
	Client   string // netconf, cli
	Terminal string // as lock messages and who show it; empty for NETCONF
	Chassis  *Chassis
	Member   *Member
	Since    time.Time
	done     chan struct{}    // closed by End
	gone     chan struct{}    // closed by Depart: the client sends no more
	cut      func(reset bool) // ends its connection, if it has one

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

func (e edit) applyTo(tree *conf.Tree) []conf.Problem {
	if e.typed {
		return tree.Command(e.payload, e.hierarchy...)
	}
	return tree.Load(e.action, e.format, e.payload)
}

// Login registers a session. cut ends its connection, politely or by a reset.
func (m *Member) Login(user User, client, terminal string, cut func(reset bool)) *Session {
	now := m.Chassis.lab.clock.Now()
	s := &Session{
		ID: m.Chassis.lab.nextPID(), User: user, Client: client, Terminal: terminal, Chassis: m.Chassis, Member: m,
		Since: now, touched: now, done: make(chan struct{}), gone: make(chan struct{}), cut: cut,
	}
	m.Chassis.mu.Lock()
	defer m.Chassis.mu.Unlock()
	m.Chassis.sessions[s.ID] = s
	return s
}

// Depart tells what stalls for this session that nobody waits for it any more.
func (s *Session) Depart() { s.left.Do(func() { close(s.gone) }) }

// End logs a session out: what it holds is released, what it edited under its
// lock is discarded.
func (s *Session) End() {
	s.over.Do(func() {
		close(s.done)
		s.Chassis.turnstile.Lock()
		defer s.Chassis.turnstile.Unlock()
		if t := s.releaseAll(); t != nil && s.Chassis.Profile.ConfirmedSessionLoss == "reverts" {
			s.Chassis.revertTrial(t)
		}
	})
}

// releaseAll returns the pending trial of this session, if there is one.
func (s *Session) releaseAll() *trial {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	s.ended = true
	delete(s.Chassis.sessions, s.ID)
	s.Member.db.forgetSession(s)
	s.private = nil
	if t := s.Chassis.trial; t != nil && t.session == s {
		return t
	}
	return nil
}

// killSession cuts the session's connection; its front then ends it.
func (s *Session) killSession() {
	s.Hangup(false)
	go s.End() // the caller may hold the turnstile
}

// Done is closed when the session is over.
func (s *Session) Done() <-chan struct{} { return s.done }

// Hangup ends the session's connection, politely or by a reset.
func (s *Session) Hangup(reset bool) {
	if s.cut != nil {
		s.cut(reset)
	}
}

// UID is the user's id on the member, as text.
func (s *Session) UID() string {
	if s.IsRoot() {
		return "0"
	}
	uid, _ := s.Member.InForce().Get("system", "login", "user", s.User.Name, "uid")
	setDefault(&uid, "2000")
	return uid
}

// IsRoot tells whether this is root's session.
func (s *Session) IsRoot() bool { return s.User.Name == "root" }

func (s *Session) describeHolder() string {
	now := s.Chassis.lab.clock.Now()
	return fmt.Sprintf("%s terminal %s (pid %d) on since %s, idle %s", s.User.Name, s.Terminal, s.ID,
		Stamp(s.Since), Clockface(now.Sub(s.touched)))
}

// Stamp is the way Junos writes a time.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Clockface is the way Junos writes how long something took.
func Clockface(d time.Duration) string {
	n := int(d.Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}

// Prompt is the line above a CLI prompt: {master:0}.
func (s *Session) Prompt() string {
	word := "linecard"
	switch {
	case s.Member.IsStandalone(), s.Member.IsPrimary():
		word = strings.ToLower(s.Chassis.Profile.RoleWord)
	case s.Member.Role() == RoleBackup:
		word = "backup"
	}
	return fmt.Sprintf("{%s:%d}", word, s.Member.Slot())
}

// LoggedIn lists the sessions in the order of their ids.
func (ch *Chassis) LoggedIn() []*Session {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	var all []*Session
	for _, s := range ch.sessions {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Session) int { return a.ID - b.ID })
	return all
}

// FreeTerminal is the first pseudo-terminal that nobody sits at.
func (ch *Chassis) FreeTerminal() string {
	taken := ch.LoggedIn()
	for i := 0; ; i++ {
		name := fmt.Sprintf("pts/%d", i)
		if !slices.ContainsFunc(taken, func(s *Session) bool { return s.Terminal == name }) {
			return name
		}
	}
}

// KillOther ends another session of the same chassis by its id; false: there is
// none.
func (s *Session) KillOther(id string) bool {
	for _, other := range s.Chassis.LoggedIn() {
		if strconv.Itoa(other.ID) == id && other != s {
			other.killSession()
			return true
		}
	}
	return false
}
