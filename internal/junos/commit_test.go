// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

func engine(name string, inner ...string) string {
	return `<routing-engine junos:style="normal"><name>` + name + "</name>" + strings.Join(inner, "") + "</routing-engine>"
}

func results(inner ...string) string {
	return "<commit-results>\n" + strings.Join(inner, "\n") + "</commit-results>\n"
}

func TestCommitReply(t *testing.T) {
	const done, checked, ok = "<commit-success/>", "<commit-check-success/>", "<ok/>"
	must := "<rpc-error><error-type>application</error-type><error-tag>invalid-value</error-tag><error-severity>error</error-severity>" +
		"<error-path>[edit system commit]</error-path><error-message>Missing prerequisite configuration 'x'</error-message>" +
		"<error-info><bad-element>config-sync-with-scp</bad-element></error-info></rpc-error>"
	failedCommit := rpcError("error", "commit failed: (statements constraint check failed)")
	named := func(id int, success bool) MemberCommit {
		return MemberCommit{Engine: "fpc" + string(rune('0'+id)), ID: id, Named: true, Success: success}
	}
	for _, row := range []struct {
		name     string
		check    bool
		reply    string
		members  []MemberCommit
		messages []string
		err      string
		lost     bool
	}{
		{name: "every member", reply: results(engine("fpc0", done), engine("fpc1", done)) + ok, members: []MemberCommit{named(0, true), named(1, true)}},
		{name: "the primary alone", reply: results(engine("fpc0", done)) + ok, members: []MemberCommit{named(0, true)}},
		{name: "nobody", reply: results() + ok},
		{name: "plain", reply: ok},
		{name: "checked first, as the CLI shows it", reply: results(engine("fpc0", checked), engine("fpc1", done), engine("fpc0", done)) + ok,
			members: []MemberCommit{named(1, true), named(0, true)}},
		{name: "only checked: nobody says that it was committed", reply: results(engine("fpc0", done), engine("fpc1", checked)) + ok, members: []MemberCommit{named(0, true)}},
		{name: "a check", check: true, reply: results(engine("fpc0", checked), engine("fpc1", checked)) + ok, members: []MemberCommit{named(0, true), named(1, true)}},
		{name: "no word of success", reply: results(engine("fpc0", done), engine("fpc1")) + ok, members: []MemberCommit{named(0, true), named(1, false)}},
		{name: "a member's warning", reply: results(engine("fpc0", rpcError("warning", "reboot is required"), done)) + ok, members: []MemberCommit{named(0, true)},
			messages: []string{"warning 0 reboot is required"}},
		{name: "a failure that is called a warning", reply: results(engine("fpc0", done), engine("fpc1", rpcError("warning", "could not synchronize"))) + ok,
			members: []MemberCommit{named(0, true), named(1, false)}, messages: []string{"warning 1 could not synchronize"}},
		{name: "one member fails", reply: results(engine("fpc0", checked), engine("fpc1", rpcError("error", "could not synchronize"))),
			members: []MemberCommit{named(1, false)}, messages: []string{"error 1 could not synchronize"}, err: "commit: the device reports: could not synchronize"},
		{name: "success and error in one member", reply: results(engine("fpc1", done, rpcError("error", "rolled back"))), members: []MemberCommit{named(1, false)},
			messages: []string{"error 1 rolled back"}, err: "rolled back"},
		{name: "checked, but with an error", reply: results(engine("fpc1", checked, rpcError("error", "no"))), members: []MemberCommit{named(1, false)},
			messages: []string{"error 1 no"}, err: "no"},
		{name: "an error beside ok", reply: results(engine("fpc0", done)) + rpcError("error", "warm restart failed") + ok, members: []MemberCommit{named(0, true)},
			messages: []string{"error - warm restart failed"}, err: "warm restart failed"},
		{name: "a must-statement", reply: results(engine("fpc0", must, failedCommit)), members: []MemberCommit{named(0, false)},
			messages: []string{"error 0 [edit system commit] Missing prerequisite configuration 'x' at config-sync-with-scp",
				"error 0 commit failed: (statements constraint check failed)"},
			err: "commit: the device reports: [edit system commit] Missing prerequisite configuration 'x' at config-sync-with-scp; commit failed: (statements constraint check failed)"},
		{name: "a must-statement in a check, not below a member", check: true, reply: must, messages: []string{"error - [edit system commit] Missing prerequisite configuration 'x' at config-sync-with-scp"},
			err: "commit check: the device reports: [edit system commit] Missing prerequisite"},
		{name: "the one that answers", reply: results(engine("localre", done), engine("fpc1", done)) + ok,
			members: []MemberCommit{{Engine: "localre", Local: true, Success: true}, named(1, true)}},
		{name: "one without a name", reply: "<routing-engine><commit-success/></routing-engine><ok/>", members: []MemberCommit{{Local: true, Success: true}}},
		{name: "a name that means nothing, alone", reply: results(engine("re0", done)) + ok, members: []MemberCommit{{Engine: "re0", Local: true, Success: true}}},
		{name: "names that mean nothing", reply: results(engine("node0", done), engine("node1", done)) + ok,
			members: []MemberCommit{{Engine: "node0", Success: true}, {Engine: "node1", Success: true}}},
		{name: "members called members", reply: results(engine("\nmember0\n", done), engine("member1-re0", done)) + ok,
			members: []MemberCommit{{Engine: "member0", ID: 0, Named: true, Success: true}, {Engine: "member1-re0", ID: 1, Named: true, Success: true}}},
		{name: "no success at all", reply: results(engine("fpc0")), members: []MemberCommit{named(0, false)}, err: "commit: the device did not confirm success"},
		{name: "no success, and a word", reply: results(engine("fpc0")) + "some news", members: []MemberCommit{named(0, false)}, messages: []string{"warning - some news"},
			err: "commit: the device did not confirm success: some news"},
		{name: "words below headings", reply: ok + "fpc1:\nsome news\nlocalre:\nother news\n", messages: []string{"warning 1 some news", "warning - other news"}},
		{name: "words of engines and of items", reply: ok + engines(item("fpc0", engine("fpc1", "one")+engine("localre", "zero")), item("fpc1", "of an item")),
			messages: []string{"warning 1 one", "warning 0 zero", "warning 1 of an item"}, members: []MemberCommit{named(1, false), named(0, false), named(1, false)}},
		{name: "words of the engine that answers", reply: ok + engine("localre", "news"), messages: []string{"warning - news"}, members: []MemberCommit{{Engine: "localre", Local: true}}},
		{name: "a warning of old, by its namespace", reply: `<warning xmlns="http://xml.juniper.net/xnm/1.1/xnm"><message>careful</message></warning>` + ok, messages: []string{"warning - careful"}},
		{name: "a warning of old, by its prefix", reply: "<xnm:warning><message>careful</message></xnm:warning>" + ok, messages: []string{"warning - careful"}},
		{name: "another warning is but text", reply: `<warning xmlns="urn:x">careful</warning>` + ok, messages: []string{"warning - careful"}},
		{name: "what cannot be decoded proves nothing", reply: rpcError("warning", "careful") + results(engine("fpc0", done, "&nosuch;")) + ok, messages: []string{"warning - careful"}},
		{name: "an element that is never closed", check: true, reply: `<routing-engine junos:style="show-name"><name>fpc0</name><commit-check-success/><ok/>`,
			members: []MemberCommit{named(0, true)}},
		{name: "two that are never closed", check: true, reply: `<routing-engine><name>fpc0</name><commit-check-success/><routing-engine><name>fpc1</name><commit-check-success/><ok/>`,
			members: []MemberCommit{named(0, true), named(1, true)}},
		{name: "anything else that is never closed", reply: "<commit-results><ok/>", err: "commit: ", lost: true},
		{name: "no reply", reply: "EOF", err: "commit: ", lost: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, answers{"commit-configuration": says(row.reply)})
			result, err := d.Commit(t.Context(), CommitOptions{Check: row.check})
			told(t, err, row.err)
			if IsLinkLost(err) != row.lost {
				t.Errorf("lost: %v", IsLinkLost(err))
			}
			if diff := cmp.Diff(row.members, result.Members); diff != "" {
				t.Errorf("members: want - got +\n%s", diff)
			}
			if diff := cmp.Diff(row.messages, listed(result.Messages)); diff != "" {
				t.Errorf("messages: want - got +\n%s", diff)
			}
		})
	}
}

