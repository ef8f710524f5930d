// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"
	"time"
)

func compared(diff string) string {
	return "<configuration-information><configuration-output>\n" + diff + "</configuration-output></configuration-information>"
}

const (
	edits   = "[edit system]\n+   location building A;\n"
	noUsers = "<database-status-information></database-status-information>"
	byRick  = "<database-status-information><database-status><user>ann</user><terminal>p1</terminal></database-status>" +
		"<database-status><user>rick</user><terminal>p0</terminal><pid>32260</pid><start-time>2026-01-01 11:04:06 UTC</start-time><idle-time>00:04:48</idle-time>" +
		"<exclusive/></database-status></database-status-information>"
	heldBy = "lock the configuration: held by rick p0 (pid 32260) since 2026-01-01 11:04:06 UTC on the switch's clock, idle 00:04:48"
)

// What another user has in the candidate, or locks, keeps a change away, and in check
// mode a preview says so.
func TestCheckLockable(t *testing.T) {
	for _, row := range []struct {
		name           string
		compare, users []string
		err            string
	}{
		{"free", says(compared("")), says(noUsers), ""},
		{"a lock without edits", says(compared("")), says(byRick), heldBy},
		{"a lock with edits", says(compared(edits)), says(byRick), heldBy},
		{"a lock, wrapped", says(compared("")), says(engines(item("localre", byRick))), heldBy},
		{"edits of a user without a lock, wrapped", says(engines(item("localre", compared(edits)))), says(engines(item("localre", noUsers))), "it holds uncommitted changes of another user at [edit system]"},
		{"edits of a user without a lock", says(compared(edits)), says(noUsers), "lock the configuration: it holds uncommitted changes of another user at [edit system]"},
		{"edits that end while we ask", says(compared(edits), compared("")), says(noUsers), ""},
		{"users cannot be read", says(compared(edits)), says(rpcError("error", "permission denied")), "it holds uncommitted changes of another user at [edit system]"},
		{"the candidate cannot be read", says(rpcError("error", "permission denied")), says(noUsers), "compare the candidate: the device reports: permission denied"},
		{"the candidate cannot be read twice", says(compared(edits), rpcError("error", "permission denied")), says(noUsers), "compare the candidate: the device reports: permission denied"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, _ := play(t, Options{}, answers{"compare": row.compare, "get-configuration-database-status": row.users})
			told(t, d.CheckLockable(t.Context()), row.err)
		})
	}
}

// Another user's edits are named by their places, and never quoted: what is in them may
// be a secret.
func TestEditsAreNamedByTheirPlaces(t *testing.T) {
	for _, row := range []struct{ name, diff, want string }{
		{"nothing", "", ""},
		{"one place", edits, "[edit system]"},
		{"two words deep", "[edit system services ssh]\n-    port 22;\n", "[edit system services]"},
		{"each once", "[edit system]\n+   a;\n[edit system]\n-   b;\n[edit snmp]\n+  community x;\n", "[edit system], [edit snmp]"},
		{"at the top", "[edit]\n+  snmp {\n+      community hidden {\n", "[edit snmp]"},
		{"at the top, more than one", "[edit]\n+  snmp {\n-  vlans {\n!  protocols {\n", "[edit snmp], [edit vlans], [edit protocols]"},
		{"a statement is no place", "[edit snmp]\n+  community hidden;\n", "[edit snmp]"},
		{"the top and below", "[edit]\n+  snmp {\n[edit vlans]\n+  v1 {\n", "[edit snmp], [edit vlans]"},
		{"five", "[edit a]\n[edit b]\n[edit c]\n[edit d]\n[edit e]\n", "[edit a], [edit b], [edit c], [edit d], [edit e]"},
		{"many", "[edit a]\n[edit b]\n[edit c]\n[edit d]\n[edit e]\n[edit f]\n[edit g]\n", "[edit a], [edit b], [edit c], [edit d], [edit e], and 2 more"},
		{"something else", "hello\n", ""},
	} {
		if got := nameHierarchies(row.diff); got != row.want {
			t.Errorf("%s: want %q, got %q", row.name, row.want, got)
		}
	}
	if got := (&CandidateModifiedError{Diff: "hello"}).Error(); got != "lock the configuration: it holds uncommitted changes of another user" {
		t.Errorf("got %q", got)
	}
}

// A lock is taken only where nobody has edits, and again when they are gone.
func TestLockClean(t *testing.T) {
	for _, row := range []struct {
		name           string
		compare, users []string
		locks          int
		err            string
	}{
		{"nobody has edits", says(compared("")), says(noUsers), 1, ""},
		{"somebody has", says(compared(edits)), says(noUsers), 0, "it holds uncommitted changes of another user at [edit system]"},
		{"somebody has, and a lock that ends", says(compared(edits), compared("")), says(byRick, noUsers), 1, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, p := play(t, Options{}, answers{"compare": row.compare, "get-configuration-database-status": row.users, "lock": says("<ok/>"), "unlock": says("<ok/>")})
			unlock, err := d.LockClean(t.Context(), time.Second)
			told(t, err, row.err)
			if (unlock != nil) != (err == nil) || countOf(p.sent(), "<lock>") != row.locks {
				t.Errorf("want %d locks, the device saw %q", row.locks, p.sent())
			}
		})
	}
}

