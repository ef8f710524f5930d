// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

func ptr[T any](v T) *T { return &v }

// wantChassis is what the unchanged replies mean.
func wantChassis(change ...func(*vc.Chassis)) vc.Chassis {
	c := vc.Chassis{
		ID: "0123.4567.89ab", Mode: "Enabled", HostName: "sw1", HistoryKnown: true, RootKeys: vc.RootKeysNone,
		Members: []vc.Member{
			{ID: 0, Serial: "XX0000", Model: "ex4400-24t", Role: vc.Primary, RoleText: "Master*", Local: true, Status: "Prsnt",
				Priority: ptr(129), Version: "25.2R1.9", FIPS: ptr(false)},
			{ID: 1, Serial: "XX0001", Model: "ex4400-24t", Role: vc.Backup, RoleText: "Backup", Status: "Prsnt",
				Priority: ptr(129), Version: "25.2R1.9", FIPS: ptr(false)},
		},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func silent(c *vc.Chassis, i int) { c.Members[i].Version, c.Members[i].FIPS = "", nil }

func TestReadSendsReadsInOneBatch(t *testing.T) {
	d, p := play(t, Options{ReadOnly: true}, reads("", ""))
	s, err := d.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantChassis(), s.Chassis); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if !s.Now.IsZero() || s.Newest == nil || s.Newest.User != "rick" || len(s.Warnings) > 0 {
		t.Errorf("clock %s, newest %+v, warnings %v", s.Now, s.Newest, s.Warnings)
	}
	want := []string{
		"<get-virtual-chassis-information/>", "<get-commit-information/>",
		`<get-configuration database="committed" format="xml"><configuration><system><commit/><services><ssh/><netconf/></services><fips/></system></configuration></get-configuration>`,
		`<get-configuration database="committed" format="xml" inherit="inherit" groups="groups"><configuration><system><commit/><services><ssh/><netconf/></services><fips/><root-authentication><no-public-keys/><ssh-rsa/><ssh-ecdsa/><ssh-ed25519/><ssh-dsa/></root-authentication></system></configuration></get-configuration>`,
		"<get-software-information/>",
	}
	if diff := cmp.Diff(want, p.sent()); diff != "" {
		t.Errorf("requests: want - got +\n%s", diff)
	}
}

// The operator's word is in every reading, and the members' beside it.
func TestReadSaysWhatTheOperatorStates(t *testing.T) {
	for _, stated := range []*bool{nil, ptr(true), ptr(false)} {
		d, _ := play(t, Options{StatedFIPS: stated}, reads("", ""))
		for range 2 {
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wantChassis(func(c *vc.Chassis) { c.StatedFIPS = stated }), s.Chassis); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		}
	}
}

