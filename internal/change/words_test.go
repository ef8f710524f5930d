// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// three is a chassis of which member 0 answers.
func three() vc.Chassis {
	var c vc.Chassis
	for id, role := range []vc.Role{vc.Primary, vc.Backup, vc.Linecard} {
		c.Members = append(c.Members, vc.Member{ID: id, Serial: "S" + fmt.Sprint(id), Role: role, Local: id == 0, Status: "Prsnt"})
	}
	return c
}

func TestNamesOfStages(t *testing.T) {
	for want, s := range map[string]stage{
		"confirm by a commit check":                 {phase: vc.PhaseConfirm, check: true, step: "confirm"},
		"confirm by a commit":                       {phase: vc.PhaseConfirm, step: "confirm"},
		"commit, to remove entries from the record": {phase: vc.PhaseWithdraw, step: "withdraw"},
		"commit, to record the proof":               {phase: vc.PhaseRecord, step: "record"},
		"commit, to revert the change":              {phase: vc.PhaseRevert, step: "revert"},
		"commit confirmed":                          {phase: vc.PhaseTrial, step: "commit confirmed"},
		"commit again":                              {phase: vc.PhaseProve, step: "commit again"},
	} {
		if got := s.shownName(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

// A chassis is another one when its primary or its switches are.
func TestMovedChassis(t *testing.T) {
	with := func(change func(*vc.Chassis)) vc.Chassis { c := three(); change(&c); return c }
	for name, row := range map[string]struct {
		now     vc.Chassis
		err     string
		primary bool
	}{
		"the same":        {three(), "", false},
		"other roles":     {with(func(c *vc.Chassis) { c.Members[1].Role, c.Members[2].Role = vc.Linecard, vc.Backup }), "", false},
		"another primary": {with(func(c *vc.Chassis) { c.Members[0].Role, c.Members[1].Role = vc.Backup, vc.Primary }), "the primary changed from member 0 (serial S0) to member 1 (serial S1)", true},
		"no primary":      {with(func(c *vc.Chassis) { c.Members[0].Role = vc.Linecard }), "the primary changed from member 0 (serial S0) to member 0 (serial )", true},
		"another switch as the primary": {with(func(c *vc.Chassis) { c.Members[0].Serial = "N" }),
			"the primary changed from member 0 (serial S0) to member 0 (serial N)", true},
		"one left":    {with(func(c *vc.Chassis) { c.Members = c.Members[:2] }), "the members changed: member 2 (serial S2) has left", false},
		"one is away": {with(func(c *vc.Chassis) { c.Members[2].Status = "NotPrsnt" }), "the members changed: member 2 (serial S2) has left", false},
		"one joined":  {with(func(c *vc.Chassis) { c.Members = append(c.Members, vc.Member{ID: 3, Serial: "S3", Status: "Prsnt"}) }), "the members changed: member 3 (serial S3) has joined", false},
		"two at once": {with(func(c *vc.Chassis) { c.Members[1].Serial, c.Members[2].Status = "N", "NotPrsnt" }),
			"the members changed: member 1 (serial S1) is now another switch (serial N), member 2 (serial S2) has left", false},
	} {
		r := &changeRun{planned: three()}
		err := r.refuseMovedChassis(row.now)
		var m *movedChassisError
		switch {
		case row.err == "" && err != nil, row.err != "" && (err == nil || err.Error() != row.err):
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		case err != nil && (!errors.As(err, &m) || m.primary != row.primary || hint.Of(err) != "run again when the Virtual Chassis is stable"):
			t.Errorf("%s: got %#v, %q", name, err, hint.Of(err))
		}
	}
}

// What did not succeed says why and what to look at; what the cause itself advises comes first.
func TestHintsOfWhatWentWrong(t *testing.T) {
	moved := &movedChassisError{what: "the primary changed"}
	for _, row := range []struct {
		err              error
		text, hint, code string
	}{
		{&unprovedLoginError{errors.New("refused")}, "no new login proved that the chassis can still be reached: refused", "connection-limit, rate-limit", "unproved_login"},
		{&unprovedLoginError{moved}, "no new login proved that the chassis can still be reached: the primary changed", "run again when the Virtual Chassis is stable", "unproved_login"},
		{moved, "the primary changed", "run again when the Virtual Chassis is stable", "chassis_moved"},
		{&unprovedKeysError{}, "the keys are not proved yet: the device does not report which members the commit reached", "that proves the keys without making new ones", "unproved_keys"},
		{&unprovedKeysError{who: []int{1, 2}}, "the keys are not proved yet: the device does not report whether the commit reached members 1 and 2", "that proves the keys without making new ones", "unproved_keys"},
		{&movedKeysError{moved}, "the chassis changed while keys were made: the primary changed, so the keys are not recorded", "keys are made again then", "keys_unsure"},
		{&otherSettingsError{vc.Settings{SCP: true}}, "the new session reads settings that differ from those committed:\nset system commit config-sync-with-scp\n", "", "other_settings"},
		{&memberFailedError{"member 1"}, "commit: member 1 did not apply it", "", "member_failed"},
		{&stillGivenError{want: vc.Settings{}, have: vc.Settings{SCP: true}, groups: vc.Groups{SCP: "lab", Keys: "k"}},
			"the change is in the configuration, and a configuration group still gives another value: want\nhave\nset system commit config-sync-with-scp\n",
			"delete it from the group lab, or exclude the group there with apply-groups-except", ""},
		{&stillGivenError{have: vc.Settings{Keys: vc.KeysCommand{Command: "/c", User: "u"}}, groups: vc.Groups{SCP: "lab", Keys: "k"}}, "still gives another value", "delete it from the group k,", ""},
	} {
		if got := row.err.Error(); !strings.Contains(got, row.text) {
			t.Errorf("want %q, got %q", row.text, got)
		}
		if got := hint.Of(row.err); !strings.Contains(got, row.hint) || (got == "") != (row.hint == "") {
			t.Errorf("%s: want the hint %q, got %q", row.text, row.hint, got)
		}
		if coded, ok := row.err.(interface{ Code() string }); ok != (row.code != "") || ok && coded.Code() != row.code {
			t.Errorf("%s: want the code %q", row.text, row.code)
		}
	}
	if !errors.Is(&unprovedLoginError{moved}, moved) || !errors.Is(&movedKeysError{moved}, moved) || !errors.Is(&FailedError{Err: moved}, moved) {
		t.Error("the cause is not found behind its error")
	}
}

// A new login is tried for half of a trial, and never for long.
func TestHowLongALoginIsTried(t *testing.T) {
	for minutes, want := range map[junos.Minutes]time.Duration{1: 30 * time.Second, 5: 150 * time.Second, 10: 5 * time.Minute, 20: 5 * time.Minute, 1440: 5 * time.Minute} {
		r := &changeRun{Change: Change{TrialMinutes: minutes}}
		if got := r.proofTime(); got != want || r.trialWindow() != time.Duration(minutes)*time.Minute {
			t.Errorf("%d minutes: want %s, got %s of %s", minutes, want, got, r.trialWindow())
		}
	}
	if 3*slowestLogin < time.Minute {
		t.Errorf("in the end there are more than three logins a minute: one every %s", slowestLogin)
	}
	// After a loss the device may be busy for a minute, and admit the login, and one more, late.
	if got := (&changeRun{Change: Change{LoginPause: 20 * time.Second}}).reconnectLimit(); got != 100*time.Second {
		t.Errorf("after a loss: got %s", got)
	}
}

// What is left of a trial that was found is told by the device's own clock, if it tells.
func TestWhatIsLeftOfATrial(t *testing.T) {
	now := time.Unix(1767225600, 0)
	ends := func(at time.Time) *vc.Trial { return &vc.Trial{Reverts: at} }
	for name, row := range map[string]struct {
		trial *vc.Trial
		now   time.Time
		want  time.Duration
	}{
		"both known":   {ends(now.Add(90 * time.Second)), now, 90 * time.Second},
		"no trial":     {nil, now, 5 * time.Minute},
		"no end":       {ends(time.Time{}), now, 5 * time.Minute},
		"no clock":     {ends(now), time.Time{}, 5 * time.Minute},
		"over a while": {ends(now.Add(-time.Second)), now, -time.Second},
	} {
		r := &changeRun{Change: Change{TrialMinutes: 5}}
		r.out.Read = junos.State{Chassis: vc.Chassis{Trial: row.trial}, Now: row.now}
		if got := r.remainingWindow(); got != row.want {
			t.Errorf("%s: want %s, got %s", name, row.want, got)
		}
	}
	if got := clockTime(time.Date(2026, 3, 1, 10, 5, 7, 0, time.FixedZone("", 3600))); got != "2026-03-01 09:05:07 UTC on the controller's clock" {
		t.Errorf("a moment is read as %s", got)
	}
}

// A trial of this run ends by the later of two clocks, another one by the device's.
func TestWhenATrialEndsAtTheLatest(t *testing.T) {
	now := time.Now()
	for name, row := range map[string]struct {
		run          string
		ours, device time.Time
		want         time.Time
	}{
		"the device's clock was set forward": {"1f", now.Add(time.Minute), now, now.Add(time.Minute)},
		"the device's clock was set back":    {"1f", now, now.Add(time.Minute), now.Add(time.Minute)},
		"a trial of another run":             {"aa", now.Add(time.Minute), now, now},
		"none that this run has made":        {"1f", time.Time{}, now, now},
	} {
		r := &changeRun{Change: Change{Mark: vc.Mark{Run: "1f"}}, now: time.Now, trialEnds: row.ours}
		r.out.Read = junos.State{Chassis: vc.Chassis{Trial: &vc.Trial{Mark: vc.Mark{Run: row.run}}}}
		if got := r.latestEnd(row.device); got.Sub(row.want).Abs() > time.Second {
			t.Errorf("%s: want %s, got %s", name, row.want, got)
		}
		r.out.Read.Trial = nil
		if got := r.latestEnd(row.device); !got.Equal(row.device) {
			t.Errorf("%s, without a trial: got %s", name, got)
		}
	}
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if sleepFor(done, time.Minute) || !sleepFor(t.Context(), time.Microsecond) {
		t.Error("a wait outlasts its context, or ends before its time")
	}
	r := &changeRun{Change: Change{Grace: time.Minute}}
	ctx, stop := r.cleanUpContext(done)
	defer stop()
	if end, ok := ctx.Deadline(); ctx.Err() != nil || !ok || time.Until(end) < 179*time.Second || time.Until(end) > 181*time.Second {
		t.Errorf("a clean-up has its own deadline, got %v until %v", ctx.Err(), end)
	}
}

// A trial is open as long as nobody saw it end.
func TestIsOpen(t *testing.T) {
	for want, all := range map[bool][]vc.Verdict{
		true:  {{State: vc.StatePending}, {State: vc.StateUnknown, UnderWay: true}, {State: vc.StatePending, Below: true, UnderWay: true}},
		false: {{State: vc.StatePending, Below: true}, {State: vc.StateUnknown}, {State: vc.StateReverted}, {State: vc.StateConfirmed}, {State: vc.StateNone}},
	} {
		for _, v := range all {
			if isOpen(v) != want {
				t.Errorf("%+v: want open %t", v, want)
			}
		}
	}
	if !isBlocked(fmt.Errorf("x: %w", &junos.LockHeldError{})) || !isBlocked(&junos.CandidateModifiedError{}) || isBlocked(errors.New("x")) || isBlocked(nil) {
		t.Error("who keeps the configuration is not told from other errors")
	}
}

// What is said without asking the device counts commits for what they were sent as.
func TestAnswersAreAdopted(t *testing.T) {
	before, after := vc.Settings{}, vc.Settings{SCP: true}
	sent := []vc.Sent{{Phase: vc.PhaseTrial, Own: after}, {Phase: vc.PhaseConfirm, Own: after}, {Phase: vc.PhaseWithdraw, Own: before}}
	for name, row := range map[string]struct {
		v       vc.Verdict
		keys    Keys
		changed bool
		after   bool
	}{
		"nothing":                 {vc.Verdict{State: vc.StateNone, CameIn: -1}, KeysUntouched, false, false},
		"keys alone":              {vc.Verdict{State: vc.StateNone, CameIn: -1}, KeysMade, true, false},
		"keys that may be there":  {vc.Verdict{State: vc.StateUnknown, CameIn: -1}, KeysUnsure, true, false},
		"confirmed":               {vc.Verdict{State: vc.StateConfirmed, CameIn: 1}, KeysUntouched, true, true},
		"withdrawn, of no effect": {vc.Verdict{State: vc.StateConfirmed, CameIn: 2}, KeysUntouched, false, false},
		"pending":                 {vc.Verdict{State: vc.StatePending, CameIn: 0}, KeysUntouched, false, false},
	} {
		r := &changeRun{planned: vc.Chassis{Own: before}, sent: sent, targets: []vc.Settings{after, after, before}, keys: row.keys}
		r.out.Reverts = time.Unix(1, 0)
		r.adoptAnswers(row.v)
		if r.out.State != row.v.State || r.out.Changed != row.changed || r.out.After.SCP != row.after || r.out.Reverts.IsZero() != (row.v.State == vc.StateConfirmed) {
			t.Errorf("%s: got %+v", name, r.out)
		}
	}
	for i, want := range []bool{false, true, false} {
		r := &changeRun{sent: sent}
		if r.isFinal(vc.Verdict{CameIn: i}) != want || r.isFinal(vc.Verdict{CameIn: -1}) {
			t.Errorf("commit %d is the end of a change: %t", i, !want)
		}
	}
	if r := (&changeRun{sent: sent[1:]}); !r.isFinal(vc.Verdict{CameIn: 0}) {
		t.Error("a change of one commit has no end")
	}
}
