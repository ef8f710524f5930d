// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
)

// decodeLogin returns the options that arguments make, or the message.
func decodeLogin(t *testing.T, arguments string) (p login, msg string) {
	t.Helper()
	out, _ := ansible.New("login", func(_ context.Context, _ ansible.Task, in login) (struct{}, error) {
		p = in
		return struct{}{}, nil
	}).Run(t.Context(), []byte(arguments), nil)
	var result struct {
		Msg string `json:"msg"`
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	return p, result.Msg
}

func TestBadHostsAndPorts(t *testing.T) {
	for _, row := range []struct{ option, value, err string }{
		{"host", `"192.0.2.1"`, ""},
		{"host", `"ex4400.example.com"`, ""},
		{"host", `"2001:db8::1"`, ""},
		{"host", `"[2001:db8::1]"`, ""},
		{"host", `"fe80::1%em0"`, ""},
		{"host", `""`, "host: required, but not given"},
		{"host", `" "`, `host: want a name or an address, got " "`},
		{"host", `"a b"`, "host: want a name or an address"},
		{"host", `"-oProxyCommand=x"`, "host: want a name or an address"},
		{"host", `"a\nb"`, "host: want a name or an address"},
		{"host", `"root@a"`, "host: want a name or an address"},
		{"host", `"a:22"`, "host: want a name or an address without a port"},
		{"host", `"[2001:db8::1"`, "without a port"},
		{"host", `"2001:db8::1::2"`, "without a port"},
		{"host", `"` + strings.Repeat("a", 300) + `"`, "host: want at most 255 characters, got 300"},
		{"port", `0`, "port: want 1 to 65535, got 0"},
		{"port", `65536`, "port: want 1 to 65535, got 65536"},
		{"port", `830.5`, "port: want int, got 830.5"},
		{"port", `1e99`, "port: want int"},
		{"port", `99999999999999999999999999999999999`, "port: want int"},
		{"connect_timeout", `0`, "connect_timeout: want 1 to 86400, got 0"},
		{"rpc_timeout", `-1`, "rpc_timeout: want 1 to 86400, got -1"},
		{"commit_timeout", `1e9`, "commit_timeout: want 1 to 86400, got 1000000000"},
		{"lock_timeout", `0`, ""},
		{"trace_anonymize_key", `"short"`, "trace_anonymize_key: want at least 16 characters"},
		{"username", `"root\nadmin"`, "username: want a login name, got control characters"},
	} {
		t.Run(fmt.Sprintf("%s %.30s", row.option, row.value), func(t *testing.T) {
			arguments := `{"host": "192.0.2.1", "` + row.option + `": ` + row.value + `}`
			if row.option == "host" {
				arguments = `{"host": ` + row.value + `}`
			}
			_, msg := decodeLogin(t, arguments)
			if row.err == "" && msg != "" || !strings.Contains(msg, row.err) {
				t.Errorf("want %q, got %q", row.err, msg)
			}
		})
	}
}

// farEnd is where the options of a task arrive.
type farEnd struct {
	SSH    sshconn.Config
	Junos  junos.Options
	Change change.Change
	FIPS   bool
	Wait   time.Duration // for another login
	Silent bool          // nobody is shown what is being done
	Trace  string
	// of the trace
	Anonymize    bool
	AnonymizeKey secret.String
}

func farEndOf(p login) farEnd {
	var watcher strings.Builder
	s := newSession(ansible.Task{Progress: progress.NewLog(&watcher, nil)}, p.Connection, p.ChassisFIPS)
	s.opts.Progress.Note("seen")
	far := farEnd{s.conn.sshConfig(), s.opts, s.newChange(Work{}), p.NeedsFIPS(), s.pacer.most, watcher.Len() == 0, s.conn.Trace, s.conn.TraceAnonymize, s.conn.TraceAnonymizeKey}
	far.Junos.Progress, far.Change.Progress = nil, nil
	return far
}

// arrivals lists every option of a connection: a value that is not its
// default, and what has it at the far end.
var arrivals = map[string]struct {
	value  any
	arrive func(*farEnd)
}{
	"host":                   {"switch.example.com", func(f *farEnd) { f.SSH.Host = "switch.example.com" }},
	"port":                   {2222, func(f *farEnd) { f.SSH.Port = 2222 }},
	"username":               {"operator", func(f *farEnd) { f.SSH.User = "operator"; f.Junos.Users = []string{"operator", "root"} }},
	"password":               {canary.Password, func(f *farEnd) { f.SSH.Password = canary.Password }},
	"private_key_file":       {"/keys/id", func(f *farEnd) { f.SSH.PrivateKeyFile = "/keys/id" }},
	"private_key_passphrase": {canary.Passphrase, func(f *farEnd) { f.SSH.PrivateKeyPassphrase = canary.Passphrase }},
	"certificate_file":       {"/keys/id-cert", func(f *farEnd) { f.SSH.CertificateFile = "/keys/id-cert" }},
	"use_agent":              {false, func(f *farEnd) { f.SSH.UseAgent = false }},
	"known_hosts":            {[]string{"/a", "/b"}, func(f *farEnd) { f.SSH.KnownHosts = []string{"/a", "/b"} }},
	"host_key":               {"accept_new", func(f *farEnd) { f.SSH.HostKey = sshconn.AcceptNew }},
	"host_key_fingerprint":   {[]string{"SHA256:x", "SHA256:y"}, func(f *farEnd) { f.SSH.HostKeyFingerprints = []string{"SHA256:x", "SHA256:y"} }},
	"ssh_config":             {"/ssh_config", func(f *farEnd) { f.SSH.SSHConfig = "/ssh_config" }},
	"proxy_jump":             {"jump.example.com", func(f *farEnd) { f.SSH.ProxyJump = "jump.example.com" }},
	"proxy_command":          {"nc %h %p", func(f *farEnd) { f.SSH.ProxyCommand = "nc %h %p" }},
	"algorithms":             {"modern", func(f *farEnd) { f.SSH.Algorithms = "modern" }},
	"connect_timeout":        {11, func(f *farEnd) { f.SSH.ConnectTimeout = 11 * time.Second }},
	"login_wait":             {15, func(f *farEnd) { f.Wait = 15 * time.Second }},
	"rpc_timeout":            {12, func(f *farEnd) { f.Junos.RPCTimeout = 12 * time.Second }},
	"commit_timeout":         {13, func(f *farEnd) { f.Junos.CommitTimeout = 13 * time.Second; f.Change.Grace = 13 * time.Second }},
	"lock_timeout":           {14, func(f *farEnd) { f.Change.LockWait = 14 * time.Second }},
	"fips":                   {true, func(f *farEnd) { f.FIPS = true }},
	"progress":               {false, func(f *farEnd) { f.Silent = true }},
	"trace":                  {"/traces", func(f *farEnd) { f.Trace = "/traces" }},
	"trace_anonymize":        {true, func(f *farEnd) { f.Anonymize = true }},
	"trace_anonymize_key":    {"canary-Admin-7Gh", func(f *farEnd) { f.AnonymizeKey = "canary-Admin-7Gh" }},
	"chassis_fips":           {"true", func(f *farEnd) { on := true; f.Junos.StatedFIPS = &on }},
}

// Each option is set by itself, as a task would set it, and looked for at the
// far end, where it must be all that is new: none is dropped on its way, and
// none lands in another's place.
func TestEveryOptionArrives(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "/agent.sock")
	plain := map[string]any{"host": "192.0.2.1"}
	for _, option := range ansible.Spec(login{}) {
		if option.Name == "only_at" { // it arrives nowhere: it refuses
			continue
		}
		row, listed := arrivals[option.Name]
		if !listed {
			t.Errorf("%s: say where it arrives", option.Name)
			continue
		}
		arguments := map[string]any{"host": plain["host"], option.Name: row.value}
		want := farEndFor(t, plain)
		row.arrive(&want)
		if diff := cmp.Diff(want, farEndFor(t, arguments), comparing()...); diff != "" {
			t.Errorf("%s: want - got +\n%s", option.Name, diff)
		}
		if cmp.Equal(want, farEndFor(t, plain), comparing()...) {
			t.Errorf("%s: the value is the default: nothing would be seen", option.Name)
		}
	}
}