func TestReadMembers(t *testing.T) {
	gone := "<member><member-status>NotPrsnt</member-status><member-id>1</member-id><member-serial-number>XX0001</member-serial-number></member>"
	first := member(0, "Prsnt", "Master*", priority)
	html := "<html><head/><body>Sign in</body></html>"
	for _, row := range []struct {
		name  string
		reply string
		want  vc.Chassis
		err   string
	}{
		{"preprovisioned", chassisReply(true, first, member(1, "Prsnt", "Backup", priority)),
			wantChassis(func(c *vc.Chassis) { c.Preprovisioned = true }), ""},
		{"a member that is gone reports little", chassisReply(false, first, gone), wantChassis(func(c *vc.Chassis) {
			c.Members[1].Model, c.Members[1].Role, c.Members[1].RoleText, c.Members[1].Status, c.Members[1].Priority = "", vc.NoRole, "", "NotPrsnt", nil
		}), ""},
		{"white space", strings.NewReplacer(">Master*<", ">\n Master* \n<", ">XX0000<", ">\nXX0000\n<", ">0<", ">\n0\n<").Replace(twoMembers()), wantChassis(), ""},
		{"today's word for the primary", strings.Replace(twoMembers(), "Master*", "Primary*", 1), wantChassis(func(c *vc.Chassis) { c.Members[0].RoleText = "Primary*" }), ""},
		{"an odd role", strings.Replace(twoMembers(), ">Backup<", ">Spare<", 1), wantChassis(func(c *vc.Chassis) {
			c.Members[1].Role, c.Members[1].RoleText = vc.UnknownRole, "Spare"
		}), ""},
		{"a priority that is no number", strings.Replace(twoMembers(), ">129<", ">NA<", 1), wantChassis(func(c *vc.Chassis) { c.Members[0].Priority = nil }), ""},
		{"no member", chassisReply(false), wantChassis(func(c *vc.Chassis) { c.Members, c.HostName = nil, "" }), ""},
		{"neither form", "<virtual-chassis-information><member-list>" + first + member(1, "Prsnt", "Backup", priority) + "</member-list></virtual-chassis-information>",
			wantChassis(func(c *vc.Chassis) { c.ID, c.Mode = "", "" }), ""},
		{"a namespace of its own", strings.Replace(twoMembers(), "<virtual-chassis-information>",
			`<virtual-chassis-information xmlns="http://xml.juniper.net/junos/25.2R1.9/junos-virtualchassisd">`, 1), wantChassis(), ""},
		{"a banner after it", twoMembers() + "<cli><banner>{master:0}</banner></cli>", wantChassis(), ""},
		{"the same id twice", chassisReply(false, first, strings.Replace(member(1, "Prsnt", "Backup", priority), "<member-id>1<", "<member-id>0<", 1)),
			wantChassis(func(c *vc.Chassis) { c.Members[1].ID = 0; silent(c, 1) }), ""},
		{"id 10", strings.Replace(twoMembers(), "<member-id>1<", "<member-id>10<", 1), vc.Chassis{}, "member 2 of the list has the id 10: a Virtual Chassis Fabric, whose ids go above 9, is not supported"},
		{"id 19, with others", strings.Replace(twoMembers(), "<member-id>0<", "<member-id>19<", 1), vc.Chassis{}, "member 1 of the list has the id 19: a Virtual Chassis Fabric"},
		{"id 31", strings.Replace(twoMembers(), "<member-id>1<", "<member-id>31<", 1), vc.Chassis{}, "member 2 of the list has the id 31: a Virtual Chassis Fabric"},
		{"id 9", strings.Replace(twoMembers(), "<member-id>1<", "<member-id>9<", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].ID = 9; silent(c, 1) }), ""},
		{"id 32", strings.Replace(twoMembers(), "<member-id>1<", "<member-id>32<", 1), vc.Chassis{}, `member 2 of the list has the id "32", want 0 to 9`},
		{"one is not provisioned and has no id", chassisReply(false, first, member(1, "Prsnt", "Backup", priority),
			"<member><member-status>Unprvsnd</member-status><member-serial-number>XX0009</member-serial-number></member>"), wantChassis(unprovisioned("XX0009")), ""},
		{"a dash for its id", chassisReply(false, first, member(1, "Prsnt", "Backup", priority),
			"<member><member-status>Unprvsnd</member-status><member-id>-</member-id><member-serial-number>XX0009</member-serial-number></member>"), wantChassis(unprovisioned("XX0009")), ""},
		{"without a serial number either", chassisReply(false, first, member(1, "Prsnt", "Backup", priority), "<member><member-id> -- </member-id><member-status>Unprvsnd</member-status></member>"),
			wantChassis(unprovisioned("unknown")), ""},
		{"wrapped, by the name of the member that answers", engines(item("fpc0", twoMembers())), wantChassis(), ""},
		{"wrapped, as localre", engines(item("localre", twoMembers())), wantChassis(), ""},
		{"wrapped, all answer", engines(item("fpc0", twoMembers()), item("fpc1", strings.NewReplacer("Master*", "Master", "Backup", "Backup*").Replace(twoMembers()))), vc.Chassis{},
			"several members answered, and which of them has this session cannot be determined"},
		{"wrapped, one of them is local", engines(item("localre", twoMembers()), item("fpc1", strings.NewReplacer("Master*", "Master").Replace(twoMembers()))), wantChassis(), ""},
		{"twice", twoMembers() + twoMembers(), wantChassis(), ""},
		{"twice, and not the same", twoMembers() + strings.Replace(twoMembers(), "XX0001", "XX0009", 1), vc.Chassis{}, "the device answered more than once, with different answers"},
		{"wrapped in something else", "<others><of>" + twoMembers() + "</of></others>", vc.Chassis{}, "the device knows no Virtual Chassis"},
		{"wrapped, and empty", engines(item("fpc0", "")), vc.Chassis{}, "the device knows no Virtual Chassis"},
		{"a serial number that is none", strings.Replace(twoMembers(), "XX0001", "N/A", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].Serial = "" }), ""},
		{"a dash for it", strings.Replace(twoMembers(), "XX0001", " -- ", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].Serial = "" }), ""},
		{"zeros for it", strings.Replace(twoMembers(), "XX0001", "000000000000", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].Serial = "" }), ""},
		{"the word of a part without one", strings.Replace(twoMembers(), "XX0001", "BUILTIN", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].Serial = "" }), ""},
		{"one that begins like none", strings.Replace(twoMembers(), "XX0001", "NA0001", 1), wantChassis(func(c *vc.Chassis) { c.Members[1].Serial = "NA0001" }), ""},
		{"an id with zeros and blanks", strings.Replace(twoMembers(), "<member-id>1<", "<member-id> 01 <", 1), wantChassis(), ""},
		{"id -1", strings.Replace(twoMembers(), "<member-id>0<", "<member-id>-1<", 1), vc.Chassis{}, `member 1 of the list has the id "-1", want 0 to 9`},
		{"no id", strings.Replace(twoMembers(), "<member-id>0</member-id>", "", 1), vc.Chassis{}, `member 1 of the list has the id "", want 0 to 9`},
		{"id of words", strings.Replace(twoMembers(), "<member-id>0<", "<member-id>zero<", 1), vc.Chassis{}, `has the id "zero"`},
		{"no Virtual Chassis", "", vc.Chassis{}, "the device knows no Virtual Chassis"},
		{"an HTML page", html, vc.Chassis{}, "the device knows no Virtual Chassis"},
		{"output instead", "<output>error: command is not valid</output>", vc.Chassis{}, "the device knows no Virtual Chassis"},
		{"another platform", rpcError("error", "command is not valid on the qfx10008"), vc.Chassis{},
			"get-virtual-chassis-information: the device reports: command is not valid on the qfx10008"},
		{"an error beside members", rpcError("error", "timeout communicating with the daemon") + twoMembers(), vc.Chassis{}, "timeout communicating"},
		{"a session that ends", "EOF", vc.Chassis{}, "read the chassis: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, reads("get-virtual-chassis-information", row.reply))
			s, err := d.Read(t.Context())
			if told(t, err, row.err) {
				if diff := cmp.Diff(row.want, s.Chassis); diff != "" {
					t.Errorf("want - got +\n%s", diff)
				}
			}
			if lost := row.reply == "EOF"; IsLinkLost(err) != lost || d.IsLost() != lost {
				t.Errorf("lost: %v %v", IsLinkLost(err), d.IsLost())
			}
		})
	}
}

func item(engine, inner string) string {
	return "<multi-routing-engine-item><re-name>" + engine + "</re-name>" + inner + "</multi-routing-engine-item>"
}

func unprovisioned(serial string) func(*vc.Chassis) {
	return func(c *vc.Chassis) {
		c.Unread = append(c.Unread, vc.Problem{Code: "member_unprovisioned", Message: "a switch without a member id (serial " + serial + ") is Unprvsnd",
			Hint: "provision it (set virtual-chassis member N serial-number), or disconnect it"})
	}
}

