// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// enginePattern is the names of groups that Junos applies to one routing engine or
// one member alone (Juniper: Use Configuration Groups, "special groups").
var enginePattern = regexp.MustCompile(`^(?:re\d|(?:member|node|fpc)\d{1,2}(?:-re\d)?)$`)

// groupOf names the group that a statement comes from; Junos notes it at the
// statement, or at what is around it.
func groupOf(system *etree.Element, path string) string {
	return groupAt(system.FindElement(path))
}

func groupAt(e *etree.Element) string {
	for ; e != nil; e = e.Parent() {
		if group := e.SelectAttrValue("group", ""); group != "" {
			return boundedName(group)
		}
	}
	return ""
}

// readGroups looks at the groups that statements of the procedure come from. One
// that applies to a part of the chassis puts them in force there only: then they
// count as not set, and whether SCP is on is unclear. This costs a request only
// where there is such a group.
func (d *Device) readGroups(ctx context.Context, s *State) error {
	s.refuseUnplaced()
	if group := s.Groups.SCP; group != "" {
		why, err := d.partOf(ctx, group)
		if err != nil {
			return err
		}
		if why != "" {
			p := partialProblem("commit config-sync-with-scp", group, why)
			s.Settings.SCP, s.UnclearSCP, s.Unread = false, p.Message, append(s.Unread, p)
		}
	}
	if group := s.Groups.Keys; group != "" {
		why, err := d.partOf(ctx, group)
		if err != nil {
			return err
		}
		if why != "" {
			s.Settings.Keys = vc.KeysCommand{}
			s.Unread = append(s.Unread, partialProblem("services ssh authorized-keys-command", group, why))
		}
	}
	return nil
}

// refuseUnplaced looks for statements that are in force and at no place that the device names,
// or at their own place and not in force: where they apply is unknown then, so they count as
// not set, and whether SCP is on is unclear.
func (s *State) refuseUnplaced() {
	own, inForce := s.Own, s.Settings
	if own.SCP != inForce.SCP && s.Groups.SCP == "" {
		p := unplacedProblem("commit config-sync-with-scp", own.SCP)
		s.Settings.SCP, s.UnclearSCP, s.Unread = false, p.Message, append(s.Unread, p)
	}
	if own.Keys != inForce.Keys && s.Groups.Keys == "" {
		s.Settings.Keys = vc.KeysCommand{}
		s.Unread = append(s.Unread, unplacedProblem("services ssh authorized-keys-command", !own.Keys.IsUnset()))
	}
}

// partOf tells why a group does not apply to every member, "" if it does. A group may be
// applied by another one, and applies where that does.
func (d *Device) partOf(ctx context.Context, group string) (why string, err error) {
	return d.partBehind(ctx, group, nil)
}

// partBehind is partOf for a group that applies others: behind are those.
func (d *Device) partBehind(ctx context.Context, group string, behind []string) (why string, err error) {
	if enginePattern.MatchString(group) {
		return "applies to one routing engine only", nil
	}
	replies, err := d.callAll(ctx, d.opts.RPCTimeout, conditionRequest(group), appliedRequest())
	if IsLinkLost(err) || len(replies) != 2 {
		return "", fmt.Errorf("read the configuration group %s: %w", group, err)
	}
	if why := conditionOf(group, replies[0]); why != "" {
		return why, nil
	}
	outer, isApplied, why := applying(group, replies[1])
	if why != "" || isApplied {
		return why, nil
	}
	behind = append(behind, group)
	for _, by := range outer {
		if slices.Contains(behind, by) { // a circle
			continue
		}
		if why, err = d.partBehind(ctx, by, behind); err != nil || why == "" {
			return "", err
		}
		why = fmt.Sprintf("is applied by the group %s, which %s", boundedName(by), why)
	}
	return why, nil
}

// conditionRequest asks for the conditions of a group.
func conditionRequest(group string) *etree.Element {
	return withAttributes(newElement("get-configuration",
		newElement("configuration", newElement("groups", newTextElement("name", group), newElement("when")))), "database", "committed", "format", "xml")
}

// appliedRequest asks for what applies groups around the statements of the procedure: the
// configuration itself, and groups.
func appliedRequest() *etree.Element {
	places := func() []*etree.Element {
		apply := func() *etree.Element { return newElement("apply-groups") }
		return []*etree.Element{apply(), newElement("system", apply(), newElement("commit", apply()), newElement("services", apply(), newElement("ssh", apply())))}
	}
	return withAttributes(newElement("get-configuration",
		newElement("configuration", append(places(), newElement("groups", append([]*etree.Element{newElement("name")}, places()...)...))...)), "database", "committed", "format", "xml")
}

// conditionOf reads the conditions of a group.
func conditionOf(group string, reply *netconf.Reply) (why string) {
	if refusal := errorsOf(reply); len(refusal) > 0 {
		return unreadGroup(refusal)
	}
	doc, err := reply.Document()
	if err != nil {
		return groupUnread
	}
	for _, g := range doc.FindElements("//groups") {
		if contentAt(g, "name") == group && g.FindElement("when") != nil {
			return "applies under a condition (when)"
		}
	}
	return ""
}

// applying names the groups that apply a group; isApplied says that the configuration itself
// does.
func applying(group string, reply *netconf.Reply) (outer []string, isApplied bool, why string) {
	if refusal := errorsOf(reply); len(refusal) > 0 {
		return nil, false, unreadGroup(refusal)
	}
	doc, err := reply.Document()
	if err != nil {
		return nil, false, groupUnread
	}
	for _, applied := range doc.FindElements("//apply-groups") {
		if trimSpace(charactersIn(applied)) != group || isOutOfForce(applied) {
			continue
		}
		by := groupAround(applied)
		if by == nil {
			return nil, true, ""
		}
		outer = append(outer, contentAt(by, "name"))
	}
	return outer, false, ""
}

// isOutOfForce says that an element, or what is around it, is deactivated.
func isOutOfForce(e *etree.Element) bool {
	return slices.ContainsFunc(chainBelow(nil, e), isDeactivated)
}

func groupAround(e *etree.Element) *etree.Element {
	for ; e != nil; e = e.Parent() {
		if e.Tag == "groups" {
			return e
		}
	}
	return nil
}

const groupUnread = "could not be read"

// unreadGroup tells what a refusal to show a group means. A release that does not
// know the statement "when" has no conditions.
func unreadGroup(refusal []Message) (why string) {
	for _, m := range refusal {
		if _, cause := MeaningOf(m.Message); cause == CauseCommand {
			return ""
		}
	}
	return groupUnread
}
