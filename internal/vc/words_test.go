// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"slices"
	"strings"
	"testing"
)

func TestLoginLimits(t *testing.T) {
	for rate, want := range map[int][2]bool{0: {}, 1: {true, false}, 10: {true, false}, 11: {false, true}, 150: {false, true}} {
		l := LoginLimits{PerMinute: rate}
		if l.AreFew() != want[0] || l.AreMany() != want[1] {
			t.Errorf("%d a minute: few %t, many %t", rate, l.AreFew(), l.AreMany())
		}
	}
}

// A step is done by one module, and no other word names one.
func TestModuleOfAStep(t *testing.T) {
	for step, want := range map[Step]string{
		StepKeysCommand: "vc_authorized_keys_command", StepInternalSSH: "vc_internal_ssh", StepSCPSync: "vc_scp_sync", "dance": "", "": "",
	} {
		if got := step.Module(); got != want {
			t.Errorf("%s: want %q, got %q", step, want, got)
		}
	}
}

// Results, options, log texts and configurations hold these words: playbooks, and
// runs of other releases, depend on them.
func TestWordsThatOthersReadStay(t *testing.T) {
	for _, row := range []struct {
		got  string
		want string
	}{
		{join(FIPSOn, FIPSOff, FIPSMixed, FIPSPending, FIPSUnknown), "on off mixed pending unknown"},
		{join(RCP, SCP, UnknownTransport), "rcp scp unknown"},
		{join(CommitTaken, CommitFailed, CommitUnknown), "ok failed unknown"},
		{join(ModuleKeysCommand, ModuleInternalSSH, ModuleSCPSync, ModuleSyncCheck), "vc_authorized_keys_command vc_internal_ssh vc_scp_sync vc_sync_check"},
		{join(RekeyIfMissing, RekeyAlways, RekeyNever), "if_missing always never"},
		{join(CodeHidden, CodePartial, codeAway, codeInactive), "commit_hidden partial_group member_not_present member_inactive"},
		{join(Primary, Backup, Linecard, UnknownRole, NoRole), "primary backup linecard unknown "},
		{join(DoorAuto, DoorLogin, DoorShell), "auto login shell"},
		{join(RootKeysUnknown, RootKeysConfigured, RootKeysNone), "unknown configured none"},
		{join(StepKeysCommand, StepInternalSSH, StepSCPSync), "authorized_keys_command internal_ssh scp_sync"},
		{join(PhaseWithdraw, PhaseTrial, PhaseConfirm, PhaseCommit, PhaseProve, PhaseRecord, PhaseRevert), "withdraw trial confirm commit prove record revert"},
		{join(StateNone, StateConfirmed, StateReverted, StatePending, StateUnknown), "none confirmed reverted pending unknown"},
		{join(RootUser, RecordName), "root vc-internal-ssh"},
	} {
		if row.got != row.want {
			t.Errorf("want %q, got %q", row.want, row.got)
		}
	}
}

func join[S ~string](words ...S) string {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	return strings.Join(all, " ")
}

// Keys are recorded for a switch that can be recognized, and is there.
func TestKeysAreMadeForWhoCanBeRecognized(t *testing.T) {
	c := whole(absent, func(c *Chassis) { c.Members[1].Serial = "" })
	if got := c.KeysMade(); len(got) != 1 || got[0] != (Entry{Serial: "XX0000"}) {
		t.Errorf("got %v", got)
	}
}

func TestReasonForDoors(t *testing.T) {
	const unset, deny = "system services ssh root-login is not set", "system services ssh root-login deny"
	for _, row := range []struct {
		rootLogin string
		keys      RootKeys
		want      string
	}{
		{"", "", unset + "; whether root has SSH keys is unknown"},
		{"", RootKeysUnknown, unset + "; whether root has SSH keys is unknown"},
		{"", RootKeysConfigured, unset + "; root has SSH keys in the configuration"},
		{"", RootKeysNone, unset + "; no SSH key in the configuration lets root log in"},
		{"allow", RootKeysConfigured, "system services ssh root-login allow; root has SSH keys in the configuration"},
		{"deny", RootKeysConfigured, deny}, {"deny", RootKeysNone, deny},
	} {
		if got := (Chassis{RootLogin: row.rootLogin, RootKeys: row.keys}).ReasonForDoors(); got != row.want {
			t.Errorf("%s, %s: want %q, got %q", row.rootLogin, row.keys, row.want, got)
		}
	}
}

