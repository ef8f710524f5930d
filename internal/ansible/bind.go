// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/strictjson"
)

// binder fills params from arguments. It collects every problem, so that one
// run shows all of them, and every secret it met, good or bad.
type binder struct {
	environ  map[string]string
	play     *strictjson.Object // what the play's variables say, for options of the top
	others   []string           // what stands in for options marked "agree", also where the task gives its own
	problems []string
	secrets  []secret.String

	elsewhere []string // options of the other modules of the table
	grouped   []string // options that came for the whole action group
}

// ArgumentError holds everything that is wrong with the arguments.
type ArgumentError struct{ Problems []string }

// Code names the kind of the error for programs.
func (e *ArgumentError) Code() string { return "arguments" }

// Error joins the first problems; more than ten do not help anybody.
func (e *ArgumentError) Error() string {
	if more := len(e.Problems) - 10; more > 0 {
		return fmt.Sprintf("%s; and %d more", strings.Join(e.Problems[:10], "; "), more)
	}
	return strings.Join(e.Problems, "; ")
}

func (b *binder) problemsError() error {
	if len(b.problems) == 0 {
		return nil
	}
	return &ArgumentError{Problems: b.problems}
}

func (b *binder) addProblem(at, format string, args ...any) {
	b.problems = append(b.problems, at+": "+fmt.Sprintf(format, args...))
}

// bindObject fills a struct from a dict and then asks the struct.
func (b *binder) bindObject(at string, in *strictjson.Object, out reflect.Value) {
	fields := fieldsOf(out.Type())
	b.refuseUnknown(at, in, fields)
	for _, f := range fields {
		b.bindOption(strictjson.JoinPath(at, f.Name), f, in, out.FieldByIndex(f.index))
	}
	if len(b.problems) == 0 {
		b.askStruct(at, out)
	}
}

func (b *binder) bindOption(at string, f field, in *strictjson.Object, out reflect.Value) {
	v, given := b.givenValue(at, f, in)
	switch {
	case given:
		b.bindValue(at, f, v, out)
	case f.Required:
		b.addProblem(at, "required, but not given")
	case f.Default != nil:
		b.bindValue(at, f, f.preset, out)
	}
}

// givenValue returns the argument, or what the environment or the play has in its
// place. Null and Ansible's omit placeholder mean "not given".
func (b *binder) givenValue(at string, f field, in *strictjson.Object) (any, bool) {
	if f.agree {
		b.noteStandIns(at, f)
	}
	if v, ok := b.findArgument(at, f, in); ok {
		return v, true
	}
	found := slices.DeleteFunc(b.standIns(at, f), func(s standIn) bool { return b.isOfAnother(s, f, in) })
	if len(found) == 0 {
		return nil, false
	}
	if f.agree {
		b.refuseDisagreement(at, found)
	}
	return found[0].value, true
}

func (b *binder) noteStandIns(at string, f field) {
	for _, s := range b.standIns(at, f) {
		if text, err := toText(s.value, nil); err == nil { // a number is a name, too
			b.others = append(b.others, text)
		}
	}
}

// standIn is a value that was not given as an argument, and who has it.
type standIn struct {
	source string
	value  any
}

// standIns returns what the environment and then the play have for an option.
func (b *binder) standIns(at string, f field) (found []standIn) {
	for _, name := range f.env {
		if b.environ[name] != "" {
			found = append(found, standIn{name, b.environ[name]})
		}
	}
	if b.play == nil || at != f.Name {
		return found
	}
	if v := b.play.Values[f.Name]; !isOmitted(v) && v != "" {
		found = append(found, standIn{"the play's variables", v})
	}
	return found
}

// isOfAnother says that a source has the value for somebody else: one user's
// password must not be sent under another's name.
func (b *binder) isOfAnother(s standIn, f field, in *strictjson.Object) bool {
	asked := in.Values[f.of] // of most options there is none
	if isOmitted(asked) {
		return false
	}
	var who any
	if prefix, ok := strings.CutSuffix(s.source, strings.ToUpper(f.Name)); ok {
		who = b.environ[prefix+strings.ToUpper(f.of)]
	} else {
		who = b.play.Values[f.of]
	}
	if isOmitted(who) || who == "" { // nobody says whose it is: it may be anybody's but root's
		return fmt.Sprint(asked) == superuser
	}
	return fmt.Sprint(who) != fmt.Sprint(asked)
}

// superuser is the one login name that a value of an unknown user is not given for.
const superuser = "root"

// refuseDisagreement refuses sources that disagree: the password of one would be sent
// with the user of the other.
func (b *binder) refuseDisagreement(at string, found []standIn) {
	for _, other := range found[1:] {
		if fmt.Sprint(other.value) != fmt.Sprint(found[0].value) {
			b.addProblem(at, "%s says %s, and %s: %s; set the option, or remove one of them",
				found[0].source, showValue(found[0].value), other.source, showValue(other.value))
			return
		}
	}
}

func (b *binder) findArgument(at string, f field, in *strictjson.Object) (v any, ok bool) {
	var by string
	for _, name := range append([]string{f.Name}, f.Aliases...) {
		found := in.Values[name]
		if isOmitted(found) {
			continue
		}
		if ok {
			b.addProblem(at, "given twice, as %s and as %s", by, name)
		}
		v, ok, by = found, true, name
	}
	return v, ok
}

func isOmitted(v any) bool {
	text, _ := v.(string)
	return v == nil || strings.HasPrefix(text, "__omit_place_holder__")
}

// askStruct asks the struct, and the structs embedded in it, what else is wrong.
func (b *binder) askStruct(at string, v reflect.Value) {
	for i := range v.NumField() {
		if sf := v.Type().Field(i); sf.Anonymous && sf.IsExported() && sf.Type.Kind() == reflect.Struct {
			b.askStruct(at, v.Field(i))
		}
	}
	asked, ok := v.Addr().Interface().(interface{ Validate() error })
	if !ok {
		return
	}
	if err := asked.Validate(); err != nil {
		text := strictjson.JoinPath(at, err.Error())
		if !slices.Contains(b.problems, text) { // a promoted method answers twice
			b.problems = append(b.problems, text)
		}
	}
}
