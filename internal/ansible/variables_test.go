// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// tableOfTwo is a table in which one module has an option that the other lacks.
func tableOfTwo() []Module {
	type reads struct {
		Host  string `json:"host"`
		Where struct {
			Room string `json:"room"`
		} `json:"where"`
	}
	type changes struct {
		Host    string `json:"host"`
		Comment string `json:"comment"`
	}
	type said struct {
		Msg string `json:"msg"`
	}
	return []Module{
		New("vc_reads", func(_ context.Context, _ Task, p reads) (said, error) { return said{p.Host}, nil }),
		New("vc_changes", func(_ context.Context, _ Task, p changes) (said, error) { return said{p.Host + ": " + p.Comment}, nil }),
	}
}

// What is given to all modules of a group, or to all hosts, may be for some of them
// only. What no module has is a mistake.
func TestOptionsOfOtherModules(t *testing.T) {
	for _, tt := range []struct{ name, module, arguments, want string }{
		{"a variable", "vc_changes", `{"_vchassis_vars": {"host": "a", "comment": "CHG-1"}}`, "a: CHG-1"},
		{"an option goes before it", "vc_changes", `{"comment": "CHG-2", "_vchassis_vars": {"host": "a", "comment": "CHG-1"}}`, "a: CHG-2"},
		{"a variable for another module", "vc_reads", `{"_vchassis_vars": {"host": "a", "comment": "CHG-1"}}`, "a"},
		{"a variable for no module", "vc_reads", `{"_vchassis_vars": {"host": "a", "coment": "x"}}`, "vchassis_coment: no module has that option, did you mean vchassis_comment?"},
		{"a variable for no module, with a long name", "vc_reads", `{"_vchassis_vars": {"host": "a", "` + strings.Repeat("x", 61) + `": 1}}`, "vchassis_" + strings.Repeat("x", 60) + "…: no module has that option"},
		{"a variable for no module, with a name that fits", "vc_reads", `{"_vchassis_vars": {"host": "a", "` + strings.Repeat("x", 60) + `": 1}}`, "vchassis_" + strings.Repeat("x", 60) + ": no module has that option"},
		{"a default of the group below an option", "vc_reads", `{"host": "a", "where": {"comment": "x"}, "_vchassis_group": ["comment"]}`, "where.comment: unknown option"},
		{"a default of the group", "vc_reads", `{"host": "a", "comment": "x", "_vchassis_group": ["comment"]}`, "a"},
		{"a default of the group that no module has", "vc_reads", `{"host": "a", "frob": "x", "_vchassis_group": ["frob"]}`, "frob: unknown option"},
		{"the task's own", "vc_reads", `{"host": "a", "comment": "x", "_vchassis_group": []}`, "comment: unknown option"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			Main(context.Background(), tableOfTwo(), []string{"vchassis", "module", tt.module, "-"}, strings.NewReader(tt.arguments), &out, nil)
			var result struct{ Msg string }
			if err := json.Unmarshal([]byte(out.String()), &result); err != nil || !strings.HasSuffix(result.Msg, tt.want) {
				t.Errorf("want %q, got %s (%v)", tt.want, out.String(), err)
			}
		})
	}
}
