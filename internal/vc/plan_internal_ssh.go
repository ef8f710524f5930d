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

// Root refuses a login that may not run prepare-setup.
func Root(user string) error {
	if user == RootUser {
		return nil
	}
	return refuse(chassisProblem("not_root", "give this task the credentials of root (scp_config_sync_root_username in the role)",
		"request chassis internal-ssh prepare-setup must run as root, the login is %q", user))
}

// PlanInternalSSH plans step 2. It returns a *Refusal when it is forbidden.
func PlanInternalSSH(c Chassis, w InternalSSHWish) (Plan, error) {
	have := c.Settings
	var missing []Member
	if w.UseRecord {
		missing = c.Unprepared(have.Record)
	}
	switch {
	case w.Rekey == RekeyNever:
		return unchanged(have, "rekey is never"), nil
	case w.Rekey == RekeyIfMissing && len(missing) == 0:
		return unchanged(have, "every member is recorded with its serial number"), nil
	}
	p := unchanged(have, why(missing))
	p.Prepare, p.Forget = true, w.UseRecord && len(have.Record) > 0
	if w.UseRecord && w.Commit {
		p.Trial.Record, p.After.Record = c.Serials(), c.Serials()
	}
	return p, refuse(c.prepareGuards(w)...)
}

func (c Chassis) prepareGuards(w InternalSSHWish) []Problem {
	problems := c.writable()
	if c.Settings.Keys.Unset() && !assumes(w.Assume, StepKeysCommand) {
		problems = append(problems, stepMissing(StepKeysCommand, ModuleKeysCommand))
	}
	if w.Commit && c.Trial.By(ModuleSCPSync) {
		problems = append(problems, c.openTrial("run vc_scp_sync to settle it, or wait until its time is over")...)
	}
	return problems
}

// why tells in words who lacks keys.
func why(missing []Member) string {
	if len(missing) == 0 {
		return "rekey is always"
	}
	who := make([]string, len(missing))
	for i, m := range missing {
		who[i] = fmt.Sprintf("%d (serial %s)", m.ID, orUnknown(m.Serial))
	}
	return "no keys are recorded for member " + strings.Join(who, ", member ")
}
