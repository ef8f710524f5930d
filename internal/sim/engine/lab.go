// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Lab is a set of chassis that run in this process.
type Lab struct {
	clock   *Clock
	journal *journal
	capture *capture
	faults  *faultTable
	chassis []*Chassis
	byName  map[string]*Chassis
	listen  string
	openers Openers
	closing chan struct{} // closed by Close
	started time.Time

	mu     sync.Mutex
	pid    int
	hook   func(Event) Fault
	closed bool
	end    []func() // what Close undoes, last first
	work   sync.WaitGroup
}

// Start brings all chassis of the scenario up, with addresses of the openers. The lab
// runs until Close, or until ctx ends.
func Start(ctx context.Context, s Scenario, openers Openers) (*Lab, error) {
	specs, err := s.expandChassis()
	if err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	setDefault(&s.Listen, "127.0.0.1")
	lab := &Lab{
		clock: newClock(), journal: newJournal(), capture: &capture{}, faults: &faultTable{},
		byName: map[string]*Chassis{}, listen: s.Listen, openers: openers, pid: 4200, closing: make(chan struct{}), started: time.Now(),
	}
	if s.Capture {
		lab.capture.keepWires(true)
	}
	for _, spec := range specs {
		if err := lab.addChassis(spec, s.StateDir); err != nil {
			lab.Close()
			return nil, fmt.Errorf("chassis %s: %w", spec.Name, err)
		}
	}
	if err := lab.scheduleScript(s.Script); err != nil {
		lab.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, lab.Close)
	lab.OnClose(func() { stop() })
	return lab, nil
}

func (lab *Lab) addChassis(spec ChassisSpec, stateDir string) error {
	profile := spec.Profile
	ch := &Chassis{Name: spec.Name, lab: lab, spec: spec, Profile: &profile, sessions: map[int]*Session{}, terminals: map[int]func(string){}}
	ch.delay, _ = time.ParseDuration(spec.RPCDelay)
	members := make([]*Member, len(spec.Members))
	for i, m := range spec.Members {
		members[i] = ch.newMember(m)
	}
	ch.addMembers(members...)
	if err := ch.keepHostKeys(stateDir); err != nil {
		return err
	}
	if err := ch.keepUserKeys(stateDir); err != nil {
		return err
	}
	if err := ch.configureMembers(); err != nil {
		return err
	}
	if err := ch.openAddresses(); err != nil {
		return err
	}
	lab.chassis = append(lab.chassis, ch)
	lab.byName[ch.Name] = ch
	return nil
}

// Close ends all sessions, servers and timers and waits for them. It may be
// called twice.
func (lab *Lab) Close() {
	lab.mu.Lock()
	end := lab.end
	if !lab.closed {
		close(lab.closing)
	}
	lab.end, lab.closed = nil, true
	lab.mu.Unlock()
	lab.clock.stopTimers()
	lab.faults.clearRules()
	for i := len(end) - 1; i >= 0; i-- {
		end[i]()
	}
	lab.work.Wait()
}

// OnClose registers what Close has to undo; after Close it is undone at once.
func (lab *Lab) OnClose(f func()) {
	lab.mu.Lock()
	closed := lab.closed
	if !closed {
		lab.end = append(lab.end, f)
	}
	lab.mu.Unlock()
	if closed {
		f()
	}
}

// Chassis returns the chassis of that name, or nil.
func (lab *Lab) Chassis(name string) *Chassis { return lab.byName[name] }

// All returns the chassis in the order of the scenario.
func (lab *Lab) All() []*Chassis { return append([]*Chassis(nil), lab.chassis...) }

// Clock returns the virtual clock.
func (lab *Lab) Clock() *Clock { return lab.clock }

// nextPID numbers sessions as Junos does: by process id.
func (lab *Lab) nextPID() int {
	lab.mu.Lock()
	defer lab.mu.Unlock()
	lab.pid += 7
	return lab.pid
}

// Counters returns what clients did to a chassis so far.
func (lab *Lab) Counters(chassis string) Counters { return lab.journal.readCounters(chassis) }

// Log returns the RPCs on a chassis ("" for all) with a number above after.
func (lab *Lab) Log(chassis string, after int) []Entry {
	return slices.DeleteFunc(lab.journal.entriesAfter(chassis, after), func(e Entry) bool { return e.Kind == kindMessage })
}

// ResetLog empties the log and sets all counters to zero.
func (lab *Lab) ResetLog() { lab.journal.forgetAll() }

// Capture starts (or ends) keeping every byte that travels between members.
func (lab *Lab) Capture(on bool) { lab.capture.keepWires(on) }

// Captured returns what was kept since Capture.
func (lab *Lab) Captured() []Wire { return lab.capture.copyWires() }

// Go runs f in the background; Close waits for its end.
func (lab *Lab) Go(f func()) { lab.work.Go(f) }
