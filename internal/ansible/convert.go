// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// The conversions below are AnsibleModule's, measured against ansible-core
// 2.19, with these departures, each on the side of refusing: a bool is no int,
// a list or dict is no str, and a dict is no "k=v" text.

// toBool takes a bool, 0 or 1, and the words Ansible takes, in any case.
func toBool(v any) (bool, error) {
	switch t := v.(type) {
	case bool:
		return t, nil
	case json.Number:
		if n, err := t.Float64(); err == nil && (n == 0 || n == 1) {
			return n == 1, nil
		}
	case string:
		switch strings.ToLower(strings.TrimSpace(t)) {
		case "y", "yes", "on", "1", "true", "t":
			return true, nil
		case "n", "no", "off", "0", "false", "f":
			return false, nil
		}
	}
	return false, wantError("bool")
}

// A number of more digits than this is no option of anybody.
var numeralForm = regexp.MustCompile(`^[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?$`)

// toInt takes a whole number, or a text that is one: "5" and 5.0, not 5.5.
func toInt(v any) (int64, error) {
	text, ok := numeralOf(v)
	if !ok {
		return 0, wantError("int")
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, wantError("int")
	}
	return r.Num().Int64(), nil
}

func toFloat(v any) (float64, error) {
	text, ok := numeralOf(v)
	if !ok {
		return 0, wantError("float")
	}
	n, _ := strconv.ParseFloat(text, 64) // a numeral always is one, and fits
	return n, nil
}

func numeralOf(v any) (string, bool) {
	switch t := v.(type) {
	case json.Number:
		return t.String(), numeralForm.MatchString(t.String())
	case string:
		t = strings.TrimSpace(t)
		return t, numeralForm.MatchString(t)
	}
	return "", false
}

// toText takes a text or a number, which keeps its digits. A bool becomes
// True or False, as Python prints it, or the one choice that means the same.
func toText(v any, choices []string) (string, error) {
	switch t := v.(type) {
	case string:
		return t, nil
	case json.Number:
		return t.String(), nil
	case bool:
		if same := choiceOfBool(t, choices); same != "" {
			return same, nil
		}
		return map[bool]string{true: "True", false: "False"}[t], nil
	}
	return "", wantError("str")
}

// choiceOfBool returns the only choice that reads as b: YAML turns an unquoted
// "true" or "on" into a bool before the module sees it.
func choiceOfBool(b bool, choices []string) (found string) {
	for _, choice := range choices {
		if value, err := toBool(choice); err != nil || value != b {
			continue
		}
		if found != "" {
			return ""
		}
		found = choice
	}
	return found
}

// toList takes a list, a text "a,b", or one number or bool.
func toList(v any) ([]any, error) {
	switch t := v.(type) {
	case []any:
		return t, nil
	case string:
		return splitAtCommas(t), nil
	case json.Number, bool:
		return []any{t}, nil
	}
	return nil, wantError("list")
}

func splitAtCommas(text string) []any {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var list []any
	for part := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(part))
	}
	return list
}

// toObject takes a dict, or a text that is one in JSON.
func toObject(v any) (*strictjson.Object, error) {
	if text, ok := v.(string); ok {
		parsed, err := parseJSON([]byte(text))
		if err != nil {
			return nil, wantError("dict")
		}
		v = parsed
	}
	if o, ok := v.(*strictjson.Object); ok {
		return o, nil
	}
	return nil, wantError("dict")
}

func wantError(what string) error { return errors.New("want " + what) }

// showValue is a value as a message may quote it: short, and one line.
func showValue(v any) string {
	switch t := v.(type) {
	case nil:
		return "nothing"
	case []any:
		return "a list"
	case *strictjson.Object:
		return "a dict"
	case string:
		return strconv.Quote(clipText(t, 60))
	}
	return clipText(fmt.Sprint(v), 60)
}

// Quote is a text as a message may quote it: short, and one line.
func Quote(text string) string { return showValue(text) }

// kindOf is a value as a message about a secret may name it.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a str"
	case json.Number:
		return "a number"
	case bool:
		return "a bool"
	}
	return showValue(v)
}

// clipText cuts a text to so many bytes, never inside a character.
func clipText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
