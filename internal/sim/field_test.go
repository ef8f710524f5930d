// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"testing"
)

// What a group says that is for one member is in force on that member only.
func TestGroupsOfOneMember(t *testing.T) {
	const inherited = `<get-configuration inherit="inherit" groups="groups" database="committed"/>`
	for _, test := range []struct{ name, group, when string }{
		{"engine", "re0", ""},
		{"member", "member0", ""},
		{"node", "node0", ""},
		{"condition", "lab", "set groups lab when member member0"},
		{"engine condition", "lab", "set groups lab when routing-engine re0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, "  prepared: true\n")
			c := login(t, ch.Address(), "root", rootPassword)
			var set []string
			for _, line := range append(stepOne(ch.Profile), scpOn) {
				set = append(set, strings.Replace(line, "set ", "set groups "+test.group+" ", 1))
			}
			c.want(setLoad(append(set, test.when, "set apply-groups "+test.group)...), "<ok/>")
			c.want(commitOp, "<ok/>", "!rpc-error")
			c.want(inherited, `<config-sync-with-scp junos:group="`+test.group+`"/>`, `<authorized-keys-command junos:group="`+test.group+`">`)
			if s := ch.State(false); !s.Members[0].SCP || s.Members[1].SCP || s.Members[1].Command != "" || !s.Members[1].InSync {
				t.Fatalf("want it in force on member 0 only: %+v", s.Members)
			}
			c.want(commitOp, "configuration to fpc1: Permission denied (publickey)", "!<ok/>") // over SCP now
			address, err := ch.Member(1).Address()
			if err != nil {
				t.Fatal(err)
			}
			login(t, address, "root", rootPassword).want(inherited, "<groups>", "!junos:group=")
		})
	}
}

// A load into what is protected says so, and changes nothing.
func TestLoadsIntoProtectedStatementsChangeNothing(t *testing.T) {
	_, ch := oneChassis(t, "  config_add: protect system services\n")
	c := login(t, ch.Address(), "root", rootPassword)
	for _, load := range []string{
		setLoad("set system services ssh max-sessions-per-connection 8"),
		setLoad("delete system services netconf"),
		`<load-configuration><configuration><system><services><telnet/></services></system></configuration></load-configuration>`,
	} {
		c.want(load, "<error-severity>warning", "[system services] is protected", "<ok/>", "!<error-severity>error")
	}
	c.want(`<get-configuration compare="rollback" rollback="0" format="text"/>`, "<configuration-output>\n</configuration-output>")
	c.want(`<get-configuration/>`, `<services protect="protect">`)
}

// Sessions under yang-compliant mark what is inactive in their own way, and read it.
func TestYANGCompliantSessions(t *testing.T) {
	_, ch := oneChassis(t, "  config_add: |\n    set system services netconf yang-compliant\n    set system location building A\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<load-configuration><configuration><system><location xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false"/></system></configuration></load-configuration>`, "<ok/>")
	c.want(`<get-configuration/>`, `<location xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false">`, "!inactive=")
}

// Under rfc-compliant, no warning stands beside an ok; releases before did not give
// the ok.
func TestRFCCompliantSessionsDropWarnings(t *testing.T) {
	const nothing = `<load-configuration action="set" format="text"><configuration-set>delete system location</configuration-set></load-configuration>`
	for _, test := range []struct {
		release      string
		load, commit []string
	}{
		{"25.2R1.9", []string{"<nc:ok/>", "!rpc-error"}, []string{"<nc:ok/>", "!rpc-error", "<name>fpc2</name>"}},
		{"20.4R3.8", []string{"<nc:ok/>", "!rpc-error"}, []string{"<nc:ok/>", "<nc:error-severity>warning", "nearly full"}},
		{"18.2R3.4", []string{"!<nc:ok/>", "statement not found"}, []string{"<nc:ok/>", "nearly full"}},
	} {
		t.Run(test.release, func(t *testing.T) {
			_, ch := oneChassis(t, "  release: "+test.release+"\n  profile: {commit_warning: '%s is nearly full'}\n  config_add: set system services netconf rfc-compliant\n")
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(nothing, test.load...)
			c.want(commitOp, test.commit...)
		})
	}
}

// A fabric has up to twenty members.
func TestFabricMembers(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, members: [{id: 0}, {id: 1}, {id: 12}, {id: 19}]}]`)
	c := login(t, lab.Chassis("vc1").Address(), "root", rootPassword)
	c.want(statusOp, "<member-id>12</member-id>\n<fpc-slot>(FPC 12)</fpc-slot>", "<neighbor-id>19</neighbor-id>")
	c.want(commitOp, "<name>fpc12</name>", "<name>fpc19</name>", "<ok/>")
	c.want(`<file-show><filename>/etc/hosts.junos</filename></file-show>`, "128.0.0.35 fpc19")
}

// A login class of the configuration permits and hides what it says.
func TestLoginClasses(t *testing.T) {
	_, ch := oneChassis(t, `  users:
  - {name: root, class: super-user, password: Root-lab-1}
  - {name: ada, class: netops, password: Ada-lab-1}
  - {name: bob, class: looker, password: Bob-lab-1}
  config_add: |
    set system login class netops permissions all
    set system login class netops deny-configuration "system (commit|login)"
    set system login class looker permissions view
    set system commit synchronize
