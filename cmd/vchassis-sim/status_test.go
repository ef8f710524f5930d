// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

func TestStatusShowsWhatChanged(t *testing.T) {
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Size: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	defer lab.Close()
	var out strings.Builder
	stop := watch(lab, &out, time.Hour)
	if err := lab.Chassis("vc1").Leave(2); err != nil {
		t.Fatal(err)
	}
	stop()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "1 chassis, 0 on SCP, 3 members | 1 away | 0 sessions") {
		t.Fatalf("%q", lines)
	}
}

func TestStatusOverwritesOnATerminal(t *testing.T) {
	var out strings.Builder
	s := status{out: &out, overwrite: true}
	s.show("one")
	s.show("one")
	s.show(strings.Repeat("x", statusWidth+5))
	s.end()
	if want := "\rone\x1b[K\r" + strings.Repeat("x", statusWidth) + "\x1b[K\n"; out.String() != want {
		t.Fatalf("%q", out.String())
	}
}
