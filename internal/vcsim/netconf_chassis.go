// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

func itoa(n int) string { return strconv.Itoa(n) }

// getVirtualChassis answers "show virtual-chassis" as the session's member sees it.
func (n *netconf) getVirtualChassis(*etree.Element) reply {
	p, ch, local := n.page(), n.s.ch, n.s.member
	p.open("virtual-chassis-information")
	_, preprovisioned := local.config().Get("virtual-chassis", "preprovisioned")
	head := "virtual-chassis-id-information"
	if preprovisioned {
		head = "preprovisioned-virtual-chassis-information"
	}
	p.open(head)
	p.leaf("virtual-chassis-id", ch.id())
	p.leaf("virtual-chassis-mode", "Enabled")
	p.close(head)
	p.open("member-list", "junos:style", "single-slot")
	members := ch.joined()
	if local.standalone() {
		members = []*Member{local}
	}
	for _, m := range members {
		p.member(m, local, members)
	}
	p.close("member-list")
	if !preprovisioned {
		p.nextMember(members)
	}
	p.close("virtual-chassis-information")
	return reply{body: p.String()}
}

// member writes one member. One that is not present has no role, no priority
// and no neighbours.
func (p *page) member(m, local *Member, members []*Member) {
	status, id := m.state(), itoa(m.slot())
	if status == statusStandalone {
		status = statusPresent
	}
	p.open("member")
	p.leaf("member-status", status)
	p.leaf("member-id", id)
	p.leaf("fpc-slot", "(FPC "+id+")")
	p.leaf("member-serial-number", get(m, func() string { return m.serial }))
	p.leaf("member-model", get(m, func() string { return m.model }))
	if status == statusPresent || status == statusInactive {
		p.leaf("member-priority", itoa(get(m, func() int { return m.priority })))
		p.leaf("member-mixed-mode", "N")
		p.leaf("member-route-mode", "VC")
		p.leaf("member-role", m.roleWord(local))
		p.neighbors(m, members)
	}
	p.close("member")
}

// roleWord marks the member that owns this session with an asterisk.
func (m *Member) roleWord(local *Member) string {
	word := m.ch.profile.RoleWord
	m.ch.mu.Lock()
	split := m.ch.split
	m.ch.mu.Unlock()
	switch {
	case m.standalone(), m.isPrimary(), split && m.roleNow() == roleBackup:
	case m.roleNow() == roleBackup:
		word = "Backup"
	default:
		word = "Linecard"
	}
	if m == local {
		word += "*"
	}
	return word
}

// neighbors makes a ring of the members that are present.
func (p *page) neighbors(m *Member, members []*Member) {
	ring := slices.DeleteFunc(slices.Clone(members), func(m *Member) bool { return m.state() != statusPresent })
	at := slices.Index(ring, m)
	p.open("neighbor-list")
	for port, step := range []int{1, len(ring) - 1} {
		if at < 0 || len(ring) < 2 || len(ring) == 2 && port == 1 {
			break
		}
		p.open("neighbor")
		p.leaf("neighbor-id", itoa(ring[(at+step)%len(ring)].slot()))
		p.leaf("neighbor-interface", fmt.Sprintf("vcp-255/1/%d", port))
		p.close("neighbor")
	}
	p.close("neighbor-list")
}

func (p *page) nextMember(members []*Member) {
	next := 0
	for slices.ContainsFunc(members, func(m *Member) bool { return m.slot() == next }) {
		next++
	}
	p.open("next-member-information")
	p.leaf("next-member-id", itoa(next))
	p.leaf("next-fpc-slot", itoa(next))
	p.close("next-member-information")
}

// slot is the member id that a switch knows itself by.
func (m *Member) slot() int {
	if m.standalone() {
		return 0
	}
	return m.ID
}

