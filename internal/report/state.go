// SPDX-License-Identifier: GPL-3.0-or-later

package report

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

// States returns all of them in order.
func States() []State {
	return []State{Failed, Plaintext, Unclear, Incomplete, ByFIPS, Encrypted}
}

// State judges the record.
func (r Record) State() State {
	transport, _ := r.Transport()
	switch {
	case r.hasFailed():
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

func (r Record) hasFailed() bool { return r.Outcome == "failed" || len(r.Failed) > 0 }

func (r Record) isByFIPS() bool { return r.Found.FIPS != nil && *r.Found.FIPS }

// hasWritten says that the run changed the chassis.
func (r Record) hasWritten() bool { return !r.Check && len(r.Changed) > 0 }

// Steps of the procedure, as they stand in pending_steps, and how what was
// changed begins.
func stepWords() map[string]string {
	return map[string]string{"authorized_keys_command": "step 1", "internal_ssh": "step 2", "scp_sync": "step 3"}
}

func (r Record) hasDone(step string) bool {
	for _, c := range r.Changed {
		if strings.HasPrefix(c, stepWords()[step]+",") || c == stepWords()[step] {
			return true
		}
	}
	return false
}

func (r Record) wasPending(step string) bool {
	return slices.Contains(r.Found.Pending, step)
}

// Transport returns how the members exchange configuration now, and how the
// record knows. The bar is lower for plaintext than for SCP: what was in
// plaintext when the run began stays so until somebody has seen otherwise.
func (r Record) Transport() (t Transport, reason string) {
	if !r.Check && r.Seen != Unknown {
		return r.Seen, "seen by the check after the change"
	}
	found := r.foundTransport()
	switch {
	case found == Unknown && r.Found.SCP == nil:
		return Unknown, "the chassis was not read"
	case found == Unknown:
		return Unknown, "not set by configuration, and the FIPS mode is not known"
	case !r.Check && r.hasDone("scp_sync"):
		return Unknown, "changed by the run, and not checked afterwards"
	case !r.Check && found == SCP && r.hasFailed() && r.Wanted == "absent" && r.wasPending("scp_sync"):
		return Unknown, "was SCP, and the run that failed meant to switch it off"
	case found == SCP && r.isByFIPS():
		return SCP, "switched on by the FIPS mode"
	case r.hasFailed() || r.hasWritten():
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
	out := append([]string(nil), r.Problems...)
	if steps := r.stepsLeft(); len(steps) > 0 {
		out = append(out, "still to do: "+strings.Join(steps, ", "))
	}
	if r.InSync != nil && !*r.InSync && !r.Check {
		out = append(out, "the members are not in sync")
	}
	if len(r.Members) == 0 && r.Found.SCP != nil {
		out = append(out, "the record lists no member")
	}
	for _, m := range r.Members {
		for _, what := range m.missingOf(r.needsKeys()) {
			if !m.isMentioned(r.Problems, what) {
				out = append(out, fmt.Sprintf("member %d %s", m.ID, what))
			}
		}
	}
	return out
}

// isMentioned says that the chassis' own problems tell that the member is absent.
func (m Member) isMentioned(problems []string, what string) bool {
	return what == notPresent && slices.ContainsFunc(problems, func(p string) bool {
		return strings.HasPrefix(p, fmt.Sprintf("member %d ", m.ID)) && strings.Contains(p, m.Status)
	})
}

// needsKeys says that a member without keys is at fault: in plaintext it is not.
func (r Record) needsKeys() bool {
	t, _ := r.Transport()
	return r.Wanted == "present" && t == SCP
}

// stepsLeft returns the steps that were pending and were not done.
func (r Record) stepsLeft() []string {
	var out []string
	for _, p := range r.Found.Pending {
		if r.Check || !r.hasDone(p) {
			out = append(out, stepName(p))
		}
	}
	return out
}

func stepName(step string) string {
	if name, ok := stepWords()[step]; ok {
		return name + " (" + step + ")"
	}
	return step
}

func (m Member) missingOf(needsKeys bool) []string {
	var out []string
	if m.isAbsent() {
		out = append(out, notPresent)
	}
	if m.Commit == "failed" {
		out = append(out, "did not take the last commit")
	}
	if m.Sync != nil && !*m.Sync {
		out = append(out, "is not in sync")
	}
	if needsKeys && !m.isAbsent() && m.Prepared != nil && !*m.Prepared {
		out = append(out, "has no keys that are recorded")
	}
	return out
}

const notPresent = "is not present"

func (m Member) isAbsent() bool { return m.Status != "" && m.Status != "Prsnt" }
