// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "testing"

func TestPlanKeysCommand(t *testing.T) {
	set := stages("-", "keys", "keys", "keys")
	set.Confirm, set.Commits, set.Changing = ByCheck, true, true
	removed := set
	removed.Confirm = ByCommit
	proved := set
	proved.Confirm = ByCommit
	settle := nothing
	settle.Confirm, settle.Resume, settle.Commits = ByCheck, true, true
	settleByCommit := settle
	settleByCommit.Confirm, settleByCommit.Changing = ByCommit, true
	creating := set
	creating.CreatesSSH = true
	without := func(c *Chassis) { c.LacksSSH = true }
	alone := func(c *Chassis) { c.Members = c.Members[:1] }
	want, gone := KeysCommandWish{Keys: good}, KeysCommandWish{Absent: true}
	for _, row := range []struct {
		name    string
		chassis Chassis
		wish    KeysCommandWish
		plan    planned
		err     string
	}{
		{"set", whole(), want, set, ""},
		{"set where SSH has no service", whole(without), want, creating, ""},
		{"remove where SSH has no service", whole(keys(good), without), KeysCommandWish{Keys: good, Absent: true}, removed, ""},
		{"already set", whole(keys(good)), want, nothing, ""},
		{"already set, where not all is seen", whole(keys(good), hidden), want, nothing, ""},
		{"already set is not looked at further", whole(keys(good), split, foreignTrial), want, nothing, ""},
		{"somebody's value", whole(keys(other)), want, nothing, "other_value"},
		{"somebody's user", whole(keys(KeysCommand{good.Command, "x"})), want, nothing, "other_value"},
		{"somebody's value, to be replaced", whole(keys(other)), KeysCommandWish{Keys: good, Replace: true}, set, ""},
		{"remove", whole(keys(good)), KeysCommandWish{Keys: good, Absent: true}, removed, ""},
		{"set without a trial", whole(), KeysCommandWish{Keys: good, Untried: true}, set, ""},
		{"remove what cannot be seen", whole(hidden), KeysCommandWish{Keys: good, Absent: true}, nothing, "commit_hidden"},
		{"remove what is there in a part", whole(partly), KeysCommandWish{Keys: good, Absent: true}, nothing, "partial_group"},
		{"remove what a group gives", whole(keys(good), func(c *Chassis) { c.Groups.Keys = "g" }), KeysCommandWish{Keys: good, Absent: true}, nothing, "from_group"},
		{"override what a group gives", whole(keys(other), func(c *Chassis) { c.Groups.Keys = "g" }), KeysCommandWish{Keys: good, Replace: true}, set, ""},
		{"replace under FIPS, without a trial", whole(keys(other), recorded, inFIPS), KeysCommandWish{Keys: good, Replace: true, Untried: true}, nothing, "trial_needed"},
		{"remove what is gone", whole(), gone, nothing, ""},
		{"remove what is gone, while keys are recorded", whole(recorded), gone, nothing, ""},
		{"remove somebody's value", whole(keys(other)), KeysCommandWish{Keys: good, Absent: true}, nothing, "other_value"},
		{"remove a value that nobody named", whole(keys(good)), gone, nothing, "other_value"},
		{"remove whatever is there", whole(keys(other)), KeysCommandWish{Absent: true, Replace: true}, removed, ""},
		{"remove below SCP", whole(keys(good), scp, recorded), KeysCommandWish{Keys: good, Absent: true}, nothing, "scp_needs_it"},
		{"remove below SCP, which the same play disables", whole(keys(good), scp),
			KeysCommandWish{Keys: good, Absent: true, Assume: []Step{StepSCPSync}}, removed, ""},
		{"remove under FIPS", whole(keys(good), inFIPS), KeysCommandWish{Keys: good, Absent: true}, nothing, "fips_needs_it"},
		{"no play can disable SCP under FIPS", whole(keys(good), inFIPS),
			KeysCommandWish{Keys: good, Absent: true, Assume: []Step{StepSCPSync}}, nothing, "fips_needs_it"},

		// Where the members already use their keys, only a commit proves that they still find them.
		{"replace below SCP", whole(keys(other), scp, recorded), KeysCommandWish{Keys: good, Replace: true}, nothing, "scp_uses_it"},
		{"replace below SCP, which the same play disables", whole(keys(other), scp, recorded),
			KeysCommandWish{Keys: good, Replace: true, Assume: []Step{StepSCPSync}}, proved, ""},
		{"replace below SCP on a switch alone", whole(keys(other), scp, recorded, func(c *Chassis) { c.Members = c.Members[:1] }),
			KeysCommandWish{Keys: good, Replace: true}, proved, ""},
		{"replace below SCP on one member", whole(keys(other), scp, onBackup), KeysCommandWish{Keys: good, Replace: true, OnMember: true}, set, ""},
		{"replace below SCP on a switch alone, without a trial", whole(keys(other), scp, recorded, alone),
			KeysCommandWish{Keys: good, Replace: true, Untried: true}, proved, ""},
		{"replace below SCP on the primary of two, called a member", whole(keys(other), scp, recorded, func(c *Chassis) { c.Members = c.Members[:2] }),
			KeysCommandWish{Keys: good, Replace: true, OnMember: true}, nothing, "scp_uses_it"},
		{"replace where all have keys and none uses them", whole(keys(other), recorded), KeysCommandWish{Keys: good, Replace: true}, set, ""},
		{"replace under FIPS", whole(keys(other), inFIPS, recorded), KeysCommandWish{Keys: good, Replace: true}, proved, ""},
		{"replace under FIPS, where the statement is set too", whole(keys(other), scp, inFIPS, recorded), KeysCommandWish{Keys: good, Replace: true}, proved, ""},
		{"first set under FIPS: nobody has keys yet", whole(inFIPS), want, set, ""},
		{"replace under FIPS while a member has no keys", whole(keys(other), inFIPS, recorded, replaced), KeysCommandWish{Keys: good, Replace: true}, set, ""},

		// Trials.
		{"settle our own", whole(keys(good), trialOf(ModuleKeysCommand)), want, settle, ""},
		{"settle our own removal", whole(trialOf(ModuleKeysCommand)), gone,
			settleByCommit, ""},
		{"the primary's trial, seen on a member", whole(keys(good), onBackup, trialOf(ModuleKeysCommand)),
			KeysCommandWish{Keys: good, OnMember: true}, nothing, ""},
		{"the primary's trial, seen on the backup", whole(keys(good), onBackup, trialOf(ModuleKeysCommand)), want, nothing, "not_primary"},
		{"settle our own on a switch alone", whole(keys(good), trialOf(ModuleKeysCommand), func(c *Chassis) { c.Members = c.Members[:1] }),
			KeysCommandWish{Keys: good, OnMember: true}, settle, ""},
		{"settle our own while SCP is in force", whole(keys(good), scp, recorded, trialOf(ModuleKeysCommand)), want,
			settleByCommit, ""},
		{"settle our own on a split chassis", whole(keys(good), split, trialOf(ModuleKeysCommand)), want, nothing, "split"},
		{"not upon our own trial of something else", whole(keys(other), trialOf(ModuleKeysCommand)), KeysCommandWish{Keys: good, Replace: true}, nothing, "own_trial"},
		{"not upon a trial of another module", whole(trialOf(ModuleSCPSync)), want, nothing, "own_trial"},
		{"already set, beside a trial of another module", whole(keys(good), trialOf(ModuleSCPSync)), want, nothing, ""},
		{"not upon somebody's trial", whole(foreignTrial), want, nothing, "foreign_trial"},

		// Where the session is.
		{"on the backup", whole(onBackup), want, nothing, "not_primary"},
		{"on the backup, on purpose", whole(onBackup), KeysCommandWish{Keys: good, OnMember: true}, set, ""},
		{"on a member while there is no primary", whole(onBackup, func(c *Chassis) { c.Members[0].Role = Backup }), want, nothing, "no_primary"},
		{"nobody knows where", whole(func(c *Chassis) { c.Members[0].Local = false }), want, nothing, "local_unknown"},
		{"on a member of a broken chassis", whole(split, absent), KeysCommandWish{Keys: good, OnMember: true}, set, ""},
		{"on a member with somebody's trial", whole(onBackup, foreignTrial), KeysCommandWish{Keys: good, OnMember: true}, nothing, "foreign_trial"},
		{"on a member without a history", whole(onBackup, func(c *Chassis) { c.HistoryKnown = false }), KeysCommandWish{Keys: good, OnMember: true}, nothing, "history_unknown"},
		{"on a member with a deactivated statement", whole(onBackup, func(c *Chassis) { c.Unread = []Problem{{Code: "deactivated"}} }),
			KeysCommandWish{Keys: good, OnMember: true}, nothing, "deactivated"},
		{"all at once", whole(split, absent, keys(other), scp), KeysCommandWish{Keys: good, Absent: true}, nothing,
			"split other_value scp_needs_it"},
		{"remove while members are away", whole(keys(good), absent), KeysCommandWish{Keys: good, Absent: true}, removed, ""},
		{"remove while a member could not join", whole(keys(good), inactive), KeysCommandWish{Keys: good, Absent: true}, removed, ""},
		{"set while a member could not join", whole(inactive), want, nothing, "member_inactive"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := PlanKeysCommand(row.chassis, row.wish)
			check(t, row.chassis, p, err, row.plan, row.err)
		})
	}
}

func TestOtherValueNamesBoth(t *testing.T) {
	_, err := PlanKeysCommand(whole(keys(other)), KeysCommandWish{Keys: good})
	want := `system services ssh authorized-keys-command is already "/opt/other/keys" with user "other", but "/usr/libexec/example/keys -a" with user "example" is requested`
	if err == nil || err.Error() != want {
		t.Errorf("want %s\ngot  %v", want, err)
	}
}

func TestNotPrimaryNamesThePrimary(t *testing.T) {
	_, err := PlanSCP(whole(onBackup, keys(good), recorded), SCPWish{Enabled: true})
	want := "this session is on member 1 (backup), the primary is member 0 (serial XX0000)"
	if err == nil || err.Error() != want {
		t.Errorf("want %s\ngot  %v", want, err)
	}
}
