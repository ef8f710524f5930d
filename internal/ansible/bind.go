// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// binder fills params from arguments. It collects every problem, so that one
// run shows all of them, and every secret it met, good or bad.
type binder struct {
	environ  map[string]string
	play     *object // what the play's variables say, for options of the top
	problems []string
	secrets  []secret.String
}

// ArgumentError holds everything that is wrong with the arguments.
type ArgumentError struct{ Problems []string }

// Error joins the first problems; more than ten do not help anybody.
func (e *ArgumentError) Error() string {
	if more := len(e.Problems) - 10; more > 0 {
		return fmt.Sprintf("%s; and %d more", strings.Join(e.Problems[:10], "; "), more)
	}
	return strings.Join(e.Problems, "; ")
}

func (b *binder) err() error {
	if len(b.problems) == 0 {
		return nil
	}
	return &ArgumentError{Problems: b.problems}
}

func (b *binder) problem(at, format string, args ...any) {
	text := at + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(b.problems, text) {
		b.problems = append(b.problems, text)
	}
}

// object fills a struct from a dict and then asks the struct.
func (b *binder) object(at string, in *object, out reflect.Value) {
	fields := fieldsOf(out.Type())
	b.refuseUnknown(at, in, fields)
	for _, f := range fields {
		b.option(join(at, f.Name), f, in, out.FieldByIndex(f.index))
	}
	if len(b.problems) == 0 {
		b.validate(at, out)
	}
}

func (b *binder) option(at string, f field, in *object, out reflect.Value) {
	v, given := b.given(at, f, in)
	switch {
	case given:
		b.value(at, f, v, out)
	case f.Required:
		b.problem(at, "required, but not given")
	case f.Default != nil:
		b.value(at, f, f.preset, out)
	}
}

// given returns the argument, or what the environment or the play has in its
// place. Null and Ansible's omit placeholder mean "not given".
func (b *binder) given(at string, f field, in *object) (any, bool) {
	if v, ok := b.argument(at, f, in); ok {
		return v, true
	}
	for _, name := range f.env {
		if b.environ[name] != "" {
			return b.environ[name], true
		}
	}
	if b.play != nil && at == f.Name {
		v := b.play.values[f.Name]
		return v, !absent(v)
	}
	return nil, false
}

func (b *binder) argument(at string, f field, in *object) (v any, ok bool) {
	var by string
	for _, name := range append([]string{f.Name}, f.Aliases...) {
		found := in.values[name]
		if absent(found) {
			continue
		}
		if ok {
			b.problem(at, "given twice, as %s and as %s", by, name)
		}
		v, ok, by = found, true, name
	}
	return v, ok
}

func absent(v any) bool {
	text, ok := v.(string)
	return v == nil || ok && strings.HasPrefix(text, "__omit_place_holder__")
}

// value converts v into out, which may be a pointer.
func (b *binder) value(at string, f field, v any, out reflect.Value) {
	if out.Kind() == reflect.Pointer {
		out.Set(reflect.New(out.Type().Elem()))
		out = out.Elem()
	}
	switch f.Type {
	case "list":
		b.list(at, f, v, out)
	case "dict":
		b.dict(at, f, v, out)
	default:
		b.scalar(at, f, v, out)
	}
}

func (b *binder) list(at string, f field, v any, out reflect.Value) {
	if text, ok := v.(string); ok && f.Elements == "dict" && strings.HasPrefix(strings.TrimSpace(text), "[") {
		// A survey or an environment variable can only send text.
		if parsed, err := parse([]byte(text)); err == nil {
			v = parsed
		}
	}
	list, err := toList(v)
	if err != nil {
		b.refuse(at, f, err, v)
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return e != nil && absent(e) })
	b.within(at, f, float64(len(list)), "entries", strconv.Itoa(len(list)))
	element := f
	element.Type, element.min, element.max = f.Elements, nil, nil
	out.Set(reflect.MakeSlice(out.Type(), len(list), len(list)))
	for i, e := range list {
		b.value(fmt.Sprintf("%s[%d]", at, i), element, e, out.Index(i))
	}
}

