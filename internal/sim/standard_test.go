// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

func editOp(options, statements string) string {
	return `<edit-config><target><candidate/></target>` + options + `<config><configuration>` + statements + `</configuration></config></edit-config>`
}

const compareOp = `<get-configuration compare="rollback" rollback="0" format="text"/>`

func TestOperationsOfEditConfig(t *testing.T) {
	none := `<default-operation>none</default-operation>`
	for _, test := range []struct {
		name, release, op string
		reply, change     []string
	}{
		{"merge", "25.2R1.9", editOp("", `<system><domain-name>x</domain-name></system>`), []string{"<ok/>"}, []string{"+  domain-name x;"}},
		{"none leaves what says nothing", "25.2R1.9", editOp(none, `<system><domain-name>x</domain-name></system>`), []string{"<ok/>"}, []string{"!domain-name"}},
		{"none with an operation", "25.2R1.9", editOp(none, `<system><domain-name operation="merge">x</domain-name><host-name operation="delete"/><location><building>B</building></location></system>`),
			[]string{"<ok/>"}, []string{"+  domain-name x;", "-  host-name vc1;", "!building"}},
		{"delete of nothing", "25.2R1.9", editOp(none, `<system><domain-name operation="delete"/></system>`),
			[]string{"<error-tag>data-missing</error-tag>", "<error-type>application</error-type>", "<error-severity>error", "!<ok/>"}, nil},
		{"delete of nothing before 23.1", "22.4R3.25", editOp(none, `<system><domain-name operation="delete"/></system>`),
			[]string{"<error-severity>warning", "statement not found", "<ok/>"}, nil},
		{"remove of nothing", "25.2R1.9", editOp(none, `<system><domain-name operation="remove"/><services><ftp operation="remove"/></services></system>`), []string{"<ok/>", "!rpc-error"}, nil},
		{"everything", "25.2R1.9", `<delete-config><target><candidate/></target></delete-config>`, []string{"<ok/>"}, []string{"-  system {"}},
		{"of something else", "25.2R1.9", `<delete-config><target><running/></target></delete-config>`, []string{"rpc-error", "expecting &lt;candidate/&gt;"}, []string{"!system"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, "  release: "+test.release+"\n")
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(test.op, test.reply...)
			c.want(compareOp, test.change...)
		})
	}
}

func TestGetReturnsTheConfigurationAndItsEditors(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(lockOp, "<ok/>")
	c.want(`<get><filter type="subtree"><configuration><system><host-name/></system></configuration></filter></get>`,
		"<data>", "<host-name>vc1</host-name>", "!<services>", "<database-status-information>", "<user>root</user>", "<exclusive/>")
	c.want(`<get format="set"/>`, "<data>", "<configuration-set", "set system host-name vc1")
	c.want(`<get-config format="text"><source><running/></source></get-config>`, "<configuration-text", "host-name vc1;", "!database-status")
	login(t, ch.Address(), "viewer", "Viewer-lab-1").want(`<get/>`, "permission denied")
}

func TestRepliesInTheFormThatTheRequestAsksFor(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-software-information format="text"/>`, "<output>", "fpc0:", "Junos: 25.2R1.9", "!<software-information>")
	c.want(`<get-software-information format="json"/>`, `"software-information" : [`, "!<software-information>")
	c.want(`<get-software-information format="xml"/>`, "<software-information>")
	c.want(`<get-virtual-chassis-information format="text"/>`, "Member ID  Status")
}

// A client that sends no hello is answered: its first message is no greeting that
// may be thrown away.
func TestRequestInThePlaceOfAHello(t *testing.T) {
	_, ch := oneChassis(t, "")
	conn, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{User: "root", Auth: []ssh.AuthMethod{ssh.Password(rootPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out, _ := s.StdoutPipe()
	requests, _ := s.StdinPipe()
	if err := s.RequestSubsystem("netconf"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(requests, `<rpc message-id="1"><get-system-information/></rpc>]]>]]><rpc message-id="2"><close-session/></rpc>]]>]]>`); err != nil {
		t.Fatal(err)
	}
	in := frame.NewReader(out, frame.Limits{})
	for i, want := range []string{"<hello", `message-id="1"`, `message-id="2"`} {
		msg, err := in.Next()
		if err != nil || !strings.Contains(string(msg), want) {
			t.Fatalf("message %d: want %q, got %s, %v", i, want, msg, err)
		}
	}
	if rest, err := in.Next(); err == nil {
		t.Fatalf("more than the end: %s", rest)
	}
}

func TestPortsFollowModelAndConfiguration(t *testing.T) {
	_, ch := oneChassis(t, `  config_add: |
    set interfaces ge-1/0/3 description "to the roof"
    set interfaces ge-1/0/3 unit 0 family ethernet-switching vlan members blue
    set interfaces ge-1/0/4 disable
    set vlans blue vlan-id 20
    set interfaces ae0 unit 0 family ethernet-switching
    set interfaces irb unit 20 family inet address 198.51.100.1/24
    set interfaces lo0 unit 0 family inet address 192.0.2.1/32
