// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

func TestPrepareSetup(t *testing.T) {
	out := func(s string) string { return "<output>\n" + s + "\n</output>" }
	item := func(name, s string) string {
		return "<multi-routing-engine-item><re-name>" + name + "</re-name><output>" + s + "\n</output></multi-routing-engine-item>"
	}
	const said = "request chassis internal-ssh prepare-setup: the device reports: "
	for _, row := range []struct {
		name, reply string
		output      string
		warnings    []string
		err         string
		question    bool
		lost        bool
	}{
		{name: "output", reply: out("Internal SSH setup completed"), output: "Internal SSH setup completed"},
		{name: "several", reply: out("fpc0: done") + out("fpc1: done"), output: "fpc0: done\n\nfpc1: done"},
		{name: "per member", reply: engines("<multi-routing-engine-item><re-name>fpc0</re-name>" + out("done") + "</multi-routing-engine-item>"), output: "done"},
		{name: "no output", reply: ""},
		{name: "only ok", reply: "<ok/>"},
		{name: "a banner", reply: out("done") + "<cli><banner>{master:0}</banner></cli>", output: "done"},
		{name: "a warning", reply: rpcError("warning", "keys are kept") + out("done"), output: "done", warnings: []string{"warning - keys are kept"}},
		{name: "text that speaks of errors", reply: out("0 errors, no error: all fine"), output: "0 errors, no error: all fine"},
		{name: "refused", reply: refusal("syntax error", "internal-ssh"), err: said + "syntax error at internal-ssh"},
		{name: "refused, with a warning", reply: refusal("permission denied", "prepare-setup") + rpcError("warning", "w"), err: said + "permission denied at prepare-setup",
			warnings: []string{"warning - w"}},
		{name: "error in the output", reply: out("error: command is not valid on the ex2300"), output: "error: command is not valid on the ex2300",
			err: said + "error: command is not valid on the ex2300"},
		{name: "error behind the name of a member", reply: out("fpc0: done\nfpc1: error: cannot write"), output: "fpc0: done\nfpc1: error: cannot write",
			err: said + "fpc1: error: cannot write"},
		{name: "error behind the name of a program", reply: out("scp: Permission denied (publickey)."), output: "scp: Permission denied (publickey).",
			err: said + "scp: Permission denied (publickey)."},
		{name: "syntax error in the output", reply: out("                ^\nsyntax error, expecting &lt;command&gt;."),
			output: "^\nsyntax error, expecting <command>.", err: said + "syntax error, expecting <command>."},
		{name: "unknown command", reply: out("unknown command."), output: "unknown command.", err: said + "unknown command."},
		{name: "a member that cannot be reached", reply: out("Could not connect to fpc1 : No route to host"), output: "Could not connect to fpc1 : No route to host",
			err: said + "Could not connect to fpc1 : No route to host"},
		{name: "a warning of a failure", reply: out("warning: setup failed on fpc1"), output: "warning: setup failed on fpc1", err: said + "warning: setup failed on fpc1"},
		{name: "a question", reply: "<rpc><select-choice><choice>yes</choice><choice>no</choice><default>no</default><prompt>\nReplace the keys ? [yes,no] (no) </prompt></select-choice></rpc>",
			err: said + "it asked a question and took the default answer: Replace the keys ? [yes,no] (no)", question: true},
		{name: "a question in the output", reply: out("Existing keys will be replaced\nContinue? [yes,no] (no) "), output: "Existing keys will be replaced\nContinue? [yes,no] (no)",
			err: said + "it asked a question and took the default answer: Continue? [yes,no] (no)", question: true},
		{name: "a login that fails between members", reply: out("fpc0: done\nHost key verification failed."), output: "fpc0: done\nHost key verification failed.",
			err: said + "Host key verification failed."},
		{name: "a member that failed without more", reply: out("fpc1: done\nfpc2: failed"), output: "fpc1: done\nfpc2: failed", err: said + "fpc2: failed"},
		{name: "a program that is not there", reply: out("ssh-keygen: Command not found."), output: "ssh-keygen: Command not found.", err: said + "ssh-keygen: Command not found."},
		{name: "a question of a program", reply: out("/root/.ssh/id_ecdsa already exists. Overwrite (y/n)?"), output: "/root/.ssh/id_ecdsa already exists. Overwrite (y/n)?",
			err: said + "it asked a question and took the default answer: /root/.ssh/id_ecdsa already exists. Overwrite (y/n)?", question: true},
		{name: "words like ours", reply: refusal("fpc1: ssh-keygen asked a question", ""), err: said + "fpc1: ssh-keygen asked a question"},
		{name: "a failure between carriage returns", reply: out("Warning: Permanently added 'fpc1' (ECDSA)&#13;Host key verification failed.&#13;Warning: Permanently added 'fpc2' (ECDSA) to the list of known hosts."),
			output: "Warning: Permanently added 'fpc1' (ECDSA)\rHost key verification failed.\rWarning: Permanently added 'fpc2' (ECDSA) to the list of known hosts.",
			err:    said + "Host key verification failed."},
		{name: "a failure in colour", reply: out("fpc1: &#27;[1;31mfailed&#27;[0m"), output: "fpc1: \uFFFD[1;31mfailed\uFFFD[0m", err: said + "fpc1: failed"},
		{name: "a failure among zeros", reply: out("fpc1: fa\x00iled"), output: "fpc1: fa\uFFFDiled", err: said + "fpc1: failed"},
		{name: "a failure in an element that nobody knows", reply: "<internal-ssh-results><member><name>fpc1</name><status>done</status></member><member><name>fpc2</name><status>no space left on device</status></member></internal-ssh-results>",
			output: "fpc1\ndone\nfpc2\nno space left on device", err: said + "no space left on device"},
		{name: "a failure beside the elements", reply: out("done") + "fpc2: failed", output: "done\nfpc2: failed", err: said + "fpc2: failed"},
		{name: "a failure in a section of characters", reply: "<output>done\n<![CDATA[fpc2: <failed>]]></output>", output: "done\nfpc2: <failed>", err: said + "fpc2: <failed>"},
		{name: "a failure behind a comment", reply: "<output>done\n<!-- x --><?y z?>fpc2: failed</output>", output: "done\nfpc2: failed", err: said + "fpc2: failed"},
		{name: "noise", reply: out("Warning: Permanently added 'fpc1' (ECDSA) to the list of known hosts.\ntail: inotify resources exhausted"),
			output: "Warning: Permanently added 'fpc1' (ECDSA) to the list of known hosts.\ntail: inotify resources exhausted"},
		{name: "words that nobody can explain", reply: out("ok: 3 of 3"), output: "ok: 3 of 3"},

		// What is said of a member, by itself and beside the successes of others.
		{name: "a failure between successes", reply: out("fpc0: done\nfpc1: ssh: connect to host fpc1 port 22: Connection refused\nfpc2: done"),
			output: "fpc0: done\nfpc1: ssh: connect to host fpc1 port 22: Connection refused\nfpc2: done",
			err:    said + "fpc1: ssh: connect to host fpc1 port 22: Connection refused"},
		{name: "a failure in the answer of one", reply: engines(item("fpc0", "done"), item("fpc1", "error: no space left on device"), item("fpc2", "done")),
			output: "done\nerror: no space left on device\ndone", err: said + "error: no space left on device"},
		{name: "a warning of failure names a member", reply: rpcError("warning", "Could not connect to fpc2 : No route to host") + out("Internal SSH setup completed"),
			output: "Internal SSH setup completed", err: said + "member 2 did not succeed: Could not connect to fpc2 : No route to host",
			warnings: []string{"warning - Could not connect to fpc2 : No route to host"}},
		{name: "a warning of failure names two", reply: rpcError("warning", "lost connection to fpc1 and fpc2") + out("ok"), output: "ok",
			err: said + "members 1 and 2 did not succeed: lost connection to fpc1 and fpc2", warnings: []string{"warning - lost connection to fpc1 and fpc2"}},
		{name: "a warning of failure names nobody", reply: rpcError("warning", "No space left on device") + out("Internal SSH setup completed"),
			output: "Internal SSH setup completed", err: said + "No space left on device", warnings: []string{"warning - No space left on device"}},
		{name: "a warning that asks", reply: rpcError("warning", "Overwrite the keys of fpc1 (y/n)?") + out("ok"), output: "ok",
			err: said + "it asked a question and took the default answer: Overwrite the keys of fpc1 (y/n)?", question: true,
			warnings: []string{"warning - Overwrite the keys of fpc1 (y/n)?"}},
		{name: "an error names a member", reply: rpcError("error", "prepare-setup on fpc2") + out("fpc0: done"), err: said + "prepare-setup on fpc2"},
		{name: "an error names a member that is done", reply: rpcError("error", "prepare-setup on fpc0") + out("fpc0: done"), err: said + "prepare-setup on fpc0"},
		{name: "a warning of unknown words names one without a success", reply: rpcError("warning", "fpc2 was left alone") + out("fpc0: done\nfpc1: ok"),
			output: "fpc0: done\nfpc1: ok", err: said + "member 2 did not succeed: fpc2 was left alone", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "the same where each answers", reply: rpcError("warning", "fpc2 was left alone") + engines(item("fpc0", "done"), item("fpc1", "Setup completed")),
			output: "done\nSetup completed", err: said + "member 2 did not succeed: fpc2 was left alone", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "the same in the output", reply: out("member 0: finished\nmember 1: finished\nwarning: member 2 was left alone"),
			output: "member 0: finished\nmember 1: finished\nwarning: member 2 was left alone", err: said + "member 2 did not succeed: warning: member 2 was left alone"},
		{name: "a success that speaks of another too is of neither", reply: rpcError("warning", "fpc2 was left alone") + out("fpc0: done\nfpc1 to fpc2: done"),
			output: "fpc0: done\nfpc1 to fpc2: done", err: said + "member 2 did not succeed: fpc2 was left alone", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "what is said of a commit is no success", reply: rpcError("warning", "fpc2 was left alone") + out("fpc0: done") + "<multi-routing-engine-item><re-name>fpc2</re-name>" + out("commit complete") + "</multi-routing-engine-item>",
			output: "fpc0: done\n\ncommit complete", err: said + "member 2 did not succeed: fpc2 was left alone", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "what is not done is no success", reply: rpcError("warning", "fpc2 was left alone") + out("fpc0: done\nfpc2: never done"),
			output: "fpc0: done\nfpc2: never done", err: said + "member 2 did not succeed: fpc2 was left alone", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "a warning names a member with a success", reply: rpcError("warning", "fpc2 had keys") + out("fpc0: done\nfpc1: done\nfpc2: done"),
			output: "fpc0: done\nfpc1: done\nfpc2: done", warnings: []string{"warning - fpc2 had keys"}},
		{name: "a warning names a member that answers for itself", reply: rpcError("warning", "fpc2 had keys") + engines(item("fpc0", "done"), item("fpc2", "success")),
			output: "done\nsuccess", warnings: []string{"warning - fpc2 had keys"}},
		{name: "noise names a member without one", reply: rpcError("warning", "Warning: Permanently added 'fpc2' (ECDSA) to the list of known hosts.") + out("fpc0: done"),
			output: "fpc0: done", warnings: []string{"warning - Warning: Permanently added 'fpc2' (ECDSA) to the list of known hosts."}},
		{name: "a warning of failure names a switch that is no member", reply: rpcError("warning", "Could not connect to fpc7") + out("ok"), output: "ok",
			warnings: []string{"warning - Could not connect to fpc7"}},
		{name: "a warning of unknown words, and nobody speaks for himself", reply: rpcError("warning", "fpc2 was left alone") + out("Internal SSH setup completed"),
			output: "Internal SSH setup completed", warnings: []string{"warning - fpc2 was left alone"}},
		{name: "a member is left out in silence", reply: out("fpc0: done\nfpc1: done"), output: "fpc0: done\nfpc1: done"},
		{name: "no reply", reply: "EOF", err: "request chassis internal-ssh prepare-setup: ", lost: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			var heard Messages
			d, p := play(t, Options{Heard: &heard}, answers{"command": says(row.reply)})
			output, err := d.PrepareSetup(t.Context(), threeOfThem(), time.Minute)
			told(t, err, row.err)
			if output != row.output {
				t.Errorf("output: want %q, got %q", row.output, output)
			}
			if diff := cmp.Diff(row.warnings, listed(heard.List())); diff != "" {
				t.Errorf("warnings: want - got +\n%s", diff)
			}
			var no *RejectedError
			if refused := errors.As(err, &no); IsLinkLost(err) != row.lost || refused == (row.lost || row.err == "") {
				t.Errorf("lost %v, refused %v", IsLinkLost(err), refused)
			}
			if no != nil && no.IsQuestion != row.question {
				t.Errorf("a question: want %t", row.question)
			}
			if diff := cmp.Diff([]string{`<command format="text">request chassis internal-ssh prepare-setup</command>`}, p.sent()); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestWarningsPrinted(t *testing.T) {
	got := listed(warningsPrinted("fpc1: keys made\n Warning: fpc2 was slow \r\nforewarning: no\nwarning:\nwarnings\n"))
	if diff := cmp.Diff([]string{"warning - Warning: fpc2 was slow", "warning - warning:"}, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

func TestNotRun(t *testing.T) {
	for text, want := range map[string]bool{
		"syntax error":                                 true,
		"syntax error, expecting <command>.":           true,
		"unknown command.":                             true,
		"error: command is not valid on the qfx10008":  true,
		"Permission denied (publickey).":               false,
		"error: internal SSH setup failed on fpc1":     false,
		"fpc1: syntax error in the known hosts":        false,
		"Could not connect to fpc1 : No route to host": false,
	} {
		err := fmt.Errorf("prepare: %w", &RejectedError{Messages: []Message{{Severity: "warning", Message: "beside it"}, {Severity: "error", Message: text}}})
		if IsNeverRun(err) != want {
			t.Errorf("%s: want %v", text, want)
		}
	}
	if IsNeverRun(nil) || IsNeverRun(errors.New("syntax error")) {
		t.Error("what the device did not refuse may have run")
	}
}

// A command that one member does not know has run on others.
func TestNotRunAnywhere(t *testing.T) {
	unknown := rpcError("error", "syntax error, expecting &lt;command&gt;: internal-ssh")
	for name, row := range map[string]struct {
		reply string
		want  bool
	}{
		"refused":                        {unknown, true},
		"printed":                        {"<output>\n          ^\nsyntax error, expecting &lt;command&gt;.\n</output>", true},
		"printed, in two lines":          {"<output>error: command is not valid on the ex2300\nunknown command.</output>", true},
		"printed after work":             {"<output>keys made on fpc0\nerror: command is not valid on the ex2300</output>", false},
		"printed before work":            {"<output>unknown command.\nfpc2: keys made</output>", false},
		"refused after work":             {"<output>keys made on fpc0</output>" + unknown, false},
		"refused by a member":            {engines(item("fpc1", unknown)), false},
		"refused by a member after work": {engines(item("fpc0", "<output>done</output>"), item("fpc1", unknown)), false},
		"refused beside plain text":      {unknown + "generated for fpc0", false},
	} {
		d, _ := play(t, Options{}, answers{"command": says(row.reply)})
		_, err := d.PrepareSetup(t.Context(), threeOfThem(), time.Minute)
		if err == nil || IsNeverRun(err) != row.want {
			t.Errorf("%s: want %t, got %v", name, row.want, err)
		}
	}
}

// threeOfThem is a chassis of members 0 to 2.
func threeOfThem() vc.Chassis {
	return vc.Chassis{Members: []vc.Member{{ID: 0, Local: true, Status: "Prsnt"}, {ID: 1, Status: "Prsnt"}, {ID: 2, Status: "Prsnt"}}}
}
