// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Leave takes a member off the chassis, as a pulled cable or a lost power does.
// Sessions on it end; a primary hands over to the backup.
func (ch *Chassis) Leave(id int) error {
	m := ch.Member(id)
	if m == nil || m.Status() == StatusAbsent {
		return fmt.Errorf("member %d: not here to leave", id)
	}
	ch.turnstile.Lock()
	defer ch.turnstile.Unlock()
	before := ch.Primary()
	m.writeFields(func() { m.status = StatusAbsent })
	if m.IsPrimary() {
		ch.handOver(m)
	}
	ch.dropSessions(m)
	ch.electBackup()
	ch.tellHosts(ch.memberMessages(id, false, before)...)
	return nil
}

// Join brings a member to the chassis, or back. Its configuration is replaced
// by the primary's, over the transport that the primary uses. For a switch that
// stood alone an operator enters the serial number first.
func (ch *Chassis) Join(id int) error {
	m := ch.Member(id)
	if m == nil || m.Status() == StatusPresent {
		return fmt.Errorf("member %d: not waiting to join", id)
	}
	if m.IsStandalone() && ch.anyPresent() {
		if err := ch.provisionSerial(m); err != nil {
			return err
		}
	}
	ch.turnstile.Lock()
	defer ch.turnstile.Unlock()
	ch.dropSessions(m)
	ch.admitMember(m)
	ch.tellHosts(ch.memberMessages(id, true, ch.Primary())...)
	return nil
}

// admitMember sets status and role of a member that appears, and synchronizes it.
func (ch *Chassis) admitMember(m *Member) {
	if !ch.isProvisioned(m) {
		m.writeFields(func() { m.status, m.role = StatusUnprovisioned, RoleLinecard })
		return
	}
	m.writeFields(func() {
		m.status = StatusPresent
		if m.role != RolePrimary {
			m.role = RoleLinecard
		}
	})
	ch.electBackup()
	if !m.IsPrimary() {
		ch.synchronizeOne(m)
	}
}

// provisioned: a preprovisioned chassis takes only the serial numbers that its
// configuration lists.
func (ch *Chassis) isProvisioned(m *Member) bool {
	tree := ch.Primary().ActiveTree()
	if _, pre := tree.Get("virtual-chassis", "preprovisioned"); !pre {
		return true
	}
	serial, _ := tree.Get("virtual-chassis", "member", strconv.Itoa(m.ID), "serial-number")
	return serial == m.Serial()
}

// synchronizeOne brings one member to the primary's configuration.
func (ch *Chassis) synchronizeOne(m *Member) {
	primary := ch.Primary()
	tree := primary.ActiveTree()
	transport := ch.transportOf(primary, tree)
	report := &SyncReport{Time: ch.lab.clock.Now(), Transport: transport, Reason: "join", Members: map[string]string{m.Name(): "ok"}}
	if err := ch.carryTo(primary, m, tree, tree.Text(), transport); err != nil {
		report.Members[m.Name()] = err.Error()
		m.markUnsynced(err)
		if ch.Profile.JoinFailure == "inactive" {
			m.writeFields(func() { m.status = StatusInactive })
		}
	} else {
		m.setConfig(readField(m, func() *conf.Tree { return m.staged }), readField(primary, func() *commitEntry { return primary.history[0] }))
	}
	ch.mu.Lock()
	ch.sync = report
	ch.mu.Unlock()
}

// Replacement describes the switch that takes a member's place.
type Replacement struct {
	Serial    string `json:"serial"`    // made up when empty
	Config    string `json:"config"`    // staged (default): step 1's statements are there; factory: they are not
	Release   string `json:"release"`   // the old one's when empty
	Provision *bool  `json:"provision"` // an operator enters the new serial number first; true
	StayAway  bool   `json:"stay_away"` // it is put in its place but has not joined yet
}