`)
	ada := login(t, ch.Address(), "ada", "Ada-lab-1")
	ada.want(`<get-configuration/>`, "<host-name>vc1</host-name>", "!<commit>", "!<login>")
	ada.want(`<get-authorization-information format="text"/>`, "    all\n", "Deny configuration regular expression: system (commit|login)\n")
	ada.want(location("A"), "<ok/>")
	ada.want(setLoad("delete system commit"), "permission denied", "!<ok/>")
	ada.want(`<get-configuration format="set"/>`, "building A")
	ada.want(commitOp, "<ok/>")
	bob := login(t, ch.Address(), "bob", "Bob-lab-1")
	bob.want(statusOp, "Master*")
	bob.want(`<get-configuration/>`, "permission denied")
	bob.want(lockOp, "permission denied")
	bob.want(`<get-authorization-information format="text"/>`, "    view\n", "!view-configuration", "Deny configuration regular expression: none\n")
	login(t, ch.Address(), "root", rootPassword).want(`<get-configuration format="set"/>`, "set system commit synchronize", "building A")
}

// NETCONF's own limits hold, too.
func TestLimitsOfTheNETCONFService(t *testing.T) {
	_, ch := oneChassis(t, "  config_add: |\n    set system services ssh rate-limit 5\n    set system services netconf ssh rate-limit 2\n")
	login(t, ch.Address(), "root", rootPassword)
	login(t, ch.Address(), "root", rootPassword)
	if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
		t.Fatal("the third login within a minute should be turned away")
	}
}

// What a run would cost on a switch is counted, whether it is waited for or not: by
// operation, by member and by commit.
func TestCostsAreCounted(t *testing.T) {
	_, ch := oneChassis(t, "  profile: {operation_cost: 1s, member_cost: 10s, commit_cost: 100s, commit_member_cost: 1000s}\n")
	c := login(t, ch.Address(), "root", rootPassword)
	want := 0.0
	for _, op := range []struct {
		rpc  string
		cost float64
	}{{lockOp, 1}, {statusOp, 11}, {`<get-software-information/>`, 31}, {`<get-chassis-inventory/>`, 31}, {location("A"), 1}, {commitOp, 3101}, {unlockOp, 1}} {
		c.call(op.rpc)
		want += op.cost
		if got := ch.State(false).Counters.SwitchSeconds; got != want {
			t.Errorf("%s: want %v in all, got %v", op.rpc, want, got)
		}
	}
}

// What Junos has and the simulator has not is never a syntax error.
func TestNotSimulatedIsSaid(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	for op, what := range map[string]string{
		`<get-route-information/>`:                         "get-route-information",
		`<request-virtual-chassis-vc-port-set-interface/>`: "request-virtual-chassis-vc-port-set-interface",
		`<get-ddos-msdp-statistics/>`:                      "get-ddos-msdp-statistics",
		`<command>show route</command>`:                    "show route",
		`<command>show bgp summary</command>`:              "show bgp",
		`<get-xnm-information/>`:                           "get-xnm-information",
		`<command>ping 192.0.2.1</command>`:                "ping",
	} {
		c.want(op, "<error-tag>not-simulated</error-tag>", "<error-message>not simulated: "+what+"</error-message>", "!syntax error")
	}
	for _, line := range []string{
		"show interfaces queue", "show interfaces ge-0/0/0 extensive", "show interfaces descriptions", "show vlans default extensive", "show chassis hardware clei-models",
		"show arp member 1", "show system commit include-configuration-revision", "show krt queue", "show ddos-protection protocols", "request system reboot in 5",
	} {
		c.want("<command>"+line+"</command>", "not simulated: "+strings.Join(strings.Fields(line)[:2], " "), "!syntax error")
	}
	c.want(`<get-nonsense/>`, "syntax error", "!not simulated")
	for _, line := range []string{"nonsense", "show nonsense", "show arp nonsense", "show system uptime nonsense", "show interfaces ge-0/0/0 nonsense"} {
		c.want("<command>"+line+"</command>", "syntax error", "!not simulated")
	}
}

// An option is honoured, or is not simulated, or is no option of Junos: never is it left out.
func TestEveryOptionCounts(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	for op, what := range map[string]string{
		`<get-interface-information><extensive/></get-interface-information>`:                        "get-interface-information extensive",
		`<get-interface-information><level>extensive</level></get-interface-information>`:            "get-interface-information extensive",
		`<get-chassis-inventory><models/></get-chassis-inventory>`:                                   "get-chassis-inventory models",
		`<get-vlan-information><detail/></get-vlan-information>`:                                     "get-vlan-information detail",
		`<get-commit-information><include-configuration-revision/></get-commit-information>`:         "get-commit-information include-configuration-revision",
		`<get-configuration changed="changed"/>`:                                                     "get-configuration changed=changed",
		`<get-configuration inherit="defaults"/>`:                                                    "get-configuration inherit=defaults",
		`<get-config><source><running/></source><with-defaults/></get-config>`:                       "get-config with-defaults",
		`<get-config><source><running/></source><filter type="xpath" select="system"/></get-config>`: "get-config filter by an XPath expression",
		`<file-list format="text"><recursive/></file-list>`:                                          "file-list recursive",
		`<get-software-information format="xml-minified"/>`:                                          "get-software-information format=xml-minified",
		`<load-configuration url="/var/tmp/x"/>`:                                                     "load-configuration url=/var/tmp/x",
		`<open-configuration><ephemeral/></open-configuration>`:                                      "open-configuration ephemeral",
		`<command>show configuration | display inheritance</command>`:                                "| display inheritance",
		`<command>show configuration | display set explicit</command>`:                               "| display set explicit",
		`<command>show configuration | compare saved.conf</command>`:                                 "| compare saved.conf",
		`<command>show version | save x</command>`:                                                   "| save",
		`<command>show log</command>`:                                                                "get-log without filename",
		`<command>show lldp</command>`:                                                               "show lldp",
	} {
		c.want(op, "<error-tag>not-simulated</error-tag>", "<error-message>not simulated: "+what+"</error-message>")
	}
	for _, op := range []string{
		`<get-interface-information><nonsense/></get-interface-information>`, `<get-system-information><brief/></get-system-information>`,
		`<load-configuration><nonsense/></load-configuration>`, `<command>show version | count 3</command>`, `<command>show version | display set nonsense</command>`, `<command>show interfaces terse terse</command>`,
	} {
		c.want(op, "syntax error", "!not simulated")
	}
	c.want(`<command format="text">show version member 1</command>`, "fpc1:", "!fpc0:")
	c.want(`<command>show interfaces vme terse | display xml rpc</command>`, "<interface-name>vme</interface-name>", "<terse/>")
	c.want(`<get-vlan-information><vlan-name>other</vlan-name></get-vlan-information>`, "!default</l2ng-l2rtb-vlan-name>")
	c.want(`<file-list><path>/config</path></file-list>`, "<file-name>", "!<file-size>")
	c.want(`<file-list><path>/config</path><detail/></file-list>`, "<file-size>")
	c.want(`<get-configuration commit-scripts="apply"/>`, "<host-name>vc1</host-name>")
	c.want(`<get-configuration commit-scripts="view"/>`, "not simulated: get-configuration commit-scripts=view")
	c.want(`<commit-configuration><check/><full/></commit-configuration>`, "<commit-check-success/>")
}

// The programs of a shell are the same over NETCONF.
func TestShellOverNETCONF(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "admin", "Admin-lab-1")
	for line, want := range map[string]string{
		"hostname": "<output>\nvc1\n</output>", "id": "uid=0(root)", "pwd": "/root", "ls -l /config": "juniper.conf", "cat /config/juniper.conf": "host-name vc1;",
		"cat /nowhere": "cat: /nowhere: No such file or directory", "nonsense": "nonsense: Command not found.",
	} {
		c.want("<request-shell-execute><command>"+line+"</command></request-shell-execute>", want)
	}
	login(t, ch.Address(), "viewer", "Viewer-lab-1").want("<request-shell-execute><command>id</command></request-shell-execute>", "permission denied")
}

// A command that has nothing to say leaves the reply empty.
func TestNothingToSayIsAnEmptyReply(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	for _, op := range []string{
		`<command format="text">show configuration system location | display set</command>`,
		`<command format="text">show configuration system location</command>`,
	} {
		c.want(op, "!configuration-information", "!output", "!rpc-error")
	}
	c.want(`<command format="text">show configuration system services netconf | display set</command>`, "<configuration-output>\nset system services netconf ssh\n")
}

// The candidate says when it was changed, the active configuration who committed it.
func TestMarksOfTheLastChange(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-configuration database="candidate"/>`, "junos:changed-seconds=", "junos:changed-localtime=", "!junos:commit-")
	c.want(`<get-configuration database="committed"/>`, "junos:commit-seconds=", `junos:commit-user="root"`, "!junos:changed-")
}

