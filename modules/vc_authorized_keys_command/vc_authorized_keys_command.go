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
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleKeysCommand, Run)

type params struct {
	ansible.Connection
	ansible.Commit
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
	if err := device.Comment(p.Comment); err != nil {
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
		Absent: p.State == "absent", Replace: p.Replace, OnMember: p.OnMember,
	}
	if task.Check {
		wish.Assume = p.AssumeSteps
	}
	common, plan, err := s.Carry(ctx, device.Work{
		Plan:   func(c vc.Chassis) (vc.Plan, error) { return vc.PlanKeysCommand(c, wish) },
		Commit: p.Commit,
	})
	r := result{Result: common, Command: plan.After.Keys.Command, User: plan.After.Keys.User}
	if err == nil {
		r.Msg = fmt.Sprintf("authorized-keys-command is %s", plan.After.Keys)
	}
	return r, err
}
