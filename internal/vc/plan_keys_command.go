// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
)

// KeysCommandWish is what vc_authorized_keys_command is asked for.
type KeysCommandWish struct {
	Keys     KeysCommand
	Absent   bool
	Replace  bool // overwrite or remove a value that is not Keys
	OnMember bool // the session may be on a switch that is not the primary
	Untried  bool // the operator wants no trial
	Assume   []Step
}

// Validate reports the first fault of the two values. Junos' YANG gives the
// lengths; OpenSSH's sshd_config(5) wants an absolute path.
func (k KeysCommand) Validate() error {
	if err := checkStatementText("command", k.Command, 1024); err != nil {
		return err
	}
	if !strings.HasPrefix(k.Command, "/") || path.Clean(strings.Fields(k.Command)[0]) == "/" {
		return fmt.Errorf("command: want the absolute path of a program, got %q; a relative path keeps sshd from starting", k.Command)
	}
	if err := checkStatementText("user", k.User, 256); err != nil {
		return err
	}
	if strings.ContainsFunc(k.User, unicode.IsSpace) || strings.ContainsAny(k.User, "\"\\;{}") {
		return fmt.Errorf("user: want one login name, got %q", k.User)
	}
	return nil
}

// checkStatementText refuses what cannot be a Junos string. Quotes, backslashes,
// semicolons and braces can: they are encoded where the value is sent or shown.
func checkStatementText(option, s string, most int) error {
	switch {
	case strings.TrimSpace(s) == "":
		return fmt.Errorf("%s: want a value, got an empty string; it comes from Juniper's documentation for your release", option)
	case len(s) > most:
		return fmt.Errorf("%s: want at most %d characters, got %d", option, most, len(s))
	case strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }):
		return fmt.Errorf("%s: want printable text on one line, got %q", option, s)
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("%s: want no blanks around the value, got %q", option, s)
	}
	return nil
}

// PlanKeysCommand plans step 1. It returns a *ForbiddenError when the change is
// forbidden.
func PlanKeysCommand(c Chassis, w KeysCommandWish) (Plan, error) {
	have := c.Settings
	want := have
	want.Keys = w.Keys
	if w.Absent {
		want.Keys = KeysCommand{}
	}
	if c.Trial.IsMadeBy(ModuleKeysCommand) && have.Equal(want) && !(w.OnMember && c.isOnFollower()) {
		p := planOnTrial(have, have, c.chooseConfirmation(w.Absent), "")
		p.Resume = true
		return p, forbiddenBy(c.keysCommandProblems(w)...)
	}
	if have.Equal(want) && w.Absent { // what is not seen may be there
		return planUnchanged(have, ""), forbiddenBy(c.unclearProblems()...)
	}
	if have.Equal(want) {
		return planUnchanged(have, ""), nil
	}
	problems := append(c.keysCommandProblems(w), c.proofProblems(w.Untried)...)
	problems = append(problems, foreignValueProblems(have.Keys, w)...)
	if w.Absent {
		problems = append(problems, c.neededKeysCommandProblems(w.Assume)...)
		problems = append(problems, groupProblems("system services ssh authorized-keys-command", c.Groups.Keys)...)
	} else {
		problems = append(problems, c.usedKeysCommandProblems(w)...)
	}
	if c.Trial.IsMadeBy(ModuleKeysCommand) { // to run it again would not show as settled either
		problems = append(problems, c.ownTrialProblems("run that task again, or wait until it has expired and commit_timeout has passed: Junos does not show whether a commit check has confirmed it")...)
	} else if c.Trial.IsOurs() {
		problems = append(problems, c.ownTrialProblems("run that module again to finish it, or wait until it has expired and commit_timeout has passed")...)
	}
	p := planOnTrial(have, want, c.chooseConfirmation(w.Absent), "")
	p.CreatesSSH = c.LacksSSH && !w.Absent
	return p, forbiddenBy(problems...)
}

