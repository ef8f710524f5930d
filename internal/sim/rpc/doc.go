// SPDX-License-Identifier: GPL-3.0-or-later

// Package rpc is one session of the simulator from its hello to its end: requests
// in, replies out, over any stream. Of all that a switch is and does it knows how
// Junos writes it in XML; package engine does it.
//
// The command line asks the same operations, through a Device. Ports, VLANs, rescue configurations and what is in upkeep.go
// serve rehearsals and foreign clients only: the modules of this project ask for none of it.
package rpc
