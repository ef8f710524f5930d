// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// parts of a run, as the action plugin hands them over.
const (
	found = `"check_mode": false, "fips": false, "scp_active": false, "transport": "rcp", "commit_state": "none", "problems": [],
	 "pending_steps": ["authorized_keys_command", "internal_ssh", "scp_sync"], "members": [{"member_id": 0, "role": "primary", "status": "Prsnt"},
	 {"member_id": 1, "role": "backup", "status": "Prsnt"}]`
	asWanted = `"check_mode": false, "fips": false, "scp_active": true, "transport": "scp", "compliant": true, "commit_state": "none", "problems": [],
	 "pending_steps": [], "members": [{"member_id": 0, "status": "Prsnt", "prepared": true}, {"member_id": 1, "status": "Prsnt", "prepared": true}]`
	changed   = `"changed": true, "commit_state": "confirmed"`
	unchanged = `"changed": false, "commit_state": "none"`
	took      = `"members": [{"member_id": 0, "status": "Prsnt", "commit": "ok"}, {"member_id": 1, "status": "Prsnt", "commit": "ok"}]`
	away      = `{"code": "member_not_present", "member_id": 1, "message": "member 1 is NotPrsnt", "hint": "bring it back", "blocks": `
	refused   = `"failed": true, "changed": false, "commit_state": "none", "code": "device_refused", "msg": "lock: the device reports: no", "hint": "permit it"`
)

// runOf reads a run of which only some tasks were run.
func runOf(t *testing.T, inputs string, results ...string) Run {
	t.Helper()
	text := `{"host": "vc1", "now": "2026-03-01T10:00:00.5Z", "inputs": {"rekey": "if_missing", "verify": "read"}, "wanted": "present"`
	if inputs != "" {
		text = strings.Replace(text, `"wanted": "present"`, inputs, 1)
	}
	for i := 0; i < len(results); i += 2 {
		text += `, "` + results[i] + `": {` + results[i+1] + `}`
	}
	var r Run
	if err := json.Unmarshal([]byte(text+"}"), &r); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return r
}

// stages are the steps of a task that made several: those that changed something are
// committed.
func stages(changed ...bool) string {
	var all []string
	for i, step := range []string{StepCommand, StepKeys, StepSCP}[:len(changed)] {
		state := map[bool]string{true: "confirmed", false: "none"}[changed[i]]
		all = append(all, fmt.Sprintf(`{"step": %q, "changed": %t, "commit_state": %q}`, step, changed[i], state))
	}
	return strings.Join(all, ", ")
}

