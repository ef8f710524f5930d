// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

const (
	// maxText bounds every text of a result. Job events store whole results;
	// with both sides of a diff this stays near 100 kB.
	maxText = 48 << 10
	maxMsg  = 8 << 10
)

// render returns what the process prints: the result's own fields and, of a
// failure, failed, msg and hint. An error may bring fields to a result that has
// none: its method Result() returns them. Every text in it is scrubbed and bounded. A
// result that JSON cannot show is a failure too.
func (m Module) render(task Task, r any, failure error, scrub *secret.Scrubber) (result []byte, ok bool) {
	o := &object{values: map[string]any{}}
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
		o.drop("diff")
	}
	if failure != nil {
		fail(o, failure)
		m.unsaid(o, failure)
	}
	clean(o, scrub, maxText)
	var out bytes.Buffer
	if err := write(&out, o); err != nil {
		return []byte(`{"failed":true,"changed":false,"msg":"internal error: the result is no JSON"}`), false
	}
	return out.Bytes(), failure == nil
}

// isZero reports whether a result holds nothing.
func isZero(r any) bool { return r == nil || reflect.ValueOf(r).IsZero() }

// fieldsOfResult returns the fields of r as JSON shows them.
func fieldsOfResult(module string, r any) (*object, error) {
	empty := &object{values: map[string]any{}}
	var out bytes.Buffer
	if err := protect(module, func() error { return write(&out, r) }); err != nil {
		return empty, fmt.Errorf("result of %s: %w", module, err)
	}
	dec := json.NewDecoder(&out)
	dec.UseNumber()
	v, err := (&reader{dec: dec, replaced: true}).value("")
	if o, ok := v.(*object); ok {
		return o, nil
	}
	return empty, fmt.Errorf("result of %s: want a struct, got %s (%v)", module, show(v), err)
}

func fail(o *object, failure error) {
	o.set("failed", true)
	if _, ok := o.values["changed"]; !ok {
		o.set("changed", false)
	}
	o.set("msg", clip(failure.Error(), maxMsg))
	if text := hint.Of(failure); text != "" {
		o.set("hint", text)
	}
}

// unsaid fills in the fields that a result must not be without.
func (m Module) unsaid(o *object, failure error) {
	if m.result == nil {
		return
	}
	tag := "unstarted"
	var middle interface{ halfway() }
	if errors.As(failure, &middle) {
		tag = "crashed"
	}
	for _, sf := range reflect.VisibleFields(m.result) {
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if v, given := o.values[name]; sf.Tag.Get(tag) != "" && (!given || v == "") {
			o.set(name, sf.Tag.Get(tag))
		}
	}
}

// clean scrubs values before they are encoded: keys are ours, and a secret
// that reads "changed" must not destroy one.
func clean(v any, scrub *secret.Scrubber, limit int) any {
	switch t := v.(type) {
	case string:
		return shorten(scrub.Scrub(t), limit)
	case []any:
		for i := range t {
			t[i] = clean(t[i], scrub, limit)
		}
	case *object:
		for _, key := range t.keys {
			t.values[key] = clean(t.values[key], scrub, limit)
		}
	}
	return v
}

// shorten cuts a long text at a line and says what the whole was.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	head := strings.TrimSuffix(clip(text, limit), "…")
	if i := strings.LastIndexByte(head, '\n'); i > limit/2 {
		head = head[:i]
	}
	return fmt.Sprintf("%s\n[cut here: %d bytes in all, sha256 %x]\n", head, len(text), sha256.Sum256([]byte(text)))
}
