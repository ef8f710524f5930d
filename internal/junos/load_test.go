// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

const loadOK = "<load-configuration-results>\n<ok/>\n</load-configuration-results>"

func TestLoadRequest(t *testing.T) {
	a, b := vc.KeysCommand{Command: "/a", User: "a"}, vc.KeysCommand{Command: "/b -x", User: "b"}
	const deleted = ` operation="delete"/>`
	for _, row := range []struct {
		name     string
		from, to vc.Settings
		want     string // inside <system>
	}{
		{"set step 1", vc.Settings{}, vc.Settings{Keys: a},
			"<services><ssh><authorized-keys-command>/a</authorized-keys-command><authorized-keys-command-user>a</authorized-keys-command-user></ssh></services>"},
		{"change step 1", vc.Settings{Keys: a}, vc.Settings{Keys: b},
			"<services><ssh><authorized-keys-command>/b -x</authorized-keys-command><authorized-keys-command-user>b</authorized-keys-command-user></ssh></services>"},
		{"change the user alone", vc.Settings{Keys: a}, vc.Settings{Keys: vc.KeysCommand{Command: "/a", User: "b"}},
			"<services><ssh><authorized-keys-command-user>b</authorized-keys-command-user></ssh></services>"},
		{"remove step 1", vc.Settings{Keys: a, SCP: true}, vc.Settings{SCP: true},
			"<services><ssh><authorized-keys-command" + deleted + "<authorized-keys-command-user" + deleted + "</ssh></services>"},
		{"enable", vc.Settings{Keys: a}, vc.Settings{Keys: a, SCP: true}, "<commit><config-sync-with-scp/></commit>"},
		{"disable", vc.Settings{SCP: true}, vc.Settings{}, "<commit><config-sync-with-scp" + deleted + "</commit>"},
		{"record", vc.Settings{}, vc.Settings{Record: proved("A", "B")},
			"<commit><apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>A</value></data><data><name>1</name><value>B</value></data></apply-macro></commit>"},
		{"record what differs", vc.Settings{Record: proved("A", "B", "C")}, vc.Settings{Record: proved("A", "X")},
			`<commit><apply-macro><name>vc-internal-ssh</name><data operation="delete"><name>2</name></data><data><name>1</name><value>X</value></data></apply-macro></commit>`},
		{"record what is not proved", vc.Settings{Record: proved("A", "B")}, vc.Settings{Record: vc.Record{0: {Serial: "A"}, 1: {Serial: "B", Proved: true}}},
			`<commit><apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>A unproved</value></data></apply-macro></commit>`},
		{"forget the record", vc.Settings{Record: proved("A")}, vc.Settings{},
			`<commit><apply-macro operation="delete"><name>vc-internal-ssh</name></apply-macro></commit>`},
		{"an empty record is none", vc.Settings{Record: vc.Record{}}, vc.Settings{SCP: true}, "<commit><config-sync-with-scp/></commit>"},
		{"all at once", vc.Settings{}, vc.Settings{Keys: a, SCP: true, Record: proved("A")},
			"<commit><config-sync-with-scp/><apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>A</value></data></apply-macro></commit>" +
				"<services><ssh><authorized-keys-command>/a</authorized-keys-command><authorized-keys-command-user>a</authorized-keys-command-user></ssh></services>"},
		{"values cannot become statements", vc.Settings{}, vc.Settings{Keys: vc.KeysCommand{Command: "/a</x><y/>&]]>", User: "a"}},
			"<services><ssh><authorized-keys-command>/a&lt;/x&gt;&lt;y/&gt;&amp;]]&gt;</authorized-keys-command>" +
				"<authorized-keys-command-user>a</authorized-keys-command-user></ssh></services>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{}, answers{"load-configuration": says(loadOK)})
			if _, err := d.sendEdit(t.Context(), row.from, row.to); err != nil {
				t.Error(err)
			}
			want := `<load-configuration action="merge" format="xml"><configuration><system>` + row.want + "</system></configuration></load-configuration>"
			if diff := cmp.Diff([]string{want}, p.sent()); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

// The delimiter of the framing in a value ends no message.
func TestLoadCarriesTheDelimiter(t *testing.T) {
	d, p := play(t, Options{}, answers{"load-configuration": says(loadOK)})
	if _, err := d.sendEdit(t.Context(), vc.Settings{}, vc.Settings{Record: proved("0" + delimiter + "<kill-session/>")}); err != nil {
		t.Fatal(err)
	}
	if n := len(p.sent()); n != 1 {
		t.Errorf("want one operation, the peer saw %q", p.sent())
	}
}

// proved is a record of these serial numbers, by id.
func proved(serials ...string) vc.Record {
	r := vc.Record{}
	for id, s := range serials {
		r[id] = vc.Entry{Serial: s, Proved: true}
	}
	return r
}

// A device that calls a load good may have passed over it. The candidate tells.
func TestLoadThatWasIgnored(t *testing.T) {
	candidate := func(inside string) string {
		return "<configuration><system><commit>" + inside + "</commit></system></configuration>"
	}
	ignored := "<load-configuration-results>" + rpcError("warning", "statement has no contents; ignored") + "<ok/></load-configuration-results>"
	want := vc.Settings{SCP: true, Record: proved("A")}
	hints := map[bool]string{false: "protect", true: "activate it"} // by whether it is deactivated
	const all = "<config-sync-with-scp/><apply-macro><name>vc-internal-ssh</name><data><name>0</name><value>A</value></data></apply-macro>"
	for _, row := range []struct {
		name, reply, candidate string
		err                    string
		partly                 bool
	}{
		{"done", loadOK, candidate(all), "", false},
		{"nothing", loadOK, "<configuration/>", "load the configuration: the device reported success and changed nothing", false},
		{"nothing, and the device says why", ignored, candidate(""), "changed nothing: the device reports: statement has no contents; ignored", false},
		{"nothing, because it is protected", "<load-configuration-results>" + rpcError("warning", "[system commit] is protected, 'config-sync-with-scp' cannot be created") + "<ok/></load-configuration-results>",
			candidate(""), "changed nothing: the device reports: [system commit] is protected, 'config-sync-with-scp' cannot be created", false},
		{"nothing, and the hierarchy is not shown", loadOK, "<configuration><system/></configuration>", "load the configuration: the device reported success and changed nothing", false},
		{"a part", loadOK, candidate("<config-sync-with-scp/>"), "changed only part", true},
		{"something else", loadOK, candidate(strings.Replace(all, ">A<", ">B<", 1)), "changed only part", true},
		{"deactivated", loadOK, candidate(strings.Replace(all, "scp/", `scp inactive="inactive"/`, 1)), "the candidate lacks: set system commit config-sync-with-scp; system commit/config-sync-with-scp is deactivated", true},
		{"hidden", loadOK, rpcError("error", "permission denied"), "read the candidate: the device reports: permission denied", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{}, answers{"load-configuration": says(row.reply), "get-configuration": says(row.candidate)})
			err := d.Load(t.Context(), vc.Settings{}, want)
			told(t, err, row.err)
			var i *IgnoredLoadError
			if errors.As(err, &i) && (i.Partly != row.partly || !strings.Contains(i.Hint(), hints[len(i.Inactive) > 0])) {
				t.Errorf("partly %v, hint %q", i.Partly, i.Hint())
			}
			if sent := p.sent(); !strings.Contains(sent[len(sent)-1], `database="candidate"`) {
				t.Errorf("want the candidate to be read, got %v", sent)
			}
		})
	}
}

// A statement is gone where the candidate shows something else. One that shows nothing
// may hide it.
func TestLoadThatRemoves(t *testing.T) {
	from := vc.Settings{Keys: vc.KeysCommand{Command: "/c", User: "u"}}
	const (
		service = "<configuration><system><services><netconf><ssh/></netconf></services></system></configuration>"
		hidden  = "read the candidate: get-configuration: it shows neither system services ssh nor netconf"
	)
	for name, row := range map[string]struct {
		to         vc.Settings
		candidates []string // as it is written, and with what groups give
		err        string
		asked      int
	}{
		"it shows a service":               {vc.Settings{}, says(service), "", 1},
		"ssh is left":                      {vc.Settings{}, says("<configuration><system><services><ssh/></services></system></configuration>"), "", 1},
		"a group gives the service":        {vc.Settings{}, says("<configuration/>", service), "", 2},
		"it shows nothing":                 {vc.Settings{}, says("<configuration/>"), hidden, 2},
		"an ok":                            {vc.Settings{}, says("<ok/>"), hidden, 2},
		"an empty reply":                   {vc.Settings{}, says(""), hidden, 2},
		"it shows another hierarchy":       {vc.Settings{}, says("<configuration><system><commit><synchronize/></commit></system></configuration>"), hidden, 2},
		"the second reading is refused":    {vc.Settings{}, says("<configuration/>", rpcError("error", "permission denied")), "read the candidate: the device reports: permission denied", 2},
		"one of two, and it shows nothing": {vc.Settings{Keys: vc.KeysCommand{Command: "/c"}}, says("<configuration/>"), hidden, 2},
		"nothing is removed":               {vc.Settings{Keys: vc.KeysCommand{Command: "/d", User: "u"}}, says("<configuration/>"), "the candidate lacks: set system services ssh authorized-keys-command /d, set system services ssh authorized-keys-command-user u", 1},
		"it is there still": {vc.Settings{}, says("<configuration><system><services><ssh><authorized-keys-command-user>u</authorized-keys-command-user></ssh></services></system></configuration>"),
			"changed only part of it; the candidate has: set system services ssh authorized-keys-command-user u", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, p := play(t, Options{}, answers{"load-configuration": says(loadOK), "get-configuration": row.candidates})
			told(t, d.Load(t.Context(), from, row.to), row.err)
			if n := len(p.sent()) - 1; n != row.asked {
				t.Errorf("want %d readings, got %v", row.asked, p.sent())
			}
		})
	}
}

