// SPDX-License-Identifier: GPL-3.0-or-later

// Package strictjson reads JSON that came from somebody else and must mean one
// thing. Unlike encoding/json it refuses a key that comes twice in an object,
// anything behind the value, other bytes than UTF-8, half a surrogate pair, and
// what is too large or too deep; and it keeps the order of the keys.
//
// It knows no module, no record and no field.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits bound a text before anything is built from it.
type Limits struct {
	Bytes int // of the whole text
	Depth int // lists and objects in each other
}

// SyntaxError says where a text stops being JSON, in the units of its reader.
type SyntaxError struct {
	Line, Column int
	Offset       int  // in bytes
	Truncated    bool // the text ends before its value does
	Err          error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("want JSON, line %d column %d: %v", e.Line, e.Column, e.Err)
}

func (e *SyntaxError) Unwrap() error { return e.Err }

// Parse reads one JSON text and nothing after it; a byte order mark before it,
// which some editors leave, is skipped. Values are nil, bool, json.Number,
// string, []any or *Object. An error says what was wanted, and where: the path
// of the key, or line and column.
func Parse(data []byte, limits Limits) (any, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := limits.checkText(data); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return nil, locateError(data, err)
	}
	replaced := bytes.ContainsRune(data, utf8.RuneError) || bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`))
	return readValue(data, replaced)
}

// checkText refuses what is not worth parsing.
func (l Limits) checkText(data []byte) error {
	switch {
	case len(data) > l.Bytes:
		return fmt.Errorf("want at most %d bytes, got more", l.Bytes)
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("want a JSON object, got nothing")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return errors.New("want UTF-8, got UTF-16")
	case !utf8.Valid(data):
		return errors.New("want UTF-8, got other bytes")
	case measureDepth(data) > l.Depth:
		return fmt.Errorf("want at most %d levels of lists and dicts, got more", l.Depth)
	}
	return nil
}

func measureDepth(data []byte) (deepest int) {
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

func locateError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	// Only a stream tells an end that came too early from other faults.
	early := json.NewDecoder(bytes.NewReader(data)).Decode(new(json.RawMessage))
	at := min(int(syntax.Offset), len(data))
	before := string(data[:at])
	return &SyntaxError{
		Line:      strings.Count(before, "\n") + 1,
		Column:    at - (strings.LastIndex(before, "\n") + 1),
		Offset:    at,
		Truncated: errors.Is(early, io.ErrUnexpectedEOF),
		Err:       err,
	}
}

// JoinPath returns the path of a key below another, as errors name it.
func JoinPath(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}
