// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestMain lets more tests wait at once than there are processors: most of the
// time of a sweep is that of modules which wait for a device.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	code := m.Run() // which reads the command line, so -parallel still counts
	_ = os.RemoveAll(programFolder())
	os.Exit(code)
}

// everything says that a sweep leaves nothing out.
func everything() bool { return os.Getenv("VCHASSIS_SWEEP") == "all" }

// strideOf is the distance at which a sweep takes its points: with
// VCHASSIS_SWEEP=all every one, and with -short few.
func strideOf(usual int) int {
	switch {
	case everything():
		return 1
	case testing.Short():
		return 16 * usual
	}
	return usual
}

// tally counts what was tried and what survived, by the name of what was tried.
type tally struct {
	mu    sync.Mutex
	names []string
	count map[string][2]int
}

func (c *tally) add(name string, survived bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string][2]int{}
	}
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
	n := c.count[name]
	n[1]++
	if survived {
		n[0]++
	}
	c.count[name] = n
}

// log prints the sums as "what: n / m of all". check.py shows these lines.
func (c *tally) log(t *testing.T, what string, all int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	survived, tried, parts := 0, 0, []string{}
	slices.Sort(c.names)
	for _, name := range c.names {
		n := c.count[name]
		survived, tried = survived+n[0], tried+n[1]
		parts = append(parts, fmt.Sprintf("%s %d/%d", name, n[0], n[1]))
	}
	t.Logf("%s: %d / %d of %d", what, survived, tried, all)
	if len(parts) > 1 {
		t.Logf("  of these %s", strings.Join(parts, ", "))
	}
}

func (c *tally) tried() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range c.count {
		n += of[1]
	}
	return n
}
