// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sftpOf runs OpenSSH's sftp with a batch of commands, as somebody with a password.
func sftpOf(t *testing.T, ch *Chassis, user, password, batch string) (string, error) {
	t.Helper()
	for _, program := range []string{"sftp", "ssh"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	askpass := filepath.Join(t.TempDir(), "askpass")
	if err := os.WriteFile(askpass, []byte("#!/bin/sh\necho '"+password+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(ch.Address())
	command := exec.CommandContext(t.Context(), "sftp", "-F", "none", "-P", port, "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no",
		"-o", "PreferredAuthentications=password", "-o", "LogLevel=ERROR", user+"@"+host)
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), "SSH_ASKPASS="+askpass, "SSH_ASKPASS_REQUIRE=force")
	command.Stdin = strings.NewReader(batch)
	if err := os.WriteFile(filepath.Join(command.Dir, "note"), []byte(strings.Repeat("hello\n", 20_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command.CombinedOutput()
	if back, err := os.ReadFile(filepath.Join(command.Dir, "back")); err == nil && len(back) != 120_000 {
		t.Errorf("%d bytes came back", len(back))
	}
	return string(out), err
}

const sftpServer = "  config_add: set system services ssh sftp-server"

// SFTP is there where the configuration has it, for those who have a shell.
func TestSFTPIsServedWhereItIsConfigured(t *testing.T) {
	for _, test := range []struct {
		name, config, user, password string
		ok                           bool
	}{
		{"not configured", "", "admin", "Admin-lab-1", false},
		{"configured", sftpServer, "admin", "Admin-lab-1", true},
		{"root", sftpServer, "root", rootPassword, true},
		{"without a shell", sftpServer, "operator", "Operator-lab-1", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, test.config)
			out, err := sftpOf(t, ch, test.user, test.password, "put note /var/tmp/\nget /var/tmp/note back\nget /config/juniper.conf\nls -l /var/tmp\n")
			stored := strings.Contains(strings.Join(ch.Primary().FileNames(), " "), "/var/tmp/note")
			if (err == nil) != test.ok || stored != test.ok {
				t.Errorf("%v, stored %v\n%s", err, stored, out)
			}
			if test.ok && !strings.Contains(out, "120000 ") {
				t.Errorf("the folder is not listed:\n%s", out)
			}
		})
	}
}

// Files go where scp puts them, and nowhere else.
func TestSFTPWritesInTheUsualFolders(t *testing.T) {
	for batch, want := range map[string]string{
		"put note":                                          "[/var/home/admin/note]",
		"cd /tmp\nput note other\npwd":                      "[/tmp/other]",
		"put note /etc/note":                                "[]",
		"put note /var/tmp/x\nrm /var/tmp/x":                "[]",
		"put note /var/tmp/x\nmkdir /var/tmp/y":             "[/var/tmp/x]",
		"get /no/such/file":                                 "[]",
		"cd /no/such/folder":                                "[]",
		"put note /var/tmp/x\nrename /var/tmp/x /var/tmp/y": "[/var/tmp/x]",
	} {
		_, ch := oneChassis(t, sftpServer)
		out, _ := sftpOf(t, ch, "admin", "Admin-lab-1", batch+"\n")
		if got := "[" + strings.Join(ch.Primary().FileNames(), " ") + "]"; got != want {
			t.Errorf("%q: want %s, got %s\n%s", batch, want, got, out)
		}
	}
}
