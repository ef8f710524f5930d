// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
)

// Programs tell errors apart by their codes, which never change with the words.
func TestCodes(t *testing.T) {
	for want, err := range map[string]interface{ Code() string }{
		"lock_held":      &LockHeldError{},
		"foreign_edits":  &CandidateModifiedError{},
		"device_refused": &RejectedError{},
		"load_ignored":   &IgnoredLoadError{},
	} {
		if got := err.Code(); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
	if hint := (&IgnoredLoadError{}).Hint(); !strings.Contains(hint, "unprotect") || !strings.Contains(hint, "deny-configuration") {
		t.Errorf("the hint is %q", hint)
	}
	if hint := (&LockHeldError{}).Hint(); !strings.Contains(hint, "lock_timeout") {
		t.Errorf("the hint is %q", hint)
	}
}

// A leaf that is there says that FIPS is on, unless its word says the opposite.
func TestWordsForFIPS(t *testing.T) {
	for want, words := range map[string]string{"true": ",true,yes,on,enabled,1, ON ", "false": "false,no,off,disabled,0, OFF ", "unknown": "2,maybe"} {
		for word := range strings.SplitSeq(words, ",") {
			for _, software := range []softwareInfo{{FIPS: []string{word}}, {FIPS: []string{word, word}}} {
				got := "unknown"
				if is := software.isFIPS(); is != nil {
					got = fmt.Sprint(*is)
				}
				if got != want {
					t.Errorf("%q: want %s, got %s", software.FIPS, want, got)
				}
			}
		}
	}
	if is := (softwareInfo{FIPS: []string{"on", "off"}}).isFIPS(); is == nil || *is {
		t.Errorf("on and off: got %v", is)
	}
	if is := (softwareInfo{}).isFIPS(); is == nil || *is {
		t.Errorf("no leaf: got %v", is)
	}
}

// While there may be a trial, the settings count that are read behind the clock: what is
// set at its own place, and what a group brings.
func TestSettingsAreReadBehindTheClock(t *testing.T) {
	none := configuration("<system><services><ssh/></services></system>")
	grouped := configuration(`<system><commit><config-sync-with-scp junos:group="sync"/></commit><services><ssh/></services></system>`)
	all := reads("get-commit-information", history(historyEntry(0, "rick", "1767225600", "commit confirmed, rollback in 5mins", "")))
	all["get-configuration"] = says(none, none, none, grouped, configuration("<groups><name>sync</name></groups>"), configuration("<apply-groups>sync</apply-groups>"))
	d, _ := play(t, Options{ReadOnly: true}, all)
	s, err := d.Read(t.Context())
	if err != nil || s.Trial == nil || s.Own.SCP || !s.Settings.SCP || s.Groups.SCP != "sync" {
		t.Errorf("trial %v, own %v, in force %v of %q, %v", s.Trial, s.Own, s.Settings, s.Groups.SCP, err)
	}
}

// A configuration that cannot be decoded is none that was read.
func TestConfigurationThatCannotBeDecoded(t *testing.T) {
	d, _ := play(t, Options{}, reads("get-configuration", configuration("<system><services><ssh/></services>&nosuch;</system>")))
	_, err := d.Read(t.Context())
	told(t, err, "get-configuration: read the reply: ")
}

// Where the device does not say who is logged in, commits under the names that are given
// are ours.
func TestTrialIsOursWithoutAGreeting(t *testing.T) {
	open := history(historyEntry(0, "rick", "1767225600", "commit confirmed, rollback in 5mins", "vchassis.junos 0.1.0 vc_scp_sync trial run=0af3"))
	for user, isOurs := range map[string]bool{"rick": true, "lee": false} {
		d, _ := playAs(t, "no greeting", Options{Users: []string{user}}, reads("get-commit-information", open))
		if s, err := d.Read(t.Context()); err != nil || d.User() != "" || s.Trial.IsOurs() != isOurs {
			t.Errorf("%s: ours %v, %v", user, s.Trial.IsOurs(), err)
		}
	}
}

// What a class is denied is one expression, or a list in quotation marks, which may be
// references of XML.
func TestPatternsOfAClass(t *testing.T) {
	for denied, want := range map[string]string{
		" None\n": "[]", "system commit": `["system commit"]`, `"a b" "c"`: `["a b" "c"]`, "&quot;a&lt;b&gt;c&amp;d&quot; &quot;e&quot;": `["a<b>c&d" "e"]`, " a&amp;b ": `["a&b"]`,
	} {
		if got := fmt.Sprintf("%q", patternsIn(denied)); got != want {
			t.Errorf("%q: want %s, got %s", denied, want, got)
		}
	}
}

// What a class may see is asked once in a session.
func TestRightsAreAskedOnce(t *testing.T) {
	all := reads("", "")
	all["get-authorization-information"] = says("<output>permissions: view-configuration</output>")
	d, p := playAs(t, "user x, class audit", Options{ReadOnly: true}, all)
	for range 2 {
		if _, err := d.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(strings.Join(p.sent(), ""), "get-authorization-information"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A statement is deactivated by any word for it but those that deny it.
func TestWordsForDeactivated(t *testing.T) {
	for _, row := range []struct {
		key, value string
		want       bool
	}{
		{"inactive", "inactive", true}, {"inactive", "true", true}, {"inactive", "", false}, {"inactive", " ", false}, {"inactive", "false", false},
		{"inactive", "No", false}, {"inactive", "0", false}, {"active", "false", true}, {"active", " NO ", true}, {"active", "0", true},
		{"active", "true", false}, {"active", "", false}, {"other", "false", false},
	} {
		e := newElement("x")
		e.CreateAttr(row.key, row.value)
		if isDeactivated(e) != row.want {
			t.Errorf("%s=%q: want %v", row.key, row.value, row.want)
		}
	}
}

// A moment that is not understood is shown as it came.
func TestMomentsOfTheSwitch(t *testing.T) {
	for text, want := range map[string]string{"noon": "noon", "": "", "2026-01-01 00:04:00 UTC": "00:04:00"} {
		if got := onClock(text); !strings.Contains(got, want) || (got == text) != (text == want) {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

// Where all statements are shown, nobody asks what a class may see.
func TestRightsAreNotAskedForNothing(t *testing.T) {
	all := reads("get-configuration", configuration("<system><commit><config-sync-with-scp/><apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>XX0000</value></data></apply-macro></commit>"+
		"<services><ssh><authorized-keys-command>/x</authorized-keys-command><authorized-keys-command-user>u</authorized-keys-command-user></ssh></services></system>"))
	d, p := playAs(t, "user x, class audit", Options{ReadOnly: true}, all)
	s, err := d.Read(t.Context())
	if asked := strings.Join(p.sent(), ""); err != nil || len(s.Unread) > 0 || strings.Contains(asked, "get-authorization-information") {
		t.Errorf("problems %v, %v, asked %s", s.Unread, err, asked)
	}
}

// A cause is something, and each is another one: what nobody knows has none.
func TestCausesDiffer(t *testing.T) {
	seen := map[Cause]bool{"": true}
	for _, cause := range []Cause{CauseKeys, CauseConnection, CauseSpace, CauseLock, CausePermission, CauseCommand, CauseOther} {
		if seen[cause] {
			t.Errorf("%q is none of its own", cause)
		}
		seen[cause] = true
	}
}

// What is left out has the weight of the last message that is not.
func TestLeftOutMessagesWeighAsTheLast(t *testing.T) {
	var heard Messages
	for i := range maxMessages {
		heard.Add(Message{Severity: "warning", Message: fmt.Sprint(i)})
	}
	if list := heard.List(); len(list) != maxMessages || strings.Contains(list[maxMessages-1].Message, "left out") {
		t.Errorf("nothing was left out, got %v", list)
	}
	list := heard.List()
	list[0].Message = "changed"
	if heard.List()[0].Message != "0" {
		t.Error("who is given the list can change it")
	}
	heard.list[maxMessages-1].Severity = "error"
	heard.Add(Message{Severity: "warning", Message: "one more"})
	list = heard.List()
	if last := list[maxMessages]; last.Severity != "error" || last.Message != "1 message from the device left out" {
		t.Errorf("got %v", last)
	}
	list[0].Message = "changed"
	if heard.List()[0].Message != "0" {
		t.Error("who is given the list can change it")
	}
}

// Errors beside the data of a reading are heard as its warnings are.
func TestErrorsBesideAReadingAreHeard(t *testing.T) {
	var heard Messages
	mixed := engines(softwareItem("fpc0", "25.2R1.9", "")) + "<rpc-error><error-severity>error</error-severity><source-daemon>fpc1</source-daemon><error-message>fpc1 is away</error-message></rpc-error>"
	d, _ := play(t, Options{Heard: &heard}, reads("get-software-information", mixed))
	s, err := d.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	isAway := func(m Message) bool { return m.Message == "fpc1 is away" }
	if !slices.ContainsFunc(heard.List(), isAway) || !slices.ContainsFunc(s.Warnings, isAway) {
		t.Errorf("heard %v, warnings %v", heard.List(), s.Warnings)
	}
}

// Before the members are known, their list shows by an asterisk whose it is.
func TestItemOfThisMember(t *testing.T) {
	list := func(roles ...string) *etree.Element {
		e := newElement("virtual-chassis-information").CreateElement("member-list")
		for i, role := range roles {
			m := e.CreateElement("member")
			m.CreateElement("member-id").SetText(fmt.Sprint(i))
			m.CreateElement("member-role").SetText(role)
		}
		return e.Parent()
	}
	for _, row := range []struct {
		engine  string
		e       *etree.Element
		isLocal bool
	}{
		{"fpc0", list("Master*", "Backup"), true}, {"fpc1", list("Master*", "Backup"), false}, {"fpc1", list("Master", "Backup*"), true},
		{"fpc0", list("Master", "Backup"), false}, {"fpc0", list("", ""), false}, {"localre", list("Master", "Backup"), true},
		{"", list("Master", "Backup"), true}, {"fpc7", list("Master*", "Backup"), false},
	} {
		if got := new(State).isLocalItem(row.engine, row.e); got != row.isLocal {
			t.Errorf("%q in %s: got %v", row.engine, textOf(row.e), got)
		}
	}
}

// What a login class may hide is named as Junos names it.
func TestHiddenStatementsAreNamed(t *testing.T) {
	shown := configuration("<system><commit><synchronize/></commit><services><ssh/></services></system>")
	for denied, want := range map[string]string{
		"config-sync":             "system commit, so whether config-sync-with-scp is set",
		"apply-macro":             "system commit apply-macro vc-internal-ssh, so whether it is set",
		"authorized-keys":         "system services ssh authorized-keys-command, so whether it is set",
		"^system services ssh$":   "system services ssh authorized-keys-command, so whether it is set",
		"commit apply-macro vc-i": "system commit apply-macro vc-internal-ssh, so whether it is set",
	} {
		all := reads("get-configuration", shown)
		all["get-authorization-information"] = says("<output>permissions: view-configuration</output><deny-configuration>" + denied + "</deny-configuration>")
		d, _ := playAs(t, "user x, class audit", Options{ReadOnly: true}, all)
		s, err := d.Read(t.Context())
		if err != nil || len(s.Unread) != 1 || s.Unread[0].Message != "the login class audit may hide "+want+" cannot be determined" {
			t.Errorf("%s: got %v, %v", denied, s.Unread, err)
		}
	}
}

func TestRefusedHistoryIsAWarning(t *testing.T) {
	d, _ := play(t, Options{}, reads("get-commit-information", refusal("permission denied", "")))
	if s, err := d.Read(t.Context()); err != nil || len(s.Warnings) != 1 || s.Warnings[0].Message != "permission denied" {
		t.Errorf("got %v, %v", s.Warnings, err)
	}
}

// Software that is not known any more costs a reading of its own; one that is lost is a
// reading that failed.
func TestSoftwareIsReadApart(t *testing.T) {
	others := wantChassis().Members
	others[1].Serial = "YY0001"
	d, p := play(t, Options{Known: others}, reads("get-software-information", "EOF"))
	s, err := d.Read(t.Context())
	if told(t, err, "read the chassis: "); !IsLinkLost(err) || len(p.sent()) != 5 || len(s.Members) > 0 {
		t.Errorf("want a lost link after five requests, got %v and %v after %d", err, s.Members, len(p.sent()))
	}
	d, _ = play(t, Options{Known: others}, reads("get-software-information", refusal("denied", "")))
	s, err = d.Read(t.Context())
	if err != nil || s.Members[0].Version != "" || len(s.Warnings) == 0 {
		t.Errorf("want members without a release, and why, got %v, %v, %v", s.Members, s.Warnings, err)
	}
	d, _ = play(t, Options{Known: others}, reads("get-software-information", twoVersions()+rpcError("warning", "slow")))
	if s, err = d.Read(t.Context()); err != nil || len(s.Warnings) != 1 || s.Members[1].Version != "25.2R1.9" {
		t.Errorf("want a warning and the release, got %v, %v, %v", s.Members, s.Warnings, err)
	}
}

// A reading of which one part was lost is none.
func TestReadingThatIsLost(t *testing.T) {
	for _, operation := range []string{"get-virtual-chassis-information", "get-commit-information", "get-configuration"} {
		d, _ := play(t, Options{}, reads("", ""))
		last, err := d.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d, _ = play(t, Options{}, reads(operation, "EOF"))
		if s, err := d.Read(t.Context()); !IsLinkLost(err) || !strings.HasPrefix(err.Error(), "read the chassis: ") || len(s.Members) > 0 {
			t.Errorf("%s: got %v", operation, err)
		}
		d, _ = play(t, Options{}, reads(operation, "EOF"))
		if s, err := d.ReadAgain(t.Context(), last, History|Settings); !IsLinkLost(err) || !strings.HasPrefix(err.Error(), "read the chassis: ") || len(s.Members) > 0 {
			t.Errorf("%s, again: got %v", operation, err)
		}
	}
	trial := history(historyEntry(0, "rick", "1767225600", "commit confirmed, rollback in 10mins", ""))
	a := reads("get-commit-information", trial)
	a["get-system-uptime-information"] = says("EOF")
	d, _ := play(t, Options{}, a)
	if _, err := d.Read(t.Context()); !IsLinkLost(err) || !strings.HasPrefix(err.Error(), "read the chassis: ") {
		t.Errorf("the clock was lost: %v", err)
	}
}

// Warnings of a second reading are in its state and are heard.
func TestWarningsOfAReadingAgain(t *testing.T) {
	d, _ := play(t, Options{}, reads("", ""))
	last, err := d.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last.Warnings = []Message{{Severity: "warning", Message: "of the first"}}
	var heard Messages
	d, _ = play(t, Options{Heard: &heard}, reads("get-virtual-chassis-information", twoMembers()+rpcError("warning", "busy")))
	s, err := d.ReadAgain(t.Context(), last, 0)
	if err != nil || len(s.Warnings) != 1 || s.Warnings[0].Message != "busy" || len(heard.List()) != 1 {
		t.Errorf("got %v, heard %v, %v", s.Warnings, heard.List(), err)
	}
}

// A release that is seen to mark trials is remembered, also where the history is read
// for nothing else.
func TestMarkIsNotedInAReadingAgain(t *testing.T) {
	d, _ := play(t, Options{}, reads("", ""))
	last, err := d.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	marked := strings.Replace(history(historyEntry(0, "root", "1767225600", "commit confirmed, rollback in 10mins", "")), "</commit-history>",
		"<commit-confirmed>pending</commit-confirmed></commit-history>", 1)
	for _, parts := range []Part{Trial, Settings, Trial | Settings} {
		seen := false
		d, _ = play(t, Options{Marked: &seen}, reads("get-commit-information", marked))
		s, err := d.ReadAgain(t.Context(), last, parts)
		if err != nil || seen != (parts&Trial != 0) || s.Trial != nil {
			t.Errorf("%d: seen %t, trial %v, %v", parts, seen, s.Trial, err)
		}
	}
}

func TestLimitsAndDefaults(t *testing.T) {
	d, _ := play(t, Options{}, nil)
	if d.CommitLimit() != 10*time.Minute || d.opts.RPCTimeout != time.Minute {
		t.Errorf("got %s and %s", d.CommitLimit(), d.opts.RPCTimeout)
	}
	d, _ = play(t, Options{CommitTimeout: time.Second, RPCTimeout: 2 * time.Second}, nil)
	if d.CommitLimit() != time.Second || d.opts.RPCTimeout != 2*time.Second {
		t.Errorf("got %s and %s", d.CommitLimit(), d.opts.RPCTimeout)
	}
	for tag, want := range map[string]string{"commit-configuration": "commit_timeout", "command": "prepare_timeout", "lock": "rpc_timeout"} {
		if got := timeoutOf(newElement(tag)); got != want {
			t.Errorf("%s: want %s, got %s", tag, want, got)
		}
	}
	if got := render(withAttributes(newElement("a"), "b", "c", "d")); got != `<a b="c"/>` {
		t.Errorf("half a pair is none, got %s", got)
	}
}

// Each reason against a load is told in the device's words, and how much of it was done.
func TestIgnoredLoadInWords(t *testing.T) {
	warning := Message{Severity: "warning", Message: "statement is protected"}
	for want, err := range map[string]*IgnoredLoadError{
		"load the configuration: the device reported success and changed nothing":                                                                     {},
		"load the configuration: the device reported success and changed only part of it":                                                             {Partly: true},
		"load the configuration: the device reported success and changed nothing: the device reports: statement is protected; statement is protected": {Messages: []Message{warning, warning}},
	} {
		if err.Error() != want {
			t.Errorf("want %q, got %q", want, err.Error())
		}
	}
}

// Strangers that answer with an error are named, and not without end.
func TestStrangersEnd(t *testing.T) {
	for answering, want := range map[int]int{0: 0, 1: 1, maxMembers: maxMembers, maxMembers + 1: maxMembers + 1, 30: maxMembers + 1} {
		items := []string{softwareItem("fpc0", "25.2R1.9", ""), softwareItem("fpc1", "25.2R1.9", "")}
		for i := range answering {
			items = append(items, fmt.Sprintf("<multi-routing-engine-item><re-name>fpc1%d</re-name>%s</multi-routing-engine-item>", i, rpcError("error", "away")))
		}
		d, _ := play(t, Options{}, reads("get-software-information", engines(items...)))
		s, err := d.Read(t.Context())
		if err != nil || len(s.Unread) != want {
			t.Fatalf("%d answer: want %d named, got %d, %v", answering, want, len(s.Unread), err)
		}
		for i, p := range s.Unread {
			if p.Code != "unlisted_member" || !strings.Contains(p.Hint, "show version") || !strings.Contains(p.Message, fmt.Sprintf("fpc1%d answers", i)) {
				t.Errorf("got %+v", p)
			}
		}
	}
}