func TestReadSoftware(t *testing.T) {
	const utilities = "<package-information><name>fips-mode</name><comment>JUNOS FIPS mode utilities [25.2R1.9]</comment></package-information>"
	const old = "<package-information><name>jbase</name><comment>JUNOS Base OS [12.3R6.6]</comment></package-information>" +
		"<package-information><name>junos</name><comment>JUNOS EX Software Suite [12.3R6.7]</comment></package-information>"
	versions := func(a, b string) func(*vc.Chassis) {
		return func(c *vc.Chassis) { c.Members[0].Version, c.Members[1].Version = a, b }
	}
	for _, row := range []struct {
		name     string
		reply    string
		want     vc.Chassis
		warnings string // all messages
	}{
		{"the one that answers is called localre", engines(softwareItem("localre", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", "")), wantChassis(), ""},
		{"members are called members", engines(softwareItem("member0", "25.2R1.9", ""), softwareItem("member1-re0", "25.2R1.9", "")), wantChassis(), ""},
		{"names with blanks", engines(softwareItem("\nfpc0\n", "25.2R1.9", ""), softwareItem(" fpc1 ", "\n25.2R1.9\n", "")), wantChassis(), ""},
		{"bare, of one switch", "<software-information><host-name>sw1</host-name><junos-version>25.2R1.9</junos-version><fips/></software-information>",
			wantChassis(func(c *vc.Chassis) { silent(c, 1); c.Members[0].FIPS = ptr(true) }), ""},
		{"FIPS", engines(softwareItem("fpc0", "25.2R1.9", "<fips/>"), softwareItem("fpc1", "25.2R1.9", "<fips></fips>")),
			wantChassis(func(c *vc.Chassis) { c.Members[0].FIPS, c.Members[1].FIPS = ptr(true), ptr(true) }), ""},
		{"FIPS in a word", engines(softwareItem("fpc0", "25.2R1.9", "<fips>Enabled</fips>"), softwareItem("fpc1", "25.2R1.9", "<fips>\n yes </fips>")),
			wantChassis(func(c *vc.Chassis) { c.Members[0].FIPS, c.Members[1].FIPS = ptr(true), ptr(true) }), ""},
		{"no FIPS, in a word", engines(softwareItem("fpc0", "25.2R1.9", "<fips>false</fips>"), softwareItem("fpc1", "25.2R1.9", "<fips>disabled</fips>")), wantChassis(), ""},
		{"FIPS in a word that nobody knows", engines(softwareItem("fpc0", "25.2R1.9", "<fips>level 1 after a reboot</fips>"), softwareItem("fpc1", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { c.Members[0].FIPS = nil }), ""},
		{"the FIPS package alone is no FIPS", engines(softwareItem("fpc0", "25.2R1.9", utilities), softwareItem("fpc1", "25.2R1.9", "<fips/>")),
			wantChassis(func(c *vc.Chassis) { c.Members[1].FIPS = ptr(true) }), ""},
		{"different releases", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.4R1.12", "")), wantChassis(versions("25.2R1.9", "25.4R1.12")), ""},
		{"a release before 15.1", engines(softwareItem("fpc0", "", old), softwareItem("fpc1", "", old)), wantChassis(versions("12.3R6.7", "12.3R6.7")), ""},
		{"no release at all", engines(softwareItem("fpc0", "", ""), softwareItem("fpc1", "", utilities)), wantChassis(func(c *vc.Chassis) { silent(c, 0); silent(c, 1) }), ""},
		{"no release, but FIPS", engines(softwareItem("fpc0", "", "<fips/>"), softwareItem("fpc1", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { c.Members[0].Version, c.Members[0].FIPS = "", ptr(true) }), ""},
		{"nothing in it", engines("<multi-routing-engine-item><re-name>fpc0</re-name><software-information/></multi-routing-engine-item>", softwareItem("fpc1", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { silent(c, 0); c.HostName = "" }), ""},
		{"one cannot be reached", rpcError("error", "Could not connect to fpc1 : No route to host") + engines(softwareItem("fpc0", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { silent(c, 1) }), "Could not connect to fpc1 : No route to host"},
		{"one answers with an error", engines(softwareItem("fpc0", "25.2R1.9", ""),
			"<multi-routing-engine-item><re-name>fpc1</re-name>"+rpcError("error", "timed out")+"</multi-routing-engine-item>"),
			wantChassis(func(c *vc.Chassis) { silent(c, 1) }), "timed out"},
		{"one is described twice", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", "")), wantChassis(), ""},
		{"one is described in two ways", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", "<fips/>"), softwareItem("fpc1", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { silent(c, 1) }), ""},
		{"one is described with two releases", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""), softwareItem("Member 1", "25.4R1.12", ""), softwareItem("fpc1", "25.2R1.9", "")),
			wantChassis(func(c *vc.Chassis) { silent(c, 1) }), ""},
		{"one that nobody knows", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""), softwareItem("fpc7", "25.2R1.9", ""),
			softwareItem("node1", "25.2R1.9", "")), wantChassis(), ""},
		{"one that nobody knows answers with an error", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""),
			"<multi-routing-engine-item><re-name>node7</re-name>"+rpcError("error", "timed out")+"</multi-routing-engine-item>"),
			wantChassis(func(c *vc.Chassis) {
				c.Unread = []vc.Problem{{Code: "unlisted_member", Message: "node7 answers with an error and is not in the list of members: timed out",
					Hint: "compare show virtual-chassis with show version"}}
			}), "timed out"},
		{"one that nobody knows warns", engines(softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", ""),
			"<multi-routing-engine-item><re-name>node7</re-name>"+rpcError("warning", "busy")+"</multi-routing-engine-item>"), wantChassis(), "busy"},
		{"a warning", rpcError("warning", "license expires") + twoVersions(), wantChassis(), "license expires"},
		{"refused", rpcError("error", "permission denied"), wantChassis(func(c *vc.Chassis) { silent(c, 0); silent(c, 1); c.HostName = "" }), "permission denied"},
		{"what cannot be decoded", engines(softwareItem("fpc0", "25.2R1.9", "&nosuch;")), wantChassis(func(c *vc.Chassis) { silent(c, 0); silent(c, 1); c.HostName = "" }),
			"get-software-information: malformed XML: XML syntax error on line 1: invalid character entity &nosuch;"},
		{"an HTML page", "<html><body/></html>", wantChassis(func(c *vc.Chassis) { silent(c, 0); silent(c, 1); c.HostName = "" }), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, reads("get-software-information", row.reply))
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, s.Chassis); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
			var all []string
			for _, w := range s.Warnings {
				if all = append(all, w.Message); w.Severity != "warning" && w.Severity != "error" {
					t.Errorf("severity %q of %s", w.Severity, w)
				}
			}
			if got := strings.Join(all, "; "); got != row.warnings {
				t.Errorf("warnings: want %q, got %q", row.warnings, got)
			}
		})
	}
}

func partial(statement, group string) string {
	return "system " + statement + " comes from the configuration group " + group + ", which applies to one routing engine only, so it is not in force on every member"
}

func TestReadSettings(t *testing.T) {
	const step1 = "<authorized-keys-command>\n/usr/libexec/example/keys -a &lt;x&gt; \n</authorized-keys-command><authorized-keys-command-user>example</authorized-keys-command-user>"
	both := vc.KeysCommand{Command: "/usr/libexec/example/keys -a <x>", User: "example"}
	const macro = "<apply-macro><name>someone</name><data><name>0</name><value>no</value></data></apply-macro>" +
		"<apply-macro>\n<name>\nvc-internal-ssh\n</name><data><name>0</name><value>XX0000</value></data>" +
		"<data><name> 1 </name><value>\nXX0001\n</value></data><data><name>note</name><value>x</value></data><data><name>2</name></data></apply-macro>"
	const twofold = "<apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>XX0000 unproved</value></data><data><name>01</name><value>OLD</value></data>" +
		"<data><name>1</name><value>XX0001</value></data><data><name>+1</name><value>OLD</value></data><data><name>02</name><value>XX0002</value></data></apply-macro>" +
		"<apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>XX0000</value></data><data><name>1</name><value>XX0001</value></data></apply-macro>"
	record := vc.Record{0: {Serial: "XX0000", Proved: true}, 1: {Serial: "XX0001", Proved: true}, 2: {Proved: true}}
	const unseen = "get-configuration: it shows neither system services ssh nor netconf, over which this session runs, so what else it does not show may be there"
	for _, row := range []struct {
		name   string
		reply  string
		want   vc.Settings
		groups vc.Groups
		fips   int
		unread string // all messages
		err    string
	}{
		{name: "nothing", err: unseen, reply: configuration("")},
		{name: "an empty system", err: unseen, reply: configuration("<system>\n</system>")},
		{name: "an empty reply", err: unseen, reply: ""},
		{name: "the empty reply of a compliant session", err: unseen, reply: "<data/>"},
		{name: "empty hierarchies", reply: configuration("<system><commit></commit><services><ssh/></services><fips/></system>")},
		{name: "NETCONF alone", reply: configuration("<system><services><netconf><ssh/></netconf></services></system>")},
		{name: "step 1", reply: configuration("<system><services><ssh>" + step1 + "</ssh></services></system>"), want: vc.Settings{Keys: both}},
		{name: "all", reply: configuration("<system><commit><config-sync-with-scp/>" + macro + "</commit><services><ssh>" + step1 + "</ssh></services></system>"),
			want: vc.Settings{Keys: both, SCP: true, Record: record}},
		{name: "a record that can be read in two ways", reply: configuration("<system><commit>" + twofold + "</commit><services><ssh/></services></system>"),
			want: vc.Settings{Record: vc.Record{0: {}, 1: {Serial: "XX0001", Proved: true}}}},
		{name: "the long form of an empty leaf", err: unseen, reply: configuration("<system><commit><config-sync-with-scp></config-sync-with-scp></commit></system>"),
			want: vc.Settings{SCP: true}},
		{name: "another namespace and prefix", err: unseen, reply: `<x:configuration xmlns:x="http://xml.juniper.net/xnm/1.1/xnm"><x:system><x:commit>` +
			`<x:config-sync-with-scp/></x:commit></x:system></x:configuration>`, want: vc.Settings{SCP: true}},
		{name: "a group that gives the user alone", reply: configuration(`<system><services><ssh><authorized-keys-command>/c</authorized-keys-command>` +
			`<authorized-keys-command-user junos:group="ssh">u</authorized-keys-command-user></ssh></services></system>`), want: vc.Settings{Keys: vc.KeysCommand{Command: "/c", User: "u"}}, groups: vc.Groups{Keys: "ssh"}},
		{name: "FIPS level", err: unseen, reply: configuration("<system><fips><level>1</level></fips></system>"), fips: 1},
		{name: "FIPS level of the chassis", err: unseen, reply: configuration("<system><fips><level>0</level><chassis><level>2</level></chassis></fips></system>"), fips: 2},
		{name: "a FIPS level beyond all numbers", err: unseen, reply: configuration("<system><fips><level>99999999999999999999</level></fips></system>")},
		{name: "a statement elsewhere", err: unseen, reply: configuration("<groups><name>g</name><system><commit><config-sync-with-scp/></commit></system></groups>")},
		{name: "a macro of somebody else", err: unseen, reply: configuration("<system><commit><apply-macro><name>x</name><data><name>0</name><value>a</value></data></apply-macro></commit></system>")},
		{name: "deactivated", reply: configuration(`<system><commit inactive="inactive"><config-sync-with-scp inactive="inactive"/></commit><services><ssh inactive="inactive">` +
			step1 + "</ssh></services></system>"),
			unread: "system commit is deactivated in the configuration; system commit/config-sync-with-scp is deactivated in the configuration; " +
				"system services/ssh is deactivated in the configuration"},
		{name: "deactivated as compliant sessions mark it", reply: configuration(`<system><commit><config-sync-with-scp xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false"/></commit>` +
			"<services><ssh/></services></system>"), unread: "system commit/config-sync-with-scp is deactivated in the configuration"},
		{name: "with the namespace declared twice", reply: configuration(`<system><commit><config-sync-with-scp xmlns:jcmd="http://yang.juniper.net/junos/jcmd" ` +
			`jcmd:comment="/* x */" xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false"/></commit><services><ssh/></services></system>`),
			unread: "system commit/config-sync-with-scp is deactivated in the configuration"},
		{name: "under another prefix", reply: configuration(`<system><commit xmlns:j="http://yang.juniper.net/junos/jcmd" j:active="false"><config-sync-with-scp/></commit><services><ssh/></services></system>`),
			unread: "system commit is deactivated in the configuration"},
		{name: "all of system", reply: configuration(`<system inactive="inactive"><commit><config-sync-with-scp/></commit><services><ssh/></services></system>`),
			unread: "system is deactivated in the configuration"},
		{name: "the user of the command", reply: configuration(`<system><services><ssh><authorized-keys-command>/x</authorized-keys-command>` +
			`<authorized-keys-command-user inactive="inactive">y</authorized-keys-command-user></ssh></services></system>`),
			want: vc.Settings{Keys: vc.KeysCommand{Command: "/x"}}, unread: "system services/ssh/authorized-keys-command-user is deactivated in the configuration"},
		{name: "an entry of the record", reply: configuration(`<system><commit><apply-macro><name>vc-internal-ssh</name><data inactive="inactive"><name>0</name><value>XX0000</value></data>` +
			`<data><name>1</name><value>XX0001</value></data></apply-macro></commit><services><ssh/></services></system>`),
			want: vc.Settings{Record: vc.Record{1: {Serial: "XX0001", Proved: true}}}, unread: "system commit/apply-macro/data is deactivated in the configuration"},
		{name: "a macro of others that is deactivated", reply: configuration(`<system><commit><apply-macro inactive="inactive"><name>x</name></apply-macro></commit><services><ssh/></services></system>`)},
		{name: "active, and said so", reply: configuration(`<system><commit><config-sync-with-scp xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="true"/></commit><services><ssh/></services></system>`),
			want: vc.Settings{SCP: true}},
		{name: "two commands", reply: configuration(`<system><services><ssh><authorized-keys-command>/x</authorized-keys-command><authorized-keys-command-user>y</authorized-keys-command-user></ssh>` +
			`<ssh><authorized-keys-command>/z</authorized-keys-command></ssh></services></system>`), want: vc.Settings{Keys: vc.KeysCommand{Command: "/x | /z", User: "y"}}},
		{name: "two hierarchies, the same in both", reply: configuration(`<system><services><ssh>` + step1 + `</ssh></services><services><ssh>` + step1 + `</ssh></services></system>`), want: vc.Settings{Keys: both}},
		{name: "SCP in the second of two hierarchies", reply: configuration("<system><commit><synchronize/></commit><services><ssh/></services><commit><config-sync-with-scp/></commit></system>"), want: vc.Settings{SCP: true}},
		{name: "with prefixes, in another order of attributes", reply: `<j:configuration xmlns:j="http://xml.juniper.net/xnm/1.1/xnm"><j:system><j:services><j:ssh/></j:services>` +
			`<j:commit><j:config-sync-with-scp junos:changed="changed" inactive="false"/></j:commit></j:system></j:configuration>`, want: vc.Settings{SCP: true}},
		{name: "FIPS in the second of two levels", reply: configuration("<system><services><ssh/></services><fips><level>0</level></fips><fips><level>1</level></fips></system>"), fips: 1},
		{name: "wrapped", reply: engines(item("fpc0", configuration("<system><commit><config-sync-with-scp/></commit><services><ssh/></services></system>"))), want: vc.Settings{SCP: true}},
		{name: "in the data of a compliant session", reply: "<data>" + configuration("<system><commit><config-sync-with-scp/></commit><services><ssh/></services></system>") + "</data>", want: vc.Settings{SCP: true}},
		{name: "in two parts", reply: configuration("<system><services><ssh/></services></system>") + configuration("<system><commit><config-sync-with-scp/></commit></system>"), want: vc.Settings{SCP: true}},
		{name: "in two parts of one", reply: configuration("<system><services><ssh/></services></system><system><commit/></system><system><commit><config-sync-with-scp/></commit></system>"), want: vc.Settings{SCP: true}},
		{name: "in a part that is deactivated", reply: configuration("<system><services><ssh/></services></system>" + `<system inactive="inactive"><commit><config-sync-with-scp/></commit></system>`),
			unread: "system commit is deactivated in the configuration"},
		{name: "deactivated by a number", reply: configuration(`<system><commit><config-sync-with-scp active="0"/></commit><services><ssh/></services></system>`), unread: "system commit/config-sync-with-scp is deactivated in the configuration"},
		{name: "deactivated in capitals", reply: configuration(`<system><commit active=" False "><config-sync-with-scp/></commit><services><ssh/></services></system>`), unread: "system commit is deactivated in the configuration"},
		{name: "deactivated in the namespace of the release", reply: configuration(`<system><commit><config-sync-with-scp junos:inactive="inactive"/></commit><services><ssh/></services></system>`),
			unread: "system commit/config-sync-with-scp is deactivated in the configuration"},
		{name: "not deactivated, and said so", reply: configuration(`<system><commit><config-sync-with-scp inactive="0"/></commit><services><ssh/></services></system>`), want: vc.Settings{SCP: true}},
		{name: "of a logical system", reply: configuration("<logical-systems><name>x</name><system><commit><config-sync-with-scp/></commit></system></logical-systems><system><services><ssh/></services></system>")},
		{name: "among comments, sections and instructions", reply: configuration("<system><services><ssh><authorized-keys-command>/usr<?x y?>/lib<!-- z --><![CDATA[/k]]></authorized-keys-command>" +
			"<authorized-keys-command-user>u</authorized-keys-command-user></ssh></services></system>"), want: vc.Settings{Keys: vc.KeysCommand{Command: "/usr/lib/k", User: "u"}}},
		{name: "from the group of one engine", reply: configuration(`<system><commit><config-sync-with-scp junos:group="re0"/></commit><services><ssh>` + step1 + `</ssh></services></system>`),
			want: vc.Settings{Keys: both}, groups: vc.Groups{SCP: "re0"}, unread: partial("commit config-sync-with-scp", "re0")},
		{name: "from the group of one member", reply: configuration(`<system><commit junos:group="member0-re0"><config-sync-with-scp/></commit><services><ssh/></services></system>`),
			groups: vc.Groups{SCP: "member0-re0"}, unread: partial("commit config-sync-with-scp", "member0-re0")},
		{name: "the command from the group of one node", reply: configuration(`<system><services><ssh junos:group="node1">` + step1 + `</ssh></services></system>`),
			groups: vc.Groups{Keys: "node1"}, unread: partial("services ssh authorized-keys-command", "node1")},
		{name: "from groups", reply: configuration(`<system><commit><config-sync-with-scp junos:group="sync"/></commit><services junos:group="ssh"><ssh>` + step1 + "</ssh></services></system>"),
			want: vc.Settings{Keys: both, SCP: true}, groups: vc.Groups{SCP: "sync", Keys: "ssh"}},
		{name: "refused", reply: refusal("permission denied", "get-configuration"), err: "get-configuration: the device reports: permission denied at get-configuration"},
		{name: "an HTML page", reply: "<html><body/></html>", err: "get-configuration: want a configuration, got <html>"},
		{name: "text", reply: "<configuration-text>system { }</configuration-text>", err: "want a configuration, got <configuration-text>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, reads("get-configuration", row.reply))
			s, err := d.Read(t.Context())
			if !told(t, err, row.err) {
				return
			}
			if diff := cmp.Diff(row.want, s.Settings); diff != "" || s.FIPSLevel != row.fips || s.Groups != row.groups {
				t.Errorf("FIPS level %d, groups %v, settings: want - got +\n%s", s.FIPSLevel, s.Groups, diff)
			}
			var unread []string
			for _, p := range s.Unread {
				unread = append(unread, p.Message)
			}
			if got := strings.Join(unread, "; "); got != row.unread {
				t.Errorf("unread: want %q, got %q", row.unread, got)
			}
		})
	}
}

