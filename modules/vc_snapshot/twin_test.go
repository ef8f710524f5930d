// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/modules"
)

// pair is a chassis and the twin of its snapshot.
type pair struct {
	t        *testing.T
	original *sim.Lab
	twin     *sim.Lab
	file     string
	answer   map[string]any // of vc_snapshot
}

// newPair takes a snapshot of the first chassis of a scenario as admin, and starts its twin.
func newPair(t *testing.T, scenario string, happen func(*sim.Chassis) error) *pair {
	t.Helper()
	return newPairOf(t, scenario, nil, happen, nil)
}

// newPairOf is newPair of a scenario that is changed before it starts, with options of
// vc_snapshot.
func newPairOf(t *testing.T, scenario string, change func(*sim.Scenario), happen func(*sim.Chassis) error, options map[string]any) *pair {
	t.Helper()
	s, err := sim.ParseScenario([]byte(scenario))
	if err != nil {
		t.Fatalf("%v\n%s", err, scenario)
	}
	if change != nil {
		change(&s)
	}
	for _, ch := range s.Chassis {
		for i := range ch.Users {
			if ch.Users[i].OwnKey { // a password does as well here
				ch.Users[i].OwnKey, ch.Users[i].Password = false, "Admin-lab-1"
			}
		}
	}
	p := &pair{t: t, original: start(t, s)}
	if happen != nil {
		if err := happen(p.original.All()[0]); err != nil {
			t.Fatal(err)
		}
		p.original.ResetLog()
	}
	answer := run(t, p.original, "vc_snapshot", false, with(map[string]any{"dest": t.TempDir(), "username": "admin"}, options))
	if answer["failed"] == true {
		t.Fatalf("%v\n%s", answer["msg"], scenario)
	}
	if c := p.original.Counters(p.original.All()[0].Name); c.Writes+c.Locks+c.Checks+c.Commits > 0 || c.Logins != 1 {
		t.Errorf("a snapshot did more than read over one login: %+v", c)
	}
	p.file, p.answer = answer["snapshot"].(string), answer
	twins, err := sim.ReadTwins(p.file, sim.TwinOptions{KeysCommand: command, KeysCommandUser: user})
	if err != nil {
		t.Fatal(err)
	}
	p.twin = start(t, sim.Scenario{Chassis: twins})
	return p
}

