// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// stopProfiles are the devices on which a run that is stopped could leave most
// behind.
var stopProfiles = []struct{ name, knobs string }{
	{"partial_and_warning", "prepare_setup: partial, member_failure: warning"},
	{"rotate", "prepare_again: rotate"},
	{"inactive_join", "join_failure: inactive"},
	{"plain_ok", "commit_results: plain_ok, member_failure: warning"},
}

// stop is a run of the role that is stopped at a message.
type stop struct {
	journey
	profile, knobs string
	how            string // term: a signal to the job, kill: SIGKILL, timeout: that of a task
	nth            int
	event          sim.Event
}

func (s stop) String() string {
	return fmt.Sprintf("%s/%s/%s/%s/%03d_%s", s.name, s.profile, s.how, s.event.When, s.nth, s.event.RPC)
}

func stops(t *testing.T) (all []stop) {
	t.Helper()
	for _, j := range journeys() {
		for _, p := range stopProfiles {
			events := j.recordedEvents(t, p.knobs)
			for _, how := range []string{"term", "kill", "timeout"} {
				for n, e := range events {
					if distinct(events, n) {
						all = append(all, stop{j, p.name, p.knobs, how, n, e})
					}
				}
			}
		}
	}
	return all
}

// TestSweepOfStops stops runs of the role at every message: as a cancelled job is,
// at once or after it was told, and as the timeout of a task does. What is said
// meanwhile and by later runs is true, and those end right or say why not.
func TestSweepOfStops(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	all := stops(t)
	var tally tally
	t.Run("stops", func(t *testing.T) {
		for n := 0; n < len(all); n += strideOf(61) {
			s := all[n]
			t.Run(s.String(), func(t *testing.T) {
				t.Parallel()
				bad := s.strike(t, program)
				for _, v := range bad {
					t.Error(v)
				}
				tally.add(s.name+" "+s.how, len(bad) == 0)
			})
		}
	})
	tally.log(t, "stops survived / tried", len(all))
}

func (s stop) strike(t *testing.T, program string) (bad []string) {
	b := s.travels(t, s.knobs)
	calm := b.hurried()
	defer b.letTimePass()()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	v := &victim{program: program}
	do := s.witness(ctx, b, &bad)
	if s.how != "term" {
		do = v.task(s.journey, b, &bad)
	}
	b.at(s.nth, map[string]func(){"term": cancel, "kill": v.kill, "timeout": v.terminate}[s.how])
	s.goes(do)
	b.lab.Hook(nil)
	calm()
	bad = append(bad, s.journey.told(b)...)
	return append(bad, s.arrives(b, s.mayRefuse())...)
}

// mayRefuse says that the device cannot be led to the end by any run: a member gets
// no keys however often they are made.
func (s stop) mayRefuse() bool {
	return s.lies || s.profile == "partial_and_warning" || s.profile == "inactive_join"
}

// told is what vc_info says when what the run has sent is over: a commit of a run that
// was killed may come to its end while the device is read.
func (j journey) told(b *bench) []string {
	b.settle()
	wish := with(stepOne(), "scp", "enabled")
	if j.back {
		wish = map[string]any{"scp": "disabled", "command_state": "absent"}
	}
	_, bad := b.judgedTask("vc_info", wish, j.believed)
	return bad
}

// at does something at the nth message, once.
func (b *bench) at(nth int, do func()) {
	var mu sync.Mutex
	n := -1
	b.lab.Hook(func(sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == nth {
			do()
		}
		return sim.Fault{}
	})
}

// task runs modules as programs, one after another, until one is killed. What they
// print is true.
func (v *victim) task(j journey, b *bench, bad *[]string) task {
	return func(module string, options map[string]any) answer {
		before := b.chassis.State(true)
		out, lived := v.run(b.arguments(false, options), module)
		if !lived && len(out) == 0 {
			return answer{"failed": true}
		}
		a := b.read(module, out)
		if module == "vc_info" {
			*bad = append(*bad, believedMeanwhile(a, before, settled(b.chassis), j.believed)...)
			return a
		}
		*bad = append(*bad, j.believed(a, settled(b.chassis))...)
		return a
	}
}
