// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/trace"
)

// runAgain calls the module of a trace with its options, against a server that answers
// from it.
func runAgain(t *testing.T, events []trace.Event) map[string]any {
	t.Helper()
	r := newReplay(t, events)
	host, port, _ := net.SplitHostPort(r.address)
	h := events[0].Header
	all := with(h.Options, map[string]any{"host": host, "port": port, "username": userOf(events), "password": "Canary-Passw0rd", "root_password": "Root-lab-1", "known_hosts": []string{r.known}, "use_agent": false,
		"_ansible_check_mode": h.Check, "_ansible_diff": true, "_ansible_vchassis_tag": h.Run})
	if h.Module != "vc_procedure" {
		delete(all, "root_password")
	}
	if _, ok := h.Options["dest"]; !ok && h.Module == "vc_snapshot" {
		all["dest"] = t.TempDir()
	}
	return call(t, h.Module, all)
}

// userOf is who had logged in, as the switch has said it.
func userOf(events []trace.Event) string {
	for _, e := range events {
		if m := userComment.FindStringSubmatch(e.Text); m != nil && e.Kind == trace.Got {
			return m[1]
		}
	}
	return "admin"
}

var userComment = regexp.MustCompile(`<!-- user ([A-Za-z0-9._-]+), class`)

// Whether root has keys is asked by their lists alone: the hash of its password, which lies
// beside them, is in no message of a run. Traces keep the names of what they replace.
// Root's password, which opens the shell, is in none either, nor a wrong one.
func TestRunsAskForNoHash(t *testing.T) {
	s, err := sim.ParseScenario([]byte("chassis: [{name: vc1, config_add: set system services ssh root-login deny-password}]"))
	if err != nil {
		t.Fatal(err)
	}
	lab, dir := start(t, s), t.TempDir()
	wish := map[string]any{"command": "/usr/libexec/example/internal-ssh-keys", "user": "example", "username": "admin", "trace": dir}
	run(t, lab, "vc_info", false, with(wish, map[string]any{"scp": "enabled", "become_root": "auto"}))
	refused := run(t, lab, "vc_procedure", false, with(wish, map[string]any{"scp": true, "root_password": canary.Wrong}))
	if refused["failed"] != true || refused["code"] != "root_refused" {
		t.Errorf("a wrong password of root: %v", refused)
	}
	changed := run(t, lab, "vc_procedure", false, with(wish, map[string]any{"scp": true, "root_password": "Root-lab-1"}))
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if changed["changed"] != true || changed["become_root"] != "shell" || len(files) != 3 {
		t.Fatalf("%d traces of %v", len(files), changed)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "root-authentication") || strings.Contains(string(text), "encrypted-password") || strings.Contains(string(text), "$6$") {
			t.Errorf("%s: keys are not asked for, or a hash is", file)
		}
		canary.Check(t, string(text))
	}
}

// The trace of a run that failed, played again, fails in the same words.
func TestTracesReplay(t *testing.T) {
	t.Parallel()
	failed, enough := 0, 20
	if testing.Short() {
		enough = 4
	}
	for seed := uint64(0); failed < enough; seed++ {
		if seed > 400 {
			t.Fatalf("only %d runs failed", failed)
		}
		r := mathrand.New(mathrand.NewPCG(seed, 18))
		s, err := sim.ParseScenario([]byte(randomChassis(r)))
		if err != nil {
			t.Fatal(err)
		}
		lab := start(t, s)
		task := randomTask(r)
		if fault := randomFault(r); fault != nil {
			if _, err := lab.AddFault(*fault); err != nil {
				t.Fatal(err)
			}
		}
		dir := t.TempDir()
		task.options["username"] = "admin"
		stop := letTrialEnd(lab)
		first := run(t, lab, task.module, false, with(task.options, map[string]any{"trace": dir}))
		stop()
		files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
		lab.Close()
		if first["failed"] != true || len(files) != 1 {
			continue
		}
		failed++
		t.Run(fmt.Sprintf("%d_%s", seed, task.module), func(t *testing.T) {
			events, err := trace.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			again := runAgain(t, events)
			if a, b := steady(first), steady(again); a != b {
				t.Errorf("the run said\n%s\nand the replay\n%s\n%s", a, b, trace.Show(events))
			}
			readableWhereverItIsCut(t, files[0], len(events))
		})
	}
}

func readableWhereverItIsCut(t *testing.T, file string, whole int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.IndexByte(string(text), '\n') + 1
	for cut := len(text); cut >= first; cut -= 1 + len(text)/200 {
		events, err := trace.Read(strings.NewReader(string(text[:cut])))
		if err != nil || len(events) == 0 || len(events) > whole {
			t.Fatalf("cut at %d: %d events, %v", cut, len(events), err)
		}
		if n := strings.Count(string(text[:cut]), "\n"); len(events) != n {
			t.Errorf("cut at %d: %d events of %d", cut, len(events), n)
		}
	}
}

