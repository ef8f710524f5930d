// SPDX-License-Identifier: GPL-3.0-or-later

package sshtest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Netconfd starts Debian's netconfd (yuma123) and returns the line that makes it
// the subsystem of an OpenSSH server. Protocols are "netconf1.0", "netconf1.1" or both,
// separated by a space.
// netconfd 2.13 may lose a chunked rpc that it reads together with the hello: it
// switches the framing when it handles the hello, after it has read both.
func Netconfd(t testing.TB, protocols string) string {
	t.Helper()
	Need(t, "netconfd", "netconf-subsystem")
	dir, err := os.MkdirTemp("", "nc") // short: a socket's path has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "ncx.sock")
	cmd := exec.Command(Path("netconfd"), "--protocols="+protocols, "--target=candidate", "--no-startup",
		"--access-control=off", "--ncxserver-sockname="+socket, "--log="+filepath.Join(dir, "log"))
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	waitFor(t, ended, filepath.Join(dir, "log"), func() bool {
		c, err := net.Dial("unix", socket)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	// netconfd serves connections to port 830 only, and believes what it is told.
	script := filepath.Join(dir, "subsystem")
	Write(t, script, "#!/bin/sh\nSSH_CONNECTION='127.0.0.1 1 127.0.0.1 830' exec "+
		Path("netconf-subsystem")+" --ncxserver-sockname=830@"+socket+"\n")
	return "Subsystem netconf /bin/sh " + script
}

// waitFor waits until netconfd has come so far.
func waitFor(t testing.TB, ended <-chan struct{}, log string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); !done(); {
		select {
		case <-ended:
			b, _ := os.ReadFile(log)
			t.Fatalf("netconfd ended:\n%s", b)
		case <-deadline:
			t.Fatal("netconfd does not come up")
		case <-tick.C:
		}
	}
}
