// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"time"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// ChooseAlgorithms is compared with a program.
var ChooseAlgorithms = chooseAlgorithms

// IsOurSecret is asked of variables that no test may set for all.
var IsOurSecret = isOurSecret

// LoginCutOff is what becomes of a connection that ends without a word.
func LoginCutOff(p Phase, tried []string, err error) error {
	return (&credentials{hop: &hop{user: "admin"}, tried: tried}).loginCutOff(p, err)
}

// PlainAlgorithm and CertificateAlgorithm are asked of algorithms that no server here has.
var (
	PlainAlgorithm       = plainAlgorithm
	CertificateAlgorithm = certificateAlgorithm
)

// HabitsOf is what becomes of the settings of a host, where options say 5 s and 3.
func HabitsOf(say sshconfig.Host) (interval time.Duration, count int, rekeyAfter uint64, leftOut []string) {
	h := &hop{cfg: Config{KeepAliveInterval: 5 * time.Second, KeepAliveCount: 3}}
	h.adoptHabits(say)
	return h.cfg.KeepAliveInterval, h.cfg.KeepAliveCount, h.rekeyAfter, h.leftOut
}

// PreferKnown is asked without a server.
var PreferKnown = preferKnown

// RemedyFor is asked of errors that no server here sends.
func RemedyFor(p Phase, isBastion bool, err error) string {
	return remedyFor(p, &hop{name: "sw1", port: 830, bastion: isBastion, cfg: Config{Algorithms: "modern"}}, err)
}

// Errors that are told by their types.
var (
	ErrLate    error = &lateError{option: "connect_timeout"}
	ErrCommand error = &commandError{status: "exit status 1"}
)

// RefusalOf is what becomes of an error of x/crypto/ssh that no server sends.
func RefusalOf(err error) error { return (&credentials{hop: &hop{user: "admin"}}).loginRefused(err) }
