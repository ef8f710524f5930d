// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// chassisCmd is chassis FILE and chassis unchanged.
func chassisCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	switch {
	case len(args) != 1:
		ts.Fatalf("usage: chassis FILE|unchanged")
	case args[0] != "unchanged":
		ts.Check(b.startChassis(ts, args[0]))
	case b.lab == nil || b.before.Members == nil:
		ts.Fatalf("chassis unchanged: nothing was run yet")
	default:
		if diff := cmp.Diff(b.before.settingsOf(), b.stateNow().settingsOf()); diff != "" {
			ts.Fatalf("the chassis changed (before - now +):\n%s", diff)
		}
	}
}

func (b *bench) startChassis(ts *testscript.TestScript, file string) error {
	if b.lab != nil {
		return fmt.Errorf("chassis %s: there is a chassis already", file)
	}
	scenario, err := sim.ParseScenario([]byte(ts.ReadFile(file)))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	letRootIn(scenario)
	if b.lab, err = sim.Start(b.ctx, scenario); err != nil {
		return err
	}
	if len(b.lab.All()) == 0 {
		return fmt.Errorf("%s: no chassis in it", file)
	}
	return b.useChassis(ts, b.lab.All()[0])
}

// letRootIn lets root log in with a password, as scripts do, where the scenario does
// not say.
func letRootIn(s sim.Scenario) {
	for i := range s.Chassis {
		if p := &s.Chassis[i].Profile; p.RootLogin == "" {
			p.RootLogin = "allow"
		}
	}
}

// useCmd is use NAME.
func useCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	ch := b.lab.Chassis(strings.Join(args, " "))
	if ch == nil {
		ts.Fatalf("use: no chassis %q", strings.Join(args, " "))
	}
	ts.Check(b.useChassis(ts, ch))
}

// useChassis makes a chassis the one that commands and variables mean.
func (b *bench) useChassis(ts *testscript.TestScript, ch *sim.Chassis) error {
	b.chassis, b.before = ch, state{}
	host, port, err := net.SplitHostPort(ch.Address())
	if err != nil {
		return err
	}
	ts.Setenv("HOST", host)
	ts.Setenv("PORT", port)
	ts.Setenv("USERNAME", "root")
	for _, u := range ch.Users() {
		ts.Setenv("PASSWORD_"+variableName(u.Name), u.Password)
	}
	ts.Setenv("PASSWORD", ts.Getenv("PASSWORD_ROOT"))
	return b.setMemberVariables(ts)
}

// setMemberVariables writes what is known of the members: addresses, serial numbers and
// host keys. It is called again when a member was replaced.
func (b *bench) setMemberVariables(ts *testscript.TestScript) error {
	for _, m := range b.chassis.State(false).Members {
		id := strconv.Itoa(m.ID)
		ts.Setenv("SERIAL_"+id, m.Serial)
		if _, port, err := net.SplitHostPort(m.Address); err == nil {
			ts.Setenv("PORT_"+id, port)
		}
	}
	file := filepath.Join(b.work, "known_hosts."+b.chassis.Name)
	ts.Setenv("KNOWN_HOSTS", file)
	return os.WriteFile(file, []byte(strings.Join(b.chassis.KnownHosts(), "\n")+"\n"), 0o600)
}

// allPasswords lists what must not be in any result.
func (b *bench) allPasswords() []string {
	var all []string
	for _, ch := range b.lab.All() {
		for _, u := range ch.Users() {
			if u.Password != "" {
				all = append(all, u.Password)
			}
		}
	}
	return all
}
