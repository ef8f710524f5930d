// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// twin is what a chassis has of the snapshot that it stands in for.
type twin struct {
	id       string
	login    string   // who took the snapshot
	groups   []string // of the inventory
	tree     *conf.Tree
	history  []snapshotCommit
	costs    map[string]time.Duration
	prepared []int    // members that have keys
	replaced []int    // members that are recorded under another serial number
	notes    []string // what the twin has not, a sentence each
}

// twinPassword opens the twins for every user but root: a snapshot has no passwords.
const twinPassword = "Twin-lab-1"

func newTwin(s snapshotFile) *twin {
	t := &twin{id: s.Chassis.ID, login: s.Login.User, groups: s.Groups, history: s.History, costs: s.costsOf()}
	for _, what := range s.Unseen {
		t.notes = append(t.notes, "the snapshot did not see "+what)
	}
	t.tree = t.loadConfiguration(s)
	t.findKeys(s.Chassis.Members)
	return t
}

// loadConfiguration keeps what the schema does not know as it is, and notes it.
func (t *twin) loadConfiguration(s snapshotFile) *conf.Tree {
	if len(s.Configuration) == 0 {
		return nil
	}
	tree := conf.New(conf.DefaultSchema(s.release()).Keeping())
	for _, p := range tree.Load(conf.ActionMerge, conf.FormatXML, strings.Join(s.Configuration, "\n")) {
		if p.Severity != conf.SeverityWarning {
			t.notes = append(t.notes, strings.TrimSpace(fmt.Sprintf("left out: %s %s (%s)", p.Path, p.BadElement, strings.TrimSpace(p.Message))))
		}
	}
	for _, statement := range tree.Seal() {
		t.notes = append(t.notes, "kept as it is, and not simulated: "+statement)
	}
	return tree
}

// valueOf reads what is in force; "": it is not set.
func (t *twin) valueOf(path ...string) string {
	if t.tree == nil {
		return ""
	}
	value, _ := t.tree.Expand(conf.Place{}).Get(path...)
	return value
}

const recordMacro = "vc-internal-ssh"

// findKeys tells which members have keys: those that the role has recorded under their
// own serial number, and where SCP is in force those that it has not recorded at all,
// because commits reach them. Nothing else tells.
func (t *twin) findKeys(members []snapshotMember) {
	inForce := t.isSCPInForce(members)
	for _, m := range members {
		serial, _, _ := strings.Cut(t.valueOf("system", "commit", "apply-macro", recordMacro, fmt.Sprint(m.ID)), " ")
		switch {
		case serial == "" && inForce, serial != "" && serial == m.Serial:
			t.prepared = append(t.prepared, m.ID)
		case serial != "":
			t.replaced = append(t.replaced, m.ID)
		}
	}
}

func (t *twin) isSCPInForce(members []snapshotMember) bool {
	if t.tree != nil {
		if _, on := t.tree.Expand(conf.Place{}).Get("system", "commit", "config-sync-with-scp"); on {
			return true
		}
	}
	return slices.ContainsFunc(members, func(m snapshotMember) bool { return m.FIPS != nil && *m.FIPS })
}

func (t *twin) describeMember(m snapshotMember) MemberSpec {
	spec := MemberSpec{ID: m.ID, Serial: m.Serial, Model: m.Model, Role: m.Role, Release: m.Release, FIPS: m.FIPS, Status: m.Status}
	if m.Priority != nil {
		spec.Priority = *m.Priority
	}
	if !slices.Contains([]string{RolePrimary, RoleBackup, RoleLinecard}, spec.Role) {
		spec.Role = ""
		if t.valueOf("virtual-chassis", "member", fmt.Sprint(m.ID), "role") == roleEngine {
			spec.Role = roleEngine
		}
	}
	if !slices.Contains([]string{StatusPresent, StatusAbsent, StatusInactive, StatusUnprovisioned}, spec.Status) {
		t.notes = append(t.notes, fmt.Sprintf("member %d is %q, which the simulator does not know: it is away", m.ID, m.Status))
		spec.Status = StatusAbsent
	}
	return spec
}

// listUsers are those of the configuration, root, and who took the snapshot: an account
// that only RADIUS or TACACS+ knows.
func (t *twin) listUsers(login, class string) []User {
	users := []User{{Name: "root", Class: ClassSuperUser, Password: "Root-lab-1"}}
	add := func(name, class string) {
		known := slices.ContainsFunc(users, func(u User) bool { return u.Name == name })
		if name != "" && class != "" && !known {
			users = append(users, User{Name: name, Class: class, Password: twinPassword})
		}
	}
	if t.tree != nil {
		inForce := t.tree.Expand(conf.Place{})
		for _, name := range inForce.List("system", "login", "user") {
			class, _ := inForce.Get("system", "login", "user", name, "class")
			add(name, class)
		}
	}
	add(login, class)
	return users
}

// takeOver gives the members what a twin has beside its configuration: the history, and
// keys only where there are some. The others go on knowing the host key of a switch that
// was replaced.
func (t *twin) takeOver(ch *Chassis) error {
	for _, m := range ch.allMembers() {
		if len(t.history) > 0 {
			m.history = t.entries(m.active)
		}
		if slices.Contains(t.prepared, m.ID) {
			continue
		}
		for _, file := range []string{keyPrivate, keyPublic, keyAuthorized, keyKnownHosts} {
			m.removeFile(m.keyFile(file))
		}
		if slices.Contains(t.replaced, m.ID) {
			key, err := newSigner(ch.Profile.HostKeyType)
			if err != nil {
				return err
			}
			m.writeFields(func() { m.key = key })
		}
	}
	return nil
}

// entries are the commits of the snapshot. Only the newest configuration is known, so
// all of them have that.
func (t *twin) entries(tree *conf.Tree) (all []*commitEntry) {
	for _, c := range t.history {
		at, _ := time.Parse(time.RFC3339, c.At)
		all = append(all, &commitEntry{tree: tree, at: at, user: c.User, client: c.Client, comment: c.Comment, log: c.Log})
	}
	return all
}
