// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// quick is what a test may take in all to be one of the first rounds, in seconds. A
// package whose slow tests wait for minutes notices most changes in a second.
var quick = []float64{0.1, 1}

// round is one run of some of a package's tests: of those that are named, or of all
// others.
type round struct {
	names  []string
	others bool
	limit  time.Duration
}

func (r round) arguments() []string {
	switch {
	case !r.others:
		return []string{"-test.run=" + anyOf(r.names)}
	case len(r.names) > 0:
		return []string{"-test.skip=" + anyOf(r.names)}
	}
	return nil
}

// rounds are run in turn, the quick ones first.
type rounds []round

// wholeRound runs all tests at once, which have taken so long before.
func wholeRound(took time.Duration) rounds { return rounds{{others: true, limit: limitOf(took)}} }

// limitOf is much more than usual: the machine may be busy later on.
func limitOf(took time.Duration) time.Duration { return 20*time.Second + 5*took }

var timed = regexp.MustCompile(`(?m)^\s*--- (?:PASS|SKIP): ([^/\s]+)\S* \(([0-9.]+)s\)`)

// planRounds sorts tests by how long they took, with all that is below them. A test
// that hangs is waited for as long as its round may take, and not all of them. Tests
// that run side by side take less than their sum.
func planRounds(out []byte, whole time.Duration) rounds {
	took := map[string]float64{}
	for _, m := range timed.FindAllSubmatch(out, -1) {
		seconds, _ := strconv.ParseFloat(string(m[2]), 64)
		took[string(m[1])] += seconds
	}
	groups := make([]group, len(quick)+1)
	for _, name := range slices.Sorted(maps.Keys(took)) {
		i, _ := slices.BinarySearch(quick, math.Nextafter(took[name], math.Inf(1)))
		groups[i].names = append(groups[i].names, name)
		groups[i].took += time.Duration(took[name] * float64(time.Second))
	}
	groups = slices.DeleteFunc(groups, func(g group) bool { return len(g.names) == 0 })
	if len(groups) < 2 {
		return wholeRound(whole)
	}
	var later []string
	for _, g := range groups[1:] {
		later = append(later, g.names...)
	}
	planned := rounds{{later, true, limitOf(min(groups[0].took, whole))}}
	for _, g := range groups[1:] {
		planned = append(planned, round{g.names, false, limitOf(min(g.took, whole))})
	}
	return planned
}

// group is tests that take about as long.
type group struct {
	names []string
	took  time.Duration
}

func anyOf(names []string) string { return "^(?:" + strings.Join(names, "|") + ")$" }

// only leaves in the rounds no others than these tests.
func (r rounds) only(tests []string) (chosen rounds) {
	for _, one := range r {
		names := slices.DeleteFunc(slices.Clone(tests), func(name string) bool { return slices.Contains(one.names, name) == one.others })
		if len(names) > 0 {
			chosen = append(chosen, round{names, false, one.limit})
		}
	}
	return chosen
}

// run runs the rounds in turn until a test fails, or one of them is late.
func (r rounds) run(ctx context.Context, dir, binary string) (out []byte, late bool, err error) {
	for _, one := range r {
		inTime, cancel := context.WithTimeout(ctx, one.limit)
		out, err = runTests(inTime, dir, binary, binary+".out", one.arguments())
		late = inTime.Err() != nil
		cancel()
		if err != nil {
			break
		}
	}
	return out, late, err
}

// memory bounds a test program, in KiB: a change may make a loop endless that
// collects something.
const memory = 6 << 20

// runTests runs a test program until the first failure, and ends whatever it
// has started. Tests wait more than they work, so several run at once. What the
// program prints goes to a file: a pipe would be waited for as long as any
// process has it open.
func runTests(ctx context.Context, dir, binary, output string, arguments []string) ([]byte, error) {
	out, err := os.Create(output)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	script := fmt.Sprintf(`ulimit -v %d && exec "$0" -test.short -test.failfast -test.v -test.parallel=16 "$@"`, memory)
	cmd := exec.CommandContext(ctx, "sh", slices.Concat([]string{"-c", script, binary}, arguments)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	go stopAtFailure(ctx, out.Name(), stop)
	failure := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the tests left behind
	}
	text, err := os.ReadFile(out.Name())
	return text, errors.Join(failure, err)
}

// stopAtFailure ends a test program when one of its tests has failed: those that
// run beside that one would take their time.
func stopAtFailure(ctx context.Context, name string, stop func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
		}
		if text, err := os.ReadFile(name); err == nil && failures.Match(text) && bytes.HasSuffix(text, []byte("\n")) {
			stop()
		}
	}
}

var failures = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^(panic: .{1,60})`)

// firstFailure names the test that noticed a change, or what else ended the tests.
func firstFailure(out []byte) string {
	m := failures.FindSubmatch(out)
	if m == nil {
		return "ended without a word"
	}
	return string(bytes.Join(m[1:], nil))
}
