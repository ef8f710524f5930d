// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// filled returns the params that arguments make, or the message.
func filled[P any](t *testing.T, arguments string, environ ...string) (p P, msg string) {
	t.Helper()
	out, ok := New("probe", func(_ context.Context, _ Task, in P) (struct{}, error) {
		p = in
		return struct{}{}, nil
	}).Run(t.Context(), []byte(arguments), environ)
	if ok {
		return p, ""
	}
	return p, string(out)
}

type bounds struct {
	Least   int      `json:"least" min:"3"`
	Most    int      `json:"most" max:"-1"`
	Share   float64  `json:"share" min:"0.5" max:"2.25"`
	Some    []int    `json:"some" min:"2"`
	Few     []string `json:"few" min:"1" max:"2"`
	Text    string   `json:"text" min:"2"`
	Short   string   `json:"short" max:"3"`
	Tiny    int8     `json:"tiny"`
	Unbound int      `json:"unbound"`
}

func TestBounds(t *testing.T) {
	for _, row := range []struct{ option, value, err string }{
		{"least", `3`, ""},
		{"least", `2`, "least: want at least 3, got 2"},
		{"most", `-1`, ""},
		{"most", `0`, "most: want at most -1, got 0"},
		{"share", `0.5`, ""},
		{"share", `2.25`, ""},
		{"share", `0.25`, "share: want 0.5 to 2.25, got 0.25"},
		{"share", `1e10`, "share: want 0.5 to 2.25, got 1e+10"},
		{"share", `5.`, "want JSON"},
		{"share", `"x"`, `probe: share: want float, got \"x\""`}, // and no word of its bounds
		{"some", `"[9, 9]"`, `some[0]: want int, got \"[9\"`},
		{"share", `"2."`, ""},
		{"some", `[9, 9]`, ""}, // the bounds are those of the list
		{"some", `[9]`, "some: want at least 2 entries, got 1"},
		{"few", `["a long text"]`, ""},
		{"few", `[]`, "few: want 1 to 2 entries, got 0"},
		{"few", `"a,b,c"`, "few: want 1 to 2 entries, got 3"},
		{"text", `"é"`, "text: want at least 2 characters, got 1"},
		{"short", `"ééé"`, ""},
		{"short", `"éééé"`, "short: want at most 3 characters, got 4"},
		{"tiny", `127`, ""},
		{"tiny", `128`, "tiny: want a smaller int, got 128"},
		{"tiny", `-129`, "tiny: want a smaller int, got -129"},
		{"unbound", `-9223372036854775808`, ""},
		{"unbound", `9223372036854775808`, "unbound: want int, got 9223372036854775808"},
		{"unbound", `true`, "unbound: want int, got true"},
	} {
		t.Run(row.option+" "+row.value, func(t *testing.T) {
			_, msg := filled[bounds](t, `{"`+row.option+`": `+row.value+`}`)
			check(t, msg, row.err)
		})
	}
}

// What a task gives more than once, and what nobody gives.
func TestAliases(t *testing.T) {
	type params struct {
		Name string `json:"name" aliases:"n,label" required:"true"`
	}
	for _, row := range []struct{ arguments, want, err string }{
		{`{"name": "a"}`, "a", ""},
		{`{"label": "a"}`, "a", ""},
		{`{"name": null, "n": "a"}`, "a", ""},
		{`{"n": "a", "label": "a"}`, "", "name: given twice, as n and as label"},
		{`{"name": "a", "label": "b"}`, "", "name: given twice, as name and as label"},
		{`{"lable": "a"}`, "", "lable: unknown option, did you mean label?; name: required, but not given"},
	} {
		p, msg := filled[params](t, row.arguments)
		check(t, msg, row.err)
		if p.Name != row.want {
			t.Errorf("%s: want %q, got %q", row.arguments, row.want, p.Name)
		}
	}
}

