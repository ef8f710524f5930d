// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import "testing"

// What prepare-setup says to others than root, and elsewhere than on the
// primary, is not published.
func TestWordsOfPrepareSetup(t *testing.T) {
	lab := startLab(t, `chassis: [{name: vc1, member_ports: true, profile: {prepare_not_root: must be root, prepare_not_primary: "error: not here"}}]`)
	ch := lab.Chassis("vc1")
	admin := login(t, ch.Address(), "admin", "Admin-lab-1")
	admin.want(prepared, "must be root", "!permission denied")
	backup, err := ch.Member(1).Address()
	if err != nil {
		t.Fatal(err)
	}
	root := login(t, backup, "root", rootPassword)
	root.want(prepared, "error: not here", "!must be executed on the primary")
	if n := lab.Counters("vc1").Prepares; n != 0 {
		t.Errorf("keys were made %d times", n)
	}
}
