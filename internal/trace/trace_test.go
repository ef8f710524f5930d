// SPDX-License-Identifier: GPL-3.0-or-later

package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// written makes a trace of one session that ended badly.
func written(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	w, err := Create(dir, "a.jsonl", Header{MadeBy: "1.0", MadeAt: "now", Module: "vc_info", Check: true, Run: "0123456789", Options: map[string]any{"scp": "enabled"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Add(Event{Kind: Opened, Session: 1})
	w.Add(Event{Kind: Sent, Session: 1, Text: "<hello/>"})
	w.Add(Event{Kind: Sent, Session: 1, Text: `<rpc message-id="1"><lock/></rpc>`})
	w.Add(Event{Kind: Got, Session: 1, Text: "<rpc-reply><rpc-error><error-message>\nno,\nnot now\n</error-message></rpc-error></rpc-reply>", Marked: true})
	w.Add(Event{Kind: Closed, Session: 1, Text: "no answer within 5 s"})
	w.Add(Event{Kind: Result, Result: json.RawMessage(`{"failed":true,"msg":"lock: no"}`)})
	w.Close()
	w.Close()
	w.Add(Event{Kind: Sent}) // is lost, and nobody minds
	info, err := os.Stat(filepath.Join(dir, "a.jsonl"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	return filepath.Join(dir, "a.jsonl")
}

func TestShowAndReport(t *testing.T) {
	file := written(t)
	for _, test := range []struct {
		args   []string
		status int
		want   []string
	}{
		{[]string{"show", file}, 0, []string{"vc_info in check mode, 1.0, now", "[1] > hello", "[1] > lock", "no, not now", "*** text", "[1] closed: no answer within 5 s",
			"result: failed=true changed=false lock: no"}},
		{[]string{"report", file}, 0, []string{"# What ran", `"scp": "enabled"`, "# Text that is published nowhere\n\nSession 1", "# Result", "lock: no"}},
		{[]string{"show", "/does/not/exist"}, 1, []string{"no such file"}},
		{[]string{"show"}, 2, []string{"usage:"}},
		{[]string{"dance", file}, 2, []string{"usage:"}},
	} {
		var out bytes.Buffer
		if status := Main(test.args, &out, &out); status != test.status {
			t.Errorf("%v: want %d, got %d", test.args, test.status, status)
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: want %q in\n%s", test.args, want, out.String())
			}
		}
	}
	packed := filepath.Join(t.TempDir(), "issue.md")
	if status := Main([]string{"report", file, "-o", packed}, nil, os.Stderr); status != 0 {
		t.Error(status)
	}
	if text, err := os.ReadFile(packed); err != nil || !strings.Contains(string(text), "# Dialogue") {
		t.Errorf("%s, %v", text, err)
	}
}

// A trace that was cut is read up to there, and says that it has no end.
func TestCutAnywhere(t *testing.T) {
	text, err := os.ReadFile(written(t))
	if err != nil {
		t.Fatal(err)
	}
	first := bytes.IndexByte(text, '\n') + 1
	for cut := range text {
		events, err := Read(bytes.NewReader(text[:cut]))
		switch {
		case cut < first && !errors.Is(err, ErrNoTrace):
			t.Fatalf("cut at %d: %v", cut, err)
		case cut >= first && (err != nil || len(events) != bytes.Count(text[:cut], []byte("\n"))):
			t.Fatalf("cut at %d: %d events, %v", cut, len(events), err)
		case cut >= first && !strings.Contains(Show(events), "without a result"):
			t.Fatalf("cut at %d: %s", cut, Show(events))
		}
	}
}

func TestOddTraces(t *testing.T) {
	for text, want := range map[string]string{
		"":   "not a trace",
		"{}": "not a trace",
		`{"event":"begin","header":{"format":"x"}}` + "\n":                                "not a trace",
		`{"event":"begin","header":{"format":"vchassis.junos/trace","version":9}}` + "\n": "version 9",
		`{"event":"sent","header":{"format":"vchassis.junos/trace","version":1}}` + "\n":  "not a trace",
		strings.Repeat("x", 1<<17): "not a trace",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: want %q, got %v", text, want, err)
		}
	}
}

// A run never writes over the trace of another.
func TestNoTraceIsOverwritten(t *testing.T) {
	file := written(t)
	if _, err := Create(filepath.Dir(file), "a.jsonl", Header{}); err == nil {
		t.Error("a trace was overwritten")
	}
}
