// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"cmp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// What a switch says that forwards nothing, hears nobody and has no alarms; $ stands for the namespace of its data.
const (
	noARP = `<arp-table-information xmlns="$-arp" junos:style="normal">
<arp-entry-count>0</arp-entry-count>
</arp-table-information>
`
	noNeighbors = `<lldp-neighbors-information junos:style="brief">
</lldp-neighbors-information>
`
	noAlarms = `<alarm-information xmlns="$-alarm">
<alarm-summary>
<no-active-alarms/>
</alarm-summary>
</alarm-information>
`
	noMACs = `<l2ng-l2ald-rtb-macdb>
</l2ng-l2ald-rtb-macdb>
`
)

// always makes an operation that always says the same.
func always(body string) operation {
	return operation{engine.KindRead, func(n *netconfSession, _ *etree.Element) reply {
		return reply{body: strings.ReplaceAll(body, "$", n.dataNamespace(""))}
	}}
}

// getVLANs lists the VLANs of the active configuration, with the interfaces that
// name them, in the form of the switches that have enhanced Layer 2 software.
func (n *netconfSession) getVLANs(op *etree.Element) reply {
	tree := n.s.Member.ActiveTree()
	p := n.newPage()
	p.open("l2ng-l2ald-vlan-instance-information", "xmlns", n.dataNamespace("-l2ald"), "junos:style", "brief")
	names := tree.List("vlans")
	slices.SortStableFunc(names, cmp.Compare[string])
	ports := switchedPorts(tree)
	for _, name := range names {
		if want := childText(op, "vlan-name"); want != "" && want != name {
			continue
		}
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
