// SPDX-License-Identifier: GPL-3.0-or-later

package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

func parse(text string) (any, error) {
	return strictjson.Parse([]byte(text), strictjson.Limits{Bytes: 200, Depth: 3})
}

func TestParse(t *testing.T) {
	for _, row := range []struct{ name, text, err string }{
		{"an object", `{"a": [1, null, true, "x"]}`, ""},
		{"a byte order mark", "\ufeff{}", ""},
		{"empty", "", "want a JSON object, got nothing"},
		{"blank", " \n\t", "want a JSON object, got nothing"},
		{"as large as it may be", `"` + strings.Repeat("a", 198) + `"`, ""},
		{"too large", `"` + strings.Repeat("a", 199) + `"`, "want at most 200 bytes, got more"},
		{"as deep as it may be", `[{"a": []}, [[]]]`, ""},
		{"too deep", `[[[[]]]]`, "want at most 3 levels of lists and dicts, got more"},
		{"deep in turn", `[[],[],[],[]]`, ""},
		{"too deep and unfinished", `{"a":{"b":{"c":{`, "want at most 3 levels"},
		{"brackets in a text", `"[[[[\"[[[["`, ""},
		{"UTF-16, little end first", "\xff\xfe{\x00}\x00", "want UTF-8, got UTF-16"},
		{"UTF-16, big end first", "\xfe\xff\x00{\x00}", "want UTF-8, got UTF-16"},
		{"Latin-1", "{\"a\": \"\xe4\"}", "want UTF-8, got other bytes"},
		{"half a surrogate pair", `{"a": [1, "\ud800"]}`, "a[1]: want Unicode, got half a surrogate pair"},
		{"half a surrogate pair in a key", `{"a": {"\udc00": 1}}`, "a: want Unicode, got half a surrogate pair"},
		{"U+FFFD itself", "[\"\ufffd\"]", ""},
		{"U+FFFD as an escape", `["\uFFFD"]`, ""},
		{"key twice", `{"a": 1, "b": 2, "a": 1}`, "a: given twice"},
		{"key twice, once as an escape", `{"a": 1, "\u0061": 1}`, "a: given twice"},
		{"key twice below", `{"a": [{}, {"b": 1, "b": 2}]}`, "a[1].b: given twice"},
		{"same key in two objects", `[{"a": 1}, {"a": 1}]`, ""},
		{"two values", `{}{}`, "line 1 column 3: invalid character '{' after top-level value"},
		{"line and column", "{\n \"a\": 1,\n}", "want JSON, line 3 column 1: invalid character '}'"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := parse(row.text)
			if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
				t.Errorf("want error %q, got %v", row.err, err)
			}
		})
	}
}

func TestValuesKeepTheirDigitsAndOrder(t *testing.T) {
	got, err := parse(`{"z": 1.50, "a": [null, true, "x"], "m": {}}`)
	want := &strictjson.Object{Keys: []string{"z", "a", "m"}, Values: map[string]any{
		"z": json.Number("1.50"), "a": []any{nil, true, "x"}, "m": strictjson.NewObject(),
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, want - got +\n%s", err, diff)
	}
}

// A writer that was killed leaves a beginning; whoever typed nonsense does not.
func TestTruncatedIsToldFromWrong(t *testing.T) {
	for text, truncated := range map[string]bool{`{"a": [1`: true, `{"a": "b`: true, `{`: true, `{"a": 1}}`: false, `nul!`: false, `{]`: false} {
		var syntax *strictjson.SyntaxError
		_, err := parse(text)
		if !errors.As(err, &syntax) || syntax.Truncated != truncated || errors.Unwrap(err) == nil {
			t.Errorf("%s: want truncated %v, got %+v", text, truncated, err)
		}
		if truncated && syntax != nil && syntax.Offset != len(text) {
			t.Errorf("%s: ends after %d bytes, not %d", text, len(text), syntax.Offset)
		}
	}
}

func TestObject(t *testing.T) {
	o, err := strictjson.ObjectOf(struct {
		B string `json:"b"`
		A int    `json:"a"`
		C any    `json:"c"`
	}{"<&>", 1, "\ufffd"})
	if err != nil {
		t.Fatal(err)
	}
	o.Set("d", true)
	o.Set("a", 2)
	o.Drop("c")
	o.Drop("none")
	var out bytes.Buffer
	if err := strictjson.Write(&out, o); err != nil || out.String() != `{"b":"<&>","a":2,"d":true}` {
		t.Errorf("%v: got %s", err, out.String())
	}
	for _, v := range []any{nil, 1, []int{1}} {
		if o, err := strictjson.ObjectOf(v); o != nil || err != nil {
			t.Errorf("%v: got %v, %v", v, o, err)
		}
	}
	if _, err := strictjson.ObjectOf(func() {}); err == nil {
		t.Error("a function has a form in JSON")
	}
	o.Set("e", func() {})
	if err := strictjson.Write(&out, o); err == nil {
		t.Error("an object with a function in it was written")
	}
}
