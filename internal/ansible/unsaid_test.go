// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// A result's word on the device is there however the run ended.
func TestWhatAResultSaysWithoutARun(t *testing.T) {
	type common struct {
		State string `json:"state" unstarted:"none" crashed:"unknown"`
	}
	type result struct {
		common
		Other string `json:"other,omitempty"`
	}
	answer := func(r result, err error, crash bool) Module {
		return New("probe", func(context.Context, Task, struct{}) (result, error) {
			if crash {
				panic("crash")
			}
			return r, err
		})
	}
	no := errors.New("no")
	for name, row := range map[string]struct {
		module Module
		args   string
		want   any
	}{
		"bad arguments":           {answer(result{}, nil, false), `{"unknown": 1}`, "none"},
		"no arguments":            {answer(result{}, nil, false), ``, "none"},
		"an error and no result":  {answer(result{}, no, false), `{}`, "none"},
		"an error and a result":   {answer(result{common{"pending"}, ""}, no, false), `{}`, "pending"},
		"an error and half of it": {answer(result{Other: "x"}, no, false), `{}`, "none"},
		"a crash":                 {answer(result{}, nil, true), `{}`, "unknown"},
		"success":                 {answer(result{}, nil, false), `{}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			Main(t.Context(), []Module{row.module}, []string{"probe", "-"}, strings.NewReader(row.args), &out, nil)
			var got map[string]any
			if err := json.Unmarshal([]byte(out.String()), &got); err != nil || got["state"] != row.want {
				t.Errorf("want state %q, got %s", row.want, out.String())
			}
		})
	}
}

func TestJobOfAWX(t *testing.T) {
	for id, want := range map[string]string{"": "", "42": "42", "a b": "", "4\n2": "", strings.Repeat("1", 33): "", "x_1-2.3": "x_1-2.3"} {
		seen := "not called"
		m := New("probe", func(_ context.Context, task Task, _ struct{}) (struct{}, error) {
			seen = task.Job
			return struct{}{}, nil
		})
		Main(t.Context(), []Module{m}, []string{"probe", "-"}, strings.NewReader(`{}`), io.Discard, []string{"JOB_ID=" + id})
		if seen != want {
			t.Errorf("JOB_ID %q: want job %q, got %q", id, want, seen)
		}
	}
}
