// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"strings"
	"testing"
)

// The lines name every member that is there, and only while one is not recorded.
func TestStepByHand(t *testing.T) {
	c := Chassis{Members: []Member{{ID: 0, Serial: "XX1", Status: "Prsnt"}, {ID: 1, Serial: "XX 2", Status: "Prsnt"}, {ID: 2, Serial: "XX3", Status: "NotPrsnt"}}}
	want := `request chassis internal-ssh prepare-setup
configure
set system commit apply-macro vc-internal-ssh 0 "XX1 unproved"
set system commit apply-macro vc-internal-ssh 1 "XX 2 unproved"
commit and-quit`
	if got := strings.Join(c.StepByHand(), "\n"); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
	c.Settings.Record = c.KeysMade()
	if got := c.StepByHand(); got != nil {
		t.Errorf("all are recorded, got %q", got)
	}
}
