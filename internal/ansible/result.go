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
// failure, failed, msg and hint. An error may bring fields to a result that has
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
	scrubValue(o, scrub, maxText)
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

// scrubValue scrubs values before they are encoded: keys are ours, and a secret
// that reads "changed" must not destroy one.
func scrubValue(v any, scrub *secret.Scrubber, limit int) any {
	switch t := v.(type) {
	case string:
		return shortenText(scrub.Scrub(t), limit)
	case []any:
		for i := range t {
			t[i] = scrubValue(t[i], scrub, limit)
		}
	case *strictjson.Object:
		for _, key := range t.Keys {
			t.Values[key] = scrubValue(t.Values[key], scrub, limit)
		}
	}
	return v
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
