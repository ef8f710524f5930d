// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import "testing"

// An operation that was under way when its session ended, such as one that stalled, leaves
// no lock and no edits behind.
func TestASessionThatHasEndedLeavesNothing(t *testing.T) {
	ch := unreached(t, "chassis: [{name: vc1}]").Chassis("vc1")
	const edit = "set system location building A"
	s := ch.Primary().Login(User{Name: "root", Class: "super-user"}, "netconf", "", nil)
	if _, err := s.Load("set", "text", edit); err != nil {
		t.Fatal(err.Message)
	}
	if err := s.Rollback(0); err != nil {
		t.Fatal(err.Message)
	}
	s.End()
	if _, err := s.Load("set", "text", edit); err == nil {
		t.Error("its edit was taken")
	}
	if s.Lock() == nil || s.OpenPrivate() == nil {
		t.Error("it has locked the configuration, or opened a candidate")
	}
	if left := ch.State(false); left.Lock != 0 || left.Candidate != "" {
		t.Errorf("left: %+v", left)
	}
}
