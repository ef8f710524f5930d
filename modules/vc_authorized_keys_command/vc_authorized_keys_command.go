// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcauthorizedkeyscommand is the module vc_authorized_keys_command,
// step 1 of the procedure: it tells sshd where the internal keys are.
package vcauthorizedkeyscommand

import (
	"context"
	"errors"
	"fmt"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleKeysCommand, Run)

type params struct {
	device.Connection
	device.Commit
	device.ChassisFIPS
	Command     string    `json:"command"`
	User        string    `json:"user"`
	State       string    `json:"state" default:"present" choices:"present,absent"`
	Replace     bool      `json:"replace" default:"false"`
	OnMember    bool      `json:"on_member" default:"false"`
	AssumeSteps []vc.Step `json:"assume_steps" choices:"authorized_keys_command,internal_ssh,scp_sync"`
}

// Validate refuses values that Junos or sshd would refuse later.
func (p *params) Validate() error {
	if err := device.CheckComment(p.Comment); err != nil {
		return err
	}
	if p.State == "absent" && p.Command == "" && p.User == "" {
		return nil
	}
	if p.Command == "" || p.User == "" {
		return errors.New("command, user: want both, because Junos takes only both; the values come from Juniper's documentation for your release")
	}
	return vc.KeysCommand{Command: p.Command, User: p.User}.Validate()
}

type result struct {
	device.Result
	Command string `json:"authorized_keys_command,omitempty"`
	User    string `json:"authorized_keys_command_user,omitempty"`
}

// Run sets or removes the two statements.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	s, err := device.Begin(ctx, task, p.Connection, p.ChassisFIPS)
	if err != nil {
		return result{}, err
	}
	defer s.Close()
	wish := vc.KeysCommandWish{
		Keys:   vc.KeysCommand{Command: p.Command, User: p.User},
		Absent: p.State == "absent", Replace: p.Replace, OnMember: p.OnMember, Untried: p.ConfirmTimeout == 0,
	}
	if task.Check {
		wish.Assume = p.AssumeSteps
	}
	common, plan, err := s.CarryOut(ctx, device.Work{
		Plan:   func(c vc.Chassis) (vc.Plan, error) { return vc.PlanKeysCommand(c, wish) },
		Commit: p.Commit,
	})
	r := result{Result: common, Command: plan.After.Keys.Command, User: plan.After.Keys.User}
	if err != nil { // what was wanted is not what is there
		r.Command, r.User = s.Settings.Keys.Command, s.Settings.Keys.User
		return r, hintAtRefusal(err, s.Chassis, p.OnMember)
	}
	r.Msg = describeKeysCommand(task, plan)
	r.Warnings = append(r.Warnings, warnOfReplacement(s.Chassis, common.Changed)...)
	if task.Check && common.Changed && !p.OnMember && hasUnreachedMembers(s.Chassis) {
		const message = "the members may not apply this commit: " + bootstrapHint
		r.Warnings = append(r.Warnings, message)
		r.Problems = append(r.Problems, outcome.NewProblem("fips_unreached", "", message))
	}
	return r, nil
}

func describeKeysCommand(task ansible.Task, plan vc.Plan) string {
	var now string
	switch have, want := plan.Before.Keys, plan.After.Keys; {
	case plan.Resume && task.Check:
		return "a trial that an earlier run left is still pending: a commit check would confirm it"
	case plan.Resume:
		return fmt.Sprintf("a trial that an earlier run left is confirmed: authorized-keys-command is %s", want)
	case have == want && want.IsUnset():
		return "authorized-keys-command is not set, as requested"
	case have == want:
		return fmt.Sprintf("authorized-keys-command is already %s", want)
	case want.IsUnset():
		now = fmt.Sprintf("removed, it was %s", have)
	case have.IsUnset():
		now = fmt.Sprintf("set to %s", want)
	default:
		now = fmt.Sprintf("replaced by %s, it was %s", want, have)
	}
	if task.Check {
		return "authorized-keys-command would be " + now + describeService(plan, "this would create")
	}
	return "authorized-keys-command was " + now + describeService(plan, "this created")
}

// describeService names the service that comes with the statements where it was not
// configured.
func describeService(plan vc.Plan, creates string) string {
	if !plan.CreatesSSH {
		return ""
	}
	return "; " + creates + " system services ssh, so the switch accepts SSH logins also, not only NETCONF"
}

// besidePrimary finds the primary of a chassis whose other member we are on.
func besidePrimary(c vc.Chassis) (local, primary vc.Member, ok bool) {
	local, here := c.Local()
	primary, there := c.Primary()
	return local, primary, here && there && local.ID != primary.ID
}

// warnOfReplacement tells that a member's own configuration does not last.
func warnOfReplacement(c vc.Chassis, changed bool) []string {
	local, primary, ok := besidePrimary(c)
	if !ok || !changed {
		return nil
	}
	return []string{fmt.Sprintf("member %d is not the primary: the next commit on the primary, member %d, replaces its configuration, so set it there too", local.ID, primary.ID)}
}

// hintAtRefusal adds to a device's refusal where the change belongs.
func hintAtRefusal(err error, c vc.Chassis, onMember bool) error {
	var refused *junos.RejectedError
	if !errors.As(err, &refused) {
		return err
	}
	if local, primary, ok := besidePrimary(c); ok && onMember {
		return hint.With(err, fmt.Sprintf("member %d takes its configuration from the primary, member %d: connect there, without on_member", local.ID, primary.ID))
	}
	if hasUnreachedMembers(c) {
		return hint.With(err, bootstrapHint)
	}
	return err
}

// hasUnreachedMembers says that members of a FIPS chassis have no keys yet.
func hasUnreachedMembers(c vc.Chassis) bool {
	return c.FIPS() == vc.FIPSOn && len(c.Members) > 1 && len(c.Unprepared(c.Settings.Record)) > 0
}

// bootstrapHint is for a first change on a FIPS chassis: its members exchange
// nothing but over SCP, and find no keys before they have the change.
const bootstrapHint = "in FIPS mode members synchronize over SCP only, for which they need these values first: set them on every switch " +
	"before it joins, at its own address with on_member: true (scp_config_sync_members in the role)"
