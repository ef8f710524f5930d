// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh/knownhosts"
)

// prepareKeys makes keys for the present members and distributes public keys and
// host keys among them. Members that are not present get nothing.
func (ch *Chassis) prepareKeys() error {
	members := ch.Present()
	skip := ch.prepareSkips(members)
	for _, m := range members {
		if slices.Contains(skip, m) {
			continue
		}
		_, exists := m.readFile(m.keyFile(keyPrivate))
		if exists && ch.Profile.PrepareAgain == "keep" {
			continue
		}
		if err := m.makeKeys(ch.Profile.KeyType); err != nil {
			return err
		}
	}
	distributeKeys(ch.Joined(), members, skip)
	ch.lab.journal.changeCounters(ch.Name, func(c *Counters) { c.Prepares++ })
	return nil
}

// prepareSkips lists the members that do not answer, and the one that the
// profile makes fail.
func (ch *Chassis) prepareSkips(members []*Member) []*Member {
	var skip []*Member
	for _, m := range members {
		if ch.lab.faults.hasMemberFault(m, FaultUnreachable) || ch.lab.faults.hasMemberFault(m, FaultDiskFull) {
			skip = append(skip, m)
		}
	}
	if ch.Profile.PrepareSetup != "fail" && ch.Profile.PrepareSetup != "partial" {
		return skip
	}
	for _, m := range members {
		if fmt.Sprint(m.ID) == ch.Profile.PrepareMember {
			return append(skip, m)
		}
	}
	return append(skip, members[len(members)-1])
}

// distributeKeys writes the public keys and host keys of all members that have keys
// to those that are present. One that is away keeps its place in the files.
func distributeKeys(all, present, skip []*Member) {
	var authorized, known strings.Builder
	for _, m := range all {
		if public, ok := m.readFile(m.keyFile(keyPublic)); ok {
			authorized.Write(public)
			known.WriteString(knownhosts.Line([]string{m.Name()}, m.hostKey().PublicKey()) + "\n")
		}
	}
	for _, m := range present {
		if !slices.Contains(skip, m) {
			m.writeFile(m.keyFile(keyAuthorized), []byte(authorized.String()))
			m.writeFile(m.keyFile(keyKnownHosts), []byte(known.String()))
		}
	}
}

// hangUntilGone lasts until the session or its client is gone.
func (s *Session) hangUntilGone() {
	select {
	case <-s.done:
	case <-s.gone:
	}
}

// Prepare runs prepare-setup for a session and returns its output; confirmed
// answers the question that it may ask. Nothing is said when the session hung
// until its end.
func (s *Session) Prepare(confirmed bool) (output string, refused *Refusal) {
	p := s.Chassis.Profile
	if p.PrepareSetup == "unknown" {
		return "", &Refusal{Message: "syntax error", Bad: "internal-ssh"}
	}
	if s.User.Name != "root" {
		return "", &Refusal{Message: p.PrepareNotRoot, Bad: "internal-ssh"}
	}
	if !s.Member.IsPrimary() {
		return p.PrepareNotPrimary, nil
	}
	return s.prepareNow(confirmed)
}

func (s *Session) prepareNow(confirmed bool) (output string, refused *Refusal) {
	p := s.Chassis.Profile
	switch {
	case p.PrepareSetup == "hang":
		s.hangUntilGone()
		return "", nil
	case p.PrepareSetup == "prompt" && !confirmed:
		return p.PreparePrompt + " ", nil
	}
	s.Chassis.turnstile.Lock()
	defer s.Chassis.turnstile.Unlock()
	if err := s.Chassis.prepareKeys(); err != nil {
		return "", &Refusal{Message: err.Error()}
	}
	skipped := s.Chassis.prepareSkips(s.Chassis.Present())
	if len(skipped) == 0 || p.PrepareSetup == "partial" {
		return p.PrepareOutput, nil
	}
	var lines []string
	for _, m := range skipped {
		lines = append(lines, strings.ReplaceAll(p.PrepareFailure, "%s", m.Name()))
	}
	return strings.Join(lines, "\n"), nil
}
