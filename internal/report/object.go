// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

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
	keys, ok := v.(map[string]any)
	if v != nil && !ok {
		o.complain(key, "an object", v)
	}
	in.keys = keys
	return in
}

func (o object) objects(key string) []object {
	var out []object
	for i, v := range o.list(key) {
		name := fmt.Sprintf("%s[%d]", key, i)
		keys, ok := v.(map[string]any)
		if !ok {
			o.complain(name, "an object", v)
		}
		out = append(out, object{path: o.path + name + ".", keys: keys, err: o.err})
	}
	return out
}
