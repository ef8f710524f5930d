// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

func renderAlarms(*etree.Element) string { return "No alarms currently active\n" }

func renderARP(root *etree.Element) string {
	return "MAC Address       Address         Name                      Interface               Flags\n" +
		"Total entries: " + childText(root, ".//arp-entry-count") + "\n"
}

func renderLLDP(*etree.Element) string {
	return "Local Interface    Parent Interface    Chassis Id          Port info          System Name\n"
}

// renderVLANs writes a VLAN on one line and its interfaces below it.
func renderVLANs(root *etree.Element) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-23s %-13s %-8s %s\n", "Routing instance", "VLAN name", "Tag", "Interfaces")
	for _, v := range root.FindElements(".//l2ng-l2ald-vlan-instance-group") {
		b.WriteString(formatTexts(v, "%-23s %-13s %-8s\n", "l2ng-l2rtb-name", "l2ng-l2rtb-vlan-name", "l2ng-l2rtb-vlan-tag"))
		b.WriteString(eachText(v, "l2ng-l2rtb-vlan-member/l2ng-l2rtb-vlan-member-interface", strings.Repeat(" ", 47)+"%s\n", "."))
	}
	return b.String()
}