// YAML makes a bool of an unquoted yes; it is the one choice that means it, or none.
func TestChoicesThatReadLikeBools(t *testing.T) {
	type params struct {
		One  string `json:"one" choices:"off,on,auto"`
		Two  string `json:"two" choices:"yes,true,no"`
		None string `json:"none" choices:"a,b,c"`
		Only string `json:"only" choices:"a"`
	}
	for _, row := range []struct{ arguments, want, err string }{
		{`{"one": true}`, "on,,,", ""},
		{`{"one": false}`, "off,,,", ""},
		{`{"two": false}`, ",no,,", ""},
		{`{"two": true}`, "", `two: want yes, true or no, got \"True\"`},
		{`{"none": false}`, "", `none: want a, b or c, got \"False\"`},
		{`{"only": "b"}`, "", `only: want a, got \"b\"`},
	} {
		p, msg := filled[params](t, row.arguments)
		check(t, msg, row.err)
		if got := strings.Join([]string{p.One, p.Two, p.None, p.Only}, ","); row.err == "" && got != row.want {
			t.Errorf("%s: want %q, got %q", row.arguments, row.want, got)
		}
	}
}

// A survey or a variable of the environment can only send text.
func TestListsAndDictsInATexts(t *testing.T) {
	type params struct {
		List []entry `json:"list"`
		Dict entry   `json:"dict"`
	}
	for _, row := range []struct {
		arguments string
		want      params
		err       string
	}{
		{`{"list": " [{\"member_id\": 1}]"}`, params{List: []entry{{ID: 1}}}, ""},
		{`{"list": "[]"}`, params{List: []entry{}}, ""},
		{`{"list": "[x"}`, params{}, `list[0]: want dict, got \"[x\"`},
		{`{"list": "{\"member_id\": 1}"}`, params{List: []entry{{ID: 1}}}, ""}, // one, split at its commas
		{`{"dict": " {\"member_id\": 1}"}`, params{Dict: entry{ID: 1}}, ""},
		{`{"dict": "{x"}`, params{}, `dict: want dict, got \"{x\"`},
		{`{"dict": "[]"}`, params{}, `dict: want dict, got \"[]\"`},
		{`{"list": 5}`, params{}, `list[0]: want dict, got 5`},
		{`{"list": [null]}`, params{}, `list[0]: want dict, got nothing`},
	} {
		p, msg := filled[params](t, row.arguments)
		check(t, msg, row.err)
		if diff := cmp.Diff(row.want, p); row.err == "" && diff != "" {
			t.Errorf("%s: want - got +\n%s", row.arguments, diff)
		}
	}
}

type picky struct {
	A int `json:"a"`
}

func (p *picky) Validate() error {
	if p.A < 0 {
		return fmt.Errorf("a: want no debt, got %d", p.A)
	}
	return nil
}

type Pickiest struct {
	B int `json:"b"`
}

func (p *Pickiest) Validate() error {
	if p.B < 0 {
		return errors.New("b: want no debt")
	}
	return nil
}

// A struct is asked once it is filled, wherever it is, and only when nothing
// else is wrong.
func TestStructsAreAsked(t *testing.T) {
	type promoted struct{ Pickiest }
	type params struct {
		promoted
		Dict picky   `json:"dict"`
		List []picky `json:"list"`
		N    int     `json:"n"`
	}
	for _, row := range []struct{ arguments, want string }{
		{`{"b": -1}`, `"msg":"arguments of probe: b: want no debt"`}, // once, although two structs answer
		{`{"dict": {"a": -1}}`, `"msg":"arguments of probe: dict.a: want no debt, got -1"`},
		{`{"list": [{"a": 1}, {"a": -2}]}`, `"msg":"arguments of probe: list[1].a: want no debt, got -2"`},
		{`{"b": -1, "n": "x"}`, `"msg":"arguments of probe: n: want int, got \"x\""`},
		{`{"b": 1, "dict": {"a": 1}}`, ""},
	} {
		_, msg := filled[params](t, row.arguments)
		check(t, msg, row.want)
	}
}

