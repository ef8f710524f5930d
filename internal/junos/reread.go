// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"reflect"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Part is what a later reading looks at, besides the members.
type Part int

// Parts of a reading.
const (
	History  Part = 1 << iota // commits: where there is no new one, nothing else has changed either
	Settings                  // those of the procedure
	Trial                     // how the release shows a trial of ours that is open
)

// ReadAgain reads what may have changed since an earlier reading, over this or another
// session. Releases and FIPS modes are those of the earlier one as long as the members
// are. Whatever is not as it was there, or was not to be read there, costs a whole
// reading.
func (d *Device) ReadAgain(ctx context.Context, last State, parts Part) (State, error) {
	requests := []*etree.Element{newElement("get-virtual-chassis-information")}
	if parts&(History|Trial) != 0 {
		requests = append(requests, newElement("get-commit-information"))
	}
	if parts&Settings != 0 {
		requests = append(requests, settingsRequest())
	}
	if !last.canCarry() {
		return d.Read(ctx)
	}
	replies, err := d.callAll(ctx, d.opts.RPCTimeout, requests...)
	if len(replies) != len(requests) {
		return State{}, fmt.Errorf("read the chassis: %w", err)
	}
	s, ok := d.carryOver(last, replies[0])
	if ok && parts&History != 0 {
		ok = s.hasSameHistory(replies[1])
	}
	if ok && parts&Trial != 0 {
		d.noteMark(s, replies[1])
	}
	if ok && parts&Settings != 0 {
		ok = s.rereadOwn(replies[len(replies)-1])
	}
	if !ok {
		return d.Read(ctx)
	}
	for _, r := range replies {
		s.Warnings = append(s.Warnings, warningsOf(r)...)
	}
	d.noteWarnings(s.Warnings...)
	return s, nil
}

// canCarry says that a reading is whole, and holds nothing that time changes.
func (s State) canCarry() bool {
	return len(s.Members) > 0 && s.HistoryKnown && s.Trial == nil && len(s.Unread) == 0
}

// carryOver takes an earlier reading over if the members are those of it.
func (d *Device) carryOver(last State, members *netconf.Reply) (State, bool) {
	var now State
	if now.readMembers(members) != nil || len(now.Members) != len(last.Members) || len(now.Unread) > 0 {
		return State{}, false
	}
	for i, m := range now.Members {
		m.Version, m.FIPS = last.Members[i].Version, last.Members[i].FIPS
		if !reflect.DeepEqual(m, last.Members[i]) {
			return State{}, false
		}
	}
	d.members = last.Members
	last.Warnings = nil
	return last, now.ID == last.ID && now.Mode == last.Mode && now.Preprovisioned == last.Preprovisioned
}

// hasSameHistory says that nothing was committed since.
func (s *State) hasSameHistory(r *netconf.Reply) bool {
	now := State{Chassis: vc.Chassis{Members: s.Members}}
	now.readHistory(r)
	return now.HistoryKnown && reflect.DeepEqual(now.History, s.History)
}

// noteMark notes that a release marks trials, if it does.
func (d *Device) noteMark(s State, r *netconf.Reply) {
	now := State{Chassis: vc.Chassis{Members: s.Members}}
	now.readHistory(r)
	d.findTrial(&now)
}

// rereadOwn takes in the settings at their own place. Where groups have a part in what
// is in force, or could show because something is gone, it says that more is to be read.
func (s *State) rereadOwn(own *netconf.Reply) bool {
	system, err := s.systemOf(own)
	if err != nil || len(takeOutDeactivated(system)) > 0 || s.Groups != (vc.Groups{}) || !s.Own.Equal(s.Settings) {
		return false
	}
	now := settingsIn(system)
	if s.Own.HasMoreThan(now) {
		return false
	}
	s.Own, s.Settings = now, now
	return true
}
