// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// ring is the drawing of a chassis: its members in a circle, in the order of
// their ids, the primary first. Records know no cabling, so the circle is
// only a picture; how a member's configuration travels is the line to it.
type ring struct {
	Height int
	Nodes  []node
	Links  []arc
	Label  string // in the middle
	Icon   outcome.State
	Title  string
	Desc   string
	More   int // members that found no place
}

type node struct {
	X, Y  int
	ID    int
	Role  string
	Class string // P primary, B backup, L linecard, U unknown, X not present
	Warn  bool
}

// arc joins two neighbours. Its class tells the transport.
type arc struct{ Path, Class string }

// labelPlace moves the label to the middle, or under the only member.
func (g ring) labelPlace() string {
	if len(g.Nodes) == 1 {
		return fmt.Sprintf("translate(%d %d)", ringCentre, g.Height/2+38)
	}
	return fmt.Sprintf("translate(%d %d)", ringCentre, g.Height/2)
}

// The drawing is 300 wide, and a Virtual Chassis has at most ten members.
const (
	ringCentre = 150
	ringMost   = 10
)

func drawRing(r outcome.Record) ring {
	t, _ := r.Transport()
	members := inOrder(r.Members)
	g := ring{Label: transportWord(t), Icon: transportState(t), Title: "Drawing of " + r.Host, Desc: describeRing(r, t)}
	if len(members) > ringMost {
		g.More, members = len(members)-ringMost, members[:ringMost]
	}
	rx, ry := radiiFor(len(members))
	g.Height = 2*ry + 54
	if len(members) == 1 {
		g.Height = 130
	}
	for i, m := range members {
		x, y := placeNode(i, len(members), rx, ry)
		g.Nodes = append(g.Nodes, node{X: ringCentre + x, Y: g.Height/2 + y, ID: m.ID, Role: roleWord(m), Class: roleClass(m),
			Warn: len(m.MissingOf(r.NeedsKeys())) > 0})
	}
	g.Links = drawArcs(g.Nodes, members, t, rx, ry)
	return g
}

// inOrder turns the ring so that the primary comes first.
func inOrder(members []outcome.Member) []outcome.Member {
	out := slices.Clone(members)
	slices.SortStableFunc(out, func(a, b outcome.Member) int { return cmp.Compare(a.ID, b.ID) })
	i := slices.IndexFunc(out, func(m outcome.Member) bool { return m.Role == "primary" })
	if i > 0 {
		out = slices.Concat(out[i:], out[:i])
	}
	return out
}

func radiiFor(n int) (rx, ry int) {
	switch {
	case n <= 1:
		return 0, 24
	case n == 2:
		return 104, 34
	case n <= 4:
		return 104, 46
	case n <= 6:
		return 108, 60
	}
	return 116, 84
}

// placeNode puts one member on top, two side by side, and more around.
func placeNode(i, n, rx, ry int) (x, y int) {
	angle := 2*math.Pi*float64(i)/float64(n) - math.Pi/2
	if n == 2 {
		angle -= math.Pi / 2
	}
	return int(math.Round(float64(rx) * math.Cos(angle))), int(math.Round(float64(ry) * math.Sin(angle)))
}

func drawArcs(nodes []node, members []outcome.Member, chassis outcome.Transport, rx, ry int) []arc {
	if len(nodes) < 2 {
		return nil
	}
	var out []arc
	for i, a := range nodes {
		j := (i + 1) % len(nodes)
		out = append(out, arc{
			Path:  fmt.Sprintf("M%d %dA%d %d 0 0 1 %d %d", a.X, a.Y, rx, ry, nodes[j].X, nodes[j].Y),
			Class: worseLine(lineOf(members[i], chassis), lineOf(members[j], chassis)),
		})
	}
	return out
}

// lineOf returns how a member's line is drawn: x for one that is not there.
func lineOf(m outcome.Member, chassis outcome.Transport) string {
	switch {
	case m.IsAbsent():
		return "x"
	case chassis == outcome.SCP && (m.Commit == "failed" || m.Sync != nil && !*m.Sync): // nothing is seen to get there
		return string(outcome.Unknown)
	case m.Transport != outcome.Unknown:
		return string(m.Transport)
	}
	return string(chassis)
}

func worseLine(a, b string) string {
	for _, c := range []string{"x", string(outcome.RCP), string(outcome.Unknown)} {
		if a == c || b == c {
			return c
		}
	}
	return string(outcome.SCP)
}

func roleClass(m outcome.Member) string {
	switch {
	case m.IsAbsent():
		return "X"
	case m.Role == "primary", m.Role == "backup", m.Role == "linecard":
		return strings.ToUpper(m.Role[:1])
	}
	return "U"
}

func roleWord(m outcome.Member) string {
	switch {
	case m.IsAbsent():
		return "absent"
	case m.Role == "primary", m.Role == "backup", m.Role == "linecard":
		return m.Role
	}
	return "unknown"
}

// describeRing says in words what the drawing shows.
func describeRing(r outcome.Record, t outcome.Transport) string {
	words := make([]string, 0, len(r.Members))
	for _, m := range inOrder(r.Members) {
		words = append(words, fmt.Sprintf("%d %s", m.ID, roleWord(m)))
	}
	if len(words) == 0 {
		return "No member is known."
	}
	return fmt.Sprintf("Transport: %s. Members: %s.", transportWord(t), strings.Join(words, ", "))
}

func transportWord(t outcome.Transport) string {
	switch t {
	case outcome.SCP:
		return "SCP"
	case outcome.RCP:
		return "RCP"
	}
	return "unknown"
}

func transportState(t outcome.Transport) outcome.State {
	switch t {
	case outcome.SCP:
		return outcome.Encrypted
	case outcome.RCP:
		return outcome.Plaintext
	}
	return outcome.Unclear
}
