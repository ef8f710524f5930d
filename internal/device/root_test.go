// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

const rootPassword = "Root-lab-1"

// Each setting of root-login, with each state of root's keys, and each thing that
// somebody may have to become root with: auto takes the door that works and is refused
// nowhere on its way, or says why there is none. "!" is a refusal by the switch, where
// only the switch could know.
func TestAutoOpensTheDoorThatWorks(t *testing.T) {
	d := newDoor(t)
	means := map[string]Root{
		"password": {RootPassword: rootPassword},
		"key":      {RootPrivateKeyFile: d.keys["good"]},
		"both":     {RootPassword: rootPassword, RootPrivateKeyFile: d.keys["good"]},
	}
	for _, row := range []struct{ rootLogin, keys, password, key, both string }{
		{"allow", "ours", "login", "login", "login"},
		{"allow", "another", "login", "!", "login"},
		{"allow", "none", "login", "no key", "login"},
		{"deny-password", "ours", "shell", "login", "login"},
		{"deny-password", "another", "shell", "!", "!shell"},
		{"deny-password", "none", "shell", "no key", "shell"},
		{"deny", "ours", "shell", "denied", "shell"},
		{"deny", "another", "shell", "denied", "shell"},
		{"deny", "none", "shell", "denied", "shell"},
		{"", "ours", "shell", "login", "login"},
		{"", "another", "shell", "!", "!shell"},
		{"", "none", "shell", "no key", "shell"},
	} {
		for name, want := range map[string]string{"password": row.password, "key": row.key, "both": row.both} {
			t.Run(fmt.Sprintf("root-login %q, %s keys, %s given", row.rootLogin, row.keys, name), func(t *testing.T) {
				t.Parallel()
				if got := becomeRootAt(t, startRootLab(t, d, row.rootLogin, row.keys), means[name]); got != want {
					t.Errorf("want %q, got %q", want, got)
				}
			})
		}
	}
}

// A password that the switch has refused at one door is not tried at the other, whichever
// is the first: three wrong ones lock an account.
func TestAPasswordIsTriedAtOneDoor(t *testing.T) {
	d := newDoor(t)
	sent := regexp.MustCompile(`tried [^;]*password|it was sent once`)
	both := Root{RootPassword: canary.Wrong, RootPrivateKeyFile: d.keys["good"], BecomeRoot: vc.DoorAuto}
	for _, rootLogin := range []string{"allow", "deny-password", "deny", ""} {
		lab := startRootLab(t, d, rootLogin, "another")
		known := filepath.Join(t.TempDir(), "known_hosts")
		write(t, known, strings.Join(lab.All()[0].KnownHosts(), "\n")+"\n")
		s, err := beginAsRoot(t, lab.All()[0].Address(), known, both)
		if s != nil {
			s.Close()
		}
		if all := sent.FindAllString(fmt.Sprint(err), -1); len(all) != 1 {
			t.Errorf("root-login %q: want it sent at one door, got %q of %v", rootLogin, all, err)
		}
	}
}

func startRootLab(t *testing.T, d *door, rootLogin, keys string) *sim.Lab {
	t.Helper()
	spec := sim.ChassisSpec{Users: []sim.User{{Name: "root", Class: "super-user", Password: rootPassword}, {Name: "admin", Class: "super-user", Password: goodPassword}}, Profile: sim.Profile{RateLimit: -1}}
	switch keys {
	case "ours":
		spec.Users[0].SSHKeys = []string{d.public}
	case "another":
		spec.Users[0].SSHKeys = []string{d.another}
	}
	if rootLogin != "" {
		spec.ConfigAdd = "set system services ssh root-login " + rootLogin
	}
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{spec}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	return lab
}

// becomeRootAt returns the door that was taken, or why there was none; "!" before it is
// a refused login.
func becomeRootAt(t *testing.T, lab *sim.Lab, root Root) string {
	t.Helper()
	ch := lab.All()[0]
	known := t.TempDir() + "/known_hosts"
	write(t, known, strings.Join(ch.KnownHosts(), "\n")+"\n")
	root.BecomeRoot = vc.DoorAuto
	s, err := beginAsRoot(t, ch.Address(), known, root)
	got := ""
	if lab.Counters(ch.Name).LoginsFailed > 0 {
		got = "!"
	}
	if s != nil {
		defer s.Close()
	}
	switch text := fmt.Sprint(err); {
	case err == nil:
		return got + string(s.Door)
	case strings.Contains(text, "root may not log in over SSH with a key: ") && strings.Contains(text, "no SSH key in the configuration"):
		return got + "no key"
	case strings.Contains(text, "root may not log in over SSH: system services ssh root-login deny"):
		return got + "denied"
	case strings.Contains(text, "was refused"):
		return "!"
	default:
		return text
	}
}

func beginAsRoot(t *testing.T, address, known string, root Root) (*Session, error) {
	t.Helper()
	host, port, _ := net.SplitHostPort(address)
	conn := Connection{Host: host, Username: "admin", Password: secret.String(goodPassword), KnownHosts: []string{known}, HostKey: "strict", ConnectTimeout: 10, RPCTimeout: 10}
	if _, err := fmt.Sscan(port, &conn.Port); err != nil {
		t.Fatal(err)
	}
	return BeginAsRoot(t.Context(), ansible.Task{Check: true}, conn, ChassisFIPS{}, root)
}
