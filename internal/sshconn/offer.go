// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/ssh"
)

const (
	// maxOffered is how many keys are offered on one connection: OpenSSH ends it
	// after the sixth failure, and a password may still have to be tried.
	maxOffered = 5
	// maxLogins is how many connections are spent on one hop.
	maxLogins = 4
)

// turn is what one connection offers.
type turn struct {
	from, end int  // the keys
	password  bool // when the keys are through
	cut       bool // the server ended it before it had seen all
	unsigned  bool // the last key could not sign
}

// beginTurn decides what the next connection offers.
func (c *credentials) beginTurn() {
	c.logins++
	c.turn = turn{from: c.next, end: min(c.next+maxOffered, len(c.keys))}
	c.turn.password = c.hasPassword() && (c.turn.end == len(c.keys) || c.logins == maxLogins)
}

// hasPassword tells whether there is one that was not sent yet and may be. A
// bastion is never shown the switch's.
func (c *credentials) hasPassword() bool {
	return c.hop.cfg.Password != "" && !c.hop.bastion && !c.spent && c.hop.mayUse(byPassword, byQuestion)
}

// hasMore tells, after a refusal, whether another connection has something new to
// offer: a server ends one after as many failures as it is configured for, and
// an agent may hold many keys.
func (c *credentials) hasMore() bool {
	seen := c.next > c.turn.from
	if !seen { // it wants no keys
		c.next = len(c.keys)
	}
	again := c.hasPassword() && (!c.turn.password || c.turn.cut && seen)
	return c.logins < maxLogins && (c.next < len(c.keys) || again)
}

// authMethods returns one method of each kind: x/crypto/ssh ignores the second of a
// kind, so all keys are in one callback. Nobody is shown the password before the
// last key was refused.
func (c *credentials) authMethods() []ssh.AuthMethod {
	var m []ssh.AuthMethod
	if c.turn.from < c.turn.end {
		m = append(m, ssh.PublicKeysCallback(c.turnSigners))
	}
	for _, method := range c.hop.methods {
		switch {
		case !c.turn.password:
		case method == byPassword:
			m = append(m, ssh.PasswordCallback(c.sendPassword))
		case method == byQuestion:
			m = append(m, ssh.KeyboardInteractive(c.answerQuestions()))
		}
	}
	return m
}

func (c *credentials) turnSigners() (s []ssh.Signer, _ error) {
	for i := c.next; i < c.turn.end; i++ {
		s = append(s, &offeredKey{identity: c.keys[i], index: i, creds: c})
	}
	return s, nil
}

// noteMethods remembers which methods the server accepts; the order stays ours. A key
// that cannot sign costs only itself: x/crypto/ssh would skip those behind it.
func (c *credentials) noteMethods(ctx *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	c.accepted, c.passed = slices.Clone(ctx.AllowedMethods), slices.Clone(ctx.PartialSuccessMethods)
	if !c.turn.unsigned || c.next >= c.turn.end {
		return nil, nil
	}
	c.turn.unsigned = false
	return ssh.PublicKeysCallback(c.turnSigners), nil
}

// offeredKey notes when its turn has come: x/crypto/ssh asks for the public key
// just before it sends it.
type offeredKey struct {
	identity
	index int
	creds *credentials
}

func (k *offeredKey) PublicKey() ssh.PublicKey {
	if c := k.creds; c.next == k.index {
		c.next++
		c.tried = append(c.tried, fmt.Sprintf("publickey (%s %s)", k.source, fingerprint(k.signer.PublicKey())))
	}
	return k.signer.PublicKey()
}

func (k *offeredKey) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return k.SignWithAlgorithm(rand, data, "")
}

// Algorithms are those of the key that may be used with this hop. Without it
// x/crypto/ssh would sign with SHA-1 for a server that names none (RFC 8332,
// section 3.3).
func (k *offeredKey) Algorithms() []string { return k.creds.hop.algorithmsFor(k.signer) }

// algorithmsFor returns with what a key may sign.
func (h *hop) algorithmsFor(signer ssh.Signer) []string {
	format, isCert := plainAlgorithm(signer.PublicKey().Type())
	able := []string{format}
	if format == ssh.KeyAlgoRSA {
		able = []string{ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSA}
	}
	if s, ok := signer.(ssh.MultiAlgorithmSigner); ok {
		able = s.Algorithms()
	}
	return slices.DeleteFunc(slices.Clone(able), func(a string) bool {
		if isCert {
			a = certificateAlgorithm(a)
		}
		return !slices.Contains(h.suite.PublicKeyAuths, a)
	})
}

// SignWithAlgorithm notes why a key cannot sign, which a server never learns:
// an agent may ask its owner, or a token.
func (k *offeredKey) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	sig, err := k.signWith(rand, data, algorithm)
	if err != nil {
		k.creds.turn.unsigned = true
		k.creds.problems = append(k.creds.problems, fmt.Sprintf("%s could not sign with %s: %v", k.source, fingerprint(k.signer.PublicKey()), err))
		return nil, errUnsigned
	}
	return sig, nil
}

func (k *offeredKey) signWith(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	if s, ok := k.signer.(ssh.AlgorithmSigner); ok {
		return s.SignWithAlgorithm(rand, data, algorithm)
	}
	return k.signer.Sign(rand, data)
}
