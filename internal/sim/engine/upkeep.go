// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// statusForgotten is that of a member whose id was recycled: it is in no list until it joins again.
const statusForgotten = "forgotten"

// Recycle frees the id of a member that is away, as request virtual-chassis recycle does.
func (ch *Chassis) Recycle(id int) error {
	m := ch.Member(id)
	switch {
	case m == nil:
		return fmt.Errorf("member %d: no such member", id)
	case m.Status() != StatusAbsent:
		return fmt.Errorf("member %d: is present", id)
	}
	m.writeFields(func() { m.status = statusForgotten })
	return nil
}

// Renumber gives a switch another id: with all that it has it moves into the place of that id. Its sessions end.
func (ch *Chassis) Renumber(id, to int) error {
	m, place := ch.Member(id), ch.Member(to)
	_, isPreprovisioned := ch.Primary().ActiveTree().Get("virtual-chassis", "preprovisioned")
	switch {
	case isPreprovisioned:
		return errors.New("member ids of a preprovisioned Virtual Chassis are those of its configuration")
	case m == nil || m.Status() != StatusPresent:
		return fmt.Errorf("member %d: is not present", id)
	case to < 0 || to >= maxMembers:
		return fmt.Errorf("member %d: want 0 to %d", to, maxMembers-1)
	case place != nil && place.Status() != statusForgotten:
		return fmt.Errorf("member %d: is a member", to)
	}
	ch.turnstile.Lock()
	defer ch.turnstile.Unlock()
	if place == nil {
		place = &Member{ID: to, Chassis: ch}
		ch.addMembers(place)
	}
	ch.dropSessions(m)
	m.moveTo(place)
	ch.tellHosts(ch.memberMessages(id, false, ch.Primary())...)
	ch.tellHosts(ch.memberMessages(to, true, ch.Primary())...)
	return nil
}

// moveTo leaves the place of an id for another.
func (m *Member) moveTo(place *Member) {
	m.mu.Lock()
	defer m.mu.Unlock()
	place.mu.Lock()
	defer place.mu.Unlock()
	place.serial, place.model, place.release, place.isFIPS, place.fixed, place.priority = m.serial, m.model, m.release, m.isFIPS, m.fixed, m.priority
	place.role, place.key, place.files, place.active, place.history = m.role, m.key, m.files, m.active, m.history
	place.status, m.status, m.role, m.files = StatusPresent, statusForgotten, RoleLinecard, nil
}

// Reactivate brings a member back that is Inactive, and no other.
func (m *Member) Reactivate() error {
	if m.Status() != StatusInactive {
		return fmt.Errorf("member %d: is not inactive", m.ID)
	}
	return m.Chassis.Join(m.ID)
}

// Ring lists the neighbours of a member over its two Virtual Chassis ports; nil is a port without a neighbour.
func (ch *Chassis) Ring(m *Member) [2]*Member {
	ring := ch.Present()
	for at, other := range ring {
		switch {
		case other != m || len(ring) < 2:
		case len(ring) == 2:
			return [2]*Member{ring[1-at], nil}
		default:
			return [2]*Member{ring[(at+1)%len(ring)], ring[(at+len(ring)-1)%len(ring)]}
		}
	}
	return [2]*Member{}
}

// logFile is where a switch logs; it holds what the lab has seen of its chassis.
const logFile = "/var/log/messages"

// Log is the text of the log file on this member: operations of NETCONF sessions, commits, members that
// came and went, and what a script did.
func (m *Member) Log() string {
	var b strings.Builder
	host := m.HostName()
	for _, e := range m.Chassis.lab.journal.entriesAfter("", 0) {
		switch own := e.Chassis == m.Chassis.Name; {
		case e.Kind == kindMessage && own:
			fmt.Fprintf(&b, "%s  %s %s\n", logTime(e.Time), host, e.Request)
			continue
		case e.Kind == KindEvent && strings.Contains(e.Request, m.Chassis.Name):
			fmt.Fprintf(&b, "%s  %s vchassis-sim: %s: %s\n", logTime(e.Time), host, e.Request, e.Outcome)
		}
		if e.Chassis != m.Chassis.Name || e.Member != m.ID {
			continue
		}
		if e.Client == "netconf" {
			fmt.Fprintf(&b, "%s  %s mgd[%d]: UI_NETCONF_CMD: User '%s' used NETCONF client to run command '%s'\n", logTime(e.Time), host, e.Session, e.User, e.RPC)
		}
		if e.Kind == KindCommit && e.Outcome == "ok" {
			fmt.Fprintf(&b, "%s  %s mgd[%d]: UI_COMMIT_COMPLETED: commit complete\n", logTime(e.Time), host, e.Session)
		}
	}
	return b.String()
}

func logTime(t time.Time) string { return t.UTC().Format("Jan _2 15:04:05") }

// Listens lists the ports that the configuration makes a switch listen on.
func (m *Member) Listens() []string {
	var ports []string
	if m.OffersSSH() {
		ports = append(ports, "22")
	}
	if m.OffersNETCONF() {
		port, _ := m.InForce().Get("system", "services", "netconf", "ssh", "port")
		setDefault(&port, "830")
		ports = append(ports, port)
	}
	return ports
}

// DiskFull tells of a member whose disk a fault has filled.
func (m *Member) DiskFull() bool { return m.Chassis.lab.faults.hasMemberFault(m, FaultDiskFull) }

// CopyFile copies a file of the chassis to where the session may write.
func (s *Session) CopyFile(from, to string) string {
	data, refused := s.Open(s.homeDir(from))
	if refused != "" {
		return refused
	}
	if err := s.keepFile(to, from[strings.LastIndexByte(from, '/')+1:], data); err != nil {
		return to + ": " + err.Error()
	}
	return ""
}

// DeleteFile deletes a file where the session may write.
func (s *Session) DeleteFile(name string) string {
	at := s.homeDir(name)
	if _, ok := s.Member.readFile(at); !ok {
		return "cannot remove '" + name + "': No such file or directory"
	}
	if !s.MayWrite(at) {
		return "cannot remove '" + name + "': Permission denied"
	}
	s.Member.removeFile(at)
	return ""
}
