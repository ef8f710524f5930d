// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// playbookProgram is an ansible-playbook for tests: a script of the shell.
func playbookProgram(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ansible-playbook")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// What Ansible gets leads to the chassis, and nothing else does; the folder goes with the
// demonstration, also when Ansible fails.
func TestDemoStartsAnsibleAndLeavesNothing(t *testing.T) {
	t.Setenv("VCHASSIS_PASSWORD", "canary")
	t.Setenv("TMPDIR", t.TempDir())
	out, err := do(t, "demo", "-ansible-playbook", playbookProgram(t, `cat "$2"; test -s "$VCHASSIS_KNOWN_HOSTS" && echo "known; $3 $4 $5; ${VCHASSIS_PASSWORD:-none}"; exit 3`))
	if err == nil || !strings.Contains(err.Error(), "exit status 3; if it does not know vchassis.junos.scp_config_sync, install the collection") {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"1/3  The plan", `"campus-core"`, `"ansible_port"`, "known; vchassis.junos.scp_config_sync --check --diff; none"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A run that does nothing is not called a success.
func TestDemoBelievesTheChassis(t *testing.T) {
	out, err := do(t, "demo", "-ansible-playbook", playbookProgram(t, "exit 0"))
	if err == nil || !strings.Contains(err.Error(), "2/3  The run, from RCP (plaintext) to SCP: it did not do the procedure") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out, "Seen by the chassis: logins 0, reads 0, locks 0, commits 0.") || strings.Contains(out, "3/3") {
		t.Error(out)
	}
}

func TestDemoWithoutAnsible(t *testing.T) {
	if _, err := do(t, "demo", "-ansible-playbook", "/missing"); err == nil || !strings.Contains(err.Error(), "install ansible-core and the collection vchassis.junos") {
		t.Errorf("got %v", err)
	}
	if _, err := do(t, "demo", "now"); err == nil || !strings.Contains(err.Error(), "usage: vchassis-sim demo") {
		t.Errorf("got %v", err)
	}
}
