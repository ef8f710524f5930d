// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Parse reads a record of this schema or of the one before. An error says what
// is wrong with it; then nothing in it is to be believed.
func Parse(data []byte) (Record, error) {
	root, err := decodeRecord(data)
	if err != nil {
		return Record{}, err
	}
	var wrong error
	o := recordObject{keys: root.Values, err: &wrong}
	version := o.numberAt("schema", 1<<20)
	if version != Schema && version != formerSchema && wrong == nil {
		return Record{}, fmt.Errorf("schema: want %d or %d, got %s", formerSchema, Schema, showGiven(root.Values["schema"]))
	}
	r := recordOf(o)
	if version == formerSchema {
		r.readFormer(o)
	} else {
		r.readPresent(o)
	}
	if wrong != nil {
		return Record{}, wrong
	}
	return r, r.checkFields()
}

// recordOf reads what both schemas have.
func recordOf(o recordObject) Record {
	found, sync := o.objectAt("found"), o.objectAt("sync")
	r := Record{
		Schema: Schema, Host: o.textAt("host"), Wanted: o.textAt("wanted"), Outcome: Word(o.textAt("outcome")), Finished: o.timeAt("finished"),
		Changed: o.textsAt("changed"), Failed: o.textsAt("failed"),
		Found: Found{FIPS: found.flagAt("fips"), SCP: found.flagAt("scp_active"), Pending: found.textsAt("pending_steps")},
		Sync:  Sync{InSync: sync.flagAt("in_sync"), Transport: sync.transportAt("transport")},
	}
	check := o.flagAt("check_mode")
	if check == nil && *o.err == nil {
		*o.err = errors.New("check_mode: want true or false, got nothing")
	}
	r.Check = check != nil && *check
	for _, m := range o.objectsAt("members") {
		r.Members = append(r.Members, m.memberOf())
	}
	return r
}

func (r *Record) readPresent(o recordObject) {
	r.Did, r.Would, r.NotDone, r.State = o.textsAt("did"), o.textsAt("would"), o.textsAt("not_done"), State(o.textAt("state"))
	for _, p := range o.objectsAt("problems") {
		r.Problems = append(r.Problems, p.problemOf())
	}
	for _, f := range o.objectsAt("failures") {
		r.Failures = append(r.Failures, Failure{Step: f.textAt("step"), Address: f.textAt("address"), Code: f.textAt("code"), Message: f.longTextAt("message"),
			Hint: f.longTextAt("hint"), Guide: f.textAt("guide"), CommitState: f.textAt("commit_state"), RevertsAt: f.textAt("reverts_at")})
	}
}

// readFormer reads what schema 1 had as prose: steps by how their words began,
// problems and failures as texts.
func (r *Record) readFormer(o recordObject) {
	var steps []string
	for _, words := range r.Changed {
		steps = append(steps, stepOf(formerStep(words), r.Wanted))
	}
	if r.Check {
		r.Would = steps
	} else {
		r.Did = steps
	}
	for _, pending := range r.Found.Pending {
		if step := stepOf(pending, r.Wanted); !slices.Contains(steps, step) {
			r.NotDone = append(r.NotDone, step)
		}
	}
	for _, text := range o.textsAt("problems") {
		r.Problems = append(r.Problems, Problem{Message: text, MemberID: memberNamedFirst(text)})
	}
	for _, text := range r.Failed {
		r.Failures = append(r.Failures, Failure{Message: text})
	}
}

// formerStep is the step whose words begin so; words that nobody knows are kept.
func formerStep(words string) string {
	for _, step := range []string{StepCommand, StepKeys, StepSCP} {
		number, _, _ := strings.Cut(formerWords(step), ",")
		if words == number || strings.HasPrefix(words, number+",") {
			return step
		}
	}
	return words
}

// memberNamedFirst is the member with whose number a problem of schema 1 begins.
func memberNamedFirst(text string) *int {
	var id int
	if n, _ := fmt.Sscanf(text, "member %d ", &id); n == 1 {
		return &id
	}
	return nil
}

func (o recordObject) problemOf() Problem {
	p := Problem{Code: o.textAt("code"), Message: o.longTextAt("message"), Hint: o.longTextAt("hint"), Guide: o.textAt("guide")}
	if blocks := o.flagAt("blocks"); blocks != nil {
		p.Blocks = *blocks
	}
	if o.keys["member_id"] != nil {
		id := o.numberAt("member_id", 99)
		p.MemberID = &id
	}
	return p
}

func (o recordObject) memberOf() Member {
	return Member{
		ID: o.numberAt("member_id", 99), Serial: o.textAt("serial_number"), Model: o.textAt("model"), Role: o.textAt("role"),
		Version: o.textAt("version"), Status: o.textAt("status"), Commit: o.textAt("commit"), FIPS: o.flagAt("fips"),
		Prepared: o.flagAt("prepared"), Proved: o.flagAt("proved"), Sync: o.flagAt("sync"), Transport: o.transportAt("transport"),
	}
}

func (o recordObject) transportAt(key string) Transport {
	switch t := Transport(strings.ToLower(o.textAt(key))); t {
	case SCP, RCP:
		return t
	case Unknown, "":
		return Unknown
	}
	o.addComplaint(key, "scp, rcp or unknown", o.keys[key])
	return Unknown
}

func (o recordObject) timeAt(key string) time.Time {
	t, err := time.Parse(time.RFC3339, o.textAt(key))
	if (err != nil || t.Year() < 1 || t.Year() > 9999) && *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want a time such as 2026-01-31T12:00:00Z, got %q", o.path, key, CleanText(o.textAt(key), ShortText))
	}
	return t.UTC()
}

func (r Record) checkFields() error {
	switch {
	case strings.TrimSpace(r.Host) == "":
		return errors.New("host: want a name, got nothing")
	case r.Outcome == "":
		return errors.New("outcome: want a word, got nothing")
	case r.Wanted != Present && r.Wanted != Absent:
		return fmt.Errorf("wanted: want present or absent, got %q", CleanText(r.Wanted, ShortText))
	case len(r.Members) > maxMembers:
		return fmt.Errorf("members: want at most %d, got %d", maxMembers, len(r.Members))
	}
	return nil
}
