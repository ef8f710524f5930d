// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// Member states, as get-virtual-chassis-information spells them; standalone is
// a switch that has not joined and is a chassis of one for itself.
const (
	StatusPresent       = "Prsnt"
	StatusAbsent        = "NotPrsnt"
	StatusInactive      = "Inactive"
	StatusUnprovisioned = "Unprvsnd"
	StatusStandalone    = "standalone"
)

// Roles of a member. A scenario may also say roleEngine: primary or backup, as it
// turns out.
const (
	RolePrimary  = "primary"
	RoleBackup   = "backup"
	RoleLinecard = "linecard"
	roleEngine   = "routing-engine"
)

// Member is one switch of a chassis, with a configuration, keys and servers of
// its own.
type Member struct {
	ID int

	Chassis *Chassis
	db      database // in use while this member commits: the primary, or standalone

	mu         sync.Mutex // guards everything below
	door       Door       // its own, if it has one
	console    Door       // its console, if it has one
	serial     string
	model      string
	release    string
	isFIPS     bool
	status     string
	role       string
	fixed      bool // the role was given: never a routing engine
	priority   int
	key        ssh.Signer
	active     *conf.Tree
	staged     *conf.Tree
	history    []*commitEntry // newest first
	files      map[string][]byte
	generation int    // counts the switches that were in this place
	unsynced   string // why the configuration is not the primary's; "" when it is
}

// Name is what the other members call it; not to be called under its lock.
func (m *Member) Name() string { return fmt.Sprintf("fpc%d", m.Slot()) }

// readField reads fields under the member's lock.
func readField[T any](m *Member, read func() T) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	return read()
}

// writeFields changes fields under the member's lock.
func (m *Member) writeFields(write func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	write()
}

// Serial is the serial number.
func (m *Member) Serial() string { return readField(m, func() string { return m.serial }) }

// Model is the model.
func (m *Member) Model() string { return readField(m, func() string { return m.model }) }

// Priority is the mastership priority.
func (m *Member) Priority() int { return readField(m, func() int { return m.priority }) }

// ActiveTree is the configuration that is in force here; nobody may change it.
func (m *Member) ActiveTree() *conf.Tree { return readField(m, func() *conf.Tree { return m.active }) }

// InForce is the active configuration as this member works with it: groups applied
// that speak here, inactive statements gone.
func (m *Member) InForce() *conf.Tree { return m.ActiveTree().Expand(m.Place()) }

// Place is where its configuration is in force.
func (m *Member) Place() conf.Place {
	return conf.Place{Member: m.Slot(), Model: m.Model(), Release: m.Release(), Now: m.Chassis.Now()}
}

// InFIPSMode tells whether the switch runs in FIPS mode.
func (m *Member) InFIPSMode() bool { return readField(m, func() bool { return m.isFIPS }) }

// Status is the state of the member, as one of the names above.
func (m *Member) Status() string { return readField(m, func() string { return m.status }) }

// Role is primary, backup or linecard.
func (m *Member) Role() string { return readField(m, func() string { return m.role }) }

// Release is the software that runs here.
func (m *Member) Release() string { return readField(m, func() string { return m.release }) }

// IsStandalone tells of a switch that has not joined.
func (m *Member) IsStandalone() bool { return m.Status() == StatusStandalone }

// IsPrimary tells whether the chassis address leads here.
func (m *Member) IsPrimary() bool { return m.Role() == RolePrimary }

// isWritable members hold a configuration database: the primary, and who stands alone.
func (m *Member) isWritable() bool { return m.IsStandalone() || m.IsPrimary() }

// hostKey makes the member's host key when it is first needed.
func (m *Member) hostKey() ssh.Signer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.key == nil {
		key, err := newSigner(m.Chassis.Profile.HostKeyType)
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		m.key = key
	}
	return m.key
}

func (m *Member) readFile(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.files[name]
	return data, ok
}

func (m *Member) writeFile(name string, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files == nil {
		m.files = map[string][]byte{}
	}
	m.files[name] = data
}

func (m *Member) removeFile(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, name)
}

// FileNames lists what is in memory; the configuration is added by its readers.
func (m *Member) FileNames() []string {
	return readField(m, func() []string { return slices.Sorted(maps.Keys(m.files)) })
}