// A group that others than engines are meant by applies everywhere, unless it has a
// condition: that is asked, and only then.
// The lowest of the limits of both services counts: which of them a port is of does not show.
func TestReadLoginLimits(t *testing.T) {
	for text, want := range map[string]vc.LoginLimits{
		"<connection-limit>10</connection-limit><rate-limit>4</rate-limit>": {Sessions: 10, PerMinute: 4},
		"<rate-limit>many</rate-limit>":                                     {},
		"<rate-limit>0</rate-limit>":                                        {},
		"<rate-limit>-3</rate-limit>":                                       {},
		"":                                                                  {},
	} {
		for _, service := range []string{"<ssh>%s</ssh><netconf><ssh><rate-limit>100</rate-limit></ssh></netconf>", "<ssh><rate-limit>100</rate-limit></ssh><netconf><ssh>%s</ssh></netconf>"} {
			shown := "<system><services>" + fmt.Sprintf(service, text) + "</services></system>"
			d, _ := play(t, Options{}, reads("get-configuration", configuration(shown)))
			s, err := d.Read(t.Context())
			if want.PerMinute == 0 {
				want.PerMinute = 100
			}
			if err != nil || s.Logins != want {
				t.Errorf("%s: want %+v, got %+v, %v", shown, want, s.Logins, err)
			}
		}
	}
}

