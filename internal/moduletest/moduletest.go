// SPDX-License-Identifier: GPL-3.0-or-later

// Package moduletest runs a module's contract scripts against simulated
// chassis, all in one process. A script is a txtar file: commands, arguments,
// chassis, wanted results. It knows no module.
//
// To the commands of testscript (cmp, stdout, grep, cp, env, skip, stop ...)
// it adds these. Counts and "chassis unchanged" refer to the last check or
// apply.
//
//	chassis FILE                    start the chassis of a scenario, YAML as cmd/vchassis-sim reads it
//	use NAME                        speak of another of them; at first it is the first
//	[!] check MODULE ARGS [k=v...]  run in check mode: must succeed [fail], and do nothing but read
//	[!] apply MODULE ARGS [k=v...]  run: must succeed [fail]
//	chassis unchanged               no member's configuration, keys or candidate changed
//	writes N                        so many; also commits, checks, locks, prepares, logins, reads, rollbacks
//	members transport rcp|scp       how the last configuration travelled, to every member
//	members have|lack PATH [VALUE]  system/commit/config-sync-with-scp is in each present member's own configuration
//	member ID has|lacks PATH [VALUE]
//	keys mesh full|partial|none     pairs of members that can log in to each other
//	leave ID, join ID, switchover, split, unite
//	replace ID SERIAL [release=RELEASE] [CONFIG]   another switch takes the place: staged, factory or statements
//	clock +DURATION                 what falls due happens before the next command
//	fault KEY=VALUE...              arm a sim.Rule, by its JSON names
//	fault clear
//	when RPC N VERB ARG...          in the next run, just before the N-th such RPC: clock, leave,
//	                                join, switchover, split, session; the script fails if it never came
//	session NAME open USER [cli|netconf]
//	session NAME lock|unlock|edit STATEMENTS|discard|commit [MINUTES [LOG]]|close
//
// After every run the module's sessions must end, its lock must be gone, and
// the candidate must be what it was.
//
// Arguments are a JSON file in which $NAME stands for a variable of the script;
// k=v sets one more option, v is JSON if it reads like it. How to reach the
// chassis is filled in unless it is given: host, port, username (root), the
// password of that user, known_hosts, use_agent. The variables are HOST, PORT,
// KNOWN_HOSTS, USERNAME, PASSWORD, PASSWORD_<USER>, SERIAL_<ID>, and PORT_<ID>
// of a member that has an address of its own.
//
// A result goes to stdout as indented JSON with sorted keys. What differs from
// run to run is replaced: seconds by 0, limits by the nearest ten, run ids by
// RUN, addresses by HOST, fingerprints by FINGERPRINT, dates by DATE, process
// ids by PID, the script's folder by WORK; a wait for the lock that may not be needed is
// left out. Nothing else is touched. A result that holds a password of the scenario
// fails the script, and so does one that is not what the module's RETURN block says,
// and a failure that the section of the guide that it names does not have.
//
// With the flag -update, cmp rewrites the wanted results.
package moduletest

import (
	"context"
	"flag"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

var update = flag.Bool("update", false, "rewrite wanted results")

// limit bounds one script; a module that hangs must not hang the tests.
const limit = 60 * time.Second

// Run runs every script in a folder, as parallel subtests of a parallel one with that
// name, and notes the failures that they make. The folders of the modules lie in that of
// the test.
func Run(t *testing.T, name, dir string, modules []ansible.Module, notes *Notes) {
	t.Helper()
	p := readPages(t, ".", modules)
	p.note = notes.add
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		runScripts(t, dir, modules, p)
	})
}

// Notes are failures of scripts that run at the same time. The zero value holds none.
type Notes struct {
	mu  sync.Mutex
	all []Failure
}

func (n *Notes) add(f Failure) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, f)
}

// Failures returns those that were noted so far.
func (n *Notes) Failures() []Failure {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.all)
}

func runScripts(t *testing.T, dir string, modules []ansible.Module, documented pages) {
	t.Helper()
	p := scriptParams(t.Context(), modules, settleTime, documented)
	p.Dir, p.UpdateScripts = dir, *update
	testscript.Run(t, p)
}

// scriptParams makes a bench for each script.
func scriptParams(ctx context.Context, modules []ansible.Module, settle time.Duration, documented pages) testscript.Params {
	return testscript.Params{
		RequireUniqueNames: true,
		Cmds:               benchCommands(),
		Setup: func(env *testscript.Env) error {
			ctx, cancel := context.WithTimeout(ctx, limit)
			b := &bench{ctx: ctx, settle: settle, modules: modules, pages: documented, work: env.WorkDir, sessions: map[string]*sim.Colleague{}}
			env.Values[benchKey{}] = b
			env.Defer(func() { b.closeBench(); cancel() })
			return nil
		},
	}
}

type benchKey struct{}

// bench is what one script works with.
type bench struct {
	ctx      context.Context
	settle   time.Duration // how long a session may take to end
	modules  []ansible.Module
	pages    pages
	work     string
	lab      *sim.Lab
	chassis  *sim.Chassis // the one in use
	sessions map[string]*sim.Colleague
	turns    turns
	before   state // when the last run of a module began
}

func (b *bench) closeBench() {
	for _, c := range b.sessions {
		c.Close()
	}
	if b.lab != nil {
		b.lab.Close()
	}
}

type benchCommand func(b *bench, ts *testscript.TestScript, neg bool, args []string)

func benchCommands() map[string]func(*testscript.TestScript, bool, []string) {
	table := map[string]benchCommand{
		"chassis": chassisCmd, "check": runCmd(true), "apply": runCmd(false),
		"member": memberCmd, "members": membersCmd, "keys": keysCmd,
		"leave": eventCmd(leaveChassis), "join": eventCmd(joinChassis), "replace": eventCmd(replaceMember), "switchover": switchoverCmd,
		"split": splitCmd(true), "unite": splitCmd(false),
		"clock": clockCmd, "fault": faultCmd, "when": whenCmd, "session": sessionCmd, "use": useCmd,
	}
	for name, of := range countingCommands() {
		table[name] = countCmd(name, of)
	}
	wrapped := map[string]func(*testscript.TestScript, bool, []string){}
	for name, run := range table {
		wrapped[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			b := ts.Value(benchKey{}).(*bench)
			if b.lab == nil && name != "chassis" {
				ts.Fatalf("%s: no chassis yet", name)
			}
			if neg && name != "check" && name != "apply" {
				ts.Fatalf("unsupported: ! %s", name)
			}
			run(b, ts, neg, args)
		}
	}
	return wrapped
}
