// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// getVirtualChassis answers "show virtual-chassis" as the session's member sees it.
func (n *netconfSession) getVirtualChassis(*etree.Element) reply {
	p, ch, local := n.newPage(), n.s.Chassis, n.s.Member
	p.open("virtual-chassis-information")
	_, preprovisioned := local.ActiveTree().Get("virtual-chassis", "preprovisioned")
	head := "virtual-chassis-id-information"
	if preprovisioned {
		head = "preprovisioned-virtual-chassis-information"
	}
	p.open(head)
	p.leaf("virtual-chassis-id", ch.VirtualChassisID())
	p.leaf("virtual-chassis-mode", "Enabled")
	p.close(head)
	p.open("member-list", "junos:style", "single-slot")
	members := ch.Joined()
	if local.IsStandalone() {
		members = []*engine.Member{local}
	}
	for _, m := range members {
		p.writeMember(m, local)
	}
	p.close("member-list")
	if !preprovisioned {
		p.nextMember(members)
	}
	p.close("virtual-chassis-information")
	return reply{body: p.String()}
}

// writeMember writes one member. One that is not present has no role, no priority
// and no neighbours.
func (p *page) writeMember(m, local *engine.Member) {
	status := m.Status()
	if status == engine.StatusStandalone {
		status = engine.StatusPresent
	}
	p.open("member")
	p.leaf("member-status", status)
	p.writeID(m)
	p.leaf("member-serial-number", m.Serial())
	p.leaf("member-model", m.Model())
	if status == engine.StatusPresent || status == engine.StatusInactive {
		p.leaf("member-priority", itoa(m.Priority()))
		p.leaf("member-mixed-mode", "N")
		p.leaf("member-route-mode", "VC")
		p.leaf("member-role", m.RoleWord(local))
		p.writeNeighbors(m)
	}
	p.close("member")
}

// writeID names a member by its number; one that is not provisioned may have none.
func (p *page) writeID(m *engine.Member) {
	manner := m.Chassis.Profile.UnprovisionedID
	switch {
	case m.Status() != engine.StatusUnprovisioned || manner == "number":
		p.leaf("member-id", itoa(m.Slot()))
		p.leaf("fpc-slot", "(FPC "+itoa(m.Slot())+")")
	case manner == "dash":
		p.leaf("member-id", "-")
	}
}

func (p *page) writeNeighbors(m *engine.Member) {
	p.open("neighbor-list")
	for port, other := range m.Chassis.Ring(m) {
		if other == nil {
			continue
		}
		p.record("neighbor", "neighbor-id", itoa(other.Slot()), "neighbor-interface", fmt.Sprintf("vcp-255/1/%d", port))
	}
	p.close("neighbor-list")
}

func (p *page) nextMember(members []*engine.Member) {
	next := 0
	for slices.ContainsFunc(members, func(m *engine.Member) bool { return m.Slot() == next }) {
		next++
	}
	p.record("next-member-information", "next-member-id", itoa(next), "next-fpc-slot", itoa(next))
}

// multiResults holds an item for every member that answers.
const multiResults = "multi-routing-engine-results"

// askMembers wraps what each member answers into multi-routing-engine-results,
// with an rpc-error beside the data for a member that does not.
func (n *netconfSession) askMembers(op *etree.Element, localre bool, each func(*page, *engine.Member)) reply {
	local := n.s.Member
	if hasElement(op, "local") {
		p := n.newPage()
		each(p, local)
		return reply{body: p.String()}
	}
	var answer reply
	p := n.newPage()
	p.open(multiResults)
	for _, m := range n.membersAsked(op) {
		if m != local && m.IsUnreachable() {
			if n.s.Chassis.Profile.Unreachable == "rpc_error" {
				answer.errors = append(answer.errors, rpcError{Message: fmt.Sprintf("\nCould not connect to %s : No route to host\n", m.Name())})
			}
			continue
		}
		name := m.Name()
		if m == local && localre {
			name = "localre"
		}
		p.open("multi-routing-engine-item")
		p.leaf("re-name", name)
		each(p, m)
		p.close("multi-routing-engine-item")
	}
	p.close(multiResults)
	answer.body = p.String()
	return answer
}

// membersAsked are the members that the request selects.
func (n *netconfSession) membersAsked(op *etree.Element) []*engine.Member {
	if n.s.Member.IsStandalone() {
		return []*engine.Member{n.s.Member}
	}
	wanted := childText(op, "member")
	return slices.DeleteFunc(n.s.Chassis.Present(), func(m *engine.Member) bool { return wanted != "" && itoa(m.ID) != wanted })
}

func (n *netconfSession) getSoftware(op *etree.Element) reply {
	return n.askMembers(op, n.s.Chassis.Profile.LocalName == "all", func(p *page, m *engine.Member) {
		release, model := m.Release(), m.Model()
		p.open("software-information")
		p.leaf("host-name", m.HostName())
		p.leaf("product-model", model)
		p.leaf("product-name", model)
		p.leaf("junos-version", release)
		if m.InFIPSMode() {
			p.empty("fips")
		}
		for _, pkg := range packagesOf(release) {
			p.record("package-information", "name", pkg[0], "comment", pkg[1])
		}
		p.close("software-information")
	})
}

