// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// renderInterfaces writes the table of a terse reply, or a paragraph an interface.
func renderInterfaces(root *etree.Element) string {
	if info := firstElement(root, "interface-information"); info == nil || info.SelectAttrValue("style", "") != "terse" {
		return renderInterfacesInFull(root)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-24s%-6s%-5s%-9s%-22s%s\n", "Interface", "Admin", "Link", "Proto", "Local", "Remote")
	for _, e := range root.FindElements(".//physical-interface") {
		writeInterface(&b, e, "", "")
		for _, unit := range e.SelectElements("logical-interface") {
			writeInterface(&b, unit, childText(unit, "address-family/address-family-name"), childText(unit, "address-family/interface-address/ifa-local"))
		}
	}
	return b.String()
}

func renderInterfacesInFull(root *etree.Element) string {
	var all []string
	for _, e := range root.FindElements(".//physical-interface") {
		var b strings.Builder
		enabled := map[string]string{"up": "Enabled", "down": "Administratively down"}[childText(e, "admin-status")]
		fmt.Fprintf(&b, "Physical interface: %s, %s, Physical link is %s\n", childText(e, "name"), enabled, capitalize(childText(e, "oper-status")))
		if text := childText(e, "description"); text != "" {
			fmt.Fprintf(&b, "  Description: %s\n", text)
		}
		fmt.Fprintf(&b, "  Link-level type: Ethernet, MTU: %s", childText(e, "mtu"))
		if speed := childText(e, "speed"); speed != "" {
			fmt.Fprintf(&b, ", Speed: %s", speed)
		}
		b.WriteString("\n")
		for _, unit := range e.SelectElements("logical-interface") {
			fmt.Fprintf(&b, "\n  Logical interface %s\n    Protocol %s\n", childText(unit, "name"), childText(unit, "address-family/address-family-name"))
			for _, address := range unit.FindElements("address-family/interface-address") {
				fmt.Fprintf(&b, "        Destination: %s, Local: %s, Broadcast: Unspecified\n", childText(address, "ifa-destination"), childText(address, "ifa-local"))
			}
		}
		all = append(all, b.String())
	}
	return strings.Join(all, "\n")
}

func writeInterface(b *strings.Builder, e *etree.Element, family, local string) {
	line := fmt.Sprintf("%-24s%-6s%-5s%-9s%s", childText(e, "name"), childText(e, "admin-status"), childText(e, "oper-status"), family, local)
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
