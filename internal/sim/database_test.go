// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"testing"
	"time"
)

func oneChassis(t *testing.T, more string) (*Lab, *Chassis) {
	t.Helper()
	lab := startLab(t, "chassis:\n- name: vc1\n  size: 3\n"+more)
	return lab, lab.Chassis("vc1")
}

func TestCandidateBelongsToItsHolder(t *testing.T) {
	_, ch := oneChassis(t, "")
	a := login(t, ch.Address(), "root", rootPassword)
	b := login(t, ch.Address(), "admin", "Admin-lab-1")
	a.want(lockOp, "<ok/>")
	a.want(lockOp, "Configuration database is already open")
	b.want(lockOp, "configuration database locked by:", "root terminal  (pid ", "exclusive", "!<ok/>")
	b.want(setLoad("set system location building A"), "configuration database locked by:")
	b.want(commitOp, "configuration database locked by:")
	b.want(`<get-configuration-database-status/>`, "<user>root</user>", "<exclusive/>")
	a.want(setLoad("set system location building A"), "<ok/>")
	a.want(unlockOp, "<ok/>")
	a.want(unlockOp, "Configuration database is not open")
	b.want(`<get-configuration compare="rollback" rollback="0" format="text"/>`, "!building")
}

func TestUncommittedEditsOfAnybodyStopALock(t *testing.T) {
	_, ch := oneChassis(t, "")
	colleague := ch.Colleague("admin", "cli")
	if err := colleague.Edit("set system location building A"); err != nil {
		t.Fatal(err)
	}
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(lockOp, "configuration database modified")
	c.want(`<get-configuration compare="rollback" rollback="0" format="text"/>`, "building A;")
	c.want(`<get-configuration format="set" database="committed"/>`, "!building")
	colleague.Close() // edits that were made without a lock stay behind
	c.want(lockOp, "configuration database modified")
	c.want(`<discard-changes/>`, "<ok/>")
	c.want(lockOp, "<ok/>")
}

func TestEndOfASessionReleasesWhatItHeld(t *testing.T) {
	_, ch := oneChassis(t, "")
	a := login(t, ch.Address(), "root", rootPassword)
	a.want(lockOp, "<ok/>")
	a.want(setLoad("set system location building A"), "<ok/>")
	a.close()
	waitFor(t, "the lock is gone", func() bool { s := ch.State(false); return s.Lock == 0 && s.Candidate == "" && len(s.Sessions) == 0 })
}

// waitFor polls a condition of the simulator that follows from a closed
// connection; nothing signals it.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}

func TestPrivateCandidateIsReplayedOnWhatIsActive(t *testing.T) {
	_, ch := oneChassis(t, "")
	a := login(t, ch.Address(), "root", rootPassword)
	b := login(t, ch.Address(), "admin", "Admin-lab-1")
	a.want(`<open-configuration><private/></open-configuration>`, "uncommitted changes will be discarded on exit")
	a.want(setLoad("set system location building A"), "<ok/>")
	b.want(`<get-configuration format="set"/>`, "!building")
	b.want(setLoad("set system domain-name example.com"), "<ok/>")
	b.want(commitOp, "<ok/>")
	a.want(commitOp, "<ok/>")
	b.want(`<get-configuration format="set" database="committed"/>`, "building A", "example.com")
	a.want(`<close-configuration/>`, "<ok/>")
}

func TestTrialCommit(t *testing.T) {
	trial := `<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout></commit-configuration>`
	for _, test := range []struct {
		name, profile, after string // after the trial, by another session
		close, kept          bool
		history              int
	}{
		{"nobody confirms", "", "", false, false, 3},
		{"a commit confirms", "", commitOp, false, true, 3},
		{"a check confirms", "", `<commit-configuration><check/></commit-configuration>`, false, true, 2},
		{"a check does not", "check_confirms: no", `<commit-configuration><check/></commit-configuration>`, false, false, 3},
		{"the session goes", "", "", true, false, 3},
		{"the session goes and takes it along", "confirmed_session_loss: reverts", "", true, false, 3},
		{"rollback over the trial's transport", "rollback_transport: active", "", false, false, 3},
		{"seconds", "", "seconds", false, false, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			lab, ch := oneChassis(t, "  profile: {"+test.profile+"}\n")
			a := login(t, ch.Address(), "root", rootPassword)
			b := login(t, ch.Address(), "admin", "Admin-lab-1")
			a.want(setLoad("set system location building A"), "<ok/>")
			if test.after == "seconds" {
				a.want(`<commit><confirmed/><confirm-timeout>300</confirm-timeout></commit>`, "<ok/>")
			} else {
				a.want(trial, "<ok/>")
				if test.after != "" {
					b.want(test.after, "<ok/>")
				}
			}
			if test.close {
				a.close()
			}
			if test.profile == "confirmed_session_loss: reverts" {
				waitFor(t, "the rollback", func() bool { return lab.Counters("vc1").Rollbacks == 1 })
			} else {
				lab.Clock().Advance(4 * time.Minute)
				b.want(`<get-configuration format="set" database="committed"/>`, "building A")
				lab.Clock().Advance(2 * time.Minute)
			}
			state := ch.State(true)
			for _, m := range state.Members {
				if strings.Contains(m.Config, "building A") != test.kept {
					t.Errorf("fpc%d: kept should be %v", m.ID, test.kept)
				}
			}
			if len(state.Commits) != test.history || state.Trial != nil {
				t.Errorf("want %d commits and no trial, got %+v", test.history, state.Commits)
			}
		})
	}
}

func TestCommitRefusals(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	for _, test := range []struct{ name, load, commit, err string }{
		{"command without user", "set system services ssh authorized-keys-command /x", commitOp, "'authorized-keys-command-user' must be configured with authorized-keys-command"},
		{"user without command", "set system services ssh authorized-keys-command-user x", commitOp, "'authorized-keys-command' must be configured with authorized-keys-command-user"},
		{"scp without command", scpOn, commitOp, "Missing prerequisite configuration 'system services ssh authorized-keys-command'"},
		{"check says so too", scpOn, `<commit-configuration><check/></commit-configuration>`, "configuration check-out failed: (statements constraint check failed)"},
		{"reason", scpOn, commitOp, "commit failed: (statements constraint check failed)"},
		{"a later time", "", `<commit-configuration><at-time>23:00</at-time></commit-configuration>`, "not simulated: commit-configuration at-time"},
		{"minutes out of range", "", `<commit-configuration><confirmed/><confirm-timeout>70000</confirm-timeout></commit-configuration>`, "not within range"},
		{"no log", "set system commit force-commit-log", `<commit-configuration/>`, "commit log is mandatory"},
		{"root", "delete system root-authentication", commitOp, "Missing mandatory statement: 'root-authentication'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.load != "" {
				c.want(setLoad(test.load), "<ok/>")
			}
			c.want(test.commit, test.err, "!<ok/>")
			c.want(`<discard-changes/>`, "<ok/>")
		})
	}
	if n := len(ch.State(false).Commits); n != 1 {
		t.Fatalf("want the first history entry alone, got %d", n)
	}
}
