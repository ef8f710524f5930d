// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// eventCmd returns the command of something that happens to a member.
func eventCmd(happen func(ch *sim.Chassis, id int, args []string) error) benchCommand {
	return func(b *bench, ts *testscript.TestScript, _ bool, args []string) {
		if len(args) == 0 {
			ts.Fatalf("want the id of a member")
		}
		id, err := strconv.Atoi(args[0])
		ts.Check(err)
		ts.Check(happen(b.chassis, id, args[1:]))
		ts.Check(b.setMemberVariables(ts))
	}
}

func leaveChassis(ch *sim.Chassis, id int, _ []string) error { return ch.Leave(id) }

func joinChassis(ch *sim.Chassis, id int, _ []string) error { return ch.Join(id) }

// replaceMember takes SERIAL, release=RELEASE if it is another, and staged, factory or
// statements.
func replaceMember(ch *sim.Chassis, id int, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: replace ID SERIAL [release=RELEASE] [staged|factory|STATEMENTS]")
	}
	with := sim.Replacement{Serial: args[0]}
	args = args[1:]
	if len(args) > 0 && strings.HasPrefix(args[0], "release=") {
		with.Release, args = strings.TrimPrefix(args[0], "release="), args[1:]
	}
	with.Config = strings.Join(args, " ")
	return ch.Replace(id, with)
}

func switchoverCmd(b *bench, ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(b.chassis.Switchover())
	ts.Check(b.setMemberVariables(ts))
}

func splitCmd(on bool) benchCommand {
	return func(b *bench, _ *testscript.TestScript, _ bool, _ []string) { b.chassis.Split(on) }
}

// clockCmd is clock +DURATION. Timers that fall due fire before it returns.
func clockCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 || !strings.HasPrefix(args[0], "+") {
		ts.Fatalf("usage: clock +DURATION")
	}
	d, err := time.ParseDuration(args[0][1:])
	ts.Check(err)
	b.lab.Clock().Advance(d)
}

// faultCmd is fault KEY=VALUE... and fault clear.
func faultCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 1 && args[0] == "clear" {
		b.lab.ClearFaults()
		return
	}
	rule := sim.Rule{Chassis: b.chassis.Name}
	for _, word := range args {
		key, value, _ := strings.Cut(word, "=")
		if err := setFault(&rule, key, value); err != nil {
			ts.Fatalf("fault: %s: %v", word, err)
		}
	}
	_, err := b.lab.AddFault(rule)
	ts.Check(err)
}

func setFault(r *sim.Rule, key, value string) (err error) {
	texts := map[string]*string{
		"action": &r.Action, "text": &r.Text, "find": &r.Find, "replace": &r.Replace, "delay": &r.Delay,
		"user": &r.User, "rpc": &r.RPC, "when": &r.When,
	}
	numbers := map[string]*int{"nth": &r.Nth, "times": &r.Times}
	if text, ok := texts[key]; ok {
		*text = value
		return nil
	}
	if key == "member" {
		r.Member = new(int)
		numbers[key] = r.Member
	}
	if numbers[key] == nil {
		return fmt.Errorf("no such key")
	}
	*numbers[key], err = strconv.Atoi(value)
	return err
}
