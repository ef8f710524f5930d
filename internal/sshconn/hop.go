// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// hop is one SSH server on the way: a bastion, or the switch at its end.
type hop struct {
	cfg      Config // with what ssh_config adds for this host
	name     string // as the operator wrote it
	host     string // where to connect
	port     int
	user     string
	given    string   // the name as it is in ssh_config's patterns and in %n
	alias    string   // HostKeyAlias
	names    []string // under which the host key is looked up
	identity []string // IdentityFile of ssh_config
	certs    []string // CertificateFile of ssh_config
	bastion  bool     // gets no password
	keys     *hostKeys

	jump string // what leads to it, for %j

	// What ssh_config says of how to connect.
	userKnown, systemKnown []string // nil: OpenSSH's own
	family                 string   // inet, inet6, any or nothing
	bindAddress            string
	agentVariable          string // that says where the agent is; "": SSH_AUTH_SOCK
	methods                []string
	suite                  suite
	minRSABits             int
	rekeyAfter             uint64   // bytes; 0: as the cipher needs it
	leftOut                []string // what was not followed
	knownPort              int      // of the same host, under which its key may be known too

	creds *credentials
}

// address returns host and port for a dialer and for messages.
func (h *hop) address() string { return net.JoinHostPort(h.host, strconv.Itoa(h.port)) }

// label names the hop in errors, and its address when that is another.
func (h *hop) label() string {
	if h.name == "" || h.name == h.host {
		return h.address()
	}
	return h.name + " (" + h.address() + ")"
}

// newHop checks what the operator gave; ssh_config may change host and port later.
func newHop(c Config, host string, port int, user string) (*hop, error) {
	clean, err := cleanHost(host)
	if err != nil {
		return nil, &ConfigError{Option: "host", Err: err}
	}
	if port < 0 || port > 65535 {
		return nil, badOption("port", "want 1 to 65535, got %d", port)
	}
	if err := checkUser(user); err != nil {
		return nil, &ConfigError{Option: "username", Err: err}
	}
	return &hop{cfg: c, name: clean, host: clean, port: port, user: user, given: strings.Trim(host, "[]"), jump: c.ProxyJump}, nil
}

// fillDefaults fills in what neither the options nor ssh_config said.
func (h *hop) fillDefaults() error {
	if h.port == 0 {
		h.port = defaultPort
	}
	if h.user == "" {
		return &ConfigError{Option: "username", Err: fmt.Errorf("want a user name for %s", h.name), Remedy: "set username (ansible_user)"}
	}
	h.setNames()
	return nil
}

// cleanHost returns a host name or address without brackets. What a shell or a
// command line could misread is refused, for ProxyCommand's sake.
func cleanHost(host string) (string, error) {
	inner, bracketed := strings.CutPrefix(host, "[")
	if bracketed {
		if inner, bracketed = strings.CutSuffix(inner, "]"); !bracketed {
			return "", fmt.Errorf("%q: want a ] at the end", host)
		}
	}
	if addr, err := netip.ParseAddr(inner); err == nil {
		if z := addr.Zone(); z != "" && strings.ContainsFunc(z, notHostName) {
			return "", fmt.Errorf("%q: %q is not a zone", host, z)
		}
		return addr.String(), nil
	}
	switch {
	case bracketed || strings.Contains(inner, ":"):
		return "", fmt.Errorf("%q: want a name or an address; the port is a separate option", host)
	case inner == "":
		return "", errors.New("want a name or an address, got nothing")
	case len(inner) > 253:
		return "", fmt.Errorf("want at most 253 letters, got %d", len(inner))
	case strings.HasPrefix(inner, "-"):
		return "", fmt.Errorf("%q: want no dash at the beginning", host)
	case strings.ContainsFunc(inner, notHostName):
		return "", fmt.Errorf("%q: want letters, digits, dots, dashes and underscores", host)
	}
	return inner, nil
}

func notHostName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_", r))
}

func checkUser(user string) error {
	if strings.ContainsFunc(user, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		return fmt.Errorf("%q: want no control characters", user)
	}
	if user != "" && strings.TrimSpace(user) == "" {
		return fmt.Errorf("%q: want a name, got blanks", user)
	}
	if strings.HasPrefix(user, "-") || len(user) > 256 {
		return fmt.Errorf("%.40q: want at most 256 bytes and no dash at the beginning", user)
	}
	return nil
}
