// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcinfo is the module vc_info: it reads a Virtual Chassis and says
// how far it is from the wanted state. It never writes.
package vcinfo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New("vc_info", Run)

type params struct {
	device.Connection
	device.ChassisFIPS
	Command      string   `json:"command"`
	User         string   `json:"user"`
	CommandState string   `json:"command_state" default:"present" choices:"present,absent"`
	SCP          string   `json:"scp" choices:"enabled,disabled"`
	RecordState  string   `json:"record_state" default:"present" choices:"present,absent"`
	ReleaseCheck bool     `json:"release_check" default:"true"`
	BecomeRoot   vc.Door  `json:"become_root" choices:"auto,login,shell"`
	RootMeans    []string `json:"root_means" choices:"password,key"`
}

// Validate refuses half a wish.
func (p *params) Validate() error {
	if (p.Command == "") != (p.User == "") {
		return errors.New("command, user: want both or neither, because Junos takes only both")
	}
	if p.Command == "" {
		return nil
	}
	return vc.KeysCommand{Command: p.Command, User: p.User}.Validate()
}

type trialResult struct {
	User      string `json:"user"`
	Client    string `json:"client"`
	RevertsAt string `json:"reverts_at,omitempty"`
	Ours      bool   `json:"ours"`
}

// root is how step 2 can become root.
type root struct {
	Login  string      `json:"root_login,omitempty" scrub:"never"` // as it is configured
	Keys   vc.RootKeys `json:"root_keys" scrub:"never"`
	Doors  []vc.Door   `json:"doors"`
	Reason string      `json:"reason,omitempty"` // for the doors
}

type result struct {
	device.Result
	CheckMode      bool              `json:"check_mode"`
	LocalMember    *int              `json:"local_member,omitempty"`
	HostName       string            `json:"host_name,omitempty"`
	ChassisID      string            `json:"virtual_chassis_id,omitempty"`
	ChassisMode    string            `json:"virtual_chassis_mode,omitempty" scrub:"never"`
	Preprovisioned bool              `json:"preprovisioned"`
	FIPS           *bool             `json:"fips,omitempty"`
	FIPSMode       vc.FIPS           `json:"fips_mode" scrub:"never"`
	SCPActive      *bool             `json:"scp_active"` // null: unknown
	SCPConfigured  bool              `json:"scp_configured"`
	SCPReason      string            `json:"scp_reason"`
	Transport      vc.Transport      `json:"transport" scrub:"never"`
	Command        string            `json:"authorized_keys_command,omitempty"`
	User           string            `json:"authorized_keys_command_user,omitempty"`
	Prepared       []device.Prepared `json:"prepared"`
	Software       []device.Software `json:"software,omitempty"`
	Trial          *trialResult      `json:"pending_confirmed_commit,omitempty"`
	Root           *root             `json:"root,omitempty"`
	Compliant      *bool             `json:"compliant,omitempty"`
	PendingSteps   []vc.Step         `json:"pending_steps,omitzero" scrub:"never"` // empty is an answer too
}

// Run reads the chassis.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	checkMode := task.Check
	task.Check = true // whatever the play says: this module never writes
	s, err := device.Begin(ctx, task, p.Connection, p.ChassisFIPS)
	if err != nil {
		return result{}, err
	}
	defer s.Close()
	r := describeChassis(s)
	r.CheckMode = checkMode
	want := p.wantedState()
	problems, obstacles := s.Problems(), s.Obstacles(want)
	if p.SCP == "enabled" && p.ReleaseCheck {
		problems, obstacles = append(problems, s.ReleaseProblems()...), append(obstacles, s.ReleaseProblems()...)
	}
	if want.IsJudged() {
		r.PendingSteps = s.PendingSteps(want)
	}
	if p.BecomeRoot != "" {
		shut := p.judgeRoot(s, &r)
		problems, obstacles = append(problems, shut...), append(obstacles, shut...)
	}
	r.Problems = outcome.ProblemsOf(problems, obstacles)
	if want.IsJudged() {
		compliant := len(r.PendingSteps) == 0 && len(r.Problems) == 0
		r.Compliant = &compliant
	}
	r.Msg = summarizeChassis(r) + nameStrangers(s) + nameUnproved(s)
	return r, nil
}

