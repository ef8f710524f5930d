// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/moduletest"
)

// Scripts that make failures on purpose, and end soon.
var failing = []string{
	"vc_authorized_keys_command/testdata/refused.txtar", "vc_authorized_keys_command/testdata/values.txtar", "vc_authorized_keys_command/testdata/colleagues.txtar",
	"vc_info/testdata/refused.txtar", "vc_internal_ssh/testdata/refused.txtar", "vc_internal_ssh/testdata/root.txtar", "vc_internal_ssh/testdata/record.txtar",
	"vc_procedure/testdata/refused.txtar", "vc_scp_sync/testdata/groups.txtar", "vc_scp_sync/testdata/release.txtar", "vc_scp_sync/testdata/fips.txtar",
	"vc_sync_check/testdata/failing.txtar",
}

// Scripts in which the remedies are followed to the letter, each in a paragraph that
// begins with words of the guide.
var following = []string{"testdata/remedies.txtar", "testdata/remedies_options.txtar", "testdata/remedies_chassis.txtar"}

// leastFailures is how many rows of the guide the failures have to lead to.
const leastFailures = 30

// Of each failure the last lines that a user sees name a section of the guide; there is
// the row of its message, with a remedy. Every contract script is held to that where it
// runs; here they are counted.
func TestFailuresLeadToTheirRemedies(t *testing.T) {
	rows := map[string]moduletest.Failure{}
	for _, f := range moduletest.Failures(t, fromHere(slices.Concat(failing, following)), Table()) {
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

// leastFollowed is how many remedies have to be followed until they end well.
const leastFollowed = 30

// A remedy that is followed is a paragraph: a failure, and behind it a run that
// succeeds. That they do, the scripts themselves show.
func TestRemediesEndWell(t *testing.T) {
	followed := 0
	for _, file := range fromHere(following) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut(string(text), "\n-- ")
		for paragraph := range strings.SplitSeq(script, "\n\n# \"") {
			_, after, hasFailed := strings.Cut("\n"+paragraph, "\n! apply ")
			if hasFailed && strings.Contains(after, "\napply ") {
				followed++
			} else if hasFailed {
				t.Errorf("%s: no run behind the failure succeeds:\n%s", file, paragraph)
			}
		}
	}
	if followed < leastFollowed {
		t.Errorf("want %d remedies that are followed, got %d", leastFollowed, followed)
	}
}

func fromHere(paths []string) []string {
	out := slices.Clone(paths)
	for i := range out {
		out[i] = filepath.FromSlash(out[i])
	}
	return out
}
