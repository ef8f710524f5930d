// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

const defaultConfirm = 10 * time.Minute

// commitCandidate serves <commit> and <commit-configuration>.
func (n *netconfSession) commitCandidate(op *etree.Element) reply {
	r, bad := commitOptions(op)
	if bad != nil {
		return *bad
	}
	return n.reportCommit(n.s.Commit(r), op.Tag)
}

// commitOptions reads the request. The timeout counts minutes in
// commit-configuration and seconds in the standard's commit.
func commitOptions(op *etree.Element) (engine.CommitRequest, *reply) {
	r := engine.CommitRequest{Check: hasElement(op, "check"), Confirmed: hasElement(op, "confirmed"), Log: childText(op, "log"), Timeout: defaultConfirm}
	if hasElement(op, "at-time") {
		bad := errorReply(rpcError{Message: "commit at a later time is not supported", Bad: "at-time"})
		return r, &bad
	}
	unit, highest := time.Minute, 65535
	if op.Tag == "commit" {
		unit, highest = time.Second, 65535*60
	}
	if text := childText(op, "confirm-timeout"); text != "" {
		timeout, err := strconv.Atoi(text)
		if err != nil || timeout < 1 || timeout > highest {
			bad := errorReply(rpcError{Message: fmt.Sprintf("Value %s is not within range (1..%d)", text, highest), Bad: text})
			return r, &bad
		}
		r.Timeout = time.Duration(timeout) * unit
	}
	return r, nil
}

// reportCommit reports a commit in the form of the profile.
func (n *netconfSession) reportCommit(result engine.CommitResult, tag string) reply {
	if result.Refused != nil {
		return refusedReply(*result.Refused)
	}
	p := n.newPage()
	p.open("commit-results")
	p.writeErrors(errorsOf(result.Warnings))
	for _, m := range n.membersReported(result) {
		n.reportMember(p, m, result)
	}
	p.close("commit-results")
	_, flat := n.s.Member.ActiveTree().Get("system", "services", "netconf", "flatten-commit-results")
	switch {
	case result.Failed:
		return reply{body: p.String()}
	case tag == "commit" && n.isPlain(result), n.rfc && flat:
		return reply{errors: errorsOf(result.Warnings), ok: true}
	}
	return reply{body: p.String(), ok: true}
}

// plain: nothing but ok. Partial failures are always told.
func (n *netconfSession) isPlain(result engine.CommitResult) bool {
	for _, m := range result.Members {
		if len(m.Errors) > 0 {
			return false
		}
	}
	return n.s.Chassis.Profile.CommitResults == "plain_ok"
}

// membersReported are the members that the reply names. Those that failed always are.
func (n *netconfSession) membersReported(result engine.CommitResult) []engine.MemberResult {
	var named []engine.MemberResult
	for i, m := range result.Members {
		switch {
		case len(m.Errors) > 0,
			n.s.Chassis.Profile.CommitResults == "per_member",
			n.s.Chassis.Profile.CommitResults == "primary_only" && i == 0:
			named = append(named, m)
		}
	}
	return named
}

func (n *netconfSession) reportMember(p *page, m engine.MemberResult, result engine.CommitResult) {
	p.open("routing-engine", "junos:style", n.s.Chassis.Profile.CommitStyle)
	p.leaf("name", m.Name)
	mark := "commit-success"
	if result.Check {
		mark = "commit-check-success"
	}
	for _, e := range m.Errors {
		if !result.Failed {
			e.Severity = "warning" // this member failed, the commit did not
		}
		p.writeError(errorOf(e))
	}
	switch {
	case len(m.Errors) > 0:
	case result.Failed:
		p.empty("commit-check-success") // it would have, but for another
	default:
		p.empty(mark)
	}
	if !result.Check || n.s.Chassis.Profile.CheckReply != "malformed" || result.Failed {
		p.close("routing-engine")
	}
}

// validateConfig is the standard's check of the candidate. Junos leaves an element
// open in its reply.
func (n *netconfSession) validateConfig(op *etree.Element) reply {
	if !hasElement(op, "source/candidate") && !hasElement(op, "source/running") {
		return syntaxError("source")
	}
	result := n.s.Commit(engine.CommitRequest{Check: true})
	if result.Refused != nil || result.Failed {
		return n.reportCommit(result, op.Tag)
	}
	p := n.newPage()
	p.writeErrors(errorsOf(result.Warnings))
	p.open("routing-engine", "junos:style", "show-name")
	p.leaf("name", n.s.Member.Name())
	p.empty("commit-check-success")
	if n.s.Chassis.Profile.ValidateReply != "malformed" {
		p.close("routing-engine")
	}
	return reply{body: p.String(), ok: true}
}

// getCommits answers "show system commit".
func (n *netconfSession) getCommits(*etree.Element) reply {
	p := n.newPage()
	p.open("commit-information")
	for i, c := range n.s.Member.Commits() {
		p.open("commit-history")
		p.leaf("sequence-number", itoa(i))
		p.writeCommit(c)
		p.close("commit-history")
	}
	p.close("commit-information")
	return reply{body: p.String()}
}

// writeCommit writes who made a commit, when, and what is said of it.
func (p *page) writeCommit(c engine.CommitState) {
	p.leaf("user", c.User)
	p.leaf("client", c.Client)
	p.leaf("date-time", engine.Stamp(c.Time), "junos:seconds", fmt.Sprint(c.Time.Unix()))
	p.optionalLeaf("comment", c.Comment)
	p.optionalLeaf("log", c.Log)
}

// getRevision answers "show system commit revision": the last commit has a name
// of member, second and count.
func (n *netconfSession) getRevision(op *etree.Element) reply {
	commits := n.s.Member.Commits()
	if len(commits) == 0 {
		return okReply()
	}
	p := n.newPage()
	p.open("commit-revision-information")
	p.leaf("revision", fmt.Sprintf("%s-%d-%d", n.s.Member.Name(), commits[0].Time.Unix(), len(commits)))
	if hasElement(op, "detail") || childText(op, "level") == "detail" {
		p.writeCommit(commits[0])
	}
	p.close("commit-revision-information")
	return reply{body: p.String()}
}

// getDatabaseStatus names who is editing.
func (n *netconfSession) getDatabaseStatus(*etree.Element) reply {
	p := n.newPage()
	p.open("database-status-information")
	for _, e := range n.s.Member.Editors() {
		p.open("database-status")
		p.leaf("user", e.User)
		p.leaf("terminal", e.Terminal)
		p.leaf("pid", itoa(e.ID))
		p.leaf("start-time", engine.Stamp(e.Since), "junos:seconds", fmt.Sprint(e.Since.Unix()))
		p.leaf("idle-time", engine.Clockface(e.Idle), "junos:seconds", fmt.Sprint(int(e.Idle.Seconds())))
		if e.Exclusive {
			p.empty("exclusive")
		}
		p.leaf("edit-path", "[edit]")
		p.close("database-status")
	}
	p.close("database-status-information")
	return reply{body: p.String()}
}