// runs are the cases of TestJudge, by name.
func runs(t *testing.T) map[string]Run {
	const absent = `"wanted": "absent"`
	checked := strings.Replace(found, `"check_mode": false`, `"check_mode": true`, 1)
	onSCP := strings.Replace(asWanted, `"pending_steps": []`, `"pending_steps": ["scp_sync"], "compliant": false`, 1)
	return map[string]Run{
		"compliant":   runOf(t, "", "info", asWanted),
		"audit":       runOf(t, `"only_read": true`, "info", found),
		"audit, away": runOf(t, `"only_read": true`, "info", strings.Replace(found, `"problems": []`, `"problems": [`+away+`true}]`, 1)),
		"not read":    runOf(t, "", "info", `"failed": true, "msg": "192.0.2.1:830: connect: refused", "code": "unreachable"`),
		"no template": runOf(t, "", "info", `"failed": true, "msg": ["what", "Ansible says"]`),
		"changed":     runOf(t, "", "info", found, "command", changed, "keys", changed, "enable", changed+`, "transport": "scp", `+took, "sync_check", unchanged+`, "in_sync": null, "transport": "scp"`),
		"at once":     runOf(t, "", "info", found, "keys", changed+`, "transport": "scp", "stages": [`+stages(true, true, true)+`], `+took),
		"at once, checked": runOf(t, "", "info", checked, "keys", `"changed": true, "commit_state": "none", "transport": "rcp", "stages": [`+
			strings.ReplaceAll(stages(true, true, true), "confirmed", "none")+`]`),
		"at once, step 2 fails": runOf(t, "", "info", found, "keys", strings.Replace(refused, `"changed": false, "commit_state": "none"`, changed, 1)+
			`, "transport": "rcp", "stages": [`+stages(true, false)+`]`),
		"at once, not begun": runOf(t, "", "info", found, "keys", refused),
		"probed":             runOf(t, "", "info", found, "command", changed, "keys", changed, "enable", changed, "sync_check", `"changed": true, "in_sync": false, "transport": "scp"`),
		"checked":            runOf(t, "", "info", checked, "command", `"changed": true, "commit_state": "none"`, "keys", `"changed": true, "commit_state": "none", "become_root": "shell"`, "enable", `"changed": true, "commit_state": "none", "transport": "rcp"`),
		"checked lock":       runOf(t, "", "info", checked, "command", `"changed": true, "commit_state": "none", "problems": [{"code": "lock_held", "message": "a run would be blocked now: lock", "blocks": true}]`),
		"refused":            runOf(t, "", "info", strings.Replace(found, `"problems": []`, `"problems": [`+away+`true}]`, 1)),
		"incomplete":         runOf(t, "", "info", strings.Replace(asWanted, `"problems": []`, `"problems": [`+away+`true}]`, 1)),
		"step 2 fails":       runOf(t, "", "info", found, "root", unchanged, "command", changed, "keys", refused),
		"root's door":        runOf(t, "", "info", found, "root", refused),
		"step 3 open":        runOf(t, "", "info", found, "command", changed, "keys", changed, "enable", `"failed": true, "changed": true, "commit_state": "pending", "reverts_at": "2026-03-01T10:05:00Z", "msg": "lost", "transport": "rcp"`),
		"committed":          runOf(t, "", "info", found, "command", `"failed": true, "changed": true, "commit_state": "confirmed", "msg": "committed all the same"`),
		"by others":          runOf(t, "", "info", found, "command", unchanged, "keys", unchanged, "enable", unchanged+`, "transport": "scp"`),
		"by hand":            runOf(t, `"inputs": {"rekey": "never"}`, "info", found, "command", changed, "keys", unchanged+`, "by_hand": ["configure"]`),
		"back":               runOf(t, absent, "info", onSCP, "disable", changed+`, "transport": "rcp"`, "removal", changed),
		"back, forgotten":    runOf(t, absent, "info", strings.Replace(onSCP, `["`, `["internal_ssh", "`, 1), "disable", changed+`, "transport": "rcp"`, "removal", changed),
		"forgotten later":    runOf(t, absent, "info", strings.Replace(asWanted, `"pending_steps": []`, `"pending_steps": ["internal_ssh"]`, 1), "disable", changed+`, "transport": "rcp"`),
		"back checked":       runOf(t, absent, "info", strings.Replace(onSCP, `"check_mode": false`, `"check_mode": true`, 1), "disable", `"changed": true, "commit_state": "none", "transport": "scp"`),
		"members fail":       runOf(t, "", "info", found, "on_members", `"failed": true, "changed": true, "msg": "One or more items failed", "results": [{"changed": true, "commit_state": "confirmed", "item": {"host": "192.0.2.11"}}, {"failed": true, "msg": "refused", "code": "login_refused", "item": {"host": "192.0.2.12"}}, {"skipped": true}]`, "command", `"skipped": true, "changed": false`),
		"no folder":          runOf(t, `"no_folder": "/missing"`, "info", found),
		"untried":            runOf(t, `"inputs": {"untried": true}`, "info", found),
		"folder, done":       runOf(t, `"no_folder": "/missing"`, "info", asWanted),
	}
}