type overriding struct {
	Pickiest
	C int `json:"c"`
}

func (o *overriding) Validate() error {
	if o.C < 0 {
		return errors.New("c: want no debt")
	}
	return nil
}

type demanding struct {
	A int `json:"a"`
}

func (d *demanding) Validate() error {
	if d.A == 0 {
		return errors.New("a: want some")
	}
	return nil
}

// A dict that was not given is not asked.
func TestAStructThatIsNotGivenIsNotAsked(t *testing.T) {
	type params struct {
		Dict demanding `json:"dict"`
	}
	for arguments, want := range map[string]string{
		`{}`: "", `{"dict": {"a": 1}}`: "", `{"dict": {}}`: `"msg":"arguments of probe: dict.a: want some"`,
	} {
		_, msg := filled[params](t, arguments)
		check(t, msg, want)
	}
}

// A struct whose own method hides that of one within does not silence it.
func TestStructsWithinAreAsked(t *testing.T) {
	for arguments, want := range map[string]string{
		`{"b": -1}`: `"msg":"arguments of probe: b: want no debt"`, `{"c": -1}`: `"msg":"arguments of probe: c: want no debt"`,
		`{"b": -1, "c": -1}`: `"msg":"arguments of probe: b: want no debt; c: want no debt"`, `{"b": 1, "c": 1}`: "",
	} {
		_, msg := filled[overriding](t, arguments)
		check(t, msg, want)
	}
}

// Ten faults are a list, a hundred are noise.
func TestManyProblems(t *testing.T) {
	unknown := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"option%02d": 1`, i))
		}
		_, msg := filled[struct{}](t, "{"+strings.Join(all, ", ")+"}")
		return msg
	}
	if msg := unknown(10); strings.Count(msg, "unknown option") != 10 || strings.Contains(msg, "more") {
		t.Errorf("ten: %s", msg)
	}
	if msg := unknown(11); strings.Count(msg, "unknown option") != 10 || !strings.Contains(msg, "; and 1 more") {
		t.Errorf("eleven: %s", msg)
	}
	if msg := unknown(12); strings.Count(msg, "unknown option") != 10 || !strings.Contains(msg, "option09: unknown option; and 2 more") {
		t.Errorf("twelve: %s", msg)
	}
}

func TestWhatIsNear(t *testing.T) {
	type params struct {
		A string `json:"timeout"`
		B string `json:"user"`
	}
	for key, want := range map[string]string{
		"timeuot":                    ", did you mean timeout?",
		"tamiout":                    ", did you mean timeout?", // two letters
		"timeou":                     ", did you mean timeout?",
		"usr":                        ", did you mean user?",
		"xxuser":                     ", did you mean user?", // two too many in front
		"uuseer":                     ", did you mean user?",
		"us":                         ", did you mean user?", // two edits
		"u":                          "",                     // three
		"tiiimeout":                  ", did you mean timeout?",
		"tiiiimeoutx":                "",
		strings.Repeat("a", 101):     "",
		strings.Repeat("é", 29) + "": "",
	} {
		_, msg := filled[params](t, `{"`+key+`": 1}`)
		check(t, msg, "unknown option"+want+`"`)
	}
	// Of two that are as near, the first in the order of declaration.
	type twins struct {
		A string `json:"port_a"`
		B string `json:"port_b"`
	}
	_, msg := filled[twins](t, `{"port_c": 1}`)
	check(t, msg, "did you mean port_a?")
}

