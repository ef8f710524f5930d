// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

// What a test outside of the package compares with a program.
var ChooseAlgorithms = chooseAlgorithms
