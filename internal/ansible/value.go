// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// bindValue converts v into out, which may be a pointer.
func (b *binder) bindValue(at string, f field, v any, out reflect.Value) {
	if out.Kind() == reflect.Pointer {
		out.Set(reflect.New(out.Type().Elem()))
		out = out.Elem()
	}
	switch f.Type {
	case "list":
		b.bindList(at, f, v, out)
	case "dict":
		b.bindDict(at, f, v, out)
	default:
		b.bindScalar(at, f, v, out)
	}
}

func (b *binder) bindList(at string, f field, v any, out reflect.Value) {
	if text, ok := v.(string); ok && f.Elements == "dict" && strings.HasPrefix(strings.TrimSpace(text), "[") {
		// A survey or an environment variable can only send text.
		if parsed, err := parseJSON([]byte(text)); err == nil {
			v = parsed
		}
	}
	list, err := toList(v)
	if err != nil {
		b.isConverted(at, f, err, v)
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return e != nil && isOmitted(e) })
	b.checkBounds(at, f, float64(len(list)), "entries", strconv.Itoa(len(list)))
	element := f
	element.Type, element.min, element.max = f.Elements, nil, nil
	out.Set(reflect.MakeSlice(out.Type(), len(list), len(list)))
	for i, e := range list {
		b.bindValue(fmt.Sprintf("%s[%d]", at, i), element, e, out.Index(i))
	}
}

func (b *binder) bindDict(at string, f field, v any, out reflect.Value) {
	o, err := toObject(v)
	if err != nil {
		b.isConverted(at, f, err, v)
		return
	}
	b.bindObject(at, o, out)
}

func (b *binder) bindScalar(at string, f field, v any, out reflect.Value) {
	switch f.Type {
	case "bool":
		if t, err := toBool(v); b.isConverted(at, f, err, v) {
			out.SetBool(t)
		}
	case "int":
		if t, err := toInt(v); b.isConverted(at, f, err, v) && !out.OverflowInt(t) {
			out.SetInt(t)
			b.checkBounds(at, f, float64(t), "", strconv.FormatInt(t, 10))
		} else if err == nil {
			b.addProblem(at, "want a smaller int, got %d", t)
		}
	case "float":
		if t, err := toFloat(v); b.isConverted(at, f, err, v) {
			out.SetFloat(t)
			b.checkBounds(at, f, t, "", strconv.FormatFloat(t, 'g', -1, 64))
		}
	default:
		b.bindText(at, f, v, out)
	}
}

func (b *binder) bindText(at string, f field, v any, out reflect.Value) {
	text, err := toText(v, f.Choices)
	if f.NoLog {
		b.secrets = append(b.secrets, secret.String(text))
	}
	if !b.isConverted(at, f, err, v) {
		return
	}
	if !f.NoLog && hasTemplate(text) { // a password may hold anything
		b.addProblem(at, "want a value, got an unresolved template: {{ }} or {%% %%} is left in it")
		return
	}
	if f.Type == "path" {
		if text = expandPath(text, b.environ); !isPath(text) {
			b.addProblem(at, "want a path of at most %d bytes on one line, without control characters and not blank, got %s", longestPath, b.quoteValue(f, text))
			return
		}
	}
	if len(f.Choices) > 0 && !slices.Contains(f.Choices, text) {
		b.addProblem(at, "want %s, got %s", joinChoices(f.Choices), b.quoteValue(f, text))
	}
	length := utf8.RuneCountInString(text)
	b.checkBounds(at, f, float64(length), "characters", strconv.Itoa(length))
	out.SetString(text)
}

// longestPath is PATH_MAX of Linux.
const longestPath = 4096

// isPath refuses what is no name of a file that anybody meant: a whole text, a broken
// one, or one that reads differently from what it is.
func isPath(text string) bool {
	isOdd := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	return len(text) <= longestPath && !strings.ContainsFunc(text, isOdd) && (text == "" || strings.TrimSpace(text) != "")
}

// hasTemplate tells a template that nobody resolved. One half of a brace pair is not
// enough: a password may hold it.
func hasTemplate(text string) bool {
	for _, pair := range [][2]string{{"{{", "}}"}, {"{%", "%}"}} {
		if _, rest, _ := strings.Cut(text, pair[0]); strings.Contains(rest, pair[1]) {
			return true
		}
	}
	return false
}

// isConverted notes a conversion that failed and reports whether it did not fail.
func (b *binder) isConverted(at string, f field, err error, v any) bool {
	if err != nil {
		b.addProblem(at, "%v, got %s", err, b.quoteValue(f, v))
	}
	return err == nil
}

func (b *binder) quoteValue(f field, v any) string {
	if f.NoLog {
		return kindOf(v)
	}
	return showValue(v)
}

func (b *binder) checkBounds(at string, f field, n float64, unit, got string) {
	if (f.min == nil || n >= *f.min) && (f.max == nil || n <= *f.max) {
		return
	}
	var want string
	switch text := func(n *float64) string { return strconv.FormatFloat(*n, 'f', -1, 64) }; {
	case f.max == nil:
		want = "at least " + text(f.min)
	case f.min == nil:
		want = "at most " + text(f.max)
	default:
		want = text(f.min) + " to " + text(f.max)
	}
	if unit != "" {
		want += " " + unit
	}
	b.addProblem(at, "want %s, got %s", want, got)
}

func joinChoices(choices []string) string {
	last := len(choices) - 1
	if last < 1 {
		return strings.Join(choices, "")
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