// What the candidate has instead is told, and what helps.
func TestLoadThatWasAltered(t *testing.T) {
	keys := func(command, attribute string) string {
		return "<configuration><system><services><ssh><authorized-keys-command" + attribute + ">" + command + "</authorized-keys-command>" +
			"<authorized-keys-command-user>u</authorized-keys-command-user></ssh></services></system></configuration>"
	}
	for name, row := range map[string]struct{ candidate, text, hint string }{
		"quotes":        {keys("&quot;/bin/c&quot;", ""), `the candidate lacks: set system services ssh authorized-keys-command /bin/c; the candidate has: set system services ssh authorized-keys-command "\"/bin/c\""`, "give the option that value"},
		"a slash":       {keys("/bin/c/", ""), "the candidate has: set system services ssh authorized-keys-command /bin/c/", "give the option that value"},
		"upper case":    {keys("/BIN/C", ""), "the candidate has: set system services ssh authorized-keys-command /BIN/C", "give the option that value"},
		"the old value": {keys("/bin/old", ""), "the candidate has: set system services ssh authorized-keys-command /bin/old", "unprotect"},
		"inactive":      {keys("/bin/c", ` inactive="inactive"`), "the candidate lacks: set system services ssh authorized-keys-command /bin/c; system services/ssh/authorized-keys-command is deactivated", "activate it or delete it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := play(t, Options{}, answers{"load-configuration": says(loadOK), "get-configuration": says(row.candidate)})
			err := d.Load(t.Context(), vc.Settings{Keys: vc.KeysCommand{Command: "/bin/old", User: "old"}}, vc.Settings{Keys: vc.KeysCommand{Command: "/bin/c", User: "u"}})
			told(t, err, row.text)
			var i *IgnoredLoadError
			if !errors.As(err, &i) || !strings.Contains(i.Hint(), row.hint) {
				t.Errorf("want a hint on %q, got %v", row.hint, err)
			}
		})
	}
}

