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
	root, err := decode(data)
	if err != nil {
		return Record{}, err
	}
	var wrong error
	o := object{keys: root.Values, err: &wrong}
	if o.number("schema", 1<<20) != schema && wrong == nil {
		return Record{}, fmt.Errorf("schema: want %d, got %s", schema, given(root.Values["schema"]))
	}
	r := record(o)
	if wrong != nil {
		return Record{}, wrong
	}
	return r, r.validate()
}

func record(o object) Record {
	found, sync := o.object("found"), o.object("sync")
	r := Record{
		Host: o.text("host"), Wanted: o.text("wanted"), Outcome: o.text("outcome"), Finished: o.time("finished"),
		Changed: o.texts("changed"), Failed: o.texts("failed"), Problems: o.texts("problems"),
		Found:  Found{FIPS: found.flag("fips"), SCP: found.flag("scp_active"), Pending: found.texts("pending_steps")},
		InSync: sync.flag("in_sync"), Seen: sync.transport("transport"),
	}
	check := o.flag("check_mode")
	if check == nil && *o.err == nil {
		*o.err = errors.New("check_mode: want true or false, got nothing")
	}
	r.Check = check != nil && *check
	for _, m := range o.objects("members") {
		r.Members = append(r.Members, m.member())
	}
	return r
}

func (o object) member() Member {
	return Member{
		ID: o.number("member_id", 99), Serial: o.text("serial_number"), Model: o.text("model"), Role: o.text("role"),
		Version: o.text("version"), Status: o.text("status"), Commit: o.text("commit"), FIPS: o.flag("fips"),
		Prepared: o.flag("prepared"), Sync: o.flag("sync"), Transport: o.transport("transport"),
	}
}

func (o object) transport(key string) Transport {
	switch t := Transport(strings.ToLower(o.text(key))); t {
	case SCP, RCP:
		return t
	case Unknown, "":
		return Unknown
	}
	o.complain(key, "scp, rcp or unknown", o.keys[key])
	return Unknown
}

func (o object) time(key string) time.Time {
	t, err := time.Parse(time.RFC3339, o.text(key))
	if (err != nil || t.Year() < 1 || t.Year() > 9999) && *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want a time such as 2026-01-31T12:00:00Z, got %q", o.path, key, clean(o.text(key), shortText))
	}
	return t.UTC()
}

func (r Record) validate() error {
	switch {
	case strings.TrimSpace(r.Host) == "":
		return errors.New("host: want a name, got nothing")
	case r.Outcome == "":
		return errors.New("outcome: want a word, got nothing")
	case r.Wanted != "present" && r.Wanted != "absent":
		return fmt.Errorf("wanted: want present or absent, got %q", clean(r.Wanted, shortText))
	case len(r.Members) > maxMembers:
		return fmt.Errorf("members: want at most %d, got %d", maxMembers, len(r.Members))
	}
	return nil
}
