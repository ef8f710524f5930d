// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// State is what one reading of the device gave.
type State struct {
	vc.Chassis
	Newest   *vc.Commit  // the newest entry of the commit history, or nil
	History  []vc.Commit // all of it that the device still has, newest first
	Now      time.Time   // the device's clock, zero if it cannot be compared with the history
	Warnings []Message   // and errors that left the rest of the reading useful

	isCommitShown  bool         // the configuration has something at system commit
	isContradicted map[int]bool // members of which the description of the software says two things
}

// the operations of one reading, in the order of their replies. The settings
// come after the history: if the device rolls back between the two, the reading
// shows a trial that is over, never settings that are gone as somebody's own.
const (
	readMembers = iota
	readHistory
	readOwn
	readEffective
)

// Read returns the members, the settings of the procedure and a pending
// trial, with one round trip of pipelined reads. What may be missing without
// making the rest useless is reported in the state; an error means that the
// device cannot be judged at all.
func (d *Device) Read(ctx context.Context) (State, error) {
	requests := append([]*etree.Element{newElement("get-virtual-chassis-information"), newElement("get-commit-information")}, d.settingsRequests()...)
	if len(d.opts.Known) == 0 {
		requests = append(requests, newElement("get-software-information"))
	}
	replies, err := d.callAll(ctx, d.opts.RPCTimeout, requests...)
	if len(replies) != len(requests) {
		return State{}, fmt.Errorf("read the chassis: %w", err)
	}
	s := State{Chassis: vc.Chassis{StatedFIPS: d.opts.StatedFIPS}}
	for _, r := range replies {
		s.Warnings = append(s.Warnings, warningsOf(r)...)
	}
	if err := s.readMembers(replies[readMembers]); err != nil {
		return State{}, err
	}
	if err := d.readVersions(ctx, &s, replies[readEffective+1:]); err != nil {
		return State{}, err
	}
	own, effective, err := d.readTrial(ctx, &s, replies[readHistory], replies[readOwn], replies[readEffective])
	if err != nil {
		return State{}, err
	}
	if effective, err = d.withoutRootKeys(ctx, effective); err != nil {
		return State{}, err
	}
	if err := s.readSettings(own, effective); err != nil {
		return State{}, err
	}
	s.RootKeys = d.judgeRootKeys(s.RootKeys)
	if err := d.readGroups(ctx, &s); err != nil {
		return State{}, err
	}
	if err := d.readVisibility(ctx, &s); err != nil {
		return State{}, err
	}
	d.members = s.Members
	d.noteWarnings(s.Warnings...)
	return s, nil
}

// readVersions takes in what each member runs: what was read with the rest, what is
// known, or one more reading.
func (d *Device) readVersions(ctx context.Context, s *State, read []*netconf.Reply) error {
	if len(read) > 0 {
		s.readSoftware(read[0])
		return nil
	}
	if s.takeKnown(d.opts.Known) {
		return nil
	}
	reply, err := d.callOne(ctx, newElement("get-software-information"), d.opts.RPCTimeout)
	if reply == nil || IsLinkLost(err) {
		return fmt.Errorf("read the chassis: %w", err)
	}
	s.Warnings = append(s.Warnings, warningsOf(reply)...)
	s.readSoftware(reply)
	return nil
}

// takeKnown takes over what is known of the members, if they are all the same switches
// and take part.
func (s *State) takeKnown(known []vc.Member) bool {
	if len(known) != len(s.Members) {
		return false
	}
	for i := range s.Members {
		m, k := &s.Members[i], known[i]
		if m.ID != k.ID || m.Serial != k.Serial || !m.IsPresent() || k.Version == "" || k.FIPS == nil {
			return false
		}
	}
	for i := range s.Members {
		s.Members[i].Version, s.Members[i].FIPS = known[i].Version, known[i].FIPS
	}
	return true
}
