// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// An Include line reads the files that OpenSSH reads, in its order: what an editor has left
// beside them leads to no other port, and a folder among them is nothing.
func TestIncludeReadsWhatOpenSSHReads(t *testing.T) {
	dir := t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	toDir, err := filepath.Rel(me.HomeDir, dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"d/sw.conf": "Port 2001", "d/.old.conf": "Port 2999\nHostKeyAlias old", "d/.sw.conf.swp": "b0VIM 8.2",
		"e/.git/one.conf": "Port 2998", "e/a/one.conf": "Port 2002",
		"f/a/x": "Port 2004", "f/a.b/x": "Port 2003", "g/a": "Port 2006", "g/b": "Port 2005", "h[1": "Port 2007", ".hidden/x": "Port 2008",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		sshtest.Write(t, filepath.Join(dir, name), text+"\n")
	}
	for pattern, want := range map[string]string{
		dir + "/d/*": "2001", dir + "/d/*.conf": "2001", dir + "/d/?old.conf": "22", dir + "/d/.*.conf": "2999", dir + "/e/*/one.conf": "2002",
		dir + "/e/a*": "22", dir + "/e": "22", dir + "/f/*/x": "2003", dir + "/g/[!a]": "2005", dir + "/g/[^a]": "2006", dir + "/h[1": "2007",
		dir + "//.hidden/x": "2008", dir + "/.hidden/*": "2008", dir + "/*/x": "22",
		"~" + me.Username + "/" + toDir + "/d/*": "2001",
	} {
		config := filepath.Join(dir, "config")
		sshtest.Write(t, config, "Include "+pattern+"\nPort 22\n")
		if got := portOf(t, config); got != want {
			t.Errorf("%s: want %s, got %s", pattern, want, got)
		}
		if sshtest.Path("ssh") == "" {
			continue
		}
		out, err := exec.Command("ssh", "-G", "-F", config, "sw1").Output()
		if err != nil || !strings.Contains(string(out), "\nport "+want+"\n") {
			t.Errorf("%s: OpenSSH says other than %s: %v", pattern, want, err)
		}
	}
	for pattern, want := range map[string]string{"${NAME}/x": "are not understood here; write the path", "%h.conf": "are not understood here; write the path", "~nobody-of-this-name/x": "nobody-of-this-name"} {
		config := filepath.Join(dir, "config")
		sshtest.Write(t, config, "Include "+pattern+"\nPort 22\n")
		if got := portOf(t, config); !strings.Contains(got, want) {
			t.Errorf("%s: want %q, got %s", pattern, want, got)
		}
	}
}

// portOf returns the port to which a configuration leads, or the error that it is.
func portOf(t *testing.T, config string) (port string) {
	t.Helper()
	c := sshconn.Config{Host: "sw1", User: "admin", Password: canary.Wrong, SSHConfig: config, ConnectTimeout: time.Second}
	c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
		_, port, _ = net.SplitHostPort(address)
		return nil, syscall.ENETUNREACH
	}
	if _, err := sshconn.Dial(t.Context(), c); port == "" {
		return err.Error()
	}
	return port
}
