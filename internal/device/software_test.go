// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Software is handed on only of a chassis that was read whole: who has it does not look
// for strangers.
func TestSoftwareOfAWholeChassis(t *testing.T) {
	off := false
	whole := vc.Chassis{Members: []vc.Member{{ID: 0, Serial: "A1", Status: "Prsnt", Version: "25.2R1.9", FIPS: &off}}}
	if got := ListSoftware(whole); len(got) != 1 {
		t.Errorf("want one member, got %v", got)
	}
	whole.Unread = []vc.Problem{{Code: "unlisted_member"}}
	if got := ListSoftware(whole); got != nil {
		t.Errorf("want nothing beside a stranger, got %v", got)
	}
}
