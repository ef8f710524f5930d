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
	rows := map[string]string{}
	for _, f := range failures {
		rows[f.Code+": "+f.Entry] = f.Remedy
		if f.Remedy == "" {
			t.Errorf("%s: no remedy in the row %q", f.Message, f.Entry)
		}
	}
	if len(rows) < leastFailures {
		t.Errorf("want %d different failures, got %d", leastFailures, len(rows))
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		t.Logf("%s -> %s", key, rows[key])
	}
}
