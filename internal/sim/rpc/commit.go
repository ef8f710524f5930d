// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"slices"
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
	p.quiet = !result.Failed && n.dropsWarnings("21.2R1")
	p.open("commit-results")
	p.writeErrors(errorsOf(result.Warnings))
	n.reportMembers(p, result)
	p.close("commit-results")
	_, flat := n.s.Member.InForce().Get("system", "services", "netconf", "flatten-commit-results")
	switch {
	case result.Failed:
		return reply{body: p.String()}
	case tag == "commit" && n.isPlain(result), n.rfc && flat:
		return reply{errors: errorsOf(result.Warnings), ok: true}
	}
	return reply{body: p.String(), ok: true}
}

// isPlain: nothing but ok. Partial failures are told, unless the switch is silent
// about them.
func (n *netconfSession) isPlain(result engine.CommitResult) bool {
	profile := n.s.Chassis.Profile
	return profile.CommitResults == "plain_ok" && (profile.MemberFailure == "silent" || !slices.ContainsFunc(result.Members, hasFailed))
}

func hasFailed(m engine.MemberResult) bool { return len(m.Errors) > 0 }

// reportMembers writes the members that the reply names, and what it says of those
// that failed beside them.
func (n *netconfSession) reportMembers(p *page, result engine.CommitResult) {
	place := n.s.Chassis.Profile.FailedEntry
	for i, m := range result.Members {
		if !result.Failed && hasFailed(m) && n.s.Chassis.Profile.MemberFailure == "silent" || !hasFailed(m) && !n.isReported(i, result) {
			continue
		}
		beside := i > 0 && hasFailed(m) && place != "inside"
		if beside {
			p.writeErrors(failuresOf(m, result))
			m.Errors = nil
		}
		if !beside || place == "bare" {
			n.reportMember(p, m, result, beside)
		}
	}
}

// isReported tells whether the reply names member number i, which did not fail.
func (n *netconfSession) isReported(i int, result engine.CommitResult) bool {
	switch n.s.Chassis.Profile.CommitResults {
	case "per_member":
		return true
	case "primary_only":
		return i == 0
	case "one_missing":
		return i == 0 || i < len(result.Members)-1
	}
	return false
}

// failuresOf are warnings where the commit itself did not fail.
func failuresOf(m engine.MemberResult, result engine.CommitResult) []rpcError {
	var errs []rpcError
	for _, e := range m.Errors {
		if !result.Failed {
			e.Severity = "warning"
		}
		errs = append(errs, errorOf(e))
	}
	return errs
}

// reportMember writes the entry of a member; a bare one does not say how it went.
func (n *netconfSession) reportMember(p *page, m engine.MemberResult, result engine.CommitResult, bare bool) {
	p.open("routing-engine", "junos:style", n.s.Chassis.Profile.CommitStyle)
	p.leaf("name", m.Name)
	p.writeErrors(failuresOf(m, result))
	switch {
	case bare, hasFailed(m):
	case result.Failed, result.Check: // it would have, but for another; or was not asked to
		p.empty("commit-check-success")
	default:
		p.empty("commit-success")
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
	p.quiet = n.dropsWarnings("21.2R1")
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
	p.pending = n.s.Chassis.Profile.PendingMark == "printed"
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
	if c.Pending && p.pending {
		p.leaf("commit-confirmed", "rollback pending")
	}
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
