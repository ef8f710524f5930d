// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// scpReady is a chassis on which the whole procedure was done.
const scpReady = `
  prepared: true
  config_add: |
    set system services ssh authorized-keys-command /usr/libexec/example/internal-ssh-keys
    set system services ssh authorized-keys-command-user example
    set system commit config-sync-with-scp
`

func TestReplacedMemberNeedsKeys(t *testing.T) {
	for _, test := range []struct{ config, err string }{
		{"staged", ""},
		{"factory", "Permission denied (publickey)"},
	} {
		t.Run(test.config, func(t *testing.T) {
			_, ch := oneChassis(t, scpReady)
			old := ch.State(false).Members[2].Serial
			if err := ch.Replace(2, Replacement{Config: test.config}); err != nil {
				t.Fatal(err)
			}
			s := ch.State(false)
			m := s.Members[2]
			if m.Serial == old || m.Status != engine.StatusPresent || m.InSync || m.Unsynced == "" || s.KeyMesh {
				t.Fatalf("want a new switch without keys, got %+v", m)
			}
			c := login(t, ch.Address(), "root", rootPassword)
			c.want(commitOp, "could not synchronize configuration to fpc2: Host key verification failed", "!<ok/>")
			c.want(prepared, "completed")
			if test.err == "" {
				c.want(commitOp, "<ok/>", "!rpc-error")
			} else {
				c.want(commitOp, test.err, "!<ok/>")
			}
			if got := ch.State(false).Members[2].InSync; got != (test.err == "") {
				t.Fatalf("in sync: %v", got)
			}
		})
	}
}

func TestMemberLeavesAndReturns(t *testing.T) {
	_, ch := oneChassis(t, "")
	if err := ch.Leave(2); err != nil {
		t.Fatal(err)
	}
	c := login(t, ch.Address(), "root", rootPassword)
	reply := c.want(`<get-virtual-chassis-information/>`, "NotPrsnt")
	gone := reply[strings.Index(reply, "NotPrsnt"):]
	if strings.Contains(gone, "member-role") || strings.Contains(gone, "neighbor-list") {
		t.Fatalf("an absent member has no role and no neighbours:\n%s", gone)
	}
	c.want(setLoad("set system location building A"), "<ok/>")
	c.want(commitOp, "<name>fpc1</name>", "!fpc2", "<ok/>")
	if err := ch.Join(2); err != nil {
		t.Fatal(err)
	}
	if m := ch.State(true).Members[2]; !m.InSync || !strings.Contains(m.Config, "building A") {
		t.Fatalf("want it in sync, got %+v", m)
	}
	if err := ch.Leave(7); err == nil {
		t.Fatal("member 7 is not there")
	}
}

func TestSwitchoverDropsSessionsAndTheirEdits(t *testing.T) {
	_, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(lockOp, "<ok/>")
	c.want(setLoad("set system location building A"), "<ok/>")
	if err := ch.Switchover(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.try(commitOp); err == nil {
		t.Fatal("the session is still there")
	}
	again := login(t, ch.Address(), "root", rootPassword)
	reply := again.want(`<get-virtual-chassis-information/>`, "<member-role>Master*</member-role>", "<member-role>Backup</member-role>")
	if strings.Index(reply, "Backup") > strings.Index(reply, "Master*") {
		t.Fatalf("member 1 should be primary:\n%s", reply)
	}
	again.want(lockOp, "<ok/>")
	again.want(`<get-configuration compare="rollback" rollback="0" format="text"/>`, "!building")
}

func TestSessionOnTheBackup(t *testing.T) {
	_, ch := oneChassis(t, "  profile: {backup_writes_text: not here}\n")
	addr, err := ch.Member(1).Address()
	if err != nil {
		t.Fatal(err)
	}
	c := login(t, addr, "root", rootPassword)
	c.want(`<get-virtual-chassis-information/>`, "<member-role>Backup*</member-role>", "<member-role>Master</member-role>")
	c.want(`<get-configuration format="set"/>`, "host-name vc1")
	c.want(lockOp, "not here")
	c.want(setLoad("set system location building A"), "not here")
	c.want(commitOp, "not here")
	c.want(prepared, "error: command must be executed on the primary member")
}

func TestSplitShowsTwoPrimaries(t *testing.T) {
	_, ch := oneChassis(t, "")
	ch.Split(true)
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-virtual-chassis-information/>`, "<member-role>Master*</member-role>", "<member-role>Master</member-role>")
}

func TestFIPSChassisSpeaksOnlySCP(t *testing.T) {
	lab, ch := oneChassis(t, "  fips: true\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-software-information/>`, "<fips/>")
	c.want(setLoad(stepOne(ch.Profile)...), "<ok/>")
	c.want(commitOp, "no internal SSH key", "!<ok/>")
	c.want(prepared, "completed")
	c.want(commitOp, "Permission denied (publickey)", "!<ok/>") // the others do not have step 1 yet
	if _, by := readable(lab, ""); len(by) != 0 {
		t.Fatal("nothing was captured yet")
	}
}

