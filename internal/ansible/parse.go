// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	maxArguments = 4 << 20 // bytes
	maxDepth     = 32      // lists and dicts in each other
)

// object is a JSON object that keeps the order of its keys.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) set(key string, v any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

func (o *object) drop(key string) {
	if _, ok := o.values[key]; ok {
		delete(o.values, key)
		o.keys = without(o.keys, key)
	}
}

func without(keys []string, key string) []string {
	var rest []string
	for _, k := range keys {
		if k != key {
			rest = append(rest, k)
		}
	}
	return rest
}

// MarshalJSON writes the object in its order.
func (o *object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, key := range o.keys {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := write(&out, key); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := write(&out, o.values[key]); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// write is json.Marshal that leaves <, > and & readable.
func write(out *bytes.Buffer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // the encoder's newline
	return nil
}

// parse reads one JSON text and nothing after it. Values are nil, bool,
// json.Number, string, []any or *object. Size and depth are measured before
// anything is built; a key that stands twice in an object is refused.
func parse(data []byte) (any, error) {
	if err := gauge(data); err != nil {
		return nil, err
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, locate(data, err)
	}
	r := reader{dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	r.replaced = bytes.ContainsRune(data, utf8.RuneError) || bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`))
	return r.value("")
}

// gauge refuses what is not worth parsing.
func gauge(data []byte) error {
	switch {
	case len(data) > maxArguments:
		return fmt.Errorf("want at most %d bytes, got more", maxArguments)
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("want a JSON object, got nothing")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return errors.New("want UTF-8, got UTF-16")
	case !utf8.Valid(data):
		return errors.New("want UTF-8, got other bytes")
	}
	if depth(data) > maxDepth {
		return fmt.Errorf("want at most %d levels of lists and dicts, got more", maxDepth)
	}
	return nil
}

func depth(data []byte) (deepest int) {
	level, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}

// locate says where a syntax error is, in the reader's own units.
func locate(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := string(data[:min(int(syntax.Offset), len(data))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - (strings.LastIndex(before, "\n") + 1)
	return fmt.Errorf("want JSON, line %d column %d: %w", line, column, err)
}

// reader builds values from tokens, which encoding/json has already validated.
type reader struct {
	dec      *json.Decoder
	replaced bool // U+FFFD stands in the text itself
}

func (r *reader) value(at string) (any, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return r.object(at)
		}
		return r.list(at)
	case string:
		// encoding/json turns half a surrogate pair into U+FFFD without a word.
		if !r.replaced && strings.ContainsRune(t, utf8.RuneError) {
			return nil, fmt.Errorf("%s: want Unicode, got half a surrogate pair", at)
		}
	}
	return token, nil
}

func (r *reader) object(at string) (any, error) {
	o := &object{values: map[string]any{}}
	for r.dec.More() {
		key, err := r.value(at)
		if err != nil {
			return nil, err
		}
		name := join(at, key.(string))
		if _, twice := o.values[key.(string)]; twice {
			return nil, fmt.Errorf("%s: given twice", name)
		}
		v, err := r.value(name)
		if err != nil {
			return nil, err
		}
		o.set(key.(string), v)
	}
	return o, r.end()
}

func (r *reader) list(at string) (any, error) {
	list := []any{}
	for r.dec.More() {
		v, err := r.value(fmt.Sprintf("%s[%d]", at, len(list)))
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, r.end()
}

// end takes the closing delimiter.
func (r *reader) end() error {
	if _, err := r.dec.Token(); err != nil && err != io.EOF {
		return err
	}
	return nil
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}
