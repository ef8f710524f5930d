// SPDX-License-Identifier: GPL-3.0-or-later

package sshtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ForceCommandLine lets a server give every user what InstallCommandLine has installed.
const ForceCommandLine = "ForceCommand %DIR%/cli\nPermitTTY yes"

// commandLine is a switch's CLI as far as a dialogue needs it. The terminal below it is
// the system's own: its echo, its line ends, and stty. A user who asks for a subsystem
// gets that.
const commandLine = `#!/bin/sh
PATH=DIR/bin:$PATH
[ -z "$SSH_ORIGINAL_COMMAND" ] || exec $SSH_ORIGINAL_COMMAND
stty echo
printf 'Everything is logged.\nPassword:\n'
while printf '\n{master:0}\nadmin@vc1> ' && read -r line; do
  case $line in
  "start shell user root")
    stty -echo; printf 'Password:'; read -r word; stty echo; printf '\n'
    if [ "$word" = "SECRET" ]; then root-shell 2>&1; else echo 'su: Sorry'; fi;;
  "set cli"*) echo 'Screen width set to 511';;
  exit) echo left >> DIR/left; exit 0;;
  *) echo 'unknown command.';;
  esac
done
`

// rootShell is what "start shell user root" opens, unless a test installs another.
const rootShell = "#!/bin/sh\nPS1='root@vc1:RE:0% ' exec sh -i\n"

// InstallCommandLine makes the users of a server with ForceCommandLine those of a
// switch: a CLI, whose "start shell user root" takes the password and has a real shell
// behind it. Programs are scripts that are found there, by their names: xml-mode starts
// the session.
func (s *Server) InstallCommandLine(t testing.TB, password string, programs map[string]string) {
	t.Helper()
	words := strings.NewReplacer("DIR", s.Dir, "SECRET", password)
	install(t, filepath.Join(s.Dir, "cli"), words.Replace(commandLine))
	s.InstallProgram(t, "root-shell", rootShell)
	for name, text := range programs {
		s.InstallProgram(t, name, text)
	}
}

// InstallProgram puts a script where the command line and its shells find it.
func (s *Server) InstallProgram(t testing.TB, name, text string) {
	t.Helper()
	install(t, filepath.Join(s.Dir, "bin", name), text)
}

// LeftCommandLines returns how many of the command lines were left with exit.
func (s *Server) LeftCommandLines() int {
	b, _ := os.ReadFile(filepath.Join(s.Dir, "left")) // not there: none
	return strings.Count(string(b), "left")
}

func install(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
}
