// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// Advice is by what the device says of a member, and on keys where nothing is known and
// the commit went over SCP.
func TestAdviceIsByCause(t *testing.T) {
	for name, row := range map[string]struct {
		causes  []junos.Cause
		overSCP bool
		want    []string
		never   string
	}{
		"keys":            {[]junos.Cause{junos.CauseKeys}, false, []string{vc.AdviceOnSCP()}, "look at its links"},
		"keys before all": {[]junos.Cause{junos.CauseSpace, junos.CauseLock, junos.CauseKeys}, true, []string{vc.AdviceOnSCP()}, "storage"},
		"space":           {[]junos.Cause{junos.CauseLock, junos.CauseSpace}, true, []string{"request system storage cleanup"}, "rekey"},
		"lock":            {[]junos.Cause{junos.CauseLock, junos.CauseConnection}, true, []string{"show system users"}, "rekey"},
		"connection":      {[]junos.Cause{junos.CauseConnection}, true, []string{"check its links, show virtual-chassis and its log"}, "rekey"},
		"nothing, on SCP": {nil, true, []string{"check its links, its disk and its log; ", vc.AdviceOnSCP()}, "storage"},
		"nothing, on RCP": {[]junos.Cause{junos.CauseOther}, false, []string{"check its links, its disk and its log"}, "rekey"},
	} {
		got := reply{causes: row.causes}.adviceOnMember(row.overSCP)
		for _, want := range row.want {
			if !strings.Contains(got, want) || strings.Contains(got, row.never) {
				t.Errorf("%s: got %q", name, got)
			}
		}
	}
}

func members(outcomes ...vc.CommitOutcome) (list []vc.MemberOutcome) {
	for id, o := range outcomes {
		list = append(list, vc.MemberOutcome{ID: id, Outcome: o})
	}
	return list
}

// Whom a commit was seen to reach is what the proof rests on.
func TestReachOfAReply(t *testing.T) {
	const ok, no, unknown = vc.CommitTaken, vc.CommitFailed, vc.CommitUnknown
	judged := func(outcomes ...vc.CommitOutcome) vc.CommitJudgement {
		return vc.CommitJudgement{Members: members(outcomes...)}
	}
	busy := []junos.Cause{junos.CauseLock}
	away := three()
	away.Members[2].Status = "NotPrsnt"
	for name, row := range map[string]struct {
		p      reply
		c      vc.Chassis
		want   vc.Reach
		unseen []int
		err    string
	}{
		"all":                              {reply{CommitJudgement: judged(ok, ok, ok), accepted: true}, three(), vc.ReachAll, nil, ""},
		"all, and it was refused":          {reply{CommitJudgement: judged(ok, ok, ok)}, three(), vc.ReachUnknown, nil, ""},
		"the primary speaks for all":       {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true}, three(), vc.ReachAll, []int{1, 2}, ""},
		"it names others otherwise":        {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true, names: true}, three(), vc.ReachUnknown, []int{1, 2}, ""},
		"a word may be about one":          {reply{CommitJudgement: judged(ok, unknown, unknown), accepted: true, hinted: true}, three(), vc.ReachUnknown, []int{1, 2}, ""},
		"one is away":                      {reply{CommitJudgement: judged(ok, ok, unknown), accepted: true, names: true, hinted: true}, away, vc.ReachAll, nil, ""},
		"one failed":                       {reply{CommitJudgement: judged(ok, no, ok), accepted: true}, three(), vc.ReachFailed, nil, "commit: member 1 did not apply it"},
		"one was busy":                     {reply{CommitJudgement: judged(ok, no, ok), accepted: true, causes: busy}, three(), vc.ReachUnknown, nil, "commit: member 1 did not apply it"},
		"one was busy, and it was refused": {reply{CommitJudgement: judged(ok, no, ok), causes: busy}, three(), vc.ReachFailed, nil, "commit: member 1 did not apply it"},
		"a stranger failed": {reply{CommitJudgement: vc.CommitJudgement{Members: members(ok, ok, ok), Strangers: []string{"fpc7", "fpc8"}}, accepted: true},
			three(), vc.ReachFailed, nil, "commit: fpc7, fpc8 (not in the list of members) did not apply it"},
	} {
		if got := row.p.reach(row.c); got != row.want {
			t.Errorf("%s: want %v, got %v", name, row.want, got)
		}
		if diff := cmp.Diff(row.unseen, row.p.unseenIDs(row.c)); diff != "" {
			t.Errorf("%s: unseen: -want +got\n%s", name, diff)
		}
		if err := row.p.failure(); (err == nil) != (row.err == "") || err != nil && err.Error() != row.err {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
	}
}

