// SPDX-License-Identifier: GPL-3.0-or-later

package vcprocedure_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// relayScript runs the test below, which is a program there.
const relayScript = `#!/bin/sh
VCHASSIS_RELAY_USER=%s VCHASSIS_RELAY=%s exec %s -test.run='^TestRelayProcess$'
`

// TestRelayProcess is no test: it is NETCONF of the simulator on standard input and
// output, in a subsystem or a shell of the real sshd.
func TestRelayProcess(*testing.T) {
	socket := os.Getenv("VCHASSIS_RELAY")
	if socket == "" {
		return
	}
	conn, err := net.Dial("unix", socket)
	if err != nil {
		os.Exit(1)
	}
	_, _ = fmt.Fprintf(conn, "POST /chassis/vc1/netconf?user=%s HTTP/1.1\r\nHost: lab\r\nContent-Length: 0\r\n\r\n", os.Getenv("VCHASSIS_RELAY_USER"))
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		os.Exit(1)
	}
	go func() { // ends with the channel, and ends the session
		_, _ = io.Copy(conn, os.Stdin)
		_ = conn.(*net.UnixConn).CloseWrite()
	}()
	_, _ = io.Copy(os.Stdout, in)
	os.Exit(0)
}

// A real sshd stands for the switch, with a real terminal, its echo and a real shell
// of root's: the procedure goes through them from the login to the last commit. Its
// proofs are new logins of the usual user.
func TestProcedureBehindARealSSHD(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("root's shell needs root")
	}
	srv := sshtest.OpenSSH(t, sshtest.ForceCommandLine, "Subsystem netconf %DIR%/bin/netconf")
	key := sshtest.Keygen(t, filepath.Join(srv.Dir, "id"), "-t", "ed25519")
	srv.Authorize(t, key+".pub", "")
	ch := chassisBehind(t, srv)
	for _, want := range []struct {
		changed           bool
		terminals, logins int // of both runs together
	}{{true, 1, 4}, {false, 2, 6}} {
		r, text := runWith(t, srv.Dir, map[string]any{"host": srv.Host, "port": srv.Port, "username": srv.User,
			"private_key_file": key, "known_hosts": []string{srv.KnownHosts}, "root_password": canary.Password})
		if r.Failed || r.Changed != want.changed || r.Transport != "scp" || r.BecomeRoot != "shell" {
			t.Fatalf("want changed %v over SCP, through the shell; got %s\n%s", want.changed, text, srv.Log())
		}
		if left, logins := srv.LeftCommandLines(), srv.Connections(); left != want.terminals || logins != want.logins {
			t.Errorf("want %d terminals, all left, of %d logins, got %d of %d", want.terminals, want.logins, left, logins)
		}
		canary.Check(t, text, srv.Log())
	}
	left := ch.State(false)
	for end := time.Now().Add(10 * time.Second); len(left.Sessions) > 0 && time.Now().Before(end); left = ch.State(false) {
		time.Sleep(10 * time.Millisecond) // sshd ends them when the connection has ended
	}
	if !left.KeyMesh || left.Trial != nil || len(left.Sessions) > 0 {
		t.Errorf("got %+v", left)
	}
}

// Root's shell is what its owner has made of it: another one, its prompt, a greeting with
// the words of a refusal. Two tries of a login are enough.
func TestProcedureInRealShells(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("root's shell needs root")
	}
	const greeting = "echo 'All authentication failures are logged.'; "
	for _, row := range []struct{ name, program, script string }{
		{"bash", "bash", greeting + `PS1='\[\e[1;31m\][vrf:none] root@vc1\[\e[0m\]:\w# ' exec PROGRAM --norc -i`},
		{"csh", "csh", "exec PROGRAM -f"},
		{"tcsh", "tcsh", greeting + `echo 'set prompt = "{master:0} root@%m %T [%h] %# "' > "$HOME/.tcshrc"; exec PROGRAM`},
		{"ksh", "ksh", "PS1='root@vc1:~ # ' exec PROGRAM -i"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(row.program)
			if err != nil {
				t.Skipf("%s is not installed", row.program)
			}
			srv := sshtest.OpenSSH(t, sshtest.ForceCommandLine, "Subsystem netconf %DIR%/bin/netconf", "MaxAuthTries 2")
			key := sshtest.Keygen(t, filepath.Join(srv.Dir, "id"), "-t", "ed25519")
			srv.Authorize(t, key+".pub", "")
			chassisBehind(t, srv)
			srv.InstallProgram(t, "root-shell", "#!/bin/sh\nHOME="+t.TempDir()+"\nexport HOME\n"+strings.ReplaceAll(row.script, "PROGRAM", program)+"\n")
			r, text := runWith(t, srv.Dir, map[string]any{"host": srv.Host, "port": srv.Port, "username": srv.User,
				"private_key_file": key, "known_hosts": []string{srv.KnownHosts}, "root_password": canary.Password})
			if r.Failed || !r.Changed || r.Transport != "scp" || r.BecomeRoot != "shell" || srv.LeftCommandLines() != 1 {
				t.Errorf("want SCP through the shell, and to have left it; got %s\n%s", text, srv.Log())
			}
			canary.Check(t, text, srv.Log())
		})
	}
}

// chassisBehind is the chassis whose sessions the server has: of the usual login in its
// subsystem, and root's in the shell.
func chassisBehind(t *testing.T, srv *sshtest.Server) *sim.Chassis {
	t.Helper()
	lab := startLab(t, "chassis: [{name: vc1, size: 3, config_add: set system services ssh root-login deny}]")
	socket := filepath.Join(srv.Dir, "lab")
	if err := lab.ListenControl(socket); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	srv.InstallCommandLine(t, canary.Password, map[string]string{
		"netconf":  fmt.Sprintf(relayScript, "admin", socket, program),
		"xml-mode": fmt.Sprintf(relayScript, "root", socket, program),
	})
	return lab.Chassis("vc1")
}
