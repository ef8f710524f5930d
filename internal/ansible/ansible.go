// SPDX-License-Identifier: GPL-3.0-or-later

// Package ansible is the protocol of a binary Ansible module: arguments in,
// one JSON result out.
//
// A module is three declarations: its params, its result, and a function from
// one to the other. Everything between the process and that function is here:
// where the arguments are, strict decoding with AnsibleModule's conversions,
// check and diff mode, signals, panics, and masking of secrets. The package
// knows no Junos, no SSH and no module.
//
// Options are the fields of the params, described by struct tags:
//
//	json:"name"          the option's name; required on every exported field
//	required:"true"      refused when not given
//	default:"830"        used when not given, converted like an argument
//	choices:"a,b"        the only values, or the only elements of a list
//	min:"1" max:"9"      bounds of a number, or of the length of a text or list
//	aliases:"x,y"        other names
//	type:"path"          a text or list of texts in which ~ and $VARS expand
//	env:"A,B"            environment variables that stand in; empty means unset
//	agree:"true"         refused when environment and play stand in with different values
//	of:"username"        no stand-in from a source that has another value of that option than the argument
//
// A field of the result may say what it is in the result of a run that never
// had one:
//
//	unstarted:"none"     the module was not called, or failed before it did anything
//	crashed:"unknown"    it ended in the middle, and nobody knows where
//
// The order is: argument, environment, variables of the play as the action
// plugin passes them, default.
//
// A pointer tells "not given" from zero. An embedded struct adds its fields, a
// named one is a dict, a slice of structs a list of dicts. A secret.String is
// masked in all output. A struct with a method Validate() error is asked after
// it was filled.
package ansible

import (
	"context"
	"fmt"
	"reflect"

	"github.com/vchassis/vchassis.junos/internal/progress"
)

// Task is what Ansible says about a call, apart from the module's own options.
type Task struct {
	Module    string // the module's name in the table, never as typed in a playbook
	Check     bool   // nothing may be changed
	Diff      bool   // the result may hold "diff"; it is dropped otherwise
	Verbosity int    // number of -v
	Tag       string // ten random hexadecimal digits that name this run
	Job       string // the AWX job that this is part of, or empty

	// Scrub takes out of a text what has come in as a secret; nil: nothing has.
	Scrub func(string) string

	// Progress takes what the module reports while it runs; nil: nobody asked.
	Progress *progress.Log

	// Logins are the users whom the environment and the play name. A task that is
	// given another one is still part of a play that logs in as these.
	Logins []string

	// Given are the arguments of this call that hold no secret.
	Given map[string]any
	atEnd *[]func(result []byte)
}

// AtEnd has f called with the result of the run, as it is printed.
func (t Task) AtEnd(f func(result []byte)) {
	if t.atEnd != nil {
		*t.atEnd = append(*t.atEnd, f)
	}
}

// Module is one entry of the table that Main chooses from.
type Module struct {
	Name string

	params reflect.Type
	result reflect.Type
	run    func(context.Context, Task, reflect.Value) (any, error)

	elsewhere []string // options that other modules of the same table have
}

// New returns a module whose options are the fields of P and whose result is
// R, a struct. Run may return a result together with an error: both are
// printed. New panics if the tags of P are malformed, or R is no struct.
func New[P, R any](name string, run func(context.Context, Task, P) (R, error)) Module {
	m := Module{Name: name, params: reflect.TypeFor[P](), result: reflect.TypeFor[R]()}
	m.run = func(ctx context.Context, task Task, p reflect.Value) (any, error) {
		return run(ctx, task, p.Interface().(P))
	}
	fieldsOf(m.params)
	if m.result.Kind() != reflect.Struct {
		panic(fmt.Sprintf("ansible: %s: the result %s is no struct", name, m.result))
	}
	return m
}

// Options returns the module's options in the order of declaration.
func (m Module) Options() []Option { return optionsOf(m.params) }