// What each run comes to, without its words.
func TestJudge(t *testing.T) {
	all := runs(t)
	for _, tt := range []struct {
		name      string
		word      Word
		state     State
		transport Transport
		inSync    string
		did       string
		would     string
		notDone   string
		codes     string // of problems, then of failures
	}{
		{"compliant", Compliant, Encrypted, SCP, "null", "", "", "", ""},
		{"audit", NotCompliant, Plaintext, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", ""},
		{"audit, away", NotCompliant, Plaintext, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "member_not_present"},
		{"not read", DidFail, Failed, Unknown, "null", "", "", "", "unreachable"},
		{"no template", DidFail, Failed, Unknown, "null", "", "", "", "failed"},
		{"changed", DidChange, Encrypted, SCP, "true", "authorized_keys_command internal_ssh scp_sync", "", "", ""},
		{"at once", DidChange, Encrypted, SCP, "true", "authorized_keys_command internal_ssh scp_sync", "", "", ""},
		{"at once, checked", WouldChange, Plaintext, RCP, "null", "", "authorized_keys_command internal_ssh scp_sync", "", ""},
		{"at once, step 2 fails", DidFail, Failed, RCP, "null", "authorized_keys_command", "", "internal_ssh scp_sync", "device_refused"},
		{"at once, not begun", DidFail, Failed, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "device_refused"},
		{"probed", DidChange, Incomplete, SCP, "false", "authorized_keys_command internal_ssh scp_sync", "", "", ""},
		{"checked", WouldChange, Plaintext, RCP, "null", "", "authorized_keys_command internal_ssh scp_sync", "", ""},
		{"checked lock", WouldChange, Plaintext, RCP, "null", "", "authorized_keys_command", "internal_ssh scp_sync", "lock_held"},
		{"refused", DidFail, Failed, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "member_not_present"},
		{"incomplete", HasProblems, Incomplete, SCP, "null", "", "", "", "member_not_present"},
		{"step 2 fails", DidFail, Failed, RCP, "null", "authorized_keys_command", "", "internal_ssh scp_sync", "device_refused"},
		{"root's door", DidFail, Failed, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "device_refused"},
		{"step 3 open", DidFail, Failed, RCP, "null", "authorized_keys_command internal_ssh", "", "scp_sync", "failed"},
		{"committed", DidFail, Failed, RCP, "null", "authorized_keys_command", "", "internal_ssh scp_sync", "failed"},
		{"by others", Compliant, Encrypted, SCP, "null", "", "", "", ""},
		{"by hand", DidChange, Plaintext, RCP, "null", "authorized_keys_command", "", "internal_ssh scp_sync", ""},
		{"back", DidChange, Plaintext, RCP, "null", "disable_scp_sync remove_authorized_keys_command", "", "", ""},
		{"back, forgotten", DidChange, Plaintext, RCP, "null", "disable_scp_sync remove_record remove_authorized_keys_command", "", "", ""},
		{"forgotten later", DidChange, Plaintext, RCP, "null", "remove_record", "", "", ""},
		{"back checked", WouldChange, Incomplete, SCP, "null", "", "disable_scp_sync", "", ""},
		{"members fail", DidFail, Failed, RCP, "null", "authorized_keys_command", "", "authorized_keys_command internal_ssh scp_sync", "login_refused"},
		{"no folder", DidFail, Failed, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "no_record_folder"},
		{"untried", DidFail, Failed, RCP, "null", "", "", "authorized_keys_command internal_ssh scp_sync", "trial_needed"},
		{"folder, done", Compliant, Encrypted, SCP, "null", "", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := all[tt.name].Judge()
			var codes []string
			for _, p := range o.Problems {
				codes = append(codes, p.Code)
			}
			for _, f := range o.Failures {
				codes = append(codes, f.Code)
			}
			inSync, _ := json.Marshal(o.InSync)
			got := []string{string(o.Outcome), string(o.State), string(o.Transport), string(inSync), strings.Join(o.Did, " "), strings.Join(o.Would, " "), strings.Join(o.NotDone, " "), strings.Join(codes, " ")}
			want := []string{string(tt.word), string(tt.state), string(tt.transport), tt.inSync, tt.did, tt.would, tt.notDone, tt.codes}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s\n%s", diff, strings.Join(o.Summary, "\n"))
			}
			if !strings.HasPrefix(o.Summary[0], "vc1: ") {
				t.Errorf("the summary does not begin with the host: %q", o.Summary)
			}
			checkRecord(t, o)
		})
	}
}

// checkRecord: a record that is written says the same when it is read.
func checkRecord(t *testing.T, o Outcome) {
	t.Helper()
	text, err := json.Marshal(o.Record)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Parse(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	again, _ := json.Marshal(read)
	if diff := cmp.Diff(decoded(t, text), decoded(t, again)); diff != "" {
		t.Errorf("the record, -written +read:\n%s", diff)
	}
	if read.Judge() != o.State {
		t.Errorf("state: want %s, got %s", o.State, read.Judge())
	}
}

// decoded reads JSON; what is empty and what is missing is the same.
func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return dropEmpty(v)
}

func dropEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if value = dropEmpty(value); value != nil && value != "" && value != "unknown" {
				out[key] = value
			}
		}
		return out
	case []any:
		var out []any
		for _, value := range v {
			out = append(out, dropEmpty(value))
		}
		if out == nil {
			return nil
		}
		return out
	}
	return v
}

// prose are the keys whose texts are for people.
var prose = map[string]bool{"msg": true, "message": true, "hint": true, "summary": true, "reasons": true, "reason": true, "refusal": true, "notes": true, "failed": true, "by_hand": true}

// reword replaces every text that is for people.
func reword(v any, words string) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch value := value.(type) {
			case string:
				if prose[key] {
					v[key] = words
				}
			case []any:
				for i := range value {
					if _, isText := value[i].(string); prose[key] && isText {
						value[i] = words
					}
				}
				v[key] = reword(value, words)
			default:
				v[key] = reword(value, words)
			}
		}
	case []any:
		for i := range v {
			v[i] = reword(v[i], words)
		}
	}
	return v
}

