// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcsim is a simulated Juniper Virtual Chassis: one process serves any
// number of chassis over SSH and NETCONF, and every member has a configuration,
// a host key, key files and servers of its own.
//
// A Lab holds Chassis, a Chassis holds Members. A commit on the primary really
// travels to the other members, in plaintext (RCP) or through SSH (SCP) with the
// keys that prepare-setup made and the authorized-keys-command of that member's
// own configuration; what works and what fails follows from that state.
//
// What nobody knows about the real device is a named knob of Profile, never a
// fact in the code. The package shares the framing with the client and nothing
// else: its XML is its own, so that one mistake cannot pass on both sides.
package vcsim
