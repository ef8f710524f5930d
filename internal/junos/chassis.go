// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"time"

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

	isCommitShown bool // the configuration has something at system commit
}

// the operations of one reading, in the order of their replies. The settings
// come after the history: if the device rolls back between the two, the reading
// shows a trial that is over, never settings that are gone as somebody's own.
const (
	readMembers = iota
	readSoftware
	readHistory
	readClock
	readOwn
	readEffective
)

// Read returns the members, the settings of the procedure and a pending
// trial, with one round trip of pipelined reads. What may be missing without
// making the rest useless is reported in the state; an error means that the
// device cannot be judged at all.
func (d *Device) Read(ctx context.Context) (State, error) {
	replies, err := d.callAll(ctx, d.opts.RPCTimeout,
		newElement("get-virtual-chassis-information"),
		newElement("get-software-information"),
		newElement("get-commit-information"),
		newElement("get-system-uptime-information"),
		settingsRequest(),
		withAttributes(settingsRequest(), "inherit", "inherit", "groups", "groups"),
	)
	if len(replies) != readEffective+1 {
		return State{}, fmt.Errorf("read the chassis: %w", err)
	}
	s := State{Chassis: vc.Chassis{StatedFIPS: d.opts.StatedFIPS}}
	for _, r := range replies {
		s.Warnings = append(s.Warnings, warningsOf(r)...)
	}
	if err := s.readMembers(replies[readMembers]); err != nil {
		return State{}, err
	}
	s.readSoftware(replies[readSoftware])
	if err := s.readSettings(replies[readOwn], replies[readEffective]); err != nil {
		return State{}, err
	}
	s.readHistory(replies[readHistory], s.clockOf(replies[readClock]))
	d.findTrial(&s)
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

// decodeUsable decodes a reply that may hold errors beside its data, as Junos
// answers when one member cannot be reached.
func decodeUsable(operation string, r *netconf.Reply, into any) error {
	if errs := errorsOf(r); len(errs) > 0 {
		return &RejectedError{Operation: operation, Messages: append(errs, warningsOf(r)...)}
	}
	if err := r.Decode(into); err != nil {
		return fmt.Errorf("%s: read the reply: %w", operation, err)
	}
	return nil
}
