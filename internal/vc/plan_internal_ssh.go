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

// InternalSSHPlan is what vc_internal_ssh does.
type InternalSSHPlan struct {
	Prepare    bool
	Unprepared []Member // who has no keys according to the record
	Record     Plan     // how the record changes
	Reason     string
}

// Empty says that there is nothing to do.
func (p InternalSSHPlan) Empty() bool { return !p.Prepare && p.Record.Empty() }

// Root refuses a login that may not run prepare-setup.
func Root(user string) error {
	if user == RootUser {
		return nil
	}
	return refuse(chassisProblem("not_root", "give this task the credentials of root (scp_config_sync_root_username in the role)",
		"request chassis internal-ssh prepare-setup must run as root, the login is %q", user))
}

// PlanInternalSSH plans step 2. It returns a *Refusal when it is forbidden.
func PlanInternalSSH(c Chassis, w InternalSSHWish) (InternalSSHPlan, error) {
	have := c.Settings
	p := InternalSSHPlan{Record: unchanged(have, "")}
	if w.UseRecord {
		p.Unprepared = c.Unprepared(have.Record)
	}
	p.Prepare = w.Rekey == RekeyAlways || w.Rekey == RekeyIfMissing && len(p.Unprepared) > 0
	if !p.Prepare {
		p.Reason = "every member was prepared"
		if w.Rekey == RekeyNever {
			p.Reason = "rekey is never"
		}
		return p, nil
	}
	if w.UseRecord && w.Commit {
		after := have
		after.Record = c.Serials()
		p.Record = Plan{Before: have, Trial: after, After: after}
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

// Why tells in words who lacks keys.
func (p InternalSSHPlan) Why() string {
	var who []string
	for _, m := range p.Unprepared {
		who = append(who, fmt.Sprintf("%d (serial %s)", m.ID, orUnknown(m.Serial)))
	}
	if len(who) == 0 {
		return "rekey is always"
	}
	return "not prepared: member " + strings.Join(who, ", member ")
}
