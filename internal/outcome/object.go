// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// MaxRecord is a hundred times the size of a record, in bytes.
const MaxRecord = 1 << 20

// recordLimits of a record: it has three levels.
var recordLimits = strictjson.Limits{Bytes: MaxRecord, Depth: 16}

// decodeRecord reads one JSON object.
func decodeRecord(data []byte) (*strictjson.Object, error) {
	v, err := strictjson.Parse(data, recordLimits)
	var syntax *strictjson.SyntaxError
	if errors.As(err, &syntax) && syntax.Truncated {
		return nil, fmt.Errorf("truncated: the JSON object has no end, after byte %d", syntax.Offset)
	}
	if err != nil {
		return nil, err
	}
	o, ok := v.(*strictjson.Object)
	if !ok {
		return nil, fmt.Errorf("want a JSON object, got %s", jsonKind(v))
	}
	return o, nil
}

// recordObject reads the keys of one JSON object. Its first complaint is kept for
// all objects of the record, and everything after it is worth nothing.
type recordObject struct {
	path string
	keys map[string]any
	err  *error
}

func (o recordObject) addComplaint(key, want string, got any) {
	if *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want %s, got %s", o.path, key, want, showGiven(got))
	}
}

// textAt returns "" for what is not there.
func (o recordObject) textAt(key string) string {
	switch v := o.keys[key].(type) {
	case nil:
		return ""
	case string:
		return CleanText(v, nameText)
	default:
		o.addComplaint(key, "a string", v)
		return ""
	}
}

// longTextAt is textAt for what is a sentence.
func (o recordObject) longTextAt(key string) string {
	text, ok := o.keys[key].(string)
	if v := o.keys[key]; v != nil && !ok {
		o.addComplaint(key, "a string", v)
	}
	return CleanText(text, LongText)
}

// flagAt returns nil for what is not known. Older Ansible turns null into "",
// and an answer that may be unknown is a string.
func (o recordObject) flagAt(key string) *bool {
	switch v := o.keys[key].(type) {
	case nil:
		return nil
	case bool:
		return &v
	case string:
		switch strings.ToLower(v) {
		case "", "none", "unknown":
			return nil
		case "true", "false":
			yes := strings.EqualFold(v, "true")
			return &yes
		}
		o.addComplaint(key, "true, false or unknown", v)
	default:
		o.addComplaint(key, "true, false or unknown", v)
	}
	return nil
}

// numberAt returns a small number that has to be there.
func (o recordObject) numberAt(key string, most int) int {
	text, _ := o.keys[key].(json.Number)
	n, err := strconv.Atoi(text.String())
	if (err != nil || n < 0 || n > most) && *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want a number from 0 to %d, got %s", o.path, key, most, showGiven(o.keys[key]))
	}
	return n
}

func showGiven(v any) string {
	switch v := v.(type) {
	case json.Number:
		return CleanText(v.String(), ShortText)
	case string:
		return fmt.Sprintf("%q", CleanText(v, ShortText))
	}
	return jsonKind(v)
}

func (o recordObject) listAt(key string) []any {
	v := o.keys[key]
	list, ok := v.([]any)
	if v != nil && v != "" && !ok {
		o.addComplaint(key, "a list", v)
	}
	return list
}

// textsAt returns a list of strings, no longer than anybody reads.
func (o recordObject) textsAt(key string) []string {
	var out []string
	list := o.listAt(key)
	for i, v := range list {
		s, ok := v.(string)
		if !ok {
			o.addComplaint(fmt.Sprintf("%s[%d]", key, i), "a string", v)
		}
		if i == maxTexts {
			return append(out, fmt.Sprintf("and %d more", len(list)-i))
		}
		out = append(out, CleanText(s, LongText))
	}
	return out
}

// objectAt returns an empty one for what is not there.
func (o recordObject) objectAt(key string) recordObject {
	in := recordObject{path: o.path + key + ".", err: o.err}
	v := o.keys[key]
	below, ok := v.(*strictjson.Object)
	if v != nil && !ok {
		o.addComplaint(key, "an object", v)
	}
	if ok {
		in.keys = below.Values
	}
	return in
}

func (o recordObject) objectsAt(key string) []recordObject {
	var out []recordObject
	for i, v := range o.listAt(key) {
		name := fmt.Sprintf("%s[%d]", key, i)
		below, ok := v.(*strictjson.Object)
		if !ok {
			o.addComplaint(name, "an object", v)
			return nil
		}
		out = append(out, recordObject{path: o.path + name + ".", keys: below.Values, err: o.err})
	}
	return out
}

// jsonKind names what stands where something else was wanted.
func jsonKind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	}
	return "an object"
}
