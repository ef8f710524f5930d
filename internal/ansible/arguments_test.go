// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestBadArguments(t *testing.T) {
	for _, row := range []struct{ name, arguments, err string }{
		{"empty", ``, "want a JSON object, got nothing"},
		{"blank", " \n\t", "want a JSON object, got nothing"},
		{"huge", `{"host": "` + strings.Repeat("a", argumentLimits.Bytes) + `"}`, "want at most 4194304 bytes"},
		{"deep", `{"host": ` + strings.Repeat("[", 1e5) + strings.Repeat("]", 1e5) + `}`, "want at most 32 levels"},
		{"deep and unfinished", strings.Repeat(`{"a":`, 1e5), "want at most 32 levels"},
		{"brackets in a text are not deep", with("comment", `"`+strings.Repeat("[{", 100)+`"`), "comment: unknown option"},
		{"duplicate key", `{"host": "a", "host": "b"}`, "host: given twice"},
		{"duplicate key, escaped", `{"host": "a", "h\u006fst": "b"}`, "host: given twice"},
		{"duplicate key below", with("members", `[{"member_id": 1, "member_id": 2}]`), "members[0].member_id: given twice"},
		{"duplicate key of Ansible", `{"_ansible_check_mode": true, "_ansible_check_mode": false}`, "_ansible_check_mode: given twice"},
		{"byte order mark", "\ufeff" + `{"host": "a"}`, ""},
		{"UTF-16", "\xff\xfe{\x00}\x00", "want UTF-8, got UTF-16"},
		{"Latin-1", "{\"host\": \"\xe4\"}", "want UTF-8, got other bytes"},
		{"half a surrogate pair", `{"host": "\ud800"}`, "host: want Unicode, got half a surrogate pair"},
		{"trailing junk", `{"host": "a"} x`, "line 1 column 15: invalid character 'x' after top-level value"},
		{"two objects", `{"host": "a"}{}`, "after top-level value"},
		{"trailing comma", `{"host": "a",}`, "want JSON, line 1 column 14"},
		{"YAML", "host: a\n", "want JSON, line 1 column 1"},
		{"a list", `[1]`, "want a JSON object of options, got a list"},
		{"a secret alone", `"hunter22"`, "want a JSON object of options, got a str"},
		{"unknown option", with("usrname", `"root"`), "usrname: unknown option, did you mean username?"},
		{"unknown option, nothing near", with("zzzzzzzz", `1`), "zzzzzzzz: unknown option"},
		{"unknown option below", with("members", `[{"member_id": 1, "serail_number": "x"}]`), "members[0].serail_number: unknown option, did you mean serial_number?"},
		{"Ansible's key below", with("members", `[{"member_id": 1, "_ansible_x": 1}]`), "members[0]._ansible_x: unknown option"},
		{"Jinja left-over", with("command", `"{{ x }}"`), "command: want a value, got an unresolved template"},
		{"Jinja statement", with("command", `"{% x %}"`), "command: want a value, got an unresolved template"},
		{"braces in a secret", with("password", `"{{ vault }}"`), ""},
		{"a statement's braces in a secret", with("password", `"a{%b%}c"`), ""},
		{"braces in a passphrase", with("private_key_passphrase", `"{#x#}{{y}}"`), ""},
		{"half a brace pair", with("password", `"a{{b"`), ""},
		{"Jinja in an int", with("port", `"{{ port }}"`), `port: want int, got "{{ port }}"`},
		{"several problems", `{"port": "x", "state": "gone"}`, `port: want int, got "x"; state: want present or absent, got "gone"`},
		{"required below", with("members", `[{}]`), "members[0].member_id: required, but not given"},
		{"required and null", with("members", `[{"member_id": null}]`), "members[0].member_id: required, but not given"},
		{"alias and name", `{"host": "a", "cmd": "x", "command": "y"}`, "command: given twice, as command and as cmd"},
		{"check mode not understood", `{"host": "a", "_ansible_check_mode": "perhaps"}`, `_ansible_check_mode: want bool, got "perhaps"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, _, msg := decoded(t, row.arguments)
			check(t, msg, row.err)
		})
	}
}

// Programs know what is wrong with the arguments by its code.
func TestCodeOfArguments(t *testing.T) {
	got, _ := call(t, `{"host": "a", "port": "x"}`, nil, func(context.Context, Task, sample) (outcome, error) { return outcome{}, nil })
	if got["code"] != "arguments" {
		t.Errorf("got %v", got)
	}
}

func TestWrongTypes(t *testing.T) {
	for _, row := range []struct{ option, value, err string }{
		{"port", `true`, "port: want int, got true"},
		{"port", `[1]`, "port: want int, got a list"},
		{"port", `5.5`, "port: want int, got 5.5"},
		{"port", `"1_000"`, `port: want int, got "1_000"`},
		{"port", `"0x33e"`, `port: want int, got "0x33e"`},
		{"port", `""`, `port: want int, got ""`},
		{"small", `200`, "small: want a smaller int, got 200"},
		{"ratio", `"many"`, `ratio: want float, got "many"`},
		{"ratio", `"nan"`, `ratio: want float, got "nan"`},
		{"replace", `2`, "replace: want bool, got 2"},
		{"replace", `"maybe"`, `replace: want bool, got "maybe"`},
		{"replace", `[]`, "replace: want bool, got a list"},
		{"state", `{}`, "state: want str, got a dict"},
		{"state", `true`, `state: want present or absent, got "True"`},
		{"password", `{"a": "hunter22"}`, "password: want str, got a dict"},
		{"command", `""`, "command: want 1 to 10 characters, got 0"},
		{"command", `"` + strings.Repeat("é", 11) + `"`, "command: want 1 to 10 characters, got 11"},
		{"numbers", `"1,x"`, `numbers[1]: want int, got "x"`},
		{"numbers", `{}`, "numbers: want list, got a dict"},
		{"numbers", `[null]`, "numbers[0]: want int, got nothing"},
		{"steps", `["one", "three"]`, `steps[1]: want one or two, got "three"`},
		{"members", `{"member_id": 1}`, "members: want list, got a dict"},
		{"members", `["x"]`, `members[0]: want dict, got "x"`},
		{"members", `[{"member_id": 10}]`, "members[0].member_id: want 0 to 9, got 10"},
		{"members", `[{"member_id": -1}]`, "members[0].member_id: want 0 to 9, got -1"},
		{"members", `[{"member_id": "0]]>]]>"}]`, `members[0].member_id: want int, got "0]]>]]>"`},
		{"members", `[{"member_id":1},{"member_id":2},{"member_id":3}]`, "members: want at most 2 entries, got 3"},
		{"tokens", `[["hunter22"]]`, "tokens[0]: want str, got a list"},
		{"nested", `"x"`, `nested: want dict, got "x"`},
		{"_vchassis_vars", `"x"`, "_vchassis_vars: want dict, got a str"},
		{"_vchassis_vars", `{"prot": 1}`, "vchassis_prot: no module has that option, did you mean vchassis_port?"},
	} {
		t.Run(clipText(row.err, 60), func(t *testing.T) {
			_, _, msg := decoded(t, with(row.option, row.value))
			check(t, msg, row.err)
		})
	}
}

func TestBooleansInEverySpelling(t *testing.T) {
	yes := []string{`true`, `1`, `1.0`, `"y"`, `"yes"`, `"on"`, `"1"`, `"true"`, `"t"`, `"True"`, `"YES"`, `" On "`}
	no := []string{`false`, `0`, `0.0`, `"n"`, `"no"`, `"off"`, `"0"`, `"false"`, `"f"`, `"False"`, `"NO"`, `" Off "`}
	for _, text := range slices.Concat(yes, no) {
		p, task, msg := decoded(t, `{"host": "a", "_ansible_check_mode": `+text+`, "replace": `+text+`}`)
		check(t, msg, "")
		if want := slices.Contains(yes, text); p.Replace != want || task.Check != want {
			t.Errorf("%s: want %v, got option %v, check mode %v", text, want, p.Replace, task.Check)
		}
	}
}

// Check mode is read apart from the options, and must be seen where they are.
func TestCheckModeBehindAByteOrderMark(t *testing.T) {
	p, task, msg := decoded(t, "\ufeff"+`{"host": "a", "_ansible_check_mode": true}`)
	check(t, msg, "")
	if p.Host != "a" || !task.Check {
		t.Errorf("got host %q, check mode %v", p.Host, task.Check)
	}
}

func FuzzArguments(f *testing.F) {
	for _, seed := range []string{
		`{"host": "192.0.2.1", "port": "830", "members": [{"member_id": 1}], "_ansible_check_mode": true}`,
		`{"password": "hunter22", "known_hosts": "~/a,$HOME/b", "steps": "one,two", "chassis_fips": true}`,
		`{"members": "[{\"member_id\": 1}]", "nested": "{\"member_id\": 2}", "ratio": 1e3}`,
		"\ufeff{}", `{"a":1}x`, `{"host": "\ud800"}`, `[[[[`, `{"_vchassis_vars": {"port": 22}}`,
	} {
		f.Add([]byte(seed))
	}
	m := New("probe", echo)
	f.Fuzz(func(t *testing.T, data []byte) {
		out, ok := m.Run(t.Context(), data, []string{"HOME=/home/a"})
		if text := string(out); !strings.HasPrefix(text, "{") || strings.Contains(text, "internal error") {
			t.Errorf("%s", out)
		}
		if _, err := parseJSON(out); err != nil {
			t.Errorf("the result is not as strict as the arguments: %v\n%s", err, out)
		}
		if failed := strings.Contains(string(out), `"failed":true`); ok == failed {
			t.Errorf("ok = %v: %s", ok, out)
		}
	})
}
