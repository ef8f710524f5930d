// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strings"
)

// The replies of a chassis of two members, from which tests depart.

func member(id int, status, role, rest string) string {
	return fmt.Sprintf("<member><member-status>%s</member-status><member-id>%d</member-id><fpc-slot>(FPC %d)</fpc-slot>"+
		"<member-serial-number>XX000%d</member-serial-number><member-model>ex4400-24t</member-model>%s"+
		"<member-role>%s</member-role></member>\n", status, id, id, id, rest, role)
}

const priority = "<member-priority>129</member-priority><member-mixed-mode>N</member-mixed-mode>"

func chassisReply(preprovisioned bool, members ...string) string {
	head, tail := "virtual-chassis-id-information", "<next-member-information><next-member-id>2</next-member-id></next-member-information>"
	if preprovisioned {
		head, tail = "preprovisioned-virtual-chassis-information", ""
	}
	return "\n<virtual-chassis-information>\n<" + head + `>
<virtual-chassis-id>0123.4567.89ab</virtual-chassis-id>
<virtual-chassis-mode>Enabled</virtual-chassis-mode>
</` + head + `>
<member-list junos:style="single-slot">
` + strings.Join(members, "") + "</member-list>" + tail + "\n</virtual-chassis-information>\n"
}

func twoMembers() string {
	return chassisReply(false, member(0, "Prsnt", "Master*", priority), member(1, "Prsnt", "Backup", priority))
}

func softwareItem(engine, version, rest string) string {
	if version != "" {
		version = "<junos-version>" + version + "</junos-version>"
	}
	return "<multi-routing-engine-item><re-name>" + engine + "</re-name><software-information><host-name>sw1</host-name>" +
		"<product-model>ex4400-24t</product-model>" + version + rest + "</software-information></multi-routing-engine-item>"
}

func engines(items ...string) string {
	return "<multi-routing-engine-results>" + strings.Join(items, "\n") + "</multi-routing-engine-results>"
}

func twoVersions() string {
	return engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""))
}

func configuration(system string) string {
	return `<configuration junos:commit-seconds="1767225600" junos:commit-localtime="2026-01-01 00:00:00 UTC" junos:commit-user="rick">` +
		system + "</configuration>"
}

func historyEntry(n int, user, seconds, comment, log string) string {
	if comment != "" {
		comment = "<comment>" + comment + "</comment>"
	}
	if log != "" {
		log = "<log>" + log + "</log>"
	}
	if seconds != "" {
		seconds = ` junos:seconds="` + seconds + `"`
	}
	return fmt.Sprintf("<commit-history><sequence-number>%d</sequence-number><user>%s</user><client>netconf</client>"+
		"<date-time%s>2026-01-01 00:00:00 UTC</date-time>%s%s</commit-history>", n, user, seconds, comment, log)
}

func history(entries ...string) string {
	return "<commit-information>" + strings.Join(entries, "") + "</commit-information>"
}

func clock(seconds, text string) string {
	if seconds != "" {
		seconds = ` junos:seconds="` + seconds + `"`
	}
	return "<system-uptime-information><current-time><date-time" + seconds + ">" + text + "</date-time></current-time></system-uptime-information>"
}

// reads answers everything that Read asks, with a change.
func reads(operation string, reply string) answers {
	a := answers{
		"get-virtual-chassis-information": says(twoMembers()),
		"get-software-information":        says(twoVersions()),
		"get-configuration":               says(configuration("<system><services><ssh/></services></system>")),
		"get-commit-information":          says(history(historyEntry(0, "rick", "1767225600", "", ""))),
		"get-system-uptime-information":   says(clock("1767225660", "2026-01-01 00:01:00 UTC")),
	}
	if operation != "" {
		a[operation] = says(reply)
	}
	return a
}
