// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

const good = `{"schema": 1, "host": "sw1", "finished": "2026-03-01T10:00:00Z", "wanted": "present", "check_mode": false,
 "outcome": "compliant", "changed": [], "failed": [], "problems": [],
 "found": {"fips": false, "scp_active": true, "pending_steps": []}, "sync": {"in_sync": "unknown", "transport": "unknown"},
 "members": [{"member_id": 0, "serial_number": "A", "role": "primary", "status": "Prsnt", "prepared": true},
  {"member_id": 1, "serial_number": "B", "role": "backup", "status": "Prsnt", "prepared": true}]}`

// with returns the good record with one thing in it replaced.
func with(t testing.TB, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(good, pairs[i]) {
			t.Fatalf("the good record holds no %s", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(good)
}

// Whatever a file holds, it is refused or it becomes a well-formed page.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(good[:200]))
	f.Add([]byte(`{"schema": 1, "host": "<script>", "members": [{"member_id": 9}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := outcome.Parse(data)
		if err != nil {
			return
		}
		tree(t, Fleet{Records: []outcome.Record{r}})
	})
}
