// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"sync"
	"time"
)

// Clock is the time of a lab: real time plus what tests have advanced it by.
type Clock struct {
	mu     sync.Mutex
	offset time.Duration
	timers map[*timer]bool
}

type timer struct {
	at   time.Time
	f    func()
	real *time.Timer
	over chan struct{} // closed when f has returned, or never will run
}

func newClock() *Clock { return &Clock{timers: map[*timer]bool{}} }

// Now returns the virtual time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *Clock) nowLocked() time.Time { return time.Now().Add(c.offset).Round(0) }

// AfterFunc runs f when d of virtual time has passed, by itself or through
// Advance. The returned function prevents that and may be called at any time.
func (c *Clock) AfterFunc(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{at: c.nowLocked().Add(d), f: f, over: make(chan struct{})}
	t.real = time.AfterFunc(d, func() { c.fireTimer(t) })
	c.timers[t] = true
	return func() {
		if c.removeTimer(t) {
			close(t.over)
		}
	}
}

// Advance moves the clock forward and runs what falls due on the way, in order
// and before it returns.
func (c *Clock) Advance(d time.Duration) {
	target := c.Now().Add(d)
	for {
		t := c.stepToTimer(target)
		if t == nil {
			return
		}
		c.fireTimer(t)
		<-t.over // real time may have come first
	}
}

// stepToTimer moves to the earliest timer that is due by target, or to target itself.
func (c *Clock) stepToTimer(target time.Time) *timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	var next *timer
	for t := range c.timers {
		if !t.at.After(target) && (next == nil || t.at.Before(next.at)) {
			next = t
		}
	}
	to := target
	if next != nil {
		to = next.at
	}
	if ahead := to.Sub(c.nowLocked()); ahead > 0 {
		c.shiftTimers(ahead)
	}
	return next
}

func (c *Clock) shiftTimers(d time.Duration) {
	c.offset += d
	for t := range c.timers {
		t.real.Reset(t.at.Sub(c.nowLocked()))
	}
}

// fireTimer runs a timer once, whoever comes first: real time or Advance.
func (c *Clock) fireTimer(t *timer) {
	if c.removeTimer(t) {
		defer close(t.over)
		t.f()
	}
}

func (c *Clock) removeTimer(t *timer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.timers[t] {
		return false
	}
	delete(c.timers, t)
	t.real.Stop()
	return true
}

// stopTimers forgets all timers; nothing fires afterwards.
func (c *Clock) stopTimers() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.timers {
		t.real.Stop()
		close(t.over)
	}
	clear(c.timers)
}
