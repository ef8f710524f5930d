// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"os"
	"testing"

	"golang.org/x/crypto/ssh"
)

// The keys of root are those of the configuration, as on a switch: whoever deletes one, or
// switches keys off, shuts the door.
func TestKeysOfRootAreInTheConfiguration(t *testing.T) {
	file, public := writeKey(t, t.TempDir()+"/key")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, config string
		keys         []string
		want         bool
	}{
		{"as the scenario has it", "", []string{public}, true},
		{"in a group", "set groups x system root-authentication ssh-ed25519 \"" + public[:len(public)-1] + "\"\nset apply-groups x", nil, true},
		{"none", "", nil, false},
		{"deleted", "delete system root-authentication ssh-ed25519 \"" + public[:len(public)-1] + "\"", []string{public}, false},
		{"deactivated", "deactivate system root-authentication ssh-ed25519 \"" + public[:len(public)-1] + "\"", []string{public}, false},
		{"switched off for root", "set system root-authentication no-public-keys", []string{public}, false},
		{"switched off for all", "set system services ssh no-public-keys", []string{public}, false},
		{"denied", "set system services ssh root-login deny", []string{public}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			lab, err := Start(t.Context(), Scenario{Chassis: []ChassisSpec{{ConfigAdd: row.config, Users: []User{{Name: "root", Class: "super-user", SSHKeys: row.keys}}}}})
			if err != nil {
				t.Fatal(err)
			}
			defer lab.Close()
			c, err := ssh.Dial("tcp", lab.All()[0].Address(), &ssh.ClientConfig{User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()}) //nolint:gosec // a laboratory
			if err == nil {
				_ = c.Close()
			}
			if (err == nil) != row.want {
				t.Errorf("want a login %v, got %v", row.want, err)
			}
		})
	}
}
