// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/modules"
)

// needed are the options without which a module asks for more.
func (b *bench) needed(module string) map[string]any {
	if module == "vc_authorized_keys_command" {
		return b.options(module, nil)
	}
	if module == "vc_snapshot" {
		return map[string]any{"dest": b.t.TempDir() + "/snapshot.json"}
	}
	return map[string]any{}
}

// However early a run ends, its result says what became of the device.
func TestCommitStateIsAlwaysTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	maps.Copy(b.args, quick)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	nobody := closed.Addr().(*net.TCPAddr).Port
	must(t, closed.Close())
	for _, m := range modules.Table() {
		for _, row := range []struct {
			name    string
			options map[string]any
			rpc     string // is refused
			msg     string
		}{
			{"an unknown option", map[string]any{"hots": "x"}, "", "hots"},
			{"no host", map[string]any{"host": ""}, "", "host"},
			{"nobody there", map[string]any{"port": nobody}, "", "nothing was changed"},
			{"a wrong password", map[string]any{"password": "Canary-Wrong"}, "", "nothing was changed"},
			{"a reading that fails", nil, "get-virtual-chassis-information", "nothing was changed"},
			{"a hello that fails", nil, "hello", "nothing was changed"},
		} {
			options := b.needed(m.Name)
			maps.Copy(options, row.options)
			if row.rpc != "" {
				b.play(script{row.rpc, sim.Before, 0, fault("drop")})
			}
			for _, check := range []bool{true, false} {
				a := b.run(context.Background(), check, m.Name, options)
				if !a.failed() || a.text("commit_state") != "none" || !strings.Contains(a.text("msg"), row.msg) {
					t.Errorf("%s, %s: want a failure with commit_state none and %q, got %v", m.Name, row.name, row.msg, a)
				}
			}
			b.lab.Hook(nil)
		}
	}
}

// Without a trial nothing would take SCP back from members that have no keys.
func TestSCPIsNotEnabledWithoutATrial(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	args["confirm_timeout"] = 0
	before := b.snapshot()
	for _, check := range []bool{true, false} {
		a := b.run(context.Background(), check, "vc_scp_sync", args)
		if !a.failed() || !strings.Contains(a.text("msg"), "confirm_timeout") || !strings.Contains(a.text("hint"), "confirm_timeout") {
			t.Errorf("want a refusal that names confirm_timeout, got %v", a)
		}
		b.tells(a, before, "none")
	}
	if c := b.lab.Counters("vc1"); c.Writes+c.Locks > 0 {
		t.Errorf("it wrote: %+v", c)
	}
}

// A device that only warns of the member it left behind has SCP on for good,
// unless the module takes it back.
func TestSCPIsTakenBackFromAMemberWithoutKeys(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers+"    profile: {prepare_setup: partial, member_failure: warning}\n")
	before := b.snapshot()
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if !a.failed() || !strings.Contains(a.text("msg"), "member 2 did not apply it") || !strings.Contains(a.text("msg"), "undone by another commit") {
		t.Errorf("want a failure that says that the change was undone, got %v", a)
	}
	b.tells(a, before, "reverted")
}

// So it is when the reply that names the member is lost.
func TestSCPIsTakenBackAlsoWhenTheReplyIsLost(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers+"    profile: {prepare_setup: partial, member_failure: warning}\n")
	before := b.snapshot()
	b.play(script{"commit-configuration", sim.After, 2, fault("drop")})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if !a.failed() || !strings.Contains(a.text("msg"), "member 2 did not apply it") {
		t.Errorf("want a failure that names member 2, got %v", a)
	}
	b.tells(a, before, "reverted")
}

// A change whose reply is lost is done all the same, and each member is known
// to have taken it.
func TestMembersAreAskedAgainWhenTheReplyIsLost(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	b.play(script{"commit-configuration", sim.After, 2, fault("drop")})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if a.failed() || strings.Count(asText(a["members"]), `"commit":"ok"`) != 3 {
		t.Errorf("want three members that took it, got %v", a)
	}
	b.saidOf(a, false, "confirmed", "the link was lost during the commit; the device was read again and has the change")
	b.tells(a, before, "confirmed")
}

