// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcsynccheck is the module vc_sync_check: it says which members are
// in sync, and by which transport. It never claims more than it saw.
package vcsynccheck

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New(vc.ModuleSyncCheck, Run)

type params struct {
	device.Connection
	device.ChassisFIPS
	Probe   bool   `json:"probe" default:"false"`
	Expect  string `json:"expect" choices:"scp,rcp"`
	Comment string `json:"comment"`
}

// Validate refuses what cannot stand in a commit log.
func (p *params) Validate() error { return device.CheckComment(p.Comment) }

type result struct {
	device.Result
	InSync    *bool        `json:"in_sync"` // null: unknown
	Transport vc.Transport `json:"transport" scrub:"never"`
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
		r.Result, _, err = s.CarryOut(ctx, device.Work{Plan: vc.PlanProbe, Commit: device.Commit{Comment: p.Comment}})
	}
	r.Transport, r.Reason = s.Transport()
	r.judgeSync()
	if err != nil {
		return r, err
	}
	r.Msg = r.describeSync(p.Probe && !task.Check)
	return r, r.checkExpected(p.Expect)
}

// judgeSync gives every member its verdict, and the chassis the worst of them: not in
// sync, unknown, in sync.
func (r *result) judgeSync() {
	for i := range r.Members {
		m := &r.Members[i]
		m.Transport, m.Sync = string(r.Transport), &device.Answer{Yes: syncOf(*m)}
	}
	no, unknown := r.membersWithSync(isNo), r.membersWithSync(isUnknown)
	if len(no) > 0 || len(r.Members) > 0 && len(unknown) == 0 {
		yes := len(no) == 0
		r.InSync = &yes
	}
}

func isNo(yes *bool) bool      { return yes != nil && !*yes }
func isUnknown(yes *bool) bool { return yes == nil }

// membersWithSync lists the members with a verdict.
func (r *result) membersWithSync(has func(*bool) bool) (ids []int) {
	for _, m := range r.Members {
		if has(m.Sync.Yes) {
			ids = append(ids, m.MemberID)
		}
	}
	return ids
}

func (r *result) describeSync(probed bool) string {
	over := fmt.Sprintf("%s (%s)", strings.ToUpper(string(r.Transport)), r.Reason)
	silent := r.membersWithSync(isUnknown)
	switch {
	case r.InSync != nil && *r.InSync:
		return fmt.Sprintf("every member applied the commit, over %s", over)
	case r.InSync != nil:
		return fmt.Sprintf("not in sync: %s; transport: %s", vc.Named(r.membersWithSync(isNo)), over)
	case probed && len(silent) > 0:
		return fmt.Sprintf("the device did not report whether %s applied the commit, so that is unknown; transport: %s", vc.Named(silent), over)
	}
	return fmt.Sprintf("whether the members are in sync is unknown: only a commit shows it (probe: true); transport: %s", over)
}

// syncOf needs the word of a commit: without one there is no proof.
func syncOf(m device.Member) *bool {
	yes := m.Commit == "ok"
	switch {
	case m.Status != "Prsnt", m.Commit == "failed":
		yes = false
	case !yes:
		return nil
	}
	return &yes
}

// checkExpected fails where the chassis is provably not as it should be.
func (r *result) checkExpected(transport string) error {
	if transport == "" {
		return nil
	}
	if string(r.Transport) != transport {
		return &unexpectedError{"other_transport", fmt.Sprintf("transport: want %s, have %s: %s", transport, r.Transport, r.Reason)}
	}
	if i := slices.IndexFunc(r.Members, func(m device.Member) bool { return isNo(m.Sync.Yes) }); i >= 0 {
		m := r.Members[i]
		return &unexpectedError{"not_in_sync", fmt.Sprintf("member %d (serial %s) is not in sync: status %s", m.MemberID, m.SerialNumber, m.Status)}
	}
	return nil
}

// unexpectedError is a chassis that is provably not as it should be.
type unexpectedError struct{ code, text string }

func (u *unexpectedError) Error() string { return u.text }

// Code names the kind of the error for programs.
func (u *unexpectedError) Code() string { return u.code }
