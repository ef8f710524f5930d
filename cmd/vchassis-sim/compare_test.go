// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// traceOf asks a chassis, and leaves the dialogue as a run with the option trace does.
func traceOf(t *testing.T, operations ...string) (file string) {
	t.Helper()
	d := start(t, "-state-dir", t.TempDir())
	hello := `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>`
	sent := []string{hello}
	for _, op := range operations {
		sent = append(sent, `<rpc message-id="1">`+op+`</rpc>`)
	}
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(sent, endOfMessage) + endOfMessage + `<rpc><close-session/></rpc>` + endOfMessage)
	if err := run(t.Context(), []string{"netconf", d.Control, "vc1", "admin"}, in, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	for i, reply := range strings.Split(out.String(), endOfMessage)[:len(sent)] {
		_ = e.Encode(traced{Event: "sent", Session: 1, Text: sent[i]})
		_ = e.Encode(traced{Event: "got", Session: 1, Text: reply})
	}
	file = filepath.Join(t.TempDir(), "trace.jsonl")
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A chassis answers as it has answered before; a reply that differs is named, and a twin
// that has other members too.
func TestCompare(t *testing.T) {
	file := traceOf(t, "<get-virtual-chassis-information/>", "<get-software-information/>", `<get-configuration database="committed"/>`, "<lock><target><candidate/></target></lock>",
		"<frobnicate/>")
	out, err := do(t, "compare", file)
	if err != nil || !strings.Contains(out, "5 replies compared, no difference") {
		t.Errorf("%s, %v", out, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.ReplaceAll(string(text), `member-mixed-mode\u003e`, `member-odd-mode\u003e`)
	if err := os.WriteFile(file, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = do(t, "compare", file)
	if err == nil || !strings.Contains(out, "get-virtual-chassis-information: ") || !strings.Contains(out, "member-odd-mode: missing") {
		t.Errorf("%s, %v", out, err)
	}
	snapshot := filepath.Join(t.TempDir(), "core.json")
	if err := os.WriteFile(snapshot, []byte(strings.ReplaceAll(snapshotOfTwo, "NAME", "core")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err = do(t, "compare", file, "-twin", snapshot); err == nil || !strings.Contains(err.Error(), "core: ") {
		t.Errorf("who had logged in is no user of the twin: %v", err)
	}
	netops := strings.ReplaceAll(other, "user admin,", "user netops,")
	if err := os.WriteFile(file, []byte(netops), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err = do(t, "compare", file, "-twin", snapshot); err == nil || !strings.Contains(out, "get-configuration: ") {
		t.Errorf("%s, %v", out, err)
	}
}

func TestCompareOddFiles(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ args, err string }{
		{"compare", "usage:"},
		{"compare a b", "usage:"},
		{"compare /does/not/exist", "no such file"},
		{"compare " + empty, "no request is in it"},
	} {
		if _, err := do(t, strings.Fields(test.args)...); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: want %q, got %v", test.args, test.err, err)
		}
	}
}

// Words of errors are compared without what differs from case to case.
func TestWordsAreCompared(t *testing.T) {
	reply := func(words string) string {
		return "<rpc-reply><rpc-error><error-message>" + words + "</error-message></rpc-error></rpc-reply>"
	}
	if all := differencesOf(reply("locked by pid 12"), reply("locked by  pid 7")); len(all) > 0 {
		t.Error(all)
	}
	if all := differencesOf(reply("locked by pid 12"), reply("in use")); len(all) != 1 || !strings.Contains(all[0], "words: ") {
		t.Error(all)
	}
}
