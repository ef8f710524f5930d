// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"errors"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	for _, row := range []struct {
		name    string
		chassis Chassis
		codes   string
		err     string // all texts
		hint    string // all hints; "-": not looked at
	}{
		{"none", whole(), "", "", ""},
		{"one switch alone", whole(func(c *Chassis) { c.Members = c.Members[:1] }), "", "", ""},
		{"on the backup is no problem of the chassis", whole(onBackup), "", "", ""},
		{"no members", whole(func(c *Chassis) { c.Members, c.StatedFIPS = nil, &no }), "no_members",
			"the device lists no member of a Virtual Chassis", "is this an EX or QFX switch in Virtual Chassis mode?"},
		{"no primary", whole(func(c *Chassis) { c.Members[0].Role = Backup }), "no_primary",
			"no member is the primary", "wait until the election has finished"},
		{"split", whole(split), "split",
			"the Virtual Chassis is split: members 0 and 1 are all primary", "repair the Virtual Chassis ports first"},
		{"not present", whole(absent), "member_not_present",
			"member 2 (serial XX0002) is NotPrsnt", "bring it back, or remove it with request virtual-chassis recycle"},
		{"not provisioned, without a serial number", whole(func(c *Chassis) { c.Members[2] = Member{ID: 2, Status: "Unprvsnd"} }),
			"member_not_present", "member 2 (serial unknown) is Unprvsnd", "-"},
		{"inactive", whole(func(c *Chassis) { c.Members[1].Status = "Inactive" }), "member_inactive",
			"member 1 (serial XX0001) is Inactive", "-"},
		{"a status in other letters is another status", whole(func(c *Chassis) { c.Members[1].Status = "prsnt" }), "member_not_present",
			"member 1 (serial XX0001) is prsnt", "-"},
		{"no status", whole(func(c *Chassis) { c.Members[1].Status = "" }), "member_status_unknown",
			"member 1 has no status", "check show virtual-chassis"},
		{"unknown role", whole(func(c *Chassis) { c.Members[1].Role, c.Members[1].RoleText = UnknownRole, "Spare" }), "member_role_unknown",
			`member 1 has the unknown role "Spare"`, "report the output of show virtual-chassis to the authors"},
		{"no role", whole(func(c *Chassis) { c.Members[1].Role, c.Members[1].RoleText = NoRole, "" }), "member_role_unknown",
			`member 1 has the unknown role ""`, "-"},
		{"two of one serial number", whole(func(c *Chassis) { c.Members[1].Serial = c.Members[0].Serial }), "duplicate_serial",
			"member 1 reports the serial number of member 0 (XX0000)", "look at show virtual-chassis and show chassis hardware: keys are recorded by serial number"},
		{"one that has another id now", whole(absent, func(c *Chassis) { c.Members[2].Serial = c.Members[0].Serial }), "member_not_present",
			"member 2 (serial XX0000) is NotPrsnt", "-"},
		{"no serial number", whole(func(c *Chassis) { c.Members[1].Serial = "" }), "member_serial_unknown",
			"member 1 reports no serial number", "without it a replaced member cannot be recognized"},
		{"listed twice", whole(func(c *Chassis) { c.Members = append(c.Members, c.Members[2]) }), "duplicate_member",
			"member 2 is listed twice", "check show virtual-chassis"},
		{"versions", whole(func(c *Chassis) { c.Members[1].Version, c.Members[2].Version = "25.4R1.12", "25.2R1.9" }), "mixed_versions",
			"the members run different Junos releases: 25.2R1.9, 25.4R1.12", "upgrade the members to one release first"},
		{"the version of an absent member does not count", whole(absent, func(c *Chassis) { c.Members[2].Version = "20.1R1" }), "member_not_present",
			"member 2 (serial XX0002) is NotPrsnt", "-"},
		{"a release that is not reported is no other one", whole(func(c *Chassis) { c.Members[1].Version = "" }), "", "", ""},
		{"mixed FIPS", whole(func(c *Chassis) { c.Members[1].FIPS = &yes }), "mixed_fips",
			"member 1 is in FIPS mode, members 0 and 2 are not", "put all members into the same mode first"},
		{"FIPS waits for a reboot", whole(func(c *Chassis) { c.FIPSLevel = 2 }), "fips_reboot_pending",
			"FIPS level 2 is configured but not in force until a reboot",
			"reboot the members first, or set chassis_fips: true or false"},
		{"FIPS unknown", whole(func(c *Chassis) { c.Members[1].FIPS = nil }), "fips_unknown",
			"whether the chassis is in FIPS mode cannot be determined: member 1 did not report the software",
			"read show version by hand, or set chassis_fips: true or false"},
		{"FIPS unknown, but stated", whole(func(c *Chassis) { c.Members[1].FIPS, c.StatedFIPS = nil, &no }), "", "", ""},
		{"another user's trial", whole(foreignTrial), "foreign_trial",
			"another user's trial is pending: confirmed commit by rick via cli, rolled back at an unknown time unless confirmed",
			"let its owner confirm it, or wait until it has expired and commit_timeout has passed; any commit would confirm it"},
		{"a trial with the mark of a confirming commit is not ours", whole(trialMarked(Mark{Module: ModuleSCPSync, Phase: PhaseConfirm})), "foreign_trial",
			"another user's trial is pending: confirmed commit by root via netconf, rolled back at an unknown time unless confirmed", "-"},
		{"our trial is the plans' business", whole(trialOf(ModuleSCPSync)), "", "", ""},
		{"history", whole(func(c *Chassis) { c.HistoryKnown = false }), "history_unknown",
			"the commit history could not be read, so a pending confirmed commit of another user would not be seen",
			"the login needs permission for show system commit"},
		{"unread comes first", whole(split, func(c *Chassis) { c.Unread = []Problem{{Code: "deactivated", Message: "it is off"}} }),
			"deactivated split", "it is off; the Virtual Chassis is split: members 0 and 1 are all primary", "repair the Virtual Chassis ports first"},
		{"all that is wrong at once, in a stable order, a hint once", whole(split, absent, foreignTrial, func(c *Chassis) {
			c.Members[0].Version, c.Members[0].FIPS = "24.4R1", &yes
			c.Members = append(c.Members, Member{ID: 3, Status: "Unprvsnd"})
		}), "split member_not_present member_not_present mixed_versions mixed_fips foreign_trial",
			"the Virtual Chassis is split: members 0 and 1 are all primary; member 2 (serial XX0002) is NotPrsnt; member 3 (serial unknown) is Unprvsnd; " +
				"the members run different Junos releases: 24.4R1, 25.2R1.9; member 0 is in FIPS mode, member 1 is not; " +
				"another user's trial is pending: confirmed commit by rick via cli, rolled back at an unknown time unless confirmed",
			"repair the Virtual Chassis ports first; bring it back, or remove it with request virtual-chassis recycle; " +
				"upgrade the members to one release first; put all members into the same mode first; " +
				"let its owner confirm it, or wait until it has expired and commit_timeout has passed; any commit would confirm it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			problems := row.chassis.Problems()
			if got := codesOf(problems); got != row.codes {
				t.Errorf("codes: want %q, got %q", row.codes, got)
			}
			r := &ForbiddenError{Problems: problems}
			if r.Error() != row.err {
				t.Errorf("want %s\ngot  %s", row.err, r)
			}
			if row.hint != "-" && r.Hint() != row.hint {
				t.Errorf("hint: want %s\ngot  %s", row.hint, r.Hint())
			}
		})
	}
}