// everywhere wraps what each member answers into multi-routing-engine-results,
// with an rpc-error beside the data for a member that does not.
func (n *netconf) everywhere(op *etree.Element, localre bool, each func(*page, *Member)) reply {
	local := n.s.member
	if has(op, "no-forwarding") || has(op, "local") {
		p := n.page()
		each(p, local)
		return reply{body: p.String()}
	}
	var answer reply
	p := n.page()
	p.open("multi-routing-engine-results")
	for _, m := range n.asked(op) {
		if m != local && n.s.ch.lab.faults.member(m, faultUnreachable) {
			if n.s.ch.profile.Unreachable == "rpc_error" {
				answer.errors = append(answer.errors, rpcError{Message: fmt.Sprintf("\nCould not connect to %s : No route to host\n", m.name())})
			}
			continue
		}
		name := m.name()
		if m == local && localre {
			name = "localre"
		}
		p.open("multi-routing-engine-item")
		p.leaf("re-name", name)
		each(p, m)
		p.close("multi-routing-engine-item")
	}
	p.close("multi-routing-engine-results")
	answer.body = p.String()
	return answer
}

// asked are the members that the request selects.
func (n *netconf) asked(op *etree.Element) []*Member {
	if n.s.member.standalone() {
		return []*Member{n.s.member}
	}
	wanted := childText(op, "member")
	return slices.DeleteFunc(n.s.ch.present(), func(m *Member) bool { return wanted != "" && itoa(m.ID) != wanted })
}

func (n *netconf) getSoftware(op *etree.Element) reply {
	return n.everywhere(op, n.s.ch.profile.LocalName == "all", func(p *page, m *Member) {
		release, model := m.software(), get(m, func() string { return m.model })
		p.open("software-information")
		p.leaf("host-name", m.hostName())
		p.leaf("product-model", model)
		p.leaf("product-name", model)
		p.leaf("junos-version", release)
		if m.fips() {
			p.empty("fips")
		}
		for _, pkg := range packages(release) {
			p.open("package-information")
			p.leaf("name", pkg[0])
			p.leaf("comment", pkg[1])
			p.close("package-information")
		}
		p.close("software-information")
	})
}

