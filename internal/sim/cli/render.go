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

// formatTexts fills a format with the texts of children of e, by their paths.
func formatTexts(e *etree.Element, format string, paths ...string) string {
	texts := make([]any, len(paths))
	for i, path := range paths {
		texts[i] = childText(e, path)
	}
	return fmt.Sprintf(format, texts...)
}

// eachText is such a line for every element that is found.
func eachText(root *etree.Element, at, format string, paths ...string) string {
	text := ""
	for _, e := range root.FindElements(at) {
		text += formatTexts(e, format, paths...)
	}
	return text
}

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
		text := formatTexts(e, "Hostname: %s\nModel: %s\nJunos: %s\n", "host-name", "product-model", "junos-version")
		if e.SelectElement("fips") != nil {
			text += "System conforms to FIPS requirements\n"
		}
		return text + eachText(e, "package-information", "%s\n", "comment")
	})
}

func renderVirtualChassis(root *etree.Element) string {
	var b strings.Builder
	head := firstElement(root, "virtual-chassis-id-information")
	if e := firstElement(root, "preprovisioned-virtual-chassis-information"); e != nil {
		head = e
		b.WriteString("\nPreprovisioned Virtual Chassis")
	}
	b.WriteString(formatTexts(head, "\nVirtual Chassis ID: %s\nVirtual Chassis Mode: %s\n", "virtual-chassis-id", "virtual-chassis-mode"))
	b.WriteString("                                                Mstr           Mixed Route Neighbor List\n")
	b.WriteString("Member ID  Status   Serial No    Model          prio  Role      Mode  Mode ID  Interface\n")
	for _, m := range root.FindElements(".//member-list/member") {
		writeMember(&b, m)
	}
	return b.String() + eachText(root, ".//next-member-information", "\nMember ID for next new member: %s (FPC %s)\n", "next-member-id", "next-fpc-slot")
}

// writeMember prints one line, and one more for every further neighbour.
func writeMember(b *strings.Builder, m *etree.Element) {
	line := fmt.Sprintf("%-10s", formatTexts(m, "%s %s", "member-id", "fpc-slot")) + formatTexts(m, " %-8s %-12s %-14s %3s   %-12s %-2s %-4s", "member-status",
		"member-serial-number", "member-model", "member-priority", "member-role", "member-mixed-mode", "member-route-mode")
	neighbors := m.FindElements("neighbor-list/neighbor")
	for i, n := range neighbors {
		if i > 0 {
			line = strings.Repeat(" ", len(line))
		}
		b.WriteString(line + formatTexts(n, "%2s  %s\n", "neighbor-id", "neighbor-interface"))
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
		return formatTexts(e, "Current time: %s\nSystem booted: %s (%s ago)\n%s  up %s, load averages: 0.05, 0.06, 0.05\n", "current-time/date-time",
			"system-booted-time/date-time", "system-booted-time/time-length", "uptime-information/date-time", "uptime-information/up-time")
	})
}

// renderAuthorization shows what a login class may do, in the layout of "show cli
// authorization".
func renderAuthorization(root *etree.Element) string {
	var b strings.Builder
	b.WriteString(formatTexts(root, "Current user: '%s' login: '%s' class '%s'\nPermissions:\n", ".//user-name", ".//user-name", ".//class-name"))
	b.WriteString(eachText(root, ".//permission", "    %s\n", "."))
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
	text := "Hardware inventory:\nItem             Version  Part number  Serial number     Description\n"
	for _, at := range []string{".//chassis", ".//chassis-module"} {
		text += eachText(root, at, "%-16s %-8s %-12s %-17s %s\n", "name", "version", "part-number", "serial-number", "description")
	}
	return text
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
	return eachText(root, ".//system-information", "Model: %s\nFamily: %s\nJunos: %s\nHostname: %s\n", "hardware-model", "os-name", "os-version", "host-name")
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