// Messages quote what is wrong in one short line, and cut no character in two.
func TestWhatAMessageQuotes(t *testing.T) {
	type params struct {
		N int           `json:"n"`
		S secret.String `json:"s"`
	}
	for value, want := range map[string]string{
		`"` + strings.Repeat("a", 60) + `"`:  `got \"` + strings.Repeat("a", 60) + `\"`,
		`"` + strings.Repeat("a", 61) + `"`:  `got \"` + strings.Repeat("a", 60) + `…\"`,
		`"a` + strings.Repeat("é", 30) + `"`: `got \"a` + strings.Repeat("é", 29) + `…\"`,
		`"two\nlines"`:                       `got \"two\\nlines\"`,
		strings.Repeat("1", 70):              "got " + strings.Repeat("1", 60) + "…",
		`[1]`:                                "got a list",
		`{}`:                                 "got a dict",
		`false`:                              "got false",
	} {
		_, msg := filled[params](t, `{"n": `+value+`}`)
		check(t, msg, want)
	}
	for value, want := range map[string]string{`[1]`: "want str, got a list", `{}`: "want str, got a dict"} {
		_, msg := filled[params](t, `{"s": `+value+`}`)
		check(t, msg, want)
	}
	for arguments, want := range map[string]string{`"x"`: "got a str", `7`: "got a number", `true`: "got a bool", `null`: "got nothing", `[]`: "got a list"} {
		_, msg := filled[params](t, arguments)
		check(t, msg, "want a JSON object of options, "+want)
	}
	_, msg := filled[params](t, `{"`+strings.Repeat("x", 70)+`": 1}`)
	check(t, msg, "probe: "+strings.Repeat("x", 60)+"…: unknown option")
}

