// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// KeysCommand is step 1 of the procedure: how sshd finds the internal
// authorized keys. Junos takes both statements or none.
type KeysCommand struct {
	Command string // system services ssh authorized-keys-command, 1 to 1024 characters
	User    string // system services ssh authorized-keys-command-user, 1 to 256 characters
}

// IsUnset says that neither statement is there.
func (k KeysCommand) IsUnset() bool { return k == KeysCommand{} }

func (k KeysCommand) String() string {
	if k.IsUnset() {
		return "nothing"
	}
	return fmt.Sprintf("%q with user %q", k.Command, k.User)
}

// Groups names the configuration groups that statements come from, each empty
// for a statement that stands at its own place: what a group gives cannot be
// deleted there.
type Groups struct {
	SCP  string
	Keys string
}

// Settings is the part of a configuration that the procedure changes.
type Settings struct {
	Keys   KeysCommand
	SCP    bool // system commit config-sync-with-scp
	Record Record
}

// Equal compares two settings; an empty record and none are the same.
func (s Settings) Equal(t Settings) bool {
	return s.Keys == t.Keys && s.SCP == t.SCP && maps.Equal(s.Record, t.Record)
}

// HasMoreThan says that a statement, or an entry of the record, is here and not there,
// whatever its value: where it was taken away, a group may give it still.
func (s Settings) HasMoreThan(t Settings) bool {
	for id := range s.Record {
		if _, stays := t.Record[id]; !stays {
			return true
		}
	}
	return s.SCP && !t.SCP || s.Keys.Command != "" && t.Keys.Command == "" || s.Keys.User != "" && t.Keys.User == ""
}

// Edited returns the settings after what differs between two others was changed
// in them, and nothing else. What a statement has at its own place is edited so,
// whatever a group says beside it.
func (s Settings) Edited(from, to Settings) Settings {
	if from.Keys.Command != to.Keys.Command {
		s.Keys.Command = to.Keys.Command
	}
	if from.Keys.User != to.Keys.User {
		s.Keys.User = to.Keys.User
	}
	if from.SCP != to.SCP {
		s.SCP = to.SCP
	}
	record := Record{}
	maps.Copy(record, s.Record)
	for id := range from.Record {
		if _, stays := to.Record[id]; !stays {
			delete(record, id)
		}
	}
	for id, e := range to.Record {
		if from.Record[id] != e {
			record[id] = e
		}
	}
	s.Record = record
	return s
}

// Text renders the settings as Junos set commands, one a line, for a diff.
// It is never sent to a device.
func (s Settings) Text() string {
	var b strings.Builder
	if s.SCP {
		b.WriteString("set system commit config-sync-with-scp\n")
	}
	for _, id := range slices.Sorted(maps.Keys(s.Record)) {
		fmt.Fprintf(&b, "set system commit apply-macro %s %d %s\n", RecordName, id, quoteForCLI(s.Record[id].String()))
	}
	if s.Keys.Command != "" {
		fmt.Fprintf(&b, "set system services ssh authorized-keys-command %s\n", quoteForCLI(s.Keys.Command))
	}
	if s.Keys.User != "" {
		fmt.Fprintf(&b, "set system services ssh authorized-keys-command-user %s\n", quoteForCLI(s.Keys.User))
	}
	return b.String()
}

// StatementsBesides returns the statements, as in Text, that others do not have.
func (s Settings) StatementsBesides(others Settings) (lines []string) {
	theirs := strings.Split(others.Text(), "\n")
	for line := range strings.Lines(s.Text()) {
		if line = strings.TrimSuffix(line, "\n"); !slices.Contains(theirs, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// quoteForCLI puts quotes where the CLI would.
func quoteForCLI(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\"'\\;{}[]()<>#&|*?") {
		return s
	}
	return fmt.Sprintf("%q", s)
}
