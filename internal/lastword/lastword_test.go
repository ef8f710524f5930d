// SPDX-License-Identifier: GPL-3.0-or-later

package lastword

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// info is what vc_info returned, with more keys.
func info(register, more string) string {
	return fmt.Sprintf(`{"module": "vc_info", "register": %q, "scp": "enabled", "result": {"check_mode": false, %s}}`, register, more)
}

const (
	fine = `"scp_active": true, "fips": false, "transport": "scp", "pending_steps": [], "problems": []`
	todo = `"scp_active": false, "fips": false, "transport": "rcp", "pending_steps": ["scp_sync"], "problems": []`
	stop = `{"module": "vc_procedure", "register": "moved", "result": {"failed": true, "commit_state": "reverted", "code": "device_refused", "msg": "no new login", "transport": "rcp",
		"stages": [{"step": "authorized_keys_command", "changed": false, "commit_state": "reverted"}]}}`
	shot = `{"module": "vc_snapshot", "register": "", "result": {"changed": false}}`
	done = `{"module": "vc_scp_sync", "register": "__scp_config_sync_enable", "result": {"changed": true, "commit_state": "confirmed", "transport": "scp"}}`
	held = `{"module": "vc_scp_sync", "register": "__scp_config_sync_enable", "result": {"failed": true, "commit_state": "none", "code": "lock_held",
		"msg": "lock the configuration: held by %s", "hint": "ask the holder"}}`
	gone = `"scp_active": false, "fips": false, "transport": "rcp", "pending_steps": ["scp_sync"],
		"problems": [{"code": "member_not_present", "message": "member 2 is NotPrsnt", "hint": "bring it back", "guide": "docs/failures.md#x", "blocks": true}]`
)

// host is a chassis with what its tasks returned.
func host(name string, results ...string) string {
	return fmt.Sprintf(`{"host": %q, "results": [%s]}`, name, strings.Join(results, ","))
}

func lastWord(t *testing.T, more string, hosts ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	in := fmt.Sprintf(`{"program": "ansible-playbook -i hosts", "playbooks": "site.yml", %s "hosts": [%s]}`, more, strings.Join(hosts, ","))
	if status := Main(nil, strings.NewReader(in), &out, &errOut); status != 0 {
		t.Fatalf("status %d: %s", status, errOut.String())
	}
	return out.String()
}

