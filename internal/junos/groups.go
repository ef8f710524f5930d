// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"regexp"

	"github.com/beevik/etree"

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

// partOf tells why a group does not apply to every member, "" if it does.
func (d *Device) partOf(ctx context.Context, group string) (why string, err error) {
	if enginePattern.MatchString(group) {
		return "applies to one routing engine only", nil
	}
	op := withAttributes(newElement("get-configuration",
		newElement("configuration", newElement("groups", newTextElement("name", group), newElement("when")))), "database", "committed", "format", "xml")
	reply, err := d.callOne(ctx, op, d.opts.RPCTimeout)
	if IsLinkLost(err) {
		return "", fmt.Errorf("read the configuration group %s: %w", group, err)
	}
	if err != nil {
		return unreadGroup(errorsOf(reply)), nil
	}
	doc, err := reply.Document()
	if err != nil {
		return groupUnread, nil
	}
	for _, g := range doc.FindElements("//groups") {
		if contentAt(g, "name") == group && g.FindElement("when") != nil {
			return "applies under a condition (when)", nil
		}
	}
	return "", nil
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