// What is shown relative to a quoted name loses the name, too.
func TestRelativeBelowAQuotedName(t *testing.T) {
	_, ch := oneChassis(t, "  config_add: |\n    set system login class \"net ops\" permissions view\n    set snmp client-list empty\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<command format="text">show configuration system login class "net ops" | display set relative</command>`, "\nset permissions view\n")
	c.want(`<command format="text">show configuration snmp client-list empty | display set relative</command>`, "\nset \n", "!client-list")
}

// A switch writes its release into the configuration, and gives users ids, whatever was loaded.
func TestWhatASwitchWritesByItself(t *testing.T) {
	_, ch := oneChassis(t, "  config_add: set system login user ada class operator uid 2001\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-configuration database="committed"/>`, "commit-user=\"root\">\n    <version>25.2R1.9</version>\n")
	c.want(setLoad("delete version", "set system login user bob class operator", "set system login user eve class operator"), "<ok/>")
	c.want(`<get-configuration compare="rollback" rollback="0" format="text"/>`, "-  version 25.2R1.9;")
	c.want(commitOp, "<ok/>")
	c.want(`<get-configuration format="set"/>`, "set version 25.2R1.9\n", "user admin uid 2000\n", "user ada uid 2001\n", "user bob uid", "user eve uid")
	ids := map[string]bool{}
	for _, line := range strings.Split(ch.Primary().Config(), "\n") {
		if name, uid, ok := strings.Cut(line, " uid "); ok {
			if ids[uid] {
				t.Errorf("%s: %s is taken", name, uid)
			}
			ids[uid] = true
		}
	}
	if len(ids) != 6 || !ch.State(false).Members[1].InSync {
		t.Errorf("ids %v", ids)
	}
}

// What daemons answer names the release cut short, and so did the reply around it before 23.2R1.
func TestNamespacesOfReleases(t *testing.T) {
	for release, want := range map[string][2]string{
		"18.2R3-S1.4": {"18.2R3", "18.2R3"}, "22.4R3-S2.11": {"22.4R0", "22.4R0"}, "23.4R2-S7.4": {"23.4R2-S7.4", "23.4R0"}, "24.4R1.8": {"24.4R1.8", "24.4R0"},
	} {
		_, ch := oneChassis(t, "  release: "+release+"\n")
		login(t, ch.Address(), "root", rootPassword).want(`<get-chassis-inventory/>`, `xmlns:junos="http://xml.juniper.net/junos/`+want[0]+`/junos"`,
			`<chassis-inventory xmlns="http://xml.juniper.net/junos/`+want[1]+`/junos-chassis">`)
	}
}

// A statement that means something when it is empty is made by a payload, even when all that is in it is a deletion.
func TestPresenceAroundADeletion(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<load-configuration><configuration><snmp><filter-interfaces><all-internal-interfaces delete="delete"/></filter-interfaces></snmp></configuration></load-configuration>`, "statement not found", "<ok/>")
	c.want(`<get-configuration><configuration><snmp/></configuration></get-configuration>`, "<filter-interfaces>")
	c.want(setLoad("delete system services telnet connection-limit"), "<ok/>")
	c.want(`<get-configuration/>`, "!<telnet>")
}