// tracesFolder holds traces of runs, of real chassis too: each file is a test.
const tracesFolder = "testdata/traces"

// slowTrace is how long a run may have waited for its trace to be played in every test.
const slowTrace = 30

// Every trace in the folder, played again, ends as it says. CONTRIBUTING.md tells how one
// gets there.
func TestTracesInTheFolder(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracesFolder, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no trace in %s: %v", tracesFolder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			t.Parallel()
			events, err := trace.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			last := events[len(events)-1]
			switch {
			case last.Seconds > slowTrace && os.Getenv("VCHASSIS_SWEEP") != "all":
				t.Skipf("the run waited for %.0f s", last.Seconds)
			case last.Kind != trace.Result:
				t.Error("the trace ends without a result: it was cut, and shows nothing that a run can be compared with")
				return
			case !strings.Contains(fmt.Sprint(sessionsOf(events)), trace.Got):
				t.Error("no session of the trace came to an answer: there is nothing to play")
				return
			}
			var recorded map[string]any
			if err := json.Unmarshal(last.Result, &recorded); err != nil {
				t.Fatal(err)
			}
			if difference := differsFromRecorded(steady(recorded), steady(keepKnown(recorded, runAgain(t, events)).(map[string]any))); difference != "" {
				t.Errorf("%s\n%s", difference, trace.Show(events))
			}
		})
	}
}

