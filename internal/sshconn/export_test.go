// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

// ChooseAlgorithms is compared with a program.
var ChooseAlgorithms = chooseAlgorithms

// RefusalOf is what becomes of an error of x/crypto/ssh that no server sends.
func RefusalOf(err error) error { return (&credentials{hop: &hop{user: "admin"}}).loginRefused(err) }
