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

// Answers about a member, and about all of them.
const (
	syncYes     = "true"
	syncNo      = "false"
	syncUnknown = "unknown"
)

type result struct {
	device.Result
	InSync    string       `json:"in_sync" scrub:"never"`
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

// judgeSync gives every member its verdict, and the chassis the worst of them.
func (r *result) judgeSync() {
	r.InSync = syncYes
	for i := range r.Members {
		m := &r.Members[i]
		m.Transport, m.Sync = string(r.Transport), syncOf(*m)
		if m.Sync == syncNo || m.Sync == syncUnknown && r.InSync == syncYes {
			r.InSync = m.Sync
		}
	}
	if len(r.Members) == 0 {
		r.InSync = syncUnknown
	}
}

// membersWithSync lists the members with a verdict.
func (r *result) membersWithSync(sync string) (ids []int) {
	for _, m := range r.Members {
		if m.Sync == sync {
			ids = append(ids, m.MemberID)
		}
	}
	return ids
}

func (r *result) describeSync(probed bool) string {
	over := fmt.Sprintf("%s (%s)", strings.ToUpper(string(r.Transport)), r.Reason)
	silent := r.membersWithSync(syncUnknown)
	switch {
	case r.InSync == syncYes:
		return fmt.Sprintf("every member took the commit, over %s", over)
	case r.InSync == syncNo:
		return fmt.Sprintf("not in sync: %s; transport: %s", vc.Named(r.membersWithSync(syncNo)), over)
	case probed && len(silent) > 0:
		return fmt.Sprintf("the device did not say whether %s took the commit, so that is unknown; transport: %s", vc.Named(silent), over)
	}
	return fmt.Sprintf("whether the members are in sync is unknown: only a commit shows it (probe: true); transport: %s", over)
}

// syncOf needs the word of a commit: without one there is no proof.
func syncOf(m device.Member) string {
	switch {
	case m.Status != "Prsnt", m.Commit == "failed":
		return syncNo
	case m.Commit == "ok":
		return syncYes
	}
	return syncUnknown
}

// checkExpected fails where the chassis is provably not as it should be.
func (r *result) checkExpected(transport string) error {
	if transport == "" {
		return nil
	}
	if string(r.Transport) != transport {
		return fmt.Errorf("transport: want %s, have %s: %s", transport, r.Transport, r.Reason)
	}
	if i := slices.IndexFunc(r.Members, func(m device.Member) bool { return m.Sync == syncNo }); i >= 0 {
		return fmt.Errorf("member %d (serial %s) is not in sync: status %s", r.Members[i].MemberID, r.Members[i].SerialNumber, r.Members[i].Status)
	}
	return nil
}
