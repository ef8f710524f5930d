// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"cmp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// getARP is empty: the members forward nothing and hear nobody.
func (n *netconfSession) getARP(*etree.Element) reply {
	p := n.newPage()
	p.open("arp-table-information", "xmlns", n.dataNamespace("-arp"), "junos:style", "normal")
	p.leaf("arp-entry-count", "0")
	p.close("arp-table-information")
	return reply{body: p.String()}
}

// getLLDP is empty for the same reason.
func (n *netconfSession) getLLDP(*etree.Element) reply {
	p := n.newPage()
	p.open("lldp-neighbors-information", "junos:style", "brief")
	p.close("lldp-neighbors-information")
	return reply{body: p.String()}
}

func (n *netconfSession) getAlarms(*etree.Element) reply {
	p := n.newPage()
	p.open("alarm-information", "xmlns", n.dataNamespace("-alarm"))
	p.open("alarm-summary")
	p.empty("no-active-alarms")
	p.close("alarm-summary")
	p.close("alarm-information")
	return reply{body: p.String()}
}

// getVLANs lists the VLANs of the active configuration, with the interfaces that
// name them, in the form of the switches that have enhanced Layer 2 software.
func (n *netconfSession) getVLANs(*etree.Element) reply {
	tree := n.s.Member.ActiveTree()
	p := n.newPage()
	p.open("l2ng-l2ald-vlan-instance-information", "xmlns", n.dataNamespace("-l2ald"), "junos:style", "brief")
	names := tree.List("vlans")
	slices.SortStableFunc(names, cmp.Compare[string])
	ports := switchedPorts(tree)
	for _, name := range names {
		tag, _ := tree.Get("vlans", name, "vlan-id")
		p.open("l2ng-l2ald-vlan-instance-group", "junos:style", "brief")
		p.leaf("l2ng-l2rtb-name", "default-switch")
		p.leaf("l2ng-l2rtb-vlan-name", name)
		p.leaf("l2ng-l2rtb-vlan-tag", cmp.Or(tag, "NA"))
		p.open("l2ng-l2rtb-vlan-member")
		for _, port := range ports {
			if slices.Contains(port.vlans, name) || tag != "" && slices.Contains(port.vlans, tag) || slices.Contains(port.vlans, "all") {
				p.leaf("l2ng-l2rtb-vlan-member-interface", port.name)
			}
		}
		p.close("l2ng-l2rtb-vlan-member")
		p.close("l2ng-l2ald-vlan-instance-group")
	}
	p.close("l2ng-l2ald-vlan-instance-information")
	return reply{body: p.String()}
}

// switchedPort is a logical interface of family ethernet-switching and the VLANs
// that it names.
type switchedPort struct {
	name  string
	vlans []string
}

func switchedPorts(tree *conf.Tree) []switchedPort {
	var ports []switchedPort
	for _, name := range tree.List("interfaces") {
		for _, unit := range tree.List("interfaces", name, "unit") {
			at := []string{"interfaces", name, "unit", unit, "family", "ethernet-switching"}
			if vlans := tree.List(append(at, "vlan", "members")...); len(vlans) > 0 {
				ports = append(ports, switchedPort{strings.Join([]string{name, unit}, "."), vlans})
			}
		}
	}
	return ports
}

// getMACTable is empty; its form tells clients what kind of switch this is.
func (n *netconfSession) getMACTable(*etree.Element) reply {
	p := n.newPage()
	p.open("l2ng-l2ald-rtb-macdb")
	p.close("l2ng-l2ald-rtb-macdb")
	return reply{body: p.String()}
}