func farEndFor(t *testing.T, arguments map[string]any) farEnd {
	t.Helper()
	text, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	p, msg := decodeLogin(t, string(text))
	if msg != "" {
		t.Fatal(msg)
	}
	return farEndOf(p)
}

// comparing leaves out what is not made of options: functions, and where the
// device's messages are collected.
func comparing() []cmp.Option {
	return []cmp.Option{
		cmp.FilterValues(func(a, b any) bool { return reflect.ValueOf(a).Kind() == reflect.Func }, cmp.Ignore()),
		cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Junos.Heard" }, cmp.Ignore()),
		cmpopts.IgnoreUnexported(junos.State{}),
	}
}

// What no option gives of a login is listed, so that a new field of it asks
// whether there should be one.
func TestWhatNoOptionGives(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "/agent.sock")
	all := map[string]any{}
	for name, row := range arrivals {
		all[name] = row.value
	}
	all["use_agent"] = true
	var empty []string
	given := reflect.ValueOf(farEndFor(t, all).SSH)
	for i := range given.NumField() {
		if given.Field(i).IsZero() {
			empty = append(empty, given.Type().Field(i).Name)
		}
	}
	if diff := cmp.Diff([]string{"IdentitiesOnly", "KnownPort", "KeepAliveInterval", "KeepAliveCount", "Home", "Dial"}, empty); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// A pin is a text, or several in a list or with commas, as Ansible has it.
func TestPinsInEveryForm(t *testing.T) {
	for value, want := range map[string][]string{
		`"SHA256:x"`:               {"SHA256:x"},
		`"SHA256:x,SHA256:y"`:      {"SHA256:x", "SHA256:y"},
		`["SHA256:x", "SHA256:y"]`: {"SHA256:x", "SHA256:y"},
		`["SHA256:x,SHA256:y"]`:    {"SHA256:x,SHA256:y"}, // sshconn splits it
		`null`:                     nil,
		`[]`:                       {},
	} {
		p, msg := decodeLogin(t, `{"host": "192.0.2.1", "host_key_fingerprint": `+value+`}`)
		if diff := cmp.Diff(want, p.sshConfig().HostKeyFingerprints, cmpopts.EquateEmpty()); msg != "" || diff != "" {
			t.Errorf("%s: %s%s", value, msg, diff)
		}
	}
}

// The options of a commit arrive in the change and in the commits' log text.
func TestCommitOptionsArrive(t *testing.T) {
	s := newSession(ansible.Task{}, Connection{}, ChassisFIPS{})
	c := s.newChange(Work{Commit: Commit{ConfirmTimeout: 7, Comment: "change 4711"}})
	if c.TrialMinutes != 7 || c.Mark.Comment != "change 4711" {
		t.Errorf("got %+v", c)
	}
}
