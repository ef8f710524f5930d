// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// expandPaths replaces what stands for something else in file names: ~, tokens
// and ${NAME}. Ways to name no file are left out.
func (h *hop) expandPaths(key string, values []string) (paths []string, err error) {
	for _, v := range values {
		if isNone(v) || v == os.DevNull {
			continue
		}
		v, err = sshconfig.Expand(v, h.pathTokens(v))
		if err == nil {
			v, err = expandVariables(v)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		paths = append(paths, h.cfg.expandHome(v))
	}
	return paths, nil
}

// hostTokens are those that every setting knows.
func (h *hop) hostTokens() map[byte]string {
	return map[byte]string{'h': strings.ToLower(h.host), 'k': cmp.Or(h.alias, h.given), 'n': h.given, 'p': strconv.Itoa(h.port), 'r': h.user}
}

// pathTokens are those of file names. Some need a look at this system, which is
// made only for them; what it does not tell is not understood.
func (h *hop) pathTokens(path string) map[byte]string {
	tokens := h.hostTokens()
	tokens['d'], tokens['i'], tokens['j'] = h.cfg.homeDir(), strconv.Itoa(os.Getuid()), h.jump
	if name, err := localUser(); err == nil && strings.Contains(path, "%u") {
		tokens['u'] = name
	}
	if name, err := os.Hostname(); err == nil {
		tokens['l'] = name
		tokens['L'], _, _ = strings.Cut(name, ".")
	}
	return tokens
}

// localUser returns the name of the user who runs this program.
func localUser() (string, error) {
	me, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("the name of the local user: %w", err)
	}
	return me.Username, nil
}

// expandVariables replaces ${NAME} by what the environment says.
func expandVariables(path string) (string, error) {
	before, rest, found := strings.Cut(path, "${")
	if !found {
		return path, nil
	}
	name, rest, closed := strings.Cut(rest, "}")
	value, set := lookupEnv(name)
	switch {
	case !closed:
		return "", errors.New("a ${ is never closed")
	case !set:
		return "", fmt.Errorf("the environment has no %s", name)
	}
	rest, err := expandVariables(rest)
	return before + value + rest, err
}

// lookupEnv reads a variable that a configuration names. Our secrets are none of
// its business.
func lookupEnv(name string) (string, bool) {
	if isOurSecret(name) {
		return "", false
	}
	return os.LookupEnv(name)
}
