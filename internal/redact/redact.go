// SPDX-License-Identifier: GPL-3.0-or-later

// Package redact takes out of what a switch has answered what is not to leave it:
// secrets always, and what names people, places and networks if that is asked for.
// What stays is on a list (stay.go, and the types of the configuration schema);
// everything else gets a stand-in of the same shape, so that a reader, a parser or a
// simulator still finds what it looks for. It does no I/O.
//
// One Redactor is one run: the same value has the same stand-in everywhere, also on
// other switches if they are given the same key. Stand-ins are keyed hashes: without
// the key nobody can try values out.
package redact

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"
)

// Options choose what is replaced. The zero value replaces secrets, free texts and
// whatever is not known to be harmless.
type Options struct {
	// Anonymize also replaces names of hosts and users, addresses and serial numbers.
	Anonymize bool
	// Key makes the same stand-ins in every run that has it; empty: a new one, which
	// nobody keeps.
	Key []byte
}

// MinKey is how long a key is at least: a shorter one can be found by trying.
const MinKey = 16

// IsGoodKey says that a key is of use, or that there is none.
func IsGoodKey(key string) bool { return key == "" || len(key) >= MinKey }

// Kinds of what is replaced.
const (
	Secret  = "secret"  // opens something
	Name    = "name"    // somebody has made it up: of a VLAN, a group, a filter
	Text    = "text"    // written for people: descriptions, messages
	Comment = "comment" // dropped, without a stand-in
	Address = "address" // of a network, a host or an interface
	Serial  = "serial"  // of a switch
	Unknown = "unknown" // below a statement that the schema does not know
)

// Replacement says that values at a statement were replaced, without saying which.
type Replacement struct {
	Path  string `json:"path"` // statements, without the names that somebody has given
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Redactor is one run.
type Redactor struct {
	options Options
	secrets []byte            // the key of secrets' stand-ins: of this run alone
	given   map[string]string // stand-ins, by class and value
	taken   map[string]bool   // stand-ins that are given, by class and stand-in
	counts  map[[2]string]int // by path and kind
	seen    map[string]bool   // names of hosts, users and switches that stay
	hidden  map[string]string // such names that do not, and their stand-ins: texts are free of them, too
}

// New begins a run.
func New(o Options) *Redactor {
	r := &Redactor{
		options: o, secrets: newKey(), given: map[string]string{}, taken: map[string]bool{},
		counts: map[[2]string]int{}, seen: map[string]bool{}, hidden: map[string]string{},
	}
	if len(r.options.Key) == 0 {
		r.options.Key = newKey()
	}
	return r
}

func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// Replaced lists what was replaced so far, in order of the paths.
func (r *Redactor) Replaced() []Replacement {
	list := make([]Replacement, 0, len(r.counts))
	for at, n := range r.counts {
		list = append(list, Replacement{Path: at[0], Kind: at[1], Count: n})
	}
	slices.SortFunc(list, func(a, b Replacement) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Kind, b.Kind))
	})
	return list
}

// Uncounted redacts in the same way, and lists what it replaced by itself: for another
// rendering of what was counted already.
func (r *Redactor) Uncounted() *Redactor {
	other := *r
	other.counts = map[[2]string]int{}
	return &other
}

func (r *Redactor) countReplaced(path, kind string) { r.counts[[2]string{path, kind}]++ }

// HostName returns a name of a host as it may be written.
func (r *Redactor) HostName(name string) string { return r.identity("host-name", Name, name) }

// UserName returns a login name as it may be written. Every switch has root.
func (r *Redactor) UserName(name string) string {
	if name == "root" {
		return name
	}
	return r.identity("user", Name, name)
}

// Address returns where a host is, its address or its name, as it may be written.
func (r *Redactor) Address(host string) string {
	if r.options.Anonymize && isAddress(host) {
		return r.address(host)
	}
	return r.HostName(host)
}

// ClassName returns the name of a login class as it may be written.
func (r *Redactor) ClassName(name string) string {
	if slices.Contains(ownClasses, name) {
		return name
	}
	return r.identity("class", Name, name)
}

// ownClasses are the login classes that Junos itself has.
var ownClasses = []string{"super-user", "superuser", "operator", "read-only", "unauthorized"}

// ChassisID returns the id of a Virtual Chassis as it may be written.
func (r *Redactor) ChassisID(id string) string {
	if id == "" || !r.options.Anonymize && hardwareAddress.MatchString(id) {
		return id
	}
	r.countReplaced("virtual-chassis-id", Address)
	return r.standIn(hexadecimal, id)
}

// Serial returns a serial number as it may be written.
func (r *Redactor) Serial(number string) string { return r.identity("serial-number", Serial, number) }

// FreeText returns a stand-in for a text that somebody has written.
func (r *Redactor) FreeText(path, text string) string {
	if text == "" {
		return ""
	}
	r.countReplaced(path, Text)
	return r.standIn(Name, text)
}

// identity is what stays unless the run is anonymous, and looks like a name at all.
func (r *Redactor) identity(path, kind, value string) string {
	if value == "" || !r.options.Anonymize && plainName.MatchString(value) {
		r.seen[value] = value != ""
		return value
	}
	r.countReplaced(path, kind)
	return r.hide(value)
}

// hide returns the stand-in of a name that no text shall hold either.
func (r *Redactor) hide(name string) string {
	stand := r.standIn(Name, name)
	if r.options.Anonymize {
		r.hidden[name] = stand
	}
	return stand
}
