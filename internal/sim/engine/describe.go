// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"net"
	"strconv"
)

// Description tells clients how to reach a lab. It holds the passwords of the
// laboratory's users.
type Description struct {
	PID     int                  `json:"pid,omitempty"`
	Control string               `json:"control,omitempty"`
	Chassis []ChassisDescription `json:"chassis"`
}

// ChassisDescription is one chassis of a Description.
type ChassisDescription struct {
	Name       string              `json:"name"`
	Host       string              `json:"host"`
	Port       int                 `json:"port"`
	Release    string              `json:"release"`
	KnownHosts []string            `json:"known_hosts"`
	Users      []UserDescription   `json:"users"`
	Members    []MemberDescription `json:"members"`
	// What step 1 has to set so that this chassis' sshd finds internal keys.
	Command string `json:"authorized_keys_command"`
	User    string `json:"authorized_keys_command_user"`

	Twin *TwinDescription `json:"twin,omitempty"`
}

// TwinDescription is what the twin of a snapshot has besides.
type TwinDescription struct {
	Login  string   `json:"login"`  // who took the snapshot
	Groups []string `json:"groups"` // of the inventory
	Notes  []string `json:"notes"`  // what the twin has not, a sentence each
}

// UserDescription is somebody who may log in.
type UserDescription struct {
	Name     string `json:"name"`
	Class    string `json:"class"`
	Password string `json:"password"`
	KeyFile  string `json:"private_key_file,omitempty"`
}

// MemberDescription is one member; Host and Port are those of its own address,
// if it has one.
type MemberDescription struct {
	ID     int    `json:"id"`
	Serial string `json:"serial"`
	Role   string `json:"role"`
	Host   string `json:"host,omitempty"`
	Port   int    `json:"port,omitempty"`
	// Console is the port of its console on the host of the chassis, if it has one.
	Console int `json:"console,omitempty"`
}

// Addresses describes all chassis.
func (lab *Lab) Addresses() Description {
	d := Description{Chassis: []ChassisDescription{}}
	for _, ch := range lab.chassis {
		d.Chassis = append(d.Chassis, ch.describe())
	}
	return d
}

func (ch *Chassis) describe() ChassisDescription {
	d := ChassisDescription{
		Name: ch.Name, Release: ch.spec.Release, KnownHosts: ch.KnownHosts(),
		Command: ch.Profile.KeysCommand, User: ch.Profile.KeysCommandUser,
	}
	d.Host, d.Port = hostPort(ch.Address())
	if t := ch.spec.twin; t != nil {
		d.Twin = &TwinDescription{t.login, append([]string{}, t.groups...), append([]string{}, t.notes...)}
	}
	for _, u := range ch.spec.Users {
		d.Users = append(d.Users, UserDescription{u.Name, u.Class, u.Password, u.keyFile})
	}
	for _, m := range ch.allMembers() {
		one := MemberDescription{ID: m.ID, Serial: m.Serial(), Role: m.Role()}
		one.Host, one.Port = hostPort(m.ownAddress())
		_, one.Console = hostPort(m.consoleAddress())
		d.Members = append(d.Members, one)
	}
	return d
}

func hostPort(address string) (string, int) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0
	}
	port, _ := strconv.Atoi(text)
	return host, port
}
