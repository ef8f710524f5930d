// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// ChassisState is what a chassis is at one moment, as GET /state shows it.
type ChassisState struct {
	Name      string         `json:"name"`
	Address   string         `json:"address"`
	Primary   int            `json:"primary"`
	Split     bool           `json:"split"`
	Transport string         `json:"transport"` // of the next commit
	Members   []MemberState  `json:"members"`
	Sessions  []SessionState `json:"sessions"`
	Lock      int            `json:"lock"`      // session id of the holder, 0
	Candidate string         `json:"candidate"` // uncommitted edits, as show | compare
	Trial     *TrialState    `json:"trial"`
	Sync      *SyncReport    `json:"last_sync"`
	Commits   []CommitState  `json:"commits"`
	KeyMesh   bool           `json:"key_mesh"`       // every present pair can log in to each other
	Kept      []string       `json:"kept,omitempty"` // statements that the schema does not know, under keep_unknown
	Counters  Counters       `json:"counters"`
}

// MemberState is one member of a ChassisState.
type MemberState struct {
	ID       int      `json:"id"`
	Serial   string   `json:"serial"`
	Model    string   `json:"model"`
	Release  string   `json:"release"`
	FIPS     bool     `json:"fips"`
	Status   string   `json:"status"`
	Role     string   `json:"role"`
	Address  string   `json:"address,omitempty"`
	Command  string   `json:"authorized_keys_command"`
	User     string   `json:"authorized_keys_command_user"`
	SCP      bool     `json:"config_sync_with_scp"`
	InSync   bool     `json:"in_sync"`
	Unsynced string   `json:"unsynced,omitempty"`
	Keys     []int    `json:"keys"` // members this one can log in to
	Files    []string `json:"files"`
	Config   string   `json:"config,omitempty"` // set commands, when asked for
}

// SessionState is one login.
type SessionState struct {
	ID     int       `json:"id"`
	User   string    `json:"user"`
	Client string    `json:"client"`
	Member int       `json:"member"`
	Since  time.Time `json:"since"`
}

// TrialState is a confirmed commit that waits.
type TrialState struct {
	User     string    `json:"user"`
	Session  int       `json:"session"`
	Deadline time.Time `json:"deadline"`
}

// CommitState is one line of the history.
type CommitState struct {
	Time    time.Time `json:"time"`
	User    string    `json:"user"`
	Client  string    `json:"client"`
	Comment string    `json:"comment"`
	Log     string    `json:"log"`
	Pending bool      `json:"pending,omitempty"` // a trial that nobody has confirmed
}

// State describes the chassis; config adds every member's configuration.
func (ch *Chassis) State(config bool) ChassisState {
	primary := ch.Primary()
	active := primary.ActiveTree()
	state := ChassisState{
		Name: ch.Name, Address: ch.Address(), Primary: primary.ID, Transport: ch.transportOf(primary, active),
		KeyMesh: ch.keyMesh(), Counters: ch.lab.Counters(ch.Name), Commits: primary.Commits(), Sessions: []SessionState{},
	}
	for _, m := range ch.allMembers() {
		state.Members = append(state.Members, m.memberState(active, config))
	}
	for _, s := range ch.LoggedIn() {
		state.Sessions = append(state.Sessions, SessionState{s.ID, s.User.Name, s.Client, s.Member.ID, s.Since})
	}
	if ch.spec.KeepUnknown {
		state.Kept = active.Clone().Seal()
	}
	ch.mu.Lock()
	defer ch.mu.Unlock()
	state.Split, state.Sync = ch.split, ch.sync
	if x := primary.db.exclusive; x != nil {
		state.Lock = x.ID
	}
	if primary.db.candidate != nil {
		state.Candidate = conf.Compare(active, primary.db.candidate)
	}
	if t := ch.trial; t != nil {
		state.Trial = &TrialState{t.user, t.session.ID, t.deadline}
	}
	return state
}

// Commits is the history of the member, newest first.
func (m *Member) Commits() []CommitState {
	m.Chassis.mu.Lock()
	defer m.Chassis.mu.Unlock()
	var all []CommitState
	for _, e := range readField(m, func() []*commitEntry { return m.history }) {
		all = append(all, CommitState{e.at, e.user, e.client, e.comment, e.log, m.Chassis.trial != nil && m.Chassis.trial.entry == e})
	}
	return all
}

func (m *Member) memberState(primary *conf.Tree, config bool) MemberState {
	tree := m.ActiveTree()
	command, user := m.keysCommand()
	_, scp := m.InForce().Get("system", "commit", "config-sync-with-scp")
	state := MemberState{
		ID: m.ID, Address: m.ownAddress(), Release: m.Release(), FIPS: m.InFIPSMode(), Status: m.Status(), Role: m.Role(),
		Command: command, User: user, SCP: scp, InSync: tree.Equal(primary), Keys: []int{}, Files: m.FileNames(),
	}
	m.mu.Lock()
	state.Serial, state.Model, state.Unsynced = m.serial, m.model, m.unsynced
	m.mu.Unlock()
	for _, peer := range m.Chassis.allMembers() {
		if peer != m && m.hasKeys(peer) {
			state.Keys = append(state.Keys, peer.ID)
		}
	}
	if config {
		state.Config = tree.SetText()
	}
	return state
}

// keyMesh tells whether every present member can log in to every other.
func (ch *Chassis) keyMesh() bool {
	for _, from := range ch.Present() {
		for _, to := range ch.Present() {
			if from != to && !from.hasKeys(to) {
				return false
			}
		}
	}
	return true
}

// Config returns a member's active configuration as set commands.
func (m *Member) Config() string { return m.ActiveTree().SetText() }