// A caller may add to the problems without changing the chassis.
func TestProblemsAreTheCallersOwn(t *testing.T) {
	c := whole()
	c.Unread = append(make([]Problem, 0, 9), Problem{Code: "unread"})
	_ = append(c.Problems(), Problem{Code: "a"})
	_ = append(c.keysCommandProblems(KeysCommandWish{OnMember: true}), Problem{Code: "b"})
	if spare := c.Unread[:2][1]; spare.Code != "" {
		t.Errorf("%s was written behind the chassis' own list", spare.Code)
	}
}

func TestProblemNamesItsMember(t *testing.T) {
	p := whole(absent).Problems()[0]
	if p.MemberID == nil || *p.MemberID != 2 {
		t.Errorf("want member 2, got %v", p.MemberID)
	}
	if want := "member 2 (serial XX0002) is NotPrsnt (bring it back, or remove it with request virtual-chassis recycle)"; p.String() != want {
		t.Errorf("want %s, got %s", want, p)
	}
	if p := (Problem{Message: "m"}); p.String() != "m" {
		t.Errorf("without a hint: %s", p)
	}
}

func TestReleaseProblems(t *testing.T) {
	version := func(v string) func(*Chassis) {
		return func(c *Chassis) {
			for i := range c.Members {
				c.Members[i].Version = v
			}
		}
	}
	for _, row := range []struct {
		name    string
		chassis Chassis
		err     string
	}{
		{"new", whole(), ""},
		{"old", whole(version("24.4R1.9")), "Junos 24.4R1.9 has no system commit config-sync-with-scp"},
		{"one of them is old", whole(func(c *Chassis) { c.Members[1].Version = "23.4R2-S7.4" }), "Junos 23.4R2-S7.4 has no system commit config-sync-with-scp"},
		{"nobody can tell", whole(version("25.2-20250610.0")), ""},
		{"not reported", whole(version("")), ""},
		{"old, but FIPS needs no statement", whole(version("24.4R1.9"), inFIPS), ""},
	} {
		got := ""
		if err := forbiddenBy(row.chassis.ReleaseProblems()...); err != nil {
			got = err.Error()
		}
		if got != row.err {
			t.Errorf("%s: want %q, got %q", row.name, row.err, got)
		}
	}
}

