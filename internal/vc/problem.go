// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is a reason not to change a Virtual Chassis, or not to believe that
// it is right.
type Problem struct {
	Code     string // the kind of problem, for programs: it stays when the message is reworded
	MemberID *int   // the member at fault, if one is
	Message  string // what is wrong
	Hint     string // what to do
}

func (p Problem) String() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// ForbiddenError is the error of a plan that must not be carried out. It names all
// reasons at once, so that nobody repairs them one by one.
type ForbiddenError struct {
	Problems []Problem
}

func (r *ForbiddenError) Error() string {
	texts := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		texts[i] = p.Message
	}
	return strings.Join(texts, "; ")
}

// Code is the kind of the first reason.
func (r *ForbiddenError) Code() string { return r.Problems[0].Code }

// Hint returns what the operator can do, one sentence a problem.
func (r *ForbiddenError) Hint() string {
	var hints []string
	for _, p := range r.Problems {
		if p.Hint != "" && !slices.Contains(hints, p.Hint) {
			hints = append(hints, p.Hint)
		}
	}
	return strings.Join(hints, "; ")
}

func forbiddenBy(problems ...Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &ForbiddenError{Problems: problems}
}

func chassisProblem(code, hint, format string, args ...any) Problem {
	return Problem{Code: code, Message: fmt.Sprintf(format, args...), Hint: hint}
}

func memberProblem(id int, code, hint, format string, args ...any) Problem {
	p := chassisProblem(code, hint, "member %d "+format, append([]any{id}, args...)...)
	p.MemberID = &id
	return p
}

// Problems lists everything that stands against changing the chassis, in a
// stable order: what could not be read, the chassis, its members, FIPS, a
// pending trial of somebody else.
func (c Chassis) Problems() []Problem {
	out := slices.Clone(c.Unread)
	out = append(out, c.primaryProblems()...)
	out = append(out, c.memberProblems()...)
	out = append(out, c.serialProblems()...)
	out = append(out, c.versionProblems()...)
	out = append(out, c.fipsProblems()...)
	return append(out, c.TrialProblems()...)
}

// problemsBut leaves out those that do not stand in the way of one change.
func (c Chassis) problemsBut(codes ...string) []Problem {
	return slices.DeleteFunc(c.Problems(), func(p Problem) bool { return slices.Contains(codes, p.Code) })
}

// Obstacles returns the problems that stand in the way of the pending steps.
// What only keeps the chassis from being whole does not forbid the way out: a
// member that is away takes the settings when it returns, and one that could
// not join over SCP joins once it has keys, or over RCP.
func (c Chassis) Obstacles(want Want) []Problem {
	if want.SCP == nil {
		return c.Problems()
	}
	if !*want.SCP {
		return c.wayBackProblems()
	}
	if steps := c.PendingSteps(want); len(steps) > 0 && steps[0] == StepInternalSSH {
		return c.keysProblems()
	}
	return c.Problems()
}

// wayBackProblems stand against switching SCP off and removing step 1.
func (c Chassis) wayBackProblems() []Problem {
	return c.problemsBut(codeAway, codeInactive, codeSerial, "mixed_versions")
}

// keysProblems stand against making keys. Where SCP is in force, they are what a
// member that could not join lacks.
func (c Chassis) keysProblems() []Problem {
	if t, _ := c.Transport(); t == SCP {
		return c.problemsBut(codeInactive)
	}
	return c.Problems()
}

// unclearProblems are those of statements that may be in force although none is seen:
// the login may not see them, or they are in force on a part of the chassis.
func (c Chassis) unclearProblems() (out []Problem) {
	for _, p := range c.Unread {
		if p.Code == CodeHidden || p.Code == CodePartial {
			out = append(out, p)
		}
	}
	return out
}

// Codes of problems with statements that cannot be told from the reading.
const (
	CodeHidden  = "commit_hidden"
	CodePartial = "partial_group"
)

// Codes of problems that do not forbid every change.
const (
	codeAway     = "member_not_present"
	codeInactive = "member_inactive"
	codeSerial   = "duplicate_serial"
)

func (c Chassis) primaryProblems() []Problem {
	if len(c.Members) == 0 {
		return []Problem{chassisProblem("no_members", "is this an EX or QFX switch in Virtual Chassis mode?",
			"the device lists no member of a Virtual Chassis")}
	}
	switch p := c.Primaries(); len(p) {
	case 0:
		return []Problem{chassisProblem("no_primary", "wait until the election has finished", "no member is the primary")}
	case 1:
		return nil
	default:
		ids := make([]int, len(p))
		for i, m := range p {
			ids[i] = m.ID
		}
		return []Problem{chassisProblem("split", "repair the Virtual Chassis ports first",
			"the Virtual Chassis is split: %s all primary", membersAre(ids))}
	}
}