// packages has the FIPS utilities on every switch, in FIPS mode or not.
func packages(release string) [][2]string {
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

func (m *Member) hostName() string {
	name, _ := m.config().Get("system", "host-name")
	return name
}

func (n *netconf) getSystem(*etree.Element) reply {
	m := n.s.member
	p := n.page()
	p.open("system-information")
	p.leaf("hardware-model", get(m, func() string { return m.model }))
	p.leaf("os-name", "junos")
	p.leaf("os-version", m.software())
	p.leaf("serial-number", get(m, func() string { return m.serial }))
	p.leaf("host-name", m.hostName())
	p.close("system-information")
	return reply{body: p.String()}
}

func (n *netconf) getUptime(op *etree.Element) reply {
	now, started := n.s.ch.lab.clock.Now(), n.s.ch.lab.started
	localre := n.s.ch.profile.LocalName != "fpc"
	return n.everywhere(op, localre, func(p *page, m *Member) {
		p.open("system-uptime-information", "xmlns", n.namespace())
		p.open("current-time")
		p.leaf("date-time", stamp(now), "junos:seconds", fmt.Sprint(now.Unix()))
		p.close("current-time")
		p.open("system-booted-time")
		p.leaf("date-time", stamp(started), "junos:seconds", fmt.Sprint(started.Unix()))
		p.leaf("time-length", clockface(now.Sub(started)), "junos:seconds", fmt.Sprint(int(now.Sub(started).Seconds())))
		p.close("system-booted-time")
		p.open("uptime-information")
		p.leaf("date-time", now.UTC().Format("3:04PM"), "junos:seconds", fmt.Sprint(now.Unix()))
		p.leaf("up-time", clockface(now.Sub(started)), "junos:seconds", fmt.Sprint(int(now.Sub(started).Seconds())))
		p.close("uptime-information")
		p.close("system-uptime-information")
	})
}

// getRouteEngine lists the routing engines; linecards are none.
func (n *netconf) getRouteEngine(*etree.Element) reply {
	p := n.page()
	started := n.s.ch.lab.started
	p.open("route-engine-information", "xmlns", n.namespace()+"-chassis")
	for _, m := range n.s.ch.present() {
		state := map[string]string{rolePrimary: "master", roleBackup: "backup"}[m.roleNow()]
		if state == "" {
			continue
		}
		p.open("route-engine")
		p.leaf("slot", itoa(m.slot()))
		p.leaf("mastership-state", state)
		p.leaf("status", "OK")
		p.leaf("temperature", "41 degrees C / 105 degrees F", "junos:celsius", "41")
		p.leaf("memory-dram-size", "4096 MB")
		p.leaf("memory-buffer-utilization", "21")
		p.leaf("model", "RE-"+strings.ToUpper(get(m, func() string { return m.model })))
		p.leaf("serial-number", get(m, func() string { return m.serial }))
		p.leaf("start-time", stamp(started), "junos:seconds", fmt.Sprint(started.Unix()))
		up := n.s.ch.lab.clock.Now().Sub(started)
		p.leaf("up-time", clockface(up), "junos:seconds", fmt.Sprint(int(up.Seconds())))
		p.leaf("last-reboot-reason", "0x1:power cycle/failure")
		p.close("route-engine")
	}
	p.close("route-engine-information")
	return reply{body: p.String()}
}

func (n *netconf) getInventory(*etree.Element) reply {
	p := n.page()
	p.open("chassis-inventory", "xmlns", n.namespace()+"-chassis")
	p.open("chassis", "junos:style", "inventory")
	p.leaf("name", "Chassis")
	p.leaf("serial-number", get(n.s.member, func() string { return n.s.member.serial }))
	p.leaf("description", "Virtual Chassis")
	for _, m := range n.s.ch.present() {
		model := get(m, func() string { return strings.ToUpper(m.model) })
		p.open("chassis-module")
		p.leaf("name", fmt.Sprintf("FPC %d", m.slot()))
		p.leaf("version", "REV 07")
		p.leaf("part-number", "650-110302")
		p.leaf("serial-number", get(m, func() string { return m.serial }))
		p.leaf("description", model)
		p.leaf("model-number", model)
		p.close("chassis-module")
	}
	p.close("chassis")
	p.close("chassis-inventory")
	return reply{body: p.String()}
}

func (n *netconf) getUsers(*etree.Element) reply {
	p := n.page()
	p.open("system-users-information", "xmlns", n.namespace())
	p.open("uptime-information")
	p.open("user-table")
	for _, s := range n.s.ch.loggedIn() {
		p.open("user-entry")
		p.leaf("user", s.user.Name)
		p.leaf("tty", s.terminal)
		p.leaf("from", "192.0.2.1")
		p.leaf("login-time", s.since.UTC().Format("3:04PM"), "junos:seconds", fmt.Sprint(s.since.Unix()))
		p.leaf("command", "-cli ("+s.client+")")
		p.close("user-entry")
	}
	p.close("user-table")
	p.close("uptime-information")
	p.close("system-users-information")
	return reply{body: p.String()}
}

// loggedIn lists the sessions in the order of their ids.
func (ch *Chassis) loggedIn() []*session {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	var all []*session
	for _, s := range ch.sessions {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *session) int { return a.id - b.id })
	return all
}

// banner is the line that some sessions put behind every reply.
func (ch *Chassis) banner(s *session) string {
	if ch.profile.Banner != "cli" {
		return ""
	}
	var p page
	p.open("cli")
	p.leaf("banner", s.prompt())
	p.close("cli")
	return p.String()
}

// prompt is the line above a CLI prompt: {master:0}.
func (s *session) prompt() string {
	word := "linecard"
	switch {
	case s.member.standalone(), s.member.isPrimary():
		word = strings.ToLower(s.ch.profile.RoleWord)
	case s.member.roleNow() == roleBackup:
		word = "backup"
	}
	return fmt.Sprintf("{%s:%d}", word, s.member.slot())
}
