// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Run calls the module with arguments, a JSON text, and returns its result,
// one JSON object without a newline, and whether it succeeded. It never
// panics because of the module.
func (m Module) Run(ctx context.Context, arguments []byte, environ []string) (result []byte, ok bool) {
	b := &binder{environ: environOf(environ), elsewhere: m.elsewhere}
	task := Task{Module: m.Name}
	var r any
	var ends []func([]byte)
	err := callSafely(m.Name, func() error {
		params, err := b.decodeParams(arguments, m.params)
		if err != nil {
			return fmt.Errorf("arguments of %s: %w", m.Name, err)
		}
		if task, err = readTask(m.Name, arguments); err != nil {
			return err
		}
		task.Job, task.Logins = jobOf(b.environ), b.others
		task.Scrub = secret.New(b.secrets...).Scrub
		task.Progress = progress.NewLog(asWriter(watcherOf(b.environ)), task.Scrub)
		task.Given, task.atEnd = m.givenOptions(arguments), &ends
		r, err = m.run(ctx, task, params)
		return explainCancel(ctx, err)
	})
	result, ok = m.renderResult(task, r, err, secret.New(b.secrets...))
	for _, end := range ends {
		end(result)
	}
	return result, ok
}

// givenOptions returns the arguments without secrets, and without Ansible's own keys.
func (m Module) givenOptions(arguments []byte) map[string]any {
	given := map[string]any{}
	for _, o := range m.Options() {
		if v := gjson.GetBytes(arguments, gjson.Escape(o.Name)); v.Exists() && !o.NoLog && len(o.Sub) == 0 {
			given[o.Name] = v.Value()
		}
	}
	return given
}

// tagKey gives a run the tag of an earlier one, whose dialogue is played to it again.
const tagKey = "_ansible_vchassis_tag"

var tagPattern = regexp.MustCompile(`^[0-9a-f]{10}$`)

// newTag returns ten random hexadecimal digits.
func newTag() string {
	random := make([]byte, 5)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

var jobID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,32}$`)

// jobOf is the number that AWX gives to its jobs.
func jobOf(environ map[string]string) string {
	if id := environ["JOB_ID"]; jobID.MatchString(id) {
		return id
	}
	return ""
}

// readTask reads Ansible's own keys. It runs after decoding, which has refused
// duplicates: gjson takes the first of them.
func readTask(name string, arguments []byte) (Task, error) {
	task := Task{Module: name, Tag: newTag()}
	if tag := gjson.GetBytes(arguments, tagKey).String(); tagPattern.MatchString(tag) {
		task.Tag = tag
	}
	for key, flag := range map[string]*bool{"_ansible_check_mode": &task.Check, "_ansible_diff": &task.Diff} {
		v := gjson.GetBytes(arguments, gjson.Escape(key))
		if v.Type == gjson.Null {
			continue
		}
		var err error
		// A check mode that is not understood must not pass for "no".
		if *flag, err = toBool(plainJSON(v)); err != nil {
			return Task{}, fmt.Errorf("%s: %w, got %s", key, err, showValue(plainJSON(v)))
		}
	}
	task.Verbosity = int(gjson.GetBytes(arguments, "_ansible_verbosity").Int())
	return task, nil
}

// plainJSON is a gjson value in the form that the conversions take.
func plainJSON(v gjson.Result) any {
	parsed, err := parseJSON([]byte(v.Raw))
	if err != nil {
		return v.Raw
	}
	return parsed
}

// callSafely turns a panic into an error that tells where it was, but shows no
// stack: its arguments may be secrets.
func callSafely(name string, call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{name: name, cause: fmt.Sprint(p), place: placeOfPanic()}
		}
	}()
	return call()
}

type panicError struct{ name, cause, place string }

func (c *panicError) Error() string {
	return fmt.Sprintf("internal error in %s at %s: %s", c.name, c.place, c.cause)
}

func (c *panicError) isHalfway() {}

// Hint tells what a user can do about somebody else's mistake.
func (c *panicError) Hint() string {
	return "this is a bug in the module: report it with this message; the device may have been changed, read it again"
}

// placeOfPanic returns the file and line below the runtime's own frames.
func placeOfPanic() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// explainCancel adds the signal to an error that it caused.
func explainCancel(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && !strings.Contains(err.Error(), cause.Error()) {
		return fmt.Errorf("%w (%v)", err, cause)
	}
	return err
}
