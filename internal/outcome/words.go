// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"slices"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Word says in one word what a run came to.
type Word string

// The words. Programs compare them, so they stay.
const (
	Compliant    Word = "compliant"     // nothing was to do
	DidChange    Word = "changed"       // all that was to do was done
	WouldChange  Word = "would change"  // check mode: the same, not done
	NotCompliant Word = "not compliant" // something is to do that this run did not do
	HasProblems  Word = "incomplete"    // nothing to do, and something is wrong with the chassis
	DidFail      Word = "failed"        // a step failed, or the run was refused
)

// Words returns all of them.
func Words() []Word {
	return []Word{Compliant, DidChange, WouldChange, NotCompliant, HasProblems, DidFail}
}

// The steps as did, would and not_done name them. Those of the way back have
// names of their own: they undo what the others do.
const (
	StepCommand    = string(vc.StepKeysCommand)
	StepKeys       = string(vc.StepInternalSSH)
	StepSCP        = string(vc.StepSCPSync)
	StepCommandOff = "remove_" + StepCommand
	StepRecordOff  = "remove_record"
	StepSCPOff     = "disable_" + StepSCP
)

// Steps returns them in the order in which they are made, there and back.
func Steps() []string {
	return []string{StepCommand, StepKeys, StepSCP, StepSCPOff, StepRecordOff, StepCommandOff}
}

// wayBackOf returns what undoes a step; "" if nothing does.
func wayBackOf(step string) string {
	return map[string]string{StepCommand: StepCommandOff, StepKeys: StepRecordOff, StepSCP: StepSCPOff}[step]
}

// stepOf returns a pending step of vc_info as this way names it.
func stepOf(pending, wanted string) string {
	if back := wayBackOf(pending); wanted == Absent && back != "" {
		return back
	}
	return pending
}

func inOrder(steps []string) []string {
	out := []string{}
	for _, s := range Steps() {
		if slices.Contains(steps, s) {
			out = append(out, s)
		}
	}
	return out
}

// StepWords names a step for people; a step that nobody knows names itself.
func StepWords(step string) string {
	words := map[string]string{
		StepSCPOff:     "config-sync-with-scp off",
		StepRecordOff:  "record of who has keys removed",
		StepCommandOff: "authorized-keys-command removed",
	}
	if w, ok := words[step]; ok {
		return w
	}
	return vc.Step(step).Words()
}

// formerWords are how records of schema 1 named what a run had changed, or in
// check mode would change. Keys "changed" still have them.
func formerWords(step string) string {
	return map[string]string{
		StepCommand: "step 1, authorized-keys-command", StepCommandOff: "step 1, authorized-keys-command",
		StepKeys: "step 2, internal SSH keys", StepRecordOff: "step 2, internal SSH keys",
		StepSCP: "step 3, config-sync-with-scp", StepSCPOff: "step 3, config-sync-with-scp",
	}[step]
}
