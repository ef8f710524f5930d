// SPDX-License-Identifier: GPL-3.0-or-later

// Package sim is a simulated Juniper Virtual Chassis: one process serves any
// number of chassis over SSH and NETCONF, and every member has a configuration,
// a host key, key files and servers of its own.
//
// It is the door to the storeys below: engine is what a chassis does, rpc how it
// speaks NETCONF, front where clients come in; cli is the command line, conf the
// configuration database. The simulator shares the framing with the client and
// nothing else: its XML is its own, so that one mistake cannot pass on both sides.
package sim

import (
	"context"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
	"github.com/vchassis/vchassis.junos/internal/sim/front"
)

// A lab and what is in it.
type (
	Lab       = front.Lab
	Chassis   = engine.Chassis
	Member    = engine.Member
	Colleague = engine.Colleague
	Clock     = engine.Clock
)

// What a lab is made from.
type (
	Scenario    = engine.Scenario
	ChassisSpec = engine.ChassisSpec
	MemberSpec  = engine.MemberSpec
	User        = engine.User
	Profile     = engine.Profile
	Knob        = engine.Knob
	Replacement = engine.Replacement
	TwinOptions = engine.TwinOptions
)

// What can be asked of it.
type (
	Description        = engine.Description
	ChassisState       = engine.ChassisState
	ChassisDescription = engine.ChassisDescription
	MemberState        = engine.MemberState
	TrialState         = engine.TrialState
	Counters           = engine.Counters
	Entry              = engine.Entry
	Summary            = engine.Summary
	Wire               = engine.Wire
)

// What goes wrong in it.
type (
	Event = engine.Event
	Fault = engine.Fault
	Rule  = engine.Rule
)

// Moments of an Event.
const (
	Before = engine.Before
	After  = engine.After
)

// Start brings all chassis of the scenario up. The lab runs until Close, or until
// ctx ends.
func Start(ctx context.Context, s Scenario) (*Lab, error) { return front.Start(ctx, s) }

// ReadScenario reads a YAML file strictly: an unknown field is an error.
func ReadScenario(path string) (Scenario, error) { return engine.ReadScenario(path) }

// ParseScenario decodes YAML strictly.
func ParseScenario(data []byte) (Scenario, error) { return engine.ParseScenario(data) }

// ReadTwins reads a snapshot, or all snapshots of a folder, and describes their twins.
func ReadTwins(path string, o TwinOptions) ([]ChassisSpec, error) { return engine.ReadTwins(path, o) }

// Knobs lists the fields of Profile in order.
func Knobs() []Knob { return engine.Knobs() }
