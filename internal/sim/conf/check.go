// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"strconv"
	"strings"
)

// CheckOptions say what a check needs to know besides the configuration.
type CheckOptions struct {
	At        Place
	FIPSLevel int  // level the switch runs at, 0 for none
	NeedRoot  bool // refuse a configuration without system root-authentication, as a real switch does
}

// must is a constraint that Junos checks at commit.
type must struct {
	leaf, needs []string
	message     string
	before      string // first release that does not have it any more; "" for none
}

var musts = []must{
	{splitWords("system services ssh authorized-keys-command"), splitWords("system services ssh authorized-keys-command-user"),
		"'authorized-keys-command-user' must be configured with authorized-keys-command", ""},
	{splitWords("system services ssh authorized-keys-command-user"), splitWords("system services ssh authorized-keys-command"),
		"'authorized-keys-command' must be configured with authorized-keys-command-user", ""},
	{splitWords("system commit config-sync-with-scp"), splitWords("system services ssh authorized-keys-command"),
		"Missing prerequisite configuration 'system services ssh authorized-keys-command'", ""},
	{splitWords("system commit fast-synchronize"), splitWords("chassis redundancy graceful-switchover"),
		"[chassis redundancy graceful-switchover] has to be configured", "25.4R1"},
	{splitWords("system commit fast-synchronize"), splitWords("system commit synchronize"),
		"[system commit synchronize] has to be configured", "25.4R1"},
}

func splitWords(s string) []string { return strings.Fields(s) }

// Reasons that a commit gives in parentheses: "commit failed: (statements constraint check failed)".
const (
	ReasonConstraint = "statements constraint check failed"
	ReasonMandatory  = "missing mandatory statements"
)

// Check returns what Junos would report at commit. Path of a constraint names the statement itself, as in recorded
// replies; [Problem.CLI] prints it as the CLI does. Groups are applied before the check, as on a switch.
func Check(t *Tree, o CheckOptions) []Problem {
	var found problems
	x := t.Expand(o.At)
	for _, m := range musts {
		if m.before != "" && !Earlier(t.schema.release, m.before) {
			continue
		}
		_, has := x.Get(m.leaf...)
		if _, ok := x.Get(m.needs...); has && !ok {
			found.add(Problem{Message: m.message, Path: editPath(m.leaf), BadElement: m.leaf[len(m.leaf)-1], Reason: ReasonConstraint})
		}
	}
	if _, ok := x.Get("system", "root-authentication"); o.NeedRoot && !ok {
		found.add(Problem{Message: "Missing mandatory statement: 'root-authentication'", Path: "[edit system]",
			BadElement: "root-authentication", Reason: ReasonMandatory})
	}
	checkFIPS(x, o, &found)
	return found.list
}

func checkFIPS(t *Tree, o CheckOptions, found *problems) {
	level := t.FIPSLevel()
	if level == o.FIPSLevel {
		return
	}
	if level > 0 {
		weakHashes(t, found)
	}
	found.add(Problem{Severity: SeverityWarning, Path: "[edit]", BadElement: "system",
		Message: fmt.Sprintf("reboot is required to transition to FIPS level %d", level)})
}

// FIPSLevel returns the level that is configured; 0 if none is.
func (t *Tree) FIPSLevel() int {
	level := 0
	for _, path := range []string{"system fips level", "system fips chassis level"} {
		v, _ := t.Get(splitWords(path)...)
		if n, err := strconv.Atoi(v); err == nil {
			level = max(level, n)
		}
	}
	return level
}

// weakHashes reports passwords that FIPS mode does not accept.
func weakHashes(t *Tree, found *problems) {
	paths := [][]string{splitWords("system root-authentication encrypted-password")}
	for _, u := range t.List("system", "login", "user") {
		paths = append(paths, []string{"system", "login", "user", u, "authentication", "encrypted-password"})
	}
	for _, p := range paths {
		if v, ok := t.Get(p...); ok && !strings.HasPrefix(v, "$5$") && !strings.HasPrefix(v, "$6$") {
			found.add(Problem{Message: "Encrypted-password must be re-configured to use FIPS compliant hash",
				Path: editPath(p), BadElement: "encrypted-password", Reason: ReasonConstraint})
		}
	}
}
