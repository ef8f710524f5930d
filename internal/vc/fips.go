// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "fmt"

// FIPS is the FIPS mode of a whole chassis.
type FIPS string

// FIPS modes. Juniper: "FIPS mode automatically activates the SCP feature".
const (
	FIPSOn      FIPS = "on"
	FIPSOff     FIPS = "off"
	FIPSMixed   FIPS = "mixed"   // some members are, some are not
	FIPSPending FIPS = "pending" // configured, and waiting for a reboot
	FIPSUnknown FIPS = "unknown" // a present member did not say
)

// FIPS tells the mode in which the chassis operates: the operator's word
// first, then what the members report, then the configured level.
func (c Chassis) FIPS() FIPS {
	if c.StatedFIPS != nil {
		if *c.StatedFIPS {
			return FIPSOn
		}
		return FIPSOff
	}
	var on, off, silent int
	for _, m := range c.Members {
		switch {
		case !m.IsPresent():
		case m.FIPS == nil:
			silent++
		case *m.FIPS:
			on++
		default:
			off++
		}
	}
	switch {
	case on > 0 && off > 0:
		return FIPSMixed
	case silent > 0 || on+off == 0:
		return FIPSUnknown
	case on > 0:
		return FIPSOn
	case c.FIPSLevel > 0:
		return FIPSPending
	}
	return FIPSOff
}

func (c Chassis) fipsProblems() []Problem {
	const override = "or set chassis_fips: true or false"
	switch c.FIPS() {
	case FIPSMixed:
		on := c.idsOf(func(m Member) bool { return m.FIPS != nil && *m.FIPS })
		off := c.idsOf(func(m Member) bool { return m.FIPS != nil && !*m.FIPS })
		return []Problem{chassisProblem("mixed_fips", "put all members into the same mode first",
			"%s in FIPS mode, %s not", membersAre(on), membersAre(off))}
	case FIPSPending:
		return []Problem{chassisProblem("fips_reboot_pending", "reboot the members first, "+override,
			"FIPS level %d is configured but not in force until a reboot", c.FIPSLevel)}
	case FIPSUnknown:
		return []Problem{chassisProblem("fips_unknown", "read show version by hand, "+override,
			"whether the chassis is in FIPS mode cannot be determined: %s", c.nameSilentMembers())}
	}
	return nil
}

// nameSilentMembers names the present members that did not report their software.
func (c Chassis) nameSilentMembers() string {
	silent := c.idsOf(func(m Member) bool { return m.FIPS == nil })
	if len(silent) == 0 {
		return "no member is present"
	}
	return Named(silent) + " did not report the software"
}

// idsOf lists the present members that are chosen.
func (c Chassis) idsOf(chosen func(Member) bool) (ids []int) {
	for _, m := range c.Members {
		if m.IsPresent() && chosen(m) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// Transport is how the members exchange configuration.
type Transport string

// The transports, and why.
const (
	RCP              Transport = "rcp" // plaintext
	SCP              Transport = "scp"
	UnknownTransport Transport = "unknown"
)

// Transport tells what the configuration and the FIPS mode demand, and why.
// It is what should be, not a proof of what was.
func (c Chassis) Transport() (t Transport, reason string) {
	switch fips := c.FIPS(); {
	case fips != FIPSOn && c.UnclearSCP != "":
		return UnknownTransport, c.UnclearSCP
	case c.Settings.SCP:
		return SCP, "system commit config-sync-with-scp is set"
	case fips == FIPSOn:
		return SCP, "FIPS mode activates SCP by itself"
	case fips == FIPSOff, fips == FIPSPending:
		return RCP, "system commit config-sync-with-scp is not set"
	default:
		return UnknownTransport, fmt.Sprintf("the FIPS mode is %s", fips)
	}
}
