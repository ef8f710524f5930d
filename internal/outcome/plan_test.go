// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"strings"
	"testing"
)

// Which tasks a run makes, in which order, and who records the keys.
func TestPlan(t *testing.T) {
	const absent, always, never = `"wanted": "absent"`, `"inputs": {"rekey": "always"}`, `"inputs": {"rekey": "never"}`
	pending := func(of string, steps ...string) string {
		list := `"pending_steps": ["` + strings.Join(steps, `", "`) + `"]`
		if strings.Contains(of, `"pending_steps": []`) {
			return strings.Replace(of, `"pending_steps": []`, list, 1)
		}
		return strings.Replace(of, `"pending_steps": ["authorized_keys_command", "internal_ssh", "scp_sync"]`, list, 1)
	}
	ours := `"pending_confirmed_commit": {"ours": true}, `
	for _, tt := range []struct{ name, inputs, info, tasks, record string }{
		{"all", "", found, "procedure verify", "defer"},
		{"a task a step", `"inputs": {"task_per_step": true}`, found, "root command keys enable verify", "defer"},
		{"check mode", "", strings.Replace(found, "false", "true", 1), "procedure", "defer"},
		{"no verification", `"inputs": {"verify": "never"}`, found, "procedure", "defer"},
		{"keys by hand", never, found, "command keys enable verify", "defer"},
		{"keys alone", "", pending(asWanted, "internal_ssh"), "procedure verify", "commit"},
		{"keys for a new member", "", pending(asWanted, "internal_ssh", "scp_sync"), "procedure verify", "commit"},
		{"a trial of step 3 is open", "", ours + pending(asWanted, "internal_ssh", "scp_sync"), "procedure verify", "defer"},
		{"keys again", always, asWanted, "procedure verify", "commit"},
		{"switches", `"inputs": {"members": [{"host": "192.0.2.11", "role": "primary"}, {"host": "192.0.2.12", "role": "linecard"}]}`, asWanted, "members verify", "commit"},
		{"switches that need keys", `"inputs": {"members": [{"host": "192.0.2.11", "role": "backup"}]}`, pending(asWanted, "internal_ssh"), "root members procedure verify", "commit"},
		{"nothing", "", asWanted, "", "commit"},
		{"back", absent, pending(asWanted, "scp_sync"), "disable verify", "commit"},
		{"back to the beginning", absent, pending(asWanted, "authorized_keys_command", "scp_sync"), "disable remove verify", "commit"},
		{"only step 1 is to be removed", absent, pending(asWanted, "authorized_keys_command"), "disable remove verify", "commit"},
		{"not read", "", `"failed": true, "msg": "no"`, "", "commit"},
		{"in the way", "", strings.Replace(found, `"problems": []`, `"problems": [`+away+`true}]`, 1), "", "defer"},
		{"wrong, and not in the way", "", strings.Replace(found, `"problems": []`, `"problems": [`+away+`false}]`, 1), "procedure verify", "defer"},
		{"FIPS", "", strings.Replace(found, `"fips": false`, `"fips": true`, 1), "root command keys enable verify", "defer"},
		{"the first step alone", tagged("step1"), found, "root command verify", "commit"},
		{"the first two", tagged("step1", "step2"), found, "root command keys verify", "commit"},
		{"the last that is left", tagged("step3"), pending(found, "scp_sync"), "enable verify", "defer"},
		{"keys that are recorded at once, as step 3 is left out", tagged("step2"), pending(found, "internal_ssh", "scp_sync"), "keys verify", "commit"},
		{"a step that is done", tagged("step1"), pending(found, "internal_ssh", "scp_sync"), "", "commit"},
		{"all by name", tagged("step1", "step2", "step3"), found, "root command keys enable verify", "defer"},
		{"the whole role by its tag", `"inputs": {"tags": ["scp_config_sync", "scp_config_sync_step1"]}`, found, "procedure verify", "defer"},
		{"tags of somebody's own", `"inputs": {"tags": ["ours"]}`, found, "procedure verify", "defer"},
		{"back, and forget", absent, pending(asWanted, "internal_ssh", "scp_sync"), "disable forget verify", "commit"},
		{"forget, later", absent, pending(asWanted, "internal_ssh"), "disable forget verify", "commit"},
		{"back, and forget by a tag", absent + ", " + tagged("step2", "step3"), pending(asWanted, "internal_ssh", "scp_sync"), "disable forget verify", "commit"},
		{"back, and do not forget yet", absent + ", " + tagged("step3"), pending(asWanted, "internal_ssh", "scp_sync"), "disable verify", "commit"},
		{"back by the last step alone", absent + ", " + tagged("step3"), pending(asWanted, "authorized_keys_command", "scp_sync"), "disable verify", "commit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := runOf(t, tt.inputs, "info", tt.info).Plan()
			if got := strings.Join(p.Tasks, " "); got != tt.tasks || p.Record != tt.record && tt.inputs != absent {
				t.Errorf("want %q and %s, got %q and %s", tt.tasks, tt.record, got, p.Record)
			}
			if refused := tt.name == "in the way"; (p.Refusal != "") != refused {
				t.Errorf("refused: want %v, got %q", refused, p.Refusal)
			}
		})
	}
}

