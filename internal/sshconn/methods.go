// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// The ways to log in, by their names in RFC 4252 and RFC 4256.
const (
	byKey      = "publickey"
	byPassword = "password"
	byQuestion = "keyboard-interactive"
)

// allowedMethods returns the ways to log in that ssh_config leaves, in its order
// but for keys: a password is shown to nobody who takes a key.
func allowedMethods(say sshconfig.Host) (methods []string) {
	off := map[string]bool{byKey: say.PubkeyAuthentication == "no", byPassword: say.PasswordAuthentication == "no", byQuestion: say.KbdInteractiveAuthentication == "no"}
	wanted := []string{byKey, byPassword, byQuestion}
	if say.PreferredAuthentications != "" {
		wanted = strings.Split(say.PreferredAuthentications, ",")
	}
	for _, m := range wanted {
		switch isOff, known := off[m]; {
		case !known || isOff || slices.Contains(methods, m):
		case m == byKey:
			methods = slices.Insert(methods, 0, m)
		default:
			methods = append(methods, m)
		}
	}
	return methods
}

// mayUse tells whether ssh_config leaves one of these ways to log in.
func (h *hop) mayUse(methods ...string) bool {
	return slices.ContainsFunc(methods, func(m string) bool { return slices.Contains(h.methods, m) })
}
