// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts

import (
	"bytes"
	"errors"

	"golang.org/x/crypto/ssh"
)

// checkCertificate looks for the CA that signed. Unknown means that no line names
// this CA, and the certificate's key is then looked up as a plain key.
func checkCertificate(known []line, principal string, cert *ssh.Certificate) Result {
	ca := cert.SignatureKey.Marshal()
	for _, l := range known {
		if l.marker != markerCA || !bytes.Equal(l.blob, ca) {
			continue
		}
		r := Result{Verdict: Trusted, Entries: []Entry{l.asEntry()}}
		if err := validateCertificate(cert, principal); err != nil {
			r.Verdict, r.Err = BadCertificate, err
		}
		return r
	}
	return Result{}
}

func validateCertificate(cert *ssh.Certificate, principal string) error {
	if cert.CertType != ssh.HostCert {
		return errors.New("not a host certificate")
	}
	return new(ssh.CertChecker).CheckCert(principal, cert)
}
