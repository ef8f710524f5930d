// SPDX-License-Identifier: GPL-3.0-or-later

package lastword

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// Play is what a callback saw of the plays of one run of Ansible.
type Play struct {
	Program   string   `json:"program"`   // how Ansible was started, up to the playbook; "": not from a command line
	Playbooks string   `json:"playbooks"` // which ones
	Guide     string   `json:"guide"`     // the file of the guide on this machine; "": not known
	Hosts     []Host   `json:"hosts"`     // those of which a module returned something
	Unseen    []string `json:"unseen"`    // hosts of the same plays for which no module was run
}

// Host is one chassis.
type Host struct {
	Name    string `json:"host"`
	Results []Seen `json:"results"` // in the order of the run
}

// Seen is what one task returned.
type Seen struct {
	Module   string         `json:"module"`
	Register string         `json:"register"`
	SCP      string         `json:"scp"` // the option of vc_info: what the run wants
	Result   outcome.Result `json:"result"`

	Judged *outcome.Outcome `json:"judged"` // of vc_outcome: what the role itself has said
}

// readPlay reads what a callback has to say.
func readPlay(r io.Reader) (Play, error) {
	var p Play
	err := json.NewDecoder(r).Decode(&p)
	if errors.As(err, new(*json.UnmarshalTypeError)) {
		err = nil // a field of another type than ours is not known; the others are read
	}
	return p, err
}

// chassis is a host with what its run came to.
type chassis struct {
	name string
	outcome.Outcome
	readOnly bool // no module was run that could change it
	isFIPS   bool // as its members were read; what the role has said arrives without its record
}

// judge judges every host, in the order of their names. One of which only a snapshot was
// taken nobody has judged.
func (p Play) judge() []chassis {
	var all []chassis
	for _, h := range p.Hosts {
		if !slices.ContainsFunc(h.Results, Seen.isJudgeable) {
			continue
		}
		run := h.runOf()
		c := chassis{name: h.Name, Outcome: run.Judge(), readOnly: run.OnlyRead}
		c.isFIPS = c.Record.Found.FIPS != nil && *c.Record.Found.FIPS
		for _, seen := range h.Results {
			if seen.Judged != nil && seen.Judged.Outcome != "" {
				c.Outcome = *seen.Judged
			}
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b chassis) int { return cmp.Compare(a.name, b.name) })
	return all
}

// runOf gives every result its place in a run of the role. Of two for one place, the
// later counts. What only read, and was not the role's, was an audit.
func (h Host) runOf() outcome.Run {
	run := outcome.Run{Host: h.Name, Wanted: outcome.Present, Now: time.Unix(0, 0)}
	for i := range h.Results {
		seen := &h.Results[i]
		if place := placeOf(&run, *seen); place != nil && !seen.Result.Skipped {
			*place = &seen.Result
		}
		if seen.Module == "vc_info" {
			if run.OnlyRead = !strings.HasPrefix(seen.Register, rolePrefix); seen.SCP == "disabled" {
				run.Wanted = outcome.Absent
			}
		}
	}
	return run
}

// isJudgeable says that a result tells how a chassis is.
func (s Seen) isJudgeable() bool { return s.Judged != nil || placeOf(&outcome.Run{}, s) != nil }

// rolePrefix begins the names under which tasks of the role keep their results.
const rolePrefix = "__scp_config_sync_"

// placeOf returns where a run has the result of a task, or nil.
func placeOf(run *outcome.Run, s Seen) **outcome.Result {
	named := func(what string) bool { return strings.HasSuffix(s.Register, what) }
	switch s.Module {
	case "vc_info":
		return &run.Info
	case "vc_sync_check":
		return &run.SyncCheck
	case "vc_procedure":
		return &run.Keys
	case "vc_internal_ssh":
		if named("root") {
			return &run.Root
		}
		return &run.Keys
	case "vc_authorized_keys_command":
		switch {
		case named("on_members"):
			return &run.OnMembers
		case named("removal"):
			return &run.Removal
		}
		return &run.Command
	case "vc_scp_sync":
		if named("disable") {
			return &run.Disable
		}
		return &run.Enable
	}
	return nil
}
