// SPDX-License-Identifier: GPL-3.0-or-later

package strictjson

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Object is a JSON object that keeps the order of its keys. Read its fields;
// write them with Set and Drop, which keep the two the same.
type Object struct {
	Keys   []string
	Values map[string]any
}

// NewObject returns an empty object.
func NewObject() *Object { return &Object{Values: map[string]any{}} }

// ObjectOf returns a Go value as an object: its fields as encoding/json shows
// them, in their order. What is no object in JSON gives nil.
func ObjectOf(v any) (*Object, error) {
	var out bytes.Buffer
	if err := Write(&out, v); err != nil {
		return nil, err
	}
	// What was half a surrogate pair cannot be determined from what is: it is ours.
	shown, err := readValue(out.Bytes(), true)
	o, _ := shown.(*Object)
	return o, err
}

// Set adds a key behind the others, or replaces the value that it has.
func (o *Object) Set(key string, v any) {
	if _, ok := o.Values[key]; !ok {
		o.Keys = append(o.Keys, key)
	}
	o.Values[key] = v
}

// Drop removes a key, if it is there.
func (o *Object) Drop(key string) {
	delete(o.Values, key)
	o.Keys = slices.DeleteFunc(o.Keys, func(k string) bool { return k == key })
}

// MarshalJSON writes the object in its order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, key := range o.Keys {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := Write(&out, key); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := Write(&out, o.Values[key]); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// Write is json.Marshal that leaves <, > and & readable.
func Write(out *bytes.Buffer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // the encoder's newline
	return nil
}