`)
	c := login(t, ch.Address(), "root", rootPassword)
	all := c.want(`<get-interface-information><terse/></get-interface-information>`, `junos:style="terse"`, "<name>\nvme.0\n</name>", "!<mtu>")
	for member := range 2 {
		for port := range 24 {
			if want := fmt.Sprintf("<name>\nge-%d/0/%d\n</name>", member, port); strings.Count(all, want) != 1 {
				t.Errorf("%s is not there once", want)
			}
		}
	}
	one := `<get-interface-information><interface-name>%s</interface-name></get-interface-information>`
	c.want(fmt.Sprintf(one, "ge-1/0/3"), "<description>\nto the roof\n</description>", "<address-family-name>\neth-switch\n<", "<mtu>\n1514\n</mtu>", "!ge-1/0/4", "!vme")
	c.want(fmt.Sprintf(one, "ge-1/0/3.0"), "<name>\nge-1/0/3.0\n</name>")
	c.want(fmt.Sprintf(one, "ge-1/0/4"), "<admin-status>\ndown\n<", "<oper-status>\ndown\n<")
	c.want(fmt.Sprintf(one, "[afgxe][et]-*"), "<name>\nge-0/0/0\n</name>", "<name>\nge-1/0/23\n</name>", "!vme")
	for _, name := range []string{"lo0", "lo0.0", "irb", "irb.20", "dsc", "me0", "vme", "ae0"} {
		c.want(fmt.Sprintf(one, name), "<name>\n"+name+"\n</name>", "!rpc-error")
	}
	c.want(fmt.Sprintf(one, "ae1"), "device ae1 not found")
	c.want(`<command format="text">show interfaces ge-1/0/3</command>`, "Physical interface: ge-1/0/3, Enabled, Physical link is Down\n", "  Description: to the roof\n", "  Logical interface ge-1/0/3.0\n")
	c.want(`<command format="text">show interfaces irb terse</command>`, "irb.20                  up    up   inet     198.51.100.1/24\n", "!vme")
	c.want(`<command format="text">show interfaces terse lo0</command>`, "lo0.0 ", "!irb")
	c.want(`<command format="json">show interfaces lo0</command>`, `"data" : "lo0.0"`)
	c.want(fmt.Sprintf(one, "ge-9/0/0"), "device ge-9/0/0 not found")
	c.want(`<get-vlan-information/>`, "<l2ng-l2rtb-vlan-name>blue<", "<l2ng-l2rtb-vlan-tag>20<", "<l2ng-l2rtb-vlan-member-interface>ge-1/0/3.0<")
	c.want(`<get-vlan-information format="text"/>`, "default-switch", "blue", "ge-1/0/3.0")
}

func TestNobodyIsHeard(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "operator", "Operator-lab-1")
	c.want(`<get-lldp-neighbors-information/>`, "<lldp-neighbors-information", "!rpc-error")
	c.want(`<get-arp-table-information/>`, "<arp-entry-count>0<")
	c.want(`<get-alarm-information/>`, "<no-active-alarms/>")
	c.want(`<get-system-alarm-information format="text"/>`, "No alarms currently active")
	c.want(`<command format="text">show arp</command>`, "Total entries: 0")
	c.want(`<command format="text">show lldp neighbors</command>`, "Local Interface")
}

func TestRescueConfiguration(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-rescue-information/>`, "rpc-error")
	c.want(`<load-configuration rescue="rescue"/>`, "rpc-error")
	c.want(`<request-save-rescue-configuration/>`, "<rescue-management-results>", "<success/>")
	c.want(setLoad("set system location building R"), "<ok/>")
	c.want(commitOp, "<ok/>")
	c.want(`<get-rescue-information><format>text</format></get-rescue-information>`, "host-name vc1;", "!building")
	c.want(`<get-rescue-information/>`, "<rescue-information>", "<host-name>vc1</host-name>")
	c.want(`<load-configuration rescue="rescue"/>`, "<ok/>")
	c.want(compareOp, "-   location building R;")
	c.want(`<request-delete-rescue-configuration/>`, "<success/>")
	c.want(`<get-rescue-information/>`, "rpc-error")
	login(t, ch.Address(), "operator", "Operator-lab-1").want(`<request-save-rescue-configuration/>`, "permission denied")
}
