// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"path"
	"strings"

	"golang.org/x/crypto/ssh"
)

// newKey makes a private key of the type a profile names.
func newKey(kind string) (crypto.Signer, error) {
	switch kind {
	case "rsa":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "ed25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	default:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
}

func newSigner(kind string) (ssh.Signer, error) {
	key, err := newKey(kind)
	if err != nil {
		return nil, err
	}
	return ssh.NewSignerFromSigner(key)
}

// Files of the internal SSH set-up, below the profile's keys_directory.
const (
	keyPrivate    = "id_internal"
	keyPublic     = "id_internal.pub"
	keyAuthorized = "authorized_keys"
	keyKnownHosts = "known_hosts"
)

func (m *Member) keyFile(name string) string { return path.Join(m.Chassis.Profile.KeysDirectory, name) }

// makeKeys gives a member its own key pair.
func (m *Member) makeKeys(kind string) error {
	key, err := newKey(kind)
	if err != nil {
		return err
	}
	comment := fmt.Sprintf("fpc%d", m.ID)
	block, err := ssh.MarshalPrivateKey(key, comment)
	if err != nil {
		return err
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		return err
	}
	line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public))) + " " + comment + "\n"
	m.writeFile(m.keyFile(keyPrivate), pem.EncodeToMemory(block))
	m.writeFile(m.keyFile(keyPublic), []byte(line))
	return nil
}

// hasKeys tells whether a member can open a session to a peer: its own pair,
// the peer's host key here, its public key there.
func (m *Member) hasKeys(peer *Member) bool {
	public, _ := m.readFile(m.keyFile(keyPublic))
	authorized, _ := peer.readFile(peer.keyFile(keyAuthorized))
	if len(public) == 0 || !strings.Contains(string(authorized), strings.TrimSpace(string(public))) {
		return false
	}
	return m.checkHostKey(peer)(peer.Name(), nil, peer.hostKey().PublicKey()) == nil
}

// authorizedFor answers an internal public key as sshd would: only through the
// authorized-keys-command of this member's own configuration.
func (m *Member) authorizedFor(key ssh.PublicKey) error {
	command, user := m.keysCommand()
	if command != m.Chassis.Profile.KeysCommand || user != m.Chassis.Profile.KeysCommandUser {
		return fmt.Errorf("no authorized key found")
	}
	rest, _ := m.readFile(m.keyFile(keyAuthorized))
	for len(rest) > 0 {
		found, _, _, next, err := ssh.ParseAuthorizedKey(rest)
		if err != nil {
			break
		}
		if string(found.Marshal()) == string(key.Marshal()) {
			return nil
		}
		rest = next
	}
	return fmt.Errorf("no authorized key found")
}

// checkHostKey verifies a peer against this member's known hosts file.
func (m *Member) checkHostKey(peer *Member) ssh.HostKeyCallback {
	return func(_ string, _ net.Addr, key ssh.PublicKey) error {
		rest, _ := m.readFile(m.keyFile(keyKnownHosts))
		for len(rest) > 0 {
			_, hosts, known, _, next, err := ssh.ParseKnownHosts(rest)
			if err != nil {
				break
			}
			if len(hosts) == 1 && hosts[0] == peer.Name() && string(known.Marshal()) == string(key.Marshal()) {
				return nil
			}
			rest = next
		}
		//lint:ignore ST1005 the text of OpenSSH
		return errors.New("Host key verification failed")
	}
}

// internalKey is the private key this member opens sessions with.
func (m *Member) internalKey() (ssh.Signer, error) {
	data, ok := m.readFile(m.keyFile(keyPrivate))
	if !ok {
		return nil, errors.New("no internal SSH key")
	}
	return ssh.ParsePrivateKey(data)
}
