// SPDX-License-Identifier: GPL-3.0-or-later

// Package sshconn opens SSH connections that can be trusted: it verifies host
// keys, logs in with keys, certificates, an agent or a password, passes bastions,
// and gives every phase a deadline and an error that names host, phase and remedy.
//
// It knows no NETCONF, no Junos and no Ansible. Of the environment it reads what an
// ssh_config names, as ${NAME}; the rest that comes from there is in its Config.
package sshconn

import (
	"context"
	"net"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Config says whom to reach and how. Only Host and User are needed.
type Config struct {
	Host string // name or address; IPv6 with or without brackets, with or without a zone
	Port int    // 0: as ssh_config says, else 22
	User string // "": as ssh_config says

	Password             secret.String // for password and keyboard-interactive, one attempt each
	PrivateKeyFile       string        // any OpenSSH format; a public key selects that key of the agent
	PrivateKeyPassphrase secret.String
	CertificateFile      string // "": PrivateKeyFile-cert.pub, if there is one
	UseAgent             bool
	AgentSocket          string // what SSH_AUTH_SOCK says
	IdentitiesOnly       bool   // of the agent's keys, offer only those that a file names

	KnownHosts          []string      // files; none: the user's and the system's
	HostKey             HostKeyPolicy // zero: Strict
	KnownPort           int           // of the same switch, under which its key may be known too; 0: none
	HostKeyFingerprints []string      // "SHA256:...", of which one has to fit; they replace known_hosts

	SSHConfig    string // a file, read as "ssh -G" reads it; "": none
	ProxyJump    string // [user@]host[:port], several separated by commas
	ProxyCommand string // with %h, %p, %r, %n and %%
	Algorithms   string // "modern", "default" (also ""), "legacy"

	ConnectTimeout    time.Duration // for the whole login, jump hosts included; 0: 30 s
	KeepAliveInterval time.Duration // 0: 15 s; negative: none
	KeepAliveCount    int           // unanswered ones until the connection is given up; 0: 4

	Home string // for ~ and the default files; "": the user's home directory
	// Dial replaces the TCP connection to the first host; for tests.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// HostKeyPolicy says what to do with a host key that is not known.
type HostKeyPolicy string

// Strict refuses unknown keys. AcceptNew adds the key of a host that has none to
// the first known_hosts file. Insecure accepts everything, with a warning.
const (
	Strict    HostKeyPolicy = "strict"
	AcceptNew HostKeyPolicy = "accept_new"
	Insecure  HostKeyPolicy = "insecure"
)

const (
	defaultPort           = 22
	defaultConnectTimeout = 30 * time.Second
	defaultKeepAlive      = 15 * time.Second
	defaultKeepAliveCount = 4
)

// withDefaults fills in the zero values that have a meaning.
func (c Config) withDefaults() Config {
	if c.HostKey == "" {
		c.HostKey = Strict
	}
	if c.Algorithms == "" {
		c.Algorithms = "default"
	}
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = defaultConnectTimeout
	}
	if c.KeepAliveInterval == 0 {
		c.KeepAliveInterval = defaultKeepAlive
	}
	if c.KeepAliveCount <= 0 {
		c.KeepAliveCount = defaultKeepAliveCount
	}
	return c
}