func TestTheLastWord(t *testing.T) {
	role := func(more string) string { return info("__scp_config_sync_info", more) }
	wouldDo := strings.Replace(role(todo), `"check_mode": false`, `"check_mode": true`, 1)
	for _, tt := range []struct{ name, got, want string }{
		{"nothing to say", lastWord(t, ""), ""},
		{"nobody has judged", lastWord(t, "", host("a", shot)), ""},
		{
			"all steps in one, without the role", lastWord(t, "", host("a", shot, stop)),
			`1 chassis: 1 failed
1 in plaintext (RCP)
failed, device refused (1): a
  no new login
  guide: docs/failures.md#the-change
next: fix the causes, then run again for these only, with your other options:
  ansible-playbook -i hosts site.yml --limit 'a'
`,
		},
		{"all is well", lastWord(t, "", host("a", role(fine)), host("b", role(fine))), "2 chassis: 2 compliant\n2 over SCP\nnext: nothing\n"},
		{"changed", lastWord(t, "", host("a", role(todo), done)), "1 chassis: 1 changed\n1 over SCP\nnext: nothing; vchassis.junos.audit shows at any time how they synchronize\n"},
		{
			"check mode", lastWord(t, "", host("a", wouldDo, strings.Replace(done, "confirmed", "none", 1))),
			"1 chassis: 1 would change\n1 over SCP\nnext: the same without --check (in AWX: job type Run)\n",
		},
		{
			"causes", lastWord(t, `"unseen": ["z"],`, host("d", role(gone)), host("c", role(todo), fmt.Sprintf(held, "eve")), host("a", role(todo), fmt.Sprintf(held, "bob")), host("b", role(fine))),
			`5 chassis: 1 compliant, 3 failed, 1 not run
1 over SCP, 3 in plaintext (RCP)
failed, lock held (2): a, c
  a: lock the configuration: held by bob
  what to do: ask the holder
  guide: docs/failures.md#the-lock
failed, member not present (1): d
  member 2 is NotPrsnt
  what to do: bring it back
  guide: docs/failures.md#x
not run (1): z
  the play ended before their turn
next: fix the causes, then run again for these only, with your other options:
  ansible-playbook -i hosts site.yml --limit 'a,c,d,z'
`,
		},
		{
			"a failure without a code", lastWord(t, "", host("a", strings.Replace(fmt.Sprintf(held, "eve"), `"code": "lock_held",`, "", 1))),
			`1 chassis: 1 failed
1 transport unknown: a
failed (1): a
  lock the configuration: held by eve
  what to do: ask the holder
  guide: docs/failures.md
next: fix the causes, then run again for these only, with your other options:
  ansible-playbook -i hosts site.yml --limit 'a'
`,
		},
		{
			"an audit", lastWord(t, "", host("a", info("audit", todo)), host("b", info("audit", fine))),
			`2 chassis: 1 compliant, 1 not compliant
1 over SCP, 1 in plaintext (RCP)
not compliant, steps left (1): a
  still to do: step 3 (config-sync-with-scp)
next: see what a run would do for these, with your other options:
  ansible-playbook -i hosts vchassis.junos.scp_config_sync --check --diff --limit 'a'
`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

// Many chassis make few lines: a name list is cut, and a limit is whole or not there.
func TestAFleetIsAFewLines(t *testing.T) {
	for n, want := range map[int]string{30: "--limit 'sw00", 500: "500 chassis are too many for a limit"} {
		hosts := []string{host("fine", info("__scp_config_sync_info", fine))}
		for i := range n {
			hosts = append(hosts, host(fmt.Sprintf("sw%03d", i), info("__scp_config_sync_info", todo), fmt.Sprintf(held, "bob")))
		}
		text := lastWord(t, "", hosts...)
		if lines := strings.Count(text, "\n"); lines > 10 || !strings.Contains(text, want) {
			t.Errorf("%d chassis: %d lines, want %q:\n%s", n, lines, want, text)
		}
	}
}

// A plan of which only a part is blocked has a next step for the rest, too, and that is no
// wider than the plan was.
func TestWhatNothingBlocksHasItsNextStep(t *testing.T) {
	check := func(more string) string {
		return strings.Replace(info("__scp_config_sync_info", more), `"check_mode": false`, `"check_mode": true`, 1)
	}
	would := strings.Replace(done, "confirmed", "none", 1)
	text := lastWord(t, "", host("a", check(todo), would), host("b", check(todo), would), host("c", check(gone)))
	if !strings.HasSuffix(text, "--limit 'c'\nnext for the 2 that nothing blocks: the same without --check (in AWX: job type Run), and without the others:\n  --limit 'a,b'\n") {
		t.Error(text)
	}
	hosts := []string{host("c", check(gone))}
	for i := range mostLimit + 1 {
		hosts = append(hosts, host(fmt.Sprint("sw", i), check(todo), would))
	}
	if text := lastWord(t, "", hosts...); !strings.HasSuffix(text, "\n  --limit 'all,!c' (if you gave a limit, put it in place of all)\n") {
		t.Error(text)
	}
}

// A canary that failed is named as the reason, and a limit that leaves out nobody is not
// given.
func TestACanaryThatFailedIsTheReason(t *testing.T) {
	failed := host("a", info("__scp_config_sync_info", todo), fmt.Sprintf(held, "eve"))
	text := lastWord(t, `"unseen": ["y", "z"],`, failed)
	if !strings.HasSuffix(text, "not run (2): y, z\n  the play ended before their turn\nnext: fix the causes, then run the same again\n") {
		t.Error(text)
	}
	text = (Play{Playbooks: "vchassis.junos.scp_config_sync", Unseen: []string{"z"}}).whyEnded(make([]chassis, 1))
	if !strings.Contains(text, "scp_config_sync_serial") {
		t.Error(text)
	}
}

// Of chassis over SCP it is said which are so by FIPS mode: their commits may reach nobody.
func TestFIPSIsCountedApart(t *testing.T) {
	fips := strings.Replace(fine, `"fips": false`, `"fips": true`, 1)
	text := lastWord(t, "", host("a", info("audit", fine)), host("b", info("audit", fips)))
	if !strings.Contains(text, "\n2 over SCP (1 of them by FIPS mode)\n") {
		t.Error(text)
	}
}

// What the role has said of itself arrives without the record, in which FIPS mode is.
func TestFIPSIsCountedOfWhatTheRoleHasSaid(t *testing.T) {
	fips := strings.Replace(fine, `"fips": false`, `"fips": true`, 1)
	said := `{"module": "vc_outcome", "register": "__scp_config_sync_outcome", "judged": {"outcome": "changed", "state": "fips", "transport": "scp", "did": ["internal_ssh"]}}`
	text := lastWord(t, "", host("a", info("__scp_config_sync_info", fips), said))
	if !strings.Contains(text, "1 chassis: 1 changed\n1 over SCP (1 of them by FIPS mode)\n") {
		t.Error(text)
	}
}

// A run that is a failure only because its record has no place is one here too.
func TestARecordWithoutAPlaceIsACause(t *testing.T) {
	said := `{"module": "vc_outcome", "register": "__scp_config_sync_outcome", "judged": {"outcome": "compliant", "transport": "scp",
		"refusal": "scp_config_sync_report_path: /missing is not a folder on the controller (make it first)"}}`
	want := `1 chassis: 1 compliant
1 over SCP
compliant, no folder for records (1): a
  scp_config_sync_report_path: /missing is not a folder on the controller (make it first)
  guide: docs/failures.md#options
next: fix the causes, then run again for these only, with your other options:
  ansible-playbook -i hosts site.yml --limit 'a'
`
	if diff := cmp.Diff(want, lastWord(t, "", host("a", info("__scp_config_sync_info", fine), said))); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// Chassis that lack the same steps are one group, others another.
func TestStepsLeftAreGroupedByTheSteps(t *testing.T) {
	less := strings.Replace(todo, `["scp_sync"]`, `["internal_ssh", "scp_sync"]`, 1)
	text := lastWord(t, "", host("a", info("audit", todo)), host("b", info("audit", todo)), host("c", info("audit", less)))
	for _, want := range []string{"steps left (2): a, b\n  still to do: step 3 (config-sync-with-scp)\n", "steps left (1): c\n  still to do: step 2 (internal SSH keys), step 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q:\n%s", want, text)
		}
	}
}

// Where the guide is on this machine is said once, and only if a section of it was named.
func TestTheFileOfTheGuideIsNamed(t *testing.T) {
	const where = `"guide": "/c/docs/failures.md",`
	if text := lastWord(t, where, host("a", info("x", fine))); strings.Contains(text, "the guide") {
		t.Error(text)
	}
	held := fmt.Sprintf(held, "eve")
	if text := lastWord(t, where, host("a", info("__scp_config_sync_info", todo), held)); !strings.Contains(text, "the-lock\nthe guide is /c/docs/failures.md\nnext: ") {
		t.Error(text)
	}
}

// One code can have several causes: what is to be done differs.
func TestWhatNeedsAnotherRemedyIsAnotherGroup(t *testing.T) {
	refused := strings.Replace(fmt.Sprintf(held, "eve"), "ask the holder", "give the class more", 1)
	text := lastWord(t, "", host("a", info("__scp_config_sync_info", todo), fmt.Sprintf(held, "eve")), host("b", info("__scp_config_sync_info", todo), refused))
	if !strings.Contains(text, "(1): a\n") || !strings.Contains(text, "(1): b\n") || !strings.Contains(text, "what to do: give the class more") {
		t.Error(text)
	}
}

// What is too long for a line loses its middle: what became of the change is at the end.
func TestALongMessageKeepsItsEnd(t *testing.T) {
	long := strings.Replace(fmt.Sprintf(held, "eve"), "held by eve", strings.Repeat("refused by a member; ", 40)+"the device has rolled it back: REVERTED", 1)
	text := lastWord(t, "", host("a", info("__scp_config_sync_info", todo), long))
	if !strings.Contains(text, "  lock the configuration: refused") || !strings.Contains(text, " … ") || !strings.Contains(text, "rolled it back: REVERTED\n") {
		t.Error(text)
	}
}

func TestResultsThatCannotBeRead(t *testing.T) {
	var out, errOut bytes.Buffer
	if status := Main(nil, strings.NewReader("{"), &out, &errOut); status != 1 || !strings.Contains(errOut.String(), "read the results") {
		t.Errorf("status %d: %s", status, errOut.String())
	}
	if status := Main([]string{"x"}, nil, &out, &errOut); status != 2 || !strings.Contains(errOut.String(), "usage") {
		t.Errorf("status %d: %s", status, errOut.String())
	}
}
