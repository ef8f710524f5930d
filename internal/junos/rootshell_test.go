// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// session is what xml-mode runs: a hello, then the bytes of each request come back
// in the reply, so that nothing of the terminal can hide in them.
const session = `#!/bin/sh
printf '<!-- user root, class super-user -->\n<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
printf '<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>7</session-id></hello>\n]]>]]>\n'
VCHASSIS_XML_MODE=1 exec PROGRAM -test.run='^TestXMLModeProcess$'
`

// TestXMLModeProcess is no test: it is the rest of the session above, as a program.
func TestXMLModeProcess(*testing.T) {
	if os.Getenv("VCHASSIS_XML_MODE") == "" {
		return
	}
	var all strings.Builder
	for n := 0; ; {
		b := make([]byte, 1)
		if _, err := os.Stdin.Read(b); err != nil {
			os.Exit(0)
		}
		all.Write(b)
		if !strings.HasSuffix(all.String(), "]]>]]>") {
			continue
		}
		if n++; n > 1 {
			fmt.Printf("<rpc-reply message-id=\"%d\"><output>%d</output><ok/></rpc-reply>\n]]>]]>\n", n-1, all.Len())
		}
		if strings.Contains(all.String(), "close-session") {
			os.Exit(0)
		}
		all.Reset()
	}
}

// A real sshd, a real pseudo terminal and a real shell stand for the switch: its
// line discipline must not touch what the session sends.
func TestRootShellOnARealTerminal(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("root's shell needs root")
	}
	srv := sshtest.OpenSSH(t, sshtest.ForceCommandLine)
	key := sshtest.Keygen(t, filepath.Join(srv.Dir, "id"), "-t", "ed25519")
	srv.Authorize(t, key+".pub", "")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	srv.InstallCommandLine(t, canary.Password, map[string]string{"xml-mode": strings.ReplaceAll(session, "PROGRAM", program)})
	at := sshconn.Config{Host: srv.Host, Port: srv.Port, User: srv.User, PrivateKeyFile: key, KnownHosts: []string{srv.KnownHosts}, ConnectTimeout: 20 * time.Second}

	dev, err := OpenRootShell(t.Context(), at, canary.Password, Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, srv.Log())
	}
	if dev.User() != "root" {
		t.Errorf("the user is %q", dev.User())
	}
	// Longer than any line of a terminal, with the letters that one would eat.
	odd := newTextElement("command", strings.Repeat("x", 20_000)+" \\ ^ ~ # \u00fc \t "+strings.Repeat("y", 5000))
	reply, err := dev.callOne(context.WithoutCancel(t.Context()), odd, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := reply.Document()
	if err != nil {
		t.Fatal(err)
	}
	if got := contentAt(doc.Root(), "output"); got < "25000" || len(got) != 5 {
		t.Errorf("%s bytes arrived", got)
	}
	if err := dev.Close(); err != nil {
		t.Error(err)
	}
	if srv.LeftCommandLines() != 1 {
		t.Error("the command line was not left")
	}

	_, err = OpenRootShell(t.Context(), at, canary.Wrong, Options{})
	if err == nil || !strings.Contains(err.Error(), "su: Sorry") {
		t.Errorf("a wrong password: %v", err)
	}
	canary.Check(t, err, srv.Log())
}
