// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/crypto/ssh"
)

var update = flag.Bool("update", false, "rewrite the wanted transcripts")

// terminalOn logs in and types everything at once; what came back until the
// session's end is returned, and the exit status. Without rows there is no
// terminal.
func terminalOn(t *testing.T, addr, user, password, command, input string, rows int) (string, int) {
	t.Helper()
	conn, err := ssh.Dial("tcp", addr, &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if rows > 0 {
		if err := s.RequestPty("vt100", rows, 80, nil); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	s.Stdin, s.Stdout = strings.NewReader(input), &out
	if command == "" {
		if err = s.Shell(); err == nil {
			err = s.Wait()
		}
	} else {
		err = s.Run(command)
	}
	status := 0
	if exit, ok := err.(*ssh.ExitError); ok {
		status = exit.ExitStatus()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), status
}

// masked replaces what is different every time.
func masked(text string) string {
	for _, m := range []struct{ find, mask string }{
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`, "DATE"},
		{`-seconds="\d+"`, `-seconds="N"`},
		{`-seconds" : "\d+"`, `-seconds" : "N"`},
		{"\x08 \x08", "<BS>"},
		{`\(pid \d+\)`, "(pid PID)"},
		{`(up |idle |\()\d\d:\d\d:\d\d`, "${1}TIME"},
		{`( \d|\d\d|\b\d):\d\d[AP]M`, "CLOCK"}, // an hour of one digit stands behind a blank, or begins the line
		{`\r`, ""},
	} {
		text = regexp.MustCompile(m.find).ReplaceAllString(text, m.mask)
	}
	return text
}

// keys turns the readable names of control characters into what a keyboard sends.
func keys(text string) string {
	return strings.NewReplacer("^C", "\x03", "^D\n", "\x04", "^U", "\x15", "^W", "\x17", "<BS>", "\x7f", "<TAB>", "\t", "<UP>", "\x1b[A", "<SPACE>\n", " ", "\n", "\r").Replace(text)
}

// Every transcript is what a person at a terminal types (in) and sees (out).
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/cli/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runTranscript(t, name) })
	}
}

func runTranscript(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	part := func(name string) string {
		for _, f := range archive.Files {
			if f.Name == name {
				return string(f.Data)
			}
		}
		return ""
	}
	lab := startLab(t, "chassis:\n- name: vc1\n  size: 2\n"+part("chassis"))
	user := strings.TrimSpace(part("user"))
	password := strings.ToUpper(user[:1]) + user[1:] + "-lab-1"
	got, _ := terminalOn(t, lab.Chassis("vc1").Address(), user, password, "", keys(part("in")), 500)
	got = masked(got)
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if got == part("out") {
		return
	}
	if !*update {
		t.Fatalf("got\n%s", got)
	}
	for i := range archive.Files {
		if archive.Files[i].Name == "out" {
			archive.Files[i].Data = []byte(got)
		}
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestExecRequests(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2}]`)
	addr := lab.Chassis("vc1").Address()
	for _, test := range []struct {
		user, password, command string
		want                    string
		status                  int
	}{
		{"admin", "Admin-lab-1", "show version | match Junos: | count", "Count: 2 lines\n", 0},
		{"admin", "Admin-lab-1", "show foo", "error: syntax error, expecting <command>: foo\n", 1},
		{"admin", "Admin-lab-1", "foo", "error: unknown command: foo\n", 1},
		{"admin", "Admin-lab-1", "show configuration vlans | display set; show configuration vlans | display set relative",
			"set vlans default vlan-id 1\nset default vlan-id 1\n", 0},
		{"root", rootPassword, `cli -c "show configuration vlans"`, "default {\n    vlan-id 1;\n}\n", 0},
		{"root", rootPassword, `cli -c 'show version | match "Junos:|nothing" | last 1'`, "Junos: 25.2R1.9\n", 0},
		{"root", rootPassword, `cli -c "configure; set vlans v5 vlan-id 5; show | compare; rollback 0; exit"`,
			"Entering configuration mode\n[edit vlans]\n+   v5 {\n+       vlan-id 5;\n+   }\nload complete\nExiting configuration mode\n", 0},
		{"root", rootPassword, "hostname; whoami", "vc1\nroot\n", 0},
		{"root", rootPassword, "show version", "show: Command not found.\n", 1},
		{"root", rootPassword, `cli -c "request chassis internal-ssh prepare-setup"`, "Internal SSH setup completed\n", 0},
		{"admin", "Admin-lab-1", "request chassis internal-ssh prepare-setup", "error: permission denied: internal-ssh\n", 1},
		{"viewer", "Viewer-lab-1", "show configuration", "error: permission denied: configuration\n", 1},
		{"viewer", "Viewer-lab-1", "configure", "error: unknown command: configure\n", 1},
		{"operator", "Operator-lab-1", "request virtual-chassis routing-engine master switch no-confirm", "error: permission denied: switch\n", 1},
	} {
		t.Run(test.user+" "+test.command, func(t *testing.T) {
			got, status := terminalOn(t, addr, test.user, test.password, test.command, "", 0)
			if got != test.want || status != test.status {
				t.Fatalf("want %q, status %d\ngot  %q, status %d", test.want, test.status, got, status)
			}
		})
	}
}

// What a pager does is seen by people only: no terminal, no pages.
func TestPagesNeedATerminalWithRows(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2}]`)
	addr := lab.Chassis("vc1").Address()
	paged, _ := terminalOn(t, addr, "admin", "Admin-lab-1", "", "show version\r qset cli screen-length 0\rshow version\r", 10)
	if strings.Count(paged, "---(more)---") != 2 || !strings.Contains(paged, "Screen length set to 0") {
		t.Errorf("a screen of ten lines:\n%s", paged)
	}
	plain, _ := terminalOn(t, addr, "admin", "Admin-lab-1", "", "show version\nshow version | display set\n", 0)
	if strings.Contains(plain, "more") || strings.Contains(plain, "\r") || strings.Count(plain, "Junos: 25.2R1.9") != 4 {
		t.Errorf("no terminal:\n%s", plain)
	}
}

func TestSwitchoverFromTheCommandLineMovesThePrompt(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2, profile: {switchover_sessions: kept}}]`)
	ch := lab.Chassis("vc1")
	got, _ := terminalOn(t, ch.Address(), "root", rootPassword, "", "cli\rrequest virtual-chassis routing-engine master switch\ryes\r", 24)
	if !strings.Contains(got, "Do you want to continue ? [yes,no] (no) yes") || !strings.Contains(got, "The other routing engine becomes the master.") {
		t.Fatalf("got %s", got)
	}
	if got, _ := terminalOn(t, ch.Address(), "admin", "Admin-lab-1", "", "", 24); !strings.Contains(got, "{master:1}") {
		t.Fatalf("the chassis address leads elsewhere:\n%s", got)
	}
}

