// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// planned is what a row says of a plan: the settings as their differences
// from what was there.
type planned struct {
	Trial, After      string // changes: "keys", "scp", "record", in this order; "-" for none
	Confirm           Confirmation
	Prepare, Resume   bool
	Probe             bool
	Reason            string
	Commits, Changing bool
}

func planOf(p Plan) planned {
	return planned{
		Trial: differs(p.Before, p.Trial), After: differs(p.Before, p.After), Confirm: p.ConfirmBy, Prepare: p.Prepare,
		Resume: p.Resume, Probe: p.Probe, Reason: p.Reason, Commits: p.HasCommits(), Changing: p.HasChanges(),
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
		out += " record"
	}
	if out == "" {
		return "-"
	}
	return out[1:]
}

var nothing = planned{Trial: "-", After: "-"}

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
