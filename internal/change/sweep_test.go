// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vcsim"
)

// TestSweep records the messages of a clean run of the procedure and strikes
// each of them with every fault, before and after the device applied it. The
// oracle then judges the device, a run without faults must finish the job,
// and another one must find nothing to do. VCHASSIS_SWEEP=all sweeps every
// point; without it a spread sample.
func TestSweep(t *testing.T) {
	points := sweepPoints(t)
	stride := 9
	if os.Getenv("VCHASSIS_SWEEP") == "all" {
		stride = 1
	}
	var tally tally
	t.Run("points", func(t *testing.T) {
		for i := 0; i < len(points); i += stride {
			p := points[i]
			t.Run(p.String(), func(t *testing.T) {
				t.Parallel()
				tally.add(strike(t, p))
			})
		}
	})
	t.Logf("fault points survived / tried: %d / %d of %d", tally.survived, tally.tried, len(points))
}

type tally struct {
	mu              sync.Mutex
	survived, tried int
}

func (c *tally) add(survived bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried++
	if survived {
		c.survived++
	}
}

// point is one fault at one message of the clean run.
type point struct {
	nth    int
	event  vcsim.Event
	action string
}

func (p point) String() string {
	return fmt.Sprintf("%s/%s/%03d_%s", p.action, p.event.When, p.nth, p.event.RPC)
}

// actions are the simulator's faults, and the ends that a run can meet.
var actions = []string{"drop", "reset", "truncate", "stall", "error", "warning", "term"}

func sweepPoints(t *testing.T) []point {
	b := newBench(t, threeMembers)
	var events []vcsim.Event
	var mu sync.Mutex
	b.lab.Hook(func(e vcsim.Event) vcsim.Fault {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
		return vcsim.Fault{}
	})
	b.procedure()
	b.lab.Hook(nil)
	mu.Lock()
	defer mu.Unlock()
	var points []point
	for _, action := range actions {
		for i, e := range events {
			e.Request = ""
			points = append(points, point{i, e, action})
		}
	}
	return points
}

// quick keeps the waits of a module short. The order is that of a real run.
var quick = map[string]any{"connect_timeout": 3, "rpc_timeout": 2, "commit_timeout": 3, "lock_timeout": 3}

// strike runs the procedure with one fault, judges, and repairs.
func strike(t *testing.T, p point) bool {
	b := newBench(t, threeMembers)
	for k, v := range quick {
		b.args[k] = v
	}
	defer b.letTimePass()()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.arm(p, cancel)
	bad := b.faulted(ctx)
	b.lab.Hook(nil)
	b.lab.ClearFaults()
	bad = append(bad, left(b.settle())...)
	bad = append(bad, b.repaired()...)
	for _, v := range bad {
		t.Error(v)
	}
	return len(bad) == 0
}

// arm strikes at the nth event of the run.
func (b *bench) arm(p point, cancel func()) {
	var mu sync.Mutex
	n := -1
	b.lab.Hook(func(vcsim.Event) vcsim.Fault {
		mu.Lock()
		defer mu.Unlock()
		n++
		switch {
		case n != p.nth:
			return vcsim.Fault{}
		case p.action == "term":
			cancel()
			return vcsim.Fault{}
		}
		return vcsim.Fault{Action: p.action, Text: "a fault of the test"}
	})
}

// faulted runs the steps until one fails, as the role does, and judges each.
func (b *bench) faulted(ctx context.Context) (violations []string) {
	prepared := any(nil)
	for _, step := range []struct {
		module  string
		options map[string]any
	}{
		{"vc_authorized_keys_command", map[string]any{"command": keysCommand, "user": keysUser}},
		{"vc_internal_ssh", map[string]any{"record": "defer"}},
		{"vc_scp_sync", map[string]any{}},
	} {
		if prepared != nil {
			step.options["prepared"] = prepared
		}
		before, commits := b.snapshot(), b.lab.Counters("vc1").Commits
		a := b.run(ctx, false, step.module, step.options)
		state := b.chassis.State(true)
		for _, v := range honest(a, before, b.snapshot(), b.lab.Counters("vc1").Commits-commits, state) {
			violations = append(violations, fmt.Sprintf("%s: %s (msg: %s)", step.module, v, a.text("msg")))
		}
		if a.failed() {
			return violations
		}
		prepared = a["prepared"]
	}
	return violations
}

// repaired runs again without faults, twice.
func (b *bench) repaired() (violations []string) {
	if bad := b.again(); bad != "" {
		return []string{"X10: the next run failed: " + bad}
	}
	violations = finished(b.settle())
	b.lab.ResetLog()
	if bad := b.again(); bad != "" {
		return append(violations, "X10: the run after that failed: "+bad)
	}
	if c := b.lab.Counters("vc1"); c.Commits+c.Prepares > 0 {
		violations = append(violations, fmt.Sprintf("X10: the run after that changed something: %+v", c))
	}
	return violations
}

var procedureModules = []string{"vc_authorized_keys_command", "vc_internal_ssh", "vc_scp_sync"}

// options are what the role gives to a module.
func (b *bench) options(module string, prepared any) map[string]any {
	switch {
	case module == "vc_authorized_keys_command":
		return map[string]any{"command": keysCommand, "user": keysUser}
	case module == "vc_internal_ssh":
		return map[string]any{"record": "defer"}
	case prepared == nil:
		return map[string]any{}
	}
	return map[string]any{"prepared": prepared}
}

// again is the procedure, with the message of the step that failed.
func (b *bench) again() string {
	prepared := any(nil)
	for _, module := range procedureModules {
		a := b.run(context.Background(), false, module, b.options(module, prepared))
		if a.failed() {
			return module + ": " + a.text("msg")
		}
		prepared = a["prepared"]
	}
	return ""
}

// letTimePass ends the patience of a device that waits for a confirmation,
// and of a module that waits for the device: minutes of its clock pass when a
// session is some seconds old.
func (b *bench) letTimePass() (stop func()) {
	done := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		var since time.Time
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
			}
			switch busy := len(b.chassis.State(false).Sessions) > 0; {
			case !busy:
				since = time.Time{}
			case since.IsZero():
				since = time.Now()
			case time.Since(since) > 9*time.Second:
				b.lab.Clock().Advance(6 * time.Minute)
				since = time.Time{}
			}
		}
	})
	return func() { close(done); over.Wait() }
}

func TestSweepNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range sweepPoints(t) {
		if name := p.String(); seen[name] || strings.ContainsAny(name, " #") {
			t.Errorf("point %s is there twice, or has a bad name", name)
		} else {
			seen[name] = true
		}
	}
}
