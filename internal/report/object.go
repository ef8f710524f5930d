// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// limits of a record: it has three levels.
var limits = strictjson.Limits{Bytes: maxFile, Depth: 16}

// decode reads one JSON object.
func decode(data []byte) (*strictjson.Object, error) {
	v, err := strictjson.Parse(data, limits)
	var syntax *strictjson.SyntaxError
	if errors.As(err, &syntax) && syntax.Truncated {
		return nil, fmt.Errorf("truncated: the JSON object has no end, after byte %d", syntax.Offset)
	}
	if err != nil {
		return nil, err
	}
	o, ok := v.(*strictjson.Object)
	if !ok {
		return nil, fmt.Errorf("want a JSON object, got %s", kind(v))
	}
	return o, nil
}

// object reads the keys of one JSON object. Its first complaint is kept for
// all objects of the record, and everything after it is worth nothing.
type object struct {
	path string
	keys map[string]any
	err  *error
}

func (o object) complain(key, want string, got any) {
	if *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want %s, got %s", o.path, key, want, given(got))
	}
}

// text returns "" for what is not there.
func (o object) text(key string) string {
	switch v := o.keys[key].(type) {
	case nil:
		return ""
	case string:
		return clean(v, nameText)
	default:
		o.complain(key, "a string", v)
		return ""
	}
}

// flag returns nil for what is not known. Older Ansible turns null into "",
// and an answer that may be unknown is a string.
func (o object) flag(key string) *bool {
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
		o.complain(key, "true, false or unknown", v)
	default:
		o.complain(key, "true, false or unknown", v)
	}
	return nil
}

// number returns a small number that has to be there.
func (o object) number(key string, most int) int {
	text, _ := o.keys[key].(json.Number)
	n, err := strconv.Atoi(text.String())
	if (err != nil || n < 0 || n > most) && *o.err == nil {
		*o.err = fmt.Errorf("%s%s: want a number from 0 to %d, got %s", o.path, key, most, given(o.keys[key]))
	}
	return n
}

func given(v any) string {
	switch v := v.(type) {
	case json.Number:
		return clean(v.String(), shortText)
	case string:
		return fmt.Sprintf("%q", clean(v, shortText))
	}
	return kind(v)
}

func (o object) list(key string) []any {
	v := o.keys[key]
	list, ok := v.([]any)
	if v != nil && v != "" && !ok {
		o.complain(key, "a list", v)
	}
	return list
}

// texts returns a list of strings, no longer than anybody reads.
func (o object) texts(key string) []string {
	var out []string
	list := o.list(key)
	for i, v := range list {
		s, ok := v.(string)
		if !ok {
			o.complain(fmt.Sprintf("%s[%d]", key, i), "a string", v)
		}
		if i == maxTexts {
			return append(out, fmt.Sprintf("and %d more", len(list)-i))
		}
		out = append(out, clean(s, longText))
	}
	return out
}

// object returns an empty one for what is not there.
func (o object) object(key string) object {
	in := object{path: o.path + key + ".", err: o.err}
	v := o.keys[key]
	below, ok := v.(*strictjson.Object)
	if v != nil && !ok {
		o.complain(key, "an object", v)
	}
	if ok {
		in.keys = below.Values
	}
	return in
}

func (o object) objects(key string) []object {
	var out []object
	for i, v := range o.list(key) {
		name := fmt.Sprintf("%s[%d]", key, i)
		below, ok := v.(*strictjson.Object)
		if !ok {
			o.complain(name, "an object", v)
			return nil
		}
		out = append(out, object{path: o.path + name + ".", keys: below.Values, err: o.err})
	}
	return out
}

// kind names what stands where something else was wanted.
func kind(v any) string {
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
