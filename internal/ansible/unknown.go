// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// playKey holds what the action plugin found in the variables of the play. It
// ranks below the environment, so it cannot stand among the options.
const playKey = "_vchassis_vars"

// groupKey lists the options that came from module_defaults of the action group:
// one that only some of its modules have is none of the others' business.
const groupKey = "_vchassis_group"

// variablePrefix begins the names of the play's variables that stand in for options.
const variablePrefix = "vchassis_"

// refuseUnknown notes every option that nobody declared. Ansible's own keys
// stand at the top only.
func (b *binder) refuseUnknown(at string, in *strictjson.Object, fields []field) {
	known := map[string]bool{}
	var names []string
	for _, f := range fields {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			known[name] = true
			names = append(names, name)
		}
	}
	for _, key := range in.Keys {
		if known[key] || at == "" && (key == playKey || key == groupKey || strings.HasPrefix(key, "_ansible_")) || b.isForOthers(at, key) {
			continue
		}
		hint := ""
		if near := nearestName(key, names); near != "" {
			hint = ", did you mean " + near + "?"
		}
		b.addProblem(strictjson.JoinPath(at, clipText(key, 60)), "unknown option%s", hint)
	}
}

// refuseUnknownVariables notes every variable that is named like one for an option and
// that no module has.
func (b *binder) refuseUnknownVariables(own []field) {
	names := slices.Clone(b.elsewhere)
	for _, f := range own {
		names = append(names, f.Name)
	}
	for _, key := range b.play.Keys {
		if slices.Contains(names, key) {
			continue
		}
		hint := ""
		if near := nearestName(key, names); near != "" {
			hint = ", did you mean " + variablePrefix + near + "?"
		}
		b.addProblem(variablePrefix+clipText(key, 60), "no module has that option%s", hint)
	}
}

// isForOthers says that an option of the top came for the whole action group, and that
// another module has it.
func (b *binder) isForOthers(at, key string) bool {
	return at == "" && slices.Contains(b.grouped, key) && slices.Contains(b.elsewhere, key)
}

// nearestName returns the name that fewest edits away make of key, "" if none is near.
func nearestName(key string, names []string) (best string) {
	limit := max(2, len(key)/3) + 1
	for _, name := range names {
		if d := editDistance(key, name); d < limit {
			best, limit = name, d
		}
	}
	return best
}

// editDistance is Levenshtein's: the insertions, deletions and substitutions.
func editDistance(a, b string) int {
	if len(a) > 100 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
