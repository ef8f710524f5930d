// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"os/user"
	"regexp"
	"strings"
)

var variableForm = regexp.MustCompile(`\$(\w+|\{[^}]*\})`)

// expandPath replaces $VAR and ${VAR}, then a leading ~ or ~user. What is not
// known stays as it is, as in Python's os.path.
func expandPath(path string, environ map[string]string) string {
	path = variableForm.ReplaceAllStringFunc(path, func(ref string) string {
		if value, ok := environ[strings.Trim(ref, "${}")]; ok {
			return value
		}
		return ref
	})
	if !strings.HasPrefix(path, "~") {
		return path
	}
	name, rest, slash := strings.Cut(path[1:], "/")
	home := homeOf(name, environ)
	if home == "" {
		return path
	}
	if !slash {
		return home
	}
	return strings.TrimRight(home, "/") + "/" + rest
}

func homeOf(name string, environ map[string]string) string {
	if name == "" && environ["HOME"] != "" {
		return environ["HOME"]
	}
	u, err := user.Lookup(name)
	if name == "" {
		u, err = user.Current()
	}
	if err != nil {
		return ""
	}
	return u.HomeDir
}

// environOf is os.Environ as a map.
func environOf(environ []string) map[string]string {
	vars := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		vars[name] = value
	}
	return vars
}
