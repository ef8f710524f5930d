// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"crypto/ed25519"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// unwilling is a key whose owner says no.
type unwilling struct{ ssh.Signer }

func (unwilling) Sign(io.Reader, []byte) (*ssh.Signature, error) { return nil, errors.New("refused") }

func (u unwilling) SignWithAlgorithm(rand io.Reader, data []byte, _ string) (*ssh.Signature, error) {
	return u.Sign(rand, data)
}

// That a key could not sign, and why, is for the operator: no server learns it.
func TestWhyAKeyCouldNotSign(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	creds := &credentials{}
	key := &offeredKey{identity: identity{source: "agent", signer: unwilling{signer}}, creds: creds}
	if _, err := key.SignWithAlgorithm(nil, nil, ssh.KeyAlgoED25519); !errors.Is(err, errUnsigned) || !creds.turn.unsigned {
		t.Errorf("got %v", err)
	}
	if p := strings.Join(creds.problems, "; "); !strings.HasPrefix(p, "agent could not sign with SHA256:") || !strings.HasSuffix(p, ": refused") {
		t.Errorf("got %q", p)
	}
}