// listed renders messages: severity, member, text.
func listed(messages []Message) []string {
	var out []string
	for _, m := range messages {
		who := "-"
		if m.Member != nil {
			who = string(rune('0' + *m.Member))
		}
		out = append(out, m.Severity+" "+who+" "+m.String())
	}
	return out
}

func TestCommitRequest(t *testing.T) {
	for _, row := range []struct {
		options CommitOptions
		want    string
	}{
		{CommitOptions{}, "<commit-configuration/>"},
		{CommitOptions{Check: true}, "<commit-configuration><check/></commit-configuration>"},
		{CommitOptions{Check: true, Log: "a check leaves no entry"}, "<commit-configuration><check/></commit-configuration>"},
		{CommitOptions{Log: "change 7: a < b & \"c\""},
			`<commit-configuration><log>change 7: a &lt; b &amp; &quot;c&quot;</log></commit-configuration>`},
		{CommitOptions{Log: "x", ConfirmWithin: 5},
			"<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout><log>x</log></commit-configuration>"},
		{CommitOptions{ConfirmWithin: 65535}, "<commit-configuration><confirmed/><confirm-timeout>65535</confirm-timeout></commit-configuration>"},
	} {
		d, p := play(t, Options{}, answers{"commit-configuration": says("<ok/>")})
		if _, err := d.Commit(t.Context(), row.options); err != nil {
			t.Errorf("%+v: %v", row.options, err)
		}
		if diff := cmp.Diff([]string{row.want}, p.sent()); diff != "" {
			t.Errorf("%+v: want - got +\n%s", row.options, diff)
		}
	}
}

