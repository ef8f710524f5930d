// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/modules"
)

// traceOf runs a module on a simulated chassis, for its snapshot and its trace.
func traceOf(t *testing.T, module string, options map[string]any) (trace, snapshot string) {
	t.Helper()
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Size: 3, ConfigAdd: "set system services ssh root-login allow"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	host, port, _ := net.SplitHostPort(lab.All()[0].Address())
	dir := t.TempDir()
	known := filepath.Join(dir, "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(lab.Addresses().Chassis[0].KnownHosts, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(name string, options map[string]any) {
		for k, v := range map[string]any{"host": host, "port": port, "username": "root", "password": "Root-lab-1", "known_hosts": []string{known}, "use_agent": false} {
			options[k] = v
		}
		text, _ := json.Marshal(options)
		for _, m := range modules.Table() {
			if m.Name == name {
				if result, ok := m.Run(t.Context(), text, nil); !ok {
					t.Fatalf("%s", result)
				}
			}
		}
	}
	call("vc_snapshot", map[string]any{"dest": filepath.Join(dir, "snapshots")})
	options["trace"] = filepath.Join(dir, "traces")
	call(module, options)
	files, _ := filepath.Glob(filepath.Join(dir, "traces", "*.jsonl"))
	if len(files) != 1 {
		t.Fatalf("%v", files)
	}
	return files[0], filepath.Join(dir, "snapshots")
}

// The twin answers what its original was asked in the same shapes and words; a reply that
// differs is named.
func TestCompare(t *testing.T) {
	file, snapshot := traceOf(t, "vc_authorized_keys_command", map[string]any{"command": "/usr/libexec/example/internal-ssh-keys", "user": "example"})
	out, err := do(t, "compare", file, "-twin", snapshot)
	if err != nil || !strings.Contains(out, "replies compared, no difference") {
		t.Errorf("%s, %v", out, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.ReplaceAll(string(text), "member-mixed-mode>", "member-odd-mode>")
	if err := os.WriteFile(file, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = do(t, "compare", file, "-twin", snapshot)
	if err == nil || !strings.Contains(out, "get-virtual-chassis-information: ") || !strings.Contains(out, "member-odd-mode: missing") {
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
