// SPDX-License-Identifier: GPL-3.0-or-later

package engine

// Refusal is why the switch does not do what a session asked for, or what it warns
// of.
type Refusal struct {
	By       string // who refuses; Junos reports each in a way of its own
	Severity string // error when empty
	Path     string // the hierarchy that it is about
	Message  string
	Bad      string // the word that is wrong
}

// Who refuses; without a name it is the protocol.
const (
	ByDatabase = "database" // a load or a lock
	ByCheck    = "check"    // the check of a commit
)
