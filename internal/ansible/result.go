// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

const (
	// maxText bounds every text of a result. Job events store whole results;
	// with both sides of a diff this stays near 100 kB.
	maxText = 48 << 10
	maxMsg  = 8 << 10
)

// renderResult returns what the process prints: the result's own fields and, of a
// failure, failed, msg, hint, code, and unreachable of one that says so. An error may bring fields to a result that has
// none: its method Result() returns them. Every text in it is scrubbed and bounded. A
// result that JSON cannot show is a failure too.
func (m Module) renderResult(task Task, r any, failure error, scrub *secret.Scrubber) (result []byte, ok bool) {
	o := strictjson.NewObject()
	var with interface{ Result() any }
	if isZero(r) && errors.As(failure, &with) {
		r = with.Result()
	}
	if failure == nil || !isZero(r) {
		fields, err := fieldsOfResult(task.Module, r)
		failure = errors.Join(failure, err)
		o = fields
	}
	if !task.Diff {
		o.Drop("diff")
	}
	if failure != nil {
		setFailure(o, failure)
		m.fillUnsaid(o, failure)
	}
	scrubObject(o, scrub, keysToKeep(m.result))
	if events := task.Progress.Events(); len(events) > 0 {
		o.Set("events", events) // scrubbed when they were reported
	}
	var out bytes.Buffer
	if err := strictjson.Write(&out, o); err != nil {
		return []byte(`{"failed":true,"changed":false,"msg":"internal error: the result is no JSON"}`), false
	}
	return out.Bytes(), failure == nil
}

// isZero reports whether a result holds nothing.
func isZero(r any) bool { return r == nil || reflect.ValueOf(r).IsZero() }

// fieldsOfResult returns the fields of r as JSON shows them.
func fieldsOfResult(module string, r any) (o *strictjson.Object, err error) {
	err = callSafely(module, func() error {
		o, err = strictjson.ObjectOf(r)
		return err
	})
	if err == nil && o == nil {
		err = fmt.Errorf("want a struct, got %T", r)
	}
	if err != nil {
		return strictjson.NewObject(), fmt.Errorf("result of %s: %w", module, err)
	}
	return o, nil
}

func setFailure(o *strictjson.Object, failure error) {
	o.Set("failed", true)
	if _, ok := o.Values["changed"]; !ok {
		o.Set("changed", false)
	}
	o.Set("msg", clipText(failure.Error(), maxMsg))
	if text := hint.Of(failure); text != "" {
		o.Set("hint", text)
	}
	if code := hint.CodeOf(failure); code != "" {
		o.Set("code", code)
	}
	var reach interface{ IsOutOfReach() bool }
	if errors.As(failure, &reach) && reach.IsOutOfReach() {
		o.Set("unreachable", true)
	}
}

// fillUnsaid fills in the fields that a result must not be without.
func (m Module) fillUnsaid(o *strictjson.Object, failure error) {
	if m.result == nil {
		return
	}
	tag := "unstarted"
	var middle interface{ isHalfway() }
	if errors.As(failure, &middle) {
		tag = "crashed"
	}
	for _, sf := range reflect.VisibleFields(m.result) {
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if v, given := o.Values[name]; sf.Tag.Get(tag) != "" && (!given || v == "") {
			o.Set(name, sf.Tag.Get(tag))
		}
	}
}

// scrubObject scrubs values before they are encoded: keys are ours, and a secret
// that reads "changed" must not destroy one. Nor must it destroy an identifier that
// a later task acts on: a serial number or a word of ours is no secret, even if
// somebody's password reads the same.
func scrubObject(o *strictjson.Object, scrub *secret.Scrubber, keep map[string]bool) {
	for _, key := range o.Keys {
		if !keep[key] {
			o.Values[key] = scrubValue(o.Values[key], scrub, keep)
		}
	}
}

func scrubValue(v any, scrub *secret.Scrubber, keep map[string]bool) any {
	switch t := v.(type) {
	case string:
		return shortenText(scrub.Scrub(t), maxText)
	case []any:
		for i := range t {
			t[i] = scrubValue(t[i], scrub, keep)
		}
	case *strictjson.Object:
		scrubObject(t, scrub, keep)
	}
	return v
}

// keysToKeep returns the keys of a result, at any depth, whose texts are identifiers:
// fields with the tag scrub:"never".
func keysToKeep(t reflect.Type) map[string]bool {
	keep := map[string]bool{}
	if t != nil {
		addKeysToKeep(t, keep, map[reflect.Type]bool{})
	}
	return keep
}

func addKeysToKeep(t reflect.Type, keep map[string]bool, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		sf := t.Field(i)
		if name, _, _ := strings.Cut(sf.Tag.Get("json"), ","); sf.Tag.Get("scrub") == "never" {
			keep[name] = true
		}
		addKeysToKeep(sf.Type, keep, seen)
	}
}

// shortenText cuts a long text at a line and says what the whole was.
func shortenText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	head := strings.TrimSuffix(clipText(text, limit), "…")
	if i := strings.LastIndexByte(head, '\n'); i > limit/2 {
		head = head[:i]
	}
	return fmt.Sprintf("%s\n[cut here: %d bytes in all, sha256 %x]\n", head, len(text), sha256.Sum256([]byte(text)))
}