func TestLoadReply(t *testing.T) {
	syntax := refusal("syntax error", "config-sync-with-scp") + rpcError("error", "error recovery ignores input until this point")
	for _, row := range []struct {
		name, reply string
		warnings    []string
		err         string
		bad         string
	}{
		{name: "done", reply: loadOK},
		{name: "done, in the other form", reply: "<load-configuration-results><load-success/><load-error-count>0</load-error-count></load-configuration-results>"},
		{name: "a warning", reply: "<load-configuration-results>" + rpcError("warning", "statement not found") + "<ok/></load-configuration-results>",
			warnings: []string{"warning - statement not found"}},
		{name: "errors below the results", reply: "<load-configuration-results>" + syntax + "</load-configuration-results>", bad: "config-sync-with-scp",
			err: "load the configuration: the device reports: syntax error at config-sync-with-scp; error recovery ignores input until this point"},
		{name: "errors without results", reply: syntax, err: "syntax error at config-sync-with-scp", bad: "config-sync-with-scp"},
		{name: "an error and a warning", reply: rpcError("warning", "statement not found") + refusal("permission denied", "load-configuration"),
			warnings: []string{"warning - statement not found"}, err: "the device reports: permission denied at load-configuration", bad: "load-configuration"},
		{name: "no reply", reply: "EOF", err: "load the configuration: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			var heard Messages
			d, _ := play(t, Options{Heard: &heard}, answers{"load-configuration": says(row.reply)})
			_, err := d.sendEdit(t.Context(), vc.Settings{}, vc.Settings{SCP: true})
			told(t, err, row.err)
			if diff := cmp.Diff(row.warnings, listed(heard.List())); diff != "" {
				t.Errorf("warnings: want - got +\n%s", diff)
			}
			if no := (*RejectedError)(nil); row.bad != "" && (!errors.As(err, &no) || no.Messages[0].BadElement != row.bad) {
				t.Errorf("want a refusal at %s, got %#v", row.bad, err)
			}
		})
	}
}

