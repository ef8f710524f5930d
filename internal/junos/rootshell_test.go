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

// commandLine is a switch's CLI as far as the dialogue needs it. The terminal below
// it is the system's own: its echo, its line ends, and stty.
const commandLine = `#!/bin/sh
PATH=DIR/bin:$PATH
stty echo
printf 'Everything is logged.\nPassword:\n'
while printf '\n{master:0}\nadmin@vc1> ' && read -r line; do
  case $line in
  "start shell user root")
    stty -echo; printf 'Password:'; read -r word; stty echo; printf '\n'
    if [ "$word" = "SECRET" ]; then PS1='root@vc1:RE:0% ' sh -i 2>&1; else echo 'su: Sorry'; fi;;
  "set cli"*) echo 'Screen width set to 511';;
  exit) echo left >> DIR/left; exit 0;;
  *) echo 'unknown command.';;
  esac
done
`

// session is what xml-mode runs: a hello, then the bytes of each request come back
// in the reply, so that nothing of the terminal can hide in them.
const session = `#!/bin/sh
printf '<!-- user root, class super-user -->\n<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
printf '<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>7</session-id></hello>\n]]>]]>\n'
exec PROGRAM -test.run='^TestXMLModeProcess$'
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
	srv := sshtest.OpenSSH(t, "ForceCommand VCHASSIS_XML_MODE=1 %DIR%/cli", "PermitTTY yes")
	key := sshtest.Keygen(t, filepath.Join(srv.Dir, "id"), "-t", "ed25519")
	srv.Authorize(t, key+".pub", "")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.NewReplacer("DIR", srv.Dir, "SECRET", canary.Password, "PROGRAM", program)
	install(t, filepath.Join(srv.Dir, "cli"), words.Replace(commandLine))
	install(t, filepath.Join(srv.Dir, "bin", "xml-mode"), words.Replace(session))
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
	if _, err := os.Stat(filepath.Join(srv.Dir, "left")); err != nil {
		t.Errorf("nobody logged out of the command line: %v", err)
	}

	_, err = OpenRootShell(t.Context(), at, canary.Wrong, Options{})
	if err == nil || !strings.Contains(err.Error(), "su: Sorry") {
		t.Errorf("a wrong password: %v", err)
	}
	canary.Check(t, err, srv.Log())
}

func install(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
}