func TestRoot(t *testing.T) {
	for user, want := range map[string]string{
		"root":  "",
		"Root":  `request chassis internal-ssh prepare-setup must run as root, the login is "Root"`,
		"admin": `request chassis internal-ssh prepare-setup must run as root, the login is "admin"`,
		"":      `request chassis internal-ssh prepare-setup must run as root, the login is ""`,
	} {
		err := CheckRoot(user)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: want %q, got %q", user, want, got)
		}
		if r := (*ForbiddenError)(nil); err != nil && (!errors.As(err, &r) || r.Hint() == "") {
			t.Errorf("%q: want a refusal with a hint, got %#v", user, err)
		}
	}
}

// What keeps a chassis from being whole does not forbid the way out of it.
func TestObstacles(t *testing.T) {
	on, off := Want{Keys: &good, SCP: &yes}, Want{SCP: &no}
	mixed := func(c *Chassis) { c.Members[1].Version = "25.4R1" }
	for _, row := range []struct {
		name    string
		chassis Chassis
		want    Want
		codes   string
	}{
		{"none", whole(), on, ""},
		{"nothing is judged", whole(inactive), Want{}, "member_inactive"},
		{"one could not join for want of keys", whole(keys(good), scp, recorded, replaced, inactive), on, ""},
		{"so step 1 is not made", whole(scp, recorded, replaced, inactive), on, "member_inactive"},
		{"one could not join and has keys", whole(keys(good), scp, made, inactive), on, "member_inactive"},
		{"one could not join over RCP", whole(keys(good), replaced, inactive), on, "member_inactive"},
		{"back, while one could not join", whole(keys(good), scp, inactive), off, ""},
		{"back, while one is away", whole(keys(good), scp, absent), off, ""},
		{"back, on two releases", whole(keys(good), scp, mixed), off, ""},
		{"back, in a split chassis", whole(keys(good), scp, split), off, "split"},
		{"back, below somebody's trial", whole(keys(good), scp, foreignTrial), off, "foreign_trial"},
		{"nothing is left to do", whole(keys(good), scp, recorded), on, ""},
		{"on, while one is away", whole(keys(good), scp, absent), on, "member_not_present"},
	} {
		if got := codesOf(row.chassis.Obstacles(row.want)); got != row.codes {
			t.Errorf("%s: want %q, got %q", row.name, row.codes, got)
		}
	}
}

// Each hint leads on: to keys, to a reboot, or back to RCP.
func TestAdviceOnInactive(t *testing.T) {
	for _, row := range []struct {
		chassis Chassis
		leads   []string
	}{
		{whole(keys(good), scp, recorded, replaced, inactive), []string{"vc_internal_ssh", "state: absent", "reboot"}},
		{whole(keys(good), scp, made, inactive), []string{"reboot", "state: absent"}},
		{whole(keys(good), made, inactive), []string{"find out why (release, show virtual-chassis) and reboot it"}},
	} {
		for _, word := range row.leads {
			if p := row.chassis.memberProblems(); len(p) != 1 || !strings.Contains(p[0].Hint, word) {
				t.Errorf("want one problem with %q in its hint, got %v", word, p)
			}
		}
	}
}