func start(t *testing.T, s sim.Scenario) *sim.Lab {
	t.Helper()
	lab, err := sim.Start(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	return lab
}

func with(all ...map[string]any) map[string]any {
	merged := map[string]any{}
	for _, one := range all {
		for k, v := range one {
			merged[k] = v
		}
	}
	return merged
}

// run calls a module on the only chassis of a lab.
func run(t *testing.T, lab *sim.Lab, module string, check bool, options map[string]any) map[string]any {
	t.Helper()
	d := lab.Addresses().Chassis[0]
	host, port, _ := net.SplitHostPort(lab.All()[0].Address())
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(d.KnownHosts, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	password := ""
	for _, u := range d.Users {
		if u.Name == options["username"] {
			password = u.Password
		}
	}
	all := with(options, map[string]any{"host": host, "port": port, "password": password, "known_hosts": []string{known}, "use_agent": false,
		"lock_timeout": 1, "rpc_timeout": 5, "_ansible_check_mode": check, "_ansible_diff": true})
	return call(t, module, all)
}

// call runs a module of the program.
func call(t *testing.T, module string, options map[string]any) map[string]any {
	t.Helper()
	text, _ := json.Marshal(options)
	for _, m := range modules.Table() {
		if m.Name == module {
			result, _ := m.Run(t.Context(), text, nil)
			var answer map[string]any
			if err := json.Unmarshal(result, &answer); err != nil {
				t.Fatal(err)
			}
			return answer
		}
	}
	t.Fatalf("no module %s", module)
	return nil
}

var volatile = regexp.MustCompile(`run=[0-9a-f]+|127\.0\.0\.1:\d+|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?: UTC|Z)?|pid \d+|"seconds": ?[\d.e+-]+|SHA256:[A-Za-z0-9+/]{43}`)

// steady is a result without what differs from run to run.
func steady(answer map[string]any) string {
	answer = with(answer)
	delete(answer, "events") // of what took long
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	_ = e.Encode(answer)
	return volatile.ReplaceAllString(b.String(), "*")
}

// awaited is how long a run may wait for the end of its trial. It takes minutes, which
// would be those of the whole package, twice.
const awaited = 8 * time.Second

// letTrialEnd lets minutes of the chassis' clock pass while a run waits for that: it may
// do so for commit_timeout beyond, and where the trial is over and nothing shows it.
func letTrialEnd(lab *sim.Lab) (stop func()) {
	over := make(chan struct{})
	go func() {
		tick := time.NewTicker(awaited)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			lab.Clock().Advance(6 * time.Minute)
		}
	}()
	return func() { close(over) }
}

var groupName = regexp.MustCompile(`(?m)^set groups (\S+) `)

// withoutGroup puts one word for the name of the group, which is replaced in the twin.
func withoutGroup(lab *sim.Lab, text string) string {
	if found := groupName.FindStringSubmatch(lab.All()[0].Primary().Config()); found != nil {
		return strings.ReplaceAll(text, found[1], "GROUP")
	}
	return text
}

// operations are what a lab was asked, in order.
func operations(lab *sim.Lab) string {
	var all []string
	for _, e := range lab.Log("vc1", 0) {
		all = append(all, e.RPC)
	}
	return lockAgain.ReplaceAllString(strings.Join(all, " "), "get-configuration lock ")
}

// A lock that is not free yet, or a candidate that still has the edits of a session which
// just ended, is asked for again, as often as time allows.
var lockAgain = regexp.MustCompile(`(?:get-configuration (?:lock|get-configuration-database-status) )*get-configuration lock `)

// Whatever is done to a chassis, the same done to its twin ends the same: plan, diff,
// operations and result, with faults and login classes among it.
func TestTwinActsTheSame(t *testing.T) {
	count := 30
	switch {
	case testing.Short():
		count = 10
	case os.Getenv("VCHASSIS_SWEEP") == "all":
		count = 100
	}
	var changed, failed atomic.Int64
	for seed := range uint64(count) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 16))
			p := newPair(t, randomChassis(r), func(ch *sim.Chassis) error {
				if r.IntN(4) > 0 || ch.Member(1) == nil {
					return nil
				}
				err := ch.Replace(1, sim.Replacement{Serial: "XX1234567890", Config: []string{"", "staged"}[r.IntN(2)]})
				if err != nil && strings.Contains(err.Error(), "could not synchronize") { // its serial number reaches nobody: it stays away
					return nil
				}
				return err
			})
			tasks := roleRun(loginOf(r))
			if seed%2 == 0 {
				tasks = []task{randomTask(r), randomTask(r), randomTask(r)}
			}
			for _, one := range tasks {
				a, b := p.compare(one.module, one.options, randomFault(r))
				changed.Add(a)
				failed.Add(b)
			}
		})
	}
	t.Cleanup(func() { t.Logf("%d tasks changed something, %d failed", changed.Load(), failed.Load()) })
}

// compare does the same to both, in check mode and for real.
func (p *pair) compare(module string, options map[string]any, fault *sim.Rule) (changed, failed int64) {
	p.t.Helper()
	for _, check := range []bool{true, false} {
		var results, sent []string
		for _, lab := range []*sim.Lab{p.original, p.twin} {
			lab.ResetLog()
			lab.ClearFaults()
			if fault != nil && !check {
				if _, err := lab.AddFault(*fault); err != nil {
					p.t.Fatal(err)
				}
			}
			stop := letTrialEnd(lab)
			answer := run(p.t, lab, module, check, options)
			stop()
			if answer["changed"] == true {
				changed++
			}
			if answer["failed"] == true {
				failed++
			}
			results, sent = append(results, withoutGroup(lab, steady(answer))), append(sent, operations(lab))
		}
		if results[0] != results[1] {
			p.t.Errorf("%s %v, check %v, fault %+v:\noriginal %s\ntwin %s", module, options, check, fault, results[0], results[1])
		}
		if sent[0] != sent[1] {
			p.t.Errorf("%s %v, check %v, fault %+v:\noriginal was asked %s\ntwin %s", module, options, check, fault, sent[0], sent[1])
		}
	}
	return changed, failed
}

