// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// addAbsent adds words that Junos has and the simulator does not, in their places. They
// say so: a syntax error would be a lie.
func addAbsent(grammar []command, absent ...string) []command {
	for _, word := range absent {
		grammar = append(grammar, command{word: word, help: "Not simulated", rest: true, run: refuseAbsent})
	}
	slices.SortFunc(grammar, func(a, b command) int { return cmp.Compare(a.word, b.word) })
	return grammar
}

func refuseAbsent(_ *session, c call) (result, error) {
	return result{}, &Error{Message: "not simulated: " + c.path, Column: -1, Absent: true}
}

func interfaceCommands() []command {
	return []command{
		{word: "<interface-name>", help: "Name of physical or logical interface", rest: true, run: refuseAbsent},
		{word: "terse", help: "Display terse output", show: get("get-interface-information", renderInterfaces).asking("<terse/>")},
	}
}

func renderInterfaces(root *etree.Element) string {
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

func writeInterface(b *strings.Builder, e *etree.Element, family, local string) {
	line := fmt.Sprintf("%-24s%-6s%-5s%-9s%s", childText(e, "name"), childText(e, "admin-status"), childText(e, "oper-status"), family, local)
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
