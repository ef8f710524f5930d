// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
)

// volatile is what differs between two runs of the same script.
var volatile = []struct {
	found *regexp.Regexp
	as    string
}{
	{regexp.MustCompile(`\brun=[0-9a-f]+`), "run=RUN"},
	{regexp.MustCompile(`\b127\.0\.0\.1(:\d+)?\b`), "HOST"},
	{regexp.MustCompile(`SHA256:[A-Za-z0-9+/]{43}`), "FINGERPRINT"},
	// Today's has no date, and a test may run at midnight.
	{regexp.MustCompile(`\b(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC on (the (switch|controller)'s clock)`), "TIME on $2"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z|[+-]\d\d:?\d\d)?`), "DATE"},
	{regexp.MustCompile(`\bpid \d+`), "pid PID"},
	{regexp.MustCompile(`\bidle 00:00:0\d\b`), "idle 00:00:00"},
}

// normalResult returns a result without what differs from run to run, indented and
// with sorted keys.
func normalResult(result []byte, work string) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(result))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return "", err
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(steadyValue("", v, work))
	return out.String(), err
}

func steadyValue(key string, v any, work string) any {
	switch t := v.(type) {
	case map[string]any:
		delete(t, "check_mode") // check and run are compared with the same words
		for k := range t {
			t[k] = steadyValue(k, t[k], work)
		}
	case []any:
		t = slices.DeleteFunc(t, mayBeSkipped)
		for i := range t {
			t[i] = steadyValue(key, t[i], work)
		}
		return t
	case json.Number:
		if key == "seconds" {
			return 0
		}
		if limit, err := t.Float64(); key == "limit" && err == nil { // what is left of a time
			return math.Round(limit/10) * 10
		}
	case string:
		return steadyText(t, work)
	}
	return v
}

// mayBeSkipped reports whether a part of a result is the event of a wait that is
// told only if it was needed: a switch gives the lock of a lost session free when it
// has noticed the loss, which may be before or after the new session asks for it.
func mayBeSkipped(v any) bool {
	event, isEvent := v.(map[string]any)
	text, _ := event["text"].(string)
	return isEvent && strings.HasPrefix(text, "waiting for the configuration lock, ")
}

func steadyText(text, work string) string {
	text = strings.ReplaceAll(text, work, "WORK")
	for _, rule := range volatile {
		text = rule.found.ReplaceAllString(text, rule.as)
	}
	return text
}
