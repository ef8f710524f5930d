// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// configureMembers gives every member its first configuration. Members that are in
// sync share one tree, which nobody changes once it is active.
func (ch *Chassis) configureMembers() error {
	tree, err := ch.startTree()
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	at := ch.lab.clock.Now()
	for i, m := range ch.allMembers() {
		own := tree
		if spec := ch.spec.Members[i]; spec.Config != "" || spec.Status == StatusStandalone {
			if own, err = m.ownTree(spec.Config); err != nil {
				return fmt.Errorf("members[%d].config: %w", i, err)
			}
		}
		m.setConfig(own, &commitEntry{tree: own, at: at, user: "root", client: "other"})
	}
	for path, content := range ch.spec.ForeignFiles {
		ch.Primary().writeFile(path, []byte(content))
	}
	if ch.spec.Prepared {
		err = ch.prepareKeys()
		ch.lab.journal.changeCounters(ch.Name, func(c *Counters) { *c = Counters{} })
	}
	if ch.spec.twin != nil && err == nil {
		err = ch.spec.twin.takeOver(ch)
	}
	return err
}

func (ch *Chassis) startTree() (*conf.Tree, error) {
	if t := ch.spec.twin; t != nil && t.tree != nil {
		return t.tree, nil
	}
	text := ch.spec.Config
	if text == "" {
		text = ch.defaultConfig()
	}
	tree := conf.New(ch.startSchema(ch.spec.Release))
	ch.addRootKeys(tree)
	err := errors.Join(loadStatements(tree, text), loadStatements(tree, ch.spec.ConfigAdd))
	completeTree(tree, ch.spec.Release)
	tree.Seal()
	return tree, err
}

// startSchema is what a first configuration is read with.
func (ch *Chassis) startSchema(release string) *conf.Schema {
	schema := conf.DefaultSchema(release)
	if ch.spec.KeepUnknown {
		return schema.Keeping()
	}
	return schema
}

// loadStatements takes set commands or text, whatever it looks like. Its error names every statement that is not understood.
func loadStatements(tree *conf.Tree, text string) error {
	format := conf.FormatText
	for _, verb := range []string{"set ", "delete ", "deactivate ", "protect ", "annotate "} {
		if strings.HasPrefix(strings.TrimSpace(text), verb) {
			format = conf.FormatSet
		}
	}
	var all []error
	for _, p := range tree.Load(conf.ActionMerge, format, text) {
		switch statement := p.Statement(text); {
		case p.Severity != conf.SeverityError:
		case statement != "":
			all = append(all, fmt.Errorf("line %d: %s: %s", p.Line, statement, p.Message))
		case p.Line == 0:
			all = append(all, p)
		}
	}
	return errors.Join(all...)
}

// labHash stands for a password hash: nobody logs in by it, users have their
// password in the scenario.
const labHash = "$6$vchassis$Zl8yq0mC2nH4kX6tB1rV3wJ5dP7sF9gK"

func (ch *Chassis) defaultConfig() string {
	var b strings.Builder
	fmt.Fprintf(&b, "set system host-name %s\n", ch.Name)
	b.WriteString(factory)
	for _, u := range ch.spec.Users {
		if u.Name != "root" && u.Class != "" {
			fmt.Fprintf(&b, "set system login user %s class %s\n", u.Name, u.Class)
			fmt.Fprintf(&b, "set system login user %s authentication encrypted-password \"%s\"\n", u.Name, labHash)
		}
	}
	if ch.spec.FIPS {
		b.WriteString("set system fips level 1\n")
	}
	b.WriteString("set interfaces vme unit 0 family inet address 192.0.2.10/24\n")
	b.WriteString("set vlans default vlan-id 1\n")
	if ch.spec.Preprovisioned == nil || *ch.spec.Preprovisioned {
		b.WriteString("set virtual-chassis preprovisioned\n")
		ch.writeProvisioning(&b)
	}
	return b.String()
}

const factory = `set system root-authentication encrypted-password "` + labHash + `"
set system services ssh
set system services netconf ssh
set system syslog file messages any notice
`

func (ch *Chassis) writeProvisioning(b *strings.Builder) {
	for _, m := range ch.allMembers() {
		if s := m.Status(); s == StatusStandalone || s == StatusUnprovisioned {
			continue
		}
		role := "routing-engine"
		if m.fixed {
			role = "line-card"
		}
		fmt.Fprintf(b, "set virtual-chassis member %d role %s\n", m.ID, role)
		fmt.Fprintf(b, "set virtual-chassis member %d serial-number %s\n", m.ID, m.serial)
	}
}

// ownTree is the configuration of a switch that did not get the chassis': as it
// left the factory, or staged: with the statements of step 1 already there.
func (m *Member) ownTree(config string) (*conf.Tree, error) {
	tree := conf.New(m.Chassis.startSchema(m.release))
	defer func() {
		completeTree(tree, m.release)
		tree.Seal()
	}()
	m.Chassis.addRootKeys(tree)
	if err := loadStatements(tree, factory); err != nil {
		return nil, err
	}
	switch config {
	case "", "factory":
		return tree, nil
	case "staged":
		tree.Set("system", "services", "ssh", "authorized-keys-command", m.Chassis.Profile.KeysCommand)
		tree.Set("system", "services", "ssh", "authorized-keys-command-user", m.Chassis.Profile.KeysCommandUser)
		return tree, nil
	default:
		return tree, loadStatements(tree, config)
	}
}
