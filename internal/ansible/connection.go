// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Connection is the options that every module has: where the device is and how
// to log in. Embed it in the params. Host has no environment variable: one that
// was left behind would send a whole inventory to the same device.
type Connection struct {
	Host                 string        `json:"host" max:"255"`
	Port                 int           `json:"port" default:"830" min:"1" max:"65535" env:"VCHASSIS_PORT"`
	Username             string        `json:"username" max:"255" env:"VCHASSIS_USERNAME,ANSIBLE_NET_USERNAME" agree:"true"`
	Password             secret.String `json:"password" env:"VCHASSIS_PASSWORD,ANSIBLE_NET_PASSWORD" of:"username"`
	PrivateKeyFile       string        `json:"private_key_file" type:"path" env:"VCHASSIS_PRIVATE_KEY_FILE,ANSIBLE_NET_SSH_KEYFILE"`
	PrivateKeyPassphrase secret.String `json:"private_key_passphrase" env:"VCHASSIS_PRIVATE_KEY_PASSPHRASE"`
	CertificateFile      string        `json:"certificate_file" type:"path" env:"VCHASSIS_CERTIFICATE_FILE"`
	UseAgent             bool          `json:"use_agent" default:"true" env:"VCHASSIS_USE_AGENT"`
	KnownHosts           []string      `json:"known_hosts" type:"path" env:"VCHASSIS_KNOWN_HOSTS"`
	HostKey              string        `json:"host_key" default:"strict" choices:"strict,accept_new,insecure" env:"VCHASSIS_HOST_KEY"`
	HostKeyFingerprint   string        `json:"host_key_fingerprint" env:"VCHASSIS_HOST_KEY_FINGERPRINT"`
	SSHConfig            string        `json:"ssh_config" type:"path" env:"VCHASSIS_SSH_CONFIG"`
	ProxyJump            string        `json:"proxy_jump" env:"VCHASSIS_PROXY_JUMP"`
	ProxyCommand         string        `json:"proxy_command" env:"VCHASSIS_PROXY_COMMAND"`
	Algorithms           string        `json:"algorithms" default:"default" choices:"modern,default,legacy" env:"VCHASSIS_ALGORITHMS"`
	ConnectTimeout       int           `json:"connect_timeout" default:"30" min:"1" max:"86400" env:"VCHASSIS_CONNECT_TIMEOUT"`
	RPCTimeout           int           `json:"rpc_timeout" default:"60" min:"1" max:"86400" env:"VCHASSIS_RPC_TIMEOUT"`
	CommitTimeout        int           `json:"commit_timeout" default:"600" min:"1" max:"86400" env:"VCHASSIS_COMMIT_TIMEOUT"`
	LockTimeout          int           `json:"lock_timeout" default:"60" min:"0" max:"86400" env:"VCHASSIS_LOCK_TIMEOUT"`
	FIPS                 bool          `json:"fips" default:"false" env:"VCHASSIS_FIPS"`
}

// Validate returns what is wrong with the address and the login name.
func (c *Connection) Validate() error {
	if c.Host == "" {
		return errors.New("host: required, but not given: set it, or ansible_host")
	}
	if err := checkHost(c.Host); err != nil {
		return err
	}
	if strings.ContainsFunc(c.Username, unicode.IsControl) {
		return errors.New("username: want a login name, got control characters")
	}
	return nil
}

// checkHost refuses what would be taken for something else further on: an
// option of a proxy command, a second line of known_hosts.
func checkHost(host string) error {
	odd := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("/@,\"'`\\|;&<>", r)
	}
	if strings.HasPrefix(host, "-") || strings.ContainsFunc(host, odd) {
		return fmt.Errorf("host: want a name or an address, got %s", showValue(host))
	}
	if !strings.ContainsAny(host, ":[]") {
		return nil
	}
	address := host
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		address = host[1 : len(host)-1]
	}
	if _, err := netip.ParseAddr(address); err != nil {
		return fmt.Errorf("host: want a name or an address without a port, got %s", showValue(host))
	}
	return nil
}

// Commit is the options of the modules that change a configuration.
type Commit struct {
	ConfirmTimeout int    `json:"confirm_timeout" default:"5" min:"0" max:"65535"` // minutes, 0: at once
	Comment        string `json:"comment"`
}