// Replace puts another switch in the place of a member: another serial number
// and host key, no keys, a configuration of its own until it is synchronized.
func (ch *Chassis) Replace(id int, r Replacement) error {
	m := ch.Member(id)
	if m == nil {
		return fmt.Errorf("member %d: no such member", id)
	}
	if m.IsPrimary() && ch.backupMember() == nil {
		return fmt.Errorf("member %d: no backup to take over", id)
	}
	if m.Status() != StatusAbsent {
		if err := ch.Leave(id); err != nil {
			return err
		}
	}
	if err := m.becomeAnother(r); err != nil {
		return err
	}
	if r.Provision == nil || *r.Provision {
		if err := ch.provisionSerial(m); err != nil {
			return err
		}
	}
	if r.StayAway {
		return nil
	}
	return ch.Join(id)
}

func (m *Member) becomeAnother(r Replacement) error {
	setDefault(&r.Config, "staged")
	m.mu.Lock()
	m.generation++
	m.serial = m.Chassis.makeUpSerial(m.ID, m.generation)
	if r.Serial != "" {
		m.serial = r.Serial
	}
	if r.Release != "" {
		m.release = r.Release
	}
	m.key, m.files, m.history, m.role = nil, nil, nil, RoleLinecard
	m.mu.Unlock()
	tree, err := m.ownTree(r.Config)
	if err != nil {
		return err
	}
	m.setConfig(tree, &commitEntry{tree: tree, at: m.Chassis.lab.clock.Now(), user: "root", client: "other"})
	return nil
}

func (ch *Chassis) anyPresent() bool { return len(ch.Present()) > 0 }

// provisionSerial does what an operator does before a replacement: it commits
// the new serial number, where serial numbers are configured at all.
func (ch *Chassis) provisionSerial(m *Member) error {
	tree := ch.Primary().ActiveTree()
	if _, pre := tree.Get("virtual-chassis", "preprovisioned"); !pre {
		return nil
	}
	c := ch.Colleague("root", "cli")
	defer c.Close()
	serial := m.Serial()
	if err := c.Edit(fmt.Sprintf("set virtual-chassis member %d serial-number %s", m.ID, serial)); err != nil {
		return err
	}
	return c.Commit(0)
}

// Switchover makes the backup primary and the primary backup.
func (ch *Chassis) Switchover() error {
	if ch.backupMember() == nil {
		return errors.New("switchover: no backup is present")
	}
	ch.turnstile.Lock()
	defer ch.turnstile.Unlock()
	old := ch.Primary()
	ch.handOver(old)
	ch.electBackup()
	if ch.Profile.SwitchoverSessions == "dropped" {
		ch.dropSessions(old)
	}
	ch.tellHosts(ch.updateMessage(old, "Unchanged"))
	return nil
}

// Split makes two primaries appear, or ends that.
func (ch *Chassis) Split(on bool) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.split = on
}

func (ch *Chassis) backupMember() *Member {
	for _, m := range ch.Present() {
		if m.Role() == RoleBackup {
			return m
		}
	}
	return nil
}

// handOver makes the backup primary. What was not committed is lost.
func (ch *Chassis) handOver(old *Member) {
	next := ch.backupMember()
	if next == nil {
		return
	}
	old.writeFields(func() { old.role = RoleLinecard })
	next.writeFields(func() { next.role = RolePrimary })
	ch.mu.Lock()
	old.db, next.db = database{}, database{}
	ch.mu.Unlock()
}

// electBackup makes the first free routing engine backup, if there is none.
func (ch *Chassis) electBackup() {
	if ch.backupMember() != nil {
		return
	}
	for _, m := range ch.Present() {
		if !m.IsPrimary() && !m.fixed {
			m.writeFields(func() { m.role = RoleBackup })
			return
		}
	}
}

// dropSessions ends the sessions on a member. Whoever calls it holds the turnstile that
// their end needs, so their fronts end them later.
func (ch *Chassis) dropSessions(m *Member) {
	for _, s := range ch.LoggedIn() {
		if s.Member == m {
			s.killSession()
		}
	}
}