// setConfig makes a configuration active and puts it on top of the history.
func (m *Member) setConfig(tree *conf.Tree, entry *commitEntry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active, m.staged, m.unsynced = tree, nil, ""
	m.history = append([]*commitEntry{entry}, m.history...)
	if len(m.history) > MaxRollback+1 {
		m.history = m.history[:MaxRollback+1]
	}
}

// keysCommand is what sshd on this member asks for authorized keys.
func (m *Member) keysCommand() (command, user string) {
	tree := m.InForce()
	command, _ = tree.Get("system", "services", "ssh", "authorized-keys-command")
	user, _ = tree.Get("system", "services", "ssh", "authorized-keys-command-user")
	return command, user
}

// sshdBroken: sshd refuses to start with a keys command that is no absolute
// path; in one profile also with one that is not the chassis' own.
func (m *Member) sshdBroken() bool {
	command, user := m.keysCommand()
	switch m.Chassis.Profile.BadKeysCommand {
	case "ignored":
		return false
	case "refuse_wrong":
		return command != "" && command != m.Chassis.Profile.KeysCommand
	}
	return command != "" && (!strings.HasPrefix(command, "/") || user == "")
}

// RootLogin is the configured root-login, or the profile's default.
func (m *Member) RootLogin() string {
	if value, ok := m.InForce().Get("system", "services", "ssh", "root-login"); ok {
		return value
	}
	return m.Chassis.Profile.RootLogin
}

// stageConfig parses an arrived configuration with this member's own schema, so that
// an older release refuses a statement it does not know.
func (m *Member) stageConfig(sent *conf.Tree, text string) error {
	data, ok := m.readFile(configPath)
	if !ok {
		return fmt.Errorf("no configuration arrived")
	}
	tree := sent
	if string(data) != text || m.Release() != m.Chassis.Primary().Release() {
		tree = conf.New(sent.Schema().ForRelease(m.Release()))
		for _, p := range tree.Load(conf.ActionOverride, conf.FormatText, string(data)) {
			if p.Severity == conf.SeverityError {
				return fmt.Errorf("%s", p.Message)
			}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, configPath)
	m.staged = tree
	return nil
}

// Slot is the member id that a switch knows itself by.
func (m *Member) Slot() int {
	if m.IsStandalone() {
		return 0
	}
	return m.ID
}

// HostName is the configured host-name.
func (m *Member) HostName() string {
	name, _ := m.ActiveTree().Get("system", "host-name")
	return name
}

// RoleWord marks the member that owns this session with an asterisk.
func (m *Member) RoleWord(local *Member) string {
	word := m.Chassis.Profile.RoleWord
	m.Chassis.mu.Lock()
	split := m.Chassis.split
	m.Chassis.mu.Unlock()
	switch {
	case m.IsStandalone(), m.IsPrimary(), split && m.Role() == RoleBackup:
	case m.Role() == RoleBackup:
		word = "Backup"
	default:
		word = "Linecard"
	}
	if m == local {
		word += "*"
	}
	return word
}

// Version is the release as namespaces name it: whole, or short, which is M.mR0, and M.mRr before 19.1R1. Replies have it whole
// from 23.2R1 on, where the form is that of the release; what is in them has it short.
func (m *Member) Version(form string) string {
	release := m.Release()
	i := strings.IndexAny(release, "RXIF")
	switch {
	case form == "full", form == "release" && !conf.Earlier(release, "23.2R1"), i < 0:
		return release
	case conf.Earlier(release, "19.1R1"):
		return release[:i+1] + leadingDigits(release[i+1:])
	}
	return release[:i] + "R0"
}

func leadingDigits(s string) string {
	if end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		return s[:end]
	}
	return s
}

// OffersNETCONF: the subsystem is there when the configuration has it.
func (m *Member) OffersNETCONF() bool {
	_, on := m.InForce().Get("system", "services", "netconf", "ssh")
	return on
}

// OffersSFTP: so is that subsystem.
func (m *Member) OffersSFTP() bool {
	_, on := m.InForce().Get("system", "services", "ssh", "sftp-server")
	return on
}

// OffersSSH: so are shells, the CLI and scp.
func (m *Member) OffersSSH() bool {
	_, on := m.InForce().Get("system", "services", "ssh")
	return on
}
