// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Where a package's tests take long, each is run once alone, to know which lines it
// runs: a change is then shown only to the tests that run its place. No other can
// notice it, but those of what stands outside of functions, which are all.

// slow is how long tests take for which that is worth it.
const slow = 10 * time.Second

// beside is how many tests are measured at a time: they wait more than they work.
const beside = 8

// place is a position in a file.
type place struct{ line, column int }

func (p place) isBefore(other place) bool {
	return p.line < other.line || p.line == other.line && p.column < other.column
}

// block is a part of a file that runs from its beginning to its end.
type block struct {
	file     string // with the import path of its package
	from, to place
}

func (b block) holds(at place) bool { return !at.isBefore(b.from) && at.isBefore(b.to) }

// coverage holds the tests that run a block, for every block of a package.
type coverage map[block][]string

// testsOf returns the tests that may notice a change, and whether that is known.
// What is in no block, such as the condition of a case, may run where any block of
// its function does.
func (c coverage) testsOf(m mutant) (tests []string, known bool) {
	file, at := path.Join(m.of.path, path.Base(m.file)), place{m.line, m.column}
	var around block
	for b, of := range c {
		switch {
		case b.file != file:
		case b.holds(at) && !b.from.isBefore(around.from):
			around = b
		case b.from.line >= m.first && b.to.line <= m.last:
			tests, known = append(tests, of...), true
		}
	}
	if around.file != "" {
		return c[around], true
	}
	slices.Sort(tests)
	return slices.Compact(tests), known
}

// measureCoverage runs every test of a package alone.
func (w *workshop) measureCoverage(ctx context.Context, p *goPackage) (coverage, error) {
	binary := filepath.Join(w.dir, "cover.test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-cover", "-o", binary, p.path).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go test -c -cover %s: %w\n%s", p.path, err, out)
	}
	names, err := listTests(ctx, p.dir, binary)
	if err != nil {
		return nil, err
	}
	profiles, errs := make([][]byte, len(names)), make([]error, len(names))
	var all sync.WaitGroup
	free := make(chan struct{}, beside)
	for i, name := range names {
		free <- struct{}{}
		all.Go(func() {
			profiles[i], errs[i] = profileTest(ctx, p.dir, binary, name)
			<-free
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c := coverage{}
	for i, name := range names {
		c.add(name, profiles[i])
	}
	return c, errors.Join(errs...)
}

func listTests(ctx context.Context, dir, binary string) ([]string, error) {
	cmd := exec.CommandContext(ctx, binary, "-test.list=.")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOCOVERDIR="+filepath.Dir(binary))
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the tests in %s: %w", dir, err)
	}
	return strings.Fields(string(out)), nil
}

// profileTest returns which blocks a test runs. One that judges by the clock, and fails
// on a busy machine, is run again.
func profileTest(ctx context.Context, dir, binary, name string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	profile := binary + "." + name
	var out []byte
	var err error
	for range 2 {
		if out, err = runTests(ctx, dir, binary, profile+".out", []string{"-test.run=" + anyOf([]string{name}), "-test.coverprofile=" + profile}); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s fails without a change when it runs alone: %w\n%s", name, err, out)
	}
	return os.ReadFile(profile)
}

// covered is a line of a profile: file:line.column,line.column statements times.
var covered = regexp.MustCompile(`(?m)^(.+):(\d+)\.(\d+),(\d+)\.(\d+) \d+ (\d+)$`)

// add takes over the blocks of a profile, and that a test runs some of them.
func (c coverage) add(test string, profile []byte) {
	for _, m := range covered.FindAllSubmatch(profile, -1) {
		var n [5]int
		for i := range n {
			n[i], _ = strconv.Atoi(string(m[i+2]))
		}
		b := block{string(m[1]), place{n[0], n[1]}, place{n[2], n[3]}}
		if n[4] > 0 {
			c[b] = append(c[b], test)
		} else if _, known := c[b]; !known {
			c[b] = nil
		}
	}
}
