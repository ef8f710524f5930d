// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

type entry struct {
	ID     int           `json:"member_id" required:"true" min:"0" max:"9"`
	Serial string        `json:"serial_number"`
	Key    secret.String `json:"key"`
}

// sample has an option of every kind.
type sample struct {
	Connection
	State   string            `json:"state" default:"present" choices:"present,absent"`
	FIPS    string            `json:"chassis_fips" default:"auto" choices:"auto,true,false"`
	Command string            `json:"command" aliases:"cmd" min:"1" max:"10"`
	Replace bool              `json:"replace"`
	Ratio   float64           `json:"ratio" default:"1.5"`
	Maybe   *int              `json:"maybe"`
	Small   int8              `json:"small"`
	Numbers []int             `json:"numbers"`
	Steps   []string          `json:"steps" choices:"one,two"`
	Members []entry           `json:"members" max:"2"`
	Tokens  []secret.String   `json:"tokens"`
	Nested  entry             `json:"nested"`
	Hidden  map[string]string `json:"-"`
}

type outcome struct {
	Changed bool    `json:"changed"`
	Got     *sample `json:"got,omitempty"`
	Task    *Task   `json:"task,omitempty"`
	Text    string  `json:"text,omitempty"`
	Diff    string  `json:"diff,omitempty"`
	Msg     string  `json:"msg,omitempty"`
}

var errBoom = errors.New("device said no")

// call runs a module that does what do says and returns its result.
func call(t *testing.T, arguments string, environ []string, do func(context.Context, Task, sample) (outcome, error)) (map[string]any, bool) {
	t.Helper()
	out, ok := New("probe", do).Run(t.Context(), []byte(arguments), environ)
	var result map[string]any
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("result is no JSON object: %v\n%s", err, out)
	}
	if failed, _ := result["failed"].(bool); failed == ok {
		t.Errorf("failed = %v, but ok = %v", failed, ok)
	}
	return result, ok
}

// decoded returns the params that arguments make, or the message.
func decoded(t *testing.T, arguments string, environ ...string) (p sample, task Task, msg string) {
	t.Helper()
	result, _ := call(t, arguments, environ, func(_ context.Context, got Task, in sample) (outcome, error) {
		p, task = in, got
		return outcome{}, nil
	})
	msg, _ = result["msg"].(string)
	return p, task, msg
}

// with returns arguments that are valid but for one option.
func with(option, value string) string {
	return `{"host": "192.0.2.1", "` + option + `": ` + value + `}`
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if want == "" && got != "" {
		t.Errorf("want success, got %s", got)
	}
	if want != "" && !strings.Contains(got, want) {
		t.Errorf("want a message with %q, got %q", want, got)
	}
}
