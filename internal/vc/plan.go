// SPDX-License-Identifier: GPL-3.0-or-later

package vc

// Plan is a change of the settings, as the settings that are in force after each
// of its stages. Between two that are the same nothing is committed.
//
//	Before -> Withdrawn     a plain commit: what the record claims leaves it before keys may change
//	       -> (keys)        prepare-setup
//	       -> Trial         a commit that the device rolls back by itself
//	       -> Confirmed     by a check or a commit; without a trial by a plain commit
//	       -> After         a plain commit of what the commits before it were seen to prove
type Plan struct {
	Before    Settings
	Withdrawn Settings
	Trial     Settings
	Confirmed Settings
	After     Settings
	ConfirmBy Confirmation
	Prepare   bool   // run prepare-setup, between Withdrawn and what follows
	Made      Record // for whom that makes keys, unproved
	Resume    bool   // the trial is already there, made by an earlier run of ours
	Probe     bool   // commit although nothing differs
	// "system services ssh" comes into the configuration with what it holds: the
	// switch takes SSH logins on the usual port from then on.
	CreatesSSH bool
	Reason     string // why this is to do, or why nothing is, if that is not obvious
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

// Withdraws says that the record claims something that leaves it first.
func (p Plan) Withdraws() bool { return !p.Before.Equal(p.Withdrawn) }

// Proves says that a commit has to be seen to reach every member, and what that
// proves is committed then.
func (p Plan) Proves() bool { return !p.Confirmed.Equal(p.After) }

// HasCommits says that there is something to commit or to confirm after the keys.
func (p Plan) HasCommits() bool {
	return p.Resume || p.Probe || p.Proves() || !p.Withdrawn.Equal(p.Confirmed)
}

// HasChanges says that carrying the plan out changes the device. A trial that is
// only checked once more may be settled already, so that is no change.
func (p Plan) HasChanges() bool {
	return p.Prepare || p.Probe || !p.Before.Equal(p.After) || p.Resume && p.ConfirmBy == ByCommit
}

// EnablesSCP says that the plan switches SCP on, or keeps a trial that has.
func (p Plan) EnablesSCP() bool { return p.Confirmed.SCP && (p.Resume || !p.Before.SCP) }

func planUnchanged(s Settings, reason string) Plan { return planOnTrial(s, s, NoTrial, reason) }

// planOnTrial is a plan that is over when its trial is confirmed.
func planOnTrial(from, to Settings, by Confirmation, reason string) Plan {
	return Plan{Before: from, Withdrawn: from, Trial: to, Confirmed: to, After: to, ConfirmBy: by, Reason: reason}
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
	return "if sshd there finds no key (Permission denied), compare authorized_keys_command and its user with Juniper's documentation and correct " +
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
			"the device does not report which member owns this session")}
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
	return []Problem{chassisProblem("own_trial", hint, "the trial of an earlier run is still pending: %s", c.Trial)}
}
