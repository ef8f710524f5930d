// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// fake is a switch that answers with what it is given.
type fake struct {
	replies   map[string]string // by the name of the RPC
	calls     []string
	candidate *conf.Tree
	committed *conf.Tree
	status    Status
}

func newFake() *fake {
	tree := conf.New(conf.DefaultSchema("25.2R1.9"))
	tree.Set("system", "host-name", "sw1")
	return &fake{
		replies: map[string]string{}, committed: tree, candidate: tree,
		status: Status{User: "ada", Class: "super-user", Host: "sw1", Release: "25.2R1.9", Banner: "{master:0}", MayEdit: true, MayShell: true,
			Texts: Texts{RootShell: "root@%s:%s:%s%% ", RootQuestion: "Password:"}},
	}
}

func (f *fake) Call(rpc string) string {
	f.calls = append(f.calls, rpc)
	name := strings.FieldsFunc(rpc, func(r rune) bool { return strings.ContainsRune("<>/ ", r) })[0]
	return f.replies[name]
}

func (f *fake) Status() Status { return f.status }

func (f *fake) Configuration(source string) (Config, error) {
	switch source {
	case Candidate:
		return Config{Tree: f.candidate}, nil
	case Committed:
		return Config{Tree: f.committed}, nil
	}
	return Config{}, errors.New("rollback not found")
}

func (f *fake) Load(action, format, payload string) ([]conf.Problem, error) {
	tree := f.candidate.Clone()
	problems := tree.Load(action, format, payload)
	f.candidate = tree
	return problems, nil
}

func (f *fake) Command(line string, hierarchy []string) ([]conf.Problem, error) {
	tree := f.candidate.Clone()
	problems := tree.Command(line, hierarchy...)
	f.candidate = tree
	return problems, nil
}

func (f *fake) Member(string) (Device, error) { return nil, errors.New("no such member") }
func (f *fake) Root(string) (Device, error)   { return nil, errors.New("su: Sorry") }
func (f *fake) NETCONF(tty TTY)               { _, _ = io.WriteString(tty, "<hello/>]]>]]>\n") }
func (f *fake) Close()                        {}

func TestSplit(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{``, ""},
		{`show  version`, "show@0 version@6"},
		{`a "b c" d`, "a@0 b c@2 d@8"},
		{`a "b \" c"`, `a@0 b " c@2`},
		{`a|b`, "a@0 |@1 b@2"},
		{`a "b|c"`, "a@0 b|c@2"},
		{`unclosed "quote`, "unclosed@0 quote@9"},
	} {
		var got []string
		for _, w := range splitWords(test.line) {
			got = append(got, w.text+"@"+string(rune('0'+w.col)))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: want %q, got %q", test.line, test.want, got)
		}
	}
}

func TestCommandsAreFoundByUniqueBeginnings(t *testing.T) {
	grammar := []command{
		{word: "show", run: quitSession, sub: []command{{word: "version", run: quitSession}, {word: "virtual", run: quitSession}}},
		{word: "set", sub: []command{{word: "<value>", run: quitSession}}},
	}
	for _, test := range []struct {
		line, path string
		column     int
		err        string
	}{
		{"show", "show", 0, ""},
		{"sh ver", "show version", 0, ""},
		{"set x", "set", 0, ""},
		{"s", "", 0, "'s' is ambiguous"},
		{"show v", "", 5, "'v' is ambiguous"},
		{"x", "", 0, "unknown command: x"},
		{"show x", "", 5, "syntax error, expecting <command>: x"},
		{"show version x", "", 13, "syntax error, expecting <command>: x"},
		{"set", "", 3, "syntax error, expecting <command>"},
	} {
		_, c, err := findCommand(grammar, test.line, splitWords(test.line))
		var e *Error
		switch errors.As(err, &e); {
		case test.err == "" && (err != nil || c.path != test.path):
			t.Errorf("%s: want %q, got %q, %v", test.line, test.path, c.path, err)
		case test.err != "" && (e == nil || !strings.HasPrefix(e.Error(), test.err) || e.Column != test.column):
			t.Errorf("%s: want %q at %d, got %#v", test.line, test.err, test.column, e)
		}
	}
}

func TestPipes(t *testing.T) {
	f := newFake()
	f.replies["get-commit-information"] = `<commit-information>` +
		`<commit-history><sequence-number>0</sequence-number><user>ada</user><client>cli</client><date-time>now</date-time><log>one</log></commit-history>` +
		`<commit-history><sequence-number>1</sequence-number><user>bob</user><client>cli</client><date-time>then</date-time></commit-history></commit-information>`
	for _, test := range []struct{ pipe, want, err string }{
		{"", "0   now by ada via cli\n    one\n1   then by bob via cli\n", ""},
		{"| match BOB", "1   then by bob via cli\n", ""},
		{`| match "ada|bob" | except bob`, "0   now by ada via cli\n", ""},
		{"| count", "Count: 3 lines\n", ""},
		{"| last 1", "1   then by bob via cli\n", ""},
		{"| last x", "", "invalid numeric value: 'x'"},
		{"| find one", "    one\n1   then by bob via cli\n", ""},
		{"| find none", "\nPattern not found\n", ""},
		{"| trim 4 | last 1", "then by bob via cli\n", ""},
		{"| match (", "", "regular expression syntax error: ("},
		{"| no-more | match bob", "1   then by bob via cli\n", ""},
		{"| nonsense", "", "syntax error, expecting <command>: nonsense"},
		{"| compare", "", "compare is for configurations only"},
		{"|", "", "syntax error, expecting <command>"},
	} {
		answer, err := Run(f, "show system commit "+test.pipe)
		if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err || answer.Text != test.want {
			t.Errorf("%s: want %q, %q\ngot %q, %v", test.pipe, test.want, test.err, answer.Text, err)
		}
	}
}

