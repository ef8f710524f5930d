// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcinternalssh is the module vc_internal_ssh, step 2 of the
// procedure: it makes the keys with which the members reach each other.
package vcinternalssh

import (
	"context"
	"errors"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleInternalSSH, Run)

type params struct {
	device.Connection
	device.ChassisFIPS
	device.Root
	Comment        string    `json:"comment"`
	ConfirmTimeout *int      `json:"confirm_timeout" min:"0" max:"65535"` // deprecated: nothing here is committed on trial
	Rekey          string    `json:"rekey" default:"if_missing" choices:"if_missing,always,never"`
	Record         string    `json:"record" default:"commit" choices:"commit,defer,none"`
	PrepareTimeout int       `json:"prepare_timeout" default:"300" min:"1" max:"86400"`
	AssumeSteps    []vc.Step `json:"assume_steps" choices:"authorized_keys_command,internal_ssh,scp_sync"`
}

// Validate refuses what cannot be idempotent.
func (p *params) Validate() error {
	if p.Record == "none" && p.Rekey == "if_missing" {
		return errors.New("record: with none, rekey must be always or never, because nothing would record which member has keys")
	}
	return device.CheckComment(p.Comment)
}

type result struct {
	device.Result
	Prepared   []device.Prepared `json:"prepared"`
	BecomeRoot vc.Door           `json:"become_root,omitempty"` // the door that was used
	ByHand     []string          `json:"by_hand,omitempty"`     // what is to be typed instead
	Output     string            `json:"output,omitempty"`      // what the device printed
}

// Run makes the keys where they are missing.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	s, err := p.begin(ctx, task)
	if s != nil {
		defer s.Close()
	}
	switch {
	case err != nil && s != nil:
		r := result{Result: s.Result(), Prepared: device.ListPrepared(s.Settings.Record)}
		r.IncludeRefusal(err)
		return r, err
	case err != nil:
		return result{}, err
	}
	wish := p.internalSSHWish(task)
	var output string
	limit := time.Duration(p.PrepareTimeout) * time.Second
	common, plan, err := s.CarryOut(ctx, device.Work{
		Plan: func(c vc.Chassis) (vc.Plan, error) { return vc.PlanInternalSSH(c, wish) },
		Prepare: func(ctx context.Context, dev *junos.Device, c vc.Chassis) (err error) {
			output, err = device.RunPrepareSetup(ctx, dev, c, limit)
			return err
		},
		Limit:  limit,
		Commit: device.Commit{Comment: p.Comment},
	})
	r := result{Result: common, BecomeRoot: s.Door, Output: output, Prepared: device.ListPrepared(p.preparedRecord(s, plan, err))}
	if err == nil {
		r.Msg = describeKeys(task, p, plan) + describeDoor(s.Door)
	}
	if p.ConfirmTimeout != nil {
		r.Warnings = append(r.Warnings, "confirm_timeout has no effect on vc_internal_ssh, which commits its record at once, and is removed with 1.0.0: leave it out")
	}
	if p.isByHand() {
		r.ByHand = s.StepByHand()
	}
	return r, err
}

// isByHand says that somebody else makes the keys.
func (p params) isByHand() bool { return vc.Rekey(p.Rekey) == vc.RekeyNever }

// begin logs in, as root unless nothing is to be done as root. The session comes
// with an error, too, if it has read the chassis.
func (p params) begin(ctx context.Context, task ansible.Task) (*device.Session, error) {
	if p.isByHand() {
		return device.Begin(ctx, task, p.Connection, p.ChassisFIPS)
	}
	return device.BeginAsRoot(ctx, task, p.Connection, p.ChassisFIPS, p.Root)
}

func (p params) internalSSHWish(task ansible.Task) vc.InternalSSHWish {
	w := vc.InternalSSHWish{Rekey: vc.Rekey(p.Rekey), UseRecord: p.Record != "none", Commit: p.Record == "commit"}
	if task.Check {
		w.Assume = p.AssumeSteps
	}
	return w
}

// preparedRecord returns for whom keys were made: after prepare-setup the members
// that were here before and after it, otherwise those that are recorded.
func (p params) preparedRecord(s *device.Session, plan vc.Plan, err error) vc.Record {
	if plan.Prepare && err == nil {
		return plan.Made
	}
	return s.Settings.Record
}

func describeKeys(task ansible.Task, p params, plan vc.Plan) string {
	switch {
	case !plan.Prepare:
		return "no keys to make: " + plan.Reason
	case task.Check:
		return "keys would be made because " + plan.Reason
	case p.Record == "commit":
		return "keys were made and recorded because " + plan.Reason
	}
	return "keys were made because " + plan.Reason
}

// describeDoor says how the login has become root, where that is not obvious.
func describeDoor(door vc.Door) string {
	if door == vc.DoorShell {
		return "; root behind the usual login, with start shell user root"
	}
	return ""
}
