// SPDX-License-Identifier: GPL-3.0-or-later

// Package recordtest is a record of the role for tests of who reads records. It
// knows nothing of what is read from it.
package recordtest

import (
	"strings"
	"testing"
)

// Good is a record that nothing is wrong with, of the schema before.
const Good = `{"schema": 1, "host": "sw1", "finished": "2026-03-01T10:00:00Z", "wanted": "present", "check_mode": false,
 "outcome": "compliant", "changed": [], "failed": [], "problems": [],
 "found": {"fips": false, "scp_active": true, "pending_steps": []}, "sync": {"in_sync": "unknown", "transport": "unknown"},
 "members": [{"member_id": 0, "serial_number": "A", "role": "primary", "status": "Prsnt", "prepared": true},
  {"member_id": 1, "serial_number": "B", "role": "backup", "status": "Prsnt", "prepared": true}]}`

// With returns the good record with some of its text replaced, given in pairs. What
// is not in it fails the test.
func With(t testing.TB, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(Good, pairs[i]) {
			t.Fatalf("the good record holds no %s", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(Good)
}