// withoutProse is an outcome without its words.
func withoutProse(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if _, isBool := value.(bool); prose[key] && !isBool {
				delete(v, key)
			} else {
				v[key] = withoutProse(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutProse(v[i])
		}
	}
	return v
}

// Rewording every message changes no result. The words are such as a judge could be
// led astray by.
func TestRewordingChangesNothing(t *testing.T) {
	for name, run := range runs(t) {
		for _, words := range []string{"", "xyzzy", "step 1, authorized-keys-command", "member 1 is NotPrsnt", "in sync over scp; failed; nothing to do"} {
			text, _ := json.Marshal(run)
			var tree any
			if err := json.Unmarshal(text, &tree); err != nil {
				t.Fatal(err)
			}
			text, _ = json.Marshal(reword(tree, words))
			var other Run
			if err := json.Unmarshal(text, &other); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(bare(t, run.Judge()), bare(t, other.Judge())); diff != "" {
				t.Errorf("%s, with %q for every message, -want +got:\n%s", name, words, diff)
			}
			if diff := cmp.Diff(bare(t, run.Plan()), bare(t, other.Plan())); diff != "" {
				t.Errorf("the plan of %s, with %q for every message, -want +got:\n%s", name, words, diff)
			}
		}
	}
}

func bare(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	return withoutProse(tree)
}

// A step that was not settled leaves it open how the chassis synchronizes.
func TestAnOpenStepLeavesTheTransportOpen(t *testing.T) {
	record := runs(t)["step 3 open"].Judge().Record
	if via, _ := record.Transport(); via != Unknown {
		t.Errorf("transport: want unknown, got %s", via)
	}
}

// Keys that are made again where SCP is on already are proved by the same task.
func TestKeysMadeAgainAreProved(t *testing.T) {
	again := `{"step": "internal_ssh", "changed": true, "commit_state": "confirmed"}`
	r := runOf(t, "", "info", asWanted, "keys", changed+`, "transport": "scp", "stages": [`+again+`], `+took)
	r.Inputs.Rekey = "always"
	if o := r.Judge(); !o.Proof || o.Record.Sync.Transport != SCP || len(o.Did) != 1 {
		t.Errorf("want a proof over SCP, got %t, %s and %v", o.Proof, o.Record.Sync.Transport, o.Did)
	}
}

// No text of a chassis is handed on whole, or as a template.
func TestStatsAreSmallAndHarmless(t *testing.T) {
	r := runOf(t, "", "info", `"failed": true, "msg": "{{ lookup('env', 'HOME') }} `+strings.Repeat("ä", 1000)+`"`)
	stats := r.Judge().Stats
	if len(stats.Reasons) != 1 || strings.ContainsAny(stats.Reasons[0], "{}") || len([]rune(stats.Reasons[0])) != reasonText {
		t.Errorf("got %q", stats.Reasons)
	}
	many := Run{Info: &Result{}}
	for id := range 50 {
		many.Info.Problems = append(many.Info.Problems, Problem{Code: "member_not_present", MemberID: &id, Message: strings.Repeat("x", 1000)})
	}
	if text, err := json.Marshal(many.Judge().Stats); err != nil || len(text) > 4000 {
		t.Errorf("%v, %d bytes", err, len(text))
	}
}

func TestFinishedIsInSeconds(t *testing.T) {
	if got := runs(t)["compliant"].Judge().Record.Finished; !got.Equal(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("got %s", got)
	}
}

// The guide has the section of every code.
func TestGuideLeadsToSections(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("../../collection", guidePage))
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		if head, ok := strings.CutPrefix(strings.TrimSpace(line), "## "); ok {
			anchors[strings.NewReplacer(" ", "-", ",", "").Replace(strings.ToLower(head))] = true
		}
	}
	for code, section := range guideSections() {
		if !anchors[section] {
			t.Errorf("%s: %s has no section %s", code, guidePage, section)
		}
	}
}

