// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"encoding/pem"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// keepHostKeys gives members the host keys of an earlier run with the same
// directory, and writes new ones there.
func (ch *Chassis) keepHostKeys(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, m := range ch.members {
		key, err := keptKey(filepath.Join(dir, ch.Name+"-"+m.Name()+".hostkey"), ch.Profile.HostKeyType)
		if err != nil {
			return err
		}
		m.key = key
	}
	return nil
}

func keptKey(file, kind string) (ssh.Signer, error) {
	if data, err := os.ReadFile(file); err == nil {
		return ssh.ParsePrivateKey(data)
	}
	key, err := newKey(kind)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		return nil, err
	}
	return ssh.NewSignerFromSigner(key)
}

// KnownHosts returns known_hosts lines for the chassis address, one for every
// member that could be primary, and for the members' own addresses.
func (ch *Chassis) KnownHosts() []string {
	var lines []string
	for _, m := range ch.members {
		hosts := []string{knownhosts.Normalize(ch.Address())}
		if own := m.ownAddress(); own != "" {
			hosts = append(hosts, knownhosts.Normalize(own))
		}
		lines = append(lines, knownhosts.Line(hosts, m.FrontKey().PublicKey()))
	}
	return lines
}

// FrontKey is the host key that operators see.
func (m *Member) FrontKey() ssh.Signer {
	if m.Chassis.Profile.HostKeys == "chassis" {
		return m.Chassis.members[0].hostKey()
	}
	return m.hostKey()
}