// What a commit's reply says of members, in the words of the domain.
func TestCommitReplyAsEvidence(t *testing.T) {
	const one = "<routing-engine><name>fpc0</name><commit-success/></routing-engine>"
	warning := func(text string) string { return rpcError("warning", text) }
	for _, row := range []struct {
		name, reply string
		want        string // outcomes of members 0 and 1
	}{
		{"both", "<commit-results>" + one + "<routing-engine><name>fpc1</name><commit-success/></routing-engine></commit-results>", "ok ok"},
		{"one is silent", "<commit-results>" + one + "</commit-results>", "ok unknown"},
		{"a warning names one that has no entry", "<commit-results>" + one + "</commit-results>" + warning("Could not connect to fpc1 : No route to host"), "ok failed"},
		{"in other words", "<commit-results>" + one + "</commit-results>" + warning("FPC 1: configuration is older"), "ok failed"},
		{"by its engine", "<commit-results>" + one + "</commit-results>" + warning("member1-re0: resynchronizes later"), "ok failed"},
		{"a warning about one that took it", "<commit-results>" + one + "<routing-engine><name>fpc1</name><commit-success/></routing-engine></commit-results>" +
			warning("fpc1: license not found"), "ok ok"},
		{"a transfer that failed after all", "<commit-results>" + one + "<routing-engine><name>fpc1</name><commit-success/></routing-engine></commit-results>" +
			warning("fpc1: lost connection"), "ok unknown"},
		{"words of no transfer about the only one that is listed", "<commit-results>" + one + "</commit-results>" + warning("fpc0: license check failed"), "ok unknown"},
		{"the same where nobody is listed", "<ok/>" + warning("fpc0: license check failed"), "failed unknown"},
		{"only ok", "<ok/>", "unknown unknown"},
		{"only ok, and words of a failure", "<ok/>" + warning("fpc1: No space left on device"), "unknown failed"},
		{"only ok, and words of a failure in the item of a member", engines(item("fpc1", warning("No space left on device"))) + "<ok/>", "unknown failed"},
		{"only ok, and words that nobody can explain", "<ok/>" + warning("fpc1: flux 3"), "unknown unknown"},
		{"a number beyond all members", "<commit-results>" + one + "</commit-results>" + warning("Could not connect to fpc12"), "ok unknown"},

		// What stands beside the success in no element of its own, or in one that nobody foresaw.
		{"plain text behind ok", "<ok/>fpc1: No space left on device", "unknown failed"},
		{"plain text in the results", "<commit-results>" + one + "\nCould not connect to fpc1\n</commit-results>", "ok failed"},
		{"output that ends with good words", "<commit-results><output>fpc1: lost connection\ncommit complete</output></commit-results><ok/>", "unknown failed"},
		{"a section below the heading of a member", "<ok/><output>fpc0:\ncommit complete\nfpc1:\nerror: remote lock-configuration failed\n</output>", "unknown failed"},
		{"an element that nobody knows", "<ok/><commit-failure>member 1 is out of sync</commit-failure>", "unknown failed"},
		{"text in the entry of a member that took it", "<commit-results>" + one + engine("fpc1", "<commit-success/>", "<output>lost connection</output>") + "</commit-results>", "ok unknown"},
		{"a text that says nothing bad", "<commit-results>" + one + engine("fpc1", "<commit-success>commit complete</commit-success>") + "configuration check succeeds</commit-results>", "ok ok"},
		{"text of a section, and an instruction", "<ok/><output><?x y?>fpc1: <![CDATA[lost ]]>connection</output>", "unknown failed"},

		// Answers of each member, in the wrapper of operational commands.
		{"wrapped", engines(item("fpc0", results(one)), item("fpc1", results(engine("fpc1", "<commit-success/>")))), "ok ok"},
		{"wrapped, each with its ok", engines(item("fpc0", "<ok/>"), item("fpc1", "<commit-results/><ok/>")), "ok ok"},
		{"wrapped, one with ok", engines(item("fpc0", results("<ok/>")), item("fpc1", "")), "ok failed"},
		{"wrapped, one is not there", engines(item("fpc0", results("<ok/>"))), "ok unknown"},
		{"wrapped, each is its own local one", engines(item("fpc0", results(engine("localre", "<commit-success/>"))), item("fpc1", results(engine("localre")))), "ok failed"},
		{"wrapped, with output", engines(item("fpc0", results(one)), item("fpc1", "<output>lost connection</output>")), "ok failed"},
		{"an error of the older protocol below a success, as a warning", "<commit-results>" + one + engine("fpc1", "<commit-success/>",
			`<xnm:warning xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"><message>lost connection</message></xnm:warning>`) + "</commit-results>", "ok unknown"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, answers{"commit-configuration": says(row.reply)})
			result, err := d.Commit(t.Context(), CommitOptions{})
			if err != nil {
				t.Fatal(err)
			}
			chassis := vc.Chassis{Members: []vc.Member{{ID: 0, Local: true}, {ID: 1}}}
			var got []string
			for _, m := range vc.JudgeCommitReply(chassis, result.Reply()).Members {
				got = append(got, string(m.Outcome))
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("want %s, got %v", row.want, got)
			}
		})
	}
}
