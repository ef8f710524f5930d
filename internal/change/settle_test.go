// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// A run that has tried to finish a change five times lets the device roll it back, or
// reports what is left.
func TestARunGivesUp(t *testing.T) {
	begun := func() *changeRun {
		r := &changeRun{plan: enabling(), planned: three(), rounds: 5, proofs: 1, sent: []vc.Sent{{Phase: vc.PhaseConfirm, Own: onSCP}}, targets: []vc.Settings{onSCP}}
		r.out.Reverts = time.Now().Add(time.Hour)
		return r
	}
	cause := errors.New("cause")
	r := begun()
	var f *FailedError
	if err := r.actOn(t.Context(), vc.Verdict{State: vc.StatePending, Next: vc.ConfirmTrial}, cause); !errors.As(err, &f) || f.State != vc.StatePending || !errors.Is(err, cause) {
		t.Errorf("want its trial to be left to the device, got %v", err)
	}
	r = begun()
	r.out.Read.Own, r.out.Read.Settings = onSCP, onSCP
	if err := r.actOn(t.Context(), vc.Verdict{State: vc.StateConfirmed, Next: vc.Finish}, cause); err != nil {
		t.Errorf("the change is done, however often it was tried, got %v", err)
	}
	r = begun()
	err := r.proveOverNewLogin(t.Context(), vc.Verdict{State: vc.StateConfirmed}, cause)
	if !errors.As(err, &f) || !errors.Is(err, cause) || !errors.As(err, new(*unprovedKeysError)) {
		t.Errorf("want the cause, and that the keys are not proved, got %v", err)
	}
}

// The link was lost in the last commit. It is done where the device has what was
// committed, and in force.
func TestAChangeIsFinishedByWhatWasRead(t *testing.T) {
	for name, row := range map[string]struct {
		own, have vc.Settings
		err       string
	}{
		"it is there":               {onSCP, onSCP, ""},
		"a group gives the old one": {onSCP, onRCP, "the change is in the configuration, and a configuration group still gives another value"},
		"something else is there":   {onRCP, onRCP, "read back after the commit: want"},
	} {
		r := &changeRun{plan: enabling(), planned: three(), sent: []vc.Sent{{Phase: vc.PhaseCommit, Own: onSCP}}, targets: []vc.Settings{onSCP}}
		r.out.Read.Own, r.out.Read.Settings = row.own, row.have
		err := r.finishChange(t.Context(), vc.Verdict{State: vc.StateConfirmed}, errors.New("lost"))
		if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
		if r.out.State != vc.StateConfirmed || !r.out.Changed || !r.out.After.Equal(row.have) || len(r.out.Notes) != 1 {
			t.Errorf("%s: got %+v", name, r.out)
		}
	}
}

// A clean-up writes nothing where another switch decides now, or where its commit would
// confirm a trial of another user.
func TestWhereNothingIsWritten(t *testing.T) {
	for name, row := range map[string]struct {
		now vc.Chassis
		err string
	}{
		"as it was":            {vc.Chassis{Members: three().Members, HistoryKnown: true}, ""},
		"a member has left":    {vc.Chassis{Members: three().Members[:2], HistoryKnown: true}, "member 2 (serial S2) has left"},
		"another user's trial": {vc.Chassis{Members: three().Members, HistoryKnown: true, Trial: &vc.Trial{Commit: vc.Commit{User: "alice"}}}, "another user's trial is pending: confirmed commit by alice"},
		"no history":           {vc.Chassis{Members: three().Members}, "would not be seen"},
	} {
		r := &changeRun{planned: three()}
		r.out.Read.Chassis = row.now
		if err := r.refuseWrite(); (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
	}
}

// A new login is tried until the task is stopped, a second apart and then two. What it met
// is reported.
func TestANewLoginIsTriedAgain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	logins := 0
	refuse := func(context.Context) (*junos.Device, error) { logins++; return nil, errors.New("too many logins") }
	other := func(context.Context) (*junos.Device, error) {
		t.Error("the wrong login is tried")
		return nil, errors.New("other")
	}
	r := &changeRun{Change: Change{Dial: other, Prove: refuse, TrialMinutes: 5}}
	if err := r.proveLogin(ctx); err == nil || err.Error() != "too many logins" || logins != 2 {
		t.Errorf("%d logins, %v", logins, err)
	}
}
