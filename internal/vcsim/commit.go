// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// commitRequest is what a client asked for.
type commitRequest struct {
	check     bool
	confirmed bool
	timeout   time.Duration
	log       string
}

// commitEntry is one line of the commit history.
type commitEntry struct {
	tree    *conf.Tree
	at      time.Time
	user    string
	client  string
	comment string
	log     string
}

// memberResult is what one member made of a commit.
type memberResult struct {
	name   string
	errors []rpcError
}

// commitResult is what a commit came to. refused is set when it did not start;
// errors name statements and belong to the member that checked them.
type commitResult struct {
	refused  *rpcError
	warnings []rpcError
	members  []memberResult
	check    bool
	failed   bool
}

// SyncReport tells how the last configuration travelled.
type SyncReport struct {
	Time      time.Time         `json:"time"`
	Transport string            `json:"transport"`
	Reason    string            `json:"reason"` // commit, rollback, join
	Members   map[string]string `json:"members"`
}

// commit checks the session's candidate, carries it to all present members and
// makes it active there. When one fails nothing is activated anywhere.
func (s *session) commit(r commitRequest) commitResult {
	s.ch.turnstile.Lock()
	defer s.ch.turnstile.Unlock()
	tree, refused := s.commitTree()
	if refused != nil {
		return commitResult{refused: refused}
	}
	result := s.check(tree, r)
	if result.failed {
		return result
	}
	if r.check {
		s.confirmByCheck()
		return result
	}
	return s.apply(tree, r, result)
}

func (s *session) commitTree() (*conf.Tree, *rpcError) {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	if s.ended {
		return nil, &rpcError{Message: "session ended"}
	}
	if err := s.guard(); err != nil {
		return nil, err
	}
	return s.merged(), nil
}

// check is the part of a commit that "commit check" does too.
func (s *session) check(tree *conf.Tree, r commitRequest) commitResult {
	result := commitResult{check: r.check}
	local := memberResult{name: s.member.name()}
	for _, p := range conf.Check(tree, s.member.checks()) {
		e := rpcError{Type: "application", Tag: "invalid-value", Severity: p.Severity, Path: p.Path, Message: p.Message, Bad: p.BadElement}
		if p.Severity == conf.SeverityWarning {
			result.warnings = append(result.warnings, e)
			continue
		}
		result.failed = true
		e.Message = "mgd: " + e.Message
		end := rpcError{Message: fmt.Sprintf("\n%s: (%s)\n", commitFailed(r.check), p.Reason)}
		local.errors = append(local.errors[:max(0, len(local.errors)-1)], e, end)
	}
	result.members = append(result.members, local)
	if !result.failed && !r.check {
		result.refused = needsLog(tree, r)
		result.failed = result.refused != nil
	}
	return result
}

// checks tells conf how this switch runs.
func (m *Member) checks() conf.CheckOptions {
	active := m.config()
	_, root := active.Get("system", "root-authentication")
	o := conf.CheckOptions{NeedRoot: root}
	if m.fips() {
		o.FIPSLevel = active.FIPSLevel()
	}
	return o
}

func commitFailed(check bool) string {
	if check {
		return "configuration check-out failed"
	}
	return "commit failed"
}

func needsLog(tree *conf.Tree, r commitRequest) *rpcError {
	if _, forced := tree.Get("system", "commit", "force-commit-log"); forced && r.log == "" {
		return &rpcError{Message: "commit log is mandatory: use 'commit comment'"}
	}
	return nil
}

// apply carries a checked configuration to the members and activates it.
func (s *session) apply(tree *conf.Tree, r commitRequest, result commitResult) commitResult {
	before := s.member.config()
	governing := before
	if s.ch.profile.TransportSwitch == "after" {
		governing = tree
	}
	if d, _ := time.ParseDuration(s.ch.profile.CommitDelay); d > 0 {
		s.wait(d)
	}
	others := s.ch.synchronize(s.member, tree, s.ch.transport(s.member, governing), "commit")
	failed := false
	for _, m := range others {
		failed = failed || len(m.errors) > 0
	}
	result.members = append(result.members, others...)
	if failed && s.ch.profile.MemberFailure == "error" {
		s.ch.unstage()
		result.failed = true
		return result
	}
	s.activate(tree, before, r)
	return result
}

// wait lasts until the time is over or the lab's end cuts the session.
func (s *session) wait(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ch.lab.closing:
	}
}

// activate makes the tree active on all members that have it, and settles what
// is pending.
func (s *session) activate(tree, before *conf.Tree, r commitRequest) {
	s.ch.mu.Lock()
	defer s.ch.mu.Unlock()
	entry := &commitEntry{tree: tree, at: s.ch.lab.clock.Now(), user: s.user.Name, client: s.client, log: r.log}
	if r.confirmed {
		minutes := int((r.timeout + time.Minute - 1) / time.Minute)
		entry.comment = fmt.Sprintf("commit confirmed, rollback in %dmins", minutes)
	}
	s.ch.activateStaged(s.member, tree, entry)
	if s.private != nil {
		s.private = &private{tree: tree}
	} else {
		s.member.db.candidate = nil
	}
	s.ch.settle(s, before, entry, r)
}

// synchronize sends a configuration from a member to all others that are
// present, and stages it there.
func (ch *Chassis) synchronize(from *Member, tree *conf.Tree, transport, reason string) []memberResult {
	if from.standalone() || !from.isPrimary() {
		return nil
	}
	report := &SyncReport{Time: ch.lab.clock.Now(), Transport: transport, Reason: reason, Members: map[string]string{}}
	var results []memberResult
	text := tree.Text()
	for _, to := range ch.present() {
		if to == from {
			continue
		}
		result := memberResult{name: to.name()}
		report.Members[to.name()] = "ok"
		if err := ch.carry(from, to, tree, text, transport); err != nil {
			result.errors = []rpcError{{Message: fmt.Sprintf("\n"+ch.profile.MemberFailureText+"\n", to.name(), err)}}
			report.Members[to.name()] = err.Error()
			to.markUnsynced(err)
		}
		results = append(results, result)
	}
	ch.mu.Lock()
	ch.sync = report
	ch.mu.Unlock()
	return results
}

// carry transfers configuration and foreign files to one member and stages it.
func (ch *Chassis) carry(from, to *Member, tree *conf.Tree, text, transport string) error {
	files := []file{{configPath, []byte(text)}}
	for path := range ch.spec.ForeignFiles {
		if data, ok := from.readFile(path); ok {
			files = append(files, file{path, data})
		}
	}
	if err := ch.push(from, to, transport, files); err != nil {
		return err
	}
	if ch.lab.faults.member(to, faultCommit) {
		return fmt.Errorf("commit failed")
	}
	return to.stage(tree, text)
}

// activateStaged activates the tree on the committing member and on those that
// have it staged.
func (ch *Chassis) activateStaged(from *Member, tree *conf.Tree, entry *commitEntry) {
	from.setConfig(tree, entry)
	for _, m := range ch.members {
		if staged := get(m, func() *conf.Tree { return m.staged }); staged != nil && m != from {
			m.setConfig(staged, entry)
		}
	}
}

// unstage forgets what was staged; members that failed keep being in sync with
// what stays active, unless they were not before.
func (ch *Chassis) unstage() {
	active := ch.primaryMember().config()
	for _, m := range ch.members {
		m.mu.Lock()
		m.staged = nil
		if m.active.Equal(active) {
			m.unsynced = ""
		}
		m.mu.Unlock()
	}
}

func (m *Member) markUnsynced(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unsynced = err.Error()
}
