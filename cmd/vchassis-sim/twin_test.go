// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const snapshotOfTwo = `{"format": "vchassis.junos/snapshot", "version": 1, "name": "NAME", "groups": ["access", "site_a"],
 "chassis": {"id": "0011.2233.4455", "preprovisioned": true, "members": [
  {"id": 0, "role": "backup", "status": "Prsnt", "priority": 129, "serial": "XR0000000000", "model": "ex4400-48p", "release": "25.2R1.9", "fips": false},
  {"id": 1, "role": "primary", "role_word": "Primary*", "local": true, "status": "Prsnt", "serial": "XR0000000001", "model": "ex4400-48p", "release": "25.2R1.9"},
  {"id": 2, "status": "Vanished", "serial": "XR0000000002", "model": "ex4400-48p"}]},
 "login": {"user": "netops", "class": "super-user"},
 "configuration": ["<configuration>", "<system><host-name>NAME</host-name><frobnicate>x</frobnicate><services><netconf><ssh/></netconf></services>",
  "<login><user><name>ada</name><class>read-only</class></user></login></system>", "</configuration>"],
 "history": [{"at": "2026-01-01T00:00:00Z", "user": "ada", "client": "cli"}],
 "timings": {"replies": [{"operation": "get-software-information", "seconds": 7}]}, "unseen": ["the weather"]}`

// Twins have the names and groups of their originals, and say what they have not.
func TestTwinsOfAFolder(t *testing.T) {
	snapshots, state := t.TempDir(), t.TempDir()
	for _, name := range []string{"core", "edge"} {
		text := strings.ReplaceAll(snapshotOfTwo, "NAME", name)
		if err := os.WriteFile(filepath.Join(snapshots, name+".json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := start(t, "-twin", snapshots, "-state-dir", state, "-twin-keys-command", "/opt/keys", "-twin-keys-user", "kay", "-twin-commit", "41s")
	if len(d.Chassis) != 2 || d.Chassis[1].Name != "edge" || d.Chassis[0].Command != "/opt/keys" || d.Chassis[0].User != "kay" {
		t.Fatalf("%+v", d)
	}
	notes := strings.Join(d.Chassis[0].Twin.Notes, "\n")
	for _, want := range []string{"frobnicate", "the weather", `member 2 is "Vanished"`} {
		if !strings.Contains(notes, want) {
			t.Errorf("want %q in %s", want, notes)
		}
	}
	var names []string
	for _, u := range d.Chassis[0].Users {
		names = append(names, u.Name+" "+u.Class)
	}
	if want := []string{"root super-user", "ada read-only", "netops super-user"}; !slices.Equal(names, want) {
		t.Errorf("users: want %v, got %v", want, names)
	}
	out, err := do(t, "ctl", d.Control, "state", "core")
	if err != nil || !strings.Contains(out, `"primary": 1`) || !strings.Contains(out, "2026-01-01T00:00:00Z") {
		t.Errorf("%s, %v", out, err)
	}
	var hosts map[string]struct {
		Hosts map[string]map[string]any `json:"hosts"`
	}
	text, err := os.ReadFile(filepath.Join(state, "inventory.json"))
	if err == nil {
		err = json.Unmarshal(text, &hosts)
	}
	if core := hosts["site_a"].Hosts["core"]; err != nil || len(hosts) != 2 || core["ansible_user"] != "netops" || core["ansible_password"] != "Twin-lab-1" ||
		core["scp_config_sync_module_defaults"] == nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// What goes before everything else is where the twins are, and takes away what leads
// elsewhere. The modules refuse variables that begin with vchassis_ and are no option.
func TestOnlyTwinsLeadsToTwins(t *testing.T) {
	snapshots, state := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(snapshots, "core.json"), []byte(strings.ReplaceAll(snapshotOfTwo, "NAME", "core")), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "-twin", snapshots, "-state-dir", state)
	var variables map[string]any
	text, err := os.ReadFile(filepath.Join(state, "only_twins.json"))
	if err == nil {
		err = json.Unmarshal(text, &variables)
	}
	if err != nil || variables["ansible_host"] == nil {
		t.Fatalf("%v\n%s", err, text)
	}
	options, err := os.ReadFile("../../collection/plugins/module_utils/arguments.py")
	if err != nil {
		t.Fatal(err)
	}
	for name := range variables {
		if option, is := strings.CutPrefix(name, "vchassis_"); is && !strings.Contains(string(options), `"`+option+`": {`) {
			t.Errorf("%s is no option of the modules", name)
		}
	}
	twin := variables["rehearse_twins"].(map[string]any)["core"].(map[string]any)
	if at, _ := json.Marshal(twin["vchassis_only_at"]); string(at) != fmt.Sprintf(`["127.0.0.1:%v"]`, twin["ansible_port"]) {
		t.Errorf("it is at %s", at)
	}
	for _, name := range []string{"vchassis_host", "vchassis_port", "vchassis_proxy_jump", "ansible_ssh_common_args", "ansible_netconf_ssh_config"} {
		if twin[name] != "" || variables[name] == nil {
			t.Errorf("%s is left to lead elsewhere: %v, %v", name, twin[name], variables[name])
		}
	}
}

func TestTwinsThatCannotBe(t *testing.T) {
	if _, err := do(t, "-twin", "/does/not/exist"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}