// A session behind a shell of root is played whichever hello its trace has first.
func TestEitherHelloIsFirst(t *testing.T) {
	t.Parallel()
	events, err := trace.ReadFile(filepath.Join(tracesFolder, "simulated_procedure_behind_a_shell.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	swapped := 0
	for i := 1; i < len(events); i++ {
		a, b := &events[i-1], &events[i]
		if a.Session == b.Session && a.Kind == trace.Got && b.Kind == trace.Sent && rootOf(b.Text) == "" {
			*a, *b = *b, *a
			swapped++
		}
	}
	again := runAgain(t, events)
	if swapped == 0 || again["failed"] == true {
		t.Errorf("%d sessions now begin with the client's hello, and the run says %v", swapped, again["msg"])
	}
}

// keepKnown leaves out of the result of a replay what results did not have when the trace
// was recorded.
func keepKnown(recorded, again any) any {
	switch was := recorded.(type) {
	case map[string]any:
		now, _ := again.(map[string]any)
		kept := map[string]any{}
		for key := range was {
			if value, ok := now[key]; ok {
				kept[key] = keepKnown(was[key], value)
			}
		}
		return kept
	case []any:
		now, ok := again.([]any)
		if !ok || len(now) != len(was) {
			return again
		}
		kept := make([]any, len(now))
		for i := range now {
			kept[i] = keepKnown(was[i], now[i])
		}
		return kept
	}
	return again
}

// differsFromRecorded compares the result in a trace with that of its replay, word by
// word. The recorded one was redacted: where the replay has a word that is not written to
// a trace, the other has a stand-in, for one word always the same.
func differsFromRecorded(recorded, again string) string {
	a, b := word.FindAllString(recorded, -1), word.FindAllString(again, -1)
	stands := map[string]string{}
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		was, twice := stands[b[i]]
		if redact.New(redact.Options{Anonymize: true}).Words(b[i]) == b[i] || twice && was != a[i] {
			return fmt.Sprintf("the trace says %s, the replay %s, in\n%s\nand\n%s", a[i], b[i], recorded, again)
		}
		stands[b[i]] = a[i]
	}
	if len(a) != len(b) {
		return fmt.Sprintf("the trace says\n%s\nand the replay\n%s", recorded, again)
	}
	return ""
}

// The comparison with a recorded result allows stand-ins, and nothing else.
func TestRecordedResultsAreCompared(t *testing.T) {
	for _, test := range []struct {
		recorded, again string
		same            bool
	}{
		{`{"msg": "lock: held by eve"}`, `{"msg": "lock: held by eve"}`, true},
		{`{"msg": "lock: Xq7"}`, `{"msg": "lock: Zb9"}`, true},
		{`Xq7 Xq7`, `Zb9 Zb9`, true},
		{`Xq7 Xq8`, `Zb9 Zb9`, false},
		{`{"changed": true}`, `{"changed": false}`, false},
		{`{"msg": "lock: free"}`, `{"msg": "lock: held"}`, false},
		{`one`, `one more`, false},
	} {
		if got := differsFromRecorded(test.recorded, test.again); (got == "") != test.same {
			t.Errorf("%s and %s: %s", test.recorded, test.again, got)
		}
	}
}

// A trace holds neither what the run logged in with, nor what the configuration hides.
func TestTraceHoldsNoSecret(t *testing.T) {
	s, err := sim.ParseScenario([]byte(`
chassis:
  - name: vc1
    config_add: |
      set system services ssh root-login allow
      set snmp community Kanarie1 authorization read-only
      set groups Kanarie2 system commit apply-macro Kanarie3 x "Kanarie4 y"
      set apply-groups Kanarie2
      set system services ssh authorized-keys-command-user "Kanarie5=x"
`))
	if err != nil {
		t.Fatal(err)
	}
	lab, dir := start(t, s), t.TempDir()
	for _, task := range []struct {
		module  string
		options map[string]any
	}{
		{"vc_info", map[string]any{"username": "admin"}},
		{"vc_authorized_keys_command", map[string]any{"username": "root", "command": command, "user": user, "replace": true, "comment": "Kanarie6"}},
		{"vc_snapshot", map[string]any{"username": "admin", "dest": t.TempDir(), "anonymize_key": "Kanarie7-Kanarie7-Kanarie7"}},
	} {
		run(t, lab, task.module, false, with(task.options, map[string]any{"trace": dir}))
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) != 3 {
		t.Fatalf("want 3 traces, got %v", files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || len(text) < 2000 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		for _, secret := range []string{"Kanarie", "Admin-lab-1", "Root-lab-1", "$6$vchassis", filepath.Dir(dir)} {
			if i := strings.Index(string(text), secret); i >= 0 {
				t.Errorf("%s: %s stays: %.300s", filepath.Base(file), secret, text[max(0, i-200):])
			}
		}
	}
}

// With trace_anonymize a trace, and the name of its file, say nothing of who and where; with
// the key of a snapshot, stand-ins are those of the snapshot.
func TestAnonymousTrace(t *testing.T) {
	const key = "canary-Admin-7Gh"
	s, err := sim.ParseScenario([]byte(`
chassis:
  - name: vaultcore
    members: [{id: 0, role: primary, serial: XR0218440000}, {id: 1, role: backup, serial: XR0218440001}]
    users: [{name: admin, class: super-user, password: Admin-lab-1}, {name: ada, class: super-user, password: Admin-lab-1}]
    config_add: |
      set system login user grace class read-only
      set interfaces vme unit 0 family inet address 192.0.2.77/24
`))
	if err != nil {
		t.Fatal(err)
	}
	lab, traces, snapshots := start(t, s), t.TempDir(), t.TempDir()
	colleague := lab.All()[0].Colleague("ada", "cli")
	if err := colleague.Lock(); err != nil {
		t.Fatal(err)
	}
	anonymous := map[string]any{"username": "admin", "trace": traces, "trace_anonymize": true, "trace_anonymize_key": key}
	held := run(t, lab, "vc_authorized_keys_command", false, with(anonymous, map[string]any{"command": command, "user": user}))
	if msg := fmt.Sprint(held["msg"]); !strings.Contains(msg, "held after 1 s by ada") {
		t.Fatal(msg)
	}
	shot := run(t, lab, "vc_snapshot", false, map[string]any{"username": "admin", "dest": snapshots, "anonymize": true, "anonymize_key": key, "trace": traces})
	files, _ := filepath.Glob(filepath.Join(traces, "*.jsonl"))
	snapshot, err := os.ReadFile(fmt.Sprint(shot["snapshot"]))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v, %q", shot["msg"], err, files)
	}
	serial := regexp.MustCompile(`"serial": "(\w+)"`).FindStringSubmatch(string(snapshot))[1]
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"vaultcore", `admin\b`, `\bada\b`, "grace", "XR02184400", `192\.0\.2\.77`} {
			if at := regexp.MustCompile(name).FindIndex(text); at != nil {
				t.Errorf("%s: %s stays: %.300s", filepath.Base(file), name, text[max(0, at[0]-200):])
			}
		}
		if !strings.Contains(string(text), serial) {
			t.Errorf("%s does not call the primary %s, as the snapshot does", filepath.Base(file), serial)
		}
	}
}

// A snapshot costs one login and, after the greetings, one round trip of reads.
func TestSnapshotCostsOneRoundTrip(t *testing.T) {
	s, err := sim.ParseScenario([]byte(officeOfThree))
	if err != nil {
		t.Fatal(err)
	}
	lab, dir := start(t, s), t.TempDir()
	run(t, lab, "vc_snapshot", false, map[string]any{"username": "admin", "dest": t.TempDir(), "trace": dir})
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) != 1 {
		t.Fatalf("want one trace, got %q", files)
	}
	events, err := trace.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	logins, rounds, before := 0, 0, ""
	for _, e := range events {
		switch {
		case e.Kind == trace.Opened:
			logins++
		case e.Kind != trace.Sent && e.Kind != trace.Got, rootOf(e.Text) == "" && e.Kind == trace.Sent, strings.Contains(e.Text, "<hello"), rootOf(e.Text) == "close-session":
			continue
		case e.Kind == trace.Sent && before != trace.Sent:
			rounds++
		}
		before = e.Kind
	}
	if logins != 1 || rounds != 1 {
		t.Errorf("%d logins, %d round trips\n%s", logins, rounds, trace.Show(events))
	}
}
