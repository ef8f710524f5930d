// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

func TestLogins(t *testing.T) {
	_, ch := oneChassis(t, "")
	for _, test := range []struct {
		user, password, set string
		ok                  bool
	}{
		{"root", rootPassword, "", true},
		{"root", "wrong", "", false},
		{"nobody", rootPassword, "", false},
		{"operator", "Operator-lab-1", "", true},
		{"root", rootPassword, "set system services ssh root-login deny-password", false},
		{"root", rootPassword, "set system services ssh root-login deny", false},
		{"admin", "Admin-lab-1", "set system services ssh root-login deny", true},
	} {
		t.Run(test.user+" "+test.set, func(t *testing.T) {
			if test.set != "" {
				c := ch.Colleague("admin", "cli")
				defer c.Close()
				if err := c.Edit(test.set); err != nil {
					t.Fatal(err)
				}
				if err := c.Commit(0); err != nil {
					t.Fatal(err)
				}
			}
			c, err := tryLogin(ch.Address(), test.user, test.password)
			if (err == nil) != test.ok {
				t.Fatalf("want %v, got %v", test.ok, err)
			}
			if c != nil {
				c.close()
			}
		})
	}
}

func TestClasses(t *testing.T) {
	lab, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "operator", "Operator-lab-1")
	c.want(`<get-virtual-chassis-information/>`, "Master*")
	c.want(lockOp, "permission denied", "<bad-element>lock</bad-element>")
	c.want(setLoad("set system location building A"), "permission denied")
	admin := login(t, ch.Address(), "admin", "Admin-lab-1")
	admin.want(prepared, "permission denied", "!completed")
	if lab.Counters("vc1").Prepares != 0 {
		t.Fatal("keys were made for somebody who is not root")
	}
}

func TestManners(t *testing.T) {
	for _, test := range []struct {
		name, set string
		hello     []string
		op        string
		reply     []string
	}{
		{"as it comes", "", []string{"<!-- user root, class super-user -->", "<hello xmlns=", "!base:1.1"},
			`<get-system-information/>`, []string{`<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/25.2R1.9/junos" message-id="7">`}},
		{"rfc-compliant", "set system services netconf rfc-compliant", []string{"<nc:hello xmlns:nc=", "<nc:session-id>"},
			`<get-foo/>`, []string{`<nc:rpc-reply xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"`, "<nc:rpc-error>", "<nc:error-message>syntax error"}},
		{"chunks", "set system services netconf version-1.1", []string{"urn:ietf:params:netconf:base:1.1"},
			`<get-system-information/>`, []string{"<host-name>vc1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, "  config_add: "+test.set+"\n")
			c := login(t, ch.Address(), "root", rootPassword)
			for _, text := range test.hello {
				without, not := strings.CutPrefix(text, "!")
				if strings.Contains(c.hello, without) == not {
					t.Errorf("hello: want %q in %s", text, c.hello)
				}
			}
			c.want(test.op, test.reply...)
		})
	}
}

func TestFaults(t *testing.T) {
	read := `<get-system-information/>`
	for _, test := range []struct {
		rule Rule
		text string // "" when the session must be gone
	}{
		{Rule{Fault: Fault{Action: engine.FaultDrop}}, ""},
		{Rule{Fault: Fault{Action: engine.FaultReset}, When: After}, ""},
		{Rule{Fault: Fault{Action: engine.FaultTruncate}, When: After}, ""},
		{Rule{Fault: Fault{Action: engine.FaultError, Text: "no luck"}}, "<error-message>no luck"},
		{Rule{Fault: Fault{Action: engine.FaultWarning, Text: "mind the gap"}, When: After}, "<error-severity>warning"},
		{Rule{Fault: Fault{Action: engine.FaultMutate, Find: "vc1", Replace: "vc9"}, When: After}, "<host-name>vc9"},
		{Rule{Fault: Fault{Action: engine.FaultStall, Delay: "1ms"}}, "<host-name>vc1"},
		{Rule{Fault: Fault{Action: engine.FaultDrop}, Nth: 3}, "<host-name>vc1"},
		{Rule{Fault: Fault{Action: engine.FaultDrop}, RPC: "commit"}, "<host-name>vc1"},
	} {
		t.Run(test.rule.Action+" "+test.rule.When+test.rule.RPC, func(t *testing.T) {
			lab, ch := oneChassis(t, "")
			c := login(t, ch.Address(), "root", rootPassword)
			if _, err := lab.AddFault(test.rule); err != nil {
				t.Fatal(err)
			}
			reply, err := c.try(read)
			if (err != nil) != (test.text == "") || !strings.Contains(reply, test.text) {
				t.Fatalf("want %q, got %q, %v", test.text, reply, err)
			}
		})
	}
}

