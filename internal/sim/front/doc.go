// SPDX-License-Identifier: GPL-3.0-or-later

// Package front is where clients of the simulator come in: SSH with its channels
// for NETCONF, the command line and copied files, and the control API on a unix
// socket. What they say there is for the packages rpc and cli.
package front