// packagesOf has the FIPS utilities on every switch, in FIPS mode or not.
func packagesOf(release string) [][2]string {
	var all [][2]string
	for _, pkg := range [][2]string{
		{"os-kernel", "JUNOS OS Kernel 64-bit"},
		{"junos", "JUNOS EX  Software Suite"},
		{"fips-mode", "JUNOS FIPS mode utilities"},
		{"jsd", "JUNOS jsd"},
		{"junos-libs", "JUNOS libs"},
	} {
		all = append(all, [2]string{pkg[0], fmt.Sprintf("%s [%s]", pkg[1], release)})
	}
	return all
}

func (n *netconfSession) getSystem(*etree.Element) reply {
	m := n.s.Member
	p := n.newPage()
	p.record("system-information", "hardware-model", m.Model(), "os-name", "junos", "os-version", m.Release(), "serial-number", m.Serial(),
		"host-name", m.HostName())
	return reply{body: p.String()}
}

func (n *netconfSession) getUptime(op *etree.Element) reply {
	now, started := n.s.Chassis.Now(), n.s.Chassis.Started()
	localre := n.s.Chassis.Profile.LocalName != "fpc"
	return n.askMembers(op, localre, func(p *page, m *engine.Member) {
		p.open("system-uptime-information", "xmlns", n.dataNamespace(""))
		p.open("current-time")
		p.leaf("date-time", engine.Stamp(now), "junos:seconds", fmt.Sprint(now.Unix()))
		p.close("current-time")
		p.open("system-booted-time")
		p.leaf("date-time", engine.Stamp(started), "junos:seconds", fmt.Sprint(started.Unix()))
		p.leaf("time-length", engine.Clockface(now.Sub(started)), "junos:seconds", fmt.Sprint(int(now.Sub(started).Seconds())))
		p.close("system-booted-time")
		p.open("uptime-information")
		p.leaf("date-time", now.UTC().Format("3:04PM"), "junos:seconds", fmt.Sprint(now.Unix()))
		p.leaf("up-time", engine.Clockface(now.Sub(started)), "junos:seconds", fmt.Sprint(int(now.Sub(started).Seconds())))
		p.close("uptime-information")
		p.close("system-uptime-information")
	})
}

// getRouteEngine lists the routing engines; linecards are none.
func (n *netconfSession) getRouteEngine(*etree.Element) reply {
	p := n.newPage()
	started := n.s.Chassis.Started()
	p.open("route-engine-information", "xmlns", n.dataNamespace("-chassis"))
	for _, m := range n.s.Chassis.Present() {
		state := map[string]string{engine.RolePrimary: "master", engine.RoleBackup: "backup"}[m.Role()]
		if state == "" {
			continue
		}
		p.open("route-engine")
		p.leaf("slot", itoa(m.Slot()))
		p.leaf("mastership-state", state)
		p.leaf("status", "OK")
		p.leaf("temperature", "41 degrees C / 105 degrees F", "junos:celsius", "41")
		p.leaf("memory-dram-size", "4096 MB")
		p.leaf("memory-buffer-utilization", "21")
		p.leaf("model", "RE-"+strings.ToUpper(m.Model()))
		p.leaf("serial-number", m.Serial())
		p.leaf("start-time", engine.Stamp(started), "junos:seconds", fmt.Sprint(started.Unix()))
		up := n.s.Chassis.Now().Sub(started)
		p.leaf("up-time", engine.Clockface(up), "junos:seconds", fmt.Sprint(int(up.Seconds())))
		p.leaf("last-reboot-reason", "0x1:power cycle/failure")
		p.close("route-engine")
	}
	p.close("route-engine-information")
	return reply{body: p.String()}
}

func (n *netconfSession) getInventory(*etree.Element) reply {
	p := n.newPage()
	p.open("chassis-inventory", "xmlns", n.dataNamespace("-chassis"))
	p.open("chassis", "junos:style", "inventory")
	p.leaf("name", "Chassis")
	p.leaf("serial-number", n.s.Member.Serial())
	p.leaf("description", "Virtual Chassis")
	for _, m := range n.s.Chassis.Present() {
		model := strings.ToUpper(m.Model())
		p.record("chassis-module", "name", fmt.Sprintf("FPC %d", m.Slot()), "version", "REV 07", "part-number", "650-110302",
			"serial-number", m.Serial(), "description", model, "model-number", model)
	}
	p.close("chassis")
	p.close("chassis-inventory")
	return reply{body: p.String()}
}

// getAuthorization is "show cli authorization". Its elements are ours: only the name of
// the reply is published.
func (n *netconfSession) getAuthorization(*etree.Element) reply {
	p := n.newPage()
	p.open("authorization-information")
	p.leaf("user-name", n.s.User.Name)
	p.leaf("class-name", n.s.User.Class)
	for _, permission := range n.s.Permissions() {
		p.leaf("permission", permission)
	}
	p.optionalLeaf("deny-configuration", n.s.DeniedConfiguration())
	p.close("authorization-information")
	return reply{body: p.String()}
}

func (n *netconfSession) getUsers(*etree.Element) reply {
	p := n.newPage()
	p.open("system-users-information", "xmlns", n.dataNamespace(""))
	p.open("uptime-information")
	p.open("user-table")
	for _, s := range n.s.Chassis.LoggedIn() {
		p.open("user-entry")
		p.leaf("user", s.User.Name)
		p.leaf("tty", s.Terminal)
		p.leaf("from", "192.0.2.1")
		p.leaf("login-time", s.Since.UTC().Format("3:04PM"), "junos:seconds", fmt.Sprint(s.Since.Unix()))
		p.leaf("command", "-cli ("+s.Client+")")
		p.close("user-entry")
	}
	p.close("user-table")
	p.close("uptime-information")
	p.close("system-users-information")
	return reply{body: p.String()}
}
