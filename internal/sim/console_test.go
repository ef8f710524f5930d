// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// typist sits at a console.
type typist struct {
	t    *testing.T
	conn net.Conn
}

func sitAt(t *testing.T, address string) typist {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return typist{t, conn}
}

// typeLine types a line and waits until the console shows a text.
func (p typist) typeLine(line, until string) {
	p.t.Helper()
	_, _ = io.WriteString(p.conn, line+"\n")
	_ = p.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var seen strings.Builder
	for !strings.HasSuffix(seen.String(), until) {
		var one [1]byte
		if _, err := p.conn.Read(one[:]); err != nil {
			p.t.Fatalf("after %q: want %q, got %q: %v", line, until, seen.String(), err)
		}
		seen.Write(one[:])
	}
}

// Root logs in on a console whatever sshd lets in. What runs there does not notice
// that a terminal server has lost its client, and two clients do not share a line.
func TestConsole(t *testing.T) {
	lab := startLab(t, "chassis: [{name: vc1, consoles: true, config_add: set system services ssh root-login deny}]")
	address, err := lab.Chassis("vc1").Primary().Console()
	if err != nil {
		t.Fatal(err)
	}
	first := sitAt(t, address)
	first.typeLine("", "login: ")
	first.typeLine("root", "Password:")
	first.typeLine("wrong", "Login incorrect\r\n\r\nvc1 (ttyu0)\r\n\r\nlogin: ")
	first.typeLine("root", "Password:")
	first.typeLine(rootPassword, "root@vc1:RE:0% ")
	first.typeLine("xml-mode netconf need-trailer", "]]>]]>")
	first.typeLine("<rpc><close-session/></rpc>]]>]]>", "root@vc1:RE:0% ")
	first.typeLine("cli", "root@vc1> ")
	if text, _ := io.ReadAll(sitAt(t, address).conn); !strings.Contains(string(text), "in use") {
		t.Errorf("a second client gets %q", text)
	}
	_ = first.conn.Close()
	var second typist
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) { // the line has to notice
		second = sitAt(t, address)
		_ = second.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, err := second.conn.Read(make([]byte, 1)); n == 0 && !strings.Contains(err.Error(), "EOF") {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the port stays in use")
		}
	}
	second.typeLine("", "root@vc1> ")
	second.typeLine("exit", "root@vc1:RE:0% ")
	second.typeLine("exit", "login: ")
	if left := lab.Chassis("vc1").State(false).Sessions; len(left) > 0 {
		t.Errorf("still logged in: %+v", left)
	}
}

// The console of a member leads to the primary, whichever that is, and to the member itself
// when it stands alone.
func TestConsoleOfAMemberLeadsToThePrimary(t *testing.T) {
	lab := startLab(t, "chassis: [{name: vc1, size: 3, consoles: true}]")
	ch := lab.Chassis("vc1")
	address, err := ch.Member(2).Console()
	if err != nil {
		t.Fatal(err)
	}
	seat := sitAt(t, address)
	memberOf := func(banner string) {
		seat.typeLine("", "login: ")
		seat.typeLine("admin", "Password:")
		seat.typeLine("Admin-lab-1", banner)
		seat.typeLine("exit", "login: ")
	}
	memberOf("{master:0}")
	if err := ch.Switchover(); err != nil {
		t.Fatal(err)
	}
	memberOf("{master:1}")
}
