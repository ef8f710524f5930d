// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// virtualChassisReply is the reply to get-virtual-chassis-information, in both its
// forms: preprovisioned or not.
type virtualChassisReply struct {
	Info *struct {
		Pre *struct {
			ID   string `xml:"virtual-chassis-id"`
			Mode string `xml:"virtual-chassis-mode"`
		} `xml:"preprovisioned-virtual-chassis-information"`
		Plain *struct {
			ID   string `xml:"virtual-chassis-id"`
			Mode string `xml:"virtual-chassis-mode"`
		} `xml:"virtual-chassis-id-information"`
		Members []struct {
			ID       string `xml:"member-id"`
			Status   string `xml:"member-status"`
			Serial   string `xml:"member-serial-number"`
			Model    string `xml:"member-model"`
			Priority string `xml:"member-priority"`
			Role     string `xml:"member-role"`
		} `xml:"member-list>member"`
	} `xml:"virtual-chassis-information"`
}

const maxMembers = 20

func (s *State) readMembers(r *netconf.Reply) error {
	const operation = "get-virtual-chassis-information"
	var v virtualChassisReply
	if err := decodeUsable(operation, r, &v); err != nil {
		return err
	}
	if v.Info == nil {
		return fmt.Errorf("%s: the device knows no Virtual Chassis", operation)
	}
	if p := v.Info.Pre; p != nil {
		s.Preprovisioned, s.ID, s.Mode = true, trimSpace(p.ID), trimSpace(p.Mode)
	} else if p := v.Info.Plain; p != nil {
		s.ID, s.Mode = trimSpace(p.ID), trimSpace(p.Mode)
	}
	// Junos numbers members 0 to 9 (set virtual-chassis member). One listed twice is the domain's to judge.
	if n := len(v.Info.Members); n > maxMembers {
		return fmt.Errorf("%s: the list has %d members, want at most %d", operation, n, maxMembers)
	}
	for i, m := range v.Info.Members {
		id, err := strconv.Atoi(trimSpace(m.ID))
		if err != nil || id < 0 || id > 9 {
			return fmt.Errorf("%s: member %d of the list has the id %q, want 0 to 9", operation, i+1, m.ID)
		}
		role, local := vc.ParseRole(m.Role)
		member := vc.Member{ID: id, Serial: boundedName(m.Serial), Model: boundedName(m.Model), Status: boundedName(m.Status),
			Role: role, RoleText: boundedName(m.Role), Local: local}
		if p, err := strconv.Atoi(trimSpace(m.Priority)); err == nil {
			member.Priority = &p
		}
		s.Members = append(s.Members, member)
	}
	return nil
}

// boundedName is a short text of the device: longer than any name is, it says nothing.
func boundedName(s string) string { return cutText(trimSpace(s), maxName) }

func trimSpace(s string) string { return strings.TrimSpace(s) }
