// SPDX-License-Identifier: GPL-3.0-or-later

package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// tokenReader builds values from tokens, which encoding/json has validated.
type tokenReader struct {
	dec      *json.Decoder
	replaced bool // U+FFFD is in the text itself
}

func readValue(data []byte, replaced bool) (any, error) {
	r := tokenReader{dec: json.NewDecoder(bytes.NewReader(data)), replaced: replaced}
	r.dec.UseNumber()
	return r.readValue("")
}

func (r *tokenReader) readValue(at string) (any, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return r.readObject(at)
		}
		return r.readList(at)
	case string:
		// encoding/json turns half a surrogate pair into U+FFFD without a word.
		if !r.replaced && strings.ContainsRune(t, utf8.RuneError) {
			return nil, fmt.Errorf("%s: want Unicode, got half a surrogate pair", at)
		}
	}
	return token, nil
}

func (r *tokenReader) readObject(at string) (any, error) {
	o := NewObject()
	for r.dec.More() {
		token, err := r.readValue(at)
		if err != nil {
			return nil, err
		}
		key := token.(string)
		name := JoinPath(at, key)
		if _, twice := o.Values[key]; twice {
			return nil, fmt.Errorf("%s: given twice", name)
		}
		v, err := r.readValue(name)
		if err != nil {
			return nil, err
		}
		o.Set(key, v)
	}
	_, err := r.dec.Token() // the closing delimiter
	return o, err
}

func (r *tokenReader) readList(at string) (any, error) {
	list := []any{}
	for r.dec.More() {
		v, err := r.readValue(fmt.Sprintf("%s[%d]", at, len(list)))
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.dec.Token()
	return list, err
}
