// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNormal(t *testing.T) {
	for _, row := range []struct{ name, result, want, err string }{
		{"keys are sorted", `{"b":1,"a":"<&>"}`, "{\n  \"a\": \"<&>\",\n  \"b\": 1\n}\n", ""},
		{"seconds of steps", `{"steps":[{"seconds":0.123,"name":"lock"}]}`,
			"{\n  \"steps\": [\n    {\n      \"name\": \"lock\",\n      \"seconds\": 0\n    }\n  ]\n}\n", ""},
		{"what is left of a time", `{"limit":299.4}`, "{\n  \"limit\": 300\n}\n", ""},
		{"other numbers stay", `{"a":0.123}`, "{\n  \"a\": 0.123\n}\n", ""},
		{"run", `{"a":"x run=0123456789 y"}`, "{\n  \"a\": \"x run=RUN y\"\n}\n", ""},
		{"address", `{"a":"127.0.0.1:40123: no, 192.0.2.1:830"}`, "{\n  \"a\": \"HOST: no, 192.0.2.1:830\"\n}\n", ""},
		{"address without a port", `{"a":"127.0.0.1: no"}`, "{\n  \"a\": \"HOST: no\"\n}\n", ""},
		{"fingerprint", `{"a":"SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"}`, "{\n  \"a\": \"FINGERPRINT\"\n}\n", ""},
		{"Junos date", `{"a":"on since 2026-11-22 17:31:52 UTC, idle"}`, "{\n  \"a\": \"on since DATE, idle\"\n}\n", ""},
		{"a moment of today", `{"a":"at 17:31:52 UTC on the switch's clock unless"}`, "{\n  \"a\": \"at TIME on the switch's clock unless\"\n}\n", ""},
		{"a moment of another day", `{"a":"2026-11-22 17:31:52 UTC on the controller's clock"}`, "{\n  \"a\": \"TIME on the controller's clock\"\n}\n", ""},
		{"a moment of another form", `{"a":"at 17:31:52 UTC unless"}`, "{\n  \"a\": \"at 17:31:52 UTC unless\"\n}\n", ""},
		{"RFC 3339", `{"a":"2026-11-22T17:31:52Z"}`, "{\n  \"a\": \"DATE\"\n}\n", ""},
		{"process", `{"a":"root (pid 4207) on"}`, "{\n  \"a\": \"root (pid PID) on\"\n}\n", ""},
		{"folder", `{"a":"/tmp/w/args.json"}`, "{\n  \"a\": \"WORK/args.json\"\n}\n", ""},
		{"release stays", `{"a":"25.2R1.9"}`, "{\n  \"a\": \"25.2R1.9\"\n}\n", ""},
		{"a wait for the lock of a lost session", `{"events":[{"text":"waiting for the configuration lock, held by root; at most 60 s"},{"text":"lock"}]}`,
			"{\n  \"events\": [\n    {\n      \"text\": \"lock\"\n    }\n  ]\n}\n", ""},
		{"other waits stay", `{"events":[{"text":"waiting"}]}`, "{\n  \"events\": [\n    {\n      \"text\": \"waiting\"\n    }\n  ]\n}\n", ""},
		{"no JSON", `{`, "", "unexpected EOF"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := normalResult([]byte(row.result), "/tmp/w")
			if text := errorText(err); text != row.err {
				t.Errorf("want error %q, got %q", row.err, text)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
