// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// getInterfaces lists the network ports of the members that are present and the
// management interface; in the private routing instance, the internal addresses by
// which a member knows itself.
func (n *netconfSession) getInterfaces(op *etree.Element) reply {
	all := n.s.Member.Ports()
	if childText(op, "routing-instance") == "__juniper_private1__" {
		all = []engine.Port{n.s.Member.InternalPort()}
	}
	want := childText(op, "interface-name")
	all = slices.DeleteFunc(all, func(p engine.Port) bool { return want != "" && !p.Matches(want) })
	if want != "" && len(all) == 0 {
		return errorReply(rpcError{Message: "\ndevice " + want + " not found\n"})
	}
	style := "normal"
	if hasElement(op, "terse") {
		style = "terse"
	}
	p, tree := n.newPage(), n.s.Member.ActiveTree()
	p.open("interface-information", "xmlns", n.dataNamespace("-interface"), "junos:style", style)
	for _, one := range all {
		p.writePort(one, tree, !hasElement(op, "terse"))
	}
	p.close("interface-information")
	return reply{body: p.String()}
}

func (p *page) writePort(one engine.Port, tree *conf.Tree, full bool) {
	_, disabled := tree.Get("interfaces", one.Name, "disable")
	p.open("physical-interface")
	p.writeStatus(one.Name, !disabled, one.Up && !disabled)
	if text, _ := tree.Get("interfaces", one.Name, "description"); text != "" {
		p.lineLeaf("description", text)
	}
	if full {
		p.lineLeaf("mtu", itoa(one.MTU))
		p.lineLeaf("speed", one.Speed)
	}
	for _, u := range one.Units {
		p.open("logical-interface")
		p.writeStatus(u.Name, !disabled, one.Up && !disabled)
		p.writeFamily(u, full)
		p.close("logical-interface")
	}
	p.close("physical-interface")
}

func (p *page) writeFamily(u engine.Unit, full bool) {
	if u.Family == "" {
		return
	}
	p.open("address-family")
	p.lineLeaf("address-family-name", u.Family)
	for _, a := range u.Addresses {
		p.open("interface-address")
		if prefix, err := netip.ParsePrefix(a); err == nil && full {
			p.lineLeaf("ifa-destination", shortNetwork(prefix))
			a = prefix.Addr().String()
		}
		p.lineLeaf("ifa-local", a)
		p.close("interface-address")
	}
	p.close("address-family")
}

// shortNetwork leaves out the octets that its length does not reach: 192.0.2/24.
func shortNetwork(of netip.Prefix) string {
	network := of.Masked().Addr().String()
	if of.Addr().Is4() {
		network = strings.Join(strings.Split(network, ".")[:max(1, (of.Bits()+7)/8)], ".")
	}
	return network + "/" + itoa(of.Bits())
}

func (p *page) writeStatus(name string, enabled, up bool) {
	word := map[bool]string{true: "up", false: "down"}
	p.lineLeaf("name", name)
	p.lineLeaf("admin-status", word[enabled])
	p.lineLeaf("oper-status", word[up])
}

// lineLeaf writes a value on a line of its own, as this reply has them.
func (p *page) lineLeaf(name, value string) {
	if value != "" {
		p.leaf(name, "\n"+value+"\n")
	}
}
