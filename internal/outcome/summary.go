// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// summaryFor says in a few lines what a person has to know.
func (r Run) summaryFor(o Outcome) []string {
	lines := []string{r.Host + ": " + string(o.Outcome)}
	for _, part := range []struct {
		words string
		steps []string
		name  func(step string) string
	}{{"changed: ", o.Did, o.Record.DoneWords}, {"would change: ", o.Would, StepWords}, {"not done: ", o.NotDone, StepWords}} {
		for _, step := range part.steps {
			lines = append(lines, part.words+part.name(step))
		}
	}
	lines = append(lines, r.notes(o)...)
	for _, p := range o.Problems {
		lines = append(lines, p.String())
	}
	for _, f := range o.Failures {
		lines = append(lines, f.String())
	}
	return append(lines, r.advice()...)
}

// doorToRoot says how step 2 becomes root, and why so, if it got so far.
func (r Run) doorToRoot() string {
	if !r.Keys.wasRun() {
		return ""
	}
	door := map[string]string{"login": "step 2 would log in as root over SSH", "shell": "step 2 would log in as the usual user and become root there (start shell user root)"}[r.Keys.BecomeRoot]
	if door != "" && r.Info.wasRun() && r.Info.RootDoors.Reason != "" {
		door += ": " + r.Info.RootDoors.Reason
	}
	return door
}

// notes are what is neither a step nor a problem.
func (r Run) notes(o Outcome) (lines []string) {
	if door := r.doorToRoot(); o.Check && door != "" {
		lines = append(lines, door)
	}
	if r.Info.wasRun() && r.Info.FIPS != nil && *r.Info.FIPS && r.wanted() == Present && o.Outcome != DidFail {
		lines = append(lines, "step 3 is skipped: the chassis is in FIPS mode, which enables SCP by itself")
	}
	var took []string
	for _, m := range r.lastSeen() {
		if m.Commit == "ok" {
			took = append(took, fmt.Sprint(m.ID))
		}
	}
	if len(took) > 0 && !o.wasRolledBack() {
		lines = append(lines, "the last commit reached "+listMembers(took))
	}
	return lines
}

// wasRolledBack says that the last commit of a run is in force no more.
func (o Outcome) wasRolledBack() bool {
	return len(o.Failures) > 0 && o.Failures[len(o.Failures)-1].CommitState == string(vc.StateReverted)
}

// listMembers names members by their ids: "member 0", "members 0, 1 and 2".
func listMembers(ids []string) string {
	last := len(ids) - 1
	if last == 0 {
		return "member " + ids[0]
	}
	return "members " + strings.Join(ids[:last], ", ") + " and " + ids[last]
}

// advice says what a person has to do that no hint of a module says.
func (r Run) advice() (lines []string) {
	if r.Keys.wasRun() && len(r.Keys.ByHand) > 0 {
		lines = append(lines, "step 2 is left to you (scp_config_sync_rekey: never). On the primary, as root, in the CLI, type these lines, then run the role again:")
		lines = append(lines, r.Keys.ByHand...)
	}
	if !r.lacksRoot() {
		return lines
	}
	if r.HasAWXForm {
		return append(lines, "step 2 becomes root with Root password or Root private key of the credential, if they are filled in")
	}
	return append(lines, "step 2 becomes root with scp_config_sync_root_password or scp_config_sync_root_private_key_file if they are given")
}

// lacksRoot says that step 2 failed where other credentials of root could help.
func (r Run) lacksRoot() bool {
	return slices.ContainsFunc([]*Result{r.Root, r.Keys}, func(result *Result) bool {
		if !result.hasFailed() {
			return false
		}
		section := guideSections()[result.failureOf(StepKeys).Code]
		return section == "becoming-root" || section == "logging-in"
	})
}
