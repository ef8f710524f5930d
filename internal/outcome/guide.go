// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

// guidePage is the page of the collection that explains problems, as its users
// have it.
const guidePage = "docs/failures.md"

// Guide returns where the guide explains a kind of problem: the page and its
// section. Of a code that nobody knows it is the page.
func Guide(code string) string {
	if section, ok := guideSections()[code]; ok {
		return guidePage + "#" + section
	}
	return guidePage
}

// guideSections lists every code with its section.
func guideSections() map[string]string {
	sections := map[string]string{}
	for section, codes := range map[string][]string{
		"options":                   {"arguments", CodeNoRecordFolder},
		"the-way-to-the-chassis":    {"unreachable", "connection_option"},
		"jump-hosts-and-ssh_config": {"jump_host_option"},
		"host-keys":                 {"host_key", "known_hosts_option"},
		"logging-in":                {"login_refused", "credential_option"},
		"becoming-root":             {"no_way_to_root", "not_root", "root_refused"},
		"the-netconf-session":       {"session_lost"},
		"the-chassis-cannot-be-judged-or-must-not-be-changed": {
			"no_members", "no_primary", "split", "duplicate_member", "member_status_unknown", "member_inactive", "member_not_present",
			"member_role_unknown", "member_serial_unknown", "member_unprovisioned", "mixed_versions", "release_without_scp", "mixed_fips",
			"fips_reboot_pending", "fips_unknown", "foreign_trial", "history_unknown", "commit_hidden", "unlisted_member", "partial_group",
			"deactivated", "local_unknown", "not_primary",
		},
		"the-order-of-the-steps-and-values-of-another-user": {
			"step_missing", "member_not_prepared", "other_value", "scp_uses_it", "scp_needs_it", "fips_needs_it", "fips_scp", "trial_needed",
			"from_group", "own_trial", "fips_unreached", "one_session",
		},
		"the-lock": {"lock_held", "foreign_edits"},
		"the-change": {
			"device_refused", "load_ignored", "member_failed", "chassis_moved", "other_settings", "unproved_login", "unproved_keys",
		},
		"making-keys":       {"keys_unsure"},
		"checks-and-audits": {"not_in_sync", "other_transport"},
	} {
		for _, code := range codes {
			sections[code] = section
		}
	}
	return sections
}