func (c Chassis) memberProblems() []Problem {
	var out []Problem
	seen := map[int]bool{}
	for _, m := range c.Members {
		switch {
		case seen[m.ID]:
			out = append(out, memberProblem(m.ID, "duplicate_member", "check show virtual-chassis", "is listed twice"))
		case m.Status == "":
			out = append(out, memberProblem(m.ID, "member_status_unknown", "check show virtual-chassis", "has no status"))
		case m.Status == inactiveStatus && m.Role != Primary && !m.Local && m.Serial != "":
			out = append(out, memberProblem(m.ID, codeInactive, c.adviceOnInactive(m), "(serial %s) is Inactive", orUnknown(m.Serial)))
		case !m.IsPresent():
			out = append(out, memberProblem(m.ID, codeAway,
				"bring it back, or remove it with request virtual-chassis recycle", "(serial %s) is %s", orUnknown(m.Serial), m.Status))
		case m.Role == UnknownRole, m.Role == NoRole:
			out = append(out, memberProblem(m.ID, "member_role_unknown",
				"report the output of show virtual-chassis to the authors", "has the unknown role %q", m.RoleText))
		case m.Serial == "":
			out = append(out, memberProblem(m.ID, "member_serial_unknown",
				"without it a replaced member cannot be recognized", "reports no serial number"))
		}
		seen[m.ID] = true
	}
	return out
}

// serialProblems reports members of the same serial number: one of them is not the switch
// that it seems to be.
func (c Chassis) serialProblems() []Problem {
	first := map[string]int{}
	for _, m := range c.membersHere(func(m Member) bool { return m.Serial != "" }) {
		if other, twice := first[m.Serial]; twice && other != m.ID {
			return []Problem{memberProblem(m.ID, codeSerial, "look at show virtual-chassis and show chassis hardware: keys are recorded by serial number",
				"reports the serial number of member %d (%s)", other, m.Serial)}
		}
		first[m.Serial] = m.ID
	}
	return nil
}

// adviceOnInactive leads a member that did not join back in. Over SCP it is one
// that could not be reached for want of keys, unless it has another reason.
func (c Chassis) adviceOnInactive(m Member) string {
	const reason = "find out why (release, show virtual-chassis)"
	switch t, _ := c.Transport(); {
	case t != SCP:
		return reason + " and reboot it, so that it joins again"
	case c.Settings.Record[m.ID].Serial != m.Serial:
		return "it may lack keys: make them with vc_internal_ssh, or by the next run of the role, then reboot it, so that it joins again; or go back to RCP with state: absent"
	}
	return "keys were made for it: reboot it, so that it joins again; if it stays Inactive, " + reason + ", or go back to RCP with state: absent"
}

// Named is "member 1" or "members 0, 1 and 4".
func Named(ids []int) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = fmt.Sprint(id)
	}
	last := len(words) - 1
	if last < 1 {
		return "member " + strings.Join(words, "")
	}
	return "members " + strings.Join(words[:last], ", ") + " and " + words[last]
}

func membersAre(ids []int) string {
	if len(ids) == 1 {
		return Named(ids) + " is"
	}
	return Named(ids) + " are"
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func (c Chassis) versionProblems() []Problem {
	var versions []string
	for _, m := range c.Members {
		if m.IsPresent() && m.Version != "" && !slices.Contains(versions, m.Version) {
			versions = append(versions, m.Version)
		}
	}
	if len(versions) > 1 {
		return []Problem{chassisProblem("mixed_versions", "upgrade the members to one release first",
			"the members run different Junos releases: %s", strings.Join(versions, ", "))}
	}
	return nil
}

// ReleaseProblems reports a release that is known not to have the statement
// of step 3. A FIPS chassis needs no such statement.
func (c Chassis) ReleaseProblems() []Problem {
	if c.FIPS() == FIPSOn {
		return nil
	}
	for _, m := range c.Members {
		if has, known := HasSCPStatement(m.Version); known && !has {
			return []Problem{chassisProblem("release_without_scp",
				"upgrade to 25.2R1 or later; if your service release has the statement, set release_check: false (scp_config_sync_release_check in the role)",
				"Junos %s has no system commit config-sync-with-scp", m.Version)}
		}
	}
	return nil
}

// TrialProblems reports a trial of somebody else, or a history in which one
// would not be seen: any commit would confirm it.
func (c Chassis) TrialProblems() []Problem {
	if c.Trial != nil && !c.Trial.IsOurs() {
		return []Problem{chassisProblem("foreign_trial",
			"let its owner confirm it, or wait until it has expired and commit_timeout has passed; any commit would confirm it",
			"another user's trial is pending: %s", c.Trial)}
	}
	if !c.HistoryKnown {
		return []Problem{chassisProblem("history_unknown",
			"the login needs permission for show system commit",
			"the commit history could not be read, so a pending confirmed commit of another user would not be seen")}
	}
	return nil
}
