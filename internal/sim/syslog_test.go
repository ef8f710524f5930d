// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// stamp is the time in a message, which a test cannot know.
var stamp = regexp.MustCompile(`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+Z`)

// TestSyslogHostIsTold: a host of system syslog hears of members and roles, at
// its severity, and says nothing when it is not there.
func TestSyslogHostIsTold(t *testing.T) {
	heard, port := listenUDP(t)
	_, ch := oneChassis(t, fmt.Sprintf(`
  config_add: |
    set system syslog host 127.0.0.1 any notice
    set system syslog host 127.0.0.1 port %d
    set system syslog host 127.0.0.2 any any
    set system syslog host 127.0.0.2 port 1
`, port))
	for _, step := range []func() error{func() error { return ch.Leave(2) }, func() error { return ch.Join(2) }, ch.Switchover, func() error { return ch.Leave(1) }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"<29>TIME vc1 vccpd[2010]: VCCPD_PROTOCOL_ADJDOWN: Lost adjacency to 0000.5e00.5302 on vcp-255/1/0, ",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc delete of member 2",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 0->0, Mode Master->Master, 0M 1B, Master Unchanged, Members Changed",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc add of member 2",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 0->0, Mode Master->Master, 0M 1B, Master Unchanged, Members Changed",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 1->1, Mode Backup->Master, 1M 0B, Master Changed, Members Unchanged",
		"<29>TIME vc1 vccpd[2010]: VCCPD_PROTOCOL_ADJDOWN: Lost adjacency to 0000.5e00.5301 on vcp-255/1/0, ",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc delete of member 1",
		"<29>TIME vc1 chassisd[2010]: CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 0->0, Mode Backup->Master, 0M, Master Changed, Members Changed",
	}
	if diff := cmp.Diff(want, heard(len(want))); diff != "" {
		t.Error(diff)
	}
}

func TestSyslogOverTCPStructured(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_ = listener.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second))
	_, ch := oneChassis(t, fmt.Sprintf(`
  config_add: |
    set system syslog host 127.0.0.1 daemon info
    set system syslog host 127.0.0.1 transport tcp
    set system syslog host 127.0.0.1 structured-data
    set system syslog host 127.0.0.1 port %d
`, listener.Addr().(*net.TCPAddr).Port))
	for _, step := range []func(int) error{ch.Leave, ch.Join} {
		if err := step(2); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	want := "<30>1 TIME vc1 vccpd 2010 VCCPD_PROTOCOL_ADJUP [junos@2636.1.1.1.2.0] New adjacency to 0000.5e00.5302 on vcp-255/1/0\n"
	if got := stamp.ReplaceAllString(line, "TIME"); got != want || err != nil {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// listenUDP returns what the next datagrams say, without their time.
func listenUDP(t *testing.T) (heard func(n int) []string, port int) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return func(n int) []string {
		var out []string
		buffer := make([]byte, 4096)
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		for range n {
			size, _, err := conn.ReadFrom(buffer)
			if err != nil {
				return append(out, err.Error())
			}
			out = append(out, strings.ToValidUTF8(stamp.ReplaceAllString(string(buffer[:size]), "TIME"), "?"))
		}
		return out
	}, conn.LocalAddr().(*net.UDPAddr).Port
}
