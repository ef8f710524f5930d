// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcprocedure is the module vc_procedure: steps 1 to 3 of the procedure in one
// session of root, for switches that admit few logins and answer slowly.
package vcprocedure

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New("vc_procedure", Run)

type params struct {
	device.Connection
	device.Commit
	device.ChassisFIPS
	device.Root
	Command        string `json:"command"`
	User           string `json:"user"`
	Replace        bool   `json:"replace" default:"false"`
	Rekey          string `json:"rekey" default:"if_missing" choices:"if_missing,always"`
	SCP            bool   `json:"scp" default:"true"`
	ReleaseCheck   bool   `json:"release_check" default:"true"`
	PrepareTimeout int    `json:"prepare_timeout" default:"300" min:"1" max:"86400"`
}

// Validate refuses values that Junos or sshd would refuse later.
func (p *params) Validate() error {
	if err := device.CheckComment(p.Comment); err != nil {
		return err
	}
	if (p.Command == "") != (p.User == "") {
		return errors.New("command, user: want both or neither, because Junos takes only both")
	}
	if p.Command == "" {
		return nil
	}
	return vc.KeysCommand{Command: p.Command, User: p.User}.Validate()
}

type result struct {
	device.Result
	Stages     []device.Stage    `json:"stages,omitempty"`
	Prepared   []device.Prepared `json:"prepared"`
	BecomeRoot vc.Door           `json:"become_root,omitempty"` // the door that was used
	Output     string            `json:"output,omitempty"`      // what the device printed
	FIPS       bool              `json:"fips"`
	Transport  vc.Transport      `json:"transport" scrub:"never"`
	Reason     string            `json:"reason"`
}

// Run carries out the steps that are left.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	s, err := device.BeginAsRoot(ctx, task, p.Connection, p.ChassisFIPS, p.Root)
	if s != nil {
		defer s.Close()
	}
	switch {
	case err != nil && s != nil:
		return describeUndone(s), err
	case err != nil:
		return result{}, err
	}
	run := &procedure{params: p}
	common, stages, err := s.CarryOutAll(ctx, run.works())
	r := describeUndone(s)
	r.Result, r.Stages, r.BecomeRoot, r.Output = common, stages, s.Door, run.output
	if err != nil {
		return r, device.HintAtOldRelease(err)
	}
	r.Msg = describeStages(task, r)
	return r, nil
}

// describeUndone is what is known of the chassis, whatever is done to it.
func describeUndone(s *device.Session) result {
	r := result{Result: s.Result(), FIPS: s.FIPS() == vc.FIPSOn, Prepared: device.ListPrepared(s.Settings.Record)}
	r.Transport, r.Reason = s.Transport()
	return r
}

// procedure is what the steps tell each other.
type procedure struct {
	params
	made   vc.Record // for whom step 2 has made keys
	output string
}

// works are the steps that are asked for. Which of them are done already their plans
// tell.
func (p *procedure) works() (all []device.Work) {
	if p.Command != "" {
		all = append(all, device.Work{Step: vc.StepKeysCommand, Commit: p.Commit, Plan: p.planCommand, Preview: p.planCommand})
	}
	limit := time.Duration(p.PrepareTimeout) * time.Second
	all = append(all, device.Work{Step: vc.StepInternalSSH, Commit: p.Commit, Limit: limit,
		Plan:    func(c vc.Chassis) (vc.Plan, error) { return p.planKeys(c) },
		Preview: func(c vc.Chassis) (vc.Plan, error) { return p.planKeys(c, p.stepsBefore(vc.StepInternalSSH)...) },
		Prepare: func(ctx context.Context, dev *junos.Device, c vc.Chassis) (err error) {
			p.output, err = device.RunPrepareSetup(ctx, dev, c, limit)
			return err
		}})
	if p.SCP {
		all = append(all, device.Work{Step: vc.StepSCPSync, Commit: p.Commit,
			Plan:    func(c vc.Chassis) (vc.Plan, error) { return p.planSCP(c) },
			Preview: func(c vc.Chassis) (vc.Plan, error) { return p.planSCP(c, p.stepsBefore(vc.StepSCPSync)...) }})
	}
	return all
}

// stepsBefore are those of this run that come before a step.
func (p *procedure) stepsBefore(step vc.Step) (before []vc.Step) {
	if p.Command != "" {
		before = append(before, vc.StepKeysCommand)
	}
	if step == vc.StepSCPSync {
		before = append(before, vc.StepInternalSSH)
	}
	return before
}

func (p *procedure) planCommand(c vc.Chassis) (vc.Plan, error) {
	return vc.PlanKeysCommand(c, vc.KeysCommandWish{Keys: vc.KeysCommand{Command: p.Command, User: p.User}, Replace: p.Replace, Untried: p.ConfirmTimeout == 0})
}

// planKeys leaves the record to step 3 where that has a commit for it: it switches SCP
// on, or settles a trial that has.
func (p *procedure) planKeys(c vc.Chassis, assume ...vc.Step) (vc.Plan, error) {
	transport, _ := c.Transport()
	isDeferred := p.SCP && (transport != vc.SCP || c.Trial.IsMadeBy(vc.ModuleSCPSync))
	plan, err := vc.PlanInternalSSH(c, vc.InternalSSHWish{Rekey: vc.Rekey(p.Rekey), UseRecord: true, Commit: !isDeferred, Assume: assume})
	p.made = plan.Made
	return plan, err
}

func (p *procedure) planSCP(c vc.Chassis, assume ...vc.Step) (vc.Plan, error) {
	return vc.PlanSCP(c, vc.SCPWish{Enabled: true, Prepared: p.made, ReleaseCheck: p.ReleaseCheck, Untried: p.ConfirmTimeout == 0, Assume: assume})
}

// describeStages names the steps and what became of them.
func describeStages(task ansible.Task, r result) string {
	var changed []string
	for _, stage := range r.Stages {
		if stage.Changed {
			changed = append(changed, string(stage.Step))
		}
	}
	how := r.Reason
	if r.BecomeRoot == vc.DoorShell {
		how += "; root behind the usual login, with start shell user root"
	}
	switch {
	case len(changed) == 0:
		return "nothing to do: " + how
	case task.Check:
		return "would be done: " + strings.Join(changed, ", ")
	}
	return "done: " + strings.Join(changed, ", ") + "; " + how
}
