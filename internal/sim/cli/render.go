// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

const rule = "--------------------------------------------------------------------------"

// firstElement is the first element of that name at any depth.
func firstElement(e *etree.Element, name string) *etree.Element { return e.FindElement(".//" + name) }

// eachMember heads what every member answers with its name.
func eachMember(root *etree.Element, name string, one func(*etree.Element) string) string {
	items := root.FindElements(".//multi-routing-engine-item")
	if len(items) == 0 {
		if e := firstElement(root, name); e != nil {
			return one(e)
		}
		return ""
	}
	var parts []string
	for _, item := range items {
		text := childText(item, "re-name") + ":\n" + rule + "\n"
		if e := firstElement(item, name); e != nil {
			text += one(e)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

func renderVersion(root *etree.Element) string {
	return eachMember(root, "software-information", func(e *etree.Element) string {
		var b strings.Builder
		fmt.Fprintf(&b, "Hostname: %s\nModel: %s\nJunos: %s\n", childText(e, "host-name"), childText(e, "product-model"), childText(e, "junos-version"))
		if e.SelectElement("fips") != nil {
			b.WriteString("System conforms to FIPS requirements\n")
		}
		for _, p := range e.SelectElements("package-information") {
			b.WriteString(childText(p, "comment") + "\n")
		}
		return b.String()
	})
}

func renderVirtualChassis(root *etree.Element) string {
	var b strings.Builder
	head := firstElement(root, "virtual-chassis-id-information")
	if e := firstElement(root, "preprovisioned-virtual-chassis-information"); e != nil {
		head = e
		b.WriteString("\nPreprovisioned Virtual Chassis")
	}
	fmt.Fprintf(&b, "\nVirtual Chassis ID: %s\nVirtual Chassis Mode: %s\n", childText(head, "virtual-chassis-id"), childText(head, "virtual-chassis-mode"))
	b.WriteString("                                                Mstr           Mixed Route Neighbor List\n")
	b.WriteString("Member ID  Status   Serial No    Model          prio  Role      Mode  Mode ID  Interface\n")
	for _, m := range root.FindElements(".//member-list/member") {
		writeMember(&b, m)
	}
	if next := firstElement(root, "next-member-information"); next != nil {
		fmt.Fprintf(&b, "\nMember ID for next new member: %s (FPC %s)\n", childText(next, "next-member-id"), childText(next, "next-fpc-slot"))
	}
	return b.String()
}

// writeMember prints one line, and one more for every further neighbour.
func writeMember(b *strings.Builder, m *etree.Element) {
	id := childText(m, "member-id") + " " + childText(m, "fpc-slot")
	line := fmt.Sprintf("%-10s %-8s %-12s %-14s %3s   %-12s %-2s %-4s", id, childText(m, "member-status"),
		childText(m, "member-serial-number"), childText(m, "member-model"), childText(m, "member-priority"),
		childText(m, "member-role"), childText(m, "member-mixed-mode"), childText(m, "member-route-mode"))
	neighbors := m.FindElements("neighbor-list/neighbor")
	for i, n := range neighbors {
		if i > 0 {
			line = strings.Repeat(" ", len(line))
		}
		fmt.Fprintf(b, "%s%2s  %s\n", line, childText(n, "neighbor-id"), childText(n, "neighbor-interface"))
	}
	if len(neighbors) == 0 {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func renderCommits(root *etree.Element) string {
	var b strings.Builder
	for _, e := range root.FindElements(".//commit-history") {
		fmt.Fprintf(&b, "%-3s %s\n", childText(e, "sequence-number"), madeBy(e))
		if log := childText(e, "log"); log != "" {
			b.WriteString("    " + log + "\n")
		}
	}
	return b.String()
}

func renderRevision(root *etree.Element) string {
	var b strings.Builder
	for _, line := range [][2]string{{"Revision", "revision"}, {"User", "user"}, {"Client", "client"}, {"Time", "date-time"}, {"Comment", "comment"}} {
		if value := root.FindElement(".//" + line[1]); value != nil {
			fmt.Fprintf(&b, "%s: %s\n", line[0], value.Text())
		}
	}
	return b.String()
}

func renderUptime(root *etree.Element) string {
	return eachMember(root, "system-uptime-information", func(e *etree.Element) string {
		ago := childText(e, "system-booted-time/time-length")
		return fmt.Sprintf("Current time: %s\nSystem booted: %s (%s ago)\n%s  up %s, load averages: 0.05, 0.06, 0.05\n",
			childText(e, "current-time/date-time"), childText(e, "system-booted-time/date-time"), ago,
			childText(e, "uptime-information/date-time"), childText(e, "uptime-information/up-time"))
	})
}

// renderAuthorization shows what a login class may do, in the layout of "show cli
// authorization".
func renderAuthorization(root *etree.Element) string {
	var b strings.Builder
	user := childText(root, ".//user-name")
	fmt.Fprintf(&b, "Current user: '%s' login: '%s' class '%s'\nPermissions:\n", user, user, childText(root, ".//class-name"))
	for _, p := range root.FindElements(".//permission") {
		fmt.Fprintf(&b, "    %s\n", strings.TrimSpace(p.Text()))
	}
	b.WriteString("Individual command authorization:\n")
	for _, kind := range []string{"Allow", "Deny", "Allow configuration"} {
		fmt.Fprintf(&b, "    %s regular expression: none\n", kind)
	}
	fmt.Fprintf(&b, "    Deny configuration regular expression: %s\n", cmp.Or(childText(root, ".//deny-configuration"), "none"))
	return b.String()
}

func renderUsers(root *etree.Element) string {
	var b strings.Builder
	users := root.FindElements(".//user-entry")
	fmt.Fprintf(&b, "%d users\nUSER     TTY      FROM                              LOGIN@  IDLE WHAT\n", len(users))
	for _, u := range users {
		tty := childText(u, "tty")
		if tty == "" {
			tty = "-"
		}
		fmt.Fprintf(&b, "%-8s %-8s %-32s %7s     - %s\n", childText(u, "user"), tty, childText(u, "from"), childText(u, "login-time"), childText(u, "command"))
	}
	return b.String()
}

func renderHardware(root *etree.Element) string {
	var b strings.Builder
	b.WriteString("Hardware inventory:\nItem             Version  Part number  Serial number     Description\n")
	row := func(e *etree.Element) {
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%-16s %-8s %-12s %-17s %s", childText(e, "name"), childText(e, "version"),
			childText(e, "part-number"), childText(e, "serial-number"), childText(e, "description")), " "))
	}
	if c := firstElement(root, "chassis"); c != nil {
		row(c)
		for _, m := range c.SelectElements("chassis-module") {
			row(m)
		}
	}
	return b.String()
}

func renderRoutingEngine(root *etree.Element) string {
	var b strings.Builder
	b.WriteString("Routing Engine status:\n")
	for _, e := range root.FindElements(".//route-engine") {
		fmt.Fprintf(&b, "  Slot %s:\n", childText(e, "slot"))
		for _, row := range [][2]string{
			{"Current state", capitalize(childText(e, "mastership-state"))},
			{"Temperature", childText(e, "temperature")},
			{"DRAM", childText(e, "memory-dram-size")},
			{"Memory utilization", childText(e, "memory-buffer-utilization") + " percent"},
			{"Model", childText(e, "model")},
			{"Serial ID", childText(e, "serial-number")},
			{"Start time", childText(e, "start-time")},
			{"Uptime", childText(e, "up-time")},
			{"Last reboot reason", childText(e, "last-reboot-reason")},
		} {
			fmt.Fprintf(&b, "    %-31s %s\n", row[0], row[1])
		}
	}
	return b.String()
}

func capitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func renderSystem(root *etree.Element) string {
	e := firstElement(root, "system-information")
	return fmt.Sprintf("Model: %s\nFamily: %s\nJunos: %s\nHostname: %s\n", childText(e, "hardware-model"), childText(e, "os-name"),
		childText(e, "os-version"), childText(e, "host-name"))
}

// renderOutput prints replies that are text already.
func renderOutput(root *etree.Element) string {
	var b strings.Builder
	for _, path := range []string{".//output", ".//configuration-output", ".//file-content", ".//request-reboot-status"} {
		for _, e := range root.FindElements(path) {
			b.WriteString(strings.TrimPrefix(e.Text(), "\n"))
		}
	}
	return b.String()
}

// renderEditors names who works on the configuration.
func renderEditors(root *etree.Element) string {
	text := editorLines(root)
	if text == "" {
		return "No users are currently editing the configuration\n"
	}
	return "Users currently editing the configuration:\n" + text
}

func editorLines(root *etree.Element) string {
	var b strings.Builder
	for _, e := range root.FindElements(".//database-status") {
		fmt.Fprintf(&b, "  %s terminal %s (pid %s) on since %s, idle %s\n", childText(e, "user"), childText(e, "terminal"),
			childText(e, "pid"), childText(e, "start-time"), childText(e, "idle-time"))
		where := childText(e, "edit-path")
		if e.SelectElement("exclusive") != nil {
			where = "exclusive " + where
		}
		b.WriteString("      " + where + "\n")
	}
	return b.String()
}
