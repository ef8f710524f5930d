// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// rootKeyList is the list at system root-authentication that holds such an
// authorized_keys line; "" is one that this schema has no list for.
func rootKeyList(line string) string {
	switch kind, _, _ := strings.Cut(line, " "); {
	case kind == "ssh-rsa", kind == "ssh-ed25519":
		return kind
	case kind == "ssh-dss":
		return "ssh-dsa"
	case strings.HasPrefix(kind, "ecdsa-sha2-"):
		return "ssh-ecdsa"
	}
	return ""
}

// addRootKeys puts the keys that the scenario gives root where a switch has them.
func (ch *Chassis) addRootKeys(tree *conf.Tree) {
	for _, u := range ch.spec.Users {
		for _, line := range u.SSHKeys {
			if list := rootKeyList(line); u.Name == "root" && list != "" {
				tree.Set("system", "root-authentication", list, strings.TrimSpace(line))
			}
		}
	}
}

// KeysOf returns the authorized_keys lines with which a user may log in: those of the
// scenario, and root's of the configuration, which counts alone on all but a twin.
func (m *Member) KeysOf(u User) []string {
	config := m.InForce()
	if _, off := config.Get("system", "services", "ssh", "no-public-keys"); off {
		return nil
	}
	if u.Name != "root" {
		return u.SSHKeys
	}
	if _, off := config.Get("system", "root-authentication", "no-public-keys"); off {
		return nil
	}
	var keys []string
	for _, list := range []string{"ssh-rsa", "ssh-dsa", "ssh-ecdsa", "ssh-ed25519"} {
		keys = append(keys, config.List("system", "root-authentication", list)...)
	}
	for _, line := range u.SSHKeys {
		if m.Chassis.spec.twin != nil || rootKeyList(line) == "" {
			keys = append(keys, line)
		}
	}
	return slices.Compact(keys)
}
