// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// TestSweep records the messages of a clean run of every intent and strikes
// each of them with every fault, before and after the device applied it. The
// oracle then judges the device, a run without faults must finish the job,
// and another one must find nothing to do. VCHASSIS_SWEEP=all sweeps every
// point; without it a spread sample.
func TestSweep(t *testing.T) {
	t.Parallel()
	var points []point
	for _, i := range intents() {
		points = append(points, i.points(t)...)
	}
	sweepSome(t, points, 61, "fault points survived / tried", strike)
}

// sweepSome strikes at every point, or at each stride-th and at the vital ones.
func sweepSome(t *testing.T, points []point, stride int, what string, strike func(*testing.T, point) bool) {
	var tally tally
	t.Run("points", func(t *testing.T) {
		for n, p := range points {
			if n%strideOf(stride) > 0 && !p.isVital() {
				continue
			}
			t.Run(p.String(), func(t *testing.T) {
				t.Parallel()
				tally.add(p.name, strike(t, p))
			})
		}
	})
	tally.log(t, what, len(points))
}

// point is one fault at one message of the clean run of an intent.
type point struct {
	intent
	nth    int
	event  sim.Event
	action string
}

// isVital says that no sample leaves a point out: the link is lost in a commit. The
// inner loop is content with one of the two ways to carry the procedure out.
func (p point) isVital() bool {
	return p.action == "drop" && p.event.RPC == "commit-configuration" && (p.name == "at_once" || p.name == "procedure" && !testing.Short())
}

func (p point) String() string {
	return fmt.Sprintf("%s/%s/%s/%03d_%s", p.name, p.action, p.event.When, p.nth, p.event.RPC)
}

// actions are the simulator's faults, and what else can meet a run: SIGTERM,
// a member that does not take one commit, and another primary.
var actions = []string{"drop", "reset", "truncate", "stall", "error", "warning", "term", "behind", "switchover"}

// meets says whether an action makes sense at a message.
func meets(action string, e sim.Event) bool {
	switch action {
	case "behind":
		return e.When == sim.Before && e.RPC == "commit-configuration"
	case "switchover":
		return e.When == sim.After && e.RPC != "close-session"
	}
	return true
}

// distinct says that a message differs from its neighbours. Of reads that are
// sent at once the first and the last are struck, if the intent does not say all.
func distinct(events []sim.Event, n int) bool {
	for _, e := range events[max(n-3, 0):min(n+4, len(events))] {
		if e.Kind != "read" || e.RPC == "hello" || e.RPC == "close-session" || e.Session != events[n].Session {
			return true
		}
	}
	return false
}

// recordings are the messages of clean runs by the names of their intents: one run
// serves all sweeps, which read them only.
var recordings sync.Map

type recording struct {
	once   sync.Once
	events []sim.Event
}

// recorded are the messages of a clean run.
func (i intent) recorded(t *testing.T) []sim.Event {
	t.Helper()
	found, _ := recordings.LoadOrStore(i.name, &recording{})
	r := found.(*recording)
	r.once.Do(func() { r.events = i.record(t) })
	if r.events == nil {
		t.Fatalf("%s: the run without a fault has failed in another test", i.name)
	}
	return r.events
}

func (i intent) record(t *testing.T) (events []sim.Event) {
	t.Helper()
	b := newBench(t, i.scenario)
	i.prepare(b)
	var mu sync.Mutex
	b.lab.Hook(func(e sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		e.Request = ""
		events = append(events, e)
		return sim.Fault{}
	})
	why := b.carryOut(i, b.plainly)
	b.lab.Hook(nil)
	b.lab.Close()
	if why != "" {
		t.Fatalf("%s without a fault: %s", i.name, why)
	}
	return events
}

func (i intent) points(t *testing.T) (points []point) {
	t.Helper()
	events := i.recorded(t)
	for _, action := range actions {
		for n, e := range events {
			if meets(action, e) && (i.everyRead || distinct(events, n)) {
				points = append(points, point{i, n, e, action})
			}
		}
	}
	return points
}

// quick keeps the waits of a module short. The order is that of a real run.
var quick = map[string]any{"connect_timeout": 3, "rpc_timeout": 2, "commit_timeout": 3, "lock_timeout": 3}

// strike carries an intent out with one fault, judges, and repairs.
func strike(t *testing.T, p point) bool {
	b := newBench(t, p.scenario)
	p.prepare(b)
	patient := maps.Clone(b.args)
	maps.Copy(b.args, quick)
	defer b.letTimePass()()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	faults := b.faults()
	b.arm(p, cancel)
	bad := b.broken(ctx, p.intent)
	b.lab.Hook(nil)
	b.lab.ClearFaults()
	b.moves.Wait()
	b.args = patient
	bad = append(bad, b.leftEverywhere(faults)...)
	bad = append(bad, b.repaired(p.intent)...)
	for _, v := range bad {
		t.Error(v)
	}
	return len(bad) == 0
}

