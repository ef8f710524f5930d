// SPDX-License-Identifier: GPL-3.0-or-later

package vc

// Plan is a change of the settings, in at most two commits: a trial that the
// device rolls back by itself, and one that confirms it.
type Plan struct {
	Before    Settings
	Trial     Settings // in force after the first commit
	After     Settings // in force after the confirming one
	ConfirmBy Confirmation
	Prepare   bool   // run prepare-setup before the commits
	Resume    bool   // the trial is already there, made by an earlier run of ours
	Probe     bool   // commit although nothing differs
	Forget    bool   // take the record away if prepare-setup breaks: it would claim keys that may be gone
	Reason    string // why this is to do, or why nothing is, if that is not obvious
}

// Confirmation is how a trial is confirmed.
type Confirmation int

// A commit check is cheaper; a commit travels to every member and so proves
// the transport. A plan with neither is one plain commit.
const (
	NoTrial Confirmation = iota
	ByCheck
	ByCommit
)

// IsEmpty says that the device already is as it should be.
func (p Plan) IsEmpty() bool { return !p.Prepare && !p.HasCommits() }

// HasCommits says that there is something to commit or to confirm.
func (p Plan) HasCommits() bool { return p.Resume || p.Probe || !p.Before.Equal(p.After) }

// HasChanges says that carrying the plan out changes the device. A trial that is
// only checked once more may be settled already, so that is no change.
func (p Plan) HasChanges() bool {
	return p.Prepare || p.Probe || !p.Before.Equal(p.After) || p.Resume && p.ConfirmBy == ByCommit
}

func planUnchanged(s Settings, reason string) Plan {
	return Plan{Before: s, Trial: s, After: s, Reason: reason}
}

// Module names, as they stand in marks.
const (
	ModuleKeysCommand = "vc_authorized_keys_command"
	ModuleInternalSSH = "vc_internal_ssh"
	ModuleSCPSync     = "vc_scp_sync"
	ModuleSyncCheck   = "vc_sync_check"
)

// AdviceOnSCP says what helps a member that is not reached over SCP. The usual
// causes are the values of step 1 and the keys of step 2, in this order.
func AdviceOnSCP() string {
	return "if sshd there finds no key (Permission denied), compare authorized_keys_command and its user with what Juniper says and correct " +
		"them with replace: true (scp_config_sync_replace in the role); if they are right, make all keys again with vc_internal_ssh and rekey: always " +
		"(scp_config_sync_rekey)"
}

// sessionProblems reports a session that is not on the primary.
func (c Chassis) sessionProblems() []Problem {
	primary, ok := c.Primary()
	if !ok {
		return nil // Problems reports it
	}
	local, ok := c.Local()
	if !ok {
		return []Problem{chassisProblem("local_unknown", "connect to the primary's address",
			"the device does not say which member owns this session")}
	}
	if local.ID != primary.ID {
		return []Problem{chassisProblem("not_primary", "connect to the primary, or to the address that all members share",
			"this session is on member %d (%s), the primary is member %d (serial %s)", local.ID, local.Role, primary.ID, orUnknown(primary.Serial))}
	}
	return nil
}

// writeProblems returns what forbids a write through this session.
func (c Chassis) writeProblems() []Problem {
	return append(c.Problems(), c.sessionProblems()...)
}

// ownTrialProblems refuses to build upon a trial of ours that the caller cannot vouch
// for.
func (c Chassis) ownTrialProblems(hint string) []Problem {
	return []Problem{chassisProblem("own_trial", hint, "a trial of an earlier run is not settled yet: %s", c.Trial)}
}
