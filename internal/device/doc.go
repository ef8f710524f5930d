// SPDX-License-Identifier: GPL-3.0-or-later

// Package device is what all modules have in common: how their connection
// options become a session, how a plan becomes a preview or a change, and the
// fields that every result has. What a module wants is the module's own.
package device