// arm strikes at the nth event of the run.
func (b *bench) arm(p point, cancel func()) {
	var mu sync.Mutex
	n := -1
	b.lab.Hook(func(sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		n++
		if n == p.nth+1 && p.action == "behind" {
			b.lab.ClearFaults()
		}
		if n != p.nth {
			return sim.Fault{}
		}
		return b.struck(p.action, cancel)
	})
}

// struck does what an action means.
func (b *bench) struck(action string, cancel func()) sim.Fault {
	switch action {
	case "term":
		cancel()
	case "behind":
		member := len(b.chassis.State(false).Members) - 1
		if _, err := b.lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "commit_fails"}, Member: &member, Times: -1}); err != nil {
			b.t.Error(err)
		}
	case "switchover":
		b.moves.Go(func() { _ = b.chassis.Switchover() })
		return sim.Fault{Action: "drop"}
	default:
		return sim.Fault{Action: action, Text: "a fault of the test"}
	}
	return sim.Fault{}
}

// broken carries an intent out as far as it comes, and judges each step. What
// succeeds in spite of a fault has to be right.
func (b *bench) broken(ctx context.Context, i intent) (violations []string) {
	why := b.carryOut(i, func(s step, options map[string]any) answer {
		a, bad := b.witnessed(ctx, i, s, options)
		violations = append(violations, bad...)
		return a
	})
	if why == "" {
		violations = append(violations, b.wrong(i)...)
	}
	return violations
}

// repaired runs again without faults, twice.
func (b *bench) repaired(i intent) (violations []string) {
	if why := b.undisturbed(i); why != "" {
		return []string{"X10: the next run failed: " + why}
	}
	violations = append(b.wrong(i), b.leftEverywhere(nil)...)
	if i.repeats {
		return violations
	}
	b.lab.ResetLog()
	if why := b.carryOut(i, b.plainly); why != "" {
		return append(violations, "X10: the run after that failed: "+why)
	}
	for _, c := range b.lab.All() {
		if seen := b.lab.Counters(c.Name); seen.Commits+seen.Prepares > 0 {
			violations = append(violations, fmt.Sprintf("X10: the run after that changed something: %+v", seen))
		}
	}
	return violations
}

// undisturbed carries an intent out without faults. On a busy machine a run
// can take so long that letTimePass ends its trial, which is a fault too: then
// it is done again.
func (b *bench) undisturbed(i intent) (why string) {
	for range 3 {
		jumps := b.jumps.Load()
		why = b.carryOut(i, b.plainly)
		if why == "" || jumps == b.jumps.Load() {
			break
		}
	}
	return why
}

// letTimePass ends the patience of a device that waits for a confirmation,
// and of a module that waits for the device: minutes of its clock pass when a
// trial, or a session, is some seconds old. By then every run that can still
// confirm its trial has done so.
func (b *bench) letTimePass() (stop func()) {
	delay, _ := time.ParseDuration(b.chassis.Profile.CommitDelay)
	trials := watched{is: b.onTrial, most: 6*time.Second + 2*delay}
	sessions := watched{is: b.busy, most: 9 * time.Second}
	done := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(250 * time.Millisecond):
			}
			if trials.isOld() || sessions.isOld() {
				b.jumps.Add(1)
				b.pass()
				trials.since, sessions.since = time.Time{}, time.Time{}
			}
		}
	})
	return func() { close(done); over.Wait() }
}

// watched is something that may last for a while.
type watched struct {
	is    func() bool
	most  time.Duration
	since time.Time
}

// isOld says that it has lasted for longer.
func (w *watched) isOld() bool {
	switch {
	case !w.is():
		w.since = time.Time{}
	case w.since.IsZero():
		w.since = time.Now()
	default:
		return time.Since(w.since) > w.most
	}
	return false
}

func (b *bench) busy() bool {
	return slices.ContainsFunc(b.lab.All(), func(c *sim.Chassis) bool { return len(c.State(false).Sessions) > 0 })
}

// onTrial says that a run is there which waits for what becomes of its trial.
func (b *bench) onTrial() bool {
	return slices.ContainsFunc(b.lab.All(), func(c *sim.Chassis) bool {
		s := c.State(false)
		return s.Trial != nil && len(s.Sessions) > 0
	})
}

func TestSweepNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range intents() {
		for _, p := range i.points(t) {
			if name := p.String(); seen[name] || strings.ContainsAny(name, " #") {
				t.Errorf("point %s is there twice, or has a bad name", name)
			} else {
				seen[name] = true
			}
		}
	}
	t.Logf("%d points", len(seen))
}
