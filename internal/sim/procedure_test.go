// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

const rootPassword = "Root-lab-1"

// readable tells whether text can be found on the wire between members, in
// either direction, and which transports were used.
func readable(lab *Lab, text string) (bool, []string) {
	found := false
	var transports []string
	for _, w := range lab.Captured() {
		found = found || bytes.Contains(w.Data, []byte(text))
		if !slices.Contains(transports, w.Transport) {
			transports = append(transports, w.Transport)
		}
	}
	return found, transports
}

func TestProcedureMovesTheChassisFromRCPToSCP(t *testing.T) {
	lab := startLab(t, `
chassis:
- name: vc1
  size: 3
`)
	ch := lab.Chassis("vc1")
	c := login(t, ch.Address(), "root", rootPassword)
	lab.Capture(true)

	c.want(lockOp, "<ok/>")
	c.want(setLoad(stepOne(ch.Profile)...), "<ok/>", "!rpc-error")
	c.want(commitOp, "<name>fpc0</name>", "<name>fpc1</name>", "<name>fpc2</name>", "<commit-success/>", "<ok/>")
	if found, by := readable(lab, "authorized-keys-command-user"); !found || !slices.Equal(by, []string{"rcp"}) {
		t.Fatalf("over RCP the configuration is readable: %v, transports %v", found, by)
	}
	c.want(prepared, "Internal SSH setup completed")

	c.want(setLoad(scpOn), "<ok/>")
	c.want(`<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout><log>trial</log></commit-configuration>`, "<ok/>")
	lab.Capture(true)
	c.want(setLoad(`set system commit apply-macro vc-internal-ssh 0 serial`), "<ok/>")
	c.want(commitOp, "<name>fpc2</name>", "<ok/>", "!rpc-error")
	if found, by := readable(lab, "host-name"); found || !slices.Equal(by, []string{"scp"}) {
		t.Fatalf("over SCP no configuration is readable: found %v, transports %v", found, by)
	}
	lab.Clock().Advance(10 * time.Minute)
	for _, m := range ch.Joined() {
		if _, on := m.ActiveTree().Get("system", "commit", "config-sync-with-scp"); !on {
			t.Errorf("fpc%d lacks the statement", m.ID)
		}
		if _, ok := m.ActiveTree().Get("system", "commit", "apply-macro", "vc-internal-ssh"); !ok {
			t.Errorf("fpc%d lacks the record", m.ID)
		}
	}
}

func TestSCPWithoutKeysFailsOnEveryMemberAndRevertsByItself(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, size: 3}]`)
	ch := lab.Chassis("vc1")
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad(append(stepOne(ch.Profile), scpOn)...), "<ok/>")
	c.want(`<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout></commit-configuration>`, "<ok/>")
	c.want(commitOp, "could not synchronize configuration to fpc1: no internal SSH key", "fpc2", "!<ok/>")
	lab.Clock().Advance(5 * time.Minute)
	for _, m := range ch.Joined() {
		if _, on := m.ActiveTree().Get("system", "commit", "config-sync-with-scp"); on {
			t.Errorf("fpc%d still has the statement", m.ID)
		}
	}
	c.want(`<get-commit-information/>`, "commit confirmed, rollback in 5mins", "automatic rollback complete")
}
