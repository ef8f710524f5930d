// SPDX-License-Identifier: GPL-3.0-or-later

// Package engine is what a simulated Virtual Chassis is and does: members with a
// configuration, a host key, key files and servers of their own, their sessions,
// locks, commits and trials, and how configuration travels between them.
//
// A Lab holds Chassis, a Chassis holds Members. A commit on the primary really
// travels to the other members, in plaintext (RCP) or through SSH (SCP) with the
// keys that prepare-setup made and the authorized-keys-command of that member's
// own configuration; what works and what fails follows from that state.
//
// What nobody knows about the real device is a named knob of Profile, never a
// fact in the code.
//
// The engine knows no XML and no clients: package rpc speaks NETCONF with them,
// package front lets them in. It gives addresses away, an Opener listens on them.
package engine
