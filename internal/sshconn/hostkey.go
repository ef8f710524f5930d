// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// hostKeys decides on the host key of one hop.
type hostKeys struct {
	hop      *hop
	db       knownhosts.DB
	files    []string
	warnings []string
	passed   []byte // the key that was accepted, in wire form
}

// readHostKeys reads the known_hosts files. One that was named must be there; the
// default ones need not.
func (h *hop) readHostKeys() (*hostKeys, error) {
	cfg := h.cfg
	k := &hostKeys{hop: h, files: h.knownHostsFiles(), db: knownhosts.DB{CASignatures: h.suite.caSignatures}}
	named := len(cfg.KnownHosts) > 0
	for _, f := range k.files {
		content, _, err := readFile(f)
		missing := errors.Is(err, fs.ErrNotExist)
		switch {
		case err == nil:
			k.db.Add(f, content)
		case missing && (!named || cfg.HostKey != Strict):
		case cfg.HostKey == Insecure || len(cfg.HostKeyFingerprints) > 0:
			k.warnings = append(k.warnings, "known_hosts: "+err.Error())
		default:
			return nil, &ConfigError{Option: "known_hosts", Err: err}
		}
	}
	return k, nil
}

// knownHostsFiles returns the files that were named, or OpenSSH's own.
func (h *hop) knownHostsFiles() (files []string) {
	if len(h.cfg.KnownHosts) > 0 {
		for _, f := range h.cfg.KnownHosts {
			files = append(files, h.cfg.expandHome(f))
		}
		return files
	}
	user, system := h.userKnown, h.systemKnown
	if dir := h.cfg.homeDir(); user == nil && dir != "" {
		user = []string{filepath.Join(dir, ".ssh", "known_hosts"), filepath.Join(dir, ".ssh", "known_hosts2")}
	}
	if system == nil {
		system = []string{"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"}
	}
	return slices.Concat(user, system)
}

// preferAlgorithms asks for a key first that is known.
func (k *hostKeys) preferAlgorithms(all []string) []string {
	if k.hop.suite.inOrder {
		return all
	}
	types, ca := k.db.Types(k.hop.names)
	return preferKnown(all, types, ca)
}

// checkKey decides on a key; the signature with it was verified already. It is
// asked again whenever keys are exchanged anew, long after ctx has ended.
func (k *hostKeys) checkKey(ctx context.Context, key ssh.PublicKey) error {
	if blob := key.Marshal(); !bytes.Equal(blob, k.passed) {
		if err := k.decideOnKey(ctx, key); err != nil {
			return err
		}
		k.passed = blob
	}
	return nil
}

func (k *hostKeys) decideOnKey(ctx context.Context, key ssh.PublicKey) error {
	cfg := k.hop.cfg
	if cfg.HostKey == Insecure && len(cfg.HostKeyFingerprints) == 0 {
		k.warnings = append(k.warnings, fmt.Sprintf("the host key of %s was not verified (host_key: insecure): %s %s",
			k.hop.names[0], key.Type(), fingerprint(key)))
		return nil
	}
	r := k.db.Check(k.hop.names, key)
	if bits := rsaBits(key); bits > 0 && bits < k.hop.minRSABits {
		e := k.refuseKey(KeyTooShort, key, r)
		e.Err = fmt.Errorf("it has %d bits, RequiredRSASize of ssh_config is %d", bits, k.hop.minRSABits)
		return e
	}
	if r.Verdict == knownhosts.Revoked {
		return k.refuseKey(KeyRevoked, key, r)
	}
	if len(cfg.HostKeyFingerprints) > 0 {
		return k.checkPin(key)
	}
	switch r.Verdict {
	case knownhosts.Trusted:
		return nil
	case knownhosts.Changed:
		return k.refuseKey(KeyChanged, key, r)
	case knownhosts.BadCertificate:
		return k.refuseKey(KeyCertificate, key, r)
	}
	// A host that is known by keys of other types is not new.
	if cfg.HostKey == AcceptNew && len(r.Entries) == 0 {
		return k.addToKnownHosts(ctx, key)
	}
	return k.refuseKey(KeyUnknown, key, r)
}

// checkPin compares with the fingerprints that were given.
func (k *hostKeys) checkPin(key ssh.PublicKey) error {
	pins := splitPins(k.hop.cfg.HostKeyFingerprints)
	if slices.Contains(pins, fingerprint(key)) {
		return nil
	}
	e := k.refuseKey(KeyNotPinned, key, knownhosts.Result{})
	e.Pins = pins
	return e
}

// splitPins splits what holds several; base64 padding is not written by ssh-keygen.
func splitPins(options []string) []string {
	var p []string
	for f := range strings.FieldsFuncSeq(strings.Join(options, ","), func(r rune) bool { return r == ',' || r == ' ' }) {
		p = append(p, strings.TrimRight(f, "="))
	}
	return p
}

func (k *hostKeys) refuseKey(why HostKeyReason, key ssh.PublicKey, r knownhosts.Result) *HostKeyError {
	return &HostKeyError{Host: k.hop.names[0], Names: k.hop.names, Reason: why, Type: key.Type(), Fingerprint: fingerprint(key),
		Jump: k.hop.bastion, Entries: r.Entries, Files: k.files, Ignored: k.db.Ignored(), Err: r.Err}
}

// rsaBits returns the length of an RSA key, also of one in a certificate or in an
// agent, and 0 for others.
func rsaBits(key ssh.PublicKey) int {
	parsed, err := ssh.ParsePublicKey(key.Marshal())
	if err != nil {
		return 0
	}
	if cert, ok := parsed.(*ssh.Certificate); ok {
		parsed = cert.Key
	}
	if crypto, ok := parsed.(ssh.CryptoPublicKey); ok {
		if public, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); ok {
			return public.N.BitLen()
		}
	}
	return 0
}
