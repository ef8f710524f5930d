// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/moduletest"
)

// Scripts that make failures on purpose, and end soon.
var failing = []string{
	"vc_authorized_keys_command/testdata/refused.txtar", "vc_authorized_keys_command/testdata/values.txtar", "vc_authorized_keys_command/testdata/colleagues.txtar",
	"vc_info/testdata/refused.txtar", "vc_internal_ssh/testdata/refused.txtar", "vc_internal_ssh/testdata/root.txtar", "vc_internal_ssh/testdata/record.txtar",
	"vc_procedure/testdata/refused.txtar", "vc_scp_sync/testdata/groups.txtar", "vc_scp_sync/testdata/release.txtar", "vc_scp_sync/testdata/fips.txtar",
	"vc_sync_check/testdata/failing.txtar",
	"testdata/remedies.txtar", // in which the remedies are followed
}

// leastFailures is how many rows of the guide the failures have to lead to.
const leastFailures = 30

// Of each failure the last lines that a user sees name a section of the guide; there is
// the row of its message, with a remedy. Every contract script is held to that where it
// runs; here they are counted.
func TestFailuresLeadToTheirRemedies(t *testing.T) {
	rows := map[string]moduletest.Failure{}
	for _, f := range moduletest.Failures(t, fromHere(failing), Table()) {
		rows[f.Code+": "+f.Entry] = f
		if f.Remedy == "" {
			t.Errorf("%s: no remedy in the row %q", f.Message, f.Entry)
		}
	}
	if len(rows) < leastFailures {
		t.Errorf("want %d different failures, got %d", leastFailures, len(rows))
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		t.Logf("%s -> %s", key, rows[key].Remedy)
	}
}

func fromHere(paths []string) []string {
	out := slices.Clone(paths)
	for i := range out {
		out[i] = filepath.FromSlash(out[i])
	}
	return out
}
