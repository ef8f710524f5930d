// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import "time"

// Schema is the version of the records that this package writes. It reads the
// one before, too: records are kept for longer than releases.
const (
	Schema       = 2
	formerSchema = 1
)

// The wishes of a run, as the role's input scp_config_sync_state has them.
const (
	Present = "present" // SCP
	Absent  = "absent"  // RCP
)

// Record is what a run knows of one chassis, for programs. A nil or empty field
// is not known.
type Record struct {
	File     string    `json:"-"` // where it was read from
	Schema   int       `json:"schema"`
	Host     string    `json:"host"`
	Finished time.Time `json:"finished"`
	Wanted   string    `json:"wanted"`     // Present or Absent
	Check    bool      `json:"check_mode"` // written in check mode: nothing was changed
	Outcome  Word      `json:"outcome"`
	State    State     `json:"state"` // as Judge says
	Did      []string  `json:"did"`   // steps that have changed something
	Would    []string  `json:"would"` // in check mode: steps that would
	NotDone  []string  `json:"not_done"`
	Problems []Problem `json:"problems"`
	Failures []Failure `json:"failures"`
	Changed  []string  `json:"changed"` // former key: did and would, in the words of schema 1
	Failed   []string  `json:"failed"`  // former key: failures as texts
	Found    Found     `json:"found"`
	Sync     Sync      `json:"sync"`
	Members  []Member  `json:"members"`
}

// Found is what the run saw before it changed anything.
type Found struct {
	FIPS    *bool    `json:"fips"`
	SCP     *bool    `json:"scp_active"`
	Pending []string `json:"pending_steps"` // as vc_info names them
}

// Sync is what was seen after a change.
type Sync struct {
	InSync    *bool     `json:"in_sync"` // by a commit that every member took
	Transport Transport `json:"transport"`
}

// Failure is a task that failed.
type Failure struct {
	Step        string `json:"step"` // the step that it was for; "": it only read
	Address     string `json:"address,omitempty"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	Hint        string `json:"hint"`
	Guide       string `json:"guide"`
	CommitState string `json:"commit_state,omitempty"`
	RevertsAt   string `json:"reverts_at,omitempty"`
}

// String is the failure in a line: at which address if there are several, why,
// and what to do.
func (f Failure) String() string {
	text := f.Message
	if f.Address != "" {
		text = f.Address + ": " + text
	}
	if f.Hint != "" {
		text += "; what to do: " + f.Hint
	}
	return text
}

// isOpen says that the chassis may or may not have what the step was to do.
func (f Failure) isOpen() bool { return f.CommitState == "pending" || f.CommitState == "unknown" }

// Member is a switch of the chassis.
type Member struct {
	ID        int       `json:"member_id"`
	Serial    string    `json:"serial_number,omitempty"`
	Model     string    `json:"model,omitempty"`
	Role      string    `json:"role,omitempty"`
	Status    string    `json:"status,omitempty"`
	Priority  *int      `json:"priority,omitempty"`
	Version   string    `json:"version,omitempty"`
	FIPS      *bool     `json:"fips,omitempty"`
	Prepared  *bool     `json:"prepared,omitempty"`
	Proved    *bool     `json:"proved,omitempty"`
	Commit    string    `json:"commit,omitempty"` // what the last commit said of it
	Sync      *bool     `json:"sync,omitempty"`
	Transport Transport `json:"transport,omitempty"`
}

// Transport is how members exchange configuration.
type Transport string

// The transports.
const (
	SCP     Transport = "scp"
	RCP     Transport = "rcp"
	Unknown Transport = "unknown"
)
