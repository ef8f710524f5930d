// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Option describes one option as a module's documentation does.
type Option struct {
	Name     string
	Type     string // str, int, bool, float, path, list or dict
	Elements string // of a list: the type of its elements
	Required bool
	Default  any // nil: none. bool, int64, float64, string or []any
	Choices  []string
	Aliases  []string
	NoLog    bool
	Sub      []Option // of a dict, or of a list of dicts
}

// Spec returns the options that a params struct declares, in its order.
// It panics if the tags are malformed.
func Spec(params any) []Option { return optionsOf(reflect.TypeOf(params)) }

func optionsOf(t reflect.Type) []Option {
	var all []Option
	for _, f := range fieldsOf(t) {
		all = append(all, f.Option)
	}
	return all
}

// field is an option and the place of its value in the params.
type field struct {
	Option
	index    []int
	env      []string
	agree    bool
	of       string
	preset   string // the text of the default
	min, max *float64
}

var secretType = reflect.TypeFor[secret.String]()

// fieldsOf returns the options of a struct, those of embedded structs included.
func fieldsOf(t reflect.Type) []field {
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("ansible: %s is no struct", t))
	}
	var all []field
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case sf.Anonymous && name == "" && sf.Type.Kind() == reflect.Struct:
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{i}, f.index...)
				all = append(all, f)
			}
		case !sf.IsExported() || name == "-":
		case name == "":
			panic(fmt.Sprintf("ansible: %s.%s has no json tag", t, sf.Name))
		default:
			all = append(all, newField(name, i, sf))
		}
	}
	refuseTwins(t, all)
	return all
}

func newField(name string, index int, sf reflect.StructField) field {
	f := field{index: []int{index}, env: splitTag(sf.Tag.Get("env")), preset: sf.Tag.Get("default")}
	f.Name = name
	f.Required = sf.Tag.Get("required") == "true"
	f.agree = sf.Tag.Get("agree") == "true"
	f.of = sf.Tag.Get("of")
	f.Choices = splitTag(sf.Tag.Get("choices"))
	f.Aliases = splitTag(sf.Tag.Get("aliases"))
	f.min, f.max = boundOf(sf, "min"), boundOf(sf, "max")
	f.deriveType(sf)
	if preset, ok := sf.Tag.Lookup("default"); ok {
		f.Default = f.presetValue(preset, sf)
	}
	return f
}

// deriveType derives the option's type from the Go type.
func (f *field) deriveType(sf reflect.StructField) {
	t, text := derefType(sf.Type), "str"
	if sf.Tag.Get("type") == "path" {
		text = "path"
	}
	f.Type = typeName(t, text)
	f.NoLog = t == secretType
	if f.Type == "list" {
		t = derefType(t.Elem())
		f.Elements = typeName(t, text)
		f.NoLog = t == secretType
	}
	if t.Kind() == reflect.Struct {
		f.Sub = optionsOf(t)
	}
}

func typeName(t reflect.Type, text string) string {
	switch t.Kind() {
	case reflect.String:
		return text
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Float64:
		return "float"
	case reflect.Slice:
		return "list"
	case reflect.Struct:
		return "dict"
	}
	panic(fmt.Sprintf("ansible: %s cannot be an option", t))
}

// presetValue returns the default as a documentation would state it.
func (f *field) presetValue(preset string, sf reflect.StructField) any {
	v := reflect.New(derefType(sf.Type)).Elem()
	b := binder{}
	b.bindValue(f.Name, *f, preset, v)
	if len(b.problems) > 0 || f.Required {
		panic(fmt.Sprintf("ansible: %s: default %q does not fit", f.Name, preset))
	}
	return plainValue(v)
}

func plainValue(v reflect.Value) any {
	switch {
	case v.CanInt():
		return v.Int()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, plainValue(v.Index(i)))
		}
		return list
	}
	return v.String()
}

func refuseTwins(t reflect.Type, all []field) {
	seen := map[string]bool{}
	for _, f := range all {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if seen[name] {
				panic(fmt.Sprintf("ansible: %s has two options %s", t, name))
			}
			seen[name] = true
		}
	}
}

func derefType(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func splitTag(tag string) []string {
	if tag == "" {
		return nil
	}
	return strings.Split(tag, ",")
}

func boundOf(sf reflect.StructField, tag string) *float64 {
	text, ok := sf.Tag.Lookup(tag)
	if !ok {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("ansible: %s: %s is no number", sf.Name, tag))
	}
	return &n
}
