// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Minutes is the unit of confirm-timeout in <commit-configuration>. The
// standard's <commit> counts seconds: a number meant for one must not reach
// the other.
type Minutes int

// CommitOptions say which commit is meant. Zero is a plain one.
type CommitOptions struct {
	Log           string  // for the commit history; required where force-commit-log is set
	ConfirmWithin Minutes // roll back after this time unless confirmed; 0: do not
	Check         bool    // validate only. It confirms a pending trial, whoever made it
}

// MemberCommit is what a commit's reply said of one member.
type MemberCommit struct {
	Engine  string // the device's name for it
	ID      int    // the member's id
	Named   bool   // ID is set
	Local   bool   // no ID is set, and the member that answered is meant: "localre", or the only one
	Success bool
}

// CommitResult is the reply to a commit.
type CommitResult struct {
	Members  []MemberCommit // may be empty: not every reply lists them; a member may be listed twice
	Messages []Message      // errors and warnings
}

// Reply is the result in the words of package vc, which judges it.
func (c CommitResult) Reply() vc.CommitReply {
	var reply vc.CommitReply
	for _, m := range c.Members {
		e := vc.EngineReply{Name: m.Engine, Local: m.Local, Success: m.Success}
		if m.Named {
			e.MemberID = &m.ID
		}
		reply.Engines = append(reply.Engines, e)
	}
	for _, m := range c.Messages {
		reply.Notices = append(reply.Notices, m.notice(len(c.Members) > 0))
	}
	return reply
}

// notice is a message as evidence. Where engines speak for themselves, only words of
// a transfer that failed weigh against one; others may be about anything.
func (m Message) notice(hasEngines bool) vc.Notice {
	meaning, cause := MeaningOf(m.Message)
	switch cause {
	case CauseCommand, CausePermission, CauseOther:
		if hasEngines {
			meaning = vc.UnknownMeaning
		}
	}
	ids := m.NamedMembers()
	if m.Member != nil && !slices.Contains(ids, *m.Member) {
		ids = append(ids, *m.Member)
	}
	return vc.Notice{Text: m.String(), IsError: m.Severity != "warning", MemberIDs: ids, OfOthers: m.speaksOfOthers(), Meaning: meaning}
}

// Commit activates the candidate. A *RejectedError means that the device
// said no; when IsLinkLost(err), nobody knows and the device must be read again.
func (d *Device) Commit(ctx context.Context, o CommitOptions) (CommitResult, error) {
	op := newElement("commit-configuration")
	if o.Check {
		op.AddChild(newElement("check"))
	}
	if o.ConfirmWithin > 0 {
		op.AddChild(newElement("confirmed"))
		op.AddChild(newTextElement("confirm-timeout", strconv.Itoa(int(o.ConfirmWithin))))
	}
	if o.Log != "" && !o.Check {
		op.AddChild(newTextElement("log", o.Log))
	}
	reply, spoken, err := d.callWrite(ctx, op, d.opts.CommitTimeout)
	name := "commit"
	if o.Check {
		name = "commit check"
	}
	result := commitResult(reply, o.Check)
	result.Messages = append(result.Messages, spoken...)
	if err == nil && !reply.OK && !d.hasReported(result) {
		return result, refuseSuccess(name, false, spoken)
	}
	return result, rejectedBy(name, reply, err)
}

// hasReported says that the engine which answers has reported success, or one that may
// be it: another member does not speak for it.
func (d *Device) hasReported(result CommitResult) bool {
	return slices.ContainsFunc(result.Members, func(m MemberCommit) bool {
		of := d.lastSeen().findMember(m.Engine)
		return m.Success && (of == nil || of.Local)
	})
}

// commitResult reads the routing-engine entries wherever they stand. One with
// an error below it, or without a word of success, did not succeed. One that
// was only checked when a commit was asked for tells nothing of the commit.
func commitResult(reply *netconf.Reply, check bool) CommitResult {
	var result CommitResult
	if reply == nil {
		return result
	}
	result.Messages = append(errorsOf(reply), warningsOf(reply)...)
	doc, err := reply.Document()
	if err != nil {
		return result
	}
	engines := enginesIn(doc)
	for _, re := range engines {
		m := MemberCommit{Engine: engineOf(re)}
		m.ID, m.Named = memberID(m.Engine)
		m.Local = !m.Named && (isLocalEngine(m.Engine) || len(engines) == 1)
		committed, checked := hasSucceeded(re), re.FindElement("commit-check-success") != nil
		m.Success = (committed || checked && check) && !hasErrorBelow(re)
		if m.Success || !checked || hasErrorBelow(re) {
			result.Members = append(result.Members, m)
		}
	}
	return result
}

// enginesIn are the parts of a reply that engines have for themselves: their entries,
// and where Junos wraps the answers of members those without an entry.
func enginesIn(doc *etree.Document) []*etree.Element {
	engines := doc.FindElements("//routing-engine")
	for _, item := range doc.FindElements("//multi-routing-engine-item") {
		if item.FindElement(".//routing-engine") == nil {
			engines = append(engines, item)
		}
	}
	return engines
}

// hasSucceeded looks for the word of success of one engine. In the answer of a member
// that is wrapped, <ok/> is one.
func hasSucceeded(re *etree.Element) bool {
	paths := []string{"commit-success"}
	if re.Tag == "multi-routing-engine-item" {
		paths = []string{"commit-success", "commit-results/commit-success", "ok", "commit-results/ok"}
	}
	return slices.ContainsFunc(paths, func(path string) bool { return re.FindElement(path) != nil })
}

func hasErrorBelow(re *etree.Element) bool {
	for _, e := range re.FindElements(".//rpc-error") {
		if contentAt(e, "error-severity") != "warning" {
			return true
		}
	}
	return false
}
