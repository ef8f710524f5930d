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

// getInterfaces lists the management interface and, in the private routing
// instance, the internal addresses by which a member knows itself.
func (n *netconf) getInterfaces(op *etree.Element) reply {
	name, addresses := "vme", n.s.member.config().List("interfaces", "vme", "unit", "0", "family", "inet", "address")
	if childText(op, "routing-instance") == "__juniper_private1__" {
		name, addresses = "bme0", []string{fmt.Sprintf("128.0.0.%d/2", 16+n.s.member.slot())}
		if n.s.member.isPrimary() || n.s.member.standalone() {
			addresses = append(addresses, "128.0.0.1/2")
		}
	}
	if want := childText(op, "interface-name"); want != "" && want != name {
		return failure(rpcError{Message: "\ndevice " + want + " not found\n"})
	}
	p := n.page()
	p.open("interface-information", "xmlns", n.namespace()+"-interface", "junos:style", "terse")
	p.open("physical-interface")
	p.status(name)
	p.open("logical-interface")
	p.status(name + ".0")
	p.open("address-family")
	p.leaf("address-family-name", "inet")
	for _, a := range addresses {
		p.open("interface-address")
		p.leaf("ifa-local", a)
		p.close("interface-address")
	}
	p.close("address-family")
	p.close("logical-interface")
	p.close("physical-interface")
	p.close("interface-information")
	return reply{body: p.String()}
}

func (p *page) status(name string) {
	p.leaf("name", name)
	p.leaf("admin-status", "up")
	p.leaf("oper-status", "up")
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