// A chassis without a service for SSH is known as one, and not where a group gives it.
func TestReadThatNothingConfiguresSSH(t *testing.T) {
	const netconf, both = "<system><services><netconf><ssh/></netconf></services></system>", "<system><services><ssh/><netconf><ssh/></netconf></services></system>"
	for _, row := range []struct {
		name, own, effective string
		lacks                bool
	}{
		{"configured", both, both, false},
		{"not configured", netconf, netconf, true},
		{"by a group", netconf, both, false},
	} {
		replies := reads("", "")
		replies["get-configuration"] = says(configuration(row.own), configuration(row.effective))
		d, _ := play(t, Options{}, replies)
		s, err := d.Read(t.Context())
		if err != nil || s.LacksSSH != row.lacks {
			t.Errorf("%s: want %v, got %v, %v", row.name, row.lacks, s.LacksSSH, err)
		}
	}
}

// What is in force must be somewhere: at its own place, or in a group that is named.
func TestReadStatementsWithoutAPlace(t *testing.T) {
	const ssh, set = "<services><ssh/></services>", "<commit><config-sync-with-scp/></commit>"
	keys := func(command string) string {
		return "<services><ssh><authorized-keys-command>" + command + "</authorized-keys-command><authorized-keys-command-user>u</authorized-keys-command-user></ssh></services>"
	}
	for _, row := range []struct{ name, own, effective, problem, transport string }{
		{"in force, and nowhere", ssh, set + ssh, "system commit config-sync-with-scp is in force, and the device does not show at which place", "unknown"},
		{"written, and not in force", set + ssh, ssh, "system commit config-sync-with-scp is in the configuration, and the device shows it as not in force", "unknown"},
		{"a command that is nowhere", ssh, keys("/x"), "system services ssh authorized-keys-command is in force, and the device does not show", "rcp"},
		{"another command than the one that is written", keys("/x"), keys("/y"), "system services ssh authorized-keys-command is in the configuration, and the device shows it as not in force or with another value", "rcp"},
		{"both the same", set + keys("/x"), set + keys("/x"), "", "scp"},
	} {
		all := reads("", "")
		all["get-configuration"] = says(configuration("<system>"+row.own+"</system>"), configuration("<system>"+row.effective+"</system>"))
		d, _ := play(t, Options{ReadOnly: true}, all)
		s, err := d.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		transport, _ := s.Transport()
		if (row.problem == "") != (len(s.Unread) == 0) || row.problem != "" && !strings.HasPrefix(s.Unread[0].Message, row.problem) || string(transport) != row.transport {
			t.Errorf("%s: transport %s, problems %v", row.name, transport, s.Unread)
		}
		if row.problem != "" && strings.Contains(row.problem, "ssh") && !s.Settings.Keys.IsUnset() {
			t.Errorf("%s: the command counts as set", row.name)
		}
	}
}

