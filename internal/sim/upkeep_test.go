// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// What people do to members around the procedure.
func TestMembersAreRecycledReactivatedAndRebooted(t *testing.T) {
	lab, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-virtual-chassis-port-information/>`, "<re-name>fpc0</re-name>", "<neighbor-id>1</neighbor-id>", "<neighbor-id>2</neighbor-id>")
	c.want(`<request-virtual-chassis-recycle><member-id>2</member-id></request-virtual-chassis-recycle>`, "is present", "!<ok/>")
	c.want(`<request-virtual-chassis-reactivate/>`, "is not inactive", "!<ok/>")
	if err := ch.Leave(2); err != nil {
		t.Fatal(err)
	}
	c.want(statusOp, "<member-status>NotPrsnt</member-status>")
	c.want(`<request-virtual-chassis-recycle><member-id>2</member-id></request-virtual-chassis-recycle>`, "<ok/>")
	c.want(statusOp, "!<member-id>2</member-id>")
	if err := ch.Join(2); err != nil {
		t.Fatal(err)
	}
	c.want(statusOp, "<member-id>2</member-id>", "!NotPrsnt")
	c.want(`<request-reboot><member>1</member></request-reboot>`, "<request-reboot-status reboot-time=", "Shutdown NOW!")
	lab.Clock().Advance(time.Second)
	c.want(statusOp, "<member-status>NotPrsnt</member-status>")
	lab.Clock().Advance(3 * time.Minute)
	c.want(statusOp, "!NotPrsnt")
	c.want(`<get-log><filename>messages</filename></get-log>`, "chassisd: CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc delete of member 2")
	c.want(`<request-reboot><member>7</member></request-reboot>`, "invalid member")
	c.want(`<request-reboot><in>5</in></request-reboot>`, "<error-tag>not-simulated</error-tag>", "request-reboot in", "!Shutdown")
	login(t, ch.Address(), "operator", "Operator-lab-1").want(`<request-reboot/>`, "permission denied")
}

// A switch that is renumbered is the same switch in another place: with its serial number, keys and configuration.
func TestMembersAreRenumbered(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 3, preprovisioned: false, config_add: set system commit synchronize}]`)
	ch := lab.Chassis("vc1")
	c := login(t, ch.Address(), "root", rootPassword)
	renumber := func(from, to string) string {
		return "<request-virtual-chassis-renumber><member-id>" + from + "</member-id><new-member-id>" + to + "</new-member-id></request-virtual-chassis-renumber>"
	}
	serial := ch.Member(2).Serial()
	for want, rpc := range map[string]string{
		"is a member": renumber("2", "1"), "is not present": renumber("7", "8"), "want 0 to": renumber("2", "44"), "invalid member": renumber("two", "4"),
		"<error-tag>not-simulated</error-tag>": renumber("0", "4"),
	} {
		c.want(rpc, want, "rpc-error")
	}
	c.want(renumber("2", "5"), "<output>", "replace pattern ge-2/ with ge-5/", "!rpc-error")
	c.want(statusOp, "<member-id>5</member-id>", "!<member-id>2</member-id>", serial)
	c.want(location("E"), "<ok/>")
	c.want(commitOp, "<name>fpc5</name>", "!fpc2", "<ok/>")
	if got, _ := ch.Member(5).ActiveTree().Get("system", "location", "building"); got != "E" {
		t.Errorf("member 5 has %q", got)
	}
	c.want(`<command format="text">request virtual-chassis renumber member-id 5 new-member-id 2</command>`, "replace pattern ge-5/ with ge-2/")
	c.want(statusOp, "<member-id>2</member-id>", "!<member-id>5</member-id>", serial)
	_, prepared := oneChassis(t, "")
	login(t, prepared.Address(), "root", rootPassword).want(renumber("2", "5"), "preprovisioned", "!<output>")
}

// Files can be copied and deleted, and the log has what happened.
func TestFilesAndTheLog(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<file-copy><source>/config/juniper.conf</source><destination>/var/tmp/saved.conf</destination></file-copy>`, "<ok/>")
	c.want(`<file-show><filename>/var/tmp/saved.conf</filename></file-show>`, "host-name vc1;")
	c.want(`<command>file delete /var/tmp/saved.conf</command>`, "!rpc-error")
	c.want(`<file-show><filename>/var/tmp/saved.conf</filename></file-show>`, "No such file")
	c.want(`<file-delete><path>/var/tmp/saved.conf</path></file-delete>`, "cannot remove", "!<ok/>")
	c.want(location("A"), "<ok/>")
	c.want(commitOp, "<ok/>")
	c.want(`<get-log><filename>messages</filename></get-log>`, " vc1 mgd[", "UI_NETCONF_CMD: User 'root' used NETCONF client to run command 'commit-configuration'", "UI_COMMIT_COMPLETED")
	c.want(`<command format="text">show log messages | match COMPLETED</command>`, "commit complete")
	c.want(`<get-system-process-information/>`, "sshd", "(root)")
	c.want(`<command format="text">show system connections</command>`, "(including servers)", "*.22 ", "*.830 ", "LISTEN")
	c.want(`<command format="text">show system storage</command>`, "fpc1:", "/dev/gpt/junos", "33%")
	operator := login(t, ch.Address(), "operator", "Operator-lab-1")
	operator.want(`<command>file copy /config/juniper.conf /var/tmp/x</command>`, "permission denied")
	operator.want(`<command format="text">file list /config</command>`, "juniper.conf")
}

// The services of the configuration are open, and no others.
func TestServicesOpenAndClose(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad(fmt.Sprintf("set system services netconf ssh port %d", port)), "<ok/>")
	c.want(commitOp, "<ok/>")
	extra := fmt.Sprintf("127.0.0.1:%d", port)
	login(t, extra, "root", rootPassword).want(statusOp, "Master*")
	if runs(t, extra) || !runs(t, ch.Address()) {
		t.Error("commands run where they should not, or not where they should")
	}
	c.want(setLoad("delete system services netconf ssh port", "delete system services ssh"), "<ok/>")
	c.want(commitOp, "<ok/>")
	if conn, err := net.Dial("tcp", extra); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
	login(t, ch.Address(), "root", rootPassword).want(statusOp, "Master*")
	if runs(t, ch.Address()) {
		t.Error("a command runs without system services ssh")
	}
	c.want(setLoad("delete system services netconf"), "<ok/>")
	c.want(commitOp, "<ok/>")
	if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
		t.Error("somebody logs in without a service")
	}
	c.want(setLoad("set system services netconf ssh"), "<ok/>") // who is inside stays
	c.want(commitOp, "<ok/>")
	login(t, ch.Address(), "root", rootPassword)
}

// A shell has what people try first.
func TestWhatAShellHas(t *testing.T) {
	_, ch := oneChassis(t, "")
	printed, _ := terminalOn(t, ch.Address(), "admin", "Admin-lab-1", "", "start shell sh\rpwd\rls -l /config\rdf -k\rid\rexit\rstart shell\rpwd\rexit\rexit\r", 24)
	for _, want := range []string{"$ pwd", "/var/home/admin", "root  wheel", "juniper.conf", "/dev/gpt/junos", "uid=2000(admin)", "% pwd"} {
		if !strings.Contains(printed, want) {
			t.Errorf("want %q in\n%s", want, printed)
		}
	}
}

// runs tells whether the port runs commands.
func runs(t *testing.T, address string) bool {
	t.Helper()
	conn, err := ssh.Dial("tcp", address, &ssh.ClientConfig{User: "root", Auth: []ssh.AuthMethod{ssh.Password(rootPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	return s.Run("hostname") == nil
}
