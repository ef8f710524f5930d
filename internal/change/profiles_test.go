// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"context"
	"maps"
	"strings"
	"testing"
)

// profiles are the ways in which a device may differ where no public source
// tells how it behaves. The knobs are those of docs/simulator.md.
var profiles = []struct{ name, knobs string }{
	{"trial_ends_with_its_session", "confirmed_session_loss: reverts"},
	{"check_leaves_a_trace", "check_confirm_trace: updated"},
	{"commit_uses_its_own_transport", "transport_switch: after"},
	{"rollback_uses_the_transport_that_goes", "rollback_transport: active"},
	{"own_transports", "transport_switch: after, rollback_transport: active"},
	{"rollback_is_called_otherwise", "rollback_comment: reverted by the system"},
	{"member_failure_is_a_warning", "member_failure: warning"},
	{"member_failure_in_other_words", "member_failure_text: 'replication to %s is incomplete (%s)'"},
	{"commit_names_the_primary", "commit_results: primary_only"},
	{"commit_names_nobody", "commit_results: empty"},
	{"commit_says_ok", "commit_results: plain_ok"},
	{"commit_says_ok_and_warns_of_members", "commit_results: plain_ok, member_failure: warning"},
	{"commit_style", "commit_style: show-name"},
	{"commit_outlasts_the_patience", "commit_delay: 3500ms"},
	{"commit_takes_a_while", "commit_delay: 400ms"},
	{"keys_rotate", "prepare_again: rotate"},
	{"keys_are_rsa", "key_type: rsa"},
	{"prepare_setup_is_silent", "prepare_output: ' '"},
	{"prepare_setup_talks", "prepare_output: \"Generating keys for fpc0 ...\\nWarning: known_hosts updated\\ndone, 0 errors\""},
	{"local_member_by_number", "local_name: fpc"},
	{"local_member_everywhere", "local_name: all"},
	{"primary_is_the_word", "role_word: Primary"},
	{"replies_are_malformed", "check_reply: malformed"},
	{"load_success", "load_reply: success, error_place: reply"},
	{"errors_with_tags", "error_tags: full"},
	{"errors_without_tags", "error_tags: minimal"},
	{"lock_in_spite_of_edits", "lock_dirty: allowed"},
	{"old_primary_keeps_sessions", "switchover_sessions: kept"},
	{"old_primary_discards_writes", "switchover_sessions: kept, backup_writes: discarded"},
	{"banner_and_version", "banner: cli, namespace_version: full"},
	{"one_host_key_for_all", "host_keys: chassis, host_key_type: ed25519"},
	{"no_subsystem", "subsystem: refused"},
}

// TestSweepOfProfiles breaks the procedure on devices that differ in what
// nobody knows.
func TestSweepOfProfiles(t *testing.T) {
	t.Parallel()
	procedure := intents()[0]
	var points []point
	for n, p := range profiles {
		if testing.Short() && n%4 > 0 {
			continue // each costs a clean run
		}
		on := procedure
		on.everyRead, on.name, on.scenario = false, p.name, threeMembers+"    profile: {"+p.knobs+"}\n"
		all := on.points(t)
		for m := n; m < len(all); m += 17 {
			points = append(points, all[m])
		}
	}
	sweepSome(t, points, 23, "fault points under other profiles survived / tried", strike)
}

// TestProfilesThatStopTheProcedure runs it on devices on which prepare-setup
// does not succeed, or does not tell that it did not. Nothing may be left.
func TestProfilesThatStopTheProcedure(t *testing.T) {
	t.Parallel()
	var tally tally
	t.Run("profiles", func(t *testing.T) {
		for _, prepare := range []string{"fail", "partial", "hang", "prompt", "unknown"} {
			for _, beside := range []string{"", ", transport_switch: after", ", member_failure: warning", ", commit_results: plain_ok, member_failure: warning",
				", confirmed_session_loss: reverts", ", prepare_again: rotate"} {
				knobs := "prepare_setup: " + prepare + beside
				if testing.Short() && beside != "" {
					continue
				}
				t.Run(strings.NewReplacer(" ", "", ",", "_", ":", "-").Replace(knobs), func(t *testing.T) {
					t.Parallel()
					tally.add(prepare, stopped(t, knobs))
				})
			}
		}
	})
	tally.log(t, "profiles that stop the procedure survived / tried", tally.tried())
}

// stopped wants the procedure to fail twice, and to leave nothing.
func stopped(t *testing.T, knobs string) bool {
	procedure := intents()[0]
	b := newBench(t, threeMembers+"    profile: {"+knobs+"}\n")
	maps.Copy(b.args, quick)
	procedure.steps[1].options = with(procedure.steps[1].options, "prepare_timeout", 2)
	defer b.letTimePass()()
	var bad []string
	for range 2 {
		why := b.carryOut(procedure, func(s step, options map[string]any) answer {
			a, found := b.witnessed(context.Background(), procedure, s, options)
			bad = append(bad, found...)
			if a.failed() && a.text("hint") == "" {
				bad = append(bad, "no hint: "+a.text("msg"))
			}
			return a
		})
		if why == "" {
			bad = append(bad, "the procedure is told to have succeeded")
		}
		bad = append(bad, b.leftEverywhere(nil)...)
	}
	for _, v := range bad {
		t.Error(v)
	}
	return len(bad) == 0
}
