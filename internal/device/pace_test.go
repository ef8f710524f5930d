// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// A login that is turned away waits until the minute is over, and says so while it
// waits. One that fails for another reason, or where the limits are high, does not.
func TestLoginsFitTheLimits(t *testing.T) {
	away := &sshconn.PhaseError{Phase: sshconn.PhaseBanner, Host: "vc1:830", Err: fmt.Errorf("closed: %w", io.EOF), Remedy: "look"}
	refused := &sshconn.PhaseError{Phase: sshconn.PhaseAuthentication, Host: "vc1:830", Err: io.EOF}
	var unset vc.LoginLimits
	few, many := vc.LoginLimits{PerMinute: 3}, vc.LoginLimits{PerMinute: 150}
	for name, row := range map[string]struct {
		limits vc.LoginLimits
		errors []error
		most   time.Duration
		tries  int
		waits  int // of which it speaks
		fails  string
	}{
		"admitted":                        {unset, []error{nil}, time.Second, 1, 0, ""},
		"turned away once, limit unknown": {unset, []error{away, nil}, time.Second, 2, 0, ""},
		"turned away once, limit low":     {few, []error{away, nil}, time.Second, 2, 1, ""},
		"limit unknown, soon, then later": {unset, []error{away, away, away, away, nil}, time.Second, 5, 1, ""},
		"limit high":                      {many, []error{away, nil}, time.Second, 1, 0, "look"},
		"turned away for good":            {few, []error{away, away, away, away}, 25 * time.Millisecond, 3, 2, "look"},
		"nobody waits":                    {unset, []error{away}, 0, 1, 0, "look; login_wait: 90 would wait"},
		"refused":                         {unset, []error{refused}, time.Second, 1, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			told := progress.NewLog(nil, nil)
			p := pacer{most: row.most, pause: 10 * time.Millisecond, told: told}
			tries := 0
			_, err := p.open(t.Context(), row.limits, func(context.Context) (*junos.Device, error) { tries++; return nil, row.errors[tries-1] })
			if last := row.errors[tries-1]; tries != row.tries || !errors.Is(err, last) || !strings.HasPrefix(hint.Of(err), row.fails) {
				t.Errorf("want %d tries, hint %q and %v, got %d, %q and %v", row.tries, row.fails, last, tries, hint.Of(err), err)
			}
			events := told.Events()
			if len(events) != row.waits || len(p.notes) != row.waits || slices.ContainsFunc(events, func(e progress.Event) bool { return !strings.HasPrefix(e.Text, "waiting ") }) {
				t.Errorf("after %d tries: told %v, noted %q", tries, events, p.notes)
			}
		})
	}
}

// A wait is told in seconds, as what shows it counts them.
func TestAWaitIsToldInSeconds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	told := progress.NewLog(nil, nil)
	p := pacer{told: told}
	if p.wait(ctx, countedMinute, "it is full") || told.Events()[0].Text != "waiting 61 s for the next login: it is full" || p.notes[0] != "waited 61 s for the next login: it is full" {
		t.Errorf("told %v, noted %q", told.Events(), p.notes)
	}
}

// A wait that the deadline would end is not begun.
func TestNoLoginWaitsInVain(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	p := pacer{most: time.Hour, pause: 2 * time.Minute}
	away := &sshconn.PhaseError{Phase: sshconn.PhaseBanner, Err: io.EOF}
	if _, err := p.open(ctx, vc.LoginLimits{PerMinute: 1}, func(context.Context) (*junos.Device, error) { return nil, away }); !errors.Is(err, away) || time.Since(began) > 30*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

// A trial that is too short to wait in it begins when there is room for its proof.
func TestRoomBeforeAShortTrial(t *testing.T) {
	for name, row := range map[string]struct {
		limits vc.LoginLimits
		trial  time.Duration
		waits  bool
	}{
		"short and few":  {vc.LoginLimits{PerMinute: 3}, time.Second, true},
		"long":           {vc.LoginLimits{PerMinute: 3}, 5 * time.Minute, false},
		"many":           {vc.LoginLimits{PerMinute: 150}, time.Second, false},
		"not configured": {vc.LoginLimits{}, time.Second, false},
		"no trial":       {vc.LoginLimits{PerMinute: 3}, 0, false},
	} {
		p := pacer{pause: 50 * time.Millisecond, last: time.Now()}
		p.makeRoom(t.Context(), row.limits, row.trial)
		if waited := time.Since(p.last) >= p.pause; waited != row.waits || len(p.notes) > 0 != row.waits {
			t.Errorf("%s: waited %t, noted %q", name, waited, p.notes)
		}
	}
}

// The login that has proved one step counts against the next, whose short trial waits
// until there is room. The first has waited before the lock.
func TestRoomBeforeALaterStep(t *testing.T) {
	s := &Session{pacer: pacer{last: time.Now()}}
	s.Logins = vc.LoginLimits{PerMinute: 3}
	works := []Work{{Commit: Commit{ConfirmTimeout: 1}}, {Commit: Commit{ConfirmTimeout: 1}}}
	changes := s.newChanges(works, make([]Stage, len(works)))
	if changes[0].MakeRoom != nil || changes[1].MakeRoom == nil {
		t.Fatal("want room made before the second trial alone")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel() // a wait that has begun is over at once
	if changes[1].MakeRoom(ended); len(s.pacer.notes) != 1 {
		t.Errorf("want one wait, got %q", s.pacer.notes)
	}
}