func TestReadGroups(t *testing.T) {
	reply := configuration(`<system><commit><config-sync-with-scp junos:group="sync"/></commit><services><ssh/></services></system>`)
	for _, row := range []struct{ name, group, problem string }{
		{"without a condition", configuration("<groups><name>sync</name></groups>"), ""},
		{"another one has a condition", configuration("<groups><name>sync</name></groups><groups><name>x</name><when><time>1</time></when></groups>"), ""},
		{"with a condition", configuration("<groups><name>sync</name><when><model>ex4400-24t</model></when></groups>"), "applies under a condition (when)"},
		{"a release without conditions", refusal("syntax error", "when"), ""},
		{"refused", refusal("permission denied", "groups"), "could not be read"},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := reads("get-configuration", reply)
			all["get-configuration"] = says(reply, reply, row.group)
			d, p := play(t, Options{ReadOnly: true}, all)
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			transport, _ := s.Transport()
			if isPart := row.problem != ""; isPart != (len(s.Unread) == 1) || isPart == s.Settings.SCP || isPart && transport != vc.UnknownTransport ||
				isPart && !strings.Contains(s.Unread[0].Message, row.problem) {
				t.Errorf("problems %v, SCP %v, transport %s", s.Unread, s.Settings.SCP, transport)
			}
			sent := p.sent()
			if len(sent) != 7 {
				t.Fatalf("want two requests more than a reading, got %d", len(sent))
			}
			if want := `<get-configuration database="committed" format="xml"><configuration><groups><name>sync</name><when/></groups></configuration></get-configuration>`; sent[5] != want {
				t.Errorf("want %s, got %s", want, sent[5])
			}
			if !strings.HasPrefix(sent[6], `<get-configuration database="committed" format="xml"><configuration><apply-groups/>`) {
				t.Errorf("got %s", sent[6])
			}
		})
	}
}

