// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"errors"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Connection is a struct of options that others embed, with each kind of tag.
// What the modules themselves embed is device's.
type Connection struct {
	Host                 string        `json:"host" max:"255"`
	Port                 int           `json:"port" default:"830" min:"1" max:"65535" env:"VCHASSIS_PORT"`
	Username             string        `json:"username" env:"VCHASSIS_USERNAME,ANSIBLE_NET_USERNAME" agree:"true"`
	Password             secret.String `json:"password" env:"VCHASSIS_PASSWORD,ANSIBLE_NET_PASSWORD" of:"username"`
	PrivateKeyPassphrase secret.String `json:"private_key_passphrase"`
	UseAgent             bool          `json:"use_agent" default:"true"`
	KnownHosts           []string      `json:"known_hosts" type:"path"`
	HostKey              string        `json:"host_key" default:"strict" choices:"strict,accept_new,insecure"`
	SSHConfig            string        `json:"ssh_config" type:"path"`
	CommitTimeout        int           `json:"commit_timeout" default:"600" min:"1" max:"86400"`
	LockTimeout          int           `json:"lock_timeout" default:"60" min:"0" max:"86400"`
}

// Validate quotes what it refuses, which may be a secret.
func (c *Connection) Validate() error {
	if c.Host == "hunter22 x" {
		return errors.New("host: want a name or an address, got " + Quote(c.Host))
	}
	return nil
}
