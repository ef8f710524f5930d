// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"
)

const defaultConfirm = 10 * time.Minute

// commit serves <commit> and <commit-configuration>.
func (n *netconf) commit(op *etree.Element) reply {
	r, bad := commitOptions(op)
	if bad != nil {
		return *bad
	}
	return n.committed(n.s.commit(r), op.Tag)
}

// commitOptions reads the request. The timeout counts minutes in
// commit-configuration and seconds in the standard's commit.
func commitOptions(op *etree.Element) (commitRequest, *reply) {
	r := commitRequest{check: has(op, "check"), confirmed: has(op, "confirmed"), log: childText(op, "log"), timeout: defaultConfirm}
	if has(op, "at-time") {
		bad := failure(rpcError{Message: "commit at a later time is not supported", Bad: "at-time"})
		return r, &bad
	}
	unit, highest := time.Minute, 65535
	if op.Tag == "commit" {
		unit, highest = time.Second, 65535*60
	}
	if text := childText(op, "confirm-timeout"); text != "" {
		timeout, err := strconv.Atoi(text)
		if err != nil || timeout < 1 || timeout > highest {
			bad := failure(rpcError{Message: fmt.Sprintf("Value %s is not within range (1..%d)", text, highest), Bad: text})
			return r, &bad
		}
		r.timeout = time.Duration(timeout) * unit
	}
	return r, nil
}

// committed reports a commit in the form of the profile.
func (n *netconf) committed(result commitResult, tag string) reply {
	if result.refused != nil {
		return failure(*result.refused)
	}
	p := n.page()
	p.open("commit-results")
	p.errors(result.warnings)
	for _, m := range n.reported(result) {
		n.reportMember(p, m, result)
	}
	p.close("commit-results")
	_, flat := n.s.member.config().Get("system", "services", "netconf", "flatten-commit-results")
	switch {
	case result.failed:
		return reply{body: p.String()}
	case tag == "commit" && n.plain(result), n.rfc && flat:
		return reply{errors: result.warnings, ok: true}
	}
	return reply{body: p.String(), ok: true}
}

// plain: nothing but ok. Partial failures are always told.
func (n *netconf) plain(result commitResult) bool {
	for _, m := range result.members {
		if len(m.errors) > 0 {
			return false
		}
	}
	return n.s.ch.profile.CommitResults == "plain_ok"
}

// reported are the members that the reply names. Those that failed always are.
func (n *netconf) reported(result commitResult) []memberResult {
	var named []memberResult
	for i, m := range result.members {
		switch {
		case len(m.errors) > 0,
			n.s.ch.profile.CommitResults == "per_member",
			n.s.ch.profile.CommitResults == "primary_only" && i == 0:
			named = append(named, m)
		}
	}
	return named
}

func (n *netconf) reportMember(p *page, m memberResult, result commitResult) {
	p.open("routing-engine", "junos:style", n.s.ch.profile.CommitStyle)
	p.leaf("name", m.name)
	mark := "commit-success"
	if result.check {
		mark = "commit-check-success"
	}
	for _, e := range m.errors {
		if !result.failed {
			e.Severity = "warning" // this member failed, the commit did not
		}
		p.error(e)
	}
	switch {
	case len(m.errors) > 0:
	case result.failed:
		p.empty("commit-check-success") // it would have, but for another
	default:
		p.empty(mark)
	}
	if !result.check || n.s.ch.profile.CheckReply != "malformed" || result.failed {
		p.close("routing-engine")
	}
}

// validate is the standard's check of the candidate. Junos leaves an element
// open in its reply.
func (n *netconf) validate(op *etree.Element) reply {
	if !has(op, "source/candidate") && !has(op, "source/running") {
		return syntaxError("source")
	}
	result := n.s.commit(commitRequest{check: true})
	if result.refused != nil || result.failed {
		return n.committed(result, op.Tag)
	}
	p := n.page()
	p.errors(result.warnings)
	p.open("routing-engine", "junos:style", "show-name")
	p.leaf("name", n.s.member.name())
	p.empty("commit-check-success")
	if n.s.ch.profile.ValidateReply != "malformed" {
		p.close("routing-engine")
	}
	return reply{body: p.String(), ok: true}
}

// getCommits answers "show system commit".
func (n *netconf) getCommits(*etree.Element) reply {
	p := n.page()
	p.open("commit-information")
	for i, e := range get(n.s.member, func() []*commitEntry { return n.s.member.history }) {
		p.open("commit-history")
		p.leaf("sequence-number", itoa(i))
		n.made(p, e)
		p.close("commit-history")
	}
	p.close("commit-information")
	return reply{body: p.String()}
}

// made writes who made a commit, when, and what is said of it.
func (n *netconf) made(p *page, e *commitEntry) {
	p.leaf("user", e.user)
	p.leaf("client", e.client)
	p.leaf("date-time", stamp(e.at), "junos:seconds", fmt.Sprint(e.at.Unix()))
	n.s.ch.mu.Lock() // a confirmation may take the comment away
	comment := e.comment
	n.s.ch.mu.Unlock()
	p.optional("comment", comment)
	p.optional("log", e.log)
}

// getRevision answers "show system commit revision": the last commit has a name
// of member, second and count.
func (n *netconf) getRevision(op *etree.Element) reply {
	history := get(n.s.member, func() []*commitEntry { return n.s.member.history })
	if len(history) == 0 {
		return okReply()
	}
	last := history[0]
	p := n.page()
	p.open("commit-revision-information")
	p.leaf("revision", fmt.Sprintf("%s-%d-%d", n.s.member.name(), last.at.Unix(), len(history)))
	if has(op, "detail") || childText(op, "level") == "detail" {
		n.made(p, last)
	}
	p.close("commit-revision-information")
	return reply{body: p.String()}
}

// getDatabaseStatus names who is editing.
func (n *netconf) getDatabaseStatus(*etree.Element) reply {
	p := n.page()
	p.open("database-status-information")
	now := n.s.ch.lab.clock.Now()
	for _, s := range n.s.ch.editing(n.s.member) {
		p.open("database-status")
		p.leaf("user", s.user.Name)
		p.leaf("terminal", s.terminal)
		p.leaf("pid", itoa(s.id))
		p.leaf("start-time", stamp(s.since), "junos:seconds", fmt.Sprint(s.since.Unix()))
		n.s.ch.mu.Lock()
		idle := now.Sub(s.touched)
		exclusive := s.member.db.exclusive == s
		n.s.ch.mu.Unlock()
		p.leaf("idle-time", clockface(idle), "junos:seconds", fmt.Sprint(int(idle.Seconds())))
		if exclusive {
			p.empty("exclusive")
		}
		p.leaf("edit-path", "[edit]")
		p.close("database-status")
	}
	p.close("database-status-information")
	return reply{body: p.String()}
}

// editing lists the sessions that hold the lock, a private candidate, or
// uncommitted edits.
func (ch *Chassis) editing(m *Member) []*session {
	all := ch.loggedIn()
	ch.mu.Lock()
	defer ch.mu.Unlock()
	var busy []*session
	for _, s := range all {
		d := &s.member.db
		if s.member == m && (d.exclusive == s || s.private != nil || d.editor == s && d.candidate != nil) {
			busy = append(busy, s)
		}
	}
	return busy
}
