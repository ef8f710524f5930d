// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "strings"

// Role is what a member does in its Virtual Chassis.
type Role string

// The roles of the members, in today's spelling of Juniper's documentation.
const (
	Primary     Role = "primary"
	Backup      Role = "backup"
	Linecard    Role = "linecard"
	UnknownRole Role = "unknown"
	NoRole      Role = "" // a member that is not present has none
)

// ParseRole reads a member-role as Junos prints it: "Master*", "Backup",
// "Linecard", and "Primary" in case a release spells it so. The asterisk
// marks the member that owns the management session.
func ParseRole(text string) (role Role, local bool) {
	name, local := strings.CutSuffix(strings.TrimSpace(text), "*")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "":
		return NoRole, local
	case "master", "primary":
		return Primary, local
	case "backup":
		return Backup, local
	case "linecard":
		return Linecard, local
	}
	return UnknownRole, local
}

func (r Role) sequenceOrder() int {
	switch r {
	case Linecard:
		return 0
	case Backup:
		return 2
	case Primary:
		return 3
	}
	return 1
}