// The command for keys may come from a group as SCP may.
func TestKeysOfAGroup(t *testing.T) {
	none := configuration("<system><services><ssh/></services></system>")
	keyed := configuration(`<system><services><ssh><authorized-keys-command junos:group="sync">/x</authorized-keys-command></ssh></services></system>`)
	for when, isWhole := range map[string]bool{"": true, "<when><model>x</model></when>": false} {
		all := reads("", "")
		all["get-configuration"] = says(none, keyed, configuration("<groups><name>sync</name>"+when+"</groups>"), configuration("<apply-groups>sync</apply-groups>"))
		d, _ := play(t, Options{ReadOnly: true}, all)
		s, err := d.Read(t.Context())
		if err != nil || s.Groups.Keys != "sync" || !s.Own.Keys.IsUnset() || s.Settings.Keys.IsUnset() == isWhole || (len(s.Unread) == 0) != isWhole {
			t.Errorf("%q: keys %+v of %q, problems %v, %v", when, s.Settings.Keys, s.Groups.Keys, s.Unread, err)
		}
	}
}

// A group that another one applies is in force where that one is.
func TestReadGroupsOfGroups(t *testing.T) {
	reply := configuration(`<system><commit><config-sync-with-scp junos:group="sync"/></commit><services><ssh/></services></system>`)
	plain := configuration("<groups><name>sync</name></groups>")
	by := func(names ...string) string {
		text := "<apply-groups>other</apply-groups>"
		for _, name := range names {
			text += "<groups><name>" + name + "</name><apply-groups>sync</apply-groups></groups>"
		}
		return configuration(text)
	}
	outer := configuration("<groups><name>outer</name><when><model>x</model></when></groups>")
	for _, row := range []struct {
		name    string
		groups  []string
		problem string
	}{
		{"applied by the configuration", says(plain, configuration("<apply-groups>other</apply-groups><apply-groups>sync</apply-groups>")), ""},
		{"applied at its hierarchy", says(plain, configuration("<system><commit><apply-groups>sync</apply-groups></commit></system>")), ""},
		{"applied by both", says(plain, configuration("<apply-groups>sync</apply-groups><groups><name>re0</name><apply-groups>sync</apply-groups></groups>")), ""},
		{"applied by the group of an engine", says(plain, by("re0")), "which is applied by the group re0, which applies to one routing engine only"},
		{"below a hierarchy of such a group", says(plain, configuration("<groups><name>member1</name><system><apply-groups>sync</apply-groups></system></groups>")), "which is applied by the group member1, which applies to one"},
		{"applied by a group with a condition", says(plain, by("outer"), outer, by()), "which is applied by the group outer, which applies under a condition (when)"},
		{"applied by two, one of them whole", says(plain, by("re0", "outer"), configuration("<groups><name>outer</name></groups>"), configuration("<apply-groups>outer</apply-groups>")), ""},
		{"in a circle", says(plain, configuration("<groups><name>sync</name><apply-groups>sync</apply-groups></groups>")), ""},
		{"in a circle of two", says(plain, by("outer"), configuration("<groups><name>outer</name></groups>"), configuration("<groups><name>sync</name><apply-groups>outer</apply-groups></groups>")), ""},
		{"in a circle, and by the group of an engine", says(plain, configuration("<groups><name>sync</name><apply-groups>sync</apply-groups></groups><groups><name>re0</name><apply-groups>sync</apply-groups></groups>")),
			"which is applied by the group re0, which applies to one"},
		{"excepted in the configuration", says(plain, configuration("<apply-groups-except>sync</apply-groups-except><groups><name>re0</name><apply-groups>sync</apply-groups></groups>")),
			"which is applied by the group re0, which applies to one"},
		{"deactivated in the configuration", says(plain, configuration(`<apply-groups inactive="inactive">sync</apply-groups><groups><name>re1</name><apply-groups>sync</apply-groups></groups>`)), "the group re1, which"},
		{"nobody says who applies it", says(plain, refusal("permission denied", "groups")), "could not be read"},
		{"nobody says whether it has a condition", says(refusal("permission denied", "groups"), configuration("<apply-groups>sync</apply-groups>")), "could not be read"},
		{"conditions that cannot be read", says(configuration("<groups><name>&nosuch;</name></groups>"), configuration("<apply-groups>sync</apply-groups>")), "could not be read"},
		{"what applies it cannot be read", says(plain, configuration("<apply-groups>&nosuch;</apply-groups>")), "could not be read"},
		{"a release that cannot be asked", says(plain, refusal("syntax error", "apply-groups")), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := reads("get-configuration", reply)
			all["get-configuration"] = append(says(reply, reply), row.groups...)
			d, _ := play(t, Options{ReadOnly: true}, all)
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if isPart := row.problem != ""; isPart == s.Settings.SCP || isPart != (len(s.Unread) == 1) || isPart && !strings.Contains(s.Unread[0].Message, row.problem) {
				t.Errorf("want %q, got SCP %v, %v", row.problem, s.Settings.SCP, s.Unread)
			}
		})
	}
}