// isOnPrimary says that what is set through this session reaches other members, if there are any.
func (c Chassis) isOnPrimary() bool {
	local, _ := c.Local()
	return local.Role == Primary
}

// isOnFollower says that the session is on a member that takes its configuration
// from the primary: a trial that it shows is the primary's to settle.
func (c Chassis) isOnFollower() bool {
	primary, found := c.Primary()
	local, known := c.Local()
	return found && known && local.ID != primary.ID
}

// chooseConfirmation is how a new keys command is confirmed. A check shows that sshd still
// lets us in. Where the members already use their keys (FIPS), only a commit
// shows that they still find them. A removal is the last step of the way back,
// and no later commit would show that it is settled.
func (c Chassis) chooseConfirmation(removal bool) Confirmation {
	if removal {
		return ByCommit
	}
	if t, _ := c.Transport(); t == SCP && len(c.Unprepared(c.Settings.Record)) == 0 {
		return ByCommit
	}
	return ByCheck
}

// keysCommandProblems are weaker on a single member: it need not be the
// primary, nor part of a whole Virtual Chassis.
func (c Chassis) keysCommandProblems(w KeysCommandWish) []Problem {
	if w.OnMember {
		return append(slices.Clone(c.Unread), c.TrialProblems()...)
	}
	if w.Absent {
		return append(c.wayBackProblems(), c.sessionProblems()...)
	}
	return c.writeProblems()
}

func foreignValueProblems(have KeysCommand, w KeysCommandWish) []Problem {
	if have.IsUnset() || w.Replace || have == w.Keys {
		return nil
	}
	if w.Absent && w.Keys.IsUnset() {
		return []Problem{chassisProblem("other_value", "set command and user to the value that may be removed, or set replace: true (scp_config_sync_replace in the role)",
			"system services ssh authorized-keys-command is %s and this task does not say that it may be removed", have)}
	}
	return []Problem{chassisProblem("other_value", "set replace: true (scp_config_sync_replace in the role) if nothing else needs the present value",
		"system services ssh authorized-keys-command is already %s, but %s is requested", have, w.Keys)}
}

// usedKeysCommandProblems reports a value on which the members depend already. With a
// wrong one they could not be reached any more, not even by the rollback that
// takes it back. Under FIPS there is no other way.
func (c Chassis) usedKeysCommandProblems(w KeysCommandWish) []Problem {
	alone := w.OnMember && !c.isOnPrimary() || len(c.Members) == 1
	if w.Untried && !alone && c.chooseConfirmation(false) == ByCommit {
		return []Problem{chassisProblem("trial_needed", "set confirm_timeout to a number of minutes, 1 or more",
			"the members synchronize over SCP with the present authorized-keys-command, and with confirm_timeout 0 nothing would roll back a wrong one")}
	}
	if !c.Settings.SCP || c.FIPS() == FIPSOn || alone || isAssumed(w.Assume, StepSCPSync) {
		return nil
	}
	return []Problem{chassisProblem("scp_uses_it",
		"disable SCP first, with vc_scp_sync and state: disabled, and enable it again afterwards: then a wrong value is rolled back",
		"the members synchronize over SCP with the present authorized-keys-command, and a wrong one would cut them off")}
}

// neededKeysCommandProblems reports who would be left without it.
func (c Chassis) neededKeysCommandProblems(assume []Step) []Problem {
	if c.Settings.SCP && !isAssumed(assume, StepSCPSync) {
		return []Problem{chassisProblem("scp_needs_it", "disable SCP first: vc_scp_sync with state: disabled",
			"config-sync-with-scp is set and needs authorized-keys-command")}
	}
	if c.FIPS() == FIPSOn {
		return []Problem{chassisProblem("fips_needs_it", "leave FIPS mode first",
			"the chassis is in FIPS mode, where SCP cannot be disabled and needs authorized-keys-command")}
	}
	return nil
}