func countOf(all []string, part string) (n int) {
	for _, one := range all {
		if strings.Contains(one, part) {
			n++
		}
	}
	return n
}

// Edits under a lock of ours may be gone with it: their owner is asked to look.
func TestHintsOfEdits(t *testing.T) {
	for locked, want := range map[bool]string{true: "may have discarded them", false: "they were left as they are"} {
		if got := (&CandidateModifiedError{Locked: locked}).Hint(); !strings.Contains(got, want) {
			t.Errorf("locked %v: want %q, got %q", locked, want, got)
		}
	}
}

// A denied permission leads to the login class; what sshd of a member says about its
// methods, and a warning, do not.
func TestHintOfARefusal(t *testing.T) {
	for _, row := range []struct {
		severity, text string
		class          bool
	}{
		{"error", "permission denied", true},
		{"error", "Permission denied for set", true},
		{"error", "root@fpc2: Permission denied (publickey)", false},
		{"warning", "permission denied", false},
		{"error", "syntax error", false},
	} {
		r := &RejectedError{Operation: "x", Messages: []Message{{Severity: row.severity, Message: row.text}}}
		if got := strings.Contains(r.Hint(), "the login class of this user"); got != row.class || got != (r.Hint() != "") {
			t.Errorf("%s %q: the hint is %q", row.severity, row.text, r.Hint())
		}
	}
}

// The permission that is missing has a name: that of the element that was denied, or of
// the operation if the device denies a part that has none.
func TestHintNamesThePermission(t *testing.T) {
	for _, row := range []struct{ operation, bad, want string }{
		{"get-configuration", "get-configuration", "permission view-configuration, without deny-configuration"},
		{"read the candidate", "", "permission view-configuration,"},
		{"compare the candidate", "", "permission view-configuration,"},
		{"get-commit-information", "get-commit-information", "permission view"},
		{"lock the configuration", "lock", "permissions configure and system-control"},
		{"load the configuration", "config-sync-with-scp", "permissions configure and system-control"},
		{"commit check", "", "permissions configure and system-control"},
		{"unlock the configuration", "", "permissions configure and system-control"},
		{prepareSetup, "prepare-setup", "permission maintenance, without deny-commands"},
		{prepareSetup, "internal-ssh", "permission maintenance,"},
		{"x", "", "allow-commands and allow-configuration"},
	} {
		r := &RejectedError{Operation: row.operation, Messages: []Message{{Severity: "error", Message: "permission denied", BadElement: row.bad}}}
		if got := r.Hint(); !strings.Contains(got, row.want) {
			t.Errorf("%s at %q: want %q, got %q", row.operation, row.bad, row.want, got)
		}
	}
}

// A commit that the device answered, and did not say to have made, is none.
func TestCommitWithoutAWordOfSuccess(t *testing.T) {
	for check, want := range map[bool]string{false: "commit: the device did not confirm success", true: "commit check: the device did not confirm success"} {
		d, _ := play(t, Options{}, answers{"commit-configuration": says("<commit-results/>")})
		_, err := d.Commit(t.Context(), CommitOptions{Check: check})
		told(t, err, want)
	}
	// The members are known here: another one's word is none of the one that was asked.
	for reply, want := range map[string]string{
		results(engine("fpc1", "<commit-success/>")): "commit: the device did not confirm success",
		engines(item("fpc1", "<ok/>")):               "commit: the device did not confirm success",
		"<done/>committed elsewhere":                 "commit: the device did not confirm success: committed elsewhere",
		results(engine("localre", "<commit-success/>"), engine("fpc1", "<commit-success/>")): "",
		engines(item("fpc0", "<commit-results><commit-success/></commit-results>")):          "",
	} {
		all := reads("", "")
		all["commit-configuration"] = says(reply)
		d, _ := play(t, Options{}, all)
		if _, err := d.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := d.Commit(t.Context(), CommitOptions{})
		told(t, err, want)
	}
}

// A list of members that is longer than a Virtual Chassis can be is refused.
func TestReadManyMembers(t *testing.T) {
	var all []string
	for range maxMembers + 1 {
		all = append(all, member(0, "Prsnt", "Linecard", priority))
	}
	d, _ := play(t, Options{}, reads("get-virtual-chassis-information", chassisReply(false, all...)))
	_, err := d.Read(t.Context())
	told(t, err, "the list has 21 members, want at most 20")
}
