// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// start runs the server until the test ends and returns what it announced.
func start(t *testing.T, args ...string) sim.Description {
	t.Helper()
	out, stdout := io.Pipe()
	in, stdin := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(t.Context(), append(args, "-until-eof"), in, stdout, io.Discard) }()
	t.Cleanup(func() {
		stdin.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	go func() { // ends with the process' first words, or with the test
		select {
		case err := <-ended:
			ended <- err
			out.CloseWithError(io.ErrUnexpectedEOF)
		case <-t.Context().Done():
		}
	}()
	var d sim.Description
	if err := json.NewDecoder(out).Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

func do(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), args, strings.NewReader(""), &out, io.Discard)
	return out.String(), err
}

func TestServeAndControl(t *testing.T) {
	dir := t.TempDir()
	pid := filepath.Join(dir, "pid")
	d := start(t, "-chassis", "2", "-members", "3", "-state-dir", dir, "-pid-file", pid)
	if len(d.Chassis) != 2 || d.Chassis[0].Name != "vc-1" || len(d.Chassis[1].Members) != 3 || d.Chassis[0].Port == 0 {
		t.Fatalf("announced %+v", d)
	}
	for _, file := range []string{pid, filepath.Join(dir, "known_hosts"), filepath.Join(dir, "lab.json")} {
		if text, err := os.ReadFile(file); err != nil || len(text) < 2 {
			t.Errorf("%s: %q, %v", file, text, err)
		}
	}
	for _, test := range []struct {
		words string
		want  string
		err   string
	}{
		{"state vc-1", `"transport": "rcp"`, ""},
		{"config vc-1", `set system host-name vc-1`, ""},
		{"state vc-9", "", "no such chassis"},
		{"leave vc-1 2", `"NotPrsnt"`, ""},
		{"replace vc-1 2 {\"serial\":\"S9\"}", `"serial": "S9"`, ""},
		{"switchover vc-1", `"ok"`, ""},
		{"split vc-1 on", `"ok"`, ""},
		{"clock +5m", `"time"`, ""},
		{`fault {"action":"drop"}`, `"id": 1`, ""},
		{"clear", `"ok"`, ""},
		{`session {"chassis":"vc-1","do":"lock"}`, `"id"`, ""},
		{"capture on", `"ok"`, ""},
		{"capture show", `[]`, ""},
		{"counters vc-1", `"logins"`, ""},
		{"log vc-2", `[]`, ""},
		{"reset", `"ok"`, ""},
		{"leave vc-1", "", "usage:"},
		{"dance", "", "usage:"},
	} {
		out, err := do(t, append([]string{"ctl", d.Control}, strings.Fields(test.words)...)...)
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || !strings.Contains(out, test.want) {
			t.Errorf("%s: want %q %q, got %s, %v", test.words, test.want, test.err, out, err)
		}
	}
}

func TestNetconfOnStandardInput(t *testing.T) {
	d := start(t, "-state-dir", t.TempDir())
	var out bytes.Buffer
	hello := `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>`
	in := strings.NewReader(hello + `<rpc message-id="1"><get-system-information/></rpc>]]>]]><rpc message-id="2"><close-session/></rpc>]]>]]>`)
	if err := run(t.Context(), []string{"netconf", d.Control, "vc1", "admin"}, in, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<!-- user admin, class super-user -->", "<host-name>vc1</host-name>", "<ok/>", "<!-- session end at "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in %s", want, out.String())
		}
	}
	if _, err := do(t, "netconf", d.Control, "vc2"); err == nil || !strings.Contains(err.Error(), "chassis vc2: 404") {
		t.Errorf("want an unknown chassis, got %v", err)
	}
}

func TestBadArguments(t *testing.T) {
	for _, test := range []struct{ args, err string }{
		{"-f /does/not/exist", "no such file"},
		{"-members 21", "size: want 0 to 20"},
		{"extra", `unknown argument "extra"`},
		{"-nonsense", "not defined"},
		{"-f lab.yml -port 2830", "-port and -f contradict each other"},
		{"-f lab.yml -members 3 -chassis 2", "-members and -f contradict"},
		{"-chassis 2 -port 2830", "-port and -chassis 2 contradict"},
		{"-chassis 0", "-chassis: want at least 1"},
		{"-f - -until-eof", "both read standard input"},
		{"ctl", "usage:"},
		{"ctl /does/not/exist state", "no such file"},
		{"netconf", "usage:"},
	} {
		if _, err := do(t, strings.Fields(test.args)...); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: want %q, got %v", test.args, test.err, err)
		}
	}
	if out, err := do(t, "--version"); err != nil || !strings.HasPrefix(out, "vchassis-sim dev, go") {
		t.Errorf("--version: %s, %v", out, err)
	}
	if out, err := do(t, "knobs"); err != nil || !strings.Contains(out, "commit_results") {
		t.Errorf("knobs: %s, %v", out, err)
	}
}

// A chassis whose administrators have keys only can be logged in to with the inventory.
func TestInventoryNamesTheKey(t *testing.T) {
	scenario, state := filepath.Join(t.TempDir(), "s.yml"), t.TempDir()
	users := "[{name: root, class: super-user, password: Root-lab-1}, {name: admin, class: super-user, own_key: true}]"
	if err := os.WriteFile(scenario, []byte("chassis: [{name: vc1, users: "+users+"}, {name: vc2}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "-f", scenario, "-state-dir", state)
	var all map[string]struct{ Hosts map[string]map[string]any }
	text, err := os.ReadFile(filepath.Join(state, "inventory.json"))
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	hosts := all["virtual_chassis"].Hosts
	if err != nil || hosts["vc1"]["ansible_private_key_file"] != filepath.Join(state, "vc1-admin.key") || hosts["vc2"]["ansible_private_key_file"] != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// A scenario may have its own users: the inventory logs in as one of them.
func TestInventoryLogsInAsAUserOfTheScenario(t *testing.T) {
	user := func(name, class string) string { return "{name: " + name + ", class: " + class + ", password: Lab-1}" }
	for _, tt := range []struct{ users, want string }{
		{user("root", "super-user") + ", " + user("eve", "read-only") + ", " + user("netops", "super-user"), "netops"},
		{user("netops", "super-user") + ", " + user("admin", "operator"), "admin"},
		{user("root", "super-user") + ", " + user("eve", "read-only"), "eve"},
		{user("root", "super-user"), "admin"},
	} {
		scenario := filepath.Join(t.TempDir(), "s.yml")
		if err := os.WriteFile(scenario, []byte("chassis: [{name: vc1, users: ["+tt.users+"]}]"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := start(t, "-f", scenario)
		if got := hostVariables(d.Chassis[0], "")["ansible_user"]; got != tt.want {
			t.Errorf("%s: want %s, got %v", tt.users, tt.want, got)
		}
	}
}