// Packages of params quote as messages do.
func TestQuote(t *testing.T) {
	for text, want := range map[string]string{"a\nb": `"a\nb"`, "": `""`, strings.Repeat("a", 61): `"` + strings.Repeat("a", 60) + `…"`} {
		if got := Quote(text); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

func TestPaths(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	root, err := user.Lookup("root")
	if err != nil {
		t.Fatal(err)
	}
	type params struct {
		Path string `json:"path" type:"path"`
	}
	for _, row := range []struct{ path, home, want string }{
		{"~/x", "HOME=/home/a/", "/home/a/x"},
		{"~", "HOME=/home/a/", "/home/a/"},
		{"~/x", "HOME=", me.HomeDir + "/x"},
		{"~/x", "unset", me.HomeDir + "/x"}, // an entry without a value
		{"~root/x", "HOME=/home/a", root.HomeDir + "/x"},
		{"~root", "HOME=/home/a", root.HomeDir},
		{"$HOME/x", "HOME=/home/a", "/home/a/x"},
		{"$", "HOME=/home/a", "$"},
		{"/x/$NONE", "HOME=/home/a", "/x/$NONE"},
	} {
		p, msg := filled[params](t, `{"path": "`+row.path+`"}`, row.home)
		check(t, msg, "")
		if p.Path != row.want {
			t.Errorf("%s with %s: want %s, got %s", row.path, row.home, row.want, p.Path)
		}
	}
}

// A path that is none is refused before anything is opened or made.
func TestPathsThatAreNone(t *testing.T) {
	type params struct {
		Path  string   `json:"path" type:"path"`
		Paths []string `json:"paths" type:"path"`
	}
	for path, isRefused := range map[string]bool{
		"/x y/\u00fc.pub": false, "": false, "/\U0001F4A5": false, strings.Repeat("x", 4096): false,
		"  ": true, "/a\nb": true, "/a\x00b": true, "/a\x1b[1mb": true, "/a\u202eb": true, "/a\u200bb": true, strings.Repeat("x", 4097): true,
	} {
		text, err := json.Marshal(path)
		if err != nil {
			t.Fatal(err)
		}
		for at, arguments := range map[string]string{"path": `{"path": ` + string(text) + `}`, "paths[1]": `{"paths": ["/a", ` + string(text) + `]}`} {
			_, msg := filled[params](t, arguments)
			if (msg != "") != isRefused || isRefused && (!strings.Contains(msg, at+": want a path of at most 4096 bytes on one line") || len(msg) > 300) {
				t.Errorf("%.20q as %s: want it refused %t, got %q", path, at, isRefused, msg)
			}
		}
	}
}

func TestTemplatesThatNobodyResolved(t *testing.T) {
	type params struct {
		S string `json:"s"`
	}
	for text, want := range map[string]bool{"{{ x }}": true, "a{%x%}b": true, "}} {{": false, "{{": false, "%}": false, "{{ %}": false, "{ }": false} {
		_, msg := filled[params](t, `{"s": "`+text+`"}`)
		if got := strings.Contains(msg, "unresolved template"); got != want {
			t.Errorf("%s: want it refused %v, got %s", text, want, msg)
		}
	}
}

// Spec says what documentation has to say, whatever the Go type.
func TestSpecOfEveryKind(t *testing.T) {
	type inner struct {
		X string `json:"x"`
	}
	type params struct {
		Named   `json:"named"`
		Hidden  string         `json:"-"`
		private string         //lint:ignore U1000 a field that is not exported is left out
		Choices []string       `json:"choices" choices:"a,b" default:"a,b"`
		Numbers []int          `json:"numbers" default:"1,2"`
		Flag    *bool          `json:"flag"`
		Off     bool           `json:"off" default:"false"`
		Share   float64        `json:"share" default:"-0.5"`
		Secret  *secret.String `json:"secret"`
		Path    string         `json:"path" type:"path"`
		Dicts   []*inner       `json:"dicts"`
		Dict    *inner         `json:"dict"`
		Long    int64          `json:"long,omitempty" default:"-1"`
	}
	sub := []Option{{Name: "x", Type: "str"}}
	want := []Option{
		{Name: "named", Type: "dict", Sub: []Option{{Name: "inner", Type: "str"}}},
		{Name: "choices", Type: "list", Elements: "str", Choices: []string{"a", "b"}, Default: []any{"a", "b"}},
		{Name: "numbers", Type: "list", Elements: "int", Default: []any{int64(1), int64(2)}},
		{Name: "flag", Type: "bool"}, {Name: "off", Type: "bool", Default: false},
		{Name: "share", Type: "float", Default: -0.5}, {Name: "secret", Type: "str", NoLog: true},
		{Name: "path", Type: "path"},
		{Name: "dicts", Type: "list", Elements: "dict", Sub: sub}, {Name: "dict", Type: "dict", Sub: sub},
		{Name: "long", Type: "int", Default: int64(-1)},
	}
	m := New("probe", func(context.Context, Task, params) (struct{}, error) { return struct{}{}, nil })
	if diff := cmp.Diff(want, m.Options()); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if _, msg := filled[params](t, `{"flag": true, "secret": "x", "dict": {"x": "y"}, "dicts": [{"x": "z"}], "choices": ["b"]}`); msg != "" {
		t.Error(msg)
	}
	p, _ := filled[params](t, `{}`)
	if !slices.Equal(p.Choices, []string{"a", "b"}) || p.Flag != nil || p.Dict != nil || p.Share != -0.5 {
		t.Errorf("defaults: %+v", p)
	}
}

// Plain is embedded, and no struct.
type Plain string

func TestNewLooksAtBothTypes(t *testing.T) {
	for want, build := range map[string]func(){
		"A has no json tag": func() {
			New("probe", func(context.Context, Task, struct{ A string }) (struct{}, error) { return struct{}{}, nil })
		},
		"Plain has no json tag": func() {
			New("probe", func(context.Context, Task, struct{ Plain }) (struct{}, error) { return struct{}{}, nil })
		},
		"probe: the result []int is no struct": func() {
			New("probe", func(context.Context, Task, struct{}) ([]int, error) { return nil, nil })
		},
	} {
		func() {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.Contains(p, want) {
					t.Errorf("want a panic with %q, got %s", want, p)
				}
			}()
			build()
		}()
	}
}
