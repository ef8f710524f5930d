// SPDX-License-Identifier: GPL-3.0-or-later

package vc

// LoginLimits is how many connections the SSH services of a switch admit; 0 is not
// configured, and then more than a run needs.
type LoginLimits struct {
	Sessions  int // at once: connection-limit
	PerMinute int // rate-limit, which may count refused connections too
}

// fewPerMinute is a rate-limit that a run, with what else logs in, may reach.
const fewPerMinute = 10

// AreFew says that a login may have to wait until the minute is over that the
// rate-limit counts.
func (l LoginLimits) AreFew() bool { return l.PerMinute > 0 && l.PerMinute <= fewPerMinute }

// AreMany says that no login of a run has to wait.
func (l LoginLimits) AreMany() bool { return l.PerMinute > fewPerMinute }

// proofProblems stand against a change that a second session has to prove.
func (c Chassis) proofProblems(untried bool) []Problem {
	if untried || c.Logins.Sessions != 1 {
		return nil
	}
	return []Problem{chassisProblem("one_session", "raise connection-limit of system services ssh, or of netconf ssh, to 2 or more",
		"connection-limit 1 leaves no room for the login that proves, while the first session is open, that the chassis can still be reached")}
}
