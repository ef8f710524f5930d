// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

// ChooseAlgorithms is compared with a program.
var ChooseAlgorithms = chooseAlgorithms

// IsOurSecret is asked of variables that no test may set for all.
var IsOurSecret = isOurSecret

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
