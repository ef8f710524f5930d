// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"strings"
	"testing"
)

// The door of the judge: what the action plugin sends, and what it gets.
func TestVerbOutcome(t *testing.T) {
	const run = `{"host": "vc1", "now": "2026-03-01T10:00:00Z", "info": {"pending_steps": ["scp_sync"], "members": [{"member_id": 0}]}}`
	for _, row := range []struct {
		name, args, stdin string
		status            int
		out, errOut       string
	}{
		{"plan", "plan", run, 0, `"tasks":["enable","verify"]`, ""},
		{"judge", "judge", run, 0, `"outcome":"not compliant"`, ""},
		{"no stage", "", run, 1, "", `want plan or judge, got []`},
		{"another stage", "guess", run, 1, "", `want plan or judge, got ["guess"]`},
		{"no run", "plan", "", 1, "", "read the run: EOF"},
		{"another form", "plan", `{"info": {"members": 3}}`, 1, "", "read the run: json: cannot unmarshal"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			status := judgeRun(strings.Fields(row.args), strings.NewReader(row.stdin), &out, &errOut)
			if status != row.status || !strings.Contains(out.String(), row.out) || !strings.Contains(errOut.String(), row.errOut) || row.out == "" && out.Len() > 0 {
				t.Errorf("%d, %q, %q", status, out.String(), errOut.String())
			}
		})
	}
}
