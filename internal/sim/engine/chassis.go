// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Chassis is one Virtual Chassis, or a single switch.
type Chassis struct {
	Name string

	lab     *Lab
	spec    ChassisSpec
	Profile *Profile
	members atomic.Pointer[[]*Member] // one that is there stays there
	door    Door                      // it leads to the primary
	delay   time.Duration

	netconfPort string // that the configuration names, and what is open there; the turnstile guards both
	netconfDoor Door

	// turnstile lets one change of the configuration or of the keys through at a
	// time. It is held while files travel; mu is not.
	turnstile sync.Mutex

	mu       sync.Mutex
	sessions map[int]*Session
	trial    *trial
	split    bool
	sync     *SyncReport
	logins   []time.Time
	clients  int

	terminals map[int]func(text string) // of whom is told what everybody is
	listeners int                       // that there ever were
}

func (ch *Chassis) allMembers() []*Member {
	if all := ch.members.Load(); all != nil {
		return *all
	}
	return nil
}

// addMembers gives members a place, in the order of their ids. Whoever calls it holds the turnstile, or is alone.
func (ch *Chassis) addMembers(more ...*Member) {
	all := slices.Concat(ch.allMembers(), more)
	slices.SortStableFunc(all, func(a, b *Member) int { return a.ID - b.ID })
	ch.members.Store(&all)
}

// Member returns the member with that id, or nil.
func (ch *Chassis) Member(id int) *Member {
	for _, m := range ch.allMembers() {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Primary is the member that the chassis address leads to. A chassis of
// standalone switches only answers with the first.
func (ch *Chassis) Primary() *Member {
	for _, m := range ch.allMembers() {
		if m.IsPrimary() {
			return m
		}
	}
	return ch.allMembers()[0]
}

// Joined lists the members that belong to the chassis, present or not.
func (ch *Chassis) Joined() []*Member {
	return ch.membersThat(func(m *Member) bool { return m.Status() != StatusStandalone && m.Status() != statusForgotten })
}

// Present lists the members that are reachable over the chassis' own links.
func (ch *Chassis) Present() []*Member {
	return ch.membersThat(func(m *Member) bool { return m.Status() == StatusPresent })
}

func (ch *Chassis) membersThat(keep func(*Member) bool) []*Member {
	return slices.DeleteFunc(slices.Clone(ch.allMembers()), func(m *Member) bool { return !keep(m) })
}

// VirtualChassisID is the Virtual Chassis id, made from the name so that it never changes.
func (ch *Chassis) VirtualChassisID() string {
	if ch.spec.twin != nil && ch.spec.twin.id != "" {
		return ch.spec.twin.id
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(ch.Name))
	n := h.Sum64()
	return fmt.Sprintf("%04x.%04x.%04x", n>>48, n>>32&0xffff, n>>16&0xffff)
}

// transportOf tells how a commit of that member travels: FIPS mode always means SCP, else the
// statement in the configuration that governs it.
func (ch *Chassis) transportOf(m *Member, tree *conf.Tree) string {
	if _, on := tree.Expand(m.Place()).Get("system", "commit", "config-sync-with-scp"); on || m.InFIPSMode() {
		return transportSCP
	}
	return transportRCP
}

// newMember makes a switch as the scenario describes it; its configuration
// comes later.
func (ch *Chassis) newMember(spec MemberSpec) *Member {
	serial := spec.Serial
	if serial == "" {
		serial = ch.makeUpSerial(spec.ID, 0)
	}
	return &Member{
		ID: spec.ID, Chassis: ch, serial: serial, model: spec.Model, release: spec.Release, isFIPS: *spec.FIPS,
		status: spec.Status, role: spec.Role, fixed: spec.Role == RoleLinecard && len(ch.spec.Members) > 2, priority: spec.Priority,
	}
}

// makeUpSerial makes up a serial number; generation counts replacements.
func (ch *Chassis) makeUpSerial(id, generation int) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(ch.Name))
	return fmt.Sprintf("ZD%02d%06d%02d", generation, h.Sum32()%1000000, id)
}

// Now is the time of the chassis' lab.
func (ch *Chassis) Now() time.Time { return ch.lab.clock.Now() }

// Started tells when the chassis came up.
func (ch *Chassis) Started() time.Time { return ch.lab.started }
