// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// readIncluded reads the files of an Include line; relative ones lie in ~/.ssh.
func (c Config) readIncluded(pattern string) (files []sshconfig.File, err error) {
	pattern = c.expandHome(pattern)
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(c.homeDir(), ".ssh", pattern)
	}
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		content, _, err := readFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		files = append(files, sshconfig.File{Name: name, Content: content})
	}
	return files, nil
}

// applySSHConfig adds what ssh_config says where the options say nothing.
func (h *hop) applySSHConfig(from *sshconfig.Config) (sshconfig.Host, error) {
	say, err := from.Lookup(h.name, h.user)
	if err == nil {
		err = h.adoptTarget(say)
	}
	if err != nil {
		return say, &ConfigError{Option: "ssh_config", Err: err}
	}
	return say, nil
}

func (h *hop) adoptTarget(say sshconfig.Host) (err error) {
	if say.HostName != "" {
		name := strings.NewReplacer("%h", h.name, "%%", "%").Replace(say.HostName)
		if h.host, err = cleanHost(name); err != nil {
			return fmt.Errorf("HostName: %w", err)
		}
	}
	if h.port == 0 && say.Port != "" {
		if h.port, err = parseNumber("Port", say.Port, 1, 65535); err != nil {
			return err
		}
	}
	h.user = cmp.Or(h.user, say.User)
	if err := checkUser(h.user); err != nil {
		return err
	}
	if say.HostKeyAlias != "" { // OpenSSH adds no port to an alias
		h.names = []string{strings.ToLower(say.HostKeyAlias)}
	}
	if isYes(say.StrictHostKeyChecking) && h.cfg.HostKey != Strict {
		return fmt.Errorf("StrictHostKeyChecking yes contradicts host_key: %s", h.cfg.HostKey)
	}
	return h.adoptFiles(say)
}

func (h *hop) adoptFiles(say sshconfig.Host) (err error) {
	if isYes(say.IdentitiesOnly) {
		h.cfg.IdentitiesOnly = true
	}
	if err := h.adoptKnownHosts(say.UserKnownHostsFile, say.GlobalKnownHostsFile); err != nil {
		return err
	}
	if h.identity, err = h.expandPaths("IdentityFile", say.IdentityFile); err != nil {
		return err
	}
	if h.certs, err = h.expandPaths("CertificateFile", say.CertificateFile); err != nil {
		return err
	}
	return h.adoptKeepAlive(say)
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

func (h *hop) adoptKeepAlive(say sshconfig.Host) error {
	if say.ServerAliveInterval != "" {
		n, err := parseNumber("ServerAliveInterval", say.ServerAliveInterval, 0, 86400)
		if err != nil {
			return err
		}
		h.cfg.KeepAliveInterval = time.Duration(n) * time.Second
	}
	if say.ServerAliveCountMax != "" {
		n, err := parseNumber("ServerAliveCountMax", say.ServerAliveCountMax, 1, 1000)
		if err != nil {
			return err
		}
		h.cfg.KeepAliveCount = n
	}
	return nil
}

// expandPaths replaces the tokens of file names that need no look at the system.
func (h *hop) expandPaths(key string, values []string) (paths []string, err error) {
	for _, v := range values {
		if isNone(v) || v == os.DevNull { // both are ways to name no file
			continue
		}
		v, err = replaceTokens(v, map[byte]string{'d': h.cfg.homeDir(), 'h': h.host, 'n': h.name, 'p': strconv.Itoa(h.port), 'r': h.user})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		paths = append(paths, h.cfg.expandHome(v))
	}
	return paths, nil
}

// replaceTokens replaces %h and its like. An unknown one is an error: what would be
// left of the text is not what was meant.
func replaceTokens(text string, values map[byte]string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case i == len(text):
			return "", errors.New("it ends in %")
		case text[i] == '%':
			b.WriteByte('%')
		default:
			v, ok := values[text[i]]
			if !ok {
				// The text may hold a password, so it is not shown.
				return "", fmt.Errorf("%%%c (byte %d) is not understood here", text[i], i)
			}
			b.WriteString(v)
		}
	}
	return b.String(), nil
}

func parseNumber(key, text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%s: want %d to %d, got %q", key, low, high, text)
	}
	return n, nil
}

// isYes and isNone know the spellings that OpenSSH knows.
func isYes(value string) bool {
	return strings.EqualFold(value, "yes") || strings.EqualFold(value, "true")
}

func isNone(value string) bool { return strings.EqualFold(value, "none") }

// setNames decides under which names the host key is looked up. OpenSSH uses
// HostName, which is where it connects.
func (h *hop) setNames() {
	if h.names == nil {
		h.names = knownhosts.Names(strings.ToLower(h.host), h.port)
	}
}
