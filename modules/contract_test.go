// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/moduletest"
	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// TestMain lets more scripts wait at once than there are processors: most of their time
// is that of devices which are slow on purpose.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run()) // which reads the command line, so -parallel still counts
}

// leastFailures is how many rows of the guide the failures have to lead to.
const leastFailures = 60

// The contracts of all modules: one behaviour a script, as TestContract/MODULE/SCRIPT.
// They are one program, because each would be linked with the whole simulator.
func TestContract(t *testing.T) {
	notes := &moduletest.Notes{}
	if !strings.Contains(flag.Lookup("test.run").Value.String(), "/") { // which takes some of the scripts
		t.Cleanup(func() { judgeFailures(t, notes.Failures()) })
	}
	moduletest.Run(t, "remedies", "testdata", Table(), notes)
	for _, m := range Table() {
		moduletest.Run(t, m.Name, filepath.Join(m.Name, "testdata"), Table(), notes)
	}
}

// Of each failure the last lines that a user sees name a section of the guide; there is
// the row of its message, with a remedy. Every script is held to that where it runs; here
// they are counted.
func judgeFailures(t *testing.T, failures []moduletest.Failure) {
	page, err := os.ReadFile(filepath.FromSlash("../collection/docs/failures.md"))
	if err != nil {
		t.Error(err)
	}
	rows := map[string]string{}
	for _, f := range failures {
		rows[f.Code+": "+f.Entry] = f.Remedy
		if f.Remedy == "" {
			t.Errorf("%s: no remedy in the row %q", f.Message, f.Entry)
		}
		checkCopiedLine(t, string(page), f)
	}
	if len(rows) < leastFailures {
		t.Errorf("want %d different failures, got %d", leastFailures, len(rows))
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		t.Logf("%s -> %s", key, rows[key])
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