func TestLettersOfAReplyBecomeJSON(t *testing.T) {
	got := toJSON(`<a junos:style="x"><b>1</b><b>2 &lt;</b><c/></a>`)
	want := `{ "a" : [ { "attributes" : {"junos:style" : "x"}, "b" : [ { "data" : "1" }, { "data" : "2 \u003c" } ], "c" : [ { "data" : [null] } ] } ] }`
	if strings.Join(strings.Fields(got), " ") != want {
		t.Fatalf("got %s", got)
	}
	if toJSON("<a") != "" {
		t.Fatal("half an element has no JSON")
	}
}

// An element that the switch leaves open does not hide what is in it.
func TestAMalformedReplyIsRead(t *testing.T) {
	f := newFake()
	f.replies["commit-configuration"] = "<commit-results>\n<routing-engine>\n<name>fpc0</name>\n<commit-check-success/>\n</commit-results>\n<ok/>\n"
	if got := converse(f, false, "configure\ncommit check\n"); !strings.Contains(got, "\nconfiguration check succeeds\n") && !strings.Contains(got, "# configuration check succeeds\n") {
		t.Fatalf("got %s", got)
	}
}

func TestCommitErrorsNameStatementAndMember(t *testing.T) {
	f := newFake()
	f.replies["commit-configuration"] = `<commit-results><routing-engine><name>fpc0</name><commit-check-success/></routing-engine>` +
		`<routing-engine><name>fpc1</name><rpc-error><error-severity>error</error-severity><error-message>
no way there
</error-message></rpc-error></routing-engine></commit-results>`
	got := converse(f, false, "configure\ncommit confirmed 0\ncommit confirmed 7 comment \"why\"\n")
	for _, want := range []string{"Value 0 is not within range (1..65535).", "fpc1: \nerror: no way there\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if last := f.calls[len(f.calls)-1]; last != "<commit-configuration><confirmed/><confirm-timeout>7</confirm-timeout><log>why</log></commit-configuration>" {
		t.Errorf("asked %s", last)
	}
}

// converse types input into a login and returns what was printed.
func converse(f *fake, tty bool, input string) string {
	var out bytes.Buffer
	term := NewTerminal(strings.NewReader(input), &out, tty)
	Login(f, term)
	return out.String()
}

func TestATerminalEchoesAndTheEndOfInputLogsOut(t *testing.T) {
	f := newFake()
	f.replies["get-authorization-information"] = "<authorization-information><user-name>ada</user-name></authorization-information>"
	got := converse(f, true, "show cli authorizationX\x7f\rconfigure exclusive\r\x04")
	for _, want := range []string{
		"--- JUNOS 25.2R1.9", "\r\n{master:0}\r\nada@sw1> show cli authorizationX\b \b\r\nCurrent user: 'ada'", "\r\n\r\n{master:0}[edit]\r\nada@sw1# ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in %q", want, got)
		}
	}
}

func TestLeavingAnExclusiveSessionWithoutAWordClosesIt(t *testing.T) {
	f := newFake()
	converse(f, true, "configure exclusive\r\x04")
	if last := f.calls[len(f.calls)-1]; last != "<close-configuration/>" {
		t.Fatalf("the database stays open: %v", f.calls)
	}
}

func TestMultibyteCharactersAreErasedWhole(t *testing.T) {
	var out bytes.Buffer
	term := NewTerminal(strings.NewReader("aé\x7fb\r"), &out, true)
	line, err := term.readLine(reading{})
	if line != "ab" || err != nil || strings.Count(out.String(), "\b \b") != 1 {
		t.Fatalf("%q, %v, echo %q", line, err, out.String())
	}
}

func TestASecretIsNotEchoed(t *testing.T) {
	var out bytes.Buffer
	term := NewTerminal(strings.NewReader("hidden\x7f\x7fen?\r"), &out, true)
	line, err := term.readLine(reading{prompt: "Password:", secret: true})
	if line != "hidden?" || err != nil || out.String() != "Password:\r\n" {
		t.Fatalf("%q, %v, echo %q", line, err, out.String())
	}
	if _, err := term.readLine(reading{}); err != io.EOF {
		t.Fatalf("want the end, got %v", err)
	}
}

func TestThePagerObeysKeys(t *testing.T) {
	text := strings.Repeat("line\n", 30)
	for _, test := range []struct {
		name, keys string
		lines      int
		stops      int
	}{
		{"space turns pages", "   ", 30, 3},
		{"enter turns lines", "\r\rq", 11, 3},
		{"q ends", "q", 9, 1},
		{"the end of input ends", "", 9, 1},
		{"other keys do nothing", "xyzq", 9, 1},
		{"G shows the rest", "G", 30, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			term := NewTerminal(strings.NewReader(test.keys), &out, true)
			term.Resize(10, 80)
			newSession(newFake(), term).showText(text)
			if got := strings.Count(out.String(), "line\r\n"); got != test.lines || strings.Count(out.String(), more) != test.stops {
				t.Fatalf("want %d lines and %d stops, got %q", test.lines, test.stops, out.String())
			}
		})
	}
}

// Whatever is typed, nothing panics and the session ends.
func FuzzLogin(f *testing.F) {
	for _, seed := range []string{"show version | match x | count\r", "configure\rset system host-name x\rup\rtop\redit system\rexit\r", "load merge terminal\r{\x04", "\x1b[A\x1b[B\t?\x15", "commit confirmed comment\r", "\"\\"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(_ *testing.T, input string, tty bool) {
		for _, mode := range []string{"", "configure\r\n"} {
			converse(newFake(), tty, mode+input)
		}
	})
}
