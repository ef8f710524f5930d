// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// withFields is an error that knows what the device has.
type withFields struct {
	error
	fields any
}

func (w *withFields) Result() any { return w.fields }

// An error may bring the result of a run that has none, and never replaces one.
func TestAnErrorBringsFields(t *testing.T) {
	brings := fmt.Errorf("commit: %w", &withFields{errBoom, outcome{Changed: true, Text: "from the error"}})
	for name, row := range map[string]struct {
		out  outcome
		err  error
		want map[string]any
	}{
		"no result":         {outcome{}, brings, map[string]any{"failed": true, "changed": true, "text": "from the error", "msg": "commit: device said no"}},
		"a result":          {outcome{Text: "own"}, brings, map[string]any{"failed": true, "changed": false, "text": "own", "msg": "commit: device said no"}},
		"no struct brought": {outcome{}, &withFields{errBoom, "x"}, map[string]any{"failed": true, "changed": false, "msg": "device said no\nresult of probe: want a struct, got string"}},
		"nothing brought":   {outcome{}, &withFields{errBoom, nil}, map[string]any{"failed": true, "changed": false, "msg": "device said no"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) { return row.out, row.err })
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

type reached struct {
	error
	no bool
}

func (r reached) IsOutOfReach() bool { return r.no }

// Only a host that could not be reached is reported so: Ansible runs no more tasks there.
func TestUnreachable(t *testing.T) {
	for _, no := range []bool{false, true} {
		got, _ := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) {
			return outcome{}, fmt.Errorf("log in: %w", reached{errBoom, no})
		})
		if _, said := got["unreachable"]; said != no {
			t.Errorf("out of reach %v: got %v", no, got)
		}
	}
}

// A type that holds itself is looked through once.
func TestIdentifiersOfATypeThatHoldsItself(t *testing.T) {
	type tree struct {
		ID       string `json:"id" scrub:"never"`
		Children []tree `json:"children"`
	}
	if keep := keysToKeep(reflect.TypeFor[tree]()); len(keep) != 1 || !keep["id"] {
		t.Errorf("got %v", keep)
	}
}

// A result that JSON cannot show is a defect, and is named.
func TestAResultThatJSONCannotShow(t *testing.T) {
	type result struct {
		F func() `json:"f"`
	}
	out, ok := New("probe", func(context.Context, Task, struct{}) (result, error) { return result{F: func() {}}, nil }).Run(t.Context(), []byte(`{}`), nil)
	if want := `"msg":"result of probe: json: unsupported type: func()"`; ok || !strings.Contains(string(out), want) {
		t.Errorf("want %s, got %s", want, out)
	}
}

// printed returns a field of a result with this text.
func printed(t *testing.T, text string) string {
	t.Helper()
	got, _ := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) { return outcome{Text: text}, nil })
	return fmt.Sprint(got["text"])
}

// Job events store whole results: a text has at most 48 KiB, and says so.
func TestLongTextsAreCutAtALine(t *testing.T) {
	const most = 48 * 1024
	note := func(n int) string { return fmt.Sprintf("[cut here: %d bytes in all, sha256 ", n) }
	if text := strings.Repeat("a", most); printed(t, text) != text {
		t.Error("a text of 48 KiB is not whole")
	}
	noLine := printed(t, strings.Repeat("a", most+1))
	if !strings.HasPrefix(noLine, strings.Repeat("a", most)+"\n"+note(most+1)) || strings.Contains(noLine, "…") {
		t.Errorf("without a line end: %d bytes, %s", len(noLine), noLine[len(noLine)-120:])
	}
	// A line end in the second half is where to cut; one in the first would lose too much.
	late := strings.Repeat("a", most/2+1) + "\n" + strings.Repeat("b", most)
	if got := printed(t, late); !strings.HasPrefix(got, strings.Repeat("a", most/2+1)+"\n"+note(len(late))) {
		t.Errorf("late: %d bytes", len(got))
	}
	early := strings.Repeat("a", most/2-1) + "\n" + strings.Repeat("b", most)
	if got := printed(t, early); !strings.HasPrefix(got, early[:most]+"\n"+note(len(early))) {
		t.Errorf("early: %d bytes", len(got))
	}
	if !regexp.MustCompile(`sha256 [0-9a-f]{64}\]\n$`).MatchString(noLine) {
		t.Errorf("no checksum at the end: %s", noLine[len(noLine)-120:])
	}
}

// A message has at most 8 KiB, whatever its bytes.
func TestLongMessages(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"whole":           {strings.Repeat("a", 8192), strings.Repeat("a", 8192)},
		"cut":             {strings.Repeat("a", 8193), strings.Repeat("a", 8192) + "…"},
		"in a character":  {"a" + strings.Repeat("é", 4096), "a" + strings.Repeat("é", 4095) + "…"},
		"in no character": {strings.Repeat("\x80", 8193), "…"},
	} {
		got, _ := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) { return outcome{}, errors.New(row.text) })
		if got["msg"] != row.want {
			t.Errorf("%s: got %.20q and %d bytes", name, got["msg"], len(fmt.Sprint(got["msg"])))
		}
	}
}

