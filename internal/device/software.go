// SPDX-License-Identifier: GPL-3.0-or-later

package device

import "github.com/vchassis/vchassis.junos/internal/vc"

// Software is what a member runs, as vc_info has read it a moment ago.
type Software struct {
	MemberID     int    `json:"member_id" required:"true" min:"0" max:"9"`
	SerialNumber string `json:"serial_number" required:"true" min:"1" max:"64" scrub:"never"`
	Version      string `json:"version" required:"true" min:"1" max:"64" scrub:"never"`
	FIPS         bool   `json:"fips" required:"true"`
}

// ListSoftware is what is known of all members; nil if of one it is not, or if somebody
// is there who is not in the list of members: only a new reading shows whether still.
func ListSoftware(c vc.Chassis) (list []Software) {
	if len(c.Unread) > 0 {
		return nil
	}
	for _, m := range c.Members {
		if m.Serial == "" || m.Version == "" || m.FIPS == nil || !m.IsPresent() {
			return nil
		}
		list = append(list, Software{m.ID, m.Serial, m.Version, *m.FIPS})
	}
	return list
}

// members reads the list back.
func members(list []Software) (known []vc.Member) {
	for _, s := range list {
		known = append(known, vc.Member{ID: s.MemberID, Serial: s.SerialNumber, Version: s.Version, FIPS: &s.FIPS})
	}
	return known
}
