// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// port is a physical interface. No cable is in any but the management's.
type port struct {
	name, speed string
	mtu         int
	up          bool
	units       []unit
}

// unit is a logical interface: its family and addresses.
type unit struct {
	name, family string
	addresses    []string
}

// getInterfaces lists the network ports of the members that are present and the
// management interface; in the private routing instance, the internal addresses by
// which a member knows itself.
func (n *netconf) getInterfaces(op *etree.Element) reply {
	all := n.s.member.ports()
	if childText(op, "routing-instance") == "__juniper_private1__" {
		all = []port{n.s.member.internalPort()}
	}
	want := childText(op, "interface-name")
	all = slices.DeleteFunc(all, func(p port) bool { return want != "" && !p.named(want) })
	if want != "" && len(all) == 0 {
		return failure(rpcError{Message: "\ndevice " + want + " not found\n"})
	}
	style := "normal"
	if has(op, "terse") {
		style = "terse"
	}
	p, tree := n.page(), n.s.member.config()
	p.open("interface-information", "xmlns", n.namespace()+"-interface", "junos:style", style)
	for _, one := range all {
		p.port(one, tree, !has(op, "terse"))
	}
	p.close("interface-information")
	return reply{body: p.String()}
}

// named matches a name, of the port or of a unit, or a pattern of names.
func (p port) named(want string) bool {
	flat := func(s string) string { return strings.ReplaceAll(s, "/", ":") } // a star stands for slashes too
	name, logical, _ := strings.Cut(want, ".")
	ok, err := path.Match(flat(name), flat(p.name))
	return err == nil && ok && (logical == "" || slices.ContainsFunc(p.units, func(u unit) bool { return u.name == p.name+"."+logical }))
}

func (p *page) port(one port, tree *conf.Tree, full bool) {
	_, disabled := tree.Get("interfaces", one.name, "disable")
	p.open("physical-interface")
	p.status(one.name, !disabled, one.up && !disabled)
	if text, _ := tree.Get("interfaces", one.name, "description"); text != "" {
		p.leaf("description", text)
	}
	if full {
		p.leaf("mtu", itoa(one.mtu))
		p.leaf("speed", one.speed)
	}
	for _, u := range one.units {
		p.open("logical-interface")
		p.status(u.name, !disabled, one.up && !disabled)
		p.family(u)
		p.close("logical-interface")
	}
	p.close("physical-interface")
}

func (p *page) family(u unit) {
	if u.family == "" {
		return
	}
	p.open("address-family")
	p.leaf("address-family-name", u.family)
	for _, a := range u.addresses {
		p.open("interface-address")
		p.leaf("ifa-local", a)
		p.close("interface-address")
	}
	p.close("address-family")
}

func (p *page) status(name string, enabled, up bool) {
	word := map[bool]string{true: "up", false: "down"}
	p.leaf("name", name)
	p.leaf("admin-status", word[enabled])
	p.leaf("oper-status", word[up])
}

// ports are those of all members that are present, and the management's.
func (m *Member) ports() []port {
	members := m.ch.present()
	if m.standalone() {
		members = []*Member{m}
	}
	var all []port
	tree := m.config()
	for _, member := range members {
		kind, count := portsOf(get(member, func() string { return member.model }))
		for i := range count {
			name := fmt.Sprintf("%s-%d/0/%d", kind, member.slot(), i)
			all = append(all, port{name: name, speed: "Auto", mtu: 1514, units: units(tree, name)})
		}
	}
	return append(all, port{name: "vme", speed: "1000mbps", mtu: 1514, up: true, units: units(tree, "vme")})
}

// internalPort is where members reach each other.
func (m *Member) internalPort() port {
	addresses := []string{fmt.Sprintf("128.0.0.%d/2", 16+m.slot())}
	if m.isPrimary() || m.standalone() {
		addresses = append(addresses, "128.0.0.1/2")
	}
	return port{name: "bme0", speed: "1000mbps", mtu: 1514, up: true, units: []unit{{"bme0.0", "inet", addresses}}}
}

var portCount = regexp.MustCompile(`-(\d+)([a-z]*)`)

// portsOf reads a model's name: ex4400-24t has 24 ge ports, qfx5120-48y 48 xe.
func portsOf(model string) (kind string, count int) {
	found := portCount.FindStringSubmatch(strings.ToLower(model))
	if found == nil {
		return "", 0
	}
	count, err := strconv.Atoi(found[1])
	if err != nil || count > 128 {
		return "", 0
	}
	switch {
	case strings.HasPrefix(found[2], "c"):
		kind = "et"
	case strings.HasPrefix(found[2], "y"), strings.HasPrefix(found[2], "x"), strings.HasPrefix(found[2], "s") && strings.HasPrefix(model, "qfx"):
		kind = "xe"
	case strings.HasPrefix(found[2], "mp"):
		kind = "mge"
	default:
		kind = "ge"
	}
	return kind, count
}

// units are the logical interfaces that the configuration gives a port.
func units(tree *conf.Tree, name string) []unit {
	var all []unit
	for _, number := range tree.List("interfaces", name, "unit") {
		at := []string{"interfaces", name, "unit", number, "family"}
		u := unit{name: name + "." + number, addresses: tree.List(append(at, "inet", "address")...)}
		if len(u.addresses) > 0 {
			u.family = "inet"
		} else if _, ok := tree.Get(append(at, "ethernet-switching")...); ok {
			u.family = "eth-switch"
		}
		all = append(all, u)
	}
	return all
}