// tagged is a run that was started with tags of the role's steps.
func tagged(steps ...string) string {
	return `"inputs": {"tags": ["scp_config_sync_` + strings.Join(steps, `", "scp_config_sync_`) + `"]}`
}

// Tags choose steps, and never around what comes before them. What they leave out is
// not done, and the outcome says so.
func TestTagsLeaveNoStepOutInBetween(t *testing.T) {
	for _, tt := range []struct{ name, inputs, refusal string }{
		{"the last", tagged("step3"), "step 3 (config-sync-with-scp) needs step 1 (authorized-keys-command), which the tags leave out (choose it too, or run without tags)"},
		{"not the second", tagged("step1", "step3"), "step 3 (config-sync-with-scp) needs step 2 (internal SSH keys), which the tags leave out"},
		{"keys again", strings.Replace(tagged("step2"), `"tags"`, `"rekey": "always", "tags"`, 1), "step 2 (internal SSH keys) needs step 1"},
		{"back", `"wanted": "absent", ` + tagged("step1"), "authorized-keys-command removed needs config-sync-with-scp off"},
		{"in order", tagged("step1", "step2"), ""},
	} {
		info := found
		if tt.name == "back" {
			info = strings.Replace(found, `"internal_ssh", `, "", 1)
		}
		r := runOf(t, tt.inputs, "info", info)
		p := r.Plan()
		if (p.Refusal != "") != (tt.refusal != "") || !strings.Contains(p.Refusal, tt.refusal) || p.Refusal != "" && len(p.Tasks) > 0 {
			t.Errorf("%s: want %q, got %q and tasks %v", tt.name, tt.refusal, p.Refusal, p.Tasks)
		}
	}
	o := runOf(t, tagged("step1"), "info", found, "command", changed+", "+took).Judge()
	if got := strings.Join(o.NotDone, " "); o.Outcome != NotCompliant || len(o.Did) != 1 || got != "internal_ssh scp_sync" {
		t.Errorf("got %s, done %v, left %s", o.Outcome, o.Did, got)
	}
}

// Whoever decides comes last, and nothing else of the order changes.
func TestSwitchesAreOrdered(t *testing.T) {
	r := runOf(t, `"inputs": {"members": [{"host": "p", "role": "primary", "port": 22}, {"host": "l1", "role": "linecard"}, {"host": "b", "role": "backup"}, {"host": "l2", "role": "linecard"}]}`, "info", found)
	var order []string
	for _, s := range r.Plan().Switches {
		order = append(order, s.Host+string(s.Port))
	}
	if got := strings.Join(order, " "); got != "l1 l2 b p22" {
		t.Errorf("got %s", got)
	}
}

// All obstacles are named at once, under the name of the host.
func TestRefusalNamesEverything(t *testing.T) {
	r := runOf(t, `"no_folder": "/missing", "inputs": {"untried": true}`, "info", strings.Replace(found, `"problems": []`, `"problems": [`+away+`true}]`, 1))
	want := "vc1 is left unchanged:\n- member 1 is NotPrsnt (bring it back)\n- without a trial nothing would roll SCP back on a member that lacks keys " +
		"(set scp_config_sync_confirm_timeout to 1 or more)\n- scp_config_sync_report_path: /missing is not a folder on the controller (make it first)"
	if got := r.Plan().Refusal; got != want {
		t.Errorf("got %q", got)
	}
}

// What vc_info has read of root goes to the tasks that become root, and in check mode the
// summary says which way that would be, and why.
func TestPlanCarriesWhatIsKnownOfRoot(t *testing.T) {
	const doors = `"root": {"root_login": "deny-password", "root_keys": "none", "reason": "root has no key"}, `
	for _, tt := range []struct{ info, login, keys string }{
		{found, "unset", "unknown"},
		{doors + found, "deny-password", "none"},
		{`"failed": true, "msg": "no"`, "unset", "unknown"},
	} {
		if p := runOf(t, "", "info", tt.info).Plan(); p.RootLogin != tt.login || p.RootKeys != tt.keys {
			t.Errorf("%s: got %s, %s", tt.info, p.RootLogin, p.RootKeys)
		}
	}
	checked := doors + strings.Replace(found, `"check_mode": false`, `"check_mode": true`, 1)
	text := strings.Join(runOf(t, "", "info", checked, "keys", `"changed": true, "commit_state": "none", "become_root": "shell"`).Judge().Summary, "\n")
	if !strings.Contains(text, "step 2 would log in as the usual user and become root there (start shell user root): root has no key") {
		t.Errorf("got %s", text)
	}
}
