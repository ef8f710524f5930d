// SPDX-License-Identifier: GPL-3.0-or-later

// Package cli is the command line of a simulated Junos switch: the operational
// mode, the configuration mode and root's shell, with their prompts, pipes,
// abbreviations and error texts, on a terminal or on plain streams.
//
// It interprets what people and CLI clients type and prints what a switch would.
// All it knows about the switch it asks a [Device]: operational commands are RPCs
// whose XML it lays out as text, as the CLI of Junos does. It knows no SSH, no
// sessions and no chassis.
package cli

import (
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Device is one login on one member switch.
type Device interface {
	Switch
	Database
	Hops
}

// Switch answers RPCs.
type Switch interface {
	// Call runs one RPC and returns everything inside its rpc-reply.
	Call(rpc string) string
	Status() Status
}

// Database is the configuration as this login sees it.
type Database interface {
	// Configuration returns Committed, Candidate, or the rollback of that number.
	Configuration(source string) (Config, error)
	Load(action, format, payload string) ([]conf.Problem, error)
	// Command runs a command that was typed below a hierarchy.
	Command(line string, hierarchy []string) ([]conf.Problem, error)
}

// Hops lead to other logins.
type Hops interface {
	// Member logs in on another member of the chassis.
	Member(id string) (Device, error)
	// Root becomes root on the same member.
	Root(password string) (Device, error)
	// Close logs out.
	Close()
}

// Sources of a configuration that are no rollback.
const (
	Committed = "committed"
	Candidate = "candidate"
)

// Config is a configuration and the marks that its XML carries.
type Config struct {
	Tree  *conf.Tree
	Attrs []conf.Attr
}

// Status is what prompts and banners tell.
type Status struct {
	User, Class string
	Host        string
	Release     string
	Banner      string // {master:0}
	MayEdit     bool   // the class may enter configuration mode
	Now         time.Time
	RollbackIn  time.Duration // until an unconfirmed commit is taken back; 0 if none is pending
}

// Root reports whether this login gets a shell first.
func (s Status) Root() bool { return s.User == "root" }