// A device that speaks for all is believed only without a word about the others.
func TestAWordAboutOthersIsADoubt(t *testing.T) {
	for text, want := range map[string]vc.Reach{
		"":                                      vc.ReachAll,
		"[edit system] statement is deprecated": vc.ReachAll,
		"statement is deprecated":               vc.ReachUnknown,
		"flux 3, attending":                     vc.ReachUnknown,
		"el conmutador 2 no lo recibe":          vc.ReachUnknown,
		"commit complete":                       vc.ReachAll,
		"Continue without them? [yes,no] (no)":  vc.ReachUnknown,
		"Could not connect to backup":           vc.ReachUnknown,
		"re1 is out of sync":                    vc.ReachUnknown,
		"No space left on device":               vc.ReachUnknown,
		"fpc1 was slow":                         vc.ReachFailed, // where engines are listed, and that one is not
		"SERIAL0001 was slow":                   vc.ReachFailed,
		"the configuration was propagated":      vc.ReachUnknown,
	} {
		c := three()
		c.Members[1].Serial = "SERIAL0001"
		r := &changeRun{planned: c}
		r.have.SCP = true
		result := junos.CommitResult{Members: []junos.MemberCommit{{Engine: "fpc0", Named: true, Success: true}}}
		if text != "" {
			result.Messages = []junos.Message{{Severity: "warning", Message: text}}
		}
		if path, message, found := strings.Cut(text, "] "); found && path[0] == '[' {
			result.Messages[0].Path, result.Messages[0].Message = path+"]", message
		}
		r.takeReply(result, nil, stage{})
		if got := r.reply.reach(c); got != want {
			t.Errorf("%q: want %v, got %v", text, want, got)
		}
	}
}

