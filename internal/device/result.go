// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Result is the fields that every module's result has. Modules embed it.
type Result struct {
	Changed        bool              `json:"changed"`
	Msg            string            `json:"msg,omitempty"`
	Members        []Member          `json:"members,omitempty"`
	Primary        *int              `json:"primary,omitempty"`
	Sequence       []int             `json:"sequence,omitempty"`
	CommitState    string            `json:"commit_state" unstarted:"none" crashed:"unknown" scrub:"never"`
	RevertsAt      string            `json:"reverts_at,omitempty" scrub:"never"`
	Code           string            `json:"code,omitempty" scrub:"never"` // of a failure; package ansible sets it
	Problems       []outcome.Problem `json:"problems"`
	Warnings       []string          `json:"warnings,omitempty"` // Ansible prints these
	DeviceWarnings []junos.Message   `json:"device_warnings,omitempty"`
	Errors         []junos.Message   `json:"errors,omitempty"`
	Steps          []change.Step     `json:"steps"`
	Diff           *Diff             `json:"diff,omitempty"`
}

// Diff is what Ansible shows with --diff.
type Diff struct {
	Before       string `json:"before"`
	After        string `json:"after"`
	BeforeHeader string `json:"before_header"`
	AfterHeader  string `json:"after_header"`
}

// Member is a member in a result. What the device did not report is missing.
type Member struct {
	MemberID     int     `json:"member_id"`
	SerialNumber string  `json:"serial_number,omitempty" scrub:"never"`
	Model        string  `json:"model,omitempty" scrub:"never"`
	Role         string  `json:"role,omitempty" scrub:"never"`
	Status       string  `json:"status,omitempty" scrub:"never"`
	Priority     *int    `json:"priority,omitempty"`
	Version      string  `json:"version,omitempty" scrub:"never"`
	FIPS         *bool   `json:"fips,omitempty"`
	Prepared     *bool   `json:"prepared,omitempty"`                // recorded with this serial number
	Proved       *bool   `json:"proved,omitempty"`                  // and a commit over SCP was seen to reach it
	Commit       string  `json:"commit,omitempty" scrub:"never"`    // what the last commit said of it
	Sync         *Answer `json:"sync,omitempty"`                    // vc_sync_check
	Transport    string  `json:"transport,omitempty" scrub:"never"` // vc_sync_check
}

// Answer is true, false or null: what nobody has said is not known.
type Answer struct{ Yes *bool }

// MarshalJSON writes one of the three.
func (a Answer) MarshalJSON() ([]byte, error) { return json.Marshal(a.Yes) }

// Prepared is an entry of the record in arguments and results.
type Prepared struct {
	MemberID     int    `json:"member_id" required:"true" min:"0" max:"9"`
	SerialNumber string `json:"serial_number" required:"true" min:"1" max:"64" scrub:"never"`
}

// ListPrepared renders a record, by member id.
func ListPrepared(r vc.Record) []Prepared {
	out := []Prepared{}
	for _, id := range slices.Sorted(maps.Keys(r)) {
		out = append(out, Prepared{MemberID: id, SerialNumber: r[id].Serial})
	}
	return out
}

// ParsePrepared reads a list back as a record of which nothing is proved; an
// empty one is no record. The same member
// twice is an error, and so is what cannot be a serial number.
func ParsePrepared(list []Prepared) (vc.Record, error) {
	if len(list) == 0 {
		return nil, nil
	}
	r := vc.Record{}
	for i, p := range list {
		if _, twice := r[p.MemberID]; twice {
			return nil, fmt.Errorf("prepared[%d].member_id: member %d is listed twice", i, p.MemberID)
		}
		if s := p.SerialNumber; strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) {
			return nil, fmt.Errorf("prepared[%d].serial_number: want printable text without blanks around it, got %q", i, s)
		}
		r[p.MemberID] = vc.Entry{Serial: p.SerialNumber}
	}
	return r, nil
}

// Result returns the common fields as the session knows them now.
func (s *Session) Result() Result {
	r := Result{CommitState: string(vc.StateNone), Problems: []outcome.Problem{}, DeviceWarnings: s.heard.List(), Warnings: append(s.dev.Warnings(), s.pacer.notes...)}
	r.describeMembers(s.Chassis)
	for i, name := range []string{"login", "read"} {
		r.Steps = append(r.Steps, change.Step{Name: name, Seconds: s.durations[i].Seconds()})
	}
	r.roundSteps()
	return r
}