func (b *binder) dict(at string, f field, v any, out reflect.Value) {
	o, err := toObject(v)
	if err != nil {
		b.refuse(at, f, err, v)
		return
	}
	b.object(at, o, out)
}

func (b *binder) scalar(at string, f field, v any, out reflect.Value) {
	switch f.Type {
	case "bool":
		if t, err := toBool(v); b.refuse(at, f, err, v) {
			out.SetBool(t)
		}
	case "int":
		if t, err := toInt(v); b.refuse(at, f, err, v) && !out.OverflowInt(t) {
			out.SetInt(t)
			b.within(at, f, float64(t), "", strconv.FormatInt(t, 10))
		} else if err == nil {
			b.problem(at, "want a smaller int, got %d", t)
		}
	case "float":
		if t, err := toFloat(v); b.refuse(at, f, err, v) {
			out.SetFloat(t)
			b.within(at, f, t, "", strconv.FormatFloat(t, 'g', -1, 64))
		}
	default:
		b.text(at, f, v, out)
	}
}

func (b *binder) text(at string, f field, v any, out reflect.Value) {
	text, err := toText(v, f.Choices)
	if f.NoLog {
		b.secrets = append(b.secrets, secret.String(text))
	}
	if !b.refuse(at, f, err, v) {
		return
	}
	if jinja(text) {
		b.problem(at, "want a value, got an unresolved template: {{ }} or {%% %%} is left in it")
		return
	}
	if f.Type == "path" {
		text = expand(text, b.environ)
	}
	if len(f.Choices) > 0 && !slices.Contains(f.Choices, text) {
		b.problem(at, "want %s, got %s", either(f.Choices), b.quote(f, text))
	}
	length := utf8.RuneCountInString(text)
	b.within(at, f, float64(length), "characters", strconv.Itoa(length))
	out.SetString(text)
}

// jinja tells a template that nobody resolved. One half of a brace pair is not
// enough: a password may hold it.
func jinja(text string) bool {
	for _, pair := range [][2]string{{"{{", "}}"}, {"{%", "%}"}} {
		if _, rest, ok := strings.Cut(text, pair[0]); ok && strings.Contains(rest, pair[1]) {
			return true
		}
	}
	return false
}

// refuse notes a conversion that failed and reports whether it did not fail.
func (b *binder) refuse(at string, f field, err error, v any) bool {
	if err != nil {
		b.problem(at, "%v, got %s", err, b.quote(f, v))
	}
	return err == nil
}

func (b *binder) quote(f field, v any) string {
	if f.NoLog {
		return kind(v)
	}
	return show(v)
}

func (b *binder) within(at string, f field, n float64, unit, got string) {
	if (f.min == nil || n >= *f.min) && (f.max == nil || n <= *f.max) {
		return
	}
	want := ""
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
	b.problem(at, "want %s, got %s", want, got)
}

// validate asks the struct, and the structs embedded in it, what else is wrong.
func (b *binder) validate(at string, v reflect.Value) {
	for i := range v.NumField() {
		if sf := v.Type().Field(i); sf.Anonymous && sf.IsExported() && sf.Type.Kind() == reflect.Struct {
			b.validate(at, v.Field(i))
		}
	}
	asked, ok := v.Addr().Interface().(interface{ Validate() error })
	if !ok {
		return
	}
	if err := asked.Validate(); err != nil {
		text := strings.TrimPrefix(join(at, err.Error()), ".")
		if !slices.Contains(b.problems, text) { // a promoted method answers twice
			b.problems = append(b.problems, text)
		}
	}
}

func either(choices []string) string {
	last := len(choices) - 1
	if last < 1 {
		return strings.Join(choices, "")
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
