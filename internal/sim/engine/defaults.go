// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"time"
)

// expandChassis completes the scenario and multiplies chassis that have a count.
func (s Scenario) expandChassis() ([]ChassisSpec, error) {
	var all []ChassisSpec
	names := map[string]bool{}
	for i, spec := range s.Chassis {
		if err := spec.completeSpec(i); err != nil {
			return nil, fmt.Errorf("chassis[%d]: %w", i, err)
		}
		for _, one := range spec.copiesOf() {
			if names[one.Name] {
				return nil, fmt.Errorf("chassis[%d].name: %q is there twice", i, one.Name)
			}
			names[one.Name] = true
			all = append(all, one)
		}
	}
	return all, nil
}

func (c ChassisSpec) copiesOf() []ChassisSpec {
	if c.Count <= 1 {
		return []ChassisSpec{c}
	}
	var all []ChassisSpec
	for n := 1; n <= c.Count; n++ {
		one := c
		one.Name = fmt.Sprintf("%s-%d", c.Name, n)
		one.Port = 0
		all = append(all, one)
	}
	return all
}

func (c *ChassisSpec) completeSpec(index int) error {
	setDefault(&c.Name, fmt.Sprintf("vc%d", index+1))
	setDefault(&c.Release, "25.2R1.9")
	setDefault(&c.Model, "ex4400-24t")
	setDefault(&c.RPCDelay, "0s")
	if c.Preprovisioned == nil {
		yes := true
		c.Preprovisioned = &yes
	}
	if c.Users == nil {
		c.Users = defaultUsers()
	}
	if err := c.completeMembers(); err != nil {
		return err
	}
	if _, err := time.ParseDuration(c.RPCDelay); err != nil {
		return fmt.Errorf("rpc_delay: %w", err)
	}
	if err := c.Profile.completeKnobs(); err != nil {
		return err
	}
	return c.Profile.checkDurations()
}

// maxMembers is what a fabric has; a Virtual Chassis has 10.
const maxMembers = 20

func (p *Profile) checkDurations() error {
	for name, text := range map[string]string{
		"commit_delay": p.CommitDelay, "sshd_restart": p.SSHDRestart, "operation_cost": p.OperationCost,
		"member_cost": p.MemberCost, "commit_cost": p.CommitCost, "commit_member_cost": p.CommitMemberCost,
	} {
		if d, err := time.ParseDuration(text); err != nil || d < 0 {
			return fmt.Errorf("profile.%s: want a duration such as 5s, got %q", name, text)
		}
	}
	return nil
}

// defaultUsers are for a laboratory on the loopback interface; a scenario that
// cares about secrets brings its own.
func defaultUsers() []User {
	return []User{
		{Name: "root", Class: ClassSuperUser, Password: "Root-lab-1"},
		{Name: "admin", Class: ClassSuperUser, Password: "Admin-lab-1"},
		{Name: "operator", Class: ClassOperator, Password: "Operator-lab-1"},
		{Name: "viewer", Class: ClassReadOnly, Password: "Viewer-lab-1"},
	}
}

func (c *ChassisSpec) completeMembers() error {
	if c.Size < 0 || c.Size > maxMembers {
		return fmt.Errorf("size: want 0 to %d, got %d", maxMembers, c.Size)
	}
	if c.Size == 0 {
		c.Size = 2
	}
	if c.Members == nil {
		for id := range c.Size {
			c.Members = append(c.Members, MemberSpec{ID: id})
		}
	}
	c.Members = slices.Clone(c.Members)
	seen := map[int]bool{}
	for i := range c.Members {
		m := &c.Members[i]
		if m.ID < 0 || m.ID >= maxMembers || seen[m.ID] {
			return fmt.Errorf("members[%d].id: want 0 to %d, each once, got %d", i, maxMembers-1, m.ID)
		}
		seen[m.ID] = true
		if err := c.completeMember(m); err != nil {
			return fmt.Errorf("members[%d].%w", i, err)
		}
	}
	slices.SortFunc(c.Members, func(a, b MemberSpec) int { return a.ID - b.ID })
	c.completeRoles()
	return nil
}

func (c *ChassisSpec) completeMember(m *MemberSpec) error {
	setDefault(&m.Model, c.Model)
	setDefault(&m.Release, c.Release)
	setDefault(&m.Status, StatusPresent)
	if m.FIPS == nil {
		m.FIPS = &c.FIPS
	}
	if !slices.Contains([]string{StatusPresent, StatusAbsent, StatusInactive, StatusUnprovisioned, StatusStandalone}, m.Status) {
		return fmt.Errorf("status: unknown status %q", m.Status)
	}
	if !slices.Contains([]string{"", RolePrimary, RoleBackup, RoleLinecard, roleEngine}, m.Role) {
		return fmt.Errorf("role: want primary, backup, linecard or routing-engine, got %q", m.Role)
	}
	return nil
}

// completeRoles makes the first free routing engines primary and backup.
func (c *ChassisSpec) completeRoles() {
	for _, want := range []string{RolePrimary, RoleBackup} {
		if slices.ContainsFunc(c.Members, func(m MemberSpec) bool { return m.Role == want }) {
			continue
		}
		for i := range c.Members {
			m := &c.Members[i]
			if (m.Role == "" || m.Role == roleEngine) && m.Status == StatusPresent {
				m.Role = want
				break
			}
		}
	}
	for i := range c.Members {
		m := &c.Members[i]
		if m.Role == "" || m.Role == roleEngine {
			m.Role = RoleLinecard
		}
		if m.Priority == 0 && m.Role != RoleLinecard {
			m.Priority = 129
		}
	}
}

func setDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}
