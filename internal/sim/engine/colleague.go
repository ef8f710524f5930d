// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"errors"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Colleague is another user's session on the primary, without a connection: it
// holds locks, leaves edits behind, and has trial commits pending.
type Colleague struct{ s *Session }

// Colleague logs somebody in; client is cli or netconf.
func (ch *Chassis) Colleague(user, client string) *Colleague {
	terminal := ""
	if client == "cli" {
		terminal = "pts/1"
	}
	u, ok := ch.Primary().Account(user)
	if !ok {
		u = User{Name: user, Class: ClassSuperUser}
	}
	return &Colleague{ch.Primary().Login(u, client, terminal, nil)}
}

// ID is the process id that lock messages show.
func (c *Colleague) ID() int { return c.s.ID }

// Lock takes the candidate, as "configure exclusive" does.
func (c *Colleague) Lock() error { return asError(c.s.Lock()) }

// Unlock gives it back.
func (c *Colleague) Unlock() error { return asError(c.s.Unlock()) }

// Edit loads set commands into the candidate and leaves them there.
func (c *Colleague) Edit(set string) error {
	problems, err := c.s.Load(conf.ActionSet, conf.FormatSet, set)
	if err == nil && conf.Failed(problems) {
		return problems[0]
	}
	return asError(err)
}

// Discard drops the edits of the candidate.
func (c *Colleague) Discard() error { return asError(c.s.Rollback(0)) }

// Commit commits; minutes above 0 make it a trial.
func (c *Colleague) Commit(minutes int) error { return c.CommitLog(minutes, "by a colleague") }

// CommitLog is Commit with a log text.
func (c *Colleague) CommitLog(minutes int, log string) error {
	r := c.s.Commit(CommitRequest{Confirmed: minutes > 0, Timeout: time.Duration(minutes) * time.Minute, Log: log})
	if r.Refused != nil {
		return asError(r.Refused)
	}
	var failed []error
	for _, m := range r.Members {
		for _, e := range m.Errors {
			failed = append(failed, asError(&e))
		}
	}
	if !r.Failed {
		return nil
	}
	return errors.Join(failed...)
}

// Close logs out; a held lock and the edits under it are gone.
func (c *Colleague) Close() { c.s.End() }

func asError(e *Refusal) error {
	if e == nil {
		return nil
	}
	return errors.New(strings.TrimSpace(e.Message))
}
