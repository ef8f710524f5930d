// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import "strings"

// StepByHand returns what somebody types who does step 2 by hand: the command, in
// root's CLI on the primary, and then in configuration mode one statement for each
// member that is present, with its serial number, not proved yet. It returns nothing when every
// member is recorded.
func (c Chassis) StepByHand() []string {
	if len(c.Unprepared(c.Settings.Record)) == 0 {
		return nil
	}
	statements := Settings{Record: c.KeysMade()}.Text()
	lines := []string{"request chassis internal-ssh prepare-setup", "configure"}
	lines = append(lines, strings.Split(strings.TrimSpace(statements), "\n")...)
	return append(lines, "commit and-quit")
}
