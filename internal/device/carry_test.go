// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// What a change has reached is told also where the link was lost before it could be
// read back; what was rolled back is not.
func TestWhatIsTold(t *testing.T) {
	before, after := vc.Settings{}, vc.Settings{SCP: true}
	read := junos.State{Chassis: vc.Chassis{Members: []vc.Member{{ID: 0}}, Settings: before}}
	for _, row := range []struct {
		name string
		out  change.Outcome
		scp  bool
	}{
		{"confirmed, not read back", change.Outcome{State: vc.StateConfirmed, After: after}, true},
		{"confirmed, last read before", change.Outcome{State: vc.StateConfirmed, After: after, Read: read}, true},
		{"reverted, not read back", change.Outcome{State: vc.StateReverted, After: after}, false},
		{"pending, not read back", change.Outcome{State: vc.StatePending, After: after}, false},
		{"unknown, not read back", change.Outcome{State: vc.StateUnknown, After: after}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Session{State: read}
			s.adoptReading(row.out)
			if s.Settings.SCP != row.scp {
				t.Errorf("SCP is told as %t, want %t", s.Settings.SCP, row.scp)
			}
			if len(s.Members) != 1 {
				t.Errorf("the members of the last reading are lost: %v", s.Members)
			}
		})
	}
}
