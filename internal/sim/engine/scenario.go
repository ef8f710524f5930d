// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
)

// Scenario describes a lab. The zero value of every field works.
type Scenario struct {
	Listen   string        `yaml:"listen"`    // address of all fronts, 127.0.0.1
	StateDir string        `yaml:"state_dir"` // where host keys outlive the lab; nowhere
	Capture  bool          `yaml:"capture"`   // keep every byte between members from the start
	Chassis  []ChassisSpec `yaml:"chassis"`
	Script   []Scripted    `yaml:"script"` // what happens by itself
}

// ChassisSpec describes one Virtual Chassis, or Count equal ones.
type ChassisSpec struct {
	Name           string            `yaml:"name"`           // also the host-name; vc1
	Count          int               `yaml:"count"`          // so many, named NAME-1, NAME-2 ...; 1
	Size           int               `yaml:"size"`           // members, when none are listed; 2
	Port           int               `yaml:"port"`           // of the chassis address; chosen by the system
	Release        string            `yaml:"release"`        // 25.2R1.9
	Model          string            `yaml:"model"`          // ex4400-24t
	FIPS           bool              `yaml:"fips"`           // every member is in FIPS mode
	Preprovisioned *bool             `yaml:"preprovisioned"` // true
	Consoles       bool              `yaml:"consoles"`       // every member has a console port, as a terminal server gives it
	MemberPorts    bool              `yaml:"member_ports"`   // every member also has an address of its own
	Members        []MemberSpec      `yaml:"members"`        // else Size default ones
	Users          []User            `yaml:"users"`          // else root, admin, operator
	Config         string            `yaml:"config"`         // text or set; instead of the default start
	ConfigAdd      string            `yaml:"config_add"`     // set statements, on top of the start
	KeepUnknown    bool              `yaml:"keep_unknown"`   // keep statements of config that the schema does not know, instead of refusing them
	Prepared       bool              `yaml:"prepared"`       // prepare-setup has been run
	ForeignFiles   map[string]string `yaml:"foreign_files"`  // path: content; synchronized with the configuration
	RPCDelay       string            `yaml:"rpc_delay"`      // each reply takes so long
	Profile        Profile           `yaml:"profile"`

	twin *twin // of a snapshot; nil: the scenario says all
}

// MemberSpec describes one member switch.
type MemberSpec struct {
	ID       int    `yaml:"id"`
	Serial   string `yaml:"serial"`
	Model    string `yaml:"model"`
	Role     string `yaml:"role"` // primary, backup, linecard, or routing-engine
	Priority int    `yaml:"priority"`
	Release  string `yaml:"release"`
	FIPS     *bool  `yaml:"fips"`
	Status   string `yaml:"status"` // Prsnt, NotPrsnt, Inactive, Unprvsnd, or standalone
	Config   string `yaml:"config"` // its own, when it is not the chassis': staged, factory, or statements
}

// User may log in.
type User struct {
	Name     string   `yaml:"name"`
	Class    string   `yaml:"class"` // super-user, operator, read-only, unauthorized, or one of the configuration
	Password string   `yaml:"password"`
	SSHKeys  []string `yaml:"ssh_keys"` // authorized_keys lines
	Shell    bool     `yaml:"shell"`    // the login lands in a shell instead of the CLI
	OwnKey   bool     `yaml:"own_key"`  // a key is made for this user, as a file in the lab's state directory

	keyFile string
}

// ReadScenario reads a YAML file strictly: an unknown field is an error.
func ReadScenario(path string) (Scenario, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Scenario{}, err
	}
	return ParseScenario(data)
}

// ParseScenario decodes YAML strictly.
func ParseScenario(data []byte) (Scenario, error) {
	var s Scenario
	if err := yaml.UnmarshalWithOptions(data, &s, yaml.Strict()); err != nil {
		return Scenario{}, fmt.Errorf("scenario: %w", err)
	}
	return s, nil
}
