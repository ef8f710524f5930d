// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"fmt"
	"slices"
	"strings"
)

// State is the one word for a chassis. They stand in the order of urgency,
// which is the order of the page.
type State string

// The states.
const (
	Failed     State = "failed"     // the run failed, wherever it left the chassis
	Plaintext  State = "rcp"        // configuration travels in clear
	Unclear    State = "unknown"    // the record does not say how it travels
	Incomplete State = "incomplete" // over SCP, but something is missing
	ByFIPS     State = "fips"       // over SCP, because of the FIPS mode
	Encrypted  State = "scp"        // over SCP, nothing is missing
)

// Judge says in which state the chassis is, as the record knows it.
func (r Record) Judge() State {
	transport, _ := r.Transport()
	switch {
	case r.HasFailed():
		return Failed
	case transport == RCP:
		return Plaintext
	case transport == Unknown:
		return Unclear
	case len(r.Missing()) > 0:
		return Incomplete
	case r.isByFIPS():
		return ByFIPS
	}
	return Encrypted
}

// HasFailed says that the run was refused, or that a step failed.
func (r Record) HasFailed() bool { return r.Outcome == DidFail || len(r.Failures) > 0 }

func (r Record) isByFIPS() bool { return r.Found.FIPS != nil && *r.Found.FIPS }

// HasWritten says that the run changed the chassis.
func (r Record) HasWritten() bool { return !r.Check && len(r.Did) > 0 }

// IsProof says that the run saw a commit over SCP reach every member.
func (r Record) IsProof() bool {
	return !r.Check && !r.HasFailed() && r.Sync.Transport == SCP && r.Sync.InSync != nil && *r.Sync.InSync
}

// hasTouchedSCP says that the run has switched SCP on or off, or may have.
func (r Record) hasTouchedSCP() bool {
	isSCP := func(step string) bool { return step == StepSCP || step == StepSCPOff }
	return !r.Check && (slices.ContainsFunc(r.Did, isSCP) || slices.ContainsFunc(r.Failures, func(f Failure) bool { return isSCP(f.Step) && f.isOpen() }))
}

func (r Record) wasPending(step string) bool {
	return slices.Contains(r.Found.Pending, step)
}

// Transport returns how the members exchange configuration now, and how the
// record knows. The bar is lower for plaintext than for SCP: what was in
// plaintext when the run began stays so until somebody has seen otherwise.
func (r Record) Transport() (t Transport, reason string) {
	if seen := r.Sync.Transport; !r.Check && seen != Unknown && seen != "" {
		return seen, "seen by the check after the change"
	}
	found := r.foundTransport()
	switch {
	case found == Unknown && r.Found.SCP == nil:
		return Unknown, "the chassis was not read"
	case found == Unknown:
		return Unknown, "not set by configuration, and the FIPS mode is not known"
	case r.hasTouchedSCP():
		return Unknown, "changed by the run, and not checked afterwards"
	case !r.Check && found == SCP && r.HasFailed() && r.Wanted == Absent && r.wasPending(StepSCP):
		return Unknown, "was SCP, and the failed run was to disable it"
	case found == SCP && r.isByFIPS():
		return SCP, "enabled by FIPS mode"
	case r.HasFailed() || r.HasWritten():
		return found, "seen when the run began"
	}
	return found, "by the configuration"
}

// foundTransport reads two answers together: vc_info also says "not active"
// when it could not tell whether FIPS mode activates SCP.
func (r Record) foundTransport() Transport {
	switch scp, fips := r.Found.SCP, r.Found.FIPS; {
	case scp == nil:
		return Unknown
	case *scp:
		return SCP
	case fips != nil && !*fips:
		return RCP
	}
	return Unknown
}

// Missing lists what stands between the chassis and the wanted state, apart
// from failures.
func (r Record) Missing() []string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.String())
	}
	if steps := r.stepsLeft(); len(steps) > 0 {
		out = append(out, "still to do: "+strings.Join(steps, ", "))
	}
	if r.Sync.InSync != nil && !*r.Sync.InSync && !r.Check {
		out = append(out, "the members are not in sync")
	}
	if len(r.Members) == 0 && r.Found.SCP != nil {
		out = append(out, "the record lists no member")
	}
	for _, m := range r.Members {
		for _, what := range m.MissingOf(r.NeedsKeys()) {
			if what != notPresent || !r.hasProblemOf(m) {
				out = append(out, fmt.Sprintf("member %d %s", m.ID, what))
			}
		}
	}
	return out
}

// hasProblemOf says that the chassis' own problems name the member.
func (r Record) hasProblemOf(m Member) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.MemberID != nil && *p.MemberID == m.ID })
}

// NeedsKeys says that a member without keys is at fault: in plaintext it is not.
func (r Record) NeedsKeys() bool {
	t, _ := r.Transport()
	return r.Wanted == Present && t == SCP
}

// DoneWords names a step that has changed something, for people. Keys that are not
// recorded are made again by the next run.
func (r Record) DoneWords(step string) string {
	isUnrecorded := func(m Member) bool { return !m.IsAbsent() && m.Prepared != nil && !*m.Prepared }
	if step == StepKeys && slices.ContainsFunc(r.Members, isUnrecorded) {
		return StepWords(step) + ": made, not recorded"
	}
	return StepWords(step)
}

// stepsLeft returns the steps that were to be made and were not, for people.
func (r Record) stepsLeft() []string {
	var out []string
	for _, step := range append(slices.Clone(r.Would), r.NotDone...) {
		out = append(out, StepWords(step))
	}
	return out
}

// MissingOf lists what is wrong with the member.
func (m Member) MissingOf(needsKeys bool) []string {
	var out []string
	if m.IsAbsent() {
		out = append(out, notPresent)
	}
	if m.Commit == "failed" {
		out = append(out, "did not apply the last commit")
	}
	if m.Sync != nil && !*m.Sync {
		out = append(out, "is not in sync")
	}
	if needsKeys && !m.IsAbsent() && m.Prepared != nil && !*m.Prepared {
		out = append(out, "has no recorded keys")
	}
	return out
}

const notPresent = "is not present"

// IsAbsent says that the member is listed and not present.
func (m Member) IsAbsent() bool { return m.Status != "" && m.Status != "Prsnt" }

// Reasons lists what a reader of the problems has to know.
func (r Record) Reasons() []string {
	t, why := r.Transport()
	var out []string
	if t == Unknown {
		out = append(out, "transport not known: "+why)
	}
	if t == RCP && r.HasFailed() {
		out = append(out, "in plaintext (RCP), "+why)
	}
	if t == RCP && r.Wanted == "absent" {
		out = append(out, "as requested: scp_config_sync_state is absent")
	}
	var failed, problems []string
	for _, f := range r.Failures {
		failed = append(failed, f.String())
	}
	for _, p := range r.Problems {
		problems = append(problems, p.String())
	}
	// Why a run was refused stands in the problems, and comes first.
	return uniqueTexts(slices.Concat(failed, problems, out, r.Missing()))
}

func uniqueTexts(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
