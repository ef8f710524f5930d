// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vchassis/vchassis.junos/internal/progress"
)

const heldByRick = "<rpc-error><error-severity>error</error-severity><error-message>\n" +
	"configuration database locked by:\n  rick terminal p0 (pid 32260) on since 2026-01-01 11:04:06 UTC, idle 00:04:48\n      exclusive\n</error-message></rpc-error>"

func TestLockReply(t *testing.T) {
	for _, row := range []struct {
		name, reply string
		err, hint   string
	}{
		{name: "free", reply: "<ok/>"},
		{name: "held", reply: heldByRick,
			err:  "lock the configuration: still held after 0 s by rick terminal p0 (pid 32260) since 2026-01-01 11:04:06 UTC on the switch's clock, idle 00:04:48 exclusive",
			hint: "ask the holder to leave configuration mode, or raise lock_timeout (vchassis_lock_timeout in the inventory, or VCHASSIS_LOCK_TIMEOUT); no session"},
		{name: "held, as the standard says it",
			reply: "<rpc-error><error-type>protocol</error-type><error-tag>lock-denied</error-tag><error-severity>error</error-severity>" +
				"<error-message>Lock failed</error-message><error-info><session-id>7478</session-id></error-info></rpc-error>",
			err: "lock the configuration: still held after 0 s by Lock failed session 7478", hint: "ask the holder"},
		{name: "held, both ways",
			reply: "<rpc-error><error-tag>lock-denied</error-tag><error-severity>error</error-severity>" +
				"<error-message>configuration database locked by: rick</error-message></rpc-error>",
			err: "still held after 0 s by rick", hint: "ask the holder"},
		{name: "edits of somebody else", reply: rpcError("error", "configuration database modified"),
			err:  "lock the configuration: it holds uncommitted changes of another user",
			hint: "let their owner commit them or roll them back (show | compare); they were left as they are"},
		{name: "already open", reply: rpcError("error", "Configuration database is already open"),
			err: "lock the configuration: the device reports: Configuration database is already open"},
		{name: "no permission", reply: refusal("permission denied", "lock"), err: "lock the configuration: the device reports: permission denied at lock"},
		{name: "a warning", reply: rpcError("warning", "uncommitted changes will be discarded on exit") + "<ok/>"},
		{name: "ok, and who holds it", reply: rpcError("warning", "configuration database locked by: rick terminal p0") + "<ok/>",
			err: "lock the configuration: the device reports success, and also: configuration database locked by: rick terminal p0"},
		{name: "ok, and plain words of a failure", reply: "<ok/>error: configuration database locked by rick", err: "and also: error: configuration database locked by rick"},
		{name: "ok, and words of a failure as output", reply: "<output>lock failed</output><ok/>", err: "and also: lock failed"},
		{name: "ok, and words of nothing bad", reply: "<output>entering configuration mode</output><ok/>"},
		{name: "ok for somebody else", reply: "<other><ok/></other>", err: "lock the configuration: the device did not confirm success"},
		{name: "no reply", reply: "EOF", err: "lock the configuration: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{}, answers{"lock": says(row.reply), "unlock": says("<ok/>")})
			unlock, err := d.lockBy(t.Context(), 0, d.lockOnce)
			if (unlock != nil) != (err == nil) {
				t.Errorf("want a lock or an error, got unlock %v and %v", unlock != nil, err)
			}
			told(t, err, row.err)
			if h := (interface{ Hint() string })(nil); row.hint != "" && (!errors.As(err, &h) || !strings.HasPrefix(h.Hint(), row.hint)) {
				t.Errorf("want the hint %q of %v", row.hint, err)
			}
			if diff := cmp.Diff([]string{"<lock><target><candidate/></target></lock>"}, p.sent()); diff != "" {
				t.Errorf("want one try: want - got +\n%s", diff)
			}
		})
	}
}

func TestLockWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, p := play(t, Options{}, answers{"lock": says(heldByRick, heldByRick, heldByRick, "<ok/>")})
		start := time.Now()
		unlock, err := d.lockBy(t.Context(), time.Minute, d.lockOnce)
		if err != nil || unlock == nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 1750*time.Millisecond || len(p.sent()) != 4 {
			t.Errorf("%d tries in %s", len(p.sent()), took)
		}
	})
}

// A holder who stays is one event, though the device says another idle time each time.
func TestAWaitForOneHolderIsOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := strings.Replace(heldByRick, "idle 00:04:48", "idle 00:04:49", 1)
		byEve := strings.Replace(heldByRick, "rick", "eve", 1)
		log := progress.NewLog(nil, nil)
		d, _ := play(t, Options{Progress: log}, answers{"lock": says(heldByRick, later, byEve, "<ok/>")})
		if _, err := d.lockBy(t.Context(), time.Minute, d.lockOnce); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, e := range log.Events() {
			texts = append(texts, e.Text)
		}
		const wait, since = "waiting for the configuration lock, held by ", " terminal p0 (pid 32260) since 2026-01-01 11:04:06 UTC on the switch's clock; at most "
		if diff := cmp.Diff([]string{wait + "rick" + since + "60 s", wait + "eve" + since + "59 s"}, texts); diff != "" {
			t.Errorf("want - got +\n%s", diff)
		}
	})
}

func TestLockWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, p := play(t, Options{}, answers{"lock": says(heldByRick)})
		start := time.Now()
		_, err := d.lockBy(t.Context(), time.Minute, d.lockOnce)
		var held *LockHeldError
		if !errors.As(err, &held) || held.Waited != time.Minute || time.Since(start) != time.Minute {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		if n := len(p.sent()); n > 20 {
			t.Errorf("%d tries in a minute are a burden", n)
		}
	})
}

func TestLockWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := play(t, Options{}, answers{"lock": says(heldByRick)})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := d.lockBy(ctx, time.Hour, d.lockOnce)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, new(*LockHeldError)) || time.Since(start) != 10*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		if d.IsLost() {
			t.Error("nothing was under way: the session lives")
		}
	})
}

func TestUnlock(t *testing.T) {
	for _, row := range []struct {
		name  string
		reply string
		calls int
		err   string // of the first call
	}{
		{"twice", "<ok/>", 2, ""},
		{"refused, and not tried again", rpcError("error", "Configuration database is not open"), 2,
			"unlock the configuration: the device reports: Configuration database is not open"},
		{"no reply", "EOF", 2, "unlock the configuration: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{}, answers{"lock": says("<ok/>"), "unlock": says(row.reply)})
			unlock, err := d.lockBy(t.Context(), 0, d.lockOnce)
			if err != nil {
				t.Fatal(err)
			}
			told(t, unlock(t.Context()), row.err)
			told(t, unlock(t.Context()), "")
			want := []string{"<lock><target><candidate/></target></lock>", "<unlock><target><candidate/></target></unlock>"}
			if diff := cmp.Diff(want, p.sent()); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

// A lost session has lost its lock: there is nothing to give back.
func TestUnlockOfALostSession(t *testing.T) {
	d, p := play(t, Options{}, answers{"lock": says("<ok/>"), "discard-changes": says("EOF")})
	unlock, err := d.lockBy(t.Context(), 0, d.lockOnce)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Discard(t.Context()); !IsLinkLost(err) || !d.IsLost() {
		t.Fatalf("want a lost link, got %v", err)
	}
	told(t, unlock(t.Context()), "")
	if n := len(p.sent()); n != 2 {
		t.Errorf("the peer saw %q", p.sent())
	}
}
