// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcsynccheck is the module vc_sync_check: it says which members are
// in sync, and by which transport. It never claims more than it saw.
package vcsynccheck

import (
	"context"
	"fmt"
	"slices"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleSyncCheck, Run)

type params struct {
	ansible.Connection
	device.ChassisFIPS
	Probe   bool   `json:"probe" default:"false"`
	Expect  string `json:"expect" choices:"scp,rcp"`
	Comment string `json:"comment"`
}

// Validate refuses what cannot stand in a commit log.
func (p *params) Validate() error { return device.Comment(p.Comment) }

// Answers about a member, and about all of them.
const (
	yes     = "true"
	no      = "false"
	unknown = "unknown"
)

type result struct {
	device.Result
	InSync    string       `json:"in_sync"`
	Transport vc.Transport `json:"transport"`
	Reason    string       `json:"reason"`
}

// Run reads, and with probe commits.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	s, err := device.Begin(ctx, task, p.Connection, p.ChassisFIPS)
	if err != nil {
		return result{}, err
	}
	defer s.Close()
	r := result{Result: s.Result()}
	if p.Probe {
		r.Result, _, err = s.Carry(ctx, device.Work{Plan: vc.PlanProbe, Commit: ansible.Commit{Comment: p.Comment}})
	}
	r.Transport, r.Reason = s.Transport()
	r.judge()
	if err != nil {
		return r, err
	}
	r.Msg = fmt.Sprintf("in sync: %s; transport: %s (%s)", r.InSync, r.Transport, r.Reason)
	return r, r.expected(p.Expect)
}

// judge gives every member its verdict, and the chassis the worst of them.
func (r *result) judge() {
	r.InSync = yes
	for i := range r.Members {
		m := &r.Members[i]
		m.Transport, m.Sync = string(r.Transport), verdict(*m)
		if m.Sync == no || m.Sync == unknown && r.InSync == yes {
			r.InSync = m.Sync
		}
	}
	if len(r.Members) == 0 {
		r.InSync = unknown
	}
}

// verdict needs the word of a commit: without one there is no proof.
func verdict(m device.Member) string {
	switch {
	case m.Status != "Prsnt", m.Commit == "failed":
		return no
	case m.Commit == "ok":
		return yes
	}
	return unknown
}

// expected fails where the chassis is provably not as it should be.
func (r *result) expected(transport string) error {
	if transport == "" {
		return nil
	}
	if string(r.Transport) != transport {
		return fmt.Errorf("transport: want %s, have %s: %s", transport, r.Transport, r.Reason)
	}
	if i := slices.IndexFunc(r.Members, func(m device.Member) bool { return m.Sync == no }); i >= 0 {
		return fmt.Errorf("member %d (serial %s) is not in sync: status %s", r.Members[i].MemberID, r.Members[i].SerialNumber, r.Members[i].Status)
	}
	return nil
}
