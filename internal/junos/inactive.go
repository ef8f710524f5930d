// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// procedureStatements are the statements that the procedure sets, below system.
var procedureStatements = []string{
	"commit/config-sync-with-scp", "commit/apply-macro", "commit/apply-macro/data",
	"services/ssh/authorized-keys-command", "services/ssh/authorized-keys-command-user",
}

// takeOutDeactivated takes out the statements of the procedure that are there but
// not in force, because they or what is around them are deactivated, and reports
// them: to set them once more would not bring them into force.
func takeOutDeactivated(system *etree.Element) []vc.Problem {
	var found []*etree.Element
	if isDeactivated(system) {
		found = append(found, system)
	}
	for _, path := range procedureStatements {
		for _, e := range system.FindElements(path) {
			for _, around := range chainBelow(system, e) {
				if isDeactivated(around) && isOfProcedure(around) && !slices.Contains(found, around) {
					found = append(found, around)
				}
			}
		}
	}
	var out []vc.Problem
	for _, e := range found {
		out = append(out, deactivatedProblem(pathBelow(system, e)))
		if e == system {
			e.Child = nil
		} else {
			e.Parent().RemoveChild(e)
		}
	}
	return mergeProblems(out)
}

func deactivatedProblem(path string) vc.Problem {
	return vc.Problem{Code: "deactivated", Message: strings.TrimSpace("system "+path) + " is deactivated in the configuration", Hint: "activate it or delete it"}
}

// isDeactivated knows both spellings: inactive="inactive", and in yang-compliant
// sessions active="false" of the namespace http://yang.juniper.net/junos/jcmd,
// under any prefix (Juniper: yang-compliant).
func isDeactivated(e *etree.Element) bool {
	return slices.ContainsFunc(e.Attr, func(a etree.Attr) bool {
		switch a.Key {
		case "inactive":
			return trimSpace(a.Value) != "" && !isFalse(a.Value)
		case "active":
			return isFalse(a.Value)
		}
		return false
	})
}

// isFalse knows both spellings of XML Schema, in any case.
func isFalse(value string) bool {
	return slices.Contains([]string{"false", "0", "no"}, strings.ToLower(trimSpace(value)))
}

// isOfProcedure leaves out the macros of others.
func isOfProcedure(e *etree.Element) bool {
	for ; e != nil; e = e.Parent() {
		if e.Tag == "apply-macro" {
			return contentAt(e, "name") == vc.RecordName
		}
	}
	return true
}

// chainBelow is an element and what is around it below top, the outermost first.
func chainBelow(top, e *etree.Element) (chain []*etree.Element) {
	for ; e != nil && e != top; e = e.Parent() {
		chain = append(chain, e)
	}
	slices.Reverse(chain)
	return chain
}

func pathBelow(top, e *etree.Element) string {
	var tags []string
	for _, around := range chainBelow(top, e) {
		tags = append(tags, around.Tag)
	}
	return strings.Join(tags, "/")
}

// unplacedProblem reports a statement of which the two readings of a configuration, with and
// without groups, say two things.
func unplacedProblem(statement string, isWritten bool) vc.Problem {
	text := fmt.Sprintf("system %s is in force, and the device does not show at which place or from which configuration group", statement)
	if isWritten {
		text = fmt.Sprintf("system %s is in the configuration, and the device shows it as not in force or with another value, without a configuration group", statement)
	}
	return vc.Problem{Code: vc.CodePartial, Message: text,
		Hint: "run again; if it persists, look at the statement in the CLI (show configuration | display inheritance) and set it at its own place"}
}

// partialProblem reports a statement that is in force on a part of the chassis.
func partialProblem(statement, group, why string) vc.Problem {
	return vc.Problem{Code: vc.CodePartial,
		Message: fmt.Sprintf("system %s comes from the configuration group %s, which %s, so it is not in force on every member", statement, group, why),
		Hint:    "set the statement outside of groups, or in a group that applies to every member, and delete it from this one"}
}
