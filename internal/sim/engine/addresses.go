// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"strconv"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Opener opens a door through which clients reach a member: the one that owner
// returns when they come. It is closed with the lab.
type Opener func(lab *Lab, host string, port int, owner func() *Member) (Door, error)

// Door is where clients come in.
type Door struct {
	Address string
	Shut    func(time.Duration) // nobody listens for so long; who is inside stays
	Close   func()              // nobody listens any more; who is inside stays
}

// Openers open the addresses of a lab: of sshd, of sshd with nothing but NETCONF, and of
// a console port as a terminal server gives it.
type Openers struct {
	SSH     Opener
	NETCONF Opener
	Console Opener
}

// openAddresses opens the chassis address, which leads to the primary, and those of
// the members that have one of their own.
func (ch *Chassis) openAddresses() (err error) {
	if ch.door, err = ch.openAddress(ch.spec.Port, ch.Primary); err != nil {
		return err
	}
	if err := ch.openNETCONFPort(ch.Primary()); err != nil {
		return fmt.Errorf("system services netconf ssh port: %w", err)
	}
	for _, m := range ch.allMembers() {
		if ch.spec.MemberPorts || m.IsStandalone() {
			if _, err := m.Address(); err != nil {
				return err
			}
		}
		if ch.spec.Consoles {
			if _, err := m.Console(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (ch *Chassis) openAddress(port int, owner func() *Member) (Door, error) {
	return ch.lab.openers.SSH(ch.lab, ch.lab.listen, port, owner)
}

// openNETCONFPort opens the port that the primary's configuration names for NETCONF, beside the address of the chassis,
// and closes the one before.
func (ch *Chassis) openNETCONFPort(m *Member) (err error) {
	path := []string{"system", "services", "netconf", "ssh", "port"}
	text, _ := m.ActiveTree().Get(path...)
	if len(m.ActiveTree().List("groups")) > 0 {
		text, _ = m.InForce().Get(path...)
	}
	if ch.netconfPort == text {
		return nil
	}
	if ch.netconfDoor.Close != nil {
		ch.netconfDoor.Close()
	}
	ch.netconfPort, ch.netconfDoor = text, Door{}
	if port, bad := strconv.Atoi(text); bad == nil {
		ch.netconfDoor, err = ch.lab.openers.NETCONF(ch.lab, ch.lab.listen, port, ch.Primary)
	}
	return err
}

// Address is where the chassis is reached: host and port.
func (ch *Chassis) Address() string { return ch.door.Address }

// Address is where this member alone is reached; it is opened when first asked for.
func (m *Member) Address() (address string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.door.Address == "" {
		m.door, err = m.Chassis.openAddress(0, func() *Member { return m })
	}
	return m.door.Address, err
}

// Console is where the console of this member is reached; it is opened when first
// asked for.
func (m *Member) Console() (address string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.console.Address == "" {
		m.console, err = m.Chassis.lab.openers.Console(m.Chassis.lab, m.Chassis.lab.listen, 0, m.behindConsole)
	}
	return m.console.Address, err
}

// behindConsole is who answers there: the primary, to whom the consoles of all members of
// a Virtual Chassis lead, and a member that has lost it itself.
func (m *Member) behindConsole() *Member {
	m.Chassis.mu.Lock()
	split := m.Chassis.split
	m.Chassis.mu.Unlock()
	primary := m.Chassis.Primary()
	if split || primary == nil || m.IsStandalone() || m.Status() != StatusPresent {
		return m
	}
	return primary
}

func (m *Member) consoleAddress() string {
	return readField(m, func() string { return m.console.Address })
}

// ownAddress is the address of the member if it is open, or "".
func (m *Member) ownAddress() string { return readField(m, func() string { return m.door.Address }) }

// restartSSHD keeps the doors of a member shut for as long as its sshd takes to come
// back, if its configuration is not what it was.
func (m *Member) restartSSHD(before *conf.Tree) {
	away, _ := time.ParseDuration(m.Chassis.Profile.SSHDRestart)
	if away == 0 || sshText(before) == sshText(m.InForce()) {
		return
	}
	doors := []Door{readField(m, func() Door { return m.door })}
	if m.IsPrimary() {
		doors = append(doors, m.Chassis.door)
	}
	for _, d := range doors {
		if d.Shut != nil {
			d.Shut(away)
		}
	}
}

func sshText(tree *conf.Tree) string {
	text, _ := tree.TextAt("system", "services", "ssh")
	return text
}
