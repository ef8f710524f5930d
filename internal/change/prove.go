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

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// proveLogin logs in anew while the first session stays open: new TCP, new SSH,
// new NETCONF. sshd may be restarting for some seconds, or allow few logins a
// minute, so it is tried again and again for half of the time that the trial
// lasts, and never for long: the lock is held meanwhile.
func (r *changeRun) proveLogin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.proofTime())
	defer cancel()
	var refused error
	for pause := time.Second; ; pause = min(2*pause, slowestLogin) {
		err := r.proveLoginOnce(ctx)
		switch {
		case err == nil, errors.As(err, new(*movedChassisError)):
			return err
		case errors.As(err, new(*otherSettingsError)):
			return errors.Join(refused, err)
		}
		if refused == nil {
			r.Progress.Begin("the new login did not succeed, trying again: "+err.Error(), r.proofTime())
		}
		if refused = err; !sleepFor(ctx, pause) {
			return refused
		}
	}
}

// proofTime is how long a new login is tried.
func (r *changeRun) proofTime() time.Duration { return min(r.trialWindow(), patience) / 2 }

// slowestLogin is the pause that every rate-limit allows which leaves room for
// this run at all: three logins a minute.
const slowestLogin = 20 * time.Second

func (r *changeRun) proveLoginOnce(ctx context.Context) error {
	dial := r.Dial
	if r.Prove != nil {
		dial = r.Prove
	}
	dev, err := dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = dev.Close() }()
	parts := junos.Settings
	if r.plan.ConfirmBy == vc.ByCheck { // whose reply, if it is lost, a commit would not stand for in the history
		parts |= junos.Trial
	}
	state, err := dev.ReadAgain(ctx, r.out.Read, parts)
	if err != nil {
		return err
	}
	if err := r.refuseMovedChassis(state.Chassis); err != nil {
		return err
	}
	if !state.Own.Equal(r.own) {
		return &otherSettingsError{state.Own}
	}
	return nil
}

// otherSettingsError is a login that worked and reads other settings: to try again
// would not help.
type otherSettingsError struct{ have vc.Settings }

func (o *otherSettingsError) Error() string {
	return "the new session reads settings that differ from those committed:\n" + o.have.Text()
}

// Code names the kind of the error for programs.
func (o *otherSettingsError) Code() string { return "other_settings" }

// unprovedLoginError is a new login that did not succeed while the trial was in force.
type unprovedLoginError struct{ err error }

func (u *unprovedLoginError) Error() string {
	return "no new login proved that the chassis can still be reached: " + u.err.Error()
}

// Code names the kind of the error for programs.
func (u *unprovedLoginError) Code() string { return "unproved_login" }

func (u *unprovedLoginError) Unwrap() error { return u.err }

// Hint says what to do.
func (u *unprovedLoginError) Hint() string {
	var m *movedChassisError
	if errors.As(u.err, &m) {
		return m.Hint()
	}
	return "logins worked before the change but not after it: check the values of the change (in step 1 the command and its user), and that nothing else stops logins (connection-limit, rate-limit)"
}

// refuseMovedChassis refuses a chassis that is no longer the one that was planned for. A
// single switch in a chassis without a primary may stay so.
func (r *changeRun) refuseMovedChassis(c vc.Chassis) error {
	from, _ := r.planned.Primary()
	to, _ := c.Primary()
	if from.ID != to.ID || from.Serial != to.Serial {
		return &movedChassisError{fmt.Sprintf("the primary changed from member %d (serial %s) to member %d (serial %s)", from.ID, from.Serial, to.ID, to.Serial), true}
	}
	if news := describeDifferences(r.planned.Serials(), c.Serials()); len(news) > 0 {
		return &movedChassisError{"the members changed: " + strings.Join(news, ", "), false}
	}
	return nil
}

// describeDifferences names the switches that left, joined or were replaced.
func describeDifferences(was, are map[int]string) (news []string) {
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

// movedChassisError is a chassis that has changed under our hands.
type movedChassisError struct {
	what    string
	primary bool // another member is the primary, or none
}

func (m *movedChassisError) Error() string { return m.what }

// Code names the kind of the error for programs.
func (m *movedChassisError) Code() string { return "chassis_moved" }

// Hint says what to do.
func (m *movedChassisError) Hint() string { return "run again when the Virtual Chassis is stable" }
