// SPDX-License-Identifier: GPL-3.0-or-later

// Package cli is the command line of a simulated Junos switch: the operational
// mode, the configuration mode and root's shell, with their prompts, pipes,
// abbreviations and error texts, on a terminal or on plain streams.
//
// It interprets what people and CLI clients type and prints what a switch would.
// All it knows about the switch it asks a [Device]: operational commands are RPCs
// whose XML it lays out as text, as the CLI of Junos does. It knows no SSH, no
// sessions and no chassis. It serves rehearsals and foreign clients only: the modules of
// this project speak NETCONF.
package cli

import (
	"io"
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
	// NETCONF speaks it on the terminal until its session ends.
	NETCONF(terminal TTY)
	// Close logs out.
	Close()
}

// TTY is a terminal as a program sees it.
type TTY interface {
	io.ReadWriter
	Buffered() int // bytes that have come and were not read
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
	UID         string
	Host        string
	Release     string
	Banner      string // {master:0}
	MayEdit     bool   // the class may enter configuration mode
	MayShell    bool   // and start a shell
	Shell       bool   // a login gets a shell first
	Texts       Texts
	Now         time.Time
	Ports       []string      // on which this member listens
	RollbackIn  time.Duration // until an unconfirmed commit is taken back; 0 if none is pending
}

// Texts are prompts and answers that no public source confirms for every release.
type Texts struct {
	RootShell    string // prompt of root's shell; host, role and slot stand for %s
	RootQuestion string // the question behind "start shell user root"
	RootSorry    string // the answer to a wrong password
	NoShell      string // to a class that may start no shell
	Announcement string // printed behind a login
}

// Root reports whether this login is root's.
func (s Status) Root() bool { return s.User == "root" }