// Only a lock, besides that something failed, is a reason to try once more.
func TestBusyIsALockAlone(t *testing.T) {
	for _, row := range []struct {
		causes []junos.Cause
		want   bool
	}{
		{nil, false}, {[]junos.Cause{junos.CauseOther}, false}, {[]junos.Cause{junos.CauseLock}, true},
		{[]junos.Cause{junos.CauseOther, junos.CauseLock}, true}, {[]junos.Cause{junos.CauseLock, junos.CauseKeys}, false},
		{[]junos.Cause{junos.CauseSpace, junos.CauseLock}, false},
	} {
		p := reply{causes: row.causes}
		if p.isBusy() != row.want {
			t.Errorf("%v: want %t", row.causes, row.want)
		}
		r := &changeRun{reply: p}
		if r.isRefusedForLock(&junos.RejectedError{}) != row.want || r.isRefusedForLock(errors.New("lost")) || r.isRefusedForLock(nil) {
			t.Errorf("%v: want a refusal for a lock: %t", row.causes, row.want)
		}
	}
	messages := []junos.Message{{Message: "fpc1: failed"}, {Message: "remote lock-configuration failed on fpc1"}, {Message: "fpc2: failed"}, {Message: "done"}}
	if diff := cmp.Diff([]junos.Cause{junos.CauseOther, junos.CauseLock}, causesOf(messages)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A device that has named another engine once is known to name them.
func TestWhoIsNamedInAReply(t *testing.T) {
	zero, one := 0, 1
	for want, reply := range map[bool]vc.CommitReply{
		true:  {Engines: []vc.EngineReply{{MemberID: &zero}, {MemberID: &one}}},
		false: {Engines: []vc.EngineReply{{MemberID: &zero}, {Local: true}}},
	} {
		if namesOthers(three(), reply) != want {
			t.Errorf("%v: want %t", reply, want)
		}
	}
}

// A member has strayed if it took the trial and not what came after.
func TestWhoHasStrayed(t *testing.T) {
	const ok, no = vc.CommitTaken, vc.CommitFailed
	failing := func(outcomes ...vc.CommitOutcome) reply {
		return reply{CommitJudgement: vc.CommitJudgement{Members: members(outcomes...)}}
	}
	for _, row := range []struct {
		trial, now reply
		want       bool
	}{{failing(ok, ok), failing(ok, ok), false}, {failing(ok, ok), failing(ok, no), true}, {failing(ok, no), failing(ok, no), false}, {failing(no, ok), failing(no, no), true}} {
		if r := (&changeRun{trialReply: row.trial, reply: row.now}); r.hasStrayed() != row.want {
			t.Errorf("%v, then %v: want %t", row.trial.Members, row.now.Members, row.want)
		}
	}
	// Who misses that SCP goes has it before and after: nothing is to be taken back.
	for want, plan := range map[bool]vc.Plan{true: enabling(), false: {Before: onSCP, Trial: onRCP, Confirmed: onRCP, After: onRCP}} {
		r := &changeRun{plan: plan, planned: three(), trialReply: failing(ok, ok, ok)}
		r.takeReply(junos.CommitResult{Members: []junos.MemberCommit{{Engine: "fpc0", Named: true, Success: true}, {Engine: "fpc1", Named: true}}}, nil, stage{phase: vc.PhaseConfirm})
		if r.strayed != want {
			t.Errorf("SCP on is %t afterwards: strayed is %t", plan.Confirmed.SCP, r.strayed)
		}
	}
}

// What did not take a commit is named with what helps, unless the error says it already.
func TestAdviceGoesWithTheError(t *testing.T) {
	failed := reply{CommitJudgement: vc.CommitJudgement{Members: members(vc.CommitTaken, vc.CommitFailed)}, causes: []junos.Cause{junos.CauseSpace}}
	r := &changeRun{reply: failed}
	cause := errors.New("no")
	if got := hint.Of(r.adviseOnMembers(cause, true, false)); !strings.HasPrefix(got, "member 1 did not apply the commit over SCP: make room") || !strings.HasSuffix(got, ", then run again") {
		t.Errorf("got %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(cause, false, false)); !strings.HasPrefix(got, "member 1 did not apply the commit: make room") {
		t.Errorf("got %q", got)
	}
	r.reply.causes = nil
	if got := hint.Of(r.adviseOnMembers(cause, false, true)); !strings.Contains(got, "rekey") {
		t.Errorf("what leads to SCP is not advised on keys: %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(cause, false, false)); strings.Contains(got, "rekey") {
		t.Errorf("what stays on RCP is advised on keys: %q", got)
	}
	if got := hint.Of(r.adviseOnMembers(hint.With(cause, "else"), true, true)); got != "else" {
		t.Errorf("got %q", got)
	}
	if r.adviseOnMembers(nil, true, true) != nil || hint.Of((&changeRun{}).adviseOnMembers(cause, true, true)) != "" {
		t.Error("advice where nobody failed")
	}
}

func TestWhatACommitTravelsOver(t *testing.T) {
	yes, no := true, false
	for _, row := range []struct {
		scp       bool
		fips      *bool
		isOverSCP bool
	}{{false, &no, false}, {true, &no, true}, {false, &yes, true}, {true, &yes, true}} {
		r := &changeRun{have: vc.Settings{SCP: row.scp}, planned: vc.Chassis{StatedFIPS: row.fips}}
		if got := r.isOverSCP(); got != row.isOverSCP {
			t.Errorf("SCP %v, FIPS %v: got %v", row.scp, *row.fips, got)
		}
	}
}
