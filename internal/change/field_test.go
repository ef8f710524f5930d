// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// Cases that were seen on switches, from the module's arguments to its result. Their
// parts have tests where they are read and judged.

// The reply lists the primary alone, and a warning names a member that could not be
// reached.
func TestWarningNamesAMemberThatIsNotListed(t *testing.T) {
	t.Parallel()
	const knobs = "commit_results: primary_only, member_failure: warning, member_failure_text: \"Could not connect to %s : Can't assign requested address (%s)\""
	one := 1
	fails := sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &one, Times: -1}
	t.Run("step 1", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, withKnobs(knobs))
		defer b.letTimePass()()
		_, err := b.lab.AddFault(fails)
		must(t, err)
		b.saidOf(b.run(context.Background(), false, "vc_authorized_keys_command", stepOne()), true, "reverted", "member 1 did not apply it")
	})
	t.Run("step 3", func(t *testing.T) {
		t.Parallel()
		b, args := ready(t, withKnobs(knobs))
		defer b.letTimePass()()
		_, err := b.lab.AddFault(fails)
		must(t, err)
		a := b.run(context.Background(), false, "vc_scp_sync", args)
		if !a.failed() || !strings.Contains(a.text("msg"), "member 1") || a.text("commit_state") == "confirmed" {
			t.Errorf("want member 1 failed and nothing confirmed, got %v", a)
		}
	})
}

// A statement that is deactivated in the way of a yang-compliant session is not in
// force, also where its marks declare their namespace twice or by another name.
func TestDeactivatedInCompliantSessions(t *testing.T) {
	t.Parallel()
	const space = `="http://yang.juniper.net/junos/jcmd" `
	for name, marks := range map[string]string{
		"once":           `xmlns:jcmd` + space + `jcmd:active="false"`,
		"declared twice": `xmlns:jcmd` + space + `jcmd:comment="/* agreed with ops */" xmlns:jcmd` + space + `jcmd:active="false"`,
		"by another":     `xmlns:j` + space + `j:active="false"`,
		"in the old way": `inactive="inactive"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, threeMembers)
			b.procedure()
			b.pass()
			b.play(script{"get-configuration", sim.Before, 0, mutate("<config-sync-with-scp", "<config-sync-with-scp "+marks)})
			info := b.apply("vc_info", with(stepOne(), "scp", "enabled"))
			if info["compliant"] != false || info["scp_active"] == true || !strings.Contains(asText(info["problems"]), "deactivated") {
				t.Errorf("want it named as deactivated, got %v", info)
			}
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", nil), true, "none", "deactivated")
		})
	}
}

// What a group of one routing engine gives is in force on a part of the chassis.
func TestStatementOfOneEngineOnly(t *testing.T) {
	t.Parallel()
	for _, group := range []string{"re0", "member1", "node0"} {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, threeMembers)
			b.procedure()
			b.pass()
			b.lab.Hook(func(e sim.Event) sim.Fault {
				if e.RPC != "get-configuration" || !strings.Contains(e.Request, "inherit") {
					return sim.Fault{}
				}
				return mutate("<config-sync-with-scp", `<config-sync-with-scp xmlns:junos="http://xml.juniper.net/junos/*/junos" junos:group="`+group+`"`)()
			})
			info := b.apply("vc_info", with(stepOne(), "scp", "enabled"))
			if info["compliant"] != false || !strings.Contains(asText(info["problems"]), group) {
				t.Errorf("want a problem that names %s, got %v", group, info)
			}
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", nil), true, "none", group)
		})
	}
}

// Member ids of a fabric are named, and nothing is done.
func TestFabricIsNotSupported(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"10", "12", "19"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, threeMembers)
			b.play(script{"get-virtual-chassis-information", sim.Before, 0, mutate("<member-id>2<", "<member-id>"+id+"<")})
			a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
			b.saidOf(a, true, "none", "not supported")
			if !strings.Contains(strings.ToLower(asText(a)), "fabric") {
				t.Errorf("want the fabric named, got %v", a)
			}
		})
	}
}

// A login that may do nothing is greeted with errors before the hello. Their words,
// and where to look, are in the result.
func TestRestrictedSession(t *testing.T) {
	t.Parallel()
	const before = "<rpc-reply>\n<rpc-error>\n<error-severity>warning</error-severity>\n<error-message>\nuser \"judge\" does not have access privileges.\n" +
		"</error-message>\n</rpc-error>\n</rpc-reply>\n<rpc-reply>\n<rpc-error>\n<error-severity>error</error-severity>\n" +
		"<error-message>\nRestricted user session.\n</error-message>\n</rpc-error>\n</rpc-reply>\n"
	b := newBench(t, threeMembers)
	b.play(script{"hello", sim.Before, 0, mutate("<hello", before+"<hello")})
	a := b.run(context.Background(), false, "vc_info", nil)
	if !a.failed() || !strings.Contains(a.text("msg")+a.text("hint"), "Restricted user session") || !strings.Contains(a.text("hint"), "login class") || strings.Contains(a.text("hint"), "connection-limit") {
		t.Errorf("want the device's words and the login class, got %v", a)
	}
}

// Replies that wrap what one member answers are read like those that do not: the whole
// procedure, and who holds the lock.
func TestRepliesThatAreWrapped(t *testing.T) {
	t.Parallel()
	for _, wrapper := range []string{"fpc", "localre"} {
		t.Run(wrapper, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, withKnobs("reply_wrapper: "+wrapper))
			if !b.procedure() || b.procedure() {
				t.Error("want the procedure done once, and not twice")
			}
			b.pass()
			for _, v := range append(b.isTold(), scpOn(b.settle())...) {
				t.Error(v)
			}
			alice := b.chassis.Colleague("alice", "cli")
			defer alice.Close()
			must(t, alice.Lock())
			must(t, alice.Edit("set system services ftp"))
			b.args["lock_timeout"] = 0
			b.saidOf(b.run(context.Background(), false, "vc_scp_sync", map[string]any{"state": "disabled"}), true, "none", "by alice pts/1 (pid")
		})
	}
}
