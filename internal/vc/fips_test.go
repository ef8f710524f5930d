// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"strings"
	"testing"
)

// fips returns a chassis whose members say, one letter each: y in FIPS mode,
// n not, - nothing, x not present.
func fips(says string, level int, operator *bool) Chassis {
	c := whole(func(c *Chassis) { c.Members, c.FIPSLevel, c.StatedFIPS = nil, level, operator })
	for i, s := range says {
		m := Member{ID: i, Role: Linecard, Status: "Prsnt", Version: "25.2R1.9", Serial: "XX" + string(rune('0'+i))}
		if i == 0 {
			m.Role, m.Local = Primary, true
		}
		switch s {
		case 'y':
			m.FIPS = &yes
		case 'n':
			m.FIPS = &no
		case 'x':
			m.Status, m.Role, m.FIPS = "NotPrsnt", NoRole, &yes
		}
		c.Members = append(c.Members, m)
	}
	return c
}

func TestFIPS(t *testing.T) {
	const config, none = "system commit config-sync-with-scp is set", "system commit config-sync-with-scp is not set"
	for _, row := range []struct {
		says      string
		level     int
		operator  *bool
		scp       bool
		fips      FIPS
		transport Transport
		reason    string
		err       string // a part of the problem's text
	}{
		{says: "nnn", fips: FIPSOff, transport: RCP, reason: none},
		{says: "nnn", scp: true, fips: FIPSOff, transport: SCP, reason: config},
		{says: "yyy", fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
		{says: "yyy", level: 1, fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
		{says: "yyy", scp: true, fips: FIPSOn, transport: SCP, reason: config},
		{says: "nnn", level: 1, fips: FIPSPending, transport: RCP, reason: none, err: "FIPS level 1 is configured but not in force"},
		{says: "yny", fips: FIPSMixed, transport: UnknownTransport, reason: "the FIPS mode is mixed",
			err: "members 0 and 2 are in FIPS mode, member 1 is not"},
		{says: "yn-x", level: 1, fips: FIPSMixed, transport: UnknownTransport, reason: "the FIPS mode is mixed",
			err: "member 0 is in FIPS mode, member 1 is not"},
		{says: "n-n", fips: FIPSUnknown, transport: UnknownTransport, reason: "the FIPS mode is unknown", err: "cannot be determined"},
		{says: "y-y", fips: FIPSUnknown, transport: UnknownTransport, reason: "the FIPS mode is unknown", err: "cannot be determined"},
		{says: "n-n", level: 1, fips: FIPSUnknown, transport: UnknownTransport, reason: "the FIPS mode is unknown", err: "cannot be determined"},
		{says: "---", scp: true, fips: FIPSUnknown, transport: SCP, reason: config, err: "cannot be determined"},
		{says: "", fips: FIPSUnknown, transport: UnknownTransport, reason: "the FIPS mode is unknown", err: "cannot be determined"},
		{says: "nnx", fips: FIPSOff, transport: RCP, reason: none},
		{says: "yyx", fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
		// The operator's word is above everything.
		{says: "nnn", operator: &yes, fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
		{says: "yyy", operator: &no, fips: FIPSOff, transport: RCP, reason: none},
		{says: "yn-", operator: &yes, fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
		{says: "---", operator: &no, fips: FIPSOff, transport: RCP, reason: none},
		{says: "nnn", level: 1, operator: &no, fips: FIPSOff, transport: RCP, reason: none},
		{says: "", operator: &yes, fips: FIPSOn, transport: SCP, reason: "FIPS mode activates SCP by itself"},
	} {
		c := fips(row.says, row.level, row.operator)
		c.Settings.SCP = row.scp
		if got := c.FIPS(); got != row.fips {
			t.Errorf("%+v: want FIPS %s, got %s", row, row.fips, got)
		}
		if transport, reason := c.Transport(); transport != row.transport || reason != row.reason {
			t.Errorf("%+v: got transport %s because %s", row, transport, reason)
		}
		problems := c.fipsProblems()
		if (row.err != "") != (len(problems) == 1) || len(problems) == 1 && !strings.Contains(problems[0].Message, row.err) {
			t.Errorf("%+v: got problems %v", row, problems)
		}
	}
}

// What nobody can tell is no transport, unless FIPS mode leaves only one.
func TestTransportThatCannotBeTold(t *testing.T) {
	c := whole(scp, func(c *Chassis) { c.UnclearSCP = "the group re0 gives it" })
	if transport, reason := c.Transport(); transport != UnknownTransport || reason != "the group re0 gives it" {
		t.Errorf("got %s, %s", transport, reason)
	}
	inFIPS(&c)
	if transport, _ := c.Transport(); transport != SCP {
		t.Errorf("FIPS mode knows nothing but SCP, got %s", transport)
	}
}
