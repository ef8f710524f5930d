// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh/knownhosts"
)

// prepare makes keys for the present members and distributes public keys and
// host keys among them. Members that are not present get nothing.
func (ch *Chassis) prepare() error {
	members := ch.present()
	skip := ch.prepareSkips(members)
	for _, m := range members {
		if slices.Contains(skip, m) {
			continue
		}
		_, exists := m.readFile(m.keyFile(keyPrivate))
		if exists && ch.profile.PrepareAgain == "keep" {
			continue
		}
		if err := m.makeKeys(ch.profile.KeyType); err != nil {
			return err
		}
	}
	distribute(ch.joined(), members, skip)
	ch.lab.journal.change(ch.Name, func(c *Counters) { c.Prepares++ })
	return nil
}

// prepareSkips lists the members that do not answer, and the one that the
// profile makes fail.
func (ch *Chassis) prepareSkips(members []*Member) []*Member {
	var skip []*Member
	for _, m := range members {
		if ch.lab.faults.member(m, faultUnreachable) || ch.lab.faults.member(m, faultDiskFull) {
			skip = append(skip, m)
		}
	}
	if ch.profile.PrepareSetup != "fail" && ch.profile.PrepareSetup != "partial" {
		return skip
	}
	for _, m := range members {
		if fmt.Sprint(m.ID) == ch.profile.PrepareMember {
			return append(skip, m)
		}
	}
	return append(skip, members[len(members)-1])
}

// distribute writes the public keys and host keys of all members that have keys
// to those that are present. One that is away keeps its place in the files.
func distribute(all, present, skip []*Member) {
	var authorized, known strings.Builder
	for _, m := range all {
		if public, ok := m.readFile(m.keyFile(keyPublic)); ok {
			authorized.Write(public)
			known.WriteString(knownhosts.Line([]string{m.name()}, m.hostKey().PublicKey()) + "\n")
		}
	}
	for _, m := range present {
		if !slices.Contains(skip, m) {
			m.writeFile(m.keyFile(keyAuthorized), []byte(authorized.String()))
			m.writeFile(m.keyFile(keyKnownHosts), []byte(known.String()))
		}
	}
}

// prepareReply runs prepare-setup for a session and returns its output;
// confirmed answers the question that it may ask.
func (s *session) prepareReply(confirmed bool) reply {
	p := s.ch.profile
	if p.PrepareSetup == "unknown" {
		return syntaxError("internal-ssh")
	}
	if s.user.Name != "root" {
		return failure(rpcError{Message: p.PrepareNotRoot, Bad: "internal-ssh"})
	}
	if !s.member.isPrimary() {
		return output(p.PrepareNotPrimary)
	}
	return s.prepareNow(confirmed)
}

// hang lasts until the session or its client is gone.
func (s *session) hang() {
	select {
	case <-s.done:
	case <-s.gone:
	}
}

func (s *session) prepareNow(confirmed bool) reply {
	p := s.ch.profile
	switch {
	case p.PrepareSetup == "hang":
		s.hang()
		return reply{}
	case p.PrepareSetup == "prompt" && !confirmed:
		return output("Existing internal SSH keys will be replaced. Continue? [yes,no] (no) ")
	}
	s.ch.turnstile.Lock()
	defer s.ch.turnstile.Unlock()
	if err := s.ch.prepare(); err != nil {
		return failure(rpcError{Message: err.Error()})
	}
	skipped := s.ch.prepareSkips(s.ch.present())
	if len(skipped) == 0 || p.PrepareSetup == "partial" {
		return output(p.PrepareOutput)
	}
	var lines []string
	for _, m := range skipped {
		lines = append(lines, "error: internal SSH setup failed on "+m.name())
	}
	return output(strings.Join(lines, "\n"))
}
