// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"slices"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

func TestState(t *testing.T) {
	const (
		active   = `"scp_active": true`
		inactive = `"scp_active": false`
		noFIPS   = `"fips": false`
		none     = `"pending_steps": []`
		changed  = `"changed": []`
		seen     = `"transport": "unknown"`
		failed   = `"outcome": "failed"`
		outcome  = `"outcome": "compliant"`
		step3    = `"changed": ["step 3, config-sync-with-scp"]`
		check    = `"check_mode": false`
	)
	for _, tt := range []struct {
		name    string
		replace []string
		state   State
		via     Transport
		reason  string // one of the reasons
	}{
		{"all is well", nil, Encrypted, SCP, ""},
		{"FIPS", []string{noFIPS, `"fips": true`}, ByFIPS, SCP, ""},
		{"plaintext", []string{active, inactive}, Plaintext, RCP, ""},
		{"plaintext, whatever the outcome says", []string{active, inactive, none, `"pending_steps": ["scp_sync"]`}, Plaintext, RCP, "still to do: step 3 (config-sync-with-scp)"},
		{"plaintext as wanted", []string{active, inactive, `"present"`, `"absent"`}, Plaintext, RCP, "as requested: scp_config_sync_state is absent"},
		{"keys are of no matter in plaintext", []string{active, inactive, `"prepared": true`, `"prepared": false`}, Plaintext, RCP, ""},
		{"FIPS mode unknown", []string{active, inactive, noFIPS, `"fips": null`}, Unclear, Unknown, "transport not known: not set by configuration, and the FIPS mode is not known"},
		{"FIPS without SCP cannot be", []string{active, inactive, noFIPS, `"fips": true`}, Unclear, Unknown, "transport not known: not set by configuration, and the FIPS mode is not known"},
		{"not read", []string{active, `"scp_active": null`}, Unclear, Unknown, "transport not known: the chassis was not read"},
		{"changed and checked", []string{active, inactive, changed, step3, seen, `"transport": "scp"`}, Encrypted, SCP, ""},
		{"changed and not checked", []string{active, inactive, changed, step3}, Unclear, Unknown, "transport not known: changed by the run, and not checked afterwards"},
		{"changed and checked: still plaintext", []string{active, inactive, changed, step3, seen, `"transport": "rcp"`}, Plaintext, RCP, ""},
		{"would change", []string{active, inactive, changed, step3, check, `"check_mode": true`}, Plaintext, RCP, ""},
		{"check mode has seen nothing", []string{active, inactive, check, `"check_mode": true`, seen, `"transport": "scp"`}, Plaintext, RCP, ""},
		{"disabled, not checked", []string{changed, step3, `"present"`, `"absent"`}, Unclear, Unknown, "changed by the run"},
		{"disable failed", []string{outcome, failed, none, `"pending_steps": ["scp_sync"]`, `"present"`, `"absent"`}, Failed, Unknown, "was SCP, and the failed run was to disable it"},
		{"failed, in plaintext", []string{outcome, failed, active, inactive}, Failed, RCP, "in plaintext (RCP), seen when the run began"},
		{"failed, over SCP", []string{`"failed": []`, `"failed": ["lost"]`}, Failed, SCP, "lost"},
		{"steps left", []string{none, `"pending_steps": ["internal_ssh"]`}, Incomplete, SCP, "still to do: step 2 (internal SSH keys)"},
		{"steps done", []string{none, `"pending_steps": ["internal_ssh"]`, changed, `"changed": ["step 2, internal SSH keys"]`}, Encrypted, SCP, ""},
		{"steps that would be done", []string{none, `"pending_steps": ["internal_ssh"]`, changed, `"changed": ["step 2, internal SSH keys"]`, check, `"check_mode": true`}, Incomplete, SCP, "still to do: step 2 (internal SSH keys)"},
		{"a step nobody knows", []string{none, `"pending_steps": ["dance"]`}, Incomplete, SCP, "still to do: dance"},
		{"a problem", []string{`"problems": []`, `"problems": ["split"]`}, Incomplete, SCP, "split"},
		{"member absent", []string{`"backup", "status": "Prsnt"`, `"", "status": "NotPrsnt"`}, Incomplete, SCP, "member 1 is not present"},
		{"member absent, as the problems say", []string{`"problems": []`, `"problems": ["member 1 (serial B) is NotPrsnt"]`, `"backup", "status": "Prsnt"`, `"", "status": "NotPrsnt"`}, Incomplete, SCP, "member 1 (serial B) is NotPrsnt"},
		{"member without keys", []string{`"B", "role": "backup", "status": "Prsnt", "prepared": true`, `"B", "prepared": false`}, Incomplete, SCP, "member 1 has no recorded keys"},
		{"not in sync", []string{`"in_sync": "unknown"`, `"in_sync": "false"`}, Incomplete, SCP, "the members are not in sync"},
		{"member not in sync", []string{`"B"`, `"B", "sync": false`}, Incomplete, SCP, "member 1 is not in sync"},
		{"commit failed on a member", []string{`"B"`, `"B", "commit": "failed"`}, Incomplete, SCP, "member 1 did not apply the last commit"},
		{"no member", []string{`"members": [`, `"members": [], "was": [`}, Incomplete, SCP, "the record lists no member"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Parse([]byte(recordtest.With(t, tt.replace...)))
			if err != nil {
				t.Fatal(err)
			}
			if via, _ := r.Transport(); r.Judge() != tt.state || via != tt.via {
				t.Errorf("want %s over %s, got %s over %s", tt.state, tt.via, r.Judge(), via)
			}
			told := slices.ContainsFunc(r.Reasons(), func(s string) bool { return strings.Contains(s, tt.reason) })
			if told == (tt.reason == "" && len(r.Reasons()) == 0) {
				t.Errorf("reasons: want %q, got %q", tt.reason, r.Reasons())
			}
		})
	}
}
