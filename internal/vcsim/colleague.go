// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"errors"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// Colleague is another user's session on the primary, without a connection: it
// holds locks, leaves edits behind, and has trial commits pending.
type Colleague struct{ s *session }

// Colleague logs somebody in; client is cli or netconf.
func (ch *Chassis) Colleague(user, client string) *Colleague {
	terminal := ""
	if client == "cli" {
		terminal = "pts/1"
	}
	u, ok := ch.primaryMember().account(user)
	if !ok {
		u = User{Name: user, Class: "super-user"}
	}
	return &Colleague{ch.primaryMember().login(u, client, terminal, nil)}
}

// ID is the process id that lock messages show.
func (c *Colleague) ID() int { return c.s.id }

// Lock takes the candidate, as "configure exclusive" does.
func (c *Colleague) Lock() error { return asError(c.s.lock()) }

// Unlock gives it back.
func (c *Colleague) Unlock() error { return asError(c.s.unlock()) }

// Edit loads set commands into the candidate and leaves them there.
func (c *Colleague) Edit(set string) error {
	problems, err := c.s.load(conf.ActionSet, conf.FormatSet, set)
	if err == nil && conf.Failed(problems) {
		return problems[0]
	}
	return asError(err)
}

// Discard drops the edits of the candidate.
func (c *Colleague) Discard() error { return asError(c.s.rollback(0)) }

// Commit commits; minutes above 0 make it a trial.
func (c *Colleague) Commit(minutes int) error { return c.CommitLog(minutes, "by a colleague") }

// CommitLog is Commit with a log text.
func (c *Colleague) CommitLog(minutes int, log string) error {
	r := c.s.commit(commitRequest{confirmed: minutes > 0, timeout: time.Duration(minutes) * time.Minute, log: log})
	if r.refused != nil {
		return asError(r.refused)
	}
	var failed []error
	for _, m := range r.members {
		for _, e := range m.errors {
			failed = append(failed, asError(&e))
		}
	}
	if !r.failed {
		return nil
	}
	return errors.Join(failed...)
}

// Close logs out; a held lock and the edits under it are gone.
func (c *Colleague) Close() { c.s.end() }

func asError(e *rpcError) error {
	if e == nil {
		return nil
	}
	return errors.New(strings.TrimSpace(e.Message))
}
