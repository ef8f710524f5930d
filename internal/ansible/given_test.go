// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// What a run reports while it is under way is in its result.
func TestEventsAreInTheResult(t *testing.T) {
	for _, notes := range []int{0, 2} {
		m := New("vc_x", func(_ context.Context, task Task, _ struct{}) (struct{}, error) {
			for range notes {
				task.Progress.Note("half of it is done")
			}
			return struct{}{}, nil
		})
		out, ok := m.Run(t.Context(), []byte("{}"), nil)
		if !ok || strings.Count(string(out), `"text":"half of it is done"`) != notes || strings.Contains(string(out), `"events":[`) != (notes > 0) {
			t.Errorf("%d notes: got %s", notes, out)
		}
	}
}

// A task knows what it was given but for secrets, can be given an earlier run's tag, and
// hands its result to who asked for it.
func TestTasksKnowWhatTheyWereGiven(t *testing.T) {
	type params struct {
		Host     string        `json:"host"`
		Comment  string        `json:"comment"`
		Password secret.String `json:"password"`
	}
	type result struct {
		Changed bool `json:"changed"`
	}
	var task Task
	var said []string
	m := New("vc_x", func(_ context.Context, got Task, _ params) (result, error) {
		task = got
		got.AtEnd(func(text []byte) { said = append(said, string(text)) })
		return result{Changed: true}, nil
	})
	arguments := `{"host": "a", "password": "` + string(canary.Password) + `", "_ansible_diff": true, "_ansible_vchassis_tag": "0123456789"}`
	out, ok := m.Run(t.Context(), []byte(arguments), nil)
	if !ok || !slices.Equal(said, []string{string(out)}) || !strings.Contains(said[0], `"changed":true`) {
		t.Errorf("%s; said %q", out, said)
	}
	if len(task.Given) != 1 || task.Given["host"] != "a" || task.Tag != "0123456789" {
		t.Errorf("given %v, tag %s", task.Given, task.Tag)
	}
	Task{}.AtEnd(nil) // nobody prints it
}
