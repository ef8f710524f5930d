// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

const maxRollback = 49

// database is the shared candidate of the member that commits. Its chassis' mu
// guards it. All sessions of a chassis edit the same candidate; exclusive is the
// one that locked it.
type database struct {
	candidate *conf.Tree // nil: nothing was edited, it is the active configuration
	exclusive *session
	changed   time.Time
	editor    *session // who edited last
}

// leave forgets a session and discards what it edited under its lock.
func (d *database) leave(s *session) {
	if d.exclusive == s {
		d.exclusive, d.candidate = nil, nil
	}
	if d.editor == s {
		d.editor = nil
	}
}

func (d *database) dirty(active *conf.Tree) bool {
	return d.candidate != nil && !d.candidate.Equal(active)
}

// guard refuses sessions that must not change anything here.
func (s *session) guard() *rpcError {
	if !s.member.writable() && s.ch.profile.BackupWrites == "refused" {
		return &rpcError{Message: s.ch.profile.BackupWritesText}
	}
	if x := s.member.db.exclusive; x != nil && x != s {
		return &rpcError{Message: fmt.Sprintf("\nconfiguration database locked by:\n  %s\n      exclusive\n", x.holder()), bare: true}
	}
	return nil
}

// lock takes the shared candidate for this session alone.
func (s *session) lock() *rpcError {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	d := &s.member.db
	if d.exclusive == s || s.private != nil {
		return &rpcError{Message: "\nConfiguration database is already open\n"}
	}
	if err := s.guard(); err != nil {
		return err
	}
	if d.dirty(s.member.config()) && s.ch.profile.LockDirty == "refused" {
		return &rpcError{Message: "\nconfiguration database modified\n"}
	}
	d.exclusive = s
	return nil
}

// unlock gives the lock back and discards what was not committed.
func (s *session) unlock() *rpcError {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	d := &s.member.db
	if d.exclusive != s {
		return &rpcError{Message: "\nConfiguration database is not open\n"}
	}
	d.leave(s)
	return nil
}

// openPrivate gives the session a candidate of its own.
func (s *session) openPrivate() *rpcError {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	if s.private != nil || s.member.db.exclusive == s {
		return &rpcError{Message: "\nConfiguration database is already open\n"}
	}
	if err := s.guard(); err != nil {
		return err
	}
	if s.member.db.dirty(s.member.config()) {
		return &rpcError{Message: "\nshared configuration database modified\n"}
	}
	s.private = &private{tree: s.member.config()}
	return nil
}

// closeConfiguration ends private or exclusive editing.
func (s *session) closeConfiguration() *rpcError {
	s.ch.mu.Lock()
	if s.private != nil {
		s.private = nil
		s.ch.mu.Unlock()
		return nil
	}
	s.ch.mu.Unlock()
	return s.unlock()
}

// view returns the tree this session sees: its candidate, or what is active.
func (s *session) view(committed bool) *conf.Tree {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	return s.seen(committed)
}

func (s *session) seen(committed bool) *conf.Tree {
	switch {
	case committed:
		return s.member.config()
	case s.private != nil:
		return s.private.tree
	case s.member.db.candidate != nil:
		return s.member.db.candidate
	}
	return s.member.config()
}

// change runs f on a copy of the session's candidate and keeps the result.
func (s *session) change(e edit, f func(*conf.Tree) *conf.Tree) *rpcError {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	if err := s.guard(); err != nil {
		return err
	}
	tree := f(s.seen(false).Clone())
	if s.private != nil {
		s.private.tree = tree
		s.private.edits = append(s.private.edits, e)
		return nil
	}
	d := &s.member.db
	d.candidate, d.changed, d.editor = tree, s.ch.lab.clock.Now(), s
	if tree.Equal(s.member.config()) {
		d.candidate = nil
	}
	return nil
}

// load edits the candidate and returns what Junos would report. What was
// understood is there even when something else was not.
func (s *session) load(action, format, payload string) ([]conf.Problem, *rpcError) {
	return s.edit(edit{action: action, format: format, payload: payload})
}

func (s *session) edit(e edit) ([]conf.Problem, *rpcError) {
	var problems []conf.Problem
	err := s.change(e, func(tree *conf.Tree) *conf.Tree {
		problems = e.apply(tree)
		return tree
	})
	return problems, err
}

// rollback loads an earlier configuration into the candidate.
func (s *session) rollback(n int) *rpcError {
	tree := s.member.past(n)
	if tree == nil {
		return &rpcError{Message: fmt.Sprintf("rollback %d not found", n), Bad: fmt.Sprint(n)}
	}
	return s.change(edit{action: conf.ActionOverride, format: conf.FormatText, payload: tree.Text()}, func(*conf.Tree) *conf.Tree { return tree })
}

// past is a configuration of the history; 0 is the active one.
func (m *Member) past(n int) *conf.Tree {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n < 0 || n >= len(m.history) {
		return nil
	}
	return m.history[n].tree
}

// merged is what a commit of this session would activate. Private edits are
// replayed on what became active in the meantime.
func (s *session) merged() *conf.Tree {
	if s.private == nil {
		return s.seen(false)
	}
	tree := s.member.config().Clone()
	for _, e := range s.private.edits {
		e.apply(tree)
	}
	return tree
}
