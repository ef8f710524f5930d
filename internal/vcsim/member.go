// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// Member states, as get-virtual-chassis-information spells them; standalone is
// a switch that has not joined and is a chassis of one for itself.
const (
	statusPresent       = "Prsnt"
	statusAbsent        = "NotPrsnt"
	statusInactive      = "Inactive"
	statusUnprovisioned = "Unprvsnd"
	statusStandalone    = "standalone"
)

const (
	rolePrimary  = "primary"
	roleBackup   = "backup"
	roleLinecard = "linecard"
)

// Member is one switch of a chassis, with a configuration, keys and servers of
// its own.
type Member struct {
	ID int

	ch    *Chassis
	db    database // in use while this member commits: the primary, or standalone
	front *front   // its own address, if it has one

	mu         sync.Mutex // guards everything below
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

// name is what the other members call it; not to be called under its lock.
func (m *Member) name() string { return fmt.Sprintf("fpc%d", m.slot()) }

// get reads fields under the member's lock.
func get[T any](m *Member, read func() T) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	return read()
}

// set changes fields under the member's lock.
func (m *Member) set(write func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	write()
}

// takeStaged runs under the member's lock.
func (m *Member) takeStaged() *conf.Tree { return m.staged }

func (m *Member) config() *conf.Tree { return get(m, func() *conf.Tree { return m.active }) }
func (m *Member) fips() bool         { return get(m, func() bool { return m.isFIPS }) }
func (m *Member) state() string      { return get(m, func() string { return m.status }) }
func (m *Member) roleNow() string    { return get(m, func() string { return m.role }) }
func (m *Member) software() string   { return get(m, func() string { return m.release }) }

// standalone members and the primary hold a configuration database.
func (m *Member) standalone() bool { return m.state() == statusStandalone }
func (m *Member) isPrimary() bool  { return m.roleNow() == rolePrimary }
func (m *Member) writable() bool   { return m.standalone() || m.isPrimary() }

// hostKey makes the member's host key when it is first needed.
func (m *Member) hostKey() ssh.Signer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.key == nil {
		key, err := newSigner(m.ch.profile.HostKeyType)
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

// fileNames lists what is in memory; the configuration is added by its readers.
func (m *Member) fileNames() []string {
	return get(m, func() []string { return slices.Sorted(maps.Keys(m.files)) })
}

// setConfig makes a configuration active and puts it on top of the history.
func (m *Member) setConfig(tree *conf.Tree, entry *commitEntry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active, m.staged, m.unsynced = tree, nil, ""
	m.history = append([]*commitEntry{entry}, m.history...)
	if len(m.history) > maxRollback+1 {
		m.history = m.history[:maxRollback+1]
	}
}

// keysCommand is what sshd on this member asks for authorized keys.
func (m *Member) keysCommand() (command, user string) {
	tree := m.config().Expand()
	command, _ = tree.Get("system", "services", "ssh", "authorized-keys-command")
	user, _ = tree.Get("system", "services", "ssh", "authorized-keys-command-user")
	return command, user
}

// sshdBroken: sshd refuses to start with a keys command that is no absolute
// path; in one profile also with one that is not the chassis' own.
func (m *Member) sshdBroken() bool {
	command, user := m.keysCommand()
	switch m.ch.profile.BadKeysCommand {
	case "ignored":
		return false
	case "refuse_wrong":
		return command != "" && command != m.ch.profile.KeysCommand
	}
	return command != "" && (!strings.HasPrefix(command, "/") || user == "")
}

// rootLogin is the configured root-login, or the profile's default.
func (m *Member) rootLogin() string {
	if value, ok := m.config().Get("system", "services", "ssh", "root-login"); ok {
		return value
	}
	return m.ch.profile.RootLogin
}

// stage parses an arrived configuration with this member's own schema, so that
// an older release refuses a statement it does not know.
func (m *Member) stage(sent *conf.Tree, text string) error {
	data, ok := m.readFile(configPath)
	if !ok {
		return fmt.Errorf("no configuration arrived")
	}
	tree := sent
	if string(data) != text || m.software() != m.ch.primaryMember().software() {
		tree = conf.New(conf.DefaultSchema(m.software()))
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