// An engine that nobody knows has failed: so has the commit.
func TestUnlistedEngineIsNotIgnored(t *testing.T) {
	t.Parallel()
	t.Run("in a commit", func(t *testing.T) {
		b := newBench(t, threeMembers)
		maps.Copy(b.args, quick)
		before := b.snapshot()
		b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault {
			return sim.Fault{Action: "mutate", Find: "</commit-results>", Replace: "<routing-engine><name>fpc7</name></routing-engine></commit-results>"}
		}})
		defer b.letTimePass()()
		a := b.run(context.Background(), false, "vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
		if !a.failed() || !strings.Contains(a.text("msg"), "fpc7") {
			t.Errorf("want a failure that names fpc7, got %v", a)
		}
		b.tells(a, before, "reverted")
	})
	t.Run("in a reading", func(t *testing.T) {
		b := newBench(t, threeMembers)
		b.play(script{"get-software-information", sim.Before, 0, func() sim.Fault {
			return sim.Fault{Action: "mutate", Find: "</multi-routing-engine-results>", Replace: "<multi-routing-engine-item><re-name>fpc7</re-name>" +
				"<rpc-error><error-severity>error</error-severity><error-message>timed out</error-message></rpc-error></multi-routing-engine-item></multi-routing-engine-results>"}
		}})
		a := b.run(context.Background(), false, "vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
		if !a.failed() || !strings.Contains(a.text("msg"), "fpc7") {
			t.Errorf("want a failure that names fpc7, got %v", a)
		}
		b.tells(a, b.snapshot(), "none")
	})
}

// A device that has not told its software has not told that FIPS is off.
func TestSilenceOnFIPSIsNoAnswer(t *testing.T) {
	t.Parallel()
	b, args := ready(t, threeMembers)
	before := b.snapshot()
	b.play(script{"get-software-information", sim.Before, 0, func() sim.Fault {
		return sim.Fault{Action: "mutate", Find: "software-information>", Replace: "something-else>"}
	}})
	a := b.run(context.Background(), false, "vc_scp_sync", args)
	if !a.failed() || !strings.Contains(a.text("hint"), "chassis_fips") {
		t.Errorf("want a failure that names chassis_fips, got %v", a)
	}
	b.tells(a, before, "none")
	args["chassis_fips"] = "false"
	b.tells(b.run(context.Background(), false, "vc_scp_sync", args), before, "confirmed")
}

// A comparison that is none does not say that the candidate is clean.
func TestSilenceOnTheCandidateIsNoAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	before := b.snapshot()
	b.play(script{"get-configuration", sim.Before, 0, func() sim.Fault {
		return sim.Fault{Action: "mutate", Find: "configuration-output>", Replace: "something-else>"}
	}})
	b.tells(b.run(context.Background(), false, "vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil)), before, "none")
}

// A check that is answered with nothing has confirmed nothing.
func TestSilenceOnACommitIsNoAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers+"    profile: {commit_results: empty}\n")
	maps.Copy(b.args, quick)
	before := b.snapshot()
	b.play(script{"commit-configuration", sim.Before, 2, func() sim.Fault {
		return sim.Fault{Action: "mutate", Find: "ok/>", Replace: "nothing/>"}
	}})
	defer b.letTimePass()()
	a := b.run(context.Background(), false, "vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
	if got := a.text("commit_state"); !a.failed() || got != "confirmed" && got != "reverted" {
		t.Errorf("want a failure with what the device has, got %v", a)
	}
	b.tells(a, before, a.text("commit_state"))
}

