// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

func echo(_ context.Context, task Task, p sample) (outcome, error) {
	return outcome{Got: &p, Task: &task}, nil
}

func TestConversions(t *testing.T) {
	defaults, _, _ := decoded(t, `{"host": "192.0.2.1"}`)
	seven := 7
	for _, row := range []struct {
		name, option, value string
		want                func(*sample)
	}{
		{"int from a text", "port", `"5"`, func(p *sample) { p.Port = 5 }},
		{"int from a padded text", "port", `" 5 "`, func(p *sample) { p.Port = 5 }},
		{"int from 5.0", "port", `5.0`, func(p *sample) { p.Port = 5 }},
		{"int from a text 5.0", "port", `"5.0"`, func(p *sample) { p.Port = 5 }},
		{"int from 1e3", "port", `1e3`, func(p *sample) { p.Port = 1000 }},
		{"optional int", "maybe", `7`, func(p *sample) { p.Maybe = &seven }},
		{"null is not given", "port", `null`, func(*sample) {}},
		{"omit is not given", "port", `"__omit_place_holder__8a7b"`, func(*sample) {}},
		{"omit in a list", "numbers", `[1, "__omit_place_holder__8a7b"]`, func(p *sample) { p.Numbers = []int{1} }},
		{"float", "ratio", `2`, func(p *sample) { p.Ratio = 2 }},
		{"float from a text", "ratio", `"0.25"`, func(p *sample) { p.Ratio = 0.25 }},
		{"text from a number", "command", `12`, func(p *sample) { p.Command = "12" }},
		{"text from a number keeps digits", "command", `1.50`, func(p *sample) { p.Command = "1.50" }},
		{"text from a bool", "command", `true`, func(p *sample) { p.Command = "True" }},
		{"choice from a bool", "chassis_fips", `true`, func(p *sample) { p.FIPS = "true" }},
		{"choice from the other bool", "chassis_fips", `false`, func(p *sample) { p.FIPS = "false" }},
		{"alias", "cmd", `"x"`, func(p *sample) { p.Command = "x" }},
		{"list from a text", "steps", `"one, two"`, func(p *sample) { p.Steps = []string{"one", "two"} }},
		{"list from an empty text", "steps", `""`, func(p *sample) { p.Steps = []string{} }},
		{"list from a number", "numbers", `4`, func(p *sample) { p.Numbers = []int{4} }},
		{"list of texts to ints", "numbers", `["4", 5.0]`, func(p *sample) { p.Numbers = []int{4, 5} }},
		{"dicts", "members", `[{"member_id": "1", "serial_number": 12}]`, func(p *sample) { p.Members = []entry{{ID: 1, Serial: "12"}} }},
		{"dicts from a text", "members", `"[{\"member_id\": 1}]"`, func(p *sample) { p.Members = []entry{{ID: 1}} }},
		{"dict from a text", "nested", `"{\"member_id\": 1}"`, func(p *sample) { p.Nested.ID = 1 }},
		{"path", "known_hosts", `"~/a,$DIR/b,${DIR}/c,$NONE/d,/e~"`, func(p *sample) {
			p.KnownHosts = []string{"/home/a/a", "/srv/b", "/srv/c", "$NONE/d", "/e~"}
		}},
		{"path of home itself", "ssh_config", `"~"`, func(p *sample) { p.SSHConfig = "/home/a" }},
		{"path of nobody", "ssh_config", `"~no-such-user/x"`, func(p *sample) { p.SSHConfig = "~no-such-user/x" }},
		{"no path is expanded in a text", "command", `"~/$DIR"`, func(p *sample) { p.Command = "~/$DIR" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := defaults
			row.want(&want)
			got, _, msg := decoded(t, with(row.option, row.value), "HOME=/home/a", "DIR=/srv")
			check(t, msg, "")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	p, task, msg := decoded(t, `{"host": "192.0.2.1", "_ansible_verbosity": 3, "_ansible_new_in_2.30": {}}`)
	check(t, msg, "")
	if p.Port != 830 || !p.UseAgent || p.HostKey != "strict" || p.CommitTimeout != 600 || p.Ratio != 1.5 {
		t.Errorf("defaults are missing in %+v", p)
	}
	if task.Check || task.Diff || task.Verbosity != 3 || task.Module != "probe" || len(task.Tag) != 10 {
		t.Errorf("got %+v", task)
	}
}

// Arguments come before the environment, that before the play, that before defaults.
func TestOrderOfSources(t *testing.T) {
	argument := `{"host": "a", "port": 1, "_vchassis_vars": {"port": "3"}}`
	play := `{"host": "a", "_vchassis_vars": {"port": "3"}}`
	for _, row := range []struct {
		arguments, environ string
		want               int
	}{
		{argument, "VCHASSIS_PORT=2", 1},
		{play, "VCHASSIS_PORT=2", 2},
		{`{"host": "a"}`, "VCHASSIS_PORT=2", 2},
		{play, "VCHASSIS_PORT=", 3},
		{`{"host": "a", "_vchassis_vars": {"port": ""}}`, "", 830},
		{`{"host": "a"}`, "VCHASSIS_PORT=", 830},
	} {
		p, _, msg := decoded(t, row.arguments, row.environ)
		check(t, msg, "")
		if p.Port != row.want {
			t.Errorf("%s with %s: want %d, got %d", row.arguments, row.environ, row.want, p.Port)
		}
	}
}

// Two sources that disagree on the user have passwords of two users: neither is
// sent. The option of the task settles it.
func TestSourcesThatDisagreeOnTheUser(t *testing.T) {
	const ours, net, play = "VCHASSIS_USERNAME", "ANSIBLE_NET_USERNAME", "the play's variables"
	for _, row := range []struct {
		option, ours, net, play string // "" is absent
		want, err               string
	}{
		{"", "", "", "", "", ""},
		{"", "a", "", "", "a", ""},
		{"", "", "a", "", "a", ""},
		{"", "", "", "a", "a", ""},
		{"", "a", "a", "a", "a", ""},
		{"", "a", "b", "", "", ours + ` says "a", and ` + net + `: "b"`},
		{"", "a", "", "b", "", ours + ` says "a", and ` + play + `: "b"`},
		{"", "", "a", "b", "", net + ` says "a", and ` + play + `: "b"`},
		{"", "a", "a", "b", "", ours + ` says "a", and ` + play + `: "b"`},
		{"c", "a", "b", "d", "c", ""},
	} {
		arguments := fmt.Sprintf(`{"host": "h", "username": %s, "_vchassis_vars": {"username": %s}}`, nullable(row.option), nullable(row.play))
		p, _, msg := decoded(t, arguments, ours+"="+row.ours, net+"="+row.net)
		check(t, msg, row.err)
		if p.Username != row.want {
			t.Errorf("%+v: got %q", row, p.Username)
		}
	}
}

// A task that logs in as somebody else does not get the password that the
// environment or the play has for its own user.
func TestPasswordOfAnotherUser(t *testing.T) {
	for _, row := range []struct {
		asked, ours, oursPassword, net, netPassword, play, playPassword string // "" is absent
		want                                                            string
	}{
		{asked: "", ours: "a", oursPassword: canary.Password, want: canary.Password},
		{asked: "a", ours: "a", oursPassword: canary.Password, want: canary.Password},
		{asked: "root", ours: "a", oursPassword: canary.Password, want: ""},
		{asked: "a", ours: "", oursPassword: canary.Password, want: canary.Password}, // nobody says whose it is
		{asked: "a", playPassword: canary.Wrong, want: canary.Wrong},
		{asked: "root", ours: "", oursPassword: canary.Password, want: ""}, // so root's it may not be
		{asked: "root", netPassword: canary.Passphrase, want: ""},
		{asked: "root", net: "a", netPassword: canary.Passphrase, want: ""},
		{asked: "root", play: "a", playPassword: canary.Wrong, want: ""},
		{asked: "root", play: "root", playPassword: canary.Wrong, want: canary.Wrong},
		{asked: "root", playPassword: canary.Wrong, want: ""},
		{asked: "root", ours: "a", oursPassword: canary.Password, net: "b", netPassword: canary.Passphrase, play: "root", playPassword: canary.Wrong, want: canary.Wrong},
	} {
		arguments := fmt.Sprintf(`{"host": "h", "username": %s, "_vchassis_vars": {"username": %s, "password": %s}}`,
			nullable(row.asked), nullable(row.play), nullable(row.playPassword))
		p, _, msg := decoded(t, arguments, "VCHASSIS_USERNAME="+row.ours, "VCHASSIS_PASSWORD="+row.oursPassword,
			"ANSIBLE_NET_USERNAME="+row.net, "ANSIBLE_NET_PASSWORD="+row.netPassword)
		check(t, msg, "")
		if got := p.Password.Reveal(); got != row.want {
			t.Errorf("asked for %q, %q, %q, %q: got another password", row.asked, row.ours, row.net, row.play)
		}
	}
}

func nullable(text string) string {
	if text == "" {
		return "null"
	}
	return strconv.Quote(text)
}

func TestPlayVariablesFillNothingBelow(t *testing.T) {
	_, _, msg := decoded(t, `{"host": "a", "members": [{}], "_vchassis_vars": {"username": "x"}}`)
	check(t, msg, "members[0].member_id: required")
	type inner struct {
		Name string `json:"name"`
	}
	type params struct {
		Name   string  `json:"name"`
		Nested inner   `json:"nested"`
		Listed []inner `json:"listed"`
	}
	p, msg := filled[params](t, `{"nested": {}, "listed": [{}], "_vchassis_vars": {"name": "x"}}`)
	if check(t, msg, ""); p.Name != "x" || p.Nested.Name != "" || p.Listed[0].Name != "" {
		t.Errorf("got %+v", p)
	}
}
