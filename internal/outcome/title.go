// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import "strings"

// Title names a kind of problem for people. Most codes are words already.
func Title(code string) string {
	if words, ok := titles()[code]; ok {
		return words
	}
	return strings.ReplaceAll(code, "_", " ")
}

// titles are the names of those whose code says little by itself.
func titles() map[string]string {
	return map[string]string{
		"chassis_moved":       "members or primary changed during the run",
		"commit_hidden":       "configuration hidden from the login",
		"fips_needs_it":       "step 1 needed by FIPS mode",
		"fips_scp":            "SCP enabled by FIPS mode",
		"fips_unreached":      "members in FIPS mode that no commit reaches",
		"foreign_edits":       "another user's uncommitted edits",
		"foreign_trial":       "another user's trial",
		"from_group":          "value from a configuration group",
		"host_key":            "host key not trusted",
		"keys_unsure":         "keys uncertain",
		"load_ignored":        "statement not accepted",
		"mixed_fips":          "only some members in FIPS mode",
		"mixed_versions":      "members on different releases",
		CodeNoRecordFolder:    "no folder for records",
		"no_way_to_root":      "no way to become root",
		"not_in_sync":         "member not in sync",
		"one_session":         "only one session allowed",
		"other_settings":      "settings differ from those committed",
		"other_transport":     "other transport than expected",
		"other_value":         "step 1 has another value",
		"own_trial":           "trial of an earlier run",
		"release_without_scp": "Junos release without SCP",
		"root_refused":        "root's login refused",
		"scp_needs_it":        "step 1 needed by SCP",
		"scp_uses_it":         "step 1 in use by SCP",
		"split":               "Virtual Chassis split",
		"step_missing":        "an earlier step is missing",
		"trial_needed":        "confirmed commit switched off",
		"unproved_keys":       "keys not proved yet",
		"unproved_login":      "no new login succeeded",
	}
}
