// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim"
)

// The oracle judges a chassis by the simulator's own state, never by the
// module's word. Each violation is named after the forbidden outcome.

// snapshot is every member's configuration.
func (b *bench) snapshot() []string {
	var all []string
	for _, m := range b.chassis.State(true).Members {
		all = append(all, m.Config)
	}
	return all
}

// settle waits for the sessions of a run that is over to end.
func (b *bench) settle() vcsim.ChassisState {
	end := time.Now().Add(5 * time.Second)
	for {
		s := b.chassis.State(true)
		if len(s.Sessions) == 0 || time.Now().After(end) {
			return s
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// left reports what a run must not leave behind, whatever happened.
func left(s vcsim.ChassisState) (violations []string) {
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

// honest compares a result with the device: X1. A killed run has no result.
func honest(a answer, before, after []string, commits int, s vcsim.ChassisState) (violations []string) {
	add := func(format string, args ...any) { violations = append(violations, fmt.Sprintf("X1: "+format, args...)) }
	same := slices.Equal(before, after)
	switch state := a.text("commit_state"); state {
	case "none", "reverted":
		if !same {
			add("commit_state is %s, but the configuration changed", state)
		}
	case "confirmed":
		if s.Trial != nil {
			add("commit_state is confirmed, but a trial is pending")
		}
	case "pending":
		if s.Trial == nil && !same {
			add("commit_state is pending, but the device has no trial and another configuration")
		}
	case "unknown", "":
		if !a.failed() {
			add("commit_state is %q in a result that did not fail", state)
		}
	default:
		add("commit_state is %q", state)
	}
	if made := attempts(a); commits > made {
		add("the device has %d more commits, the result tells of %d", commits, made)
	}
	if !a.failed() && a.changed() == same && !strings.Contains(a.text("msg"), "keys were made") {
		add("changed is %v, but the configuration is the same: %v", a.changed(), same)
	}
	return violations
}

// attempts counts the commits and checks that a result tells of.
func attempts(a answer) (n int) {
	steps, _ := a["steps"].([]any)
	for _, s := range steps {
		switch step, _ := s.(map[string]any); step["name"] {
		case "commit", "commit confirmed", "confirm":
			n++
		}
	}
	return n
}

// finished reports what is missing after a run without faults: X10.
func finished(s vcsim.ChassisState) (violations []string) {
	if s.Trial != nil {
		violations = append(violations, "X10: a trial is still pending")
	}
	if !s.KeyMesh {
		violations = append(violations, "X10: a pair of members lacks keys")
	}
	for _, m := range s.Members {
		if !m.SCP || m.Command != keysCommand || !strings.Contains(m.Config, "vc-internal-ssh data "+fmt.Sprint(m.ID)+" value "+m.Serial) &&
			!strings.Contains(m.Config, "vc-internal-ssh "+fmt.Sprint(m.ID)+" "+m.Serial) {
			violations = append(violations, fmt.Sprintf("X10: member %d is not as wanted:\n%s", m.ID, m.Config))
		}
	}
	return violations
}
