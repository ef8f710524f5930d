// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// A thousand chassis of ten members, in one process with modules that log in to
// them, serve a hundred complete runs a second on two processors. What is held
// against that is processor time, because other tests run beside this one.
func TestModuleRunsOnAThousandChassis(t *testing.T) {
	if testing.Short() {
		t.Skip("starts 10,000 members")
	}
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Name: "vc", Count: 1000, Size: 10, Profile: sim.Profile{RootLogin: "allow"}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	info := Table()[slices.IndexFunc(Table(), func(m ansible.Module) bool { return m.Name == "vc_info" })]
	arguments := argumentsOf(t, lab)
	began, used := time.Now(), processor(t)
	const runs = 400
	runAll(t, info, arguments[:runs])
	took, cpu := time.Since(began), processor(t)-used
	t.Logf("%d runs in %v, %.0f a second; %v of processor time each, both ends together", runs, took.Round(time.Millisecond),
		runs/took.Seconds(), (cpu / runs).Round(10*time.Microsecond))
	if cpu/runs > 20*time.Millisecond && !raceDetector {
		t.Error("two processors serve less than a hundred runs a second")
	}
}

// runAll runs the module once for each set of arguments, eight at a time.
func runAll(t *testing.T, m ansible.Module, arguments [][]byte) {
	var next atomic.Int64
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for n := next.Add(1); n <= int64(len(arguments)); n = next.Add(1) {
				if result, ok := m.Run(context.Background(), arguments[n-1], nil); !ok || !strings.Contains(string(result), `"sequence"`) {
					t.Errorf("%s", result)
					return
				}
			}
		})
	}
	work.Wait()
}

// argumentsOf are the module's arguments for each chassis. Each has a known_hosts
// of its own: reading a file of a thousand takes longer than the rest of a run,
// and says nothing about the simulator.
func argumentsOf(t *testing.T, lab *sim.Lab) [][]byte {
	t.Helper()
	folder := t.TempDir()
	var all [][]byte
	for _, ch := range lab.All() {
		file := filepath.Join(folder, ch.Name)
		if err := os.WriteFile(file, []byte(strings.Join(ch.KnownHosts(), "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		host, port, _ := net.SplitHostPort(ch.Address())
		root := ch.Users()[slices.IndexFunc(ch.Users(), func(u sim.User) bool { return u.Name == "root" })]
		data, err := json.Marshal(map[string]any{
			"host": host, "port": json.Number(port), "username": root.Name, "password": root.Password,
			"known_hosts": []string{file}, "use_agent": false,
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// processor is the time that this process had a processor.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
