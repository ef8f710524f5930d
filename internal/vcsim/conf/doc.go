// SPDX-License-Identifier: GPL-3.0-or-later

// Package conf is the configuration engine of a simulated Junos switch: a tree of statements that is
// checked by a schema, read from and written in Junos' four formats (text with curly braces, set commands,
// XML, JSON), loaded with Junos' actions and answers, and compared in the form of "show | compare".
//
// It knows no NETCONF, no sessions, no clock and no files, and shares nothing with the client side of this
// project: a mistake made there must not pass here.
//
// # Life of a tree
//
// A [Tree] belongs to a [Schema]. Nodes never change once they are part of a tree: an edit copies the path it
// touches and shares the rest. [Tree.Clone] is therefore one small allocation, and thousands of members can hold
// the configuration of their chassis at the cost of one. [Tree.Share] brings a tree that was
// received (and parsed) separately back to shared structure when it is equal.
//
// A *Tree may be read by many goroutines; edits need a lock of the caller, as with a map.
//
// # Loading
//
// [Tree.Load] never fails as a whole. It returns what Junos would report and applies every statement it
// understood, so that the candidate of a session is dirty after an error, as on a switch:
//
//	problems := tree.Load(conf.Merge, conf.FormatText, "system { host-name sw1; }")
//
// Paths are words: keywords and list keys in the order in which they are typed after "set".
//
//	tree.Set("system", "login", "user", "ada", "class", "super-user")
//	name, ok := tree.Get("system", "host-name")
//	ids := tree.List("virtual-chassis", "member")
package conf