// A device may say what it likes: results stay small.
func TestLongMessagesAreCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	long := ""
	for i := range 300 {
		long += fmt.Sprintf("<rpc-error><error-severity>warning</error-severity><error-message>%d%s</error-message></rpc-error>", i, strings.Repeat("x", 1<<12))
	}
	b.play(script{"commit-configuration", sim.After, 1, func() sim.Fault {
		return sim.Fault{Action: "mutate", Find: "<commit-results>", Replace: "<commit-results>" + long}
	}})
	a := b.apply("vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
	text := asText(a)
	if len(text) > 150_000 || !strings.Contains(text, "cut here") || !strings.Contains(text, "from the device left out") {
		t.Errorf("want a short result that says what is missing, got %d bytes: %.300s", len(text), text)
	}
	b = newBench(t, threeMembers)
	b.play(script{"commit-configuration", sim.Before, 0, func() sim.Fault { return sim.Fault{Action: "error", Text: strings.Repeat("y", 3<<20)} }})
	a = b.run(context.Background(), false, "vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
	if text := asText(a); len(text) > 150_000 || !strings.Contains(text, "cut here") {
		t.Errorf("want a short result that says what is missing, got %d bytes: %.300s", len(text), text)
	}
}

// What the device warns of while it is read or compared is told as well.
func TestWarningsOfReadingsAreTold(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		rpc string
		nth int
	}{
		{"get-virtual-chassis-information", 1}, {"get-virtual-chassis-information", 2}, {"get-virtual-chassis-information", 4}, {"get-software-information", 1},
		{"lock", 1}, {"get-configuration", 3}, {"commit-configuration", 2}, {"get-commit-information", 3}, {"unlock", 1},
	} {
		b := newBench(t, threeMembers)
		b.play(script{row.rpc, sim.Before, row.nth, fault("warning")})
		a := b.apply("vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
		if n := strings.Count(asText(a["device_warnings"]), "a fault of the test"); n != 1 {
			t.Errorf("%s %d: want the warning once, got it %d times: %v", row.rpc, row.nth, n, a["device_warnings"])
		}
	}
}

// The trial was applied, and taken back before the module could ask: the
// history of the device still shows it.
func TestTrialThatIsOverBeforeTheReconnect(t *testing.T) {
	t.Parallel()
	for _, history := range []string{"read", "refused"} {
		t.Run(history, func(t *testing.T) {
			t.Parallel()
			b, args := ready(t, threeMembers)
			before := b.snapshot()
			lost := false
			b.play(
				script{"commit-configuration", sim.After, 1, func() sim.Fault { lost = true; return fault("drop")() }},
				script{"hello", sim.Before, 2, func() sim.Fault {
					b.lab.Clock().Advance(10 * time.Minute)
					for b.chassis.State(false).Trial != nil {
						time.Sleep(time.Millisecond)
					}
					return sim.Fault{}
				}},
				script{"get-commit-information", sim.Before, 0, func() sim.Fault {
					if lost && history == "refused" {
						return fault("error")()
					}
					return sim.Fault{}
				}},
			)
			b.tells(b.run(context.Background(), false, "vc_scp_sync", args), before, map[string]string{"read": "reverted", "refused": "unknown"}[history])
		})
	}
}

// A colleague is not locked out for the hour that a trial may last.
func TestLongTrialsAreNotWaitedForWithTheLock(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	maps.Copy(b.args, quick)
	b.play(script{"commit-configuration", sim.Before, 2, fault("error")})
	options := b.options("vc_authorized_keys_command", nil)
	options["confirm_timeout"] = 60
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	a := b.run(ctx, false, "vc_authorized_keys_command", options)
	if ctx.Err() != nil || !a.failed() || a.text("commit_state") != "pending" || a.text("reverts_at") == "" || !strings.Contains(asText(a), "any commit") {
		t.Errorf("want pending, with a time and a word of warning, at once, got %v", a)
	}
	if s := b.settle(); s.Lock != 0 || s.Trial == nil {
		t.Errorf("want the lock free and the trial open, got %+v", s)
	}
	b.lab.Clock().Advance(61 * time.Minute)
	for _, v := range left(b.settle()) {
		t.Error(v)
	}
}

// Where a job runs this, the commit log names it.
func TestJobIsInTheLog(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	args := maps.Clone(b.args)
	maps.Copy(args, b.options("vc_authorized_keys_command", nil))
	args["comment"] = strings.Repeat("a long story ", 39)
	data, err := json.Marshal(args)
	must(t, err)
	if out, ok := find(t, "vc_authorized_keys_command").Run(context.Background(), data, []string{"JOB_ID=4711"}); !ok {
		t.Fatalf("%s", out)
	}
	log := b.chassis.State(false).Commits[0].Log
	if !strings.Contains(log, " job=4711: a long story") || len(log) > 512 || !strings.HasSuffix(log, "...") {
		t.Errorf("want the job, and a comment that is cut to 512 bytes with a mark, got %d bytes: %s", len(log), log)
	}
}
