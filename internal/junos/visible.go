// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

var (
	sessionClassPattern = regexp.MustCompile(`^user [^,\s]+, class (\S+)`)
	statedClassPattern  = regexp.MustCompile(`(?i)\bclass(?:-name>|:? )\s*['"]?([\w.-]+)`)
)

// Class returns the login class as the device names it before its hello, or "".
func (d *Device) Class() string {
	for _, c := range d.session.Comments() {
		if m := sessionClassPattern.FindStringSubmatch(strings.TrimSpace(c)); m != nil {
			return m[1]
		}
	}
	return ""
}

// readVisibility asks whether this login may see the statements of the procedure that
// the configuration does not show, if the class is not known as the one that sees all. A
// class can show one part of the configuration and hide another (deny-configuration), down
// to one statement.
func (d *Device) readVisibility(ctx context.Context, s *State) error {
	class, missing := d.Class(), s.missingStatements()
	if d.seesAll() || len(missing) == 0 {
		return nil
	}
	rights, err := d.readRights(ctx)
	if err != nil {
		return err
	}
	if class == "" {
		class = classIn(rights)
	}
	if isSuperUser(class) {
		return nil
	}
	if rights == "" || !s.isCommitShown && !maySeeCommit(rights) {
		s.noteHidden(class, scpStatement)
		return nil
	}
	for _, path := range missing {
		if deniesStatement(rights, path) {
			s.noteHidden(class, path)
		}
	}
	return nil
}

// seesAll says that nothing can be hidden from this login. Root's class cannot be changed.
func (d *Device) seesAll() bool {
	class := d.Class()
	return isSuperUser(class) || class == "" && d.User() == vc.RootUser
}

// classIn is the class that "show cli authorization" names, or "". Some releases name it
// nowhere else.
func classIn(authorization string) string {
	if m := statedClassPattern.FindStringSubmatch(html.UnescapeString(authorization)); m != nil {
		return m[1]
	}
	return ""
}

const (
	scpStatement  = "system commit config-sync-with-scp"
	keysStatement = "system services ssh authorized-keys-command"
)

var recordStatement = strings.Join([]string{"system", "commit", "apply-macro", vc.RecordName}, " ")

// missingStatements are those of the procedure that the configuration does not show.
func (s *State) missingStatements() (missing []string) {
	if !s.Settings.SCP {
		missing = append(missing, scpStatement)
	}
	if s.Settings.Keys.IsUnset() {
		missing = append(missing, keysStatement)
	}
	if len(s.Settings.Record) == 0 {
		missing = append(missing, recordStatement)
	}
	return missing
}

// noteHidden notes that a statement may be there although it is not shown.
func (s *State) noteHidden(class, path string) {
	class = nameClass(class)
	text := fmt.Sprintf("the login class %s may hide %s, so whether it is set cannot be determined", class, path)
	if path == scpStatement {
		text = fmt.Sprintf("the login class %s may hide system commit, so whether config-sync-with-scp is set cannot be determined", class)
		s.UnclearSCP = text
	}
	s.Unread = append(s.Unread, vc.Problem{Code: vc.CodeHidden, Message: text,
		Hint: "use a login of class super-user, or permit view-configuration without deny-configuration for system commit and system services ssh"})
}

// nameClass is a class in a message, whether or not the device names it.
func nameClass(class string) string { return cmp.Or(class, "of this user") }

// readRights returns what the device says of the login's rights, once a session.
// A device that does not say grants nothing.
func (d *Device) readRights(ctx context.Context) (string, error) {
	if d.rights != nil {
		return *d.rights, nil
	}
	reply, err := d.callOne(ctx, withAttributes(newElement("get-authorization-information"), "format", "text"), d.opts.RPCTimeout)
	if IsLinkLost(err) {
		return "", fmt.Errorf("read what the login class may see: %w", err)
	}
	var rights string
	if err == nil {
		rights = string(reply.Raw)
	}
	d.rights = &rights
	return rights, nil
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

// deniesStatement says that something of the configuration is denied that may be this
// statement, or what is around it. What cannot be read may be anything.
func deniesStatement(authorization, path string) bool {
	for _, line := range deniedLinePattern.FindAllStringSubmatch(authorization, -1) {
		for _, pattern := range patternsIn(line[1]) {
			denied, err := regexp.Compile("(?i)" + pattern)
			if err != nil || slices.ContainsFunc(pathsTo(path), denied.MatchString) {
				return true
			}
		}
	}
	return false
}

// pathsTo are the hierarchies around a statement, and itself.
func pathsTo(path string) (paths []string) {
	words := strings.Fields(path)
	for i := range words {
		paths = append(paths, strings.Join(words[:i+1], " "))
	}
	return paths
}

var (
	deniedLinePattern = regexp.MustCompile(`(?i)deny[ -]configuration[^:<>\n]*[:>]\s*([^<\n]+)`)
	quotedPattern     = regexp.MustCompile(`"([^"]*)"`)
)

// patternsIn are the regular expressions of such a line: none, one, or a list of quoted ones.
func patternsIn(denied string) (patterns []string) {
	denied = strings.NewReplacer("&quot;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(strings.TrimSpace(denied))
	if strings.EqualFold(denied, "none") {
		return nil
	}
	for _, quoted := range quotedPattern.FindAllStringSubmatch(denied, -1) {
		patterns = append(patterns, quoted[1])
	}
	if len(patterns) == 0 {
		patterns = []string{denied}
	}
	return patterns
}
