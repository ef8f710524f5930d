// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

func TestParse(t *testing.T) {
	const fips, host = `"fips": false`, `"host": "sw1"`
	for _, tt := range []struct{ name, data, err string }{
		{"good", recordtest.Good, ""},
		{"byte order mark", "\ufeff" + recordtest.Good, ""},
		{"keys of a later release", recordtest.With(t, host, host+`, "more": {"a": [1]}`), ""},
		{"null as older Ansible writes it", recordtest.With(t, fips, `"fips": ""`), ""},
		{"empty", "", "want a JSON object, got nothing"},
		{"blank", " \n", "want a JSON object, got nothing"},
		{"truncated", recordtest.Good[:len(recordtest.Good)/2], "truncated: the JSON object has no end"},
		{"not JSON", "host: sw1", "want JSON, line 1 column 1: invalid character 'h'"},
		{"trailing", recordtest.Good + "{}", "invalid character '{' after top-level value"},
		{"not UTF-8", recordtest.With(t, "sw1", "sw\xff"), "want UTF-8, got other bytes"},
		{"half a surrogate pair", recordtest.With(t, "sw1", `sw\ud800`), "host: want Unicode, got half a surrogate pair"},
		{"UTF-16", "\xff\xfe{\x00", "want UTF-8, got UTF-16"},
		{"a list", "[]", "want a JSON object, got a list"},
		{"null", "null", "want a JSON object, got null"},
		{"key twice", recordtest.With(t, host, host+`, "host": "sw2"`), "host: given twice"},
		{"deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), "want at most 16 levels of lists and dicts, got more"},
		{"schema missing", recordtest.With(t, `"schema": 1, `, ""), "schema: want a number from 0 to 1048576, got null"},
		{"schema of the future", recordtest.With(t, `"schema": 1`, `"schema": 3`), "schema: want 1 or 2, got 3"},
		{"host missing", recordtest.With(t, host, `"host": " "`), "host: want a name, got nothing"},
		{"host a number", recordtest.With(t, host, `"host": 7`), "host: want a string, got 7"},
		{"keys differ in case", recordtest.With(t, host, `"Host": "sw1"`), "host: want a name, got nothing"},
		{"time", recordtest.With(t, "2026-03-01T10:00:00Z", "yesterday"), `finished: want a time such as 2026-01-31T12:00:00Z, got "yesterday"`},
		{"wanted", recordtest.With(t, `"present"`, `"both"`), `wanted: want present or absent, got "both"`},
		{"check mode missing", recordtest.With(t, `"check_mode": false`, `"check_mode": null`), "check_mode: want true or false, got nothing"},
		{"outcome missing", recordtest.With(t, `"compliant"`, `""`), "outcome: want a word, got nothing"},
		{"flag", recordtest.With(t, fips, `"fips": "perhaps"`), `found.fips: want true, false or unknown, got "perhaps"`},
		{"transport", recordtest.With(t, `"transport": "unknown"`, `"transport": "carrier pigeon"`), `sync.transport: want scp, rcp or unknown, got "carrier pigeon"`},
		{"found", recordtest.With(t, `{"fips": false, "scp_active": true, "pending_steps": []}`, `[]`), "found: want an object, got a list"},
		{"changed", recordtest.With(t, `"changed": []`, `"changed": {}`), "changed: want a list, got an object"},
		{"changed holds a number", recordtest.With(t, `"changed": []`, `"changed": [1]`), "changed[0]: want a string, got 1"},
		{"member", recordtest.With(t, `"members": [`, `"members": [3, `), "members[0]: want an object, got 3"},
		{"member id", recordtest.With(t, `"member_id": 1`, `"member_id": 1.5`), "members[1].member_id: want a number from 0 to 99, got 1.5"},
		{"member id negative", recordtest.With(t, `"member_id": 1`, `"member_id": -1`), "members[1].member_id: want a number from 0 to 99, got -1"},
		{"many members", recordtest.With(t, `"members": [`, `"members": [`+strings.Repeat(`{"member_id": 0},`, 99)), "members: want at most 64, got 101"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Parse([]byte(tt.data))
			checkError(t, err, tt.err)
			if err == nil && (r.Host != "sw1" || len(r.Members) != 2) {
				t.Errorf("got host %q and %d members", r.Host, len(r.Members))
			}
		})
	}
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil {
		t.Errorf("error: %v", err)
	}
	if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("error: want %s, got %v", want, err)
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "sw1.example.com", "sw1.example.com"},
		{"umlaut", "münchen", "münchen"},
		{"line ends", "a\nb\tc", "a b c"},
		{"escape sequence", "\x1b[31mred", `\u{1b}[31mred`},
		{"turned around", "abc\u202ecba", `abc\u{202e}cba`},
		{"of no width", "sw\u200b1", `sw\u{200b}1`},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"long", strings.Repeat("x", 100), strings.Repeat("x", ShortText) + "… (cut, 100 bytes)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := CleanText(tt.in, ShortText); got != tt.want {
				t.Errorf("want %q, got %q", tt.want, got)
			}
		})
	}
}