func TestSomebodyElsesLockIsSeenAtTheCommandLine(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2}]`)
	ch := lab.Chassis("vc1")
	other := ch.Colleague("root", "cli")
	defer other.Close()
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	got, _ := terminalOn(t, ch.Address(), "admin", "Admin-lab-1", "", "configure\nset vlans x vlan-id 9\nexit\nconfigure exclusive\n", 0)
	for _, want := range []string{
		"Users currently editing the configuration:\n  root terminal pts/1 (pid ",
		"error: configuration database locked by:\n  root terminal pts/1 (pid ",
		"      exclusive\n",
	} {
		if strings.Count(got, want) == 0 {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if strings.Count(got, "error: configuration database locked by") != 2 {
		t.Errorf("both attempts are refused:\n%s", got)
	}
}

// A client that goes away while the switch hangs leaves nothing behind: neither
// its lock nor its session.
func TestAConnectionThatIsLostAtTheCommandLineGivesEverythingBack(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2, profile: {prepare_setup: hang}}]`)
	ch := lab.Chassis("vc1")
	conn, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.Password(rootPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	hung := make(chan bool, 1)
	lab.Hook(func(e Event) Fault {
		if e.RPC == "command" && e.When == Before {
			hung <- true
		}
		return Fault{}
	})
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(`cli -c "configure exclusive; run request chassis internal-ssh prepare-setup"`); err != nil {
		t.Fatal(err)
	}
	<-hung
	session := ch.LoggedIn()[0]
	conn.Close()
	select {
	case <-session.Done():
		session.End() // returns when the first end is over
	case <-time.After(10 * time.Second):
		t.Fatal("the session is still there")
	}
	c := login(t, ch.Address(), "admin", "Admin-lab-1")
	c.want(`<get-configuration-database-status/>`, "!exclusive")
}

// A <command> says the same as the command line, in the form that is asked for.
func TestCommandOverNETCONF(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 2}]`)
	c := login(t, lab.Chassis("vc1").Address(), "admin", "Admin-lab-1")
	c.want(`<command>show version</command>`, "<software-information>", "<re-name>fpc1</re-name>")
	c.want(`<command format="text">show version</command>`, "<output>", "fpc1:\n----", "Junos: 25.2R1.9")
	c.want(`<command format="json">show virtual-chassis</command>`, "member-role\" : [", "\"Master*\"")
	c.want(`<command format="text">show configuration vlans</command>`, "<configuration-output>", "default {\n    vlan-id 1;")
	c.want(`<command>show configuration vlans</command>`, "<configuration xmlns=", "<name>default</name>")
	c.want(`<command>sh ver| display xml rpc</command>`, "<rpc>", "<get-software-information/>")
	c.want(`<command>show version | display xml rpc</command>`, "<rpc>", "<get-software-information/>", "!junos-version")
	c.want(`<command>show version | match Junos:</command>`, "<output>", "Junos: 25.2R1.9", "!Hostname")
	c.want(`<command>show nothing</command>`, "syntax error", "<bad-element>nothing</bad-element>")
	c.want(`<command>configure</command>`, "syntax error", "<bad-element>configure</bad-element>")
	c.want(`<command>request chassis internal-ssh prepare-setup</command>`, "permission denied")
}
