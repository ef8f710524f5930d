// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// Clients that were written for real switches and know nothing of this project.
// Each script does reads, a change with its diff, a trial and its confirmation,
// a rollback, and an error.
func TestPythonClients(t *testing.T) {
	if testing.Short() {
		t.Skip("starts clients in Python")
	}
	t.Parallel()
	python := os.Getenv("VCHASSIS_SIM_PYTHON")
	if python == "" {
		python = "python3"
	}
	for _, test := range []struct{ script, module string }{
		{"use_ncclient.py", "ncclient.manager"},
		{"use_pyez.py", "jnpr.junos"},
		{"use_pyez_modes.py", "jnpr.junos"},
		{"use_napalm.py", "napalm"},
	} {
		t.Run(test.script, func(t *testing.T) {
			if err := exec.Command(python, "-c", "import "+test.module).Run(); err != nil {
				t.Skipf("%s has no %s", python, test.module)
			}
			_, ch := oneChassis(t, "")
			_, port, _ := net.SplitHostPort(ch.Address())
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			out, err := exec.CommandContext(ctx, python, filepath.Join("testdata", "clients", test.script), port, "Admin-lab-1").CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), "ok") {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// PyEZ's console mode takes a shell, a command line and a session for those of a switch,
// logs in where root may not over SSH, and leaves the console as it was.
func TestPyEZOnAConsole(t *testing.T) {
	if testing.Short() {
		t.Skip("starts clients in Python")
	}
	t.Parallel()
	python := os.Getenv("VCHASSIS_SIM_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import jnpr.junos").Run(); err != nil {
		t.Skipf("%s has no jnpr.junos", python)
	}
	lab := startLab(t, "chassis: [{name: vc1, consoles: true, config_add: set system services ssh root-login deny}]")
	ch := lab.Chassis("vc1")
	// The second finds the console as the first has left it; that of a member leads to the primary, too.
	for _, who := range []struct {
		member         int
		user, password string
	}{{1, "root", rootPassword}, {0, "root", rootPassword}, {0, "admin", "Admin-lab-1"}} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		port := strconv.Itoa(lab.Addresses().Chassis[0].Members[who.member].Console)
		out, err := exec.CommandContext(ctx, python, filepath.Join("testdata", "clients", "use_pyez_console.py"), port, who.user, who.password).CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "ok") {
			t.Fatalf("%s: %v\n%s", who.user, err, out)
		}
		if left := ch.State(false).Sessions; len(left) > 0 {
			t.Errorf("still logged in: %+v", left)
		}
	}
}

// OpenSSH checks the host key against our known_hosts lines, logs in by key, and
// speaks to the subsystem.
func TestOpenSSH(t *testing.T) {
	if _, err := exec.LookPath("ssh"); err != nil {
		t.Skip("no ssh here")
	}
	dir := t.TempDir()
	key, public := writeKey(t, filepath.Join(dir, "key"))
	lab, err := Start(t.Context(), Scenario{Chassis: []ChassisSpec{{Users: []User{{Name: "root", Class: "super-user", SSHKeys: []string{public}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	ch := lab.Chassis("vc1")
	known := filepath.Join(dir, "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(ch.KnownHosts(), "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(ch.Address())
	cmd := exec.CommandContext(t.Context(), "ssh", "-F", "none", "-p", port, "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
		"-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile="+known, "-o", "GlobalKnownHostsFile=/dev/null", "-s", "root@"+host, "netconf")
	cmd.Stdin = strings.NewReader(`<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>
<rpc message-id="1"><get-virtual-chassis-information/></rpc>]]>]]>
<rpc message-id="2"><close-session/></rpc>]]>]]>`)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Master*") || !strings.Contains(string(out), "<!-- session end at") {
		t.Fatalf("%v\n%s", err, out)
	}
}

func writeKey(t *testing.T, file string) (name, public string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return file, string(ssh.MarshalAuthorizedKey(pub))
}
