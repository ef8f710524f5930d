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
		return r, r.advised(err)
	}
	r.Msg = r.message(p.Probe && !task.Check)
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

// of lists the members with a verdict.
func (r *result) of(sync string) (ids []int) {
	for _, m := range r.Members {
		if m.Sync == sync {
			ids = append(ids, m.MemberID)
		}
	}
	return ids
}

func (r *result) message(probed bool) string {
	over := fmt.Sprintf("%s (%s)", strings.ToUpper(string(r.Transport)), r.Reason)
	silent := r.of(unknown)
	switch {
	case r.InSync == yes:
		return fmt.Sprintf("every member took the commit, over %s", over)
	case r.InSync == no:
		return fmt.Sprintf("not in sync: %s; transport: %s", vc.Named(r.of(no)), over)
	case probed && len(silent) > 0:
		return fmt.Sprintf("the device did not say whether %s took the commit, so that is unknown; transport: %s", vc.Named(silent), over)
	}
	return fmt.Sprintf("whether the members are in sync is unknown: only a commit shows it (probe: true); transport: %s", over)
}

// advised says what a member needs that did not take the probe.
func (r *result) advised(err error) error {
	var failed []int
	for _, m := range r.Members {
		if m.Commit == "failed" {
			failed = append(failed, m.MemberID)
		}
	}
	if len(failed) == 0 {
		return err
	}
	advice := "look at its links, its disk and its log"
	if r.Transport == vc.SCP {
		advice += "; " + vc.AdviceOnSCP()
	}
	return &behind{err, fmt.Sprintf("%s did not take the commit over %s: %s", vc.Named(failed), strings.ToUpper(string(r.Transport)), advice)}
}

// behind is a probe that a member did not take.
type behind struct {
	error
	hint string
}

func (b *behind) Unwrap() error { return b.error }

// Hint says what to do.
func (b *behind) Hint() string { return b.hint }

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
