// SPDX-License-Identifier: GPL-3.0-or-later

package engine

// Opener opens an address at which clients reach a member: the one that owner
// returns when they come. It is closed with the lab.
type Opener func(lab *Lab, host string, port int, owner func() *Member) (address string, err error)

// openAddresses opens the chassis address, which leads to the primary, and those of
// the members that have one of their own.
func (ch *Chassis) openAddresses() (err error) {
	if ch.address, err = ch.openAddress(ch.spec.Port, ch.Primary); err != nil {
		return err
	}
	for _, m := range ch.members {
		if ch.spec.MemberPorts || m.IsStandalone() {
			if _, err := m.Address(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (ch *Chassis) openAddress(port int, owner func() *Member) (string, error) {
	return ch.lab.opener(ch.lab, ch.lab.listen, port, owner)
}

// Address is where the chassis is reached: host and port.
func (ch *Chassis) Address() string { return ch.address }

// Address is where this member alone is reached; it is opened when first asked for.
func (m *Member) Address() (address string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.address == "" {
		m.address, err = m.Chassis.openAddress(0, func() *Member { return m })
	}
	return m.address, err
}

// ownAddress is the address of the member if it is open, or "".
func (m *Member) ownAddress() string { return readField(m, func() string { return m.address }) }
