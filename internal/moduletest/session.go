// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// sessionCmd is session NAME VERB [ARG]: what somebody else does on the chassis.
func sessionCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: session NAME open|lock|unlock|edit|discard|commit|close [ARG]")
	}
	name, verb, arg := args[0], args[1], joinWords(args[2:])
	if verb == "open" {
		b.openSession(ts, name, args[2:])
		return
	}
	c := b.sessions[name]
	if c == nil {
		ts.Fatalf("session %s: not open", name)
	}
	if verb == "close" {
		delete(b.sessions, name)
	}
	if err := actAs(c, verb, arg); err != nil {
		ts.Fatalf("session %s %s: %v", name, verb, err)
	}
}

func joinWords(args []string) string { return strings.Join(args, " ") }

func (b *bench) openSession(ts *testscript.TestScript, name string, args []string) {
	if len(args) == 0 || len(args) > 2 || b.sessions[name] != nil {
		ts.Fatalf("usage: session NAME open USER [cli|netconf], once")
	}
	client := "cli"
	if len(args) == 2 {
		client = args[1]
	}
	b.sessions[name] = b.chassis.Colleague(args[0], client)
}

func actAs(c *sim.Colleague, verb, arg string) error {
	switch verb {
	case "lock":
		return c.Lock()
	case "unlock":
		return c.Unlock()
	case "edit":
		return c.Edit(arg)
	case "discard":
		return c.Discard()
	case "close":
		c.Close()
		return nil
	case "commit":
		return commitAs(c, arg)
	}
	return fmt.Errorf("want open, lock, unlock, edit, discard, commit or close")
}

// commitAs takes the minutes of a trial and a log text, both optional.
func commitAs(c *sim.Colleague, arg string) error {
	number, log, _ := strings.Cut(arg, " ")
	if number == "" {
		return c.Commit(0)
	}
	minutes, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	if log == "" {
		return c.Commit(minutes)
	}
	return c.CommitLog(minutes, log)
}