const (
	command = "/usr/libexec/example/internal-ssh-keys"
	user    = "example"
)

func randomChassis(r *rand.Rand) string {
	pick := func(options ...string) string { return options[r.IntN(len(options))] }
	fips, release := r.IntN(4) == 0, pick("25.2R1.9", "25.2R1.9", "24.4R1.9")
	prepared := fips
	var add strings.Builder
	set := func(format string, a ...any) { fmt.Fprintf(&add, "      set "+format+"\n", a...) }
	if login := pick("allow", "allow", "deny-password", "deny", ""); login != "" {
		set("system services ssh root-login %s", login)
	}
	if r.IntN(2) == 0 {
		set("system root-authentication ssh-ed25519 \"ssh-ed25519 AAAAC3Nz%d ada@example.com\"", r.IntN(99))
	}
	set("system login class clerks permissions view-configuration")
	set("system login class clerks permissions view")
	set("system login class clerks deny-configuration %q", pick("system commit", "snmp"))
	set("snmp community secret%d authorization read-only", r.IntN(99))
	if fips || r.IntN(2) == 0 {
		set("system services ssh authorized-keys-command %s", pick(command, command, "/usr/libexec/other"))
		set("system services ssh authorized-keys-command-user %s", user)
		if r.IntN(2) == 0 && release != "24.4R1.9" {
			prepared = true
			at := pick("", "", "groups member0 ", "groups campus ")
			set("%ssystem commit config-sync-with-scp", at)
			if at != "" {
				set("apply-groups %s", strings.Fields(at)[1])
			}
			for id := range 3 {
				set("system commit apply-macro vc-internal-ssh %d %q", id, fmt.Sprintf("ZD009235170%d%s", id, pick("", " unproved")))
			}
		}
	}
	members := "[{id: 0, role: primary}, {id: 1, role: backup}]"
	switch r.IntN(5) {
	case 0:
		members = "[{id: 0, role: primary}, {id: 1, role: backup}, {id: 2, role: linecard, status: NotPrsnt}]"
	case 1:
		members = "[{id: 0, role: backup}, {id: 1, role: primary}, {id: 2, role: linecard}]"
	case 2:
		members = "[{id: 0, role: primary}]"
	}
	return fmt.Sprintf(`
chassis:
  - name: vc1
    release: %s
    fips: %v
    prepared: %v
    preprovisioned: %s
    members: %s
    users:
      - {name: root, class: super-user, password: Root-lab-1}
      - {name: admin, class: super-user, password: Admin-lab-1}
      - {name: clerk, class: clerks, password: Clerk-lab-1}
      - {name: viewer, class: read-only, password: Viewer-lab-1}
    config_add: |
%s    profile: {role_word: %s, root_login: deny-password, keys_command: %s}
`, release, fips, prepared, pick("true", "false"), members, add.String(), pick("Master", "Primary"), command)
}

// task is a module and its options.
type task struct {
	module  string
	options map[string]any
}

// loginOf draws a login, of which some may do little.
func loginOf(r *rand.Rand) string {
	return []string{"admin", "admin", "admin", "clerk", "viewer"}[r.IntN(5)]
}

