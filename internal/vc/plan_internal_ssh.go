// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"strings"
)

// Rekey says when prepare-setup is run.
type Rekey string

// When prepare-setup is run.
const (
	RekeyIfMissing Rekey = "if_missing"
	RekeyAlways    Rekey = "always"
	RekeyNever     Rekey = "never"
)

// RootUser is the only login that may run prepare-setup.
const RootUser = "root"

// InternalSSHWish is what vc_internal_ssh is asked for.
type InternalSSHWish struct {
	Rekey     Rekey
	UseRecord bool // compare with the record
	Commit    bool // the record is written at once
	Assume    []Step
}

// CheckRoot refuses a login that may not run prepare-setup.
func CheckRoot(user string) error {
	if user == RootUser {
		return nil
	}
	return forbiddenBy(chassisProblem("not_root", "set root_password or a key of root for this task (scp_config_sync_root_password, scp_config_sync_root_private_key_file in the role)",
		"request chassis internal-ssh prepare-setup must run as root, the login is %q", user))
}

// PlanInternalSSH plans step 2. It returns a *ForbiddenError when it is forbidden.
func PlanInternalSSH(c Chassis, w InternalSSHWish) (Plan, error) {
	have := c.Settings
	var missing []Member
	if w.UseRecord {
		missing = c.Unprepared(have.Record)
	}
	switch {
	case w.Rekey == RekeyNever:
		return planUnchanged(have, "rekey is never"), nil
	case w.Rekey == RekeyIfMissing && len(missing) == 0:
		return planUnchanged(have, "every member is recorded with its serial number"), nil
	}
	p := c.planKeys(w)
	p.Reason = explainMissingKeys(missing)
	return p, forbiddenBy(c.prepareProblems(w)...)
}

// planKeys makes keys for all, because that may change everybody's: the record
// claims nothing before, and no proof before a commit over SCP.
func (c Chassis) planKeys(w InternalSSHWish) Plan {
	p := planUnchanged(c.Settings, "")
	p.Prepare, p.Made = true, c.KeysMade()
	p.Withdrawn.Record = nil
	p.Trial, p.Confirmed = p.Withdrawn, p.Withdrawn
	if w.Commit {
		p.Trial.Record, p.Confirmed.Record = p.Made, p.Made
	}
	p.After = p.Confirmed
	if t, _ := c.Transport(); t == SCP {
		p.After.Record = p.Confirmed.Record.ProvedFor(c.Members)
	}
	return p
}

func (c Chassis) prepareProblems(w InternalSSHWish) []Problem {
	problems := append(c.keysProblems(), c.sessionProblems()...)
	if c.Settings.Keys.IsUnset() && !isAssumed(w.Assume, StepKeysCommand) {
		problems = append(problems, missingStepProblem(StepKeysCommand, ModuleKeysCommand))
	}
	commits := w.Commit || len(c.Settings.Record) > 0
	if commits && c.Trial.IsMadeBy(ModuleSCPSync) {
		problems = append(problems, c.ownTrialProblems("run vc_scp_sync to finish it, or wait until it has expired and commit_timeout has passed")...)
	}
	return problems
}

// explainMissingKeys tells in words who lacks keys.
func explainMissingKeys(missing []Member) string {
	if len(missing) == 0 {
		return "rekey is always"
	}
	who := make([]string, len(missing))
	for i, m := range missing {
		who[i] = fmt.Sprintf("%d (serial %s)", m.ID, orUnknown(m.Serial))
	}
	return "no keys are recorded for member " + strings.Join(who, ", member ")
}
