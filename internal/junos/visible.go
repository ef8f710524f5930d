// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

var sessionClassPattern = regexp.MustCompile(`^user [^,\s]+, class (\S+)`)

// Class returns the login class as the device names it before its hello, or "".
func (d *Device) Class() string {
	for _, c := range d.session.Comments() {
		if m := sessionClassPattern.FindStringSubmatch(strings.TrimSpace(c)); m != nil {
			return m[1]
		}
	}
	return ""
}

// readVisibility asks whether this login may see system commit, if the
// configuration shows nothing there and the class is not the one that sees all. A
// class can show one part of the configuration and hide another (deny-configuration).
func (d *Device) readVisibility(ctx context.Context, s *State) error {
	class := d.Class()
	if s.isCommitShown || class == "" || isSuperUser(class) {
		return nil
	}
	reply, err := d.callOne(ctx, withAttributes(newElement("get-authorization-information"), "format", "text"), d.opts.RPCTimeout)
	if IsLinkLost(err) {
		return fmt.Errorf("read what the login class may see: %w", err)
	}
	if err == nil && maySeeCommit(string(reply.Raw)) {
		return nil
	}
	s.UnclearSCP = fmt.Sprintf("the login class %s may hide system commit, so whether config-sync-with-scp is set cannot be determined", class)
	s.Unread = append(s.Unread, vc.Problem{Code: "commit_hidden", Message: s.UnclearSCP,
		Hint: "use a login of class super-user, or permit view-configuration without deny-configuration for system commit"})
	return nil
}

// isSuperUser says that a class is the one that sees all, and that no one can change.
func isSuperUser(class string) bool { return class == "super-user" || class == "superuser" }

var (
	viewPattern = regexp.MustCompile(`(?i)\b(?:view-configuration|all-control)\b`)
	denyPattern = regexp.MustCompile(`(?i)deny[ -]configuration[^:<\n]*[:>]\s*(\S+)`)
)

// maySeeCommit reads the words of "show cli authorization": the permissions, and that
// nothing of the configuration is denied.
func maySeeCommit(authorization string) bool {
	for _, denied := range denyPattern.FindAllStringSubmatch(authorization, -1) {
		if !strings.HasPrefix(strings.ToLower(denied[1]), "none") {
			return false
		}
	}
	return viewPattern.MatchString(authorization)
}
