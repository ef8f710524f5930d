// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"cmp"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A thousand chassis of ten members start in a second and fit into memory: idle
// members cost a struct each, their servers run only while they are needed.
func TestThousandChassisOfTenMembers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts 10,000 members")
	}
	var before, mem runtime.MemStats
	runtime.ReadMemStats(&before)
	idle, began := runtime.NumGoroutine(), time.Now()
	lab := startLab(t, `chassis: [{name: vc, count: 1000, size: 10}]`)
	took, servers := time.Since(began), runtime.NumGoroutine()-idle
	runtime.GC()
	runtime.ReadMemStats(&mem)
	objects := mem.Mallocs - before.Mallocs
	t.Logf("started in %v, %d goroutines, %d objects, heap %d MB, from the system %d MB", took, servers, objects, mem.HeapAlloc>>20, mem.Sys>>20)
	// What is counted takes a second, and longer on a machine that is busy.
	if servers > 1100 || objects > 10_000*150 || mem.Sys > 600<<20 {
		t.Fatalf("want a goroutine a chassis, at most 150 objects a member, and under 600 MB")
	}
	c := login(t, lab.Chassis("vc-1000").Address(), "root", rootPassword)
	c.want(`<get-virtual-chassis-information/>`, "<member-id>9</member-id>")
}

// TestSoak keeps a full lab busy for VCHASSIS_SIM_SOAK (a duration) and looks for what
// grows.
func TestSoak(t *testing.T) {
	d, err := time.ParseDuration(cmp.Or(os.Getenv("VCHASSIS_SIM_SOAK"), soakFor))
	if err != nil {
		t.Skip("ten minutes: make test-long, or VCHASSIS_SIM_SOAK=10m")
	}
	lab := startLab(t, `chassis: [{name: vc, count: 1000, size: 10, profile: {rate_limit: -1}}]`)
	busy(t, lab, d/5)
	goroutines, heap := settled()
	runs := busy(t, lab, d)
	g, h := settled()
	t.Logf("%d runs, %.0f a second; goroutines %d then %d, heap %d MB then %d MB", runs, float64(runs)/d.Seconds(), goroutines, g, heap>>20, h>>20)
	if g > goroutines+20 || h > heap*3/2+(32<<20) {
		t.Fatal("something grows")
	}
}

// busy logs in, reads, and commits now and then, from eight clients.
func busy(t *testing.T, lab *Lab, d time.Duration) int64 {
	var runs atomic.Int64
	var work sync.WaitGroup
	end := time.Now().Add(d)
	for range 8 {
		work.Go(func() {
			for time.Now().Before(end) {
				n := runs.Add(1)
				c, err := tryLogin(lab.All()[n*7919%1000].Address(), "root", rootPassword)
				if err != nil {
					t.Error(err)
					return
				}
				ops := []string{`<get-virtual-chassis-information/>`, `<get-software-information/>`, `<get-configuration database="committed"/>`}
				if n%50 == 0 {
					ops = append(ops, lockOp, setLoad("set system location floor "+strconv.FormatInt(n, 10)), commitOp, unlockOp)
				}
				for _, op := range ops {
					if _, err := c.try(op); err != nil {
						t.Error(err)
					}
				}
				c.close()
			}
		})
	}
	work.Wait()
	return runs.Load()
}

func settled() (goroutines int, heap uint64) {
	time.Sleep(time.Second)
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	return runtime.NumGoroutine(), mem.HeapAlloc
}

// BenchmarkLoginAndReads is what a module with nothing to do costs the
// simulator: a login and four reads on a chassis of ten.
func BenchmarkLoginAndReads(b *testing.B) {
	lab, err := Start(b.Context(), Scenario{Chassis: []ChassisSpec{{Count: 100, Size: 10, Profile: Profile{RateLimit: -1}}}})
	if err != nil {
		b.Fatal(err)
	}
	defer lab.Close()
	n := 0
	for b.Loop() {
		n++
		c, err := tryLogin(lab.All()[n%100].Address(), "root", rootPassword)
		if err != nil {
			b.Fatal(err)
		}
		for _, op := range []string{
			`<get-virtual-chassis-information/>`, `<get-software-information/>`, `<get-commit-information/>`,
			`<get-configuration database="committed" format="xml"><configuration><system/></configuration></get-configuration>`,
		} {
			if _, err := c.try(op); err != nil {
				b.Fatal(err)
			}
		}
		c.close()
	}
}

// BenchmarkCommit carries a configuration to nine members.
func BenchmarkCommit(b *testing.B) {
	for _, transport := range []string{"rcp", "scp"} {
		b.Run(transport, func(b *testing.B) {
			spec := ChassisSpec{Size: 10, Prepared: true}
			if transport == "scp" {
				spec.ConfigAdd = "set system services ssh authorized-keys-command /usr/libexec/example/internal-ssh-keys\n" +
					"set system services ssh authorized-keys-command-user example\nset system commit config-sync-with-scp"
			}
			lab, err := Start(b.Context(), Scenario{Chassis: []ChassisSpec{spec}})
			if err != nil {
				b.Fatal(err)
			}
			defer lab.Close()
			c := lab.All()[0].Colleague("root", "cli")
			for b.Loop() {
				if err := c.Commit(0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
