// SPDX-License-Identifier: GPL-3.0-or-later

// Package vcsnapshot is the module vc_snapshot: it reads what the simulator needs to
// stand in for a chassis, takes secrets out of it, and writes it to a file on the
// controller. It never writes to the device.
package vcsnapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Module is the entry of this module in the program's table.
var Module = ansible.New("vc_snapshot", Run)

type params struct {
	device.Connection
	Dest         string        `json:"dest" type:"path" required:"true"`
	Name         string        `json:"name" max:"64"`
	Groups       []string      `json:"groups"`
	Anonymize    bool          `json:"anonymize" default:"false"`
	AnonymizeKey secret.String `json:"anonymize_key"`
}

// Validate refuses names that are no file names, and a key that would be of no use.
func (p *params) Validate() error {
	for _, name := range append([]string{p.Name}, p.Groups...) {
		if name != "" && !fileName.MatchString(name) {
			return fmt.Errorf("name, groups: want letters, digits, dots, hyphens and underscores, got %s", ansible.Quote(name))
		}
	}
	if !redact.IsGoodKey(p.AnonymizeKey.Reveal()) {
		return fmt.Errorf("anonymize_key: want at least %d characters", redact.MinKey)
	}
	if p.Anonymize && !p.TraceAnonymize { // a trace of it is no place for what the snapshot does not show
		p.TraceAnonymize, p.TraceAnonymizeKey = true, p.AnonymizeKey
	}
	return p.Connection.Validate()
}

var fileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

// requests counts what was asked of the device.
type requests struct {
	Logins int `json:"logins"`
	Reads  int `json:"reads"`
	Writes int `json:"writes"`
}

type result struct {
	device.Result
	Snapshot string               `json:"snapshot,omitempty"`
	Name     string               `json:"name,omitempty"`
	Replaced []redact.Replacement `json:"replaced,omitempty" scrub:"never"`
	Unseen   []string             `json:"unseen,omitempty"`
	Requests *requests            `json:"requests,omitempty"`
}

// Run takes a snapshot. In check mode it reads and writes no file.
func Run(ctx context.Context, task ansible.Task, p params) (result, error) {
	shot, err := device.TakeSnapshot(ctx, task, p.Connection)
	if err != nil {
		return result{}, err
	}
	writes := device.CountWrites(shot.Exchanges)
	out := result{Result: shot.Result, Requests: &requests{Logins: 1, Reads: len(shot.Exchanges) - writes, Writes: writes}}
	r := redact.New(redact.Options{Anonymize: p.Anonymize, Key: []byte(p.AnonymizeKey.Reveal())})
	s, err := describe(shot, nameOf(p, shot), p.Groups, r)
	if err != nil {
		return out, err
	}
	s.Anonymized = p.Anonymize
	if !fileName.MatchString(s.Name) {
		return out, fmt.Errorf("the host name of the chassis is not a valid file name, %s: set name", ansible.Quote(s.Name))
	}
	out.Name, out.Replaced, out.Unseen = s.Name, s.Replaced, s.Unseen
	out.Snapshot = filepath.Join(p.Dest, s.Name+".json")
	out.Msg = describeSnapshot(s)
	if task.Check {
		return out, nil
	}
	return out, writeSnapshot(out.Snapshot, s)
}

// writeSnapshot puts the file in its place in one step: a reader sees all of it, or the
// one before. Only the user may read it.
func writeSnapshot(path string, s snapshot) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // people read it
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".snapshot-*") // for nobody else to read
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	if _, err = draft.Write(text.Bytes()); err == nil {
		err = draft.Close()
	}
	if err == nil {
		err = os.Rename(draft.Name(), path)
	}
	return err
}

func describeSnapshot(s snapshot) string {
	n := 0
	for _, r := range s.Replaced {
		n += r.Count
	}
	text := fmt.Sprintf("%s: %s, %s replaced", s.Name, phrase.Count(len(s.Chassis.Members), "member"), phrase.Count(n, "value"))
	if len(s.Unseen) > 0 {
		text += "; not seen: " + strings.Join(s.Unseen, "; ")
	}
	return text
}
