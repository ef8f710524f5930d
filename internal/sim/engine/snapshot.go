// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The snapshots that this simulator reads: the file of the module vc_snapshot. The types
// are the simulator's own, and what it has no use for is not in them.
const (
	snapshotFormat  = "vchassis.junos/snapshot"
	snapshotVersion = 1
)

type snapshotFile struct {
	Format  string   `json:"format"`
	Version int      `json:"version"`
	Name    string   `json:"name"`
	Groups  []string `json:"groups"`
	Chassis struct {
		ID             string           `json:"id"`
		HostName       string           `json:"host_name"`
		Preprovisioned bool             `json:"preprovisioned"`
		Members        []snapshotMember `json:"members"`
	} `json:"chassis"`
	Login struct {
		User  string `json:"user"`
		Class string `json:"class"`
	} `json:"login"`
	Algorithms struct {
		HostKeys []string `json:"host_keys"`
	} `json:"algorithms"`
	Configuration []string         `json:"configuration"`
	History       []snapshotCommit `json:"history"`
	Timings       struct {
		Replies []struct {
			Operation string  `json:"operation"`
			Seconds   float64 `json:"seconds"`
		} `json:"replies"`
	} `json:"timings"`
	Unseen []string `json:"unseen"`
}

type snapshotMember struct {
	ID       int    `json:"id"`
	Role     string `json:"role"`
	RoleWord string `json:"role_word"`
	Local    bool   `json:"local"`
	Status   string `json:"status"`
	Priority *int   `json:"priority"`
	Serial   string `json:"serial"`
	Model    string `json:"model"`
	Release  string `json:"release"`
	FIPS     *bool  `json:"fips"`
}

type snapshotCommit struct {
	At      string `json:"at"`
	User    string `json:"user"`
	Client  string `json:"client"`
	Comment string `json:"comment"`
	Log     string `json:"log"`
}

// TwinOptions choose what a twin has that its snapshot does not say.
type TwinOptions struct {
	// KeysCommand and KeysCommandUser are what step 1 has to set so that internal keys are
	// found; empty: what the snapshot has set, else the profile's own.
	KeysCommand, KeysCommandUser string
	// Commit is how long a commit takes, which no snapshot can know; 0: what the knobs say.
	Commit time.Duration
	// Check is how long a commit check takes, which commits nothing; 0: as long as a commit.
	Check time.Duration
	// Delays makes the twin take as long for its replies as the chassis did.
	Delays bool
}

// ReadTwins reads a snapshot, or all snapshots of a folder, and describes their twins.
func ReadTwins(path string, o TwinOptions) ([]ChassisSpec, error) {
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() {
		files, _ = filepath.Glob(filepath.Join(path, "*.json")) // a pattern of ours
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no snapshot is in it", path)
	}
	slices.Sort(files)
	var all []ChassisSpec
	for _, file := range files {
		spec, err := readTwin(file, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, spec)
	}
	return all, nil
}

func readTwin(file string, o TwinOptions) (ChassisSpec, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return ChassisSpec{}, err
	}
	var s snapshotFile
	if err := json.Unmarshal(text, &s); err != nil {
		return ChassisSpec{}, fmt.Errorf("this is not a snapshot: %w", err)
	}
	switch {
	case s.Format != snapshotFormat:
		return ChassisSpec{}, fmt.Errorf("this is not a snapshot: its format is %q, want %q", s.Format, snapshotFormat)
	case s.Version < 1 || s.Version > snapshotVersion:
		return ChassisSpec{}, fmt.Errorf("its version is %d, and this simulator reads %d: take a newer simulator", s.Version, snapshotVersion)
	case s.Name == "" || len(s.Chassis.Members) == 0:
		return ChassisSpec{}, errors.New("it has no name or no members")
	}
	return s.describeTwin(o), nil
}

// describeTwin makes a chassis of a snapshot.
func (s snapshotFile) describeTwin(o TwinOptions) ChassisSpec {
	t := newTwin(s)
	if o.Commit > 0 {
		t.costs["commit"], t.costs["commit-configuration"] = o.Commit, o.Commit
	}
	if o.Check > 0 {
		t.costs[KindCheck] = o.Check
	}
	spec := ChassisSpec{Name: s.Name, Release: s.release(), Model: s.Chassis.Members[0].Model, Preprovisioned: &s.Chassis.Preprovisioned, KeepUnknown: true, twin: t}
	for _, m := range s.Chassis.Members {
		spec.Members = append(spec.Members, t.describeMember(m))
	}
	spec.Users = t.listUsers(s.Login.User, s.Login.Class)
	spec.Prepared = len(t.prepared)+len(t.replaced) > 0
	spec.Profile = t.describeProfile(s, o)
	return spec
}

// release is that of the member that answered.
func (s snapshotFile) release() (release string) {
	for _, m := range s.Chassis.Members {
		if m.Release != "" && (release == "" || m.Local) {
			release = m.Release
		}
	}
	return release
}

// costsOf are how long the replies took, the first of each kind.
func (s snapshotFile) costsOf() map[string]time.Duration {
	costs := map[string]time.Duration{}
	for _, r := range s.Timings.Replies {
		if _, twice := costs[r.Operation]; !twice && r.Seconds > 0 {
			costs[r.Operation] = time.Duration(r.Seconds * float64(time.Second))
		}
	}
	return costs
}

func (t *twin) describeProfile(s snapshotFile, o TwinOptions) Profile {
	p := Profile{KeysCommand: o.KeysCommand, KeysCommandUser: o.KeysCommandUser}
	setDefault(&p.KeysCommand, t.valueOf("system", "services", "ssh", "authorized-keys-command"))
	setDefault(&p.KeysCommandUser, t.valueOf("system", "services", "ssh", "authorized-keys-command-user"))
	if o.Delays {
		p.Costs = "waited"
	}
	for _, m := range s.Chassis.Members {
		if strings.HasPrefix(m.RoleWord, "Primary") {
			p.RoleWord = "Primary"
		}
	}
	for _, kind := range []string{"ecdsa", "ed25519", "rsa"} {
		if len(s.Algorithms.HostKeys) > 0 && strings.Contains(s.Algorithms.HostKeys[0], kind) {
			p.HostKeyType = kind
		}
	}
	return p
}
