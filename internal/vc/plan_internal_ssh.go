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
	UseRecord bool // compare with the record, and keep it
	Commit    bool // the record is written at once
	Assume    []Step
}

// CheckRoot refuses a login that may not run prepare-setup.
func CheckRoot(user string) error {
	if user == RootUser {
		return nil
	}
	return forbiddenBy(chassisProblem("not_root", "give this task root_password or a key of root (scp_config_sync_root_password, scp_config_sync_root_private_key_file in the role)",
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
	p := planUnchanged(have, explainMissingKeys(missing))
	p.Prepare, p.Forget = true, w.UseRecord && len(have.Record) > 0
	if w.UseRecord && w.Commit {
		p.Trial.Record, p.After.Record = c.Serials(), c.Serials()
	}
	return p, forbiddenBy(c.prepareProblems(w)...)
}

func (c Chassis) prepareProblems(w InternalSSHWish) []Problem {
	problems := c.writeProblems()
	if c.Settings.Keys.IsUnset() && !isAssumed(w.Assume, StepKeysCommand) {
		problems = append(problems, missingStepProblem(StepKeysCommand, ModuleKeysCommand))
	}
	if w.Commit && c.Trial.IsMadeBy(ModuleSCPSync) {
		problems = append(problems, c.ownTrialProblems("run vc_scp_sync to settle it, or wait until its time is over")...)
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