func TestSecretsAreFoundAtAnyDepth(t *testing.T) {
	type part struct {
		Text string `json:"text"`
	}
	type result struct {
		List  []any  `json:"list"`
		Parts []part `json:"parts"`
		Count int    `json:"count"`
	}
	type params struct {
		Password string `json:"hunter22"` // a key that reads like the secret
		Key      entry  `json:"entry"`
	}
	out, _ := New("probe", func(_ context.Context, _ Task, p params) (result, error) {
		secret := p.Key.Key.Reveal()
		return result{List: []any{1, []any{"x" + secret}, map[string]any{"text": secret}}, Parts: []part{{"is " + secret}}, Count: 3}, nil
	}).Run(t.Context(), []byte(`{"entry": {"member_id": 1, "key": "hunter22"}}`), nil)
	const want = `{"list":[1,["x********"],{"text":"********"}],"parts":[{"text":"is ********"}],"count":3}`
	if string(out) != want {
		t.Errorf("want %s, got %s", want, out)
	}
}

// A task that is given a user is still part of a play of others.
func TestLoginsOfThePlay(t *testing.T) {
	for _, row := range []struct {
		arguments string
		environ   []string
		want      []string
	}{
		{`{"host": "a", "username": "root"}`, nil, nil},
		{`{"host": "a", "username": "root", "_vchassis_vars": {"username": "admin"}}`, nil, []string{"admin"}},
		{`{"host": "a", "_vchassis_vars": {"username": "admin"}}`, nil, []string{"admin"}},
		{`{"host": "a", "username": "root", "_vchassis_vars": {"username": "admin"}}`, []string{"VCHASSIS_USERNAME=ops"}, []string{"ops", "admin"}},
		{`{"host": "a", "username": "root", "_vchassis_vars": {"username": ""}}`, []string{"VCHASSIS_USERNAME="}, nil},
		{`{"host": "a", "username": "root", "_vchassis_vars": {"username": 4711}}`, nil, []string{"4711"}},
		{`{"host": "a", "username": "root", "_vchassis_vars": {"username": ["admin"]}}`, nil, nil},
	} {
		_, task, msg := decoded(t, row.arguments, row.environ...)
		check(t, msg, "")
		if diff := cmp.Diff(row.want, task.Logins); diff != "" {
			t.Errorf("%s %v: want - got +\n%s", row.arguments, row.environ, diff)
		}
	}
}

// Ansible's own keys are read as strictly as options.
func TestWhatAnsibleSays(t *testing.T) {
	for arguments, want := range map[string]Task{
		`{"host": "a", "_ansible_check_mode": null, "_ansible_diff": null}`: {},
		`{"host": "a", "_ansible_check_mode": "yes", "_ansible_diff": 1}`:   {Check: true, Diff: true},
		`{"host": "a", "_ansible_verbosity": "2"}`:                          {Verbosity: 2},
	} {
		_, task, msg := decoded(t, arguments)
		check(t, msg, "")
		task.Module, task.Tag, task.Progress, task.Given, task.Scrub = "", "", nil, nil, nil
		if diff := cmp.Diff(want, task, cmpopts.IgnoreUnexported(Task{})); diff != "" {
			t.Errorf("%s: want - got +\n%s", arguments, diff)
		}
	}
	for arguments, want := range map[string]string{
		`{"host": "a", "_ansible_diff": {}}`:       "_ansible_diff: want bool, got a dict",
		`{"host": "a", "_ansible_check_mode": []}`: "_ansible_check_mode: want bool, got a list",
	} {
		_, task, msg := decoded(t, arguments)
		check(t, msg, want)
		if task.Module != "" {
			t.Errorf("%s: the module was called", arguments)
		}
	}
}

func TestEachRunHasATag(t *testing.T) {
	tags := map[string]bool{}
	for range 20 {
		_, task, _ := decoded(t, `{"host": "a"}`)
		tags[task.Tag] = true
		if !regexp.MustCompile(`^[0-9a-f]{10}$`).MatchString(task.Tag) {
			t.Errorf("got %q", task.Tag)
		}
	}
	if len(tags) < 20 {
		t.Errorf("20 runs, %d tags", len(tags))
	}
}

// What cancelled a task is said where the error does not say it.
func TestTheCauseOfACancel(t *testing.T) {
	signal := errors.New("terminated signal received")
	for name, row := range map[string]struct {
		err   error
		alive bool
		want  string
	}{
		"a cancel":                  {fmt.Errorf("lock: %w", context.Canceled), false, "lock: context canceled (terminated signal received)"},
		"a cancel that says why":    {fmt.Errorf("lock: %w: terminated signal received", context.Canceled), false, "lock: context canceled: terminated signal received"},
		"another error":             {errBoom, false, "device said no"},
		"a cancel of somebody else": {context.Canceled, true, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			out, _ := New("probe", func(context.Context, Task, struct{}) (outcome, error) {
				if !row.alive {
					cancel(signal)
				}
				return outcome{}, row.err
			}).Run(ctx, []byte(`{}`), nil)
			check(t, string(out), `"msg":"`+row.want+`"`)
		})
	}
}

func TestAPanicSaysWhereItWas(t *testing.T) {
	got, _ := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) { panic("x") })
	if hint := fmt.Sprint(got["hint"]); !strings.Contains(hint, "report it with this message") {
		t.Errorf("hint %q", hint)
	}
	if msg := fmt.Sprint(got["msg"]); !regexp.MustCompile(`^internal error in probe at result_test\.go:\d+: x$`).MatchString(msg) {
		t.Errorf("got %s", msg)
	}
}
