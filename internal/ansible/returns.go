// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/progress"
)

// Return describes one field of a result as a module's documentation does.
type Return struct {
	Name     string
	Type     string // str, int, bool, float, list or dict; "" if anything may come
	Elements string // of a list: the type of its elements
	Sub      []Return
}

// Returns lists the fields of the module's result in the order of declaration,
// and then those that a module does not declare.
func (m Module) Returns() []Return {
	return append(returnsOf(m.result), returnsOf(reflect.TypeFor[undeclared]())...)
}

// undeclared are the fields that renderResult adds.
type undeclared struct {
	Hint        string           `json:"hint"`
	Unreachable bool             `json:"unreachable"`
	Events      []progress.Event `json:"events"`
}

func returnsOf(t reflect.Type) []Return {
	var all []Return
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case sf.Anonymous && name == "" && derefType(sf.Type).Kind() == reflect.Struct:
			all = append(all, returnsOf(derefType(sf.Type))...)
		case name == "-" || !sf.IsExported():
		case name == "":
			all = append(all, newReturn(sf.Name, sf.Type))
		default:
			all = append(all, newReturn(name, sf.Type))
		}
	}
	return all
}

func newReturn(name string, t reflect.Type) Return {
	t = derefType(t)
	r := Return{Name: name, Type: jsonType(t)}
	if r.Type == "list" {
		t = derefType(t.Elem())
		r.Elements = jsonType(t)
	}
	if (r.Type == "dict" || r.Elements == "dict") && t.Kind() == reflect.Struct {
		r.Sub = returnsOf(t)
	}
	return r
}

// jsonType returns the type of a value once it is JSON.
func jsonType(t reflect.Type) string {
	switch {
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return "str"
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
		return ""
	case t.Kind() == reflect.Map:
		return "dict"
	case t.Kind() == reflect.Interface:
		return ""
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64:
		return "int"
	}
	return typeName(t, "str")
}
