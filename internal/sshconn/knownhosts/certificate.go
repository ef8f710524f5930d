// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts

import (
	"bytes"
	"errors"
	"slices"

	"golang.org/x/crypto/ssh"
)

// checkCertificate looks for the CA that signed. Unknown means that no line names
// this CA, and the certificate's key is then looked up as a plain key.
func (db *DB) checkCertificate(known []line, principal string, cert *ssh.Certificate) Result {
	ca := cert.SignatureKey.Marshal()
	for _, l := range known {
		if l.marker != markerCA || !bytes.Equal(l.blob, ca) {
			continue
		}
		r := Result{Verdict: Trusted, Entries: []Entry{l.asEntry()}}
		if err := db.validateCertificate(cert, principal); err != nil {
			r.Verdict, r.Err = BadCertificate, err
		}
		return r
	}
	return Result{}
}

func (db *DB) validateCertificate(cert *ssh.Certificate, principal string) error {
	allowed := db.CASignatures
	if allowed == nil {
		allowed = ssh.SupportedAlgorithms().PublicKeyAuths
	}
	switch {
	case cert.CertType != ssh.HostCert:
		return errors.New("not a host certificate")
	case !slices.Contains(allowed, cert.Signature.Format):
		return &SignatureError{cert.Signature.Format}
	}
	return new(ssh.CertChecker).CheckCert(principal, cert)
}

// SignatureError is a certificate that its CA has signed with an algorithm that is
// not accepted, such as ssh-rsa, which is SHA-1.
type SignatureError struct{ Algorithm string }

func (e *SignatureError) Error() string { return "it is signed with " + e.Algorithm }
