// SPDX-License-Identifier: GPL-3.0-or-later

// Package junos speaks to a Junos device: each operation is a Go call, and
// every XML shape that the client knows is here.
//
// It decides nothing: which changes are right is package vc's, how a change
// is made safe is package change's. Elements are matched by their local name,
// because Junos puts its release into namespaces.
package junos
