// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

// addFiles adds the keys and certificates that files hold, the explicit one first.
func (c *credentials) addFiles(agentKeys []identity) error {
	cfg := c.hop.cfg
	if cfg.PrivateKeyFile != "" {
		if err := c.addFile(cfg.expandHome(cfg.PrivateKeyFile), cfg.CertificateFile, agentKeys); err != nil {
			return err
		}
	} else if cfg.CertificateFile != "" {
		if err := c.addCertificate(cfg.expandHome(cfg.CertificateFile), agentKeys); err != nil {
			return &ConfigError{Option: "certificate_file", Err: err}
		}
	}
	for _, path := range c.hop.identity {
		if err := c.addFile(path, "", agentKeys); err != nil {
			c.problems = append(c.problems, "IdentityFile: "+errors.Unwrap(err).Error())
		}
	}
	for _, path := range c.hop.certs {
		if err := c.addCertificate(path, c.keys); err != nil {
			c.problems = append(c.problems, "CertificateFile: "+err.Error())
		}
	}
	return nil
}

// addFile adds a private key, before it its certificate. A public key stands
// for the agent's key of that name.
func (c *credentials) addFile(path, certPath string, agentKeys []identity) error {
	content, info, err := readFile(path)
	if err != nil {
		return &ConfigError{Option: "private_key_file", Err: err}
	}
	private := bytes.Contains(content, []byte("PRIVATE KEY-----")) // a public one may stand in the same file
	if pub, _, _, _, err := ssh.ParseAuthorizedKey(content); err == nil && !private {
		return c.addSelected(path, certPath, pub, agentKeys)
	}
	signer, err := parseKey(path, content, c.hop.cfg.PrivateKeyPassphrase)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		c.warnings = append(c.warnings, fmt.Sprintf("private key %s can be read by others (mode %04o); chmod 600 it", path, info.Mode().Perm()))
	}
	return c.addKey(identity{path, signer}, certPath)
}

// addSelected adds the agent's key that belongs to a public key.
func (c *credentials) addSelected(path, certPath string, pub ssh.PublicKey, agentKeys []identity) error {
	for _, id := range agentKeys {
		if bytes.Equal(id.signer.PublicKey().Marshal(), pub.Marshal()) {
			return c.addKey(identity{path + " of the agent", id.signer}, certPath)
		}
	}
	return &ConfigError{Option: "private_key_file", Err: fmt.Errorf("%s is a public key, and no agent holds its private key", path),
		Remedy: "name the file without .pub, or add the key to the agent and set use_agent"}
}

// addKey adds a key, with its certificate before it.
func (c *credentials) addKey(id identity, certPath string) error {
	explicit := certPath != ""
	if !explicit {
		certPath = id.source + "-cert.pub" // where ssh-keygen -s puts it
	}
	if _, err := os.Stat(c.hop.cfg.expandHome(certPath)); explicit || err == nil {
		if err := c.addCertificate(c.hop.cfg.expandHome(certPath), []identity{id}); err != nil {
			if explicit {
				return &ConfigError{Option: "certificate_file", Err: err}
			}
			c.warnings = append(c.warnings, err.Error()) // it was only found, not named
		}
	}
	c.keys = append(c.keys, id)
	return nil
}

// addCertificate adds the certificate in a file, with the key that it belongs to.
func (c *credentials) addCertificate(path string, keys []identity) error {
	content, _, err := readFile(path)
	if err != nil {
		return err
	}
	pub, _, _, _, err := ssh.ParseAuthorizedKey(content)
	if err != nil {
		return fmt.Errorf("%s is not an OpenSSH certificate", path)
	}
	cert, ok := pub.(*ssh.Certificate)
	if !ok {
		return fmt.Errorf("%s is a %s key, not a certificate", path, pub.Type())
	}
	for _, id := range keys {
		if bytes.Equal(cert.Key.Marshal(), id.signer.PublicKey().Marshal()) {
			signer, err := ssh.NewCertSigner(cert, id.signer)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			c.keys = append(c.keys, identity{path, signer})
			c.noteValidity(path, cert)
			return nil
		}
	}
	return fmt.Errorf("%s belongs to another key (%s)", path, ssh.FingerprintSHA256(cert.Key))
}

// noteValidity says what the server will not. The clock that counts is the
// server's, so the certificate is offered all the same.
func (c *credentials) noteValidity(path string, cert *ssh.Certificate) {
	now := uint64(time.Now().Unix())
	switch {
	case now >= cert.ValidBefore: // which is endless at the greatest number
		c.problems = append(c.problems, fmt.Sprintf("%s expired at %s", path, phrase.Stamp(time.Unix(int64(cert.ValidBefore), 0))))
	case now < cert.ValidAfter:
		c.problems = append(c.problems, fmt.Sprintf("%s is not valid before %s", path, phrase.Stamp(time.Unix(int64(cert.ValidAfter), 0))))
	}
}

// parseKey reads a private key in any format that ssh-keygen writes.
func parseKey(path string, content []byte, passphrase secret.String) (ssh.Signer, error) {
	bad := func(remedy, format string, args ...any) error {
		return &ConfigError{Option: "private_key_file", Err: fmt.Errorf(format, args...), Remedy: remedy}
	}
	signer, err := ssh.ParsePrivateKey(content)
	var missing *ssh.PassphraseMissingError
	pkcs8, encrypted := encryptedPKCS8(content)
	switch {
	case (encrypted || errors.As(err, &missing)) && passphrase == "":
		return nil, bad("set private_key_passphrase, or add the key to an agent and set use_agent", "%s is encrypted and no passphrase was given", path)
	case encrypted:
		signer, err = decryptPKCS8(pkcs8, passphrase.Reveal())
	case errors.As(err, &missing):
		signer, err = ssh.ParsePrivateKeyWithPassphrase(content, []byte(passphrase.Reveal()))
	}
	switch {
	//lint:ignore SA1019 named in order to refuse it
	case err == nil && signer.PublicKey().Type() == ssh.InsecureKeyAlgoDSA:
		return nil, bad("make a new key: ssh-keygen -t ed25519", "%s is a DSA key, which servers no longer accept", path)
	case err == nil:
		return signer, nil
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, bad("check private_key_passphrase", "wrong passphrase for %s", path)
	case bytes.HasPrefix(content, []byte("PuTTY-User-Key-File")):
		return nil, bad("convert it: puttygen KEY -O private-openssh -o FILE", "%s is a PuTTY key", path)
	}
	return nil, bad("ssh-keygen -y -f FILE shows whether OpenSSH can read it", "%s holds no private key that can be read: %w", path, err)
}
