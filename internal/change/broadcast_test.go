// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// behindStyle is a chassis on which root may not log in, and how its sessions speak.
func behindStyle(style, profile string) string {
	return fmt.Sprintf("%s    profile: {%s}\n    config_add: |\n      set system services ssh root-login deny\n      set system services netconf %s\n", threeMembers, profile, style)
}

// A session in root's shell is at a terminal, and whoever sits at one is told of what
// everybody is: in front of each reply, and the procedure goes on.
func TestBroadcastsIntoTheSession(t *testing.T) {
	t.Parallel()
	for _, style := range []string{"rfc-compliant", "version-1.1"} {
		b := newBench(t, behindStyle(style, ""))
		b.lab.Hook(func(e sim.Event) sim.Fault {
			if e.When == sim.Before {
				b.chassis.Broadcast("LICENSE_EXPIRED: # 1 of 3")
			}
			return sim.Fault{}
		})
		a := b.apply("vc_procedure", behindShell(stepOne()))
		if seen := b.lab.Counters(b.chassis.Name); !a.changed() || seen.Logins != 3 || b.chassis.State(false).Transport != "scp" {
			t.Errorf("%s: want SCP with three logins, got %+v: %v", style, seen, a)
		}
	}
}

// A switch tells every terminal that a trial was taken back: in front of the reply in
// which the run sees the rollback. The same session says what the chassis has then.
func TestARollbackThatIsBroadcastIntoTheSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, behindStyle("rfc-compliant", "bad_keys_command: refuse_wrong"))
	maps.Copy(b.args, quick)
	stop := b.letTimePass()
	a := b.run(t.Context(), false, "vc_procedure", behindShell(with(stepOne(), "command", "/usr/libexec/other")))
	stop()
	if a.text("commit_state") != "reverted" || !strings.Contains(a.text("msg"), "rolled it back") {
		t.Errorf("want it reverted, and said so; got %s: %s", a.text("commit_state"), a.text("msg"))
	}
	if s := b.chassis.State(false); s.Trial != nil || s.Counters.Rollbacks != 1 || s.Counters.Logins != 2 {
		t.Errorf("want a rollback and two logins, got %+v", s.Counters)
	}
	for _, v := range b.leftEverywhere(nil) {
		t.Error(v)
	}
}
