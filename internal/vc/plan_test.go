// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// planned is what a row says of a plan: the settings as their differences
// from what was there.
type planned struct {
	Withdrawn         string // changes: "keys", "scp", then what the record is: "gone", "unproved", "proved"; "-" for none
	Trial             string
	Confirmed, After  string
	Confirm           Confirmation
	Prepare, Resume   bool
	Probe             bool
	CreatesSSH        bool
	Reason            string
	Commits, Changing bool
}

func planOf(p Plan) planned {
	return planned{
		Withdrawn: differs(p.Before, p.Withdrawn), Trial: differs(p.Before, p.Trial), Confirmed: differs(p.Before, p.Confirmed),
		After: differs(p.Before, p.After), Confirm: p.ConfirmBy, Prepare: p.Prepare,
		Resume: p.Resume, Probe: p.Probe, CreatesSSH: p.CreatesSSH, Reason: p.Reason, Commits: p.HasCommits(), Changing: p.HasChanges(),
	}
}

func differs(a, b Settings) string {
	out := ""
	if a.Keys != b.Keys {
		out += " keys"
	}
	if a.SCP != b.SCP {
		out += " scp"
	}
	if !(Settings{Record: a.Record}).Equal(Settings{Record: b.Record}) {
		out += " " + stateOf(b.Record)
	}
	if out == "" {
		return "-"
	}
	return out[1:]
}

// stateOf is "mixed" where some entries are proved and some are not.
func stateOf(r Record) string {
	proved := len(r) - countUnproved(r)
	switch {
	case len(r) == 0:
		return "gone"
	case proved == len(r):
		return "proved"
	case proved == 0:
		return "unproved"
	}
	return "mixed"
}

func countUnproved(r Record) (n int) {
	for _, e := range r {
		if !e.Proved {
			n++
		}
	}
	return n
}

// stages is a plan by the changes that its stages have made.
func stages(withdrawn, trial, confirmed, after string) planned {
	return planned{Withdrawn: withdrawn, Trial: trial, Confirmed: confirmed, After: after}
}

var nothing = stages("-", "-", "-", "-")

// check compares a plan and its error. Of a forbidden plan only the error
// counts.
func check(t *testing.T, c Chassis, p Plan, err error, want planned, wantErr string) {
	t.Helper()
	if got := codes(err); got != wantErr {
		t.Fatalf("error: want %q, got %q (%v)", wantErr, got, err)
	}
	if wantErr != "" {
		return
	}
	if diff := cmp.Diff(want, planOf(p)); diff != "" {
		t.Errorf("plan: want - got +\n%s", diff)
	}
	if !p.Before.Equal(c.Settings) {
		t.Errorf("the plan begins with %+v, the chassis with %+v", p.Before, c.Settings)
	}
	if p.IsEmpty() != (!want.Prepare && !want.Commits) {
		t.Errorf("empty: %v", p.IsEmpty())
	}
}

// Plans are told apart by what a run has to do.
func TestWhatAPlanAsksFor(t *testing.T) {
	for _, row := range []struct {
		name                      string
		plan                      Plan
		empty, withdraws, enables bool
	}{
		{"nothing", planUnchanged(Settings{SCP: true}, ""), true, false, false},
		{"keys alone", Plan{Prepare: true}, false, false, false},
		{"a claim is withdrawn", Plan{Before: Settings{Record: Record{0: {"A", true}}}, Prepare: true}, false, true, false},
		{"SCP", planOnTrial(Settings{}, Settings{SCP: true}, ByCommit, ""), false, false, true},
		{"SCP again", Plan{Before: Settings{SCP: true}, Withdrawn: Settings{SCP: true}, Confirmed: Settings{SCP: true}, After: Settings{SCP: true}, Resume: true}, false, false, true},
		{"without SCP", planOnTrial(Settings{SCP: true}, Settings{}, ByCommit, ""), false, false, false},
		{"a probe", Plan{Probe: true}, false, false, false},
	} {
		if p := row.plan; p.IsEmpty() != row.empty || p.Withdraws() != row.withdraws || p.EnablesSCP() != row.enables {
			t.Errorf("%s: empty %v, withdraws %v, enables SCP %v", row.name, p.IsEmpty(), p.Withdraws(), p.EnablesSCP())
		}
	}
}
