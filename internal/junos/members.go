// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// virtualChassisReply is the reply to get-virtual-chassis-information, in both its
// forms: preprovisioned or not.
type virtualChassisReply struct {
	Pre   *chassisIdentity `xml:"preprovisioned-virtual-chassis-information"`
	Plain *chassisIdentity `xml:"virtual-chassis-id-information"`
	List  []listedMember   `xml:"member-list>member"`
}

type chassisIdentity struct {
	ID   string `xml:"virtual-chassis-id"`
	Mode string `xml:"virtual-chassis-mode"`
}

type listedMember struct {
	ID       string `xml:"member-id"`
	Status   string `xml:"member-status"`
	Serial   string `xml:"member-serial-number"`
	Model    string `xml:"member-model"`
	Priority string `xml:"member-priority"`
	Role     string `xml:"member-role"`
}

const maxMembers = 20

func (s *State) readMembers(r *netconf.Reply) error {
	const operation = "get-virtual-chassis-information"
	var v virtualChassisReply
	found, err := s.decodeLocal(operation, r, "virtual-chassis-information", &v)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%s: the device knows no Virtual Chassis", operation)
	}
	if p := v.Pre; p != nil {
		s.Preprovisioned, s.ID, s.Mode = true, trimSpace(p.ID), trimSpace(p.Mode)
	} else if p := v.Plain; p != nil {
		s.ID, s.Mode = trimSpace(p.ID), trimSpace(p.Mode)
	}
	if n := len(v.List); n > maxMembers {
		return fmt.Errorf("%s: the list has %d members, want at most %d", operation, n, maxMembers)
	}
	for i, m := range v.List {
		if err := s.addMember(i, m); err != nil {
			return fmt.Errorf("%s: %w", operation, err)
		}
	}
	return nil
}

// addMember takes in one entry of the list. Junos numbers members 0 to 9 (set
// virtual-chassis member), and those of a Virtual Chassis Fabric higher. A switch that
// is not provisioned may have no number yet. One listed twice is the domain's to judge.
func (s *State) addMember(i int, m listedMember) error {
	text := trimSpace(m.ID)
	status := boundedName(m.Status)
	if strings.Trim(text, "-") == "" {
		if status != "Unprvsnd" {
			return fmt.Errorf("member %d of the list has the id %q, want 0 to 9", i+1, m.ID)
		}
		s.Unread = append(s.Unread, unprovisionedProblem(boundedName(m.Serial)))
		return nil
	}
	id, err := strconv.Atoi(text)
	if err == nil && id > 9 && id <= maxFabricID {
		return fmt.Errorf("member %d of the list has the id %d: a Virtual Chassis Fabric, whose ids go above 9, is not supported", i+1, id)
	}
	if err != nil || id < 0 || id > 9 {
		return fmt.Errorf("member %d of the list has the id %q, want 0 to 9", i+1, m.ID)
	}
	role, local := vc.ParseRole(m.Role)
	member := vc.Member{ID: id, Serial: serialOf(m.Serial), Model: boundedName(m.Model), Status: status,
		Role: role, RoleText: boundedName(m.Role), Local: local}
	if p, err := strconv.Atoi(trimSpace(m.Priority)); err == nil {
		member.Priority = &p
	}
	s.Members = append(s.Members, member)
	return nil
}

const maxFabricID = 31 // more than any fabric has; a larger number is a broken reply

func unprovisionedProblem(serial string) vc.Problem {
	return vc.Problem{Code: "member_unprovisioned", Message: fmt.Sprintf("a switch without a member id (serial %s) is Unprvsnd", cmp.Or(serial, "unknown")),
		Hint: "provision it (set virtual-chassis member N serial-number), or disconnect it"}
}

// serialOf reads a serial number. What stands in its place where there is none would be the
// same for the next switch with this id.
func serialOf(text string) string {
	serial := boundedName(text)
	if noSerialPattern.MatchString(serial) {
		return ""
	}
	return serial
}

var noSerialPattern = regexp.MustCompile(`(?i)^(?:[-_.?*0\s]*|x+|n/?a|nil|null|none|unknown|undefined|unavailable|invalid|built-?in|not (?:set|available|applicable|programmed)|<.*>)$`)

// boundedName is a short text of the device: longer than any name is, it says nothing.
func boundedName(s string) string { return cutText(trimSpace(s), maxName) }

func trimSpace(s string) string { return strings.TrimSpace(s) }
