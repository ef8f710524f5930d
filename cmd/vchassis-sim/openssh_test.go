// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The third front: a chassis behind a real sshd, as its netconf subsystem.
func TestSubsystemOfOpenSSH(t *testing.T) {
	const sshd = "/usr/sbin/sshd"
	for _, program := range []string{sshd, "ssh", "ssh-keygen", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s here", program)
		}
	}
	me, err := user.Current()
	if err != nil || me.Uid != "0" {
		t.Skip("sshd wants to be root here")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "vchassis-sim")
	execute(t, "go", "build", "-o", program, ".")
	host, key := filepath.Join(dir, "host"), filepath.Join(dir, "key")
	execute(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host)
	execute(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Skip(err)
	}
	d := start(t, "-state-dir", dir)
	port := freePort(t)
	config := filepath.Join(dir, "sshd_config")
	text := fmt.Sprintf("ListenAddress 127.0.0.1:%d\nHostKey %s\nAuthorizedKeysFile %s.pub\nStrictModes no\nPermitRootLogin yes\nPidFile none\n"+
		"Subsystem netconf %s netconf %s vc1 admin\n", port, host, key, program, d.Control)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), sshd, "-D", "-e", "-f", config)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}()
	listening(t, port)
	client := exec.CommandContext(t.Context(), "ssh", "-F", "none", "-p", fmt.Sprint(port), "-i", key, "-o", "IdentitiesOnly=yes",
		"-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-s", me.Username+"@127.0.0.1", "netconf")
	client.Stdin = strings.NewReader(`<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>` +
		`<rpc message-id="1"><get-system-information/></rpc>]]>]]><rpc message-id="2"><close-session/></rpc>]]>]]>`)
	out, err := client.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "<host-name>vc1</host-name>") || !strings.Contains(string(out), "user admin, class super-user") {
		t.Fatalf("%v\n%s", err, out)
	}
}

func execute(t *testing.T, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func listening(t *testing.T, port int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatal("sshd does not listen")
}