func TestMixedFIPSMembersRefusePlaintext(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, members: [{id: 0}, {id: 1, fips: true}]}]`)
	c := login(t, lab.Chassis("vc1").Address(), "root", rootPassword)
	c.want(commitOp, "fpc1: Connection refused", "!<ok/>")
}

func TestOlderMemberRefusesAStatementItDoesNotKnow(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, members: [{id: 0}, {id: 1, release: 24.4R1.5}]}]`)
	ch := lab.Chassis("vc1")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad(append(stepOne(ch.Profile), scpOn)...), "<ok/>")
	c.want(commitOp, "fpc1: syntax error", "!<ok/>")
}

func TestReleaseWithoutTheStatement(t *testing.T) {
	_, ch := oneChassis(t, "  release: 24.4R2.10\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad(scpOn), "syntax error", "<bad-element>config-sync-with-scp</bad-element>", "!<ok/>")
}

func TestBrokenKeysCommandLocksEverybodyOutUntilTheRollback(t *testing.T) {
	lab, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad("set system services ssh authorized-keys-command relative/path", "set system services ssh authorized-keys-command-user x"), "<ok/>")
	c.want(`<commit-configuration><confirmed/><confirm-timeout>1</confirm-timeout></commit-configuration>`, "<ok/>")
	if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
		t.Fatal("sshd should not be there")
	}
	c.want(`<get-system-information/>`, "<host-name>vc1</host-name>") // sessions live on
	lab.Clock().Advance(time.Minute)
	login(t, ch.Address(), "root", rootPassword)
}

func TestStandaloneSwitchJoins(t *testing.T) {
	lab := startLab(t, `
chassis:
- name: vc1
  members: [{id: 0}, {id: 1}, {id: 2, status: standalone, config: staged}]
`)
	ch := lab.Chassis("vc1")
	addr, _ := ch.Member(2).Address()
	alone := login(t, addr, "root", rootPassword)
	alone.want(`<get-virtual-chassis-information/>`, "<member-id>0</member-id>", "Master*", "!<member-id>1")
	alone.want(setLoad("set system location building B"), "<ok/>")
	alone.want(commitOp, "<name>fpc0</name>", "!fpc1", "<ok/>")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(`<get-virtual-chassis-information/>`, "!<member-id>2</member-id>")
	if err := ch.Join(2); err != nil {
		t.Fatal(err)
	}
	c.want(`<get-virtual-chassis-information/>`, "<member-id>2</member-id>", "!NotPrsnt", "!Unprvsnd")
	if s := ch.State(true); !s.Members[2].InSync || strings.Contains(s.Members[2].Config, "building B") {
		t.Fatalf("the primary's configuration replaces its own: %+v", s.Members[2])
	}
}

func TestPrepareLeavesOutWhoIsNotThere(t *testing.T) {
	two := 2
	lab, ch := oneChassis(t, "")
	c := login(t, ch.Address(), "root", rootPassword)
	if _, err := lab.AddFault(Rule{Fault: Fault{Action: engine.FaultUnreachable}, Member: &two}); err != nil {
		t.Fatal(err)
	}
	c.want(prepared, "error: internal SSH setup failed on fpc2", "!completed")
	lab.ClearFaults()
	if s := ch.State(false); s.KeyMesh || len(s.Members[0].Keys) != 1 {
		t.Fatalf("want keys between 0 and 1 only: %+v", s.Members)
	}
	c.want(prepared, "completed")
	if !ch.State(false).KeyMesh {
		t.Fatal("want keys between all")
	}
	// A member that is away during a later run keeps its place, unless keys rotate.
	if err := ch.Leave(2); err != nil {
		t.Fatal(err)
	}
	c.want(prepared, "completed")
	if err := ch.Join(2); err != nil {
		t.Fatal(err)
	}
	if !ch.State(false).KeyMesh {
		t.Fatal("want keys between all, still")
	}
}

func TestPrepareAgainRotates(t *testing.T) {
	_, ch := oneChassis(t, "  profile: {prepare_again: rotate}\n")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(prepared, "completed")
	if err := ch.Leave(2); err != nil {
		t.Fatal(err)
	}
	c.want(prepared, "completed")
	if err := ch.Join(2); err != nil {
		t.Fatal(err)
	}
	if ch.State(false).KeyMesh {
		t.Fatal("member 2 does not know the new keys")
	}
}
