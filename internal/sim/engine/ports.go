// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Port is a physical interface. No cable is in any but the management's.
type Port struct {
	Name, Speed string
	MTU         int
	Up          bool
	Units       []Unit
}

// Unit is a logical interface: its family and addresses.
type Unit struct {
	Name, Family string
	Addresses    []string
}

// Matches matches a name, of the port or of a unit, or a pattern of names.
func (p Port) Matches(want string) bool {
	flat := func(s string) string { return strings.ReplaceAll(s, "/", ":") } // a star stands for slashes too
	name, logical, _ := strings.Cut(want, ".")
	ok, err := path.Match(flat(name), flat(p.Name))
	return err == nil && ok && (logical == "" || slices.ContainsFunc(p.Units, func(u Unit) bool { return u.Name == p.Name+"."+logical }))
}

// Ports are those of all members that are present, and the interfaces without a
// port: those that every switch has, and aggregates that are configured.
func (m *Member) Ports() []Port {
	members := m.Chassis.Present()
	if m.IsStandalone() {
		members = []*Member{m}
	}
	var all []Port
	tree := m.ActiveTree()
	for _, member := range members {
		kind, count := portsOf(member.Model())
		for i := range count {
			name := fmt.Sprintf("%s-%d/0/%d", kind, member.Slot(), i)
			all = append(all, Port{Name: name, Speed: "Auto", MTU: 1514, Units: unitsOf(tree, name)})
		}
	}
	for _, name := range tree.List("interfaces") {
		if aggregate.MatchString(name) {
			all = append(all, Port{Name: name, Speed: "Unspecified", MTU: 1514, Units: unitsOf(tree, name)})
		}
	}
	for _, name := range []string{"dsc", "irb", "lo0", "me0"} {
		all = append(all, Port{Name: name, MTU: 1514, Up: true, Units: unitsOf(tree, name)})
	}
	return append(all, Port{Name: "vme", Speed: "1000mbps", MTU: 1514, Up: true, Units: unitsOf(tree, "vme")})
}

var aggregate = regexp.MustCompile(`^ae\d+$`)

// InternalPort is where members reach each other.
func (m *Member) InternalPort() Port {
	addresses := []string{fmt.Sprintf("128.0.0.%d/2", 16+m.Slot())}
	if m.IsPrimary() || m.IsStandalone() {
		addresses = append(addresses, "128.0.0.1/2")
	}
	return Port{Name: "bme0", Speed: "1000mbps", MTU: 1514, Up: true, Units: []Unit{{"bme0.0", "inet", addresses}}}
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

// unitsOf are the logical interfaces that the configuration gives a port.
func unitsOf(tree *conf.Tree, name string) []Unit {
	var all []Unit
	for _, number := range tree.List("interfaces", name, "unit") {
		at := []string{"interfaces", name, "unit", number, "family"}
		u := Unit{Name: name + "." + number, Addresses: tree.List(append(at, "inet", "address")...)}
		if len(u.Addresses) > 0 {
			u.Family = "inet"
		} else if _, ok := tree.Get(append(at, "ethernet-switching")...); ok {
			u.Family = "eth-switch"
		}
		all = append(all, u)
	}
	return all
}