// describeMembers fills in the members.
func (r *Result) describeMembers(c vc.Chassis) {
	r.Members = nil
	for _, m := range c.Members {
		entry := c.Settings.Record[m.ID]
		prepared := m.Serial != "" && entry.Serial == m.Serial
		proved := prepared && entry.Proved
		r.Members = append(r.Members, Member{MemberID: m.ID, SerialNumber: m.Serial, Model: m.Model, Role: string(m.Role),
			Status: m.Status, Priority: m.Priority, Version: m.Version, FIPS: m.FIPS, Prepared: &prepared, Proved: &proved})
	}
	if p, ok := c.Primary(); ok {
		r.Primary = &p.ID
	}
	r.Sequence = nil
	for _, m := range c.Sequence() {
		r.Sequence = append(r.Sequence, m.ID)
	}
}

// includeOutcome adds what a change did. What the last commit said of a switch stays
// where the change made none.
func (r *Result) includeOutcome(o change.Outcome) {
	was := r.Members
	r.Changed, r.CommitState = o.Changed, string(o.State)
	if !o.Reverts.IsZero() {
		r.RevertsAt = o.Reverts.UTC().Format(time.RFC3339)
	}
	if len(o.Read.Members) > 0 {
		r.describeMembers(o.Read.Chassis)
	}
	if o.Members == nil {
		r.keepWords(was)
	}
	for _, m := range o.Members {
		for i := range r.Members {
			if r.Members[i].MemberID == m.ID {
				r.Members[i].Commit = commitOf(m, r.Members[i])
			}
		}
	}
	r.Errors = o.Errors
	r.Warnings = append(r.Warnings, o.Notes...)
	r.Steps = append(r.Steps, o.Steps...)
	r.roundSteps()
}

// keepWords takes over what was said of the same switches.
func (r *Result) keepWords(was []Member) {
	for i := range r.Members {
		m := &r.Members[i]
		for _, before := range was {
			if before.MemberID == m.MemberID && before.SerialNumber == m.SerialNumber {
				m.Commit = before.Commit
			}
		}
	}
}

// commitOf is what the last commit said of a member: nothing of a switch that has
// come in its place since.
func commitOf(m change.Member, now Member) string {
	if m.Serial != now.SerialNumber {
		return "unknown"
	}
	return m.Commit
}

// roundSteps keeps results readable: a millisecond is more than anybody needs.
func (r *Result) roundSteps() {
	for i := range r.Steps {
		r.Steps[i].Seconds = math.Round(r.Steps[i].Seconds*1000) / 1000
	}
}

// IncludeRefusal adds the reasons of a plan that must not be carried out.
func (r *Result) IncludeRefusal(err error) {
	var forbidden *vc.ForbiddenError
	if errors.As(err, &forbidden) {
		r.Problems = append(r.Problems, outcome.ProblemsOf(forbidden.Problems, forbidden.Problems)...)
	}
}

// showPlan is the plan as a diff.
func (r *Result) showPlan(p vc.Plan) {
	r.Diff = &Diff{Before: p.Before.Text(), After: p.After.Text(), BeforeHeader: "configuration", AfterHeader: "configuration"}
	r.Diff.showActions(p)
}

// showActions adds what a plan does besides the settings.
func (d *Diff) showActions(p vc.Plan) {
	if p.CreatesSSH && !p.After.Keys.IsUnset() {
		d.After = "set system services ssh\n" + d.After
	}
	if p.Prepare {
		d.After += "# request chassis internal-ssh prepare-setup: " + p.Reason + "\n"
	}
}

// showFailedPlan is what came of a plan that did not succeed.
func (r *Result) showFailedPlan(p vc.Plan, o change.Outcome) {
	p.Prepare = p.Prepare && o.Changed
	switch o.State {
	case vc.StateNone:
		p.After = p.Before
	case vc.StateReverted, vc.StateConfirmed:
		p.After = o.After
	}
	r.showPlan(p)
	if o.State == vc.StatePending || o.State == vc.StateUnknown {
		r.Diff.AfterHeader = "configuration, if it stays"
	}
}
