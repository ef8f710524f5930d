// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"runtime"
	"testing"
	"time"
)

// A thousand chassis of ten members start in seconds and fit into memory: idle
// members cost a struct each, their servers run only while they are needed.
func TestThousandChassisOfTenMembers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts 10,000 members")
	}
	began := time.Now()
	lab := startLab(t, `chassis: [{name: vc, count: 1000, size: 10}]`)
	took := time.Since(began)
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	t.Logf("started in %v, heap %d MB, from the system %d MB", took, mem.HeapAlloc>>20, mem.Sys>>20)
	if took > 5*time.Second || mem.Sys > 600<<20 {
		t.Fatalf("want under 5 s and 600 MB")
	}
	c := login(t, lab.Chassis("vc-1000").Address(), "root", rootPassword)
	c.want(`<get-virtual-chassis-information/>`, "<member-id>9</member-id>")
}
