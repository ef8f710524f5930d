// SPDX-License-Identifier: GPL-3.0-or-later

package vcprocedure_test

import (
	"encoding/json"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
	vcprocedure "github.com/vchassis/vchassis.junos/modules/vc_procedure"
)

// styles are the statements of system services netconf that change how its sessions
// speak.
var styles = []string{"rfc-compliant", "yang-compliant", "version-1.1"}

// The procedure runs from plaintext to SCP however sessions speak, over SSH, where a
// second run changes nothing, and on the terminal of root's shell.
func TestProcedureInEveryStyle(t *testing.T) {
	doors := []struct {
		door, rootLogin string
		changes         []bool // of each run
	}{{"login", "allow", []bool{true, false}}, {"shell", "deny", []bool{true}}} // dialogues take a second each
	for set := range 1 << len(styles) {
		for _, d := range doors {
			statements, name := "    set system services ssh root-login "+d.rootLogin+"\n", d.door
			for i, style := range styles {
				if set&(1<<i) != 0 {
					statements += "    set system services netconf " + style + "\n"
					name += " " + style
				}
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				ch := startLab(t, "chassis:\n- name: vc1\n  size: 2\n  config_add: |\n"+statements).Chassis("vc1")
				for _, changed := range d.changes {
					r, text := runOn(t, ch)
					if r.Failed || r.Changed != changed || r.Transport != "scp" || r.BecomeRoot != d.door {
						t.Fatalf("want changed %v over SCP, through the door %s; got %s", changed, d.door, text)
					}
					canary.Check(t, text)
				}
				if s := ch.State(false); s.Transport != "scp" || !s.KeyMesh || s.Trial != nil {
					t.Errorf("got %+v", s)
				}
			})
		}
	}
}

func startLab(t *testing.T, scenario string) *sim.Lab {
	t.Helper()
	s, err := sim.ParseScenario([]byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	lab, err := sim.Start(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	return lab
}

type answer struct {
	Failed, Changed bool
	Transport       string
	BecomeRoot      string `json:"become_root"`
}

// runOn runs the module on a chassis, as its admin who knows root's password.
func runOn(t *testing.T, ch *sim.Chassis) (answer, string) {
	t.Helper()
	host, port, err := net.SplitHostPort(ch.Address())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	known := filepath.Join(dir, "known_hosts")
	sshtest.Write(t, known, strings.Join(ch.KnownHosts(), "\n")+"\n")
	return runWith(t, dir, map[string]any{
		"host": host, "port": port, "username": "admin", "password": "Admin-lab-1", "root_password": "Root-lab-1", "known_hosts": []string{known},
	})
}

// runWith runs the module, and gives its result also as it was printed.
func runWith(t *testing.T, home string, options map[string]any) (r answer, text string) {
	t.Helper()
	options["use_agent"], options["command"], options["user"] = false, "/usr/libexec/example/internal-ssh-keys", "example"
	arguments, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	out, _ := vcprocedure.Module.Run(t.Context(), arguments, []string{"HOME=" + home})
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return r, string(out)
}
