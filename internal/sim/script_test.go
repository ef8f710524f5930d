// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// A script of a scenario happens on the lab's clock, and is in the log.
func TestScript(t *testing.T) {
	lab := startLab(t, `
chassis: [{size: 3}]
script:
- {after: 1m, do: leave vc1 2}
- {after: 2m, do: join vc1 2}
- {after: 3m, do: 'replace vc1 2 {"serial": "NEW2"}'}
- {after: 4m, do: switchover vc1}
- {after: 5m, do: reboot vc1 2}
- {after: 6m, do: join vc1 1}
- {after: 10m, do: 'fault {"rpc": "get-foo", "action": "error", "text": "told so"}'}
- {after: 11m, do: split vc1 on}
`)
	ch := lab.Chassis("vc1")
	member := func() string { m := ch.Member(2); return m.Status() + " " + m.Serial() }
	serial := ch.Member(2).Serial()
	for _, step := range []struct {
		advance time.Duration
		want    string
	}{
		{61 * time.Second, "NotPrsnt " + serial}, {time.Minute, "Prsnt " + serial}, {time.Minute, "Prsnt NEW2"},
		{2 * time.Minute, "NotPrsnt NEW2"}, {2 * time.Minute, "Prsnt NEW2"},
	} {
		lab.Clock().Advance(step.advance)
		if got := member(); got != step.want {
			t.Fatalf("want %q, got %q", step.want, got)
		}
	}
	lab.Clock().Advance(5 * time.Minute)
	if s := ch.State(false); s.Primary != 1 || !s.Split {
		t.Fatalf("%+v", s)
	}
	login(t, ch.Address(), "root", rootPassword).want(`<get-foo/>`, "told so")
	var seen []string
	for _, e := range lab.Log("", 0) {
		if e.Kind == engine.KindEvent {
			seen = append(seen, e.Request+": "+e.Outcome)
		}
	}
	all := strings.Join(seen, "\n")
	for _, want := range []string{"leave vc1 2: ok", "vc1: member 2 is back: ok", "join vc1 1: error: member 1: not waiting to join"} {
		if !strings.Contains(all, want) {
			t.Errorf("want %q in\n%s", want, all)
		}
	}
	if c := lab.Counters("vc1"); c.RPCs != 1 {
		t.Errorf("the script was counted: %+v", c)
	}
}

func TestScriptIsRefused(t *testing.T) {
	for _, test := range []struct{ script, err string }{
		{"{after: soon, do: clear}", `script[0].after: want a duration`},
		{"{after: 1s, do: explode vc1}", `script[0].do: want leave, join`},
		{"{after: 1s, do: leave vc1}", `script[0].do: want leave, join`},
		{"{after: 1s, do: leave vc2 1}", `vc2: no such chassis`},
		{"{after: 1s, do: leave vc1 7}", `vc1 has no member 7`},
		{"{after: 1s, do: 'fault {}'}", `action: want one of`},
		{`{after: 1s, do: 'replace vc1 1 {"serial": 5}'}`, `script[0].do: json`},
		{"{after: 1s, when: clear}", `unknown field`},
	} {
		scenario, err := ParseScenario([]byte("chassis: [{}]\nscript: [" + test.script + "]\n"))
		if err == nil {
			_, err = Start(context.Background(), scenario)
		}
		if err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: want %q, got %v", test.script, test.err, err)
		}
	}
}

// A reboot is what makes a configured FIPS level true.
func TestRebootIntoFIPSMode(t *testing.T) {
	lab := startLab(t, `chassis: [{config_add: set system fips level 1}]`)
	ch := lab.Chassis("vc1")
	if ch.Member(1).InFIPSMode() {
		t.Fatal("in FIPS mode before the reboot")
	}
	if err := ch.Reboot(1); err != nil {
		t.Fatal(err)
	}
	lab.Clock().Advance(engine.BootTime)
	if m := ch.Member(1); !m.InFIPSMode() || m.Status() != engine.StatusPresent {
		t.Fatalf("fips %v, %s", m.InFIPSMode(), m.Status())
	}
	if err := ch.Reboot(7); err == nil {
		t.Fatal("want an error for a member that there is not")
	}
}