// Keys count when they are recorded: made by a run that came no further, they are made
// again by the next one.
func TestKeysThatAreNotRecordedAreNamedSo(t *testing.T) {
	const denied = `"failed": true, "changed": true, "commit_state": "none", "msg": "denied", `
	members := func(first, second string) string {
		return `"members": [{"member_id": 0, "status": "Prsnt"` + first + `}, {"member_id": 1` + second + `}]`
	}
	const yes, no, here, away = `, "prepared": true`, `, "prepared": false`, `, "status": "Prsnt"`, `, "status": "NotPrsnt"`
	for name, row := range map[string]struct {
		r          Run
		unrecorded bool
	}{
		"at once":       {runOf(t, "", "info", found, "keys", denied+members(no, no+here)+`, "stages": [`+strings.Replace(stages(true, true, false), `"confirmed"}, {"step": "scp`, `"none"}, {"step": "scp`, 1)+`]`), true},
		"step 3 failed": {runOf(t, "", "info", found, "keys", changed, "enable", denied+members(no, no+here)), true},
		"one of them":   {runOf(t, "", "info", found, "keys", changed, "enable", denied+members(yes, no+here)), true},
		"recorded":      {runOf(t, "", "info", found, "keys", changed+", "+members(yes, yes+here)), false},
		"one is away":   {runOf(t, "", "info", found, "keys", changed+", "+members(yes, no+away)), false},
		"not known":     {runOf(t, "", "info", found, "keys", changed+", "+members("", here)), false},
		"no keys made":  {runOf(t, "", "info", found, "command", changed+", "+members(no, no+here)), false},
		"in check mode": {runOf(t, "", "info", strings.Replace(found, `"check_mode": false`, `"check_mode": true`, 1), "keys", changed+", "+members(no, no+here)), false},
	} {
		o := row.r.Judge()
		said := strings.Contains(strings.Join(o.Summary, "\n"), "changed: step 2 (internal SSH keys): made, not recorded")
		if said != row.unrecorded {
			t.Errorf("%s: want it said: %t\n%s", name, row.unrecorded, strings.Join(o.Summary, "\n"))
		}
		if words := o.Record.DoneWords(StepCommand); words != StepWords(StepCommand) {
			t.Errorf("%s: step 1 is called %q", name, words)
		}
	}
}

// What a member took and the chassis has rolled back is no commit to speak of.
func TestACommitThatWasRolledBackIsNotNamed(t *testing.T) {
	const took = `"members": [{"member_id": 0, "commit": "ok"}, {"member_id": 1, "commit": "ok"}]`
	for state, want := range map[string]bool{"reverted": false, "confirmed": true} {
		result := `"failed": true, "code": "unproved_login", "msg": "no", "commit_state": "` + state + `", ` + took
		summary := strings.Join(runOf(t, "", "info", found, "command", result).Judge().Summary, "\n")
		if strings.Contains(summary, "the last commit reached members 0 and 1") != want {
			t.Errorf("%s: %s", state, summary)
		}
	}
}

// Who could not become root is told where root's credentials are given: in the form of
// a controller, its fields.
func TestAdviceOnRootNamesItsInputs(t *testing.T) {
	for inputs, want := range map[string]string{
		`"wanted": "present"`:                       "scp_config_sync_root_password or scp_config_sync_root_private_key_file",
		`"wanted": "present", "has_awx_form": true`: "Root password or Root private key of the credential",
	} {
		summary := strings.Join(runOf(t, inputs, "info", found, "keys", `"failed": true, "code": "root_refused", "msg": "no"`).Judge().Summary, "\n")
		if !strings.Contains(summary, "step 2 becomes root with "+want) {
			t.Errorf("%s: %s", inputs, summary)
		}
	}
	for _, code := range []string{"device_refused", "lock_held", ""} {
		summary := strings.Join(runOf(t, `"wanted": "present"`, "info", found, "keys", `"failed": true, "msg": "no", "code": "`+code+`"`).Judge().Summary, "\n")
		if strings.Contains(summary, "becomes root with") {
			t.Errorf("%q has nothing to do with root: %s", code, summary)
		}
	}
}

// A title is of a code that there is, and others are their code's words.
func TestTitles(t *testing.T) {
	for code := range titles() {
		if guideSections()[code] == "" {
			t.Errorf("no problem has the code %q", code)
		}
	}
	if Title("lock_held") != "lock held" || Title("other_value") != "step 1 has another value" {
		t.Error(Title("lock_held"), Title("other_value"))
	}
}

// Every code of a problem of the domain has its section.
func TestEveryProblemHasASection(t *testing.T) {
	files, err := filepath.Glob("../vc/*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range problemCode.FindAllStringSubmatch(string(source), -1) {
			codes[found[1]] = true
		}
	}
	for code := range codes {
		if !strings.Contains(Guide(code), "#") {
			t.Errorf("%s: the guide has no section for it", code)
		}
	}
	if len(codes) < 20 {
		t.Errorf("only %d codes were found", len(codes))
	}
}

var problemCode = regexp.MustCompile(`(?:chassisProblem\(|memberProblem\([\w.]+, )"(\w+)"`)
