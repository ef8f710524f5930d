// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// hostsFile names the members' internal addresses.
const hostsFile = "/etc/hosts.junos"

func (ch *Chassis) hosts() string {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n128.0.0.1 master\n128.0.0.63 localre\n")
	for id := range 10 {
		fmt.Fprintf(&b, "128.0.0.%d fpc%d\n", 16+id, id)
	}
	return b.String()
}

// getMACTable is empty; its form tells clients what kind of switch this is.
func (n *netconf) getMACTable(*etree.Element) reply {
	p := n.page()
	p.open("l2ng-l2ald-rtb-macdb")
	p.close("l2ng-l2ald-rtb-macdb")
	return reply{body: p.String()}
}

// home resolves a leading tilde.
func (s *session) home(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok {
		return path
	}
	if s.root() {
		return "/root/" + strings.TrimPrefix(rest, "/")
	}
	return "/var/home/" + s.user.Name + "/" + strings.TrimPrefix(rest, "/")
}
