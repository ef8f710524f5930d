// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A twin counts for a commit what it was told that one takes, and for a commit check, which
// commits nothing, what it was told of that.
func TestTwinCommitsTakeAsLongAsTheyAreSaidTo(t *testing.T) {
	t.Parallel()
	p := newPair(t, officeOfThree, nil)
	const commit, check = 100 * time.Hour, time.Hour
	none := costOfARun(t, p.file, sim.TwinOptions{})
	if none.Commits < 2 || none.Checks < 1 {
		t.Fatalf("want commits and a check to count, got %+v", none)
	}
	for _, row := range []struct{ commit, check, countsAsCheck time.Duration }{{commit, check, check}, {commit, 0, commit}} {
		seen := costOfARun(t, p.file, sim.TwinOptions{Commit: row.commit, Check: row.check})
		want := time.Duration(seen.Commits)*row.commit + time.Duration(seen.Checks)*row.countsAsCheck
		if got := seen.SwitchSeconds; got < want.Seconds() || got > want.Seconds()+60 {
			t.Errorf("%d commits of %s and %d checks of %s: want %.0f s, got %.0f s", seen.Commits, row.commit, seen.Checks, row.countsAsCheck, want.Seconds(), got)
		}
	}
}

// costOfARun is what the first run costs the twin of a snapshot.
func costOfARun(t *testing.T, file string, o sim.TwinOptions) sim.Counters {
	t.Helper()
	o.KeysCommand, o.KeysCommandUser = command, user
	twins, err := sim.ReadTwins(file, o)
	if err != nil {
		t.Fatal(err)
	}
	lab := start(t, sim.Scenario{Chassis: twins})
	answer := run(t, lab, "vc_procedure", false, map[string]any{"username": "admin", "root_password": "Root-lab-1", "command": command, "user": user, "scp": true})
	if answer["changed"] != true {
		t.Fatal(answer["msg"])
	}
	return lab.Counters("vc1")
}

// A twin that was told to waits as long for each reply as the chassis took, and for a
// commit as long as it was told; one that was not told waits for nothing.
func TestTwinWaitsAsLongAsItsSnapshotSays(t *testing.T) {
	t.Parallel()
	p := newPair(t, officeOfThree, nil)
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	var snapshot map[string]any
	if err := json.Unmarshal(text, &snapshot); err != nil {
		t.Fatal(err)
	}
	snapshot["timings"] = map[string]any{"replies": []map[string]any{
		{"operation": "get-software-information", "seconds": 0.3}, {"operation": "get-virtual-chassis-information", "seconds": 0.2}}}
	if text, err = json.Marshal(snapshot); err == nil {
		err = os.WriteFile(p.file, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		waits bool
		least time.Duration
	}{{true, 500 * time.Millisecond}, {false, 0}} {
		twins, err := sim.ReadTwins(p.file, sim.TwinOptions{KeysCommand: command, KeysCommandUser: user, Commit: 700 * time.Millisecond, Delays: row.waits})
		if err != nil {
			t.Fatal(err)
		}
		lab := start(t, sim.Scenario{Chassis: twins})
		read := secondsOf(t, lab, "vc_info", map[string]any{"username": "admin"})
		before := lab.Counters("vc1").Commits
		write := secondsOf(t, lab, "vc_authorized_keys_command", map[string]any{"username": "admin", "command": command, "user": user, "confirm_timeout": 0})
		least := row.least + time.Duration(lab.Counters("vc1").Commits-before)*700*time.Millisecond
		if row.waits && (read < row.least || write < least) {
			t.Errorf("want %s for a reading and %s for a change at least, got %s and %s", row.least, least, read, write)
		}
		if !row.waits && lab.Counters("vc1").SwitchSeconds < 1 {
			t.Errorf("what is not waited for is counted all the same, got %.1f s", lab.Counters("vc1").SwitchSeconds)
		}
	}
}

func secondsOf(t *testing.T, lab *sim.Lab, module string, options map[string]any) time.Duration {
	t.Helper()
	since := time.Now()
	if answer := run(t, lab, module, false, options); answer["failed"] == true {
		t.Fatal(answer["msg"])
	}
	return time.Since(since)
}
