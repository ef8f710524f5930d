// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// readSSHConfig reads the file that ssh_config names; without one, none is read.
func (c Config) readSSHConfig() (*sshconfig.Config, error) {
	if c.SSHConfig == "" {
		return new(sshconfig.Config), nil
	}
	path := c.expandHome(c.SSHConfig)
	content, _, err := readFile(path)
	if err != nil {
		return nil, &ConfigError{Option: "ssh_config", Err: err}
	}
	parsed, err := sshconfig.Parse(sshconfig.File{Name: path, Content: content}, c.readIncluded)
	if err != nil {
		return nil, &ConfigError{Option: "ssh_config", Err: err}
	}
	return parsed, nil
}

// readIncluded reads the files of an Include line; relative ones lie in ~/.ssh. A folder
// holds no settings, as for OpenSSH.
func (c Config) readIncluded(pattern string) (files []sshconfig.File, err error) {
	if pattern, err = c.expandUserHome(pattern); err != nil {
		return nil, err
	}
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(c.homeDir(), ".ssh", pattern)
	}
	for _, name := range globFiles(pattern) {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			continue
		}
		content, _, err := readFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		files = append(files, sshconfig.File{Name: name, Content: content})
	}
	return files, nil
}

// expandUserHome replaces a leading ~ or ~user. A newer OpenSSH puts something in for
// ${NAME} and for tokens: a file that only it would find is not left out without a word.
func (c Config) expandUserHome(pattern string) (string, error) {
	name, rest, _ := strings.Cut(pattern, "/")
	switch {
	case strings.Contains(pattern, "${"), strings.Contains(pattern, "%"):
		return "", fmt.Errorf("include: %s: variables and tokens are not understood here; write the path", pattern)
	case !strings.HasPrefix(name, "~") || name == "~":
		return c.expandHome(pattern), nil
	}
	other, err := user.Lookup(name[1:])
	if err != nil {
		return "", fmt.Errorf("include: %s: %w", pattern, err)
	}
	return filepath.Join(other.HomeDir, rest), nil
}

// globFiles returns the files that a pattern stands for, in the way and order of
// OpenSSH: * and ? leave hidden files out, which editors leave behind, and ! negates a
// list of letters. A pattern that is none is a name.
func globFiles(pattern string) []string {
	names, err := filepath.Glob(strings.NewReplacer("[^", `[\^`, "[!", "[^").Replace(pattern))
	if err != nil {
		names = []string{pattern}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return hidesFrom(pattern, name) })
	slices.Sort(names)
	return names
}

