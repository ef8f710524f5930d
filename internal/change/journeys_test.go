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

// journey is a run of the role, from where it begins to where it is to lead.
type journey struct {
	name  string
	begun bool // the whole procedure was done before
	back  bool // it leads back to RCP
	lies  bool // prepare-setup leaves a member out, and the commit that shows it is called good
	rekey string
}

func journeys() []journey {
	return []journey{
		{name: "first_run", rekey: "if_missing"},
		{name: "rekey_always", begun: true, rekey: "always"},
		{name: "absent", begun: true, back: true},
		{name: "take_back", lies: true, rekey: "if_missing"},
	}
}

// travels makes a bench on which the journey can begin, on a device that differs.
func (j journey) travels(t testing.TB, knobs string) *bench {
	t.Helper()
	lies := j.lies || strings.Contains(knobs, "prepare_setup: partial")
	if lies && !strings.Contains(knobs, "member_failure:") {
		knobs += ", member_failure: warning"
	}
	b := newBench(t, withKnobs(strings.TrimPrefix(strings.ReplaceAll(knobs, "prepare_setup: partial", "prepare_setup: ok"), ", ")))
	if j.begun {
		b.procedure()
		b.lab.Clock().Advance(20 * time.Minute)
		if strings.Contains(knobs, "join_failure: inactive") {
			if err := b.chassis.Replace(2, sim.Replacement{Config: "staged"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if lies {
		b.chassis.Profile.PrepareSetup = "partial"
	}
	b.lab.ResetLog()
	return b
}

// goes makes one run of the role.
func (j journey) goes(do task) []answer {
	if j.back {
		return roleRunBack(do)
	}
	return roleRun(j.rekey, do)
}

// witness is a task that is judged, and told to stop with its context.
func (j journey) witness(ctx context.Context, b *bench, bad *[]string) task {
	return func(module string, options map[string]any) answer {
		if module == "vc_info" {
			before := b.chassis.State(true)
			a := b.run(ctx, false, module, options)
			*bad = append(*bad, believedMeanwhile(a, before, b.chassis.State(true), j.believed)...) // a session that stalls ends later
			return a
		}
		a, violations := b.witnessed(ctx, intent{}, step{module: module}, b.given(step{module: module, options: options}, nil))
		*bad = append(*bad, violations...)
		return a
	}
}

// believed compares what a successful result says with the device. On the way back
// vc_info is asked for something else.
func (j journey) believed(a answer, s sim.ChassisState) (violations []string) {
	if j.back {
		if off := scpOff(s); a["compliant"] == true && len(off) > 0 {
			violations = append(violations, "X1: the chassis is told to be as it was: "+strings.Join(off, "; "))
		}
		a = maps.Clone(a)
		delete(a, "compliant")
	}
	return append(violations, believed(a, s)...)
}

// arrives runs the role again, without faults, until it has nothing to do any more.
// It ends right; where the device itself stands in the way it may refuse with the
// reason, if that is allowed.
func (j journey) arrives(b *bench, mayRefuse bool) (violations []string) {
	b.t.Helper()
	var last answer
	for n := range 6 {
		if n > 2 {
			b.pass()
		}
		all := j.again().goes(func(module string, options map[string]any) answer {
			if options["prepare_timeout"] != nil {
				options = with(options, "prepare_timeout", 120)
			}
			a, bad := b.judgedTask(module, options, j.believed)
			violations = append(violations, bad...)
			return a
		})
		if last = lastOf(all); !last.failed() && j.isThere(b) == nil {
			return violations
		}
	}
	switch {
	case !last.failed():
		violations = append(violations, "X10: it is said to be done, and "+strings.Join(j.isThere(b), "; "))
	case !mayRefuse:
		violations = append(violations, fmt.Sprintf("X10: it never arrives: %s (%s)", last.text("msg"), last.text("hint")))
	case last.text("msg") == "" || last.text("hint") == "":
		violations = append(violations, fmt.Sprintf("X10: no reason, or no hint: %v", last))
	}
	return violations
}

// again is the journey of whoever finds it broken off: keys are made where they are
// missing.
func (j journey) again() journey {
	if j.rekey != "" {
		j.rekey = "if_missing"
	}
	return j
}

// isThere returns what is not as the journey is to end. A member that could not join
// takes no commit from anybody, and keeps no other from going back; that it is as the
// others is claimed by nobody, which believed sees to.
func (j journey) isThere(b *bench) []string {
	s := b.settle()
	if j.back {
		s.Members = slices.DeleteFunc(slices.Clone(s.Members), func(m sim.MemberState) bool { return m.Status == "Inactive" })
		return scpOff(s)
	}
	return scpOn(s)
}

// recordedEvents are the messages of a clean run.
func (j journey) recordedEvents(t *testing.T, knobs string) (events []sim.Event) {
	t.Helper()
	b := j.travels(t, knobs)
	defer b.lab.Close()
	defer b.letTimePass()()
	var mu sync.Mutex
	b.lab.Hook(func(e sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		e.Request = ""
		events = append(events, e)
		return sim.Fault{}
	})
	j.goes(b.undisturbedTask)
	b.lab.Hook(nil)
	return events
}

// hurried makes the module impatient, and returns what makes it patient again.
func (b *bench) hurried() (calm func()) {
	patient := maps.Clone(b.args)
	maps.Copy(b.args, quick)
	return func() { b.args = patient }
}
