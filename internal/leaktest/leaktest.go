// SPDX-License-Identifier: GPL-3.0-or-later

// Package leaktest holds a test to what it found: whoever has ended, well or
// badly, leaves no goroutine, no open descriptor and no large heap behind.
package leaktest

import (
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"
)

const (
	patience = 30 * time.Second // until what is on its way out counts as left behind
	growth   = 128 << 20        // bytes of heap that garbage may take from the system
)

// usage is what a process holds at a time.
type usage struct {
	goroutines, descriptors int
	heap                    uint64 // bytes that the system gave
}

// Check compares goroutines, descriptors and heap with those of now when the
// test, its subtests and all that they have registered with Cleanup have ended.
// It is called before anything else and not by tests that run side by side:
// what others hold would count.
func Check(t testing.TB) {
	t.Helper()
	check(t, patience)
}

func check(t testing.TB, patience time.Duration) {
	t.Helper()
	openPoller()
	collected := debug.SetGCPercent(100) // more garbage would pass for heap that was taken
	before := measure()
	t.Cleanup(func() {
		debug.SetGCPercent(collected)
		now := measure()
		for wait, end := time.Millisecond, time.Now().Add(patience); now.exceeds(before) && time.Now().Before(end); wait = min(2*wait, 16*time.Millisecond) {
			time.Sleep(wait)
			now = measure()
		}
		if now.exceeds(before) {
			stacks := make([]byte, 1<<16)
			t.Errorf("goroutines: %d, then %d; descriptors: %d, then %d\n%s",
				before.goroutines, now.goroutines, before.descriptors, now.descriptors, stacks[:runtime.Stack(stacks, true)])
		}
		if now.heap > before.heap+growth {
			t.Errorf("the heap grew from %d to %d bytes", before.heap, now.heap)
		}
	})
}

// openPoller makes the runtime open the descriptors by which it waits for
// others: it does that at the first connection and keeps them for ever.
var openPoller = sync.OnceFunc(func() {
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
})

func measure() usage {
	entries, _ := os.ReadDir("/proc/self/fd") // none on other systems
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{runtime.NumGoroutine(), len(entries), m.HeapSys}
}

// exceeds says whether something is held that was not held before. Heap goes
// back late, or never.
func (u usage) exceeds(before usage) bool {
	return u.goroutines > before.goroutines || u.descriptors > before.descriptors
}