// roleRun are the tasks that the role has for the device, in their order: it asks what is
// left, does it, and asks again.
func roleRun(who string) []task {
	wanted := map[string]any{"username": who, "command": command, "user": user}
	return []task{
		{"vc_info", with(wanted, map[string]any{"scp": "enabled", "become_root": "auto", "root_means": []string{"password", "key"}})},
		{"vc_procedure", with(wanted, map[string]any{"root_password": "Root-lab-1", "replace": true, "confirm_timeout": 1})},
		{"vc_sync_check", map[string]any{"username": who}},
	}
}

func randomTask(r *rand.Rand) task {
	who := loginOf(r)
	switch r.IntN(8) {
	case 6, 7:
		return task{"vc_procedure", map[string]any{"username": who, "root_password": "Root-lab-1", "command": command, "user": user, "replace": r.IntN(2) == 0,
			"confirm_timeout": 1}}
	case 0:
		return task{"vc_info", map[string]any{"username": who, "command": command, "user": user, "scp": "enabled"}}
	case 1:
		return task{"vc_authorized_keys_command", map[string]any{"username": who, "command": command, "user": user, "replace": r.IntN(2) == 0, "confirm_timeout": 1}}
	case 2:
		return task{"vc_internal_ssh", map[string]any{"username": "root", "rekey": []string{"if_missing", "always"}[r.IntN(2)], "confirm_timeout": 1}}
	case 3:
		return task{"vc_scp_sync", map[string]any{"username": who, "state": []string{"enabled", "disabled"}[r.IntN(2)], "confirm_timeout": 1}}
	case 4:
		return task{"vc_sync_check", map[string]any{"username": who, "probe": r.IntN(2) == 0}}
	}
	return task{"vc_authorized_keys_command", map[string]any{"username": who, "state": "absent", "replace": true, "confirm_timeout": 1}}
}

func randomFault(r *rand.Rand) *sim.Rule {
	rule := func(rpc, action, text string) *sim.Rule {
		nth := 1 + r.IntN(2)
		if rpc == "commit-configuration" { // what strikes at a later one leaves a trial, which is awaited for minutes
			nth = 1
		}
		return &sim.Rule{RPC: rpc, When: []string{sim.Before, sim.After}[r.IntN(2)], Nth: nth, Fault: sim.Fault{Action: action, Text: text}}
	}
	switch r.IntN(8) {
	case 0:
		return rule("load-configuration", "error", "out of memory")
	case 1:
		return rule("commit-configuration", "drop", "")
	case 2:
		return rule("commit-configuration", "error", "commit failed: disk is full")
	case 3:
		return rule("get-software-information", "drop", "")
	case 4:
		return &sim.Rule{RPC: "lock", When: sim.Before, Fault: sim.Fault{Action: "error", Text: "configuration database locked by:\n  eve terminal p0"}}
	}
	return nil
}

func configOf(lab *sim.Lab) []string {
	var lines []string
	for line := range strings.Lines(lab.All()[0].Primary().Config()) {
		if !strings.HasPrefix(line, "annotate ") {
			lines = append(lines, line)
		}
	}
	return lines
}

var word = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\S+`)

// Snapshots that are none, or of a later version, are refused by name.
func TestOddSnapshots(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct{ text, err string }{
		"empty":   {"", "this is not a snapshot"},
		"other":   {`{"format": "x"}`, `its format is "x"`},
		"later":   {`{"format": "vchassis.junos/snapshot", "version": 2}`, "its version is 2"},
		"nothing": {`{"format": "vchassis.junos/snapshot", "version": 1}`, "no name or no members"},
	} {
		file := filepath.Join(dir, name+".txt")
		if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sim.ReadTwins(file, sim.TwinOptions{}); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: want %q, got %v", name, test.err, err)
		}
	}
	if _, err := sim.ReadTwins(dir, sim.TwinOptions{}); err == nil || !strings.Contains(err.Error(), "no snapshot is in it") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := sim.ReadTwins(filepath.Join(dir, "missing"), sim.TwinOptions{}); err == nil {
		t.Error("a folder that is not there was read")
	}
}
