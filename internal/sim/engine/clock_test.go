// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"sync/atomic"
	"testing"
	"time"
)

// What falls due is over when Advance returns, also where real time, which
// the clock moves along, comes first.
func TestAdvanceWaitsForWhatFallsDue(t *testing.T) {
	for range 50 {
		c := newClock()
		var done atomic.Int32
		for n := range 3 {
			c.AfterFunc(time.Duration(n+1)*time.Minute, func() { time.Sleep(100 * time.Microsecond); done.Add(1) })
		}
		c.AfterFunc(time.Minute, func() { t.Error("it was stopped") })()
		stop := make(chan struct{})
		for range 8 { // whoever wants the clock has to wait, which lets real time win
			go func() {
				for {
					select {
					case <-stop:
						return
					default:
						c.Now()
					}
				}
			}()
		}
		c.Advance(4 * time.Minute)
		close(stop)
		if n := done.Load(); n != 3 {
			t.Fatalf("want 3 timers run, got %d", n)
		}
	}
}

func TestClockRunsTimersInOrder(t *testing.T) {
	clock := newClock()
	began := clock.Now()
	var fired []time.Duration
	record := func() { fired = append(fired, clock.Now().Sub(began).Round(time.Minute)) }
	clock.AfterFunc(3*time.Minute, record)
	clock.AfterFunc(time.Minute, func() {
		record()
		clock.AfterFunc(time.Minute, record)
	})
	stop := clock.AfterFunc(2*time.Minute, func() { t.Error("was stopped") })
	stop()
	stop()
	clock.Advance(10 * time.Minute)
	if len(fired) != 3 || fired[0] != time.Minute || fired[1] != 2*time.Minute || fired[2] != 3*time.Minute {
		t.Fatalf("fired at %v", fired)
	}
}
