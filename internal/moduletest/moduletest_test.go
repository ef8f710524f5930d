// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/ansible"
)

func TestScripts(t *testing.T) {
	runScripts(t, "testdata", []ansible.Module{ansible.New("probe", probe)}, pages{})
}

// recorder is a testing.T that notes how a script ended.
type recorder struct {
	t      *testing.T
	log    strings.Builder
	failed bool
}

func (r *recorder) Skip(args ...any)  { r.t.Skip(args...) }
func (r *recorder) Fatal(args ...any) { r.Log(args...); r.FailNow() }
func (r *recorder) Parallel()         {}
func (r *recorder) Log(args ...any)   { fmt.Fprintln(&r.log, args...) }
func (r *recorder) Verbose() bool     { return false }
func (r *recorder) Run(_ string, f func(testscript.T)) {
	done := make(chan struct{})
	go func() { defer close(done); f(r) }() // FailNow ends this goroutine only
	<-done
}

func (r *recorder) FailNow() {
	r.failed = true
	runtime.Goexit()
}

const twoMembers = "chassis: [{name: vc1}]\n"

// failScript runs one script that is expected to fail and returns its log.
func failScript(t *testing.T, script string) (failed bool, log string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.txtar")
	text := "chassis lab.yml\n" + script + "\n-- lab.yml --\n" + twoMembers + "-- args.json --\n{}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &recorder{t: t}
	p := scriptParams(t.Context(), []ansible.Module{ansible.New("probe", probe)}, time.Second, pages{})
	p.Files = []string{file}
	testscript.RunT(r, p)
	return r.failed, r.log.String()
}

// Every oracle must catch what it is there for.
func TestOraclesCatch(t *testing.T) {
	const set = `'set=set system host-name other'`
	for _, row := range []struct{ name, script, want string }{
		{"nothing wrong", "check probe args.json " + set + "\napply probe args.json " + set + "\ncommits 1", ""},
		{"a write in check mode", "check probe args.json sin=write_in_check " + set, "check mode did more than read"},
		{"a lock in check mode", "check probe args.json sin=lock_in_check", "check mode did more than read"},
		{"a session left open", "apply probe args.json sin=keep_session", "1 sessions of the module are still open"},
		{"edits left behind", "apply probe args.json sin=leave_edits " + set, "the candidate was left changed"},
		{"a password", "apply probe args.json sin=show_password username=admin", "the result holds a password"},
		{"a failure that should not be", "apply probe args.json sin=fail", "want success true"},
		{"a success that should not be", "! apply probe args.json", "want success false"},
		{"a change", "apply probe args.json " + set + "\nchassis unchanged", "the chassis changed"},
		{"too many commits", "apply probe args.json " + set + "\ncommits 0", "commits: want 0, got 1"},
		{"wrong transport", "apply probe args.json " + set + "\nmembers transport scp", "travelled over rcp, not scp"},
		{"no transport", "members transport rcp", "no configuration has travelled yet"},
		{"a missing statement", "member 1 has system/commit/config-sync-with-scp", "member 1 lacks set system commit config-sync-with-scp"},
		{"an extra statement", "members lack system/host-name vc1", "member 0 has set system host-name vc1"},
		{"half a word", "members have system/host", "member 0 lacks set system host"},
		{"no keys", "keys mesh full", "keys: want a full mesh, got none"},
		{"no such member", "member 7 has system", "no member 7"},
		{"no such chassis", "use vc9", `no chassis "vc9"`},
		{"no such module", "apply prob args.json", `no module "prob"`},
		{"no such fault", "fault action=none", "action: want one of"},
		{"no such fault key", "fault acton=drop", "fault: acton=drop: no such key"},
		{"a lock that is held", "session a open admin\nsession a lock\nsession b open root\nsession b lock", "session b lock: "},
		{"a session that is not open", "session a lock", "session a: not open"},
	} {
		t.Run(row.name, func(t *testing.T) {
			failed, log := failScript(t, row.script)
			if failed != (row.want != "") || !strings.Contains(log, row.want) {
				t.Errorf("want a failure with %q, got %v:\n%s", row.want, failed, log)
			}
		})
	}
}
