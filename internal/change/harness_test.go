// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/change"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/modules"
)

// bench is one simulated chassis and the modules that change it.
type bench struct {
	t       testing.TB
	lab     *sim.Lab
	chassis *sim.Chassis // the first of the lab
	args    map[string]any
	jumps   atomic.Int32   // of the clock, by letTimePass
	moves   sync.WaitGroup // of the primary, which wait for what a session is doing
}

// the values of step 1 that the simulator's profile accepts, and root's login.
const (
	keysCommand  = "/usr/libexec/example/internal-ssh-keys"
	keysUser     = "example"
	rootPassword = "Root-lab-1"
)

func newBench(t testing.TB, scenario string) *bench {
	t.Helper()
	s, err := sim.ParseScenario([]byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Chassis { // these tests log in as root
		s.Chassis[i].Profile.RootLogin = "allow"
	}
	lab, err := sim.Start(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	b := &bench{t: t, lab: lab, chassis: lab.All()[0]}
	var keys []string
	for _, c := range lab.All() {
		keys = append(keys, c.KnownHosts()...)
	}
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(keys, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.args = map[string]any{"username": "root", "password": rootPassword, "known_hosts": known, "use_agent": false}
	maps.Copy(b.args, b.address(b.chassis))
	return b
}

// address is how a module reaches a chassis.
func (b *bench) address(c *sim.Chassis) map[string]any {
	b.t.Helper()
	host, port, err := net.SplitHostPort(c.Address())
	if err != nil {
		b.t.Fatal(err)
	}
	n, _ := strconv.Atoi(port)
	return map[string]any{"host": host, "port": n}
}

// answer is the result of a module.
type answer map[string]any

func (a answer) text(key string) string { s, _ := a[key].(string); return s }
func (a answer) changed() bool          { b, _ := a["changed"].(bool); return b }
func (a answer) failed() bool           { b, _ := a["failed"].(bool); return b }

// arguments are what Ansible gives to a module.
func (b *bench) arguments(check bool, options map[string]any) []byte {
	b.t.Helper()
	args := maps.Clone(b.args)
	maps.Copy(args, options)
	args["_ansible_check_mode"], args["_ansible_diff"] = check, true
	data, err := json.Marshal(args)
	if err != nil {
		b.t.Fatal(err)
	}
	return data
}

// run calls a module, as Ansible would.
func (b *bench) run(ctx context.Context, check bool, module string, options map[string]any) answer {
	b.t.Helper()
	out, _ := find(b.t, module).Run(change.WithClock(ctx, b.lab.Clock().Now), b.arguments(check, options), nil)
	return b.read(module, out)
}

// read decodes what a module printed.
func (b *bench) read(module string, out []byte) answer {
	b.t.Helper()
	if bytes.Contains(out, []byte(rootPassword)) {
		b.t.Errorf("X5: %s shows the password: %s", module, out)
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		b.t.Errorf("X9: %s: %v: %s", module, err, out)
	}
	return a
}

func find(t testing.TB, name string) ansible.Module {
	for _, m := range modules.Table() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no module %s", name)
	return ansible.Module{}
}

// apply runs a module that must succeed.
func (b *bench) apply(module string, options map[string]any) answer {
	b.t.Helper()
	a := b.run(context.Background(), false, module, options)
	if a.failed() {
		b.t.Fatalf("%s: %s", module, a.text("msg"))
	}
	return a
}

// procedure runs the three steps as the role does.
func (b *bench) procedure() (changed bool) {
	b.t.Helper()
	one := b.apply("vc_authorized_keys_command", stepOne())
	two := b.apply("vc_internal_ssh", map[string]any{"record": "defer"})
	three := b.apply("vc_scp_sync", map[string]any{"prepared": two["prepared"]})
	return one.changed() || two.changed() || three.changed()
}

// stepOne is what vc_authorized_keys_command is given.
func stepOne() map[string]any { return map[string]any{"command": keysCommand, "user": keysUser} }

// options are what the role gives to a module of the procedure.
func (b *bench) options(module string, prepared any) map[string]any {
	switch {
	case module == "vc_authorized_keys_command":
		return stepOne()
	case module == "vc_internal_ssh":
		return map[string]any{"record": "defer"}
	case prepared == nil:
		return map[string]any{}
	}
	return map[string]any{"prepared": prepared}
}
