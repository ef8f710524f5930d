// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// writing makes a command of an RPC that says little or nothing when it succeeds; its arguments are the RPC's, in order.
func writing(rpc string, arguments ...string) func(*session, call) (result, error) {
	return func(s *session, c call) (result, error) {
		inside := ""
		for i, name := range arguments {
			inside += elementXML(name, c.args[i])
		}
		return s.renderRPC(c, "<"+rpc+">"+inside+"</"+rpc+">", renderOutput)
	}
}

// reboot asks before it takes the switch down.
func reboot(s *session, c call) (result, error) {
	if !s.batch && !s.askYesNo("Reboot the system ?", "no") {
		return result{}, nil
	}
	inside := ""
	switch {
	case len(c.args) > 0:
		inside = elementXML("member", c.args[0])
	case strings.HasSuffix(c.path, " all-members"):
		inside = "<all-members/>"
	}
	return s.renderRPC(c, "<request-reboot>"+inside+"</request-reboot>", renderOutput)
}

// showConnections lists the ports on which a switch listens, as netstat does. Its own
// connections are none of its state.
func showConnections(s *session, _ call) (result, error) {
	const row = "%-5s %6s %6s  %-22s %-22s %s\n"
	text := "Active Internet connections (including servers)\n" + fmt.Sprintf(row, "Proto", "Recv-Q", "Send-Q", "Local Address", "Foreign Address", "(state)")
	for _, port := range s.dev.Status().Ports {
		text += fmt.Sprintf(row, "tcp4", "0", "0", "*."+port, "*.*", "LISTEN")
	}
	return result{text: text}, nil
}

func renderPorts(root *etree.Element) string {
	const head = "Interface   Type              Trunk  Status       Speed        Neighbor\n" +
		"or                             ID                (mbps)       ID  Interface\nPIC / Port\n"
	return eachMember(root, "virtual-chassis-port-information", func(ports *etree.Element) string {
		return head + eachText(ports, "port-information", "%-11s Configured         -1    %-12s %-12s %s   %s\n", "port-name", "port-status", "port-speed",
			"neighbor-id", "neighbor-interface")
	})
}

func renderStorage(root *etree.Element) string {
	return eachMember(root, "system-storage-information", func(storage *etree.Element) string {
		text := "Filesystem              Size       Used      Avail  Capacity   Mounted on\n"
		for _, e := range storage.SelectElements("filesystem") {
			size := func(name string) string { return e.FindElement(name).SelectAttrValue("format", "") }
			text += fmt.Sprintf("%-20s %7s %10s %10s %8s%%  %s\n", childText(e, "filesystem-name"), size("total-blocks"), size("used-blocks"),
				size("available-blocks"), childText(e, "used-percent"), childText(e, "mounted-on"))
		}
		return text
	})
}

// freeSpace is what df -k prints of this member.
func freeSpace(root *etree.Element) string {
	text := "Filesystem    1024-blocks     Used    Avail Capacity  Mounted on\n"
	for _, e := range root.FindElements(".//filesystem") {
		kilobytes := func(name string) int { n, _ := strconv.Atoi(childText(e, name)); return n / 2 }
		text += fmt.Sprintf("%-13s %11d %8d %8d %7s%%  %s\n", childText(e, "filesystem-name"), kilobytes("total-blocks"), kilobytes("used-blocks"),
			kilobytes("available-blocks"), childText(e, "used-percent"), childText(e, "mounted-on"))
	}
	return text
}
