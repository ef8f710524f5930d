// SPDX-License-Identifier: GPL-3.0-or-later

// Package schema is the text of the configuration schema: which statements an EX or
// QFX switch knows, and what their values are. It is data and no code; the format is
// described in conf's schema_read.go. The simulator reads it to be a switch, and
// redact reads it to know which values may leave one.
package schema

import "embed"

// Files holds the schema, one file a part of the configuration.
//
//go:embed *.txt
var Files embed.FS
