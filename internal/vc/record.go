// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"maps"
	"strings"
)

// RecordName names the apply-macro under "system commit" that holds the Record.
const RecordName = "vc-internal-ssh"

// Record is what the configuration says of the keys of each switch, by member
// id. It lives there because the device has no state that can be read.
//
// It never claims more than was seen: an entry leaves before anything may
// change keys, comes back unproved when keys were made, and becomes proved
// after a commit over SCP was seen to reach the member.
type Record map[int]Entry

// Entry is what the record says of one switch.
type Entry struct {
	Serial string // of the switch for which keys were made
	Proved bool   // a commit over SCP was seen to reach it after that
}

// unprovedWord stands behind the serial number of an entry that is not proved.
// An older release of the collection takes both for another serial number, and
// makes keys.
const unprovedWord = " unproved"

// ParseEntry reads the value of an entry of the apply-macro.
func ParseEntry(value string) Entry {
	serial, unproved := strings.CutSuffix(value, unprovedWord)
	return Entry{Serial: strings.TrimSpace(serial), Proved: !unproved}
}

// String renders the entry as the value that the apply-macro holds.
func (e Entry) String() string {
	if e.Proved {
		return e.Serial
	}
	return e.Serial + unprovedWord
}

// Unproved returns the record with the proof of every entry taken away.
func (r Record) Unproved() Record { return r.withProof(func(int) bool { return false }) }

// ProvedFor returns the record with the entry of every member proved that is
// present, and so is reached by a commit.
func (r Record) ProvedFor(members []Member) Record {
	out := maps.Clone(r)
	for _, m := range members {
		if e, found := r[m.ID]; found && e.Serial == m.Serial && m.IsPresent() {
			out[m.ID] = Entry{Serial: e.Serial, Proved: true}
		}
	}
	return out
}

// Without returns the record without the entries of these members.
func (r Record) Without(ids ...int) Record {
	out := maps.Clone(r)
	for _, id := range ids {
		delete(out, id)
	}
	return out
}

func (r Record) withProof(has func(id int) bool) Record {
	if r == nil {
		return nil
	}
	out := Record{}
	for id, e := range r {
		out[id] = Entry{Serial: e.Serial, Proved: has(id)}
	}
	return out
}

// withProofOf returns the record with the proofs that another one has of the
// same switches.
func (r Record) withProofOf(have Record) Record {
	return r.withProof(func(id int) bool { return have[id] == Entry{Serial: r[id].Serial, Proved: true} })
}

// Serials returns the serial number of each present member, by id.
func (c Chassis) Serials() map[int]string {
	serials := map[int]string{}
	for _, m := range c.Members {
		if m.IsPresent() && m.Serial != "" {
			serials[m.ID] = m.Serial
		}
	}
	return serials
}

// KeysMade returns what a record holds when keys were made for all members that
// are here.
func (c Chassis) KeysMade() Record {
	r := Record{}
	for _, m := range c.Members {
		if m.IsHere() && m.Serial != "" {
			r[m.ID] = Entry{Serial: m.Serial}
		}
	}
	return r
}

// Unprepared returns the members that are here and for which no keys were made
// according to the record: added, replaced, or without a serial number that
// could be compared.
func (c Chassis) Unprepared(r Record) []Member {
	return c.membersHere(func(m Member) bool { return m.Serial == "" || r[m.ID].Serial != m.Serial })
}

// Unproved returns the members that are here and whose keys were made and not
// proved according to the record.
func (c Chassis) Unproved(r Record) []Member {
	return c.membersHere(func(m Member) bool { return m.Serial != "" && r[m.ID] == Entry{Serial: m.Serial} })
}

// membersHere returns those members that are here and chosen.
func (c Chassis) membersHere(chosen func(Member) bool) (out []Member) {
	for _, m := range c.Members {
		if m.IsHere() && chosen(m) {
			out = append(out, m)
		}
	}
	return out
}
