// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

const MaxRollback = 49

// database is the shared candidate of the member that commits. Its chassis' mu
// guards it. All sessions of a chassis edit the same candidate; exclusive is the
// one that locked it.
type database struct {
	candidate *conf.Tree // nil: nothing was edited, it is the active configuration
	exclusive *Session
	changed   time.Time
	editor    *Session // who edited last
}

// forgetSession forgets a session and discards what it edited under its lock.
func (d *database) forgetSession(s *Session) {
	if d.exclusive == s {
		d.exclusive, d.candidate = nil, nil
	}
	if d.editor == s {
		d.editor = nil
	}
}

func (d *database) hasEdits(active *conf.Tree) bool {
	return d.candidate != nil && !d.candidate.Equal(active)
}

// guardEdit refuses sessions that must not change anything here. What one that has ended
// meanwhile leaves would be nobody's.
func (s *Session) guardEdit() *Refusal {
	if s.ended {
		return &Refusal{Message: "session ended"}
	}
	if !s.Member.isWritable() && s.Chassis.Profile.BackupWrites == "refused" {
		return &Refusal{Message: s.Chassis.Profile.BackupWritesText}
	}
	if x := s.Member.db.exclusive; x != nil && x != s {
		return &Refusal{Message: fmt.Sprintf("\nconfiguration database locked by:\n  %s\n      exclusive\n", x.describeHolder()), By: ByDatabase}
	}
	return nil
}

// Lock takes the shared candidate for this session alone.
func (s *Session) Lock() *Refusal {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	d := &s.Member.db
	if d.exclusive == s || s.private != nil {
		return &Refusal{Message: "\nConfiguration database is already open\n"}
	}
	if err := s.guardEdit(); err != nil {
		return err
	}
	if d.hasEdits(s.Member.ActiveTree()) && s.Chassis.Profile.LockDirty == "refused" {
		return &Refusal{Message: "\nconfiguration database modified\n"}
	}
	d.exclusive = s
	return nil
}

// Unlock gives the lock back and discards what was not committed.
func (s *Session) Unlock() *Refusal {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	d := &s.Member.db
	if d.exclusive != s {
		return &Refusal{Message: "\nConfiguration database is not open\n"}
	}
	d.forgetSession(s)
	return nil
}

// OpenPrivate gives the session a candidate of its own.
func (s *Session) OpenPrivate() *Refusal {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	if s.private != nil || s.Member.db.exclusive == s {
		return &Refusal{Message: "\nConfiguration database is already open\n"}
	}
	if err := s.guardEdit(); err != nil {
		return err
	}
	if s.Member.db.hasEdits(s.Member.ActiveTree()) {
		return &Refusal{Message: "\nshared configuration database modified\n"}
	}
	s.private = &private{tree: s.Member.ActiveTree()}
	return nil
}

// CloseConfiguration ends private or exclusive editing.
func (s *Session) CloseConfiguration() *Refusal {
	s.Chassis.mu.Lock()
	if s.private != nil {
		s.private = nil
		s.Chassis.mu.Unlock()
		return nil
	}
	s.Chassis.mu.Unlock()
	return s.Unlock()
}

// View returns the tree this session sees: its candidate, or what is active.
func (s *Session) View(committed bool) *conf.Tree {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	return s.visiblePart(s.treeSeen(committed))
}

func (s *Session) treeSeen(committed bool) *conf.Tree {
	switch {
	case committed:
		return s.Member.ActiveTree()
	case s.private != nil:
		return s.private.tree
	case s.Member.db.candidate != nil:
		return s.Member.db.candidate
	}
	return s.Member.ActiveTree()
}

// changeCandidate runs f on a copy of the session's candidate and keeps the result.
func (s *Session) changeCandidate(e edit, f func(*conf.Tree) *conf.Tree) *Refusal {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	if err := s.guardEdit(); err != nil {
		return err
	}
	before := s.treeSeen(false)
	tree := f(before.Clone())
	if s.touchesHidden(before, tree) {
		return &Refusal{Message: "permission denied", By: ByDatabase}
	}
	if s.private != nil {
		s.private.tree = tree
		s.private.edits = append(s.private.edits, e)
		return nil
	}
	d := &s.Member.db
	d.candidate, d.changed, d.editor = tree, s.Chassis.lab.clock.Now(), s
	if tree.Equal(s.Member.ActiveTree()) {
		d.candidate = nil
	}
	return nil
}

// Load edits the candidate and returns what Junos would report. What was
// understood is there even when something else was not.
func (s *Session) Load(action, format, payload string) ([]conf.Problem, *Refusal) {
	return s.editCandidate(edit{action: action, format: format, payload: payload})
}

// Command edits the candidate by a command that was typed below a hierarchy.
func (s *Session) Command(line string, hierarchy []string) ([]conf.Problem, *Refusal) {
	return s.editCandidate(edit{payload: line, typed: true, hierarchy: slices.Clone(hierarchy)})
}

func (s *Session) editCandidate(e edit) ([]conf.Problem, *Refusal) {
	var problems []conf.Problem
	err := s.changeCandidate(e, func(tree *conf.Tree) *conf.Tree {
		problems = e.applyTo(tree)
		return tree
	})
	return problems, err
}

// Rollback loads an earlier configuration into the candidate.
func (s *Session) Rollback(n int) *Refusal {
	tree := s.Member.Past(n)
	if tree == nil {
		return &Refusal{Message: fmt.Sprintf("rollback %d not found", n), Bad: fmt.Sprint(n)}
	}
	return s.changeCandidate(edit{action: conf.ActionOverride, format: conf.FormatText, payload: tree.Text()}, func(*conf.Tree) *conf.Tree { return tree })
}

// Past is a configuration of the history; 0 is the active one.
func (m *Member) Past(n int) *conf.Tree {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n < 0 || n >= len(m.history) {
		return nil
	}
	return m.history[n].tree
}

// mergedTree is what a commit of this session would activate. Private edits are
// replayed on what became active in the meantime.
func (s *Session) mergedTree() *conf.Tree {
	if s.private == nil {
		return s.treeSeen(false)
	}
	tree := s.Member.ActiveTree().Clone()
	for _, e := range s.private.edits {
		e.applyTo(tree)
	}
	return tree
}

// Editor is somebody who holds the lock, a private candidate, or uncommitted edits.
type Editor struct {
	ID             int
	User, Terminal string
	Since          time.Time
	Idle           time.Duration
	Exclusive      bool
}

// Editors lists who is editing on this member.
func (m *Member) Editors() []Editor {
	sessions, now := m.Chassis.LoggedIn(), m.Chassis.lab.clock.Now()
	m.Chassis.mu.Lock()
	defer m.Chassis.mu.Unlock()
	var all []Editor
	for _, s := range sessions {
		if s.Member == m && s.isEditing() {
			all = append(all, Editor{s.ID, s.User.Name, s.Terminal, s.Since, now.Sub(s.touched), m.db.exclusive == s})
		}
	}
	return all
}

func (s *Session) isEditing() bool {
	d := &s.Member.db
	return d.exclusive == s || s.private != nil || d.editor == s && d.candidate != nil
}

// LastChange tells when the configuration that is shown was changed, and by whom. Of
// edits nobody is named.
func (s *Session) LastChange(committed bool) (at time.Time, by string) {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	if d := &s.Member.db; !committed && d.candidate != nil {
		return d.changed, ""
	}
	last := readField(s.Member, func() *commitEntry { return s.Member.history[0] })
	return last.at, last.user
}
