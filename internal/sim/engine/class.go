// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Login classes that every switch has; others are those of the configuration.
const (
	ClassSuperUser    = "super-user"
	ClassOperator     = "operator"
	ClassReadOnly     = "read-only"
	ClassUnauthorized = "unauthorized"
)

// Permissions are those of the user's login class.
func (s *Session) Permissions() []string {
	switch class := s.User.Class; {
	case s.IsRoot(), class == ClassSuperUser:
		return []string{"all", "view-configuration"}
	case class == ClassOperator:
		return []string{"view", "view-configuration"}
	case class == ClassReadOnly:
		return []string{"view"}
	case class == ClassUnauthorized:
		return nil
	default:
		list := s.Member.InForce().List("system", "login", "class", class, "permissions")
		if slices.Contains(list, "all") {
			list = append(list, "view-configuration")
		}
		return list
	}
}

// AllowsShell tells whether the user's login class may start a shell.
func (s *Session) AllowsShell() bool {
	return s.hasPermission("shell") && s.hasPermission("maintenance")
}

// hasPermission: the class has one of these permissions, or all.
func (s *Session) hasPermission(any ...string) bool {
	has := s.Permissions()
	return slices.Contains(has, "all") || slices.ContainsFunc(any, func(p string) bool { return slices.Contains(has, p) })
}

// Allows tells what the user's login class may do.
func (s *Session) Allows(kind string) bool {
	if kind == KindRead {
		return s.hasPermission("view", "configure", "view-configuration")
	}
	return s.hasPermission("configure")
}

// MaySeeConfiguration tells whether the user's login class may read the
// configuration.
func (s *Session) MaySeeConfiguration() bool {
	return s.hasPermission("configure", "view-configuration")
}

// DeniedConfiguration is the pattern of the statements that the user's class may
// neither see nor change, or "".
func (s *Session) DeniedConfiguration() string {
	pattern, _ := s.Member.InForce().Get("system", "login", "class", s.User.Class, "deny-configuration")
	return pattern
}

// hides tells which statements those are; nil hides nothing. A pattern that is none
// hides nothing either.
func (s *Session) hides() func(path string) bool {
	pattern := s.DeniedConfiguration()
	re, err := regexp.Compile("^(?:" + pattern + ")(?: |$)")
	if pattern == "" || err != nil {
		return nil
	}
	return re.MatchString
}

// visiblePart is the configuration without what the user's class hides.
func (s *Session) visiblePart(tree *conf.Tree) *conf.Tree {
	if hides := s.hides(); hides != nil {
		return tree.Without(hides)
	}
	return tree
}

// touchesHidden tells whether an edit changes what the user's class hides.
func (s *Session) touchesHidden(before, after *conf.Tree) bool {
	hides := s.hides()
	if hides == nil {
		return false
	}
	return hiddenText(before, hides) != hiddenText(after, hides)
}

// hiddenText is what is hidden, as the commands that set it.
func hiddenText(tree *conf.Tree, hides func(string) bool) string {
	var hidden strings.Builder
	for line := range strings.Lines(tree.SetText()) {
		if _, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); hides(path) {
			hidden.WriteString(line)
		}
	}
	return hidden.String()
}
