// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
)

// Connection is the options that every module has: where the device is and how
// to log in, with times in seconds. Embed it in the params. Host has no environment variable: one that
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
	HostKeyFingerprint   []string      `json:"host_key_fingerprint" env:"VCHASSIS_HOST_KEY_FINGERPRINT"`
	SSHConfig            string        `json:"ssh_config" type:"path" env:"VCHASSIS_SSH_CONFIG"`
	ProxyJump            string        `json:"proxy_jump" env:"VCHASSIS_PROXY_JUMP"`
	ProxyCommand         string        `json:"proxy_command" env:"VCHASSIS_PROXY_COMMAND"`
	Algorithms           string        `json:"algorithms" default:"default" choices:"modern,default,legacy" env:"VCHASSIS_ALGORITHMS"`
	ConnectTimeout       int           `json:"connect_timeout" default:"30" min:"1" max:"86400" env:"VCHASSIS_CONNECT_TIMEOUT"`
	LoginWait            int           `json:"login_wait" default:"90" min:"0" max:"86400" env:"VCHASSIS_LOGIN_WAIT"`
	RPCTimeout           int           `json:"rpc_timeout" default:"60" min:"1" max:"86400" env:"VCHASSIS_RPC_TIMEOUT"`
	CommitTimeout        int           `json:"commit_timeout" default:"600" min:"1" max:"86400" env:"VCHASSIS_COMMIT_TIMEOUT"`
	LockTimeout          int           `json:"lock_timeout" default:"60" min:"0" max:"86400" env:"VCHASSIS_LOCK_TIMEOUT"`
	FIPS                 bool          `json:"fips" default:"false" env:"VCHASSIS_FIPS"`
	Progress             bool          `json:"progress" default:"true" env:"VCHASSIS_PROGRESS"`
	Trace                string        `json:"trace" type:"path" env:"VCHASSIS_TRACE"`
	TraceAnonymize       bool          `json:"trace_anonymize" default:"false" env:"VCHASSIS_TRACE_ANONYMIZE"`
	TraceAnonymizeKey    secret.String `json:"trace_anonymize_key" env:"VCHASSIS_TRACE_ANONYMIZE_KEY"`
	OnlyAt               []string      `json:"only_at"`
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
	if !redact.IsGoodKey(c.TraceAnonymizeKey.Reveal()) {
		return fmt.Errorf("trace_anonymize_key: want at least %d characters", redact.MinKey)
	}
	return c.checkOnlyAt()
}

// checkHost refuses what would be taken for something else further on: an
// option of a proxy command, a second line of known_hosts.
func checkHost(host string) error {
	odd := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("/@,\"'`\\|;&<>", r)
	}
	if strings.HasPrefix(host, "-") || strings.ContainsFunc(host, odd) {
		return fmt.Errorf("host: want a name or an address, got %s", ansible.Quote(host))
	}
	if !strings.ContainsAny(host, ":[]") {
		return nil
	}
	address := host
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		address = host[1 : len(host)-1]
	}
	if _, err := netip.ParseAddr(address); err != nil {
		return fmt.Errorf("host: want a name or an address without a port, got %s", ansible.Quote(host))
	}
	return nil
}

// NeedsFIPS says that the process shall use FIPS 140-3 cryptography alone.
func (c Connection) NeedsFIPS() bool { return c.FIPS }

// sshConfig is what a login needs of the options. AWX gives a key path of the
// control node; inside an execution environment the key lies in /runner/env.
func (c Connection) sshConfig() sshconn.Config {
	return sshconn.Config{
		Host: c.Host, Port: c.Port, User: c.Username,
		Password:       c.Password,
		PrivateKeyFile: keyFile(c.PrivateKeyFile, runnerEnv), PrivateKeyPassphrase: c.PrivateKeyPassphrase, CertificateFile: c.CertificateFile,
		UseAgent: c.UseAgent, AgentSocket: os.Getenv("SSH_AUTH_SOCK"),
		KnownHosts: c.KnownHosts, HostKey: sshconn.HostKeyPolicy(c.HostKey), HostKeyFingerprints: c.HostKeyFingerprint,
		SSHConfig: c.SSHConfig, ProxyJump: c.ProxyJump, ProxyCommand: c.ProxyCommand, Algorithms: c.Algorithms,
		ConnectTimeout: asSeconds(c.ConnectTimeout),
	}
}

// junosOptions is what the session of a device needs of the options.
func (c Connection) junosOptions() junos.Options {
	return junos.Options{RPCTimeout: asSeconds(c.RPCTimeout), CommitTimeout: asSeconds(c.CommitTimeout)}
}

// lockWait is how long a change waits for the lock.
func (c Connection) lockWait() time.Duration { return asSeconds(c.LockTimeout) }

func asSeconds(n int) time.Duration { return time.Duration(n) * time.Second }

const runnerEnv = "/runner/env"

// keyFile returns the file of that name in folder, if only that is there.
func keyFile(path, folder string) string {
	if path == "" {
		return ""
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		inside := filepath.Join(folder, filepath.Base(path))
		if _, err := os.Stat(inside); err == nil {
			return inside
		}
	}
	return path
}
