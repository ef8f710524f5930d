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
func runCmd(check bool) benchCommand {
	return func(b *bench, ts *testscript.TestScript, neg bool, args []string) {
		if len(args) < 2 {
			ts.Fatalf("usage: check|apply MODULE ARGS [key=value...]")
		}
		m, err := b.findModule(args[0])
		ts.Check(err)
		options, err := b.moduleArguments(ts, m, args[1], args[2:])
		ts.Check(err)
		options["_ansible_check_mode"], options["_ansible_diff"] = check, true
		b.runModule(ts, m, options, !neg)
		if seen := b.countersSince(); check && seen.Writes+seen.Locks+seen.Checks+seen.Prepares > 0 {
			ts.Fatalf("check mode did more than read: %+v", seen)
		}
		ts.Check(b.awaitSettled())
	}
}

func (b *bench) runModule(ts *testscript.TestScript, m ansible.Module, options map[string]any, want bool) {
	data, err := json.Marshal(options)
	ts.Check(err)
	b.before = b.stateNow()
	result, ok := m.Run(b.ctx, data, moduleEnviron(ts))
	text, err := normalResult(result, b.work)
	ts.Check(err)
	_, _ = fmt.Fprint(ts.Stdout(), text)
	for _, password := range b.allPasswords() {
		if strings.Contains(string(result), password) {
			ts.Fatalf("the result holds a password:\n%s", text)
		}
	}
	for _, difference := range b.pages.compareResult(m.Name, result) {
		ts.Fatalf("%s: %s; the result:\n%s", m.Name, difference, text)
	}
	ts.Check(b.turns.disarmAll())
	if ok != want {
		ts.Fatalf("%s: want success %v, got\n%s", m.Name, want, text)
	}
}

func (b *bench) findModule(name string) (ansible.Module, error) {
	for _, m := range b.modules {
		if m.Name == name {
			return m, nil
		}
	}
	return ansible.Module{}, fmt.Errorf("no module %q", name)
}

// moduleArguments reads options from a file and from key=value words, and adds how
// to reach the first chassis.
func (b *bench) moduleArguments(ts *testscript.TestScript, m ansible.Module, file string, words []string) (map[string]any, error) {
	options := map[string]any{}
	if err := json.Unmarshal([]byte(expandVariables(ts, ts.ReadFile(file))), &options); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, word := range words {
		key, text, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%s: want key=value", word)
		}
		options[key] = parseWord(text)
	}
	all := b.connectionOptions(ts, options)
	known := map[string]bool{}
	for _, o := range m.Options() {
		known[o.Name] = true
	}
	maps.DeleteFunc(all, func(name string, _ any) bool { return !known[name] })
	maps.Copy(all, options)
	return all, nil
}

// connectionOptions returns the options that reach the first chassis as the user that
// the script names, or as root.
func (b *bench) connectionOptions(ts *testscript.TestScript, options map[string]any) map[string]any {
	user, named := options["username"].(string)
	if !named {
		user = "root"
	}
	return map[string]any{
		"host": ts.Getenv("HOST"), "port": ts.Getenv("PORT"), "username": user, "password": ts.Getenv("PASSWORD_" + variableName(user)),
		"known_hosts": []string{ts.Getenv("KNOWN_HOSTS")}, "use_agent": false,
	}
}

func parseWord(text string) any {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		return v
	}
	return text
}

var variableReference = regexp.MustCompile(`\$[A-Z][A-Z0-9_]*`)

// expandVariables replaces variables that are set; "$9$" in a configuration stays.
func expandVariables(ts *testscript.TestScript, text string) string {
	return variableReference.ReplaceAllStringFunc(text, func(ref string) string {
		if v := ts.Getenv(ref[1:]); v != "" {
			return v
		}
		return ref
	})
}

// variableName makes a name fit for a variable.
func variableName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, strings.ToUpper(name))
}

// moduleEnviron is the part of the script's environment that a module may read.
func moduleEnviron(ts *testscript.TestScript) []string {
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