func TestCompareAndDiscard(t *testing.T) {
	for _, row := range []struct {
		name, reply string
		want, err   string
	}{
		{"no difference", "<configuration-information><configuration-output>\n</configuration-output></configuration-information>", "", ""},
		{"an ok", "<ok/>", "", ""},
		{"no difference, in a terminal's colours", "<configuration-information><configuration-output>\x1b[0m\r\n\x1b[32m\x1b[m</configuration-output></configuration-information>", "", ""},
		{"a difference in colours", "<configuration-information><configuration-output>\x1b[1m[edit system]\x1b[0m\r\n\x1b[32m+   host-name x;\x1b[m\r\n</configuration-output></configuration-information>",
			"[edit system]\n+   host-name x;", ""},
		{"an empty answer says nothing", "", "", "something other than a comparison"},
		{"an empty comparison says nothing", "<configuration-information/>", "", "something other than a comparison"},
		{"an HTML page", "<html/>", "", "something other than a comparison"},
		{"a difference", "<configuration-information><configuration-output>\n[edit system]\n+   host-name x;\n</configuration-output></configuration-information>",
			"[edit system]\n+   host-name x;", ""},
		{"wrapped", engines(item("localre", "<configuration-information><configuration-output>\n</configuration-output></configuration-information>")), "", ""},
		{"a difference, wrapped", engines(item("fpc0", "<configuration-information><configuration-output>\n+   a;\n</configuration-output></configuration-information>")), "+   a;", ""},
		{"wrapped, and empty", engines(item("localre", "")), "", "something other than a comparison"},
		{"of several members", engines(item("fpc0", "<configuration-information/>"), item("fpc1", "<configuration-information/>")), "", "several members answered"},
		{"a difference, and then none", "<configuration-information><configuration-output>+   a;</configuration-output><configuration-output/></configuration-information>", "+   a;", ""},
		{"a difference in two parts", "<configuration-information><configuration-output>+   a;</configuration-output><configuration-output>+   b;</configuration-output></configuration-information>", "+   a;\n+   b;", ""},
		{"two answers", "<configuration-information><configuration-output/></configuration-information><configuration-information><configuration-output>+   a;</configuration-output></configuration-information>",
			"", "the device answered more than once, with different answers"},
		{"the same answer twice", strings.Repeat("<configuration-information><configuration-output>+   a;</configuration-output></configuration-information>", 2), "+   a;", ""},
		{"an ok, and text", "<ok/>+   a;", "", "something other than a comparison"},
		{"an ok, and output", "<output>[edit system]</output><ok/>", "", "something other than a comparison"},
		{"a difference in elements", "<configuration-information><configuration-output><line>+   a;</line></configuration-output></configuration-information>", "", "something other than a comparison"},
		{"a difference behind an empty one", "<configuration-information><configuration-output/>+   a;</configuration-information>", "", "something other than a comparison"},
		{"a difference, and a banner", "<configuration-information><configuration-output/></configuration-information><cli><banner>{master:0}</banner></cli>", "", ""},
		{"refused", rpcError("error", "permission denied"), "", "compare the candidate: the device reports: permission denied"},
		{"no reply", "EOF", "", "compare the candidate: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{ReadOnly: true}, answers{"compare": says(row.reply)})
			got, err := d.Compare(t.Context())
			if told(t, err, row.err) && got != row.want {
				t.Errorf("want %q, got %q", row.want, got)
			}
			if diff := cmp.Diff([]string{`<get-configuration compare="rollback" rollback="0" format="text"/>`}, p.sent()); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
	for reply, want := range map[string]string{
		"<ok/>": "",
		"<load-configuration-results><ok/></load-configuration-results>":           "",
		"<load-configuration-results><load-success/></load-configuration-results>": "",
		"":                                     "discard the candidate: the device did not confirm success",
		"<done/>":                              "discard the candidate: the device did not confirm success",
		"no such thing":                        "discard the candidate: the device did not confirm success",
		rpcError("error", "not locked by you"): "discard the candidate: the device reports: not locked by you",
	} {
		d, _ := play(t, Options{}, answers{"discard-changes": says(reply)})
		told(t, d.Discard(t.Context()), want)
	}
}
