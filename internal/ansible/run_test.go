// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

type hinted struct{ error }

func (hinted) Hint() string { return "wait for member 2" }

func TestFailureKeepsTheResult(t *testing.T) {
	boom := fmt.Errorf("lock candidate: %w", hinted{errBoom})
	for _, row := range []struct {
		name string
		out  outcome
		err  error
		want map[string]any
	}{
		{"success", outcome{Changed: true}, nil, map[string]any{"changed": true}},
		{"success of nothing", outcome{}, nil, map[string]any{"changed": false}},
		{"failure", outcome{}, errBoom, map[string]any{"failed": true, "changed": false, "msg": "device said no"}},
		{
			"failure with data and hint", outcome{Changed: true, Text: "x", Msg: "going well"}, boom,
			map[string]any{"failed": true, "changed": true, "text": "x", "msg": "lock candidate: device said no", "hint": "wait for member 2"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := call(t, `{"host": "a"}`, nil, func(context.Context, Task, sample) (outcome, error) { return row.out, row.err })
			if ok != (row.err == nil) {
				t.Errorf("ok = %v, error %v", ok, row.err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestPanicIsAFailure(t *testing.T) {
	for name, crash := range map[string]func(p sample){
		"text":   func(p sample) { panic("login with " + p.Password.Reveal()) },
		"nil":    func(p sample) { fmt.Print(*p.Maybe) },
		"bounds": func(p sample) { fmt.Print(p.Numbers[len(p.Command)]) },
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := call(t, `{"host": "a", "password": "hunter22"}`, nil, func(_ context.Context, _ Task, p sample) (outcome, error) {
				crash(p)
				return outcome{}, nil
			})
			msg := fmt.Sprint(got["msg"])
			if ok || !strings.HasPrefix(msg, "internal error in probe at run_test.go:") {
				t.Errorf("got %v", got)
			}
			if strings.Contains(msg, "hunter22") || strings.Contains(msg, "goroutine") {
				t.Errorf("the message shows too much: %s", msg)
			}
		})
	}
}

type unprintable struct{}

func (unprintable) MarshalJSON() ([]byte, error) { panic("no") }

func TestResultThatIsNoJSON(t *testing.T) {
	type result struct {
		Changed bool        `json:"changed"`
		F       unprintable `json:"f"`
	}
	out, ok := New("probe", func(context.Context, Task, struct{}) (result, error) {
		return result{Changed: true}, nil
	}).Run(t.Context(), []byte(`{}`), nil)
	if got := string(out); !strings.Contains(got, `"failed":true`) || !json.Valid(out) {
		t.Errorf("got %s, ok %v", got, ok)
	}
	if ok {
		t.Error("a result that cannot be printed is no success")
	}
}

func TestOutputIsScrubbed(t *testing.T) {
	secrets := `"password": "hunter22", "private_key_passphrase": 12345678, "tokens": ["changed", "to\"ken<&>"], "members": [{"member_id": 1, "key": "deepsecret"}]`
	got, _ := call(t, `{"host": "a", `+secrets+`}`, []string{"ANSIBLE_NET_PASSWORD=unused"}, func(_ context.Context, _ Task, p sample) (outcome, error) {
		text := strings.Join([]string{p.Password.Reveal(), p.PrivateKeyPassphrase.Reveal(), p.Tokens[1].Reveal(), p.Members[0].Key.Reveal(), "$9$aZUi.fTzF"}, " ")
		return outcome{Text: text, Got: &p, Changed: true}, errors.New("login as root with " + p.Password.Reveal())
	})
	all, _ := json.Marshal(got)
	for _, leak := range []string{"hunter22", "12345678", "ken<", `ken\u003c`, "deepsecret", "$9$"} {
		if strings.Contains(string(all), leak) {
			t.Errorf("%s leaked in %s", leak, all)
		}
	}
	if got["changed"] != true {
		t.Errorf("a secret that reads like a key destroyed the result: %s", all)
	}
}

// A password that reads like a serial number or a word of ours must not harm what
// later tasks act on. Texts are scrubbed all the same.
func TestIdentifiersAreNotScrubbed(t *testing.T) {
	type member struct {
		Serial string `json:"serial_number" scrub:"never"`
		Role   string `json:"role" scrub:"never"`
		Note   string `json:"note"`
	}
	type result struct {
		Msg     string   `json:"msg"`
		State   string   `json:"commit_state" scrub:"never"`
		Steps   []string `json:"pending_steps" scrub:"never"`
		Members []member `json:"members"`
		Primary *member  `json:"primary"`
	}
	type params struct {
		Password secret.String `json:"password"`
	}
	for _, password := range []string{"ZD0092351700", "primary", "confirmed", "scp_sync"} {
		m := New("probe", func(context.Context, Task, params) (result, error) {
			one := member{"ZD0092351700", "primary", "said " + password}
			return result{"said " + password, "confirmed", []string{"scp_sync"}, []member{one}, &one}, nil
		})
		out, _ := m.Run(t.Context(), []byte(`{"password": "`+password+`"}`), nil)
		want := `{"msg":"said ********","commit_state":"confirmed","pending_steps":["scp_sync"],"members":[{"serial_number":"ZD0092351700","role":"primary","note":"said ********"}],` +
			`"primary":{"serial_number":"ZD0092351700","role":"primary","note":"said ********"}}`
		if string(out) != want {
			t.Errorf("%s:\nwant %s\ngot  %s", password, want, out)
		}
	}
}

func TestRefusedArgumentsShowNoSecret(t *testing.T) {
	for _, arguments := range []string{
		`{"host": "hunter22 x", "password": "hunter22"}`,
		`{"host": "a", "password": "hunter22", "port": "hunter22"}`,
		`{"host": "a", "pasword": "hunter22"}`,
		`{"host": "a", "password": ["hunter22"]}`,
		`{"host": "a", "tokens": {"hunter22": 1}}`,
	} {
		if _, _, msg := decoded(t, arguments); msg == "" || strings.Contains(msg, "hunter22") {
			t.Errorf("%s: %q", arguments, msg)
		}
	}
}

func TestSecretOfTheEnvironmentIsScrubbed(t *testing.T) {
	got, _ := call(t, `{"host": "a", "_vchassis_vars": {"private_key_passphrase": "deepsecret"}}`, []string{"VCHASSIS_PASSWORD=hunter22"},
		func(_ context.Context, _ Task, p sample) (outcome, error) {
			return outcome{Text: p.Password.Reveal() + p.PrivateKeyPassphrase.Reveal()}, nil
		})
	if got["text"] != "****************" {
		t.Errorf("got %v", got)
	}
}

func TestOutputIsBoundedAndUTF8(t *testing.T) {
	long := strings.Repeat("set system é\n", 10000)
	out, _ := New("probe", func(context.Context, Task, struct{}) (outcome, error) {
		return outcome{Diff: long, Text: "a\xffb\x00\x1b<&>"}, nil
	}).Run(t.Context(), []byte(`{"_ansible_diff": true}`), nil)
	if !utf8.Valid(out) || !json.Valid(out) || len(out) > 100_000 {
		t.Errorf("%d bytes, valid UTF-8 %v, valid JSON %v", len(out), utf8.Valid(out), json.Valid(out))
	}
	if text := string(out); !strings.Contains(text, "140000 bytes in all, sha256 ") || !strings.Contains(text, "a\ufffdb\\u0000\\u001b<&>") {
		t.Errorf("got %s", text[len(text)-300:])
	}
}

func TestDiffOnlyWhenAsked(t *testing.T) {
	for arguments, want := range map[string]bool{`{"host": "a"}`: false, `{"host": "a", "_ansible_diff": true}`: true} {
		got, _ := call(t, arguments, nil, func(context.Context, Task, sample) (outcome, error) { return outcome{Diff: "x"}, nil })
		if _, has := got["diff"]; has != want {
			t.Errorf("%s: diff %v", arguments, has)
		}
	}
}

func TestMalformedTagsPanic(t *testing.T) {
	for name, build := range map[string]func(){
		"no json tag": func() { Spec(struct{ A string }{}) },
		"default of no number": func() {
			Spec(struct {
				A int `json:"a" default:"x"`
			}{})
		},
		"default no choice": func() {
			Spec(struct {
				A string `json:"a" default:"x" choices:"y"`
			}{})
		},
		"default and required": func() {
			Spec(struct {
				A int `json:"a" default:"1" required:"true"`
			}{})
		},
		"bound of no number": func() {
			Spec(struct {
				A int `json:"a" min:"x"`
			}{})
		},
		"strange type": func() {
			Spec(struct {
				A chan int `json:"a"`
			}{})
		},
		"twins": func() {
			Spec(struct {
				A int `json:"a"`
				B int `json:"b" aliases:"a"`
			}{})
		},
		"no struct": func() { Spec(1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.HasPrefix(p, "ansible: ") {
					t.Errorf("want a panic that says what is wrong, got %s", p)
				}
			}()
			build()
		})
	}
}

func TestSpec(t *testing.T) {
	got := Spec(sample{})
	byName := map[string]Option{}
	for _, o := range got {
		byName[o.Name] = o
	}
	for _, want := range []Option{
		{Name: "port", Type: "int", Default: int64(830)},
		{Name: "password", Type: "str", NoLog: true},
		{Name: "known_hosts", Type: "list", Elements: "path"},
		{Name: "use_agent", Type: "bool", Default: true},
		{Name: "ratio", Type: "float", Default: 1.5},
		{Name: "command", Type: "str", Aliases: []string{"cmd"}},
		{Name: "steps", Type: "list", Elements: "str", Choices: []string{"one", "two"}},
		{Name: "maybe", Type: "int"},
		{Name: "tokens", Type: "list", Elements: "str", NoLog: true},
		{Name: "members", Type: "list", Elements: "dict", Sub: []Option{
			{Name: "member_id", Type: "int", Required: true},
			{Name: "serial_number", Type: "str"},
			{Name: "key", Type: "str", NoLog: true},
		}},
	} {
		if diff := cmp.Diff(want, byName[want.Name]); diff != "" {
			t.Errorf("want - got +\n%s", diff)
		}
	}
}
