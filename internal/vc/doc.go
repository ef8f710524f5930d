// SPDX-License-Identifier: GPL-3.0-or-later

// Package vc models a Virtual Chassis and plans its changes.
//
// It does no I/O, knows no XML and reads no clock: what a device said goes in
// as a Chassis, what should be done comes out as a plan or as a ForbiddenError that
// names every reason. Sources of the rules: Juniper, "Synchronize
// Configuration Data Using SCP in a Virtual Chassis", and the must-statements
// of Juniper's configuration YANG (junos-ex, junos-qfx 25.2R1).
package vc
