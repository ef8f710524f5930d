// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// The oracle judges a chassis by the simulator's own state, never by the
// module's word. Each violation begins with the code of what must never be:
//
//	X1  the result contradicts the device
//	X2  the run's lock is still held
//	X3  the candidate holds edits of the run
//	X4  SCP is on while a pair of members lacks keys
//	X5  a secret is in a result, a file, a log or an argument of a process
//	X6  check mode did more than read
//	X7  another user's edits were committed or lost, or their trial was confirmed
//	X8  the run took longer than its deadline
//	X9  the output is not one JSON object
//	X10 a run without faults afterwards does not reach the goal, or the one after that still changes something

// snapshot is every member's configuration.
func (b *bench) snapshot() []string { return configs(b.chassis.State(true)) }

func configs(s sim.ChassisState) (all []string) {
	for _, m := range s.Members {
		all = append(all, m.Config)
	}
	return all
}

// settle waits for the sessions of a run that is over to end.
func (b *bench) settle() sim.ChassisState { return settled(b.chassis) }

func settled(c *sim.Chassis) sim.ChassisState {
	end := time.Now().Add(30 * time.Second)
	for {
		s := c.State(true)
		if len(s.Sessions) == 0 || time.Now().After(end) {
			return s
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// left reports what a run must not leave behind, whatever happened.
func left(s sim.ChassisState) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf(format, args...)) }
	if len(s.Sessions) > 0 {
		add("sessions are left: %d", len(s.Sessions))
	}
	if s.Lock != 0 {
		add("X2: session %d still holds the lock", s.Lock)
	}
	if s.Candidate != "" {
		add("X3: the candidate is not clean:\n%s", s.Candidate)
	}
	for _, m := range s.Members {
		if m.SCP && !s.KeyMesh {
			add("X4: member %d has SCP on, but a pair lacks keys", m.ID)
		}
		if !m.InSync {
			add("member %d is not in sync: %s", m.ID, m.Unsynced)
		}
	}
	return violations
}

// leftEverywhere is what is left on all chassis, beside what was there before.
// A commit whose client is gone may take a moment to reach all members.
func (b *bench) leftEverywhere(before []string) (violations []string) {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		violations = nil
		for _, c := range b.lab.All() {
			for _, v := range left(settled(c)) {
				if !slices.Contains(before, cause(v)) {
					violations = append(violations, c.Name+": "+v)
				}
			}
		}
		if len(violations) == 0 || time.Now().After(end) {
			return violations
		}
	}
}

// cause is a violation without the device's words.
func cause(violation string) string {
	what, _, _ := strings.Cut(violation, "in sync: ")
	return what
}

// faults is what is wrong with the first chassis already.
func (b *bench) faults() (causes []string) {
	for _, v := range left(b.settle()) {
		causes = append(causes, cause(v))
	}
	return causes
}

// wrong is what is missing everywhere after a run without faults: X10.
func (b *bench) wrong(i intent) (violations []string) {
	for _, c := range b.lab.All() {
		s := settled(c)
		if s.Trial != nil {
			violations = append(violations, "X10: a trial is still pending on "+c.Name)
		}
		if i.right == nil {
			continue
		}
		for _, v := range i.right(s) {
			violations = append(violations, "X10: "+c.Name+": "+v)
		}
	}
	return violations
}

// scpOn wants the end of the procedure.
func scpOn(s sim.ChassisState) (violations []string) {
	for _, m := range s.Members {
		if !m.SCP || !recorded(m) {
			violations = append(violations, fmt.Sprintf("member %d is not as wanted:\n%s", m.ID, m.Config))
		}
	}
	return slices.Concat(violations, keysEverywhere(s), commandSet(s))
}

// keysMade wants step 2 with its record, which nothing has proved yet, and no
// statement of step 3.
func keysMade(s sim.ChassisState) []string { return keysAs(s, recordedUnproved) }

// keysProved wants the same where commits travel over SCP without that statement.
func keysProved(s sim.ChassisState) []string { return keysAs(s, recorded) }

func keysAs(s sim.ChassisState, isRecorded func(sim.MemberState) bool) (violations []string) {
	for _, m := range s.Members {
		if m.SCP || !isRecorded(m) {
			violations = append(violations, fmt.Sprintf("member %d is not as wanted:\n%s", m.ID, m.Config))
		}
	}
	return slices.Concat(violations, keysEverywhere(s), commandSet(s))
}

func keysEverywhere(s sim.ChassisState) []string {
	if s.KeyMesh {
		return nil
	}
	return []string{"a pair of members lacks keys"}
}

// commandSet wants step 1.
func commandSet(s sim.ChassisState) (violations []string) {
	for _, m := range s.Members {
		if m.Command != keysCommand || m.User != keysUser {
			violations = append(violations, fmt.Sprintf("member %d has the command %q", m.ID, m.Command))
		}
	}
	return violations
}

// scpOff wants the end of the way back.
func scpOff(s sim.ChassisState) (violations []string) {
	for _, m := range s.Members {
		if m.SCP || m.Command != "" || m.User != "" {
			violations = append(violations, fmt.Sprintf("member %d is not as wanted:\n%s", m.ID, m.Config))
		}
	}
	return violations
}

// recorded says that a member is in the record with its serial number, proved.
func recorded(m sim.MemberState) bool {
	return strings.Contains(m.Config, fmt.Sprintf("vc-internal-ssh %d %s\n", m.ID, m.Serial))
}

// recordedUnproved says that a member is in the record, and not proved yet.
func recordedUnproved(m sim.MemberState) bool {
	return strings.Contains(m.Config, fmt.Sprintf("vc-internal-ssh %d \"%s unproved\"\n", m.ID, m.Serial))
}
