// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// schema is the record's version that this package understands.
const schema = 1

// Record is what the role says of one chassis after one run. A nil or empty
// field is not known.
type Record struct {
	File     string
	Host     string
	Finished time.Time
	Wanted   string // "present": SCP, "absent": RCP
	Check    bool   // written in check mode: nothing was changed
	Outcome  string
	Changed  []string
	Failed   []string
	Problems []string
	Found    Found
	InSync   *bool
	Seen     Transport // by the check after a change
	Members  []Member
}

// Found is what the run saw before it changed anything.
type Found struct {
	FIPS, SCP *bool
	Pending   []string
}

// Member is a switch of the chassis.
type Member struct {
	ID                           int
	Serial, Model, Role, Version string
	Status, Commit               string
	FIPS, Prepared, Sync         *bool
	Transport                    Transport
}

// Transport is how members exchange configuration.
type Transport string

// The transports.
const (
	SCP     Transport = "scp"
	RCP     Transport = "rcp"
	Unknown Transport = "unknown"
)

// Parse reads a record. An error says what is wrong with it; then nothing in
// it is to be believed.
func Parse(data []byte) (Record, error) {
	root, err := decodeRecord(data)
	if err != nil {
		return Record{}, err
	}
	var wrong error
	o := recordObject{keys: root.Values, err: &wrong}
	if o.numberAt("schema", 1<<20) != schema && wrong == nil {
		return Record{}, fmt.Errorf("schema: want %d, got %s", schema, showGiven(root.Values["schema"]))
	}
	r := recordOf(o)
	if wrong != nil {
		return Record{}, wrong
	}
	return r, r.checkFields()
}

func recordOf(o recordObject) Record {
	found, sync := o.objectAt("found"), o.objectAt("sync")
	r := Record{
		Host: o.textAt("host"), Wanted: o.textAt("wanted"), Outcome: o.textAt("outcome"), Finished: o.timeAt("finished"),
		Changed: o.textsAt("changed"), Failed: o.textsAt("failed"), Problems: o.textsAt("problems"),
		Found:  Found{FIPS: found.flagAt("fips"), SCP: found.flagAt("scp_active"), Pending: found.textsAt("pending_steps")},
		InSync: sync.flagAt("in_sync"), Seen: sync.transportAt("transport"),
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

func (o recordObject) memberOf() Member {
	return Member{
		ID: o.numberAt("member_id", 99), Serial: o.textAt("serial_number"), Model: o.textAt("model"), Role: o.textAt("role"),
		Version: o.textAt("version"), Status: o.textAt("status"), Commit: o.textAt("commit"), FIPS: o.flagAt("fips"),
		Prepared: o.flagAt("prepared"), Sync: o.flagAt("sync"), Transport: o.transportAt("transport"),
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
		*o.err = fmt.Errorf("%s%s: want a time such as 2026-01-31T12:00:00Z, got %q", o.path, key, cleanText(o.textAt(key), shortText))
	}
	return t.UTC()
}

func (r Record) checkFields() error {
	switch {
	case strings.TrimSpace(r.Host) == "":
		return errors.New("host: want a name, got nothing")
	case r.Outcome == "":
		return errors.New("outcome: want a word, got nothing")
	case r.Wanted != "present" && r.Wanted != "absent":
		return fmt.Errorf("wanted: want present or absent, got %q", cleanText(r.Wanted, shortText))
	case len(r.Members) > maxMembers:
		return fmt.Errorf("members: want at most %d, got %d", maxMembers, len(r.Members))
	}
	return nil
}
