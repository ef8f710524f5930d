// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// prove logs in anew while the first session stays open: new TCP, new SSH,
// new NETCONF. sshd may be restarting, so it is tried a few times, for at
// most half of the time that the trial lasts, and never for long: the lock is
// held meanwhile.
func (r *run) prove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(r.window(), patience)/2)
	defer cancel()
	const attempts = 3
	var err error
	for i := range attempts {
		if i > 0 && !sleep(ctx, time.Duration(i)*time.Second) {
			break
		}
		if err = r.proveOnce(ctx); err == nil || errors.As(err, new(*moved)) {
			return err
		}
	}
	return err
}

func (r *run) proveOnce(ctx context.Context) error {
	dev, err := r.Dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = dev.Close() }()
	state, err := dev.Read(ctx)
	if err != nil {
		return err
	}
	if err := r.stable(state.Chassis); err != nil {
		return err
	}
	if !state.Settings.Equal(r.plan.Trial) {
		return fmt.Errorf("the new session reads other settings than were committed:\n%s", state.Settings.Text())
	}
	return nil
}

// unproved is a new login that did not succeed while the trial was in force.
type unproved struct{ err error }

func (u *unproved) Error() string {
	return "prove by a new login that the chassis can still be reached: " + u.err.Error()
}

func (u *unproved) Unwrap() error { return u.err }

// Hint says what to do.
func (u *unproved) Hint() string {
	var m *moved
	if errors.As(u.err, &m) {
		return m.Hint()
	}
	return "logins worked before the change and not with it: check the values that were to be set, and that nothing else stops logins (connection-limit, rate-limit)"
}

// stable refuses a chassis that is no longer the one that was planned for. A
// single switch in a chassis without a primary may stay so.
func (r *run) stable(c vc.Chassis) error {
	from, _ := r.planned.Primary()
	to, _ := c.Primary()
	if from.ID != to.ID || from.Serial != to.Serial {
		return &moved{fmt.Sprintf("the primary changed from member %d (serial %s) to member %d (serial %s)", from.ID, from.Serial, to.ID, to.Serial), true}
	}
	if news := differences(r.planned.Serials(), c.Serials()); len(news) > 0 {
		return &moved{"the members changed: " + strings.Join(news, ", "), false}
	}
	return nil
}

// differences names the switches that left, joined or were replaced.
func differences(was, are vc.Record) (news []string) {
	all := maps.Clone(was)
	maps.Copy(all, are)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		before, after := was[id], are[id]
		switch {
		case before == after:
		case after == "":
			news = append(news, fmt.Sprintf("member %d (serial %s) has left", id, before))
		case before == "":
			news = append(news, fmt.Sprintf("member %d (serial %s) has joined", id, after))
		default:
			news = append(news, fmt.Sprintf("member %d (serial %s) is now another switch (serial %s)", id, before, after))
		}
	}
	return news
}

// moved is a chassis that has changed under our hands.
type moved struct {
	what    string
	primary bool // another member is the primary, or none
}

func (m *moved) Error() string { return m.what }

// Hint says what to do.
func (m *moved) Hint() string { return "run again when the Virtual Chassis is stable" }

// sleep waits, and says whether the time is not over.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
