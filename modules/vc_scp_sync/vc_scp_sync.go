// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcscpsync is the module vc_scp_sync, step 3 of the procedure: it
// lets the members synchronize over SCP, or no longer.
package vcscpsync

import (
	"context"
	"errors"
	"fmt"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleSCPSync, Run)

type params struct {
	device.Connection
	device.Commit
	device.ChassisFIPS
	State        string            `json:"state" default:"enabled" choices:"enabled,disabled"`
	Prepared     []device.Prepared `json:"prepared"`
	ReleaseCheck bool              `json:"release_check" default:"true"`
	RemoveRecord bool              `json:"remove_record" default:"false"`
	AssumeSteps  []vc.Step         `json:"assume_steps" choices:"authorized_keys_command,internal_ssh,scp_sync"`
}

// Validate refuses what cannot be meant.
func (p *params) Validate() error {
	if _, err := device.ParsePrepared(p.Prepared); err != nil {
		return err
	}
	if p.RemoveRecord && p.State == "enabled" {
		return errors.New("remove_record: want state disabled, because SCP needs the record of who has keys")
	}
	return device.CheckComment(p.Comment)
}

type result struct {
	device.Result
	FIPS      bool         `json:"fips"`
	Transport vc.Transport `json:"transport" scrub:"never"`
	Reason    string       `json:"reason"`
}

// Run enables or disables SCP.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	s, err := device.Begin(ctx, task, p.Connection, p.ChassisFIPS)
	if err != nil {
		return result{}, err
	}
	defer s.Close()
	wish := p.scpWish(task)
	common, plan, err := s.CarryOut(ctx, device.Work{
		Plan:   func(c vc.Chassis) (vc.Plan, error) { return vc.PlanSCP(c, wish) },
		Commit: p.Commit,
	})
	r := result{Result: common, FIPS: s.FIPS() == vc.FIPSOn}
	r.Transport, r.Reason = s.Transport()
	if err != nil {
		return r, device.HintAtOldRelease(err)
	}
	r.Msg = describeSCP(task, plan, r)
	if plan.IsEmpty() && p.State == "enabled" && !r.FIPS {
		r.Warnings = append(r.Warnings, warnOfMissingKeys(s.Unprepared(s.Settings.Record))...)
	}
	r.Warnings = append(r.Warnings, warnOfSilence(r.Members)...)
	return r, nil
}

func (p params) scpWish(task ansible.Task) vc.SCPWish {
	record, _ := device.ParsePrepared(p.Prepared) // Validate has seen it
	w := vc.SCPWish{Enabled: p.State == "enabled", Prepared: record, ReleaseCheck: p.ReleaseCheck, Untried: p.ConfirmTimeout == 0, Forget: p.RemoveRecord}
	if task.Check {
		w.Assume = p.AssumeSteps
	}
	return w
}

func describeSCP(task ansible.Task, plan vc.Plan, r result) string {
	if plan.IsEmpty() {
		if plan.Reason != "" {
			return "nothing to do: " + plan.Reason
		}
		return "nothing to do: " + r.Reason
	}
	verb := "was"
	if task.Check {
		verb = "would be"
	}
	switch {
	case plan.Resume:
		return fmt.Sprintf("the trial that an earlier run left %s confirmed: %s", verb, r.Reason)
	case plan.Before.SCP == plan.After.SCP && len(plan.After.Record) == 0:
		return fmt.Sprintf("the record of prepared members %s removed", verb)
	case plan.Before.SCP == plan.After.SCP:
		return fmt.Sprintf("the record of prepared members %s written", verb)
	case plan.After.SCP:
		return fmt.Sprintf("config-sync-with-scp %s set", verb)
	}
	if len(plan.Before.Record) > 0 && len(plan.After.Record) == 0 {
		return fmt.Sprintf("config-sync-with-scp and the record of prepared members %s deleted", verb)
	}
	return fmt.Sprintf("config-sync-with-scp %s deleted", verb)
}

// warnOfMissingKeys names the members on whose keys nobody can count.
func warnOfMissingKeys(members []vc.Member) []string {
	var ids []int
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("no keys are recorded for %s: run vc_internal_ssh", vc.Named(ids))}
}

// warnOfSilence names the members of whose commit the device said nothing.
func warnOfSilence(members []device.Member) []string {
	var silent []int
	for _, m := range members {
		if m.Commit == "unknown" {
			silent = append(silent, m.MemberID)
		}
	}
	if len(silent) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the device did not report whether %s applied the commit: check the member, or run vc_sync_check", vc.Named(silent))}
}
