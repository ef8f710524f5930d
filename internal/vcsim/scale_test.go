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
	for _, transport := range []string{transportRCP, transportSCP} {
		b.Run(transport, func(b *testing.B) {
			spec := ChassisSpec{Size: 10, Prepared: true}
			if transport == transportSCP {
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
