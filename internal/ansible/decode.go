// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"fmt"
	"reflect"

	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// argumentLimits of the arguments.
var argumentLimits = strictjson.Limits{Bytes: 4 << 20, Depth: 32}

func parseJSON(data []byte) (any, error) { return strictjson.Parse(data, argumentLimits) }

// decodeParams turns a JSON text into params of type t.
func (b *binder) decodeParams(data []byte, t reflect.Type) (reflect.Value, error) {
	parsed, err := parseJSON(data)
	if err != nil {
		return reflect.Value{}, err
	}
	o, ok := parsed.(*strictjson.Object)
	if !ok {
		return reflect.Value{}, fmt.Errorf("want a JSON object of options, got %s", kindOf(parsed))
	}
	if err := b.takePlayVariables(o, t); err != nil {
		return reflect.Value{}, err
	}
	if list, err := toList(o.Values[groupKey]); err == nil {
		for _, name := range list {
			b.grouped = append(b.grouped, fmt.Sprint(name))
		}
	}
	params := reflect.New(t).Elem()
	b.bindObject("", o, params)
	return params, b.problemsError()
}

func (b *binder) takePlayVariables(o *strictjson.Object, t reflect.Type) error {
	vars, given := o.Values[playKey]
	if !given {
		return nil
	}
	var ok bool
	if b.play, ok = vars.(*strictjson.Object); !ok {
		return fmt.Errorf("%s: want dict, got %s", playKey, kindOf(vars))
	}
	b.refuseUnknownVariables(fieldsOf(t))
	return nil
}
