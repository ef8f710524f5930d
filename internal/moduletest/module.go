// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
)

// runCmd is check (with the check mode flag set) or apply.
func runCmd(check bool) command {
	return func(b *bench, ts *testscript.TestScript, neg bool, args []string) {
		if len(args) < 2 {
			ts.Fatalf("usage: check|apply MODULE ARGS [key=value...]")
		}
		m, err := b.module(args[0])
		ts.Check(err)
		options, err := b.arguments(ts, m, args[1], args[2:])
		ts.Check(err)
		options["_ansible_check_mode"], options["_ansible_diff"] = check, true
		b.run(ts, m, options, !neg)
		if seen := b.since(); check && seen.Writes+seen.Locks+seen.Checks+seen.Prepares > 0 {
			ts.Fatalf("check mode did more than read: %+v", seen)
		}
		ts.Check(b.settled())
	}
}

func (b *bench) run(ts *testscript.TestScript, m ansible.Module, options map[string]any, want bool) {
	data, err := json.Marshal(options)
	ts.Check(err)
	b.before = b.now()
	result, ok := m.Run(b.ctx, data, environ(ts))
	text, err := normal(result, b.work)
	ts.Check(err)
	_, _ = fmt.Fprint(ts.Stdout(), text)
	for _, password := range b.passwords() {
		if strings.Contains(string(result), password) {
			ts.Fatalf("the result holds a password:\n%s", text)
		}
	}
	ts.Check(b.turns.over())
	if ok != want {
		ts.Fatalf("%s: want success %v, got\n%s", m.Name, want, text)
	}
}

func (b *bench) module(name string) (ansible.Module, error) {
	for _, m := range b.modules {
		if m.Name == name {
			return m, nil
		}
	}
	return ansible.Module{}, fmt.Errorf("no module %q", name)
}

// arguments reads options from a file and from key=value words, and adds how
// to reach the first chassis.
func (b *bench) arguments(ts *testscript.TestScript, m ansible.Module, file string, words []string) (map[string]any, error) {
	options := map[string]any{}
	if err := json.Unmarshal([]byte(expand(ts, ts.ReadFile(file))), &options); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, word := range words {
		key, text, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%s: want key=value", word)
		}
		options[key] = value(text)
	}
	all := b.connection(ts, options)
	known := map[string]bool{}
	for _, o := range m.Options() {
		known[o.Name] = true
	}
	maps.DeleteFunc(all, func(name string, _ any) bool { return !known[name] })
	maps.Copy(all, options)
	return all, nil
}

// connection returns the options that reach the first chassis as the user that
// the script names, or as root.
func (b *bench) connection(ts *testscript.TestScript, options map[string]any) map[string]any {
	user, named := options["username"].(string)
	if !named {
		user = "root"
	}
	return map[string]any{
		"host": ts.Getenv("HOST"), "port": ts.Getenv("PORT"), "username": user, "password": ts.Getenv("PASSWORD_" + variable(user)),
		"known_hosts": []string{ts.Getenv("KNOWN_HOSTS")}, "use_agent": false,
	}
}

func value(text string) any {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		return v
	}
	return text
}

var reference = regexp.MustCompile(`\$[A-Z][A-Z0-9_]*`)

// expand replaces variables that are set; "$9$" in a configuration stays.
func expand(ts *testscript.TestScript, text string) string {
	return reference.ReplaceAllStringFunc(text, func(ref string) string {
		if v := ts.Getenv(ref[1:]); v != "" {
			return v
		}
		return ref
	})
}

// variable makes a name fit for a variable.
func variable(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, strings.ToUpper(name))
}

// environ is the part of the script's environment that a module may read.
func environ(ts *testscript.TestScript) []string {
	names := []string{"HOME", "SSH_AUTH_SOCK", "ANSIBLE_NET_USERNAME", "ANSIBLE_NET_PASSWORD", "ANSIBLE_NET_SSH_KEYFILE"}
	for _, o := range ansible.Spec(device.Connection{}) {
		names = append(names, "VCHASSIS_"+strings.ToUpper(o.Name))
	}
	var vars []string
	for _, name := range names {
		if v := ts.Getenv(name); v != "" {
			vars = append(vars, name+"="+v)
		}
	}
	return vars
}
