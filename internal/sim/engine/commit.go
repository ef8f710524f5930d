// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// CommitRequest is what a client asked for.
type CommitRequest struct {
	Check     bool
	Confirmed bool
	Timeout   time.Duration
	Log       string
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

// MemberResult is what one member made of a commit.
type MemberResult struct {
	Name   string
	Errors []Refusal
}

// CommitResult is what a commit came to. Refused is set when it did not start;
// Errors of a member name statements and belong to the member that checked them.
type CommitResult struct {
	Refused  *Refusal
	Warnings []Refusal
	Members  []MemberResult
	Check    bool
	Failed   bool
}

// SyncReport tells how the last configuration travelled.
type SyncReport struct {
	Time      time.Time         `json:"time"`
	Transport string            `json:"transport"`
	Reason    string            `json:"reason"` // commit, rollback, join
	Members   map[string]string `json:"members"`
}

// Commit checks the session's candidate, carries it to all present members and
// makes it active there. When one fails nothing is activated anywhere.
func (s *Session) Commit(r CommitRequest) CommitResult {
	s.Chassis.turnstile.Lock()
	defer s.Chassis.turnstile.Unlock()
	tree, refused := s.commitTree()
	if refused != nil {
		return CommitResult{Refused: refused}
	}
	result := s.checkCommit(tree, r)
	if result.Failed {
		return result
	}
	if r.Check {
		s.confirmByCheck()
		return result
	}
	return s.applyCommit(tree, r, result)
}

func (s *Session) commitTree() (*conf.Tree, *Refusal) {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	if err := s.guardEdit(); err != nil {
		return nil, err
	}
	tree := s.mergedTree().Clone()
	completeTree(tree, s.Member.Release())
	return tree, nil
}

// completeTree adds what a switch writes into its configuration by itself: the release that committed it, and the ids of
// users that have none.
func completeTree(tree *conf.Tree, release string) {
	var missing strings.Builder
	if have, _ := tree.Get("version"); have != release {
		missing.WriteString("set version " + release + "\n")
	}
	var taken []string
	users := tree.List("system", "login", "user")
	for _, u := range users {
		uid, _ := tree.Get("system", "login", "user", u, "uid")
		taken = append(taken, uid)
	}
	next := 2000
	for i, u := range users {
		for taken[i] == "" && slices.Contains(taken, strconv.Itoa(next)) {
			next++
		}
		if taken[i] == "" {
			taken[i] = strconv.Itoa(next)
			missing.WriteString("set " + conf.QuotePath([]string{"system", "login", "user", u, "uid", taken[i]}) + "\n")
		}
	}
	if missing.Len() > 0 {
		tree.Load(conf.ActionSet, conf.FormatSet, missing.String())
	}
}

// checkCommit is the part of a commit that "commit check" does too.
func (s *Session) checkCommit(tree *conf.Tree, r CommitRequest) CommitResult {
	result := CommitResult{Check: r.Check}
	local := MemberResult{Name: s.Member.Name()}
	for _, p := range conf.Check(tree, s.Member.checkOptions()) {
		e := Refusal{By: ByCheck, Severity: p.Severity, Path: p.Path, Message: p.Message, Bad: p.BadElement}
		if p.Severity == conf.SeverityWarning {
			result.Warnings = append(result.Warnings, e)
			continue
		}
		result.Failed = true
		e.Message = "mgd: " + e.Message
		end := Refusal{Message: fmt.Sprintf("\n%s: (%s)\n", commitFailed(r.Check), p.Reason)}
		local.Errors = append(local.Errors[:max(0, len(local.Errors)-1)], e, end)
	}
	result.Members = append(result.Members, local)
	if !result.Failed && !r.Check {
		result.Refused = needsLog(tree, r)
		result.Failed = result.Refused != nil
	}
	return result
}

// checkOptions tells conf how this switch runs.
func (m *Member) checkOptions() conf.CheckOptions {
	active := m.ActiveTree()
	_, root := active.Get("system", "root-authentication")
	o := conf.CheckOptions{At: m.Place(), NeedRoot: root}
	if m.InFIPSMode() {
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

func needsLog(tree *conf.Tree, r CommitRequest) *Refusal {
	if _, forced := tree.Get("system", "commit", "force-commit-log"); forced && r.Log == "" {
		return &Refusal{Message: "commit log is mandatory: use 'commit comment'"}
	}
	return nil
}

// applyCommit carries a checked configuration to the members and activates it.
func (s *Session) applyCommit(tree *conf.Tree, r CommitRequest, result CommitResult) CommitResult {
	before := s.Member.ActiveTree()
	governing := before
	if s.Chassis.Profile.TransportSwitch == "after" {
		governing = tree
	}
	if d, _ := time.ParseDuration(s.Chassis.Profile.CommitDelay); d > 0 {
		s.waitFor(d)
	}
	if text := s.Chassis.Profile.CommitWarning; text != "none" {
		result.Warnings = append(result.Warnings, Refusal{Severity: "warning", Message: "\n" + s.Chassis.nameMember(text) + "\n"})
	}
	others := s.Chassis.synchronizeAll(s.Member, tree, s.Chassis.transportOf(s.Member, governing), "commit")
	failed := false
	for _, m := range others {
		failed = failed || len(m.Errors) > 0
	}
	result.Members = append(result.Members, others...)
	if failed && s.Chassis.Profile.MemberFailure == "error" {
		s.Chassis.forgetStaged()
		result.Failed = true
		return result
	}
	s.activateCommit(tree, before, r)
	return result
}

// waitFor lasts until the time is over or the lab's end cuts the session.
func (s *Session) waitFor(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.Chassis.lab.closing:
	}
}

// activateCommit makes the tree active on all members that have it, and settles what
// is pending.
func (s *Session) activateCommit(tree, before *conf.Tree, r CommitRequest) {
	s.Chassis.mu.Lock()
	defer s.Chassis.mu.Unlock()
	entry := &commitEntry{tree: tree, at: s.Chassis.lab.clock.Now(), user: s.User.Name, client: s.Client, log: r.Log}
	if r.Confirmed {
		minutes := int((r.Timeout + time.Minute - 1) / time.Minute)
		entry.comment = fmt.Sprintf("commit confirmed, rollback in %dmins", minutes)
	}
	s.Chassis.activateStaged(s.Member, tree, entry)
	if s.private != nil {
		s.private = &private{tree: tree}
	} else {
		s.Member.db.candidate = nil
	}
	s.Chassis.settleTrial(s, before, entry, r)
}

// synchronizeAll sends a configuration from a member to all others that are
// present, and stages it there.
func (ch *Chassis) synchronizeAll(from *Member, tree *conf.Tree, transport, reason string) []MemberResult {
	if from.IsStandalone() || !from.IsPrimary() {
		return nil
	}
	report := &SyncReport{Time: ch.lab.clock.Now(), Transport: transport, Reason: reason, Members: map[string]string{}}
	var results []MemberResult
	text := tree.Text()
	for _, to := range ch.Present() {
		if to == from {
			continue
		}
		result := MemberResult{Name: to.Name()}
		report.Members[to.Name()] = "ok"
		if err := ch.carryTo(from, to, tree, text, transport); err != nil {
			result.Errors = []Refusal{{Message: "\n" + ch.failureText(to, err) + "\n"}}
			report.Members[to.Name()] = err.Error()
			to.markUnsynced(err)
		}
		results = append(results, result)
	}
	ch.mu.Lock()
	ch.sync = report
	ch.mu.Unlock()
	return results
}

// carryTo transfers configuration and foreign files to one member and stages it.
func (ch *Chassis) carryTo(from, to *Member, tree *conf.Tree, text, transport string) error {
	if _, struck := ch.lab.faults.strikeMember(to, FaultLock); struck {
		return wholeError("remote lock-configuration failed on " + to.Name())
	}
	files := []file{{configPath, []byte(text)}}
	for path := range ch.spec.ForeignFiles {
		if data, ok := from.readFile(path); ok {
			files = append(files, file{path, data})
		}
	}
	if err := ch.pushFiles(from, to, transport, files); err != nil {
		return err
	}
	if f, struck := ch.lab.faults.strikeMember(to, FaultCommit); struck {
		if f.Text != "" {
			return wholeError(f.Text)
		}
		return errors.New("commit failed")
	}
	return to.stageConfig(tree, text)
}

// wholeError is a failure that the switch reports in these words and no others.
type wholeError string

func (e wholeError) Error() string { return string(e) }

// failureText is what a commit says of a member that failed.
func (ch *Chassis) failureText(m *Member, err error) string {
	if whole, ok := errors.AsType[wholeError](err); ok {
		return string(whole)
	}
	return fmt.Sprintf(ch.Profile.MemberFailureText, m.Name(), err)
}

// nameMember puts the name of the last other member in the place of %s.
func (ch *Chassis) nameMember(text string) string {
	members := ch.Present()
	return strings.ReplaceAll(text, "%s", members[len(members)-1].Name())
}

// activateStaged activates the tree on the committing member and on those that
// have it staged.
func (ch *Chassis) activateStaged(from *Member, tree *conf.Tree, entry *commitEntry) {
	before := from.InForce()
	from.setConfig(tree, entry)
	from.restartSSHD(before)
	if err := ch.openNETCONFPort(from); err != nil {
		ch.lab.journal.noteEvent(ch.Name+": system services netconf ssh port", ch.lab.clock.Now(), err)
	}
	for _, m := range ch.allMembers() {
		if staged := readField(m, func() *conf.Tree { return m.staged }); staged != nil && m != from {
			before = m.InForce()
			m.setConfig(staged, entry)
			m.restartSSHD(before)
		}
	}
}

// forgetStaged forgets what was staged; members that failed keep being in sync with
// what stays active, unless they were not before.
func (ch *Chassis) forgetStaged() {
	active := ch.Primary().ActiveTree()
	for _, m := range ch.allMembers() {
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
