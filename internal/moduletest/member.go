// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

const present = "Prsnt"

// memberCmd is member ID has|lacks PATH [VALUE].
func memberCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: member ID has|lacks PATH [VALUE]")
	}
	id, err := strconv.Atoi(args[0])
	ts.Check(err)
	for _, m := range b.stateNow().Members {
		if m.ID == id {
			ts.Check(checkStatement(m, args[1], args[2], args[3:]))
			return
		}
	}
	ts.Fatalf("no member %d", id)
}

// membersCmd is members have|lack PATH [VALUE] and members transport rcp|scp.
func membersCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: members have|lack PATH [VALUE] | transport rcp|scp")
	}
	if args[0] == "transport" {
		ts.Check(checkTransport(b.stateNow(), args[1]))
		return
	}
	verb := map[string]string{"have": "has", "lack": "lacks"}[args[0]]
	for _, m := range b.stateNow().Members {
		if m.Status == present {
			ts.Check(checkStatement(m, verb, args[1], args[2:]))
		}
	}
}

// checkStatement looks for a statement in a member's own configuration.
func checkStatement(m sim.MemberState, verb, path string, value []string) error {
	want := "set " + strings.Join(append(strings.Split(path, "/"), value...), " ")
	found := false
	for line := range strings.Lines(m.Config) {
		line = strings.ReplaceAll(strings.TrimSpace(line), `"`, "")
		found = found || line == want || strings.HasPrefix(line, want+" ")
	}
	switch {
	case verb != "has" && verb != "lacks":
		return fmt.Errorf("want has or lacks, got %q", verb)
	case found == (verb == "has"):
		return nil
	case found:
		return fmt.Errorf("member %d has %s", m.ID, want)
	}
	return fmt.Errorf("member %d lacks %s, it has:\n%s", m.ID, want, m.Config)
}

// checkTransport wants the last configuration to have reached every member so.
func checkTransport(s state, transport string) error {
	switch {
	case s.Sync == nil:
		return fmt.Errorf("no configuration has travelled yet")
	case s.Sync.Transport != transport:
		return fmt.Errorf("the last configuration travelled over %s, not %s", s.Sync.Transport, transport)
	}
	for name, outcome := range s.Sync.Members {
		if outcome != "ok" {
			return fmt.Errorf("%s: %s", name, outcome)
		}
	}
	return nil
}

// keysCmd is keys mesh full|partial|none.
func keysCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 || args[0] != "mesh" {
		ts.Fatalf("usage: keys mesh full|partial|none")
	}
	s := b.stateNow()
	got := "partial"
	if s.KeyMesh {
		got = "full"
	} else if countPairs(s.Members) == 0 {
		got = "none"
	}
	if got != args[1] {
		ts.Fatalf("keys: want a %s mesh, got %s: %s", args[1], got, describeMesh(s.Members))
	}
}

func countPairs(members []sim.MemberState) (n int) {
	for _, m := range members {
		n += len(m.Keys)
	}
	return n
}

func describeMesh(members []sim.MemberState) string {
	var all []string
	for _, m := range members {
		all = append(all, fmt.Sprintf("member %d can log in to %v", m.ID, m.Keys))
	}
	return strings.Join(all, ", ")
}
