// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"cmp"
	"slices"
)

// Chassis is a Virtual Chassis as one session saw it.
type Chassis struct {
	ID             string
	Mode           string // "Enabled", "Mixed", "Disabled" as the device says it
	Preprovisioned bool
	HostName       string
	Members        []Member
	Settings       Settings // in force, whether written at their place or by a group
	Own            Settings // written at their place, which is what a commit of ours changes
	Groups         Groups
	UnclearSCP     string      // why nobody can tell whether config-sync-with-scp is in force on all members; empty: Settings.SCP tells
	LacksSSH       bool        // nothing configures "system services ssh": the session came over that of NETCONF
	RootLogin      string      // "system services ssh root-login" as it is in force; "" is not configured
	RootKeys       RootKeys    // whether root has SSH keys in the configuration
	Logins         LoginLimits // how many the services admit over which NETCONF comes
	FIPSLevel      int         // configured "system fips [chassis] level"; 0 is off
	Expired        *Trial      // a confirmed commit that only the device's clock says is over, or nil
	Trial          *Trial      // a confirmed commit that may still be rolled back, or nil
	HistoryKnown   bool        // the commit history could be read, so a nil Trial means none
	StatedFIPS     *bool       // the operator's word on FIPS; nil asks the device
	Unread         []Problem   // what could not be read
}

// Member is one switch of a Virtual Chassis. A field that the device did not
// report is empty or nil, never a default.
type Member struct {
	ID       int
	Serial   string
	Model    string
	Role     Role
	RoleText string // the device's own word, for messages
	Local    bool   // owns the management session (the device's "*")
	Status   string // "Prsnt", "NotPrsnt", "Inactive", "Unprvsnd"
	Priority *int
	Version  string
	FIPS     *bool // operates in FIPS mode; nil: the member did not say
}

// IsPresent says that the member takes part in the Virtual Chassis.
func (m Member) IsPresent() bool { return m.Status == "Prsnt" }

// inactiveStatus is that of a member that is there, and could not join.
const inactiveStatus = "Inactive"

// IsHere says that the member takes part, or is there and could not join: it has
// keys or lacks them.
func (m Member) IsHere() bool { return m.IsPresent() || m.Status == inactiveStatus }

// Primaries returns the members that hold the primary role: one in a whole
// Virtual Chassis, two in a split one.
func (c Chassis) Primaries() []Member {
	var out []Member
	for _, m := range c.Members {
		if m.Role == Primary {
			out = append(out, m)
		}
	}
	return out
}

// Primary returns the primary member; ok is false unless there is exactly one.
func (c Chassis) Primary() (m Member, ok bool) {
	p := c.Primaries()
	if len(p) != 1 {
		return Member{}, false
	}
	return p[0], true
}

// Local returns the member that owns the session; ok is false when the device
// marked none, or more than one.
func (c Chassis) Local() (m Member, ok bool) {
	for _, each := range c.Members {
		if each.Local && ok {
			return Member{}, false
		}
		if each.Local {
			m, ok = each, true
		}
	}
	return m, ok
}

// Member returns the member with the given id.
func (c Chassis) Member(id int) (m Member, ok bool) {
	i := slices.IndexFunc(c.Members, func(m Member) bool { return m.ID == id })
	if i < 0 {
		return Member{}, false
	}
	return c.Members[i], true
}

// Sequence returns the members in the order in which they are changed:
// linecards, then the backup, then the primary, by id within a role. The
// primary comes last because losing it loses the session.
func (c Chassis) Sequence() []Member {
	out := slices.Clone(c.Members)
	slices.SortStableFunc(out, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.Role.sequenceOrder(), b.Role.sequenceOrder()), cmp.Compare(a.ID, b.ID))
	})
	return out
}