// A reading whose session breaks in a question that it adds has failed: what a group or a
// class hides is not taken for nothing.
func TestReadBreaksInAQuestion(t *testing.T) {
	grouped := configuration(`<system><commit><config-sync-with-scp junos:group="sync"/></commit><services><ssh/></services></system>`)
	keyed := configuration(`<system><commit/><services><ssh><authorized-keys-command junos:group="sync">/x</authorized-keys-command></ssh></services></system>`)
	nothing := configuration("<system><services><ssh/></services></system>")
	for _, row := range []struct {
		name, comment string
		replies       []string
		err           string
	}{
		{"the group of SCP", "user root, class super-user", says(grouped, grouped, "EOF"), "read the configuration group sync: "},
		{"the group of the keys", "user root, class super-user", says(keyed, keyed, "EOF"), "read the configuration group sync: "},
		{"the login class", "user x, class audit", says(nothing, nothing), "read what the login class may see: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := reads("", "")
			all["get-configuration"], all["get-authorization-information"] = row.replies, says("EOF")
			d, _ := playAs(t, row.comment, Options{}, all)
			if _, err := d.Read(t.Context()); !told(t, err, row.err) && !IsLinkLost(err) {
				t.Errorf("want a lost link, got %v", err)
			}
		})
	}
}

// Whoever may not see system commit does not learn that SCP is off.
func TestReadVisibility(t *testing.T) {
	const permits = "<authorization-information>Current user: 'x' class 'audit'\nPermissions:\n    view        -- Can view current values\n    view-configuration-- Can view all configuration\n" +
		"Individual command authorization:\n    Deny regular expression: none\n    Deny configuration regular expression: %s\n</authorization-information>"
	nothing := configuration("<system><services><ssh/></services></system>")
	shown := configuration("<system><commit><synchronize/></commit><services><ssh/></services></system>")
	for _, row := range []struct{ name, comment, configuration, authorization, transport string }{
		{"super-user sees all", "user x, class super-user", nothing, "", "rcp"},
		{"nobody says which class", "", nothing, "", "unknown"},
		{"nobody says which class, of root", "user root", nothing, "", "rcp"},
		{"only the rights name the class", "", nothing, "<output>Current user: &apos;x&apos; login: &apos;x&apos; class &apos;super-user&apos;\nPermissions:\n</output>", "rcp"},
		{"only the rights name the class, in an element", "user x", nothing, "<authorization-information><class-name>superuser</class-name></authorization-information>", "rcp"},
		{"only the rights name a class that may not see", "user x", nothing, strings.Replace(permits, "%s", "system commit", 1), "unknown"},
		{"only the rights name a class that may see", "user x", nothing, strings.Replace(permits, "%s", "none", 1), "rcp"},
		{"a class called nearly so", "user x", nothing, "<output>Current user: 'x' class 'super-user-local'</output>", "unknown"},
		{"nobody says which class, and a part is seen", "", shown, "", "unknown"},
		{"a class that may see all", "user x, class audit", nothing, strings.Replace(permits, "%s", "none", 1), "rcp"},
		{"a class that may not", "user x, class audit", nothing, strings.Replace(permits, "%s", "system commit", 1), "unknown"},
		{"a class without the permission", "user x, class audit", nothing, "<output>Permissions: view\n Deny configuration regular expression: none</output>", "unknown"},
		{"a device that does not say", "user x, class audit", nothing, refusal("syntax error", "get-authorization-information"), "unknown"},
		{"a part of it is seen", "user x, class audit", shown, strings.Replace(permits, "%s", "none", 1), "rcp"},
		{"a part of it is seen, and nobody says of what", "user x, class audit", shown, "", "unknown"},
		{"one statement is hidden", "user x, class audit", shown, strings.Replace(permits, "%s", "system commit config-sync-with-scp", 1), "unknown"},
		{"one is hidden by a pattern", "user x, class audit", shown, strings.Replace(permits, "%s", "^system (login .*|commit config.*)$", 1), "unknown"},
		{"one is hidden by one of several", "user x, class audit", shown, strings.Replace(permits, "%s", `"snmp" "system commit config-.*"`, 1), "unknown"},
		{"what is around it is hidden", "user x, class audit", shown, "<output>permissions: view-configuration</output><deny-configuration>apply-macro|config-sync&lt;x&gt;|^system commit$</deny-configuration>", "unknown"},
		{"a pattern that cannot be read", "user x, class audit", shown, strings.Replace(permits, "%s", "system (commit", 1), "unknown"},
		{"others are hidden", "user x, class audit", shown, strings.Replace(permits, "%s", "system (login|root-authentication|syslog)", 1), "rcp"},
		{"what is set is seen", "user x, class audit", configuration("<system><commit><config-sync-with-scp/></commit><services><ssh/></services></system>"),
			strings.Replace(permits, "%s", "system commit config-sync-with-scp", 1), "scp"},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := reads("get-configuration", row.configuration)
			if row.authorization != "" {
				all["get-authorization-information"] = says(row.authorization)
			}
			d, _ := playAs(t, row.comment, Options{ReadOnly: true}, all)
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if transport, why := s.Transport(); string(transport) != row.transport || (row.transport == "unknown") != (len(s.Unread) > 0) {
				t.Errorf("transport %s (%s), problems %v", transport, why, s.Unread)
			}
		})
	}
}

// What a group gives as a record claims nothing: it could not be withdrawn.
func TestRecordOfAGroupIsNone(t *testing.T) {
	own := configuration("<system><services><ssh/></services></system>")
	effective := configuration(`<system><commit><apply-macro junos:group="g"><name>vc-internal-ssh</name><data><name>0</name><value>XX0000</value></data></apply-macro></commit>` +
		"<services><ssh/></services></system>")
	all := reads("", "")
	all["get-configuration"] = says(own, effective)
	d, _ := play(t, Options{ReadOnly: true}, all)
	s, err := d.Read(t.Context())
	if err != nil || len(s.Settings.Record)+len(s.Own.Record) > 0 {
		t.Errorf("want no record, got %v and %v, %v", s.Settings.Record, s.Own.Record, err)
	}
}
