// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/trace"
)

// A trace shows the login that proves a trial as a session of its own.
func TestTraceOfAProof(t *testing.T) {
	t.Parallel()
	b, dir, options := newBench(t, threeMembers), t.TempDir(), stepOne()
	options["trace"] = dir
	b.apply("vc_authorized_keys_command", options)
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) != 1 {
		t.Fatalf("want one trace, got %q", files)
	}
	events, err := trace.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	opened, greeted := 0, map[int]int{}
	for _, e := range events {
		switch {
		case e.Kind == trace.Opened:
			opened++
		case e.Kind == trace.Got && strings.Contains(e.Text, "<hello"):
			greeted[e.Session]++
		}
	}
	if opened != 2 || greeted[1] != 1 || greeted[2] != 1 {
		t.Errorf("%d sessions, with hellos %v, want two with one each\n%s", opened, greeted, trace.Show(events))
	}
}