func TestFaultAfterACommitLeavesItApplied(t *testing.T) {
	for _, when := range []string{Before, After} {
		t.Run(when, func(t *testing.T) {
			lab, ch := oneChassis(t, "")
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(setLoad("set system location building A"), "<ok/>")
			if _, err := lab.AddFault(Rule{Fault: Fault{Action: engine.FaultDrop}, RPC: "commit-configuration", When: when}); err != nil {
				t.Fatal(err)
			}
			if _, err := c.try(commitOp); err == nil {
				t.Fatal("the session should be gone")
			}
			if applied := len(ch.State(false).Commits) == 2; applied != (when == After) {
				t.Fatalf("applied: %v", applied)
			}
		})
	}
}

func TestMemberFaults(t *testing.T) {
	one := 1
	for _, test := range []struct {
		action, profile string
		reply           []string
	}{
		{engine.FaultUnreachable, "", []string{"fpc1: No route to host", "<name>fpc2</name>", "<commit-check-success/>", "!<ok/>"}},
		{engine.FaultDiskFull, "", []string{"fpc1: rcp: /config/juniper.conf+: No space left on device", "!<ok/>"}},
		{engine.FaultCommit, "", []string{"fpc1: commit failed", "!<ok/>"}},
		{engine.FaultCommit, "member_failure: warning", []string{"<error-severity>warning", "fpc1", "<commit-success/>", "<ok/>"}},
		{engine.FaultCommit, "member_failure: warning, commit_results: primary_only", []string{"<name>fpc0</name>", "<name>fpc1</name>", "!fpc2", "<ok/>"}},
	} {
		t.Run(test.action+" "+test.profile, func(t *testing.T) {
			lab, ch := oneChassis(t, "  profile: {"+test.profile+"}\n")
			if _, err := lab.AddFault(Rule{Fault: Fault{Action: test.action}, Member: &one}); err != nil {
				t.Fatal(err)
			}
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(setLoad("set system location building A"), "<ok/>")
			c.want(commitOp, test.reply...)
			s := ch.State(false)
			applied := strings.Contains(test.profile, "warning")
			if s.Members[1].InSync == applied || s.Members[2].InSync == false {
				t.Fatalf("applied %v: %+v", applied, s.Members)
			}
		})
	}
	t.Run("reads", func(t *testing.T) {
		lab, ch := oneChassis(t, "")
		if _, err := lab.AddFault(Rule{Fault: Fault{Action: engine.FaultUnreachable}, Member: &one}); err != nil {
			t.Fatal(err)
		}
		c := login(t, ch.Address(), "root", rootPassword)
		c.want(`<get-software-information/>`, "Could not connect to fpc1 : No route to host", "<re-name>fpc0", "!<re-name>fpc1")
	})
}

func TestCommitReplyShapes(t *testing.T) {
	for _, test := range []struct {
		profile, op string
		reply       []string
	}{
		{"commit_results: empty", commitOp, []string{"<commit-results>\n</commit-results>", "<ok/>"}},
		{"commit_results: plain_ok", "<commit/>", []string{"!commit-results", "<ok/>"}},
		{"commit_style: show-name", commitOp, []string{`<routing-engine junos:style="show-name">`}},
		{"validate_reply: malformed", `<validate><source><candidate/></source></validate>`, []string{"<commit-check-success/>\n<ok/>", "!</routing-engine>"}},
		{"local_name: all", `<get-software-information/>`, []string{"<re-name>localre", "!fpc0", "<re-name>fpc1"}},
		{"role_word: Primary", `<get-virtual-chassis-information/>`, []string{"<member-role>Primary*"}},
		{"namespace_version: full", `<get-software-information/>`, []string{"junos/25.2R1.9/junos"}},
		{"banner: cli", `<get-software-information/>`, []string{"<banner>{master:0}</banner>"}},
		{"error_tags: minimal", `<get-foo/>`, []string{"!error-tag", "syntax error"}},
		{"prepare_setup: unknown", prepared, []string{"syntax error", "<bad-element>internal-ssh"}},
		{"prepare_setup: fail", prepared, []string{"error: internal SSH setup failed on fpc2"}},
		{"prepare_setup: prompt", prepared, []string{"[yes,no] (no)"}},
	} {
		t.Run(test.profile, func(t *testing.T) {
			_, ch := oneChassis(t, "  profile: {"+strings.Replace(test.profile, "'", "", -1)+"}\n")
			login(t, ch.Address(), "root", rootPassword).want(test.op, test.reply...)
		})
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct{ name, more string }{
		{"profile, at once", "  profile: {connection_limit: 2}\n"},
		{"profile, a minute", "  profile: {rate_limit: 2}\n"},
		{"configuration", "  config_add: set system services ssh connection-limit 2\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, test.more)
			login(t, ch.Address(), "root", rootPassword)
			login(t, ch.Address(), "root", rootPassword)
			if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
				t.Fatal("a third login should be refused")
			}
		})
	}
}
