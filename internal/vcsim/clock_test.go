// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

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
