// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

const officeOfThree = `
chassis:
  - name: vc1
    release: 25.4R1.11
    members: [{id: 0, role: backup}, {id: 1, role: primary}, {id: 2, role: linecard}]
    config_add: |
      set groups campus system services netconf rfc-compliant
      set snmp community topsecret authorization read-only
      set interfaces ge-0/0/3 description "to the vault"
      set vlans payroll vlan-id 77
`

// What clients of others see of the twin is what they see of the original, but for times
// and for ports.
func TestClientsSeeNoDifference(t *testing.T) {
	python := os.Getenv("VCHASSIS_SIM_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import jnpr.junos, ncclient.manager").Run(); err != nil {
		t.Skipf("%s has no PyEZ or no ncclient", python)
	}
	p := newPair(t, officeOfThree, nil)
	var seen []string
	for lab, password := range map[*sim.Lab]string{p.original: "Admin-lab-1", p.twin: "Twin-lab-1"} {
		_, port, _ := net.SplitHostPort(lab.All()[0].Address())
		out, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "facts.py"), port, "admin", password).Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		seen = append(seen, sinceBoot.ReplaceAllString(string(out), "TIME"))
	}
	if seen[0] != seen[1] || len(seen[0]) < 1000 {
		t.Errorf("clients see two chassis:\n%s\n%s", seen[0], seen[1])
	}
}

var sinceBoot = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|\b\d\d:\d\d:\d\d\b|\d+ (?:days?|hours?|minutes?|seconds?)`)

// A thousand twins of ten members cost no more than a thousand chassis of a scenario.
func TestThousandTwins(t *testing.T) {
	if testing.Short() {
		t.Skip("starts 10,000 members")
	}
	p := newPair(t, "chassis: [{name: vc1, size: 10}]", nil)
	folder := thousandCopies(t, p.file)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	idle, began := runtime.NumGoroutine(), time.Now()
	twins, err := sim.ReadTwins(folder, sim.TwinOptions{})
	if err != nil {
		t.Fatal(err)
	}
	start(t, sim.Scenario{Chassis: twins})
	took, servers := time.Since(began), runtime.NumGoroutine()-idle
	runtime.GC()
	runtime.ReadMemStats(&after)
	objects := after.Mallocs - before.Mallocs
	t.Logf("started in %v, %d goroutines, %d objects, heap %d MB, from the system %d MB", took, servers, objects, after.HeapAlloc>>20, after.Sys>>20)
	if servers > 1100 || objects > 10_000*600 || after.Sys > 600<<20 {
		t.Error("want a goroutine a chassis, at most 600 objects a member, and under 600 MB")
	}
}

func thousandCopies(t *testing.T, file string) (folder string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var snapshot map[string]json.RawMessage
	if err := json.Unmarshal(text, &snapshot); err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	for n := range 1000 {
		snapshot["name"] = json.RawMessage(fmt.Sprintf(`"vc-%04d"`, n))
		copied, _ := json.Marshal(snapshot)
		copied = bytes.ReplaceAll(copied, []byte("<host-name>vc1<"), fmt.Appendf(nil, "<host-name>vc-%04d<", n))
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("vc-%04d.json", n)), copied, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