// judgeRoot finds the doors to root. That there is none is a problem only if a step
// needs one.
func (p params) judgeRoot(s *device.Session, r *result) []vc.Problem {
	r.Root = &root{Login: s.RootLogin, Keys: s.RootKeys, Doors: []vc.Door{vc.DoorLogin}}
	if s.User() == vc.RootUser {
		return nil
	}
	means := device.Root{}.Means(p.Connection)
	means.Password, means.Key = slices.Contains(p.RootMeans, "password"), slices.Contains(p.RootMeans, "key")
	doors, err := s.DoorsToRoot(p.BecomeRoot, means)
	r.Root.Doors, r.Root.Reason = append([]vc.Door{}, doors...), s.ReasonForDoors()
	var forbidden *vc.ForbiddenError
	if errors.As(err, &forbidden) && slices.Contains(r.PendingSteps, vc.StepInternalSSH) {
		return forbidden.Problems
	}
	return nil
}

func (p params) wantedState() vc.Want {
	var w vc.Want
	if p.Command != "" || p.CommandState == "absent" {
		keys := vc.KeysCommand{Command: p.Command, User: p.User}
		if p.CommandState == "absent" {
			keys = vc.KeysCommand{}
		}
		w.Keys = &keys
	}
	if p.SCP != "" {
		on := p.SCP == "enabled"
		w.SCP, w.Forget = &on, p.RecordState == "absent"
	}
	return w
}

func describeChassis(s *device.Session) result {
	r := result{
		Result: s.Result(), HostName: s.HostName, ChassisID: s.ID, ChassisMode: s.Mode, Preprovisioned: s.Preprovisioned,
		FIPSMode: s.FIPS(), SCPConfigured: s.Settings.SCP, Command: s.Settings.Keys.Command, User: s.Settings.Keys.User,
		Prepared: device.ListPrepared(s.Settings.Record), Software: device.ListSoftware(s.Chassis),
	}
	if m, ok := s.Local(); ok {
		r.LocalMember = &m.ID
	}
	if r.FIPSMode == vc.FIPSOn || r.FIPSMode == vc.FIPSOff || r.FIPSMode == vc.FIPSPending {
		on := r.FIPSMode == vc.FIPSOn
		r.FIPS = &on
	}
	r.Transport, r.SCPReason = s.Transport()
	if r.Transport != vc.UnknownTransport {
		active := r.Transport == vc.SCP
		r.SCPActive = &active
	}
	if t := s.Trial; t != nil {
		r.Trial = &trialResult{User: t.User, Client: t.Client, Ours: t.IsOurs()}
		if !t.Reverts.IsZero() && phrase.HasKnownZone(t.Reverts) {
			r.Trial.RevertsAt = t.Reverts.UTC().Format(time.RFC3339)
		}
	}
	return r
}

func summarizeChassis(r result) string {
	members := phrase.Count(len(r.Members), "member")
	text := fmt.Sprintf("%s synchronize over %s (%s)", members, strings.ToUpper(string(r.Transport)), r.SCPReason)
	switch {
	case r.Transport == vc.UnknownTransport:
		text = fmt.Sprintf("how %s synchronize is unknown: %s", members, r.SCPReason)
	case len(r.Members) == 1:
		text = fmt.Sprintf("one member only; others would synchronize over %s (%s)", strings.ToUpper(string(r.Transport)), r.SCPReason)
	}
	if n := len(r.Problems); n == 1 {
		text += "; problem: " + r.Problems[0].String()
	} else if n > 1 {
		text += fmt.Sprintf("; %d problems, the first: %s", n, r.Problems[0].String())
	}
	if len(r.PendingSteps) > 0 {
		text += "; still to do: " + joinSteps(r.PendingSteps)
	}
	return text
}

// nameStrangers names the switches that came after the keys were made.
func nameStrangers(s *device.Session) (text string) {
	if len(s.Settings.Record) == 0 {
		return ""
	}
	for _, m := range s.Unprepared(s.Settings.Record) {
		text += fmt.Sprintf("; member %d (serial %s) is not the switch for which keys were made", m.ID, m.Serial)
		if was := s.Settings.Record[m.ID].Serial; was != "" {
			text += fmt.Sprintf(" (serial %s)", was)
		}
	}
	return text
}

// nameUnproved names the members whose keys no commit has shown to work.
func nameUnproved(s *device.Session) string {
	var ids []int
	for _, m := range s.Unproved(s.Settings.Record) {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return ""
	}
	return fmt.Sprintf("; no commit over SCP has been seen yet to reach %s with the new keys", vc.Named(ids))
}

func joinSteps(list []vc.Step) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
