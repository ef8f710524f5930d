// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"regexp"
	"slices"
	"strings"
)

// access is what a login class has to have (Juniper, Access Privilege Levels).
type access struct {
	permissions []string
	without     string // what would take them away again
}

var (
	toView   = access{permissions: []string{"view"}}
	toSee    = access{[]string{"view-configuration"}, "deny-configuration for system"}
	toRun    = access{[]string{"maintenance"}, "deny-commands for it"}
	toChange = access{[]string{"configure", "system-control"}, "deny-configuration for system"}
)

// operation is an RPC that this package sends.
type operation struct {
	name   string
	isRead bool // it can change neither the device nor the candidate: check mode may send it
	needs  access
}

// operations are all of them. collection/docs/credentials.md has a row for each, and
// collection/docs/procedure.md names the reads.
var operations = []operation{
	{"get-virtual-chassis-information", true, toView},
	{"get-software-information", true, toView},
	{"get-system-uptime-information", true, toView},
	{"get-commit-information", true, toView},
	{"get-configuration-database-status", true, toView},
	{"get-authorization-information", true, toView},
	{"get-configuration", true, toSee},
	{"lock", false, toChange},
	{"unlock", false, toChange},
	{"load-configuration", false, toChange},
	{"commit-configuration", false, toChange},
	{"discard-changes", false, toChange},
	{"command", false, toRun},
}

// wordsOfAccess tell it by the element that was denied, or by what we call an operation.
var wordsOfAccess = []struct {
	words *regexp.Regexp
	needs access
}{
	{regexp.MustCompile(`^(get-config|read the candidate|compare)`), toSee},
	{regexp.MustCompile(`^(get-|show )`), toView},
	{regexp.MustCompile(`^request |prepare-setup`), toRun},
	{regexp.MustCompile(`^(un)?lock|load|edit-config|commit|discard|validate`), toChange},
}

func findOperation(name string) (operation, bool) {
	at := slices.IndexFunc(operations, func(o operation) bool { return o.name == name })
	if at < 0 {
		return operation{}, false
	}
	return operations[at], true
}

// permitFor says what a login class has to have for what it was denied.
func permitFor(name, denied string) string {
	for _, what := range []string{denied, name} {
		if o, ok := findOperation(what); ok {
			return o.needs.remedy()
		}
		for _, row := range wordsOfAccess {
			if row.words.MatchString(what) {
				return row.needs.remedy()
			}
		}
	}
	return "permit it with allow-commands and allow-configuration"
}

func (a access) remedy() string {
	remedy := "give the class the permission " + a.permissions[0]
	if len(a.permissions) > 1 {
		remedy = "give the class the permissions " + strings.Join(a.permissions, " and ")
	}
	if a.without != "" {
		remedy += ", without " + a.without
	}
	return remedy
}
