// SPDX-License-Identifier: GPL-3.0-or-later

package report

import "github.com/vchassis/vchassis.junos/internal/outcome"

// Run is what the last run came to, whatever the transport is. The two are the
// axes of the page: a number of one never depends on the other.
type Run string

// The runs, most urgent first.
const (
	RunFailed  Run = "failed"  // it failed, or was refused
	RunLeft    Run = "left"    // it changed nothing, and something is missing
	RunWould   Run = "would"   // check mode: it would change the chassis
	RunChanged Run = "changed" // it changed the chassis
	RunFine    Run = "fine"    // nothing was to do
)

// Runs returns all of them in order.
func Runs() []Run { return []Run{RunFailed, RunLeft, RunWould, RunChanged, RunFine} }

// Transports returns the other axis, most urgent first.
func Transports() []outcome.Transport {
	return []outcome.Transport{outcome.RCP, outcome.Unknown, outcome.SCP}
}

func runOf(r outcome.Record) Run {
	switch {
	case r.HasFailed():
		return RunFailed
	case len(r.Would) > 0:
		return RunWould
	case r.HasWritten():
		return RunChanged
	case len(r.Missing()) > 0:
		return RunLeft
	}
	return RunFine
}

func runWord(r Run) string {
	return map[Run]string{RunFailed: "Failed", RunLeft: "Something missing", RunWould: "Would change", RunChanged: "Changed", RunFine: "Nothing to do"}[r]
}

func runMeaning(r Run) string {
	return map[Run]string{
		RunFailed: "The last run failed or was refused.", RunLeft: "The last run changed nothing, and something is missing.",
		RunWould: "The last run was in check mode, and a run would change the chassis.", RunChanged: "The last run changed the chassis.",
		RunFine: "The last run found nothing to do.",
	}[r]
}

// runColor is the colour and icon of a run, one of those of the states.
func runColor(r Run) outcome.State {
	return map[Run]outcome.State{RunFailed: outcome.Failed, RunLeft: outcome.Incomplete, RunWould: outcome.ByFIPS, RunChanged: outcome.Encrypted, RunFine: outcome.Encrypted}[r]
}

// Next is what somebody has to do about a chassis. Every chassis has one.
type Next string

// What is next, most urgent first.
const (
	NextFix     Next = "fix"     // remove what made the run fail
	NextMove    Next = "move"    // in plaintext
	NextRead    Next = "read"    // the transport is not known
	NextFinish  Next = "finish"  // over SCP, and something is missing
	NextNothing Next = "nothing" // all is well
)

// Nexts returns all of them in order.
func Nexts() []Next { return []Next{NextFix, NextMove, NextRead, NextFinish, NextNothing} }

func nextOf(r outcome.Record) Next {
	t, _ := r.Transport()
	switch {
	case r.HasFailed():
		return NextFix
	case t == outcome.RCP:
		return NextMove
	case t == outcome.Unknown:
		return NextRead
	case len(r.Missing()) > 0:
		return NextFinish
	}
	return NextNothing
}

func nextWord(n Next) string {
	return map[Next]string{
		NextFix: "Fix what made the run fail, then run again", NextMove: "Move to SCP", NextRead: "Read again",
		NextFinish: "Finish what is missing", NextNothing: "Nothing to do",
	}[n]
}

func nextMeaning(n Next) string {
	return map[Next]string{
		NextFix:    "Their last run failed or was refused, whatever their transport is.",
		NextMove:   "Configuration, with the secrets in it, travels between the members in clear text.",
		NextRead:   "The record does not say how configuration travels: run vchassis.junos.audit.",
		NextFinish: "Over SCP, but something is missing.",
	}[n]
}

// runIcon is its icon: none that stands for a transport.
func runIcon(r Run) outcome.State {
	return map[Run]outcome.State{RunFailed: outcome.Failed, RunLeft: outcome.Incomplete, RunWould: outcome.Unclear, RunChanged: outcome.ByFIPS, RunFine: outcome.ByFIPS}[r]
}

// nextColor is the colour and icon of what is next, one of those of the states.
func nextColor(n Next) outcome.State {
	return map[Next]outcome.State{NextFix: outcome.Failed, NextMove: outcome.Plaintext, NextRead: outcome.Unclear, NextFinish: outcome.Incomplete, NextNothing: outcome.Encrypted}[n]
}
