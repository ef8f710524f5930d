// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

var commitRows = []knobRow{
	{"commit_results", "primary_only", "", "", seen(commitOp, "<name>fpc0</name>", "!<name>fpc1</name>")},
	{"commit_results", "one_missing", "", "", seen(commitOp, "<name>fpc1</name>", "!<name>fpc2</name>", "<ok/>")},
	{"commit_results", "empty", "", "", seen(commitOp, "<commit-results>\n</commit-results>", "<ok/>")},
	{"commit_results", "plain_ok", "", "", seen(`<commit/>`, "<ok/>", "!commit-results")},
	{"commit_style", "show-name", "", "", seen(commitOp, `junos:style="show-name"`)},
	{"commit_warning", "%s: disk is nearly full", "", "", seen(commitOp, "\nfpc2: disk is nearly full\n", "<error-severity>warning", "<name>fpc2</name>\n<commit-success/>", "<ok/>")},
	{"commit_delay", "200ms", "", "", lasting(200*time.Millisecond, commitOp)},
	{"member_failure", "warning", "", "", failing(engine.FaultCommit, commitOp, "could not synchronize configuration to fpc2: commit failed", "<error-severity>warning", "<ok/>")},
	{"member_failure", "silent", "", "", failing(engine.FaultCommit, commitOp, "!fpc2", "<ok/>")},
	{"member_failure_text", "Could not connect to %s : %s", ", member_failure: warning", "", failing(engine.FaultUnreachable, commitOp, "\nCould not connect to fpc2 : No route to host\n", "<ok/>")},
	{"failed_entry", "bare", ", member_failure: warning", "", failing(engine.FaultCommit, commitOp, "</rpc-error>\n<routing-engine junos:style=\"normal\">\n<name>fpc2</name>\n</routing-engine>", "<ok/>")},
	{"failed_entry", "missing", ", member_failure: warning", "", failing(engine.FaultCommit, commitOp, "configuration to fpc2: commit failed", "!<name>fpc2</name>", "<ok/>")},
	{"transport_switch", "after", "", "", after([]string{setLoad(stepOne(defaultProfile)...), setLoad(scpOn)}, commitOp, "no internal SSH key", "!<ok/>")},
	{"validate_reply", "malformed", "", "", cutReply(`<validate><source><candidate/></source></validate>`)},
	{"check_reply", "malformed", "", "", cutReply(checkOp)},
}

var defaultProfile = &Profile{KeysCommand: "/usr/libexec/example/internal-ssh-keys", KeysCommandUser: "example"}

// lasting is how long the reply takes at least.
func lasting(least time.Duration, op string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		start := time.Now()
		c.call(op)
		if took := time.Since(start); took < least {
			t.Fatalf("want at least %v, got %v", least, took)
		}
	}
}

var trialRows = []knobRow{
	{"confirmed_session_loss", "reverts", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		c.want(trialOp, "<ok/>")
		c.close()
		waitFor(t, "the trial is taken back", func() bool { s := ch.State(false); return s.Trial == nil && s.Counters.Rollbacks == 1 })
	}},
	{"check_confirms", "no", "", "", func(t *testing.T, lab *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		c.want(location("A"), "<ok/>")
		c.want(trialOp, "<ok/>")
		c.want(checkOp, "<commit-check-success/>")
		lab.Clock().Advance(5 * time.Minute)
		c.want(historyOp, "automatic rollback complete")
		c.want(`<get-configuration database="committed" format="set"/>`, "!building")
	}},
	{"check_confirm_trace", "updated", "", "", after([]string{trialOp, checkOp}, historyOp, "!commit confirmed")},
	{"pending_mark", "printed", "", "", func(t *testing.T, lab *Lab, ch *Chassis) {
		const mark = "<commit-confirmed>rollback pending</commit-confirmed>"
		c := login(t, ch.Address(), "root", rootPassword)
		for _, settle := range []string{checkOp, commitOp} {
			c.want(trialOp, "<ok/>")
			if reply := c.want(historyOp, mark); strings.Count(reply, mark) != 1 {
				t.Fatalf("only the trial is marked:\n%s", reply)
			}
			c.want(settle, "!<error-severity>error")
			c.want(historyOp, "commit confirmed, rollback in 5mins", "!"+mark)
		}
		c.want(trialOp, "<ok/>")
		lab.Clock().Advance(5 * time.Minute)
		c.want(historyOp, "automatic rollback complete", "!"+mark)
	}},
	{"rollback_transport", "active", "", "", func(t *testing.T, lab *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		c.want(setLoad(append(stepOne(defaultProfile), scpOn)...), "<ok/>")
		c.want(trialOp, "<ok/>")
		lab.Clock().Advance(5 * time.Minute)
		if report := ch.State(false).Sync; report.Reason != "rollback" || report.Transport != "scp" {
			t.Fatalf("want a rollback over SCP, got %+v", report)
		}
	}},
	{"rollback_broadcast", "none", "", "", broadcast("!Broadcast Message")},
	{"rollback_comment", "taken back by itself", "", "", func(t *testing.T, lab *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		c.want(trialOp, "<ok/>")
		lab.Clock().Advance(5 * time.Minute)
		c.want(historyOp, "<comment>taken back by itself</comment>")
	}},
}

// A fault says what a member's failure is, whole, and how often it fails.
func TestMembersFailInAnyWords(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault Fault
		text  string
	}{
		{"own words", Fault{Action: engine.FaultCommit, Text: "fpc2: No space left on device"}, "\nfpc2: No space left on device\n"},
		{"lock", Fault{Action: engine.FaultLock}, "\nremote lock-configuration failed on fpc2\n"},
		{"no words", Fault{Action: engine.FaultCommit}, "\ncould not synchronize configuration to fpc2: commit failed\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			lab, ch := oneChassis(t, "")
			strike(t, lab, test.fault, 2)
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(commitOp, test.text, "!<ok/>")
			c.want(commitOp, test.text, "!<ok/>")
			c.want(commitOp, "<ok/>", "!rpc-error")
		})
	}
}
