// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import "time"

// Delay lasts as long as the chassis takes for the reply to an RPC.
func (s *Session) Delay(rpc, kind string) {
	cost := s.Chassis.costOf(rpc, kind)
	s.Chassis.lab.journal.changeCounters(s.Chassis.Name, func(c *Counters) { c.SwitchSeconds += cost.Seconds() })
	wait := s.Chassis.delay
	if s.Chassis.Profile.Costs == "waited" {
		wait += cost
	}
	if wait > 0 {
		s.waitFor(wait)
	}
}

// costOf is what an RPC takes on the switch that this one is a twin of, or on any: its
// processor is slow, each member is asked in turn, and a commit goes to every one.
func (ch *Chassis) costOf(rpc, kind string) time.Duration {
	if t := ch.spec.twin; t != nil {
		if cost := t.costs[kind]; kind == KindCheck && cost > 0 {
			return cost
		}
		if cost := t.costs[rpc]; cost > 0 {
			return cost
		}
	}
	p, members := ch.Profile, time.Duration(len(ch.Present()))
	switch rpc {
	case "get-software-information", "get-chassis-inventory", "get-route-engine-information":
		return lengthOf(p.OperationCost) + members*lengthOf(p.MemberCost)
	case "get-virtual-chassis-information": // one is asked, who manages them all
		return lengthOf(p.OperationCost) + lengthOf(p.MemberCost)
	case "commit", "commit-configuration":
		return lengthOf(p.OperationCost) + lengthOf(p.CommitCost) + members*lengthOf(p.CommitMemberCost)
	}
	return lengthOf(p.OperationCost)
}

// lengthOf is a duration that checkDurations has found good.
func lengthOf(text string) time.Duration {
	d, _ := time.ParseDuration(text)
	return d
}
