// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// TestSweepOfKills carries every intent out with the program itself and kills
// it, as a cancelled job does in the end: SIGKILL at every message of the clean
// run, before and after the device applied it. Nobody is left to tidy up
// then; the oracle judges what the device keeps, and the next run.
func TestSweepOfKills(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	var points []point
	for _, i := range intents() {
		events := i.recorded(t)
		for n, e := range events {
			if i.everyRead || distinct(events, n) {
				points = append(points, point{i, n, e, "kill"})
			}
		}
	}
	sweepSome(t, points, 19, "kills survived / tried", func(t *testing.T, p point) bool { return kill(t, program, p) })
}

func buildProgram(t *testing.T) string {
	t.Helper()
	program, err := builtProgram()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	return program
}

// builtProgram is linked once for all tests, in a folder that TestMain removes.
var builtProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(programFolder(), "vchassis")
	cmd := exec.Command("go", "build", "-ldflags=-w", "-o", program, "./cmd/vchassis")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
})

// programFolder is that of the process: tests of others may run beside it.
func programFolder() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("vchassis-%d", os.Getpid()))
}

func kill(t *testing.T, program string, p point) bool {
	b := newBench(t, p.scenario)
	p.prepare(b)
	defer b.letTimePass()()
	faults := b.faults()
	v := &victim{program: program}
	at := v.armed(b, p.nth)
	b.carryOut(p.intent, func(s step, options map[string]any) answer {
		out, lived := v.run(b.arguments(s.check, options), s.module)
		if !lived && len(out) == 0 {
			return answer{"failed": true}
		}
		return b.read(s.module, out)
	})
	b.lab.Hook(nil)
	var bad []string
	if at() == "" {
		bad = append(bad, "the message never came")
	}
	bad = append(bad, b.leftEverywhere(faults)...)
	bad = append(bad, b.repaired(p.intent)...)
	for _, violation := range bad {
		t.Errorf("killed at %s: %s", at(), violation)
	}
	return len(bad) == 0
}

// victim is the process that runs a module.
type victim struct {
	program string
	mu      sync.Mutex
	cmd     *exec.Cmd
	over    chan struct{} // closed when the process has ended
}

// armed kills at the nth message and lets the device go on only when the
// process is gone. The returned function tells which message it was.
func (v *victim) armed(b *bench, nth int) (at func() string) {
	var mu sync.Mutex
	n, struck := -1, ""
	b.lab.Hook(func(e sim.Event) sim.Fault {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == nth {
			struck = e.When + " " + e.RPC
			v.kill()
		}
		return sim.Fault{}
	})
	return func() string { mu.Lock(); defer mu.Unlock(); return struck }
}

func (v *victim) kill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.cmd.Process.Kill()
	<-v.over
}

// terminate is what the action plugin does when a task's timeout is over: it waits
// for the result, as long as the clean-up takes.
func (v *victim) terminate() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.cmd.Process.Signal(syscall.SIGTERM)
}

// run gives the module its arguments over stdin, and says whether it lived.
func (v *victim) run(args []byte, module string) (stdout []byte, lived bool) {
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, v.program, "module", module, "-")
	cmd.Stdin, cmd.Stdout = bytes.NewReader(args), &out
	over := make(chan struct{})
	defer close(over)
	v.mu.Lock() // the first message may come before Start returns
	v.cmd, v.over = cmd, over
	err := cmd.Start()
	v.mu.Unlock()
	if err == nil {
		err = cmd.Wait()
	}
	return out.Bytes(), err == nil
}