// hidesFrom tells whether a part of the name begins with a dot that the pattern does not
// write.
func hidesFrom(pattern, name string) bool {
	wanted := strings.Split(filepath.Clean(pattern), "/")
	for i, part := range strings.Split(filepath.Clean(name), "/") {
		if strings.HasPrefix(part, ".") && i < len(wanted) && !strings.HasPrefix(strings.TrimPrefix(wanted[i], `\`), ".") {
			return true
		}
	}
	return false
}

// notInNames has another meaning in known_hosts than that of a letter.
const notInNames = "*?!,|#@ \t"

// applySSHConfig adds what ssh_config says where the options say nothing.
func (h *hop) applySSHConfig(from *sshconfig.Config) (sshconfig.Host, error) {
	say, err := from.Lookup(sshconfig.Query{Name: h.given, User: h.user, LocalUser: localUser})
	if err == nil {
		err = h.adoptTarget(say)
	}
	if err == nil {
		err = h.adoptFiles(say)
	}
	if err == nil {
		err = h.adoptAlgorithms(say)
	}
	if err != nil {
		return say, &ConfigError{Option: "ssh_config", Err: err}
	}
	h.adoptHabits(say)
	h.leftOut = append(h.leftOut, say.Notes...)
	return say, nil
}

// adoptTarget takes over whom to reach, as whom, and how to know it.
func (h *hop) adoptTarget(say sshconfig.Host) (err error) {
	if say.HostName != "" {
		if h.host, err = cleanHost(say.HostName); err != nil {
			return fmt.Errorf("HostName: %w", err)
		}
	}
	if h.port == 0 && say.Port != "" {
		h.port, _ = strconv.Atoi(say.Port) // was checked
	}
	h.user = cmp.Or(h.user, say.User)
	if err := checkUser(h.user); err != nil {
		return err
	}
	h.jump = cmp.Or(h.jump, say.ProxyJump)
	if h.alias = say.HostKeyAlias; h.cfg.HostKey == AcceptNew && strings.ContainsAny(h.alias, notInNames) {
		return fmt.Errorf("HostKeyAlias: %q is not the name of one host, and accept_new would store the key for all that it stands for; write a name without blanks and %s", h.alias, strings.TrimSpace(notInNames))
	}
	h.minRSABits, _ = strconv.Atoi(cmp.Or(say.RequiredRSASize, "0"))
	if say.StrictHostKeyChecking == "yes" && h.cfg.HostKey != Strict {
		return fmt.Errorf("StrictHostKeyChecking yes contradicts host_key: %s", h.cfg.HostKey)
	}
	return nil
}

// adoptFiles takes over the paths.
func (h *hop) adoptFiles(say sshconfig.Host) (err error) {
	if err := h.adoptKnownHosts(say.UserKnownHostsFile, say.GlobalKnownHostsFile); err != nil {
		return err
	}
	if h.identity, err = h.expandPaths("IdentityFile", say.IdentityFile); err != nil {
		return err
	}
	if h.certs, err = h.expandPaths("CertificateFile", say.CertificateFile); err != nil {
		return err
	}
	return h.adoptAgent(say.IdentityAgent)
}

// adoptKnownHosts replaces the user's files, the system's, or both.
func (h *hop) adoptKnownHosts(user, system []string) (err error) {
	if user != nil {
		if h.userKnown, err = h.expandPaths("UserKnownHostsFile", user); err != nil {
			return err
		}
		h.userKnown = append([]string{}, h.userKnown...) // "none" is not the default
	}
	if system != nil {
		if h.systemKnown, err = h.expandPaths("GlobalKnownHostsFile", system); err != nil {
			return err
		}
		h.systemKnown = append([]string{}, h.systemKnown...)
	}
	return nil
}

// adoptAgent takes over where the agent is: at a path, where a variable says, or
// nowhere.
func (h *hop) adoptAgent(value string) error {
	switch name, isVariable := strings.CutPrefix(value, "$"); {
	case value == "" || value == "SSH_AUTH_SOCK":
	case isNone(value):
		h.cfg.UseAgent = false
	case isVariable && !strings.HasPrefix(name, "{"):
		h.agentVariable = name
		h.cfg.AgentSocket, _ = lookupEnv(name)
	default:
		paths, err := h.expandPaths("IdentityAgent", []string{value})
		if err != nil {
			return err
		}
		h.cfg.AgentSocket = strings.Join(paths, "")
	}
	return nil
}

// adoptHabits takes over how to connect and what to offer; nothing of it can be
// wrong any more.
func (h *hop) adoptHabits(say sshconfig.Host) {
	h.cfg.IdentitiesOnly = h.cfg.IdentitiesOnly || say.IdentitiesOnly == "yes"
	h.family, h.bindAddress = say.AddressFamily, say.BindAddress
	h.methods = allowedMethods(say)
	if say.ServerAliveInterval != "" {
		seconds, _ := strconv.Atoi(say.ServerAliveInterval) // "none" is 0
		h.cfg.KeepAliveInterval = time.Duration(seconds) * time.Second
	}
	if say.ServerAliveCountMax != "" {
		h.cfg.KeepAliveCount, _ = strconv.Atoi(say.ServerAliveCountMax)
	}
	if len(say.RekeyLimit) > 0 {
		h.rekeyAfter, _ = strconv.ParseUint(say.RekeyLimit[0], 10, 64)
		h.rekeyAfter = min(h.rekeyAfter, 1<<30) // RFC 4253 9: after each gigabyte
	}
	if len(say.RekeyLimit) > 1 && say.RekeyLimit[1] != "0" {
		h.leftOut = append(h.leftOut, "rekeylimit by time")
	}
}

func isNone(value string) bool { return strings.EqualFold(value, "none") }

// setNames decides under which names the host key is looked up. OpenSSH uses
// HostName, which is where it connects.
func (h *hop) setNames() {
	h.names = knownhosts.Names(strings.ToLower(h.host), h.port)
	if h.knownPort != 0 && h.knownPort != h.port {
		h.names = append(h.names, knownhosts.Names(strings.ToLower(h.host), h.knownPort)...)
	}
	if h.alias != "" { // OpenSSH adds no port to it
		h.names = []string{h.alias}
	}
}

// notFollowed is the warning about what ssh_config says in vain.
func (h *hop) notFollowed() []string {
	if len(h.leftOut) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("left out of ssh_config for %s: %s", h.name, strings.Join(h.leftOut, "; "))}
}
