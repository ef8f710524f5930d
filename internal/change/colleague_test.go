// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// What somebody else is doing on the same chassis is left unchanged: X7.
func TestColleaguesAreNotDisturbed(t *testing.T) {
	t.Parallel()
	const draft = "set system services ftp\nset interfaces ge-0/0/7 description draft"
	edits := func(t *testing.T, c *sim.Colleague) { must(t, c.Edit(draft)) }
	for _, c := range []struct {
		name string
		does func(*testing.T, *sim.Colleague)
		msg  string
	}{
		{"uncommitted edits", edits, "uncommitted changes of another user"},
		{"uncommitted edits on a release that gives the lock all the same", edits, "uncommitted changes of another user"},
		{"exclusive session", func(t *testing.T, c *sim.Colleague) { must(t, c.Lock()) }, "still held after"},
		{"exclusive session with edits", func(t *testing.T, c *sim.Colleague) {
			must(t, c.Lock())
			must(t, c.Edit(draft))
		}, "alice"},
		{"trial commit", func(t *testing.T, c *sim.Colleague) {
			must(t, c.Edit(draft))
			must(t, c.Commit(10))
		}, "another user's trial is pending: confirmed commit by alice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			scenario := threeMembers
			if strings.Contains(c.name, "gives the lock") {
				scenario += "    profile: {lock_dirty: allowed}\n"
			}
			b := newBench(t, scenario)
			b.args["lock_timeout"] = 1
			alice := b.chassis.Colleague("alice", "cli")
			defer alice.Close()
			c.does(t, alice)
			before := b.chassis.State(true)
			a := b.run(context.Background(), false, "vc_authorized_keys_command", stepOne())
			if !a.failed() || a.changed() || !strings.Contains(a.text("msg"), c.msg) || a.text("hint") == "" {
				t.Errorf("want a refusal with %q and a hint, got %v", c.msg, a)
			}
			after := b.chassis.State(true)
			if after.Candidate != before.Candidate || after.Lock != before.Lock || (after.Trial == nil) != (before.Trial == nil) ||
				len(after.Commits) != len(before.Commits) || after.Members[0].Config != before.Members[0].Config {
				t.Errorf("the colleague was disturbed:\n%+v\n%+v", before, after)
			}
		})
	}
}

func TestLockIsWaitedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, threeMembers)
	alice := b.chassis.Colleague("alice", "cli")
	defer alice.Close()
	must(t, alice.Lock())
	refused := make(chan struct{})
	b.lab.Hook(func(e sim.Event) sim.Fault {
		if e.RPC == "lock" && e.When == sim.After {
			select {
			case <-refused:
			default:
				close(refused)
			}
		}
		return sim.Fault{}
	})
	go func() { // ends with the first refusal
		<-refused
		_ = alice.Unlock()
	}()
	a := b.apply("vc_authorized_keys_command", stepOne())
	if !a.changed() {
		t.Error("the lock became free, and nothing was changed")
	}
}

// A command that keeps sshd from accepting logins is taken back by the
// device, and the module says so.
func TestLockedOutIsReverted(t *testing.T) {
	t.Parallel()
	b := newBench(t, `
chassis:
  - name: vc1
    size: 3
    profile: {bad_keys_command: refuse_wrong}
`)
	for k, v := range quick {
		b.args[k] = v
	}
	defer b.letTimePass()()
	before := b.snapshot()
	wrong := map[string]any{"command": "/usr/libexec/example/no-such-program", "user": keysUser}
	a := b.run(context.Background(), false, "vc_authorized_keys_command", wrong)
	if !a.failed() || a.changed() || a.text("commit_state") != "reverted" || !strings.Contains(a.text("msg"), "REVERTED") {
		t.Errorf("want a failure that says REVERTED, got %v", a)
	}
	if !strings.Contains(a.text("msg"), "new login") {
		t.Errorf("the message does not say why: %s", a.text("msg"))
	}
	if after := b.settle(); after.Trial != nil || !equal(before, b.snapshot()) {
		t.Errorf("the device is not as before: %+v", after)
	}
}

func equal(a, b []string) bool { return strings.Join(a, "\x00") == strings.Join(b, "\x00") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