// Who is told last is told after those that cannot say what they are.
func TestSequenceOfRoles(t *testing.T) {
	var c Chassis
	for id, role := range []Role{Primary, Backup, NoRole, UnknownRole, Linecard} {
		c.Members = append(c.Members, Member{ID: id, Role: role})
	}
	var got []int
	for _, m := range c.Sequence() {
		got = append(got, m.ID)
	}
	if want := []int{4, 2, 3, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}
}

func TestWordsOfAStep(t *testing.T) {
	for step, want := range map[Step]string{
		StepKeysCommand: "step 1 (authorized-keys-command)", StepInternalSSH: "step 2 (internal SSH keys)", StepSCPSync: "step 3 (config-sync-with-scp)", "dance": "dance",
	} {
		if got := step.Words(); got != want {
			t.Errorf("%s: want %q, got %q", step, want, got)
		}
	}
}

// A serial number of a few characters is in many a text by chance.
func TestSerialsThatNameAMember(t *testing.T) {
	for serial, want := range map[string]int{"": 0, "XX000": 0, "XX0007": 1, "XX00070": 1} {
		c := Chassis{Members: []Member{{ID: 7, Serial: serial}}}
		if got := c.NamedIn(Notice{Text: "no route to " + serial}); len(got) != want {
			t.Errorf("%q: got %v", serial, got)
		}
	}
}

// Of a plan that ends as it began, only a commit that settles a trial changes something.
func TestPlansThatChangeSomething(t *testing.T) {
	for _, row := range []struct {
		plan Plan
		want bool
	}{
		{Plan{}, false}, {Plan{ConfirmBy: ByCommit}, false}, {Plan{Resume: true, ConfirmBy: ByCheck}, false}, {Plan{Resume: true, ConfirmBy: ByCommit}, true},
		{Plan{Prepare: true}, true}, {Plan{Probe: true}, true}, {Plan{After: Settings{SCP: true}}, true},
	} {
		if got := row.plan.HasChanges(); got != row.want {
			t.Errorf("%+v: got %v", row.plan, got)
		}
	}
}

// A commit of nobody is not ours, even if a login of the play has no name.
func TestCommitOfNobody(t *testing.T) {
	for user, ours := range map[string]bool{"": false, "root": true, "rick": false} {
		c := Commit{User: user, Client: "netconf", Comment: "commit confirmed, rollback in 5mins", Log: "vchassis.junos 0.1.0 vc_scp_sync trial run=0af3"}
		if trial := PendingTrial([]Commit{c}, Clues{Users: []string{"", "root"}}); trial == nil || trial.IsOurs() != ours {
			t.Errorf("%q: got %+v", user, trial)
		}
	}
}

// What helps over SCP names both causes, in the order in which they are looked at.
func TestAdviceOnSCP(t *testing.T) {
	advice, at := AdviceOnSCP(), 0
	for _, part := range []string{"Permission denied", "authorized_keys_command", "replace: true", "scp_config_sync_replace", "rekey: always", "scp_config_sync_rekey"} {
		found := strings.Index(advice[at:], part)
		if found < 0 {
			t.Fatalf("%s is not where it belongs in %q", part, advice)
		}
		at += found
	}
}

// A refusal has the code of its first reason, the words of all, and each hint once.
func TestForbiddenError(t *testing.T) {
	err := &ForbiddenError{Problems: []Problem{{Code: "a", Message: "one", Hint: "do"}, {Code: "b", Message: "two", Hint: "do"}, {Code: "c", Message: "three"}, {Code: "d", Message: "four", Hint: "wait"}}}
	if err.Code() != "a" || err.Error() != "one; two; three; four" || strings.Count(err.Hint(), "do") != 1 || !strings.Contains(err.Hint(), "wait") {
		t.Errorf("got %s, %q, %q", err.Code(), err.Error(), err.Hint())
	}
	if hint := (&ForbiddenError{Problems: []Problem{{Code: "c", Message: "three"}}}).Hint(); hint != "" {
		t.Errorf("a reason without a hint has %q", hint)
	}
}
