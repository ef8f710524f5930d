// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import "regexp"

// permissions are the access privileges that operations take (Juniper, Access
// Privilege Levels), by words of the element that was denied, or of the operation.
var permissions = []struct {
	words  *regexp.Regexp
	Remedy string // behind "give the class the"
}{
	{words: regexp.MustCompile(`^(get-config|read the candidate|compare)`), Remedy: "permission view-configuration, without deny-configuration for system"},
	{words: regexp.MustCompile(`^(get-|show )`), Remedy: "permission view"},
	{words: regexp.MustCompile(`^(command$|request )|prepare-setup`), Remedy: "permission maintenance, without deny-commands for it"},
	{words: regexp.MustCompile(`^(un)?lock|load|edit-config|commit|discard|validate`), Remedy: "permissions configure and system-control, without deny-configuration for system"},
}

// permitFor says what a login class has to have for what it was denied.
func permitFor(operation, denied string) string {
	for _, what := range []string{denied, operation} {
		for _, p := range permissions {
			if p.words.MatchString(what) {
				return "give the class the " + p.Remedy
			}
		}
	}
	return "permit it with allow-commands and allow-configuration"
}
