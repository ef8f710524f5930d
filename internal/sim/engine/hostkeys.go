// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	for _, m := range ch.allMembers() {
		key, err := keptKey(filepath.Join(dir, ch.Name+"-"+m.Name()+".hostkey"), ch.Profile.HostKeyType)
		if err != nil {
			return err
		}
		m.key = key
	}
	return nil
}

// keepUserKeys makes keys for the users that have their own, or takes those of an
// earlier run with the same directory.
func (ch *Chassis) keepUserKeys(dir string) error {
	ch.spec.Users = slices.Clone(ch.spec.Users)
	for i := range ch.spec.Users {
		u := &ch.spec.Users[i]
		if !u.OwnKey {
			continue
		}
		if dir == "" {
			return fmt.Errorf("user %s: a key needs a state directory to be written to", u.Name)
		}
		u.keyFile = filepath.Join(dir, ch.Name+"-"+u.Name+".key")
		key, err := keptKey(u.keyFile, "ed25519")
		if err != nil {
			return err
		}
		u.SSHKeys = append(slices.Clone(u.SSHKeys), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key.PublicKey()))))
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
	for _, m := range ch.allMembers() {
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
		return m.Chassis.allMembers()[0].hostKey()
	}
	return m.hostKey()
}
