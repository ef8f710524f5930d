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
	"github.com/vchassis/vchassis.junos/internal/outcome"
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
	page, err := os.ReadFile(filepath.FromSlash("../collection/docs/failures.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]moduletest.Failure{}
	for _, f := range moduletest.Failures(t, fromHere(slices.Concat(failing, following)), Table()) {
		rows[f.Code+": "+f.Entry] = f
		if f.Remedy == "" {
			t.Errorf("%s: no remedy in the row %q", f.Message, f.Entry)
		}
		checkCopiedLine(t, string(page), f)
	}
	if len(rows) < leastFailures {
		t.Errorf("want %d different failures, got %d", leastFailures, len(rows))
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		t.Logf("%s -> %s", key, rows[key].Remedy)
	}
}

// mostRows is how many rows of a section a person looks through.
const mostRows = 3

// checkCopiedLine searches the section that a failure names as a person does with a
// copied line of output: for three words, for two, for a long one. Some of them have to
// be in few rows, and the row with the remedy among these.
func checkCopiedLine(t *testing.T, page string, f moduletest.Failure) {
	t.Helper()
	_, anchor, _ := strings.Cut(outcome.Guide(f.Code), "#")
	words := strings.Fields(f.Message)
	for i := range words {
		for count := min(3, len(words)-i); count > 0; count-- {
			copied := strings.Trim(strings.Join(words[i:i+count], " "), ":;,.()")
			found := rowsWith(page, anchor, copied)
			if len(copied) >= len("NotPrsnt") && len(found) <= mostRows && slices.ContainsFunc(found, func(row string) bool { return strings.Contains(row, f.Entry) }) {
				return
			}
		}
	}
	t.Errorf("no words of this line lead to its row in #%s: %s", anchor, f.Message)
}

// rowsWith returns the rows of a section, found by its anchor, that have those words.
func rowsWith(page, anchor, words string) (found []string) {
	section := ""
	for line := range strings.Lines(page) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = moduletest.AnchorOf(title)
		}
		if section == anchor && strings.HasPrefix(line, "| `") && strings.Contains(line, words) {
			found = append(found, line)
		}
	}
	return found
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
