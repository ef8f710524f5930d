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
//
// # Printing
//
// [Tree.Text], [Tree.SetText], [Tree.XML] and [Tree.JSON] print whole trees; [Tree.Select] (a filter of get-configuration),
// [Tree.Only] (a path) and [Tree.Expand] (groups applied, inactive statements gone) make smaller trees to print.
// Statements stand in the order of the schema, entries of a list in the order of the user, except those that Junos keeps
// sorted (interfaces, units, vlans, slots, members).
//
// # Problems as replies
//
// A [Problem] holds what the recorded replies hold. For a load, NETCONF shows severity, message and bad-element; the CLI
// shows line, column, path and source as well ([Problem.CLI]). For a failed [Check] NETCONF shows path, message (after
// "mgd: ") and bad-element, followed by one operation-failed error that gives [Problem.Reason] in parentheses.
//
// # Limits
//
// Known statements are those of the files in schema/, which build-tools/yang_schema.py derives from Juniper's published
// models of 24.4R1; a test compares their structure with digests of the models. Anything else is a syntax error, as on a switch,
// unless it is kept ([Schema.Keeping]). JSON, and all that is below interfaces and vlans, serve rehearsals and foreign
// clients: the modules of this project do not use them. Values are
// checked for range, length, choice and address syntax, not for what they refer to. Not read: patches, "replace pattern", wildcard
// deletes, ephemeral and private databases. Words that are only written before others (family) cannot be
// deactivated themselves.
package conf
