// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// What to do follows from the kind of an error first, and then from the phase.
func TestRemedies(t *testing.T) {
	other := errors.New("other")
	rows := []struct {
		phase     sshconn.Phase
		isBastion bool
		err       error
		want      string
	}{
		{sshconn.PhaseAuthentication, true, &sshconn.AuthError{Tried: []string{"publickey"}}, "this is a jump host"},
		{sshconn.PhaseAuthentication, false, &sshconn.AuthError{Tried: []string{"publickey"}}, "check username"},
		{sshconn.PhaseAuthentication, false, &sshconn.AuthError{}, "set what the server accepts"},
		{sshconn.PhaseAuthentication, true, other, ""},
		{sshconn.PhaseAuthentication, false, other, ""},
		{sshconn.PhaseHostKey, false, &sshconn.HostKeyError{}, "compare the fingerprint"},
		{sshconn.PhaseHostKey, false, other, ""},
		{sshconn.PhaseKeyExchange, false, &ssh.AlgorithmNegotiationError{}, "change system services ssh on the switch"},
		{sshconn.PhaseKeyExchange, false, other, ""},
		{sshconn.PhaseConnect, false, syscall.ECONNREFUSED, "nothing listens on port 830"},
		{sshconn.PhaseConnect, false, sshconn.ErrCommand, "run proxy_command by hand"},
		{sshconn.PhaseConnect, false, &net.DNSError{}, "check the name in the inventory"},
		{sshconn.PhaseConnect, false, sshconn.ErrLate, "check the address, the route"},
		{sshconn.PhaseConnect, false, other, "check the address, the route"},
		{sshconn.PhaseBanner, false, other, "check that an SSH server listens on port 830"},
		{sshconn.PhaseBanner, false, sshconn.ErrCommand, "run proxy_command by hand"},
		{sshconn.PhaseChannel, false, &sshconn.ChannelError{Err: other}, "its limit of sessions"},
		{sshconn.PhaseChannel, false, &sshconn.ChannelError{}, ""},
		{sshconn.PhaseChannel, false, io.ErrUnexpectedEOF, "check the log of sw1"},
		{sshconn.PhaseChannel, false, other, ""},
		{sshconn.PhaseKeepAlive, false, io.ErrUnexpectedEOF, ""},
		{sshconn.PhaseAuthentication, false, sshconn.ErrLate, "raise connect_timeout"},
	}
	for _, row := range rows {
		for _, err := range []error{row.err, fmt.Errorf("around it: %w", row.err)} {
			got := sshconn.RemedyFor(row.phase, row.isBastion, err)
			if !strings.HasPrefix(got, row.want) || (got == "") != (row.want == "") {
				t.Errorf("%s: %T: want %q, got %q", row.phase, row.err, row.want, got)
			}
		}
	}
}

// Certificates of a known CA first, then known keys; RSA is slow on a switch, and
// a certificate of nobody who is known comes last.
func TestOrderOfHostKeyAlgorithms(t *testing.T) {
	all := []string{"rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-ed25519-cert-v01@openssh.com"}
	for _, row := range []struct {
		types []string
		ca    bool
		want  string
	}{
		{nil, false, "ssh-ed25519 ecdsa-sha2-nistp256 rsa-sha2-256 ssh-ed25519-cert-v01@openssh.com"},
		{nil, true, "ssh-ed25519-cert-v01@openssh.com ssh-ed25519 ecdsa-sha2-nistp256 rsa-sha2-256"},
		{[]string{"ssh-rsa"}, false, "rsa-sha2-256 ssh-ed25519 ecdsa-sha2-nistp256 ssh-ed25519-cert-v01@openssh.com"},
		{[]string{"ecdsa-sha2-nistp256"}, true, "ssh-ed25519-cert-v01@openssh.com ecdsa-sha2-nistp256 ssh-ed25519 rsa-sha2-256"},
	} {
		before := slices.Clone(all)
		if got := strings.Join(sshconn.PreferKnown(all, row.types, row.ca), " "); got != row.want || !slices.Equal(all, before) {
			t.Errorf("%v, CA %v: want %s, got %s", row.types, row.ca, row.want, got)
		}
	}
}

// A proxy command gets what others need of the environment, and no password of ours.
func TestSecretsOfTheEnvironment(t *testing.T) {
	for variable, want := range map[string]bool{
		"VCHASSIS_PASSWORD=x": true, "VCHASSIS_PRIVATE_KEY_PASSPHRASE=x": true, "ANSIBLE_NET_PASSWORD=x": true, "VCHASSIS_ROOT_PASSWORD": true,
		"VCHASSIS_HOST=PASS": false, "ANSIBLE_NET_USERNAME=x": false, "SSHPASS=x": false, "MY_VCHASSIS_PASSWORD=x": false, "PASS=VCHASSIS_": false,
	} {
		if sshconn.IsOurSecret(variable) != want {
			t.Errorf("%s: want %v", variable, want)
		}
	}
}

// A file of known hosts that is not there can be made; of any other it is asked who may
// read it; and a remedy that is known comes before both.
func TestHintsOfOptions(t *testing.T) {
	path := func(err error) error { return &fs.PathError{Op: "open", Path: "/k", Err: err} }
	for _, row := range []struct {
		err  sshconn.ConfigError
		want string
	}{
		{sshconn.ConfigError{Option: "known_hosts", Err: path(fs.ErrNotExist)}, "create it"},
		{sshconn.ConfigError{Option: "known_hosts", Err: path(fs.ErrPermission)}, "check the path"},
		{sshconn.ConfigError{Option: "private_key_file", Err: path(fs.ErrNotExist)}, "check the path"},
		{sshconn.ConfigError{Option: "known_hosts", Err: path(fs.ErrNotExist), Remedy: "do that"}, "do that"},
		{sshconn.ConfigError{Option: "known_hosts", Err: errors.New("other")}, ""},
	} {
		if got := row.err.Hint(); !strings.HasPrefix(got, row.want) || (got == "") != (row.want == "") {
			t.Errorf("%s: want %q, got %q", row.err.Option, row.want, got)
		}
	}
}

// Keys and certificates of a kind are two algorithms, also where a token holds the key.
func TestAlgorithmsOfKeysAndCertificates(t *testing.T) {
	for plain, certificate := range map[string]string{
		"ssh-ed25519":                        "ssh-ed25519-cert-v01@openssh.com",
		"rsa-sha2-512":                       "rsa-sha2-512-cert-v01@openssh.com",
		"sk-ssh-ed25519@openssh.com":         "sk-ssh-ed25519-cert-v01@openssh.com",
		"sk-ecdsa-sha2-nistp256@openssh.com": "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
	} {
		if got := sshconn.CertificateAlgorithm(plain); got != certificate {
			t.Errorf("%s: got %s", plain, got)
		}
		for algo, isCertificate := range map[string]bool{plain: false, certificate: true} {
			if got, is := sshconn.PlainAlgorithm(algo); got != plain || is != isCertificate {
				t.Errorf("%s: got %s, %v", algo, got, is)
			}
		}
	}
}

// What ssh_config says of a connection comes before the options, and a limit of bytes is
// at most a gigabyte.
func TestHabits(t *testing.T) {
	for _, row := range []struct {
		say  sshconfig.Host
		want string
	}{
		{sshconfig.Host{}, "5s 3 0 []"},
		{sshconfig.Host{ServerAliveInterval: "60", ServerAliveCountMax: "7"}, "1m0s 7 0 []"},
		{sshconfig.Host{ServerAliveInterval: "0"}, "0s 3 0 []"},
		{sshconfig.Host{RekeyLimit: []string{"1024"}}, "5s 3 1024 []"},
		{sshconfig.Host{RekeyLimit: []string{"1073741824", "0"}}, "5s 3 1073741824 []"},
		{sshconfig.Host{RekeyLimit: []string{"1073741825", "0"}}, "5s 3 1073741824 []"},
		{sshconfig.Host{RekeyLimit: []string{"0", "3600"}}, "5s 3 0 [rekeylimit by time]"},
	} {
		interval, count, rekeyAfter, leftOut := sshconn.HabitsOf(row.say)
		if got := fmt.Sprint(interval, " ", count, " ", rekeyAfter, " ", leftOut); got != row.want {
			t.Errorf("%+v: want %s, got %s", row.say, row.want, got)
		}
	}
}

// A server that hangs up in a login has refused it, if it was shown anything.
func TestLoginThatIsCutOff(t *testing.T) {
	for _, row := range []struct {
		phase     sshconn.Phase
		tried     []string
		isRefusal bool
	}{
		{sshconn.PhaseAuthentication, []string{"password"}, true},
		{sshconn.PhaseAuthentication, nil, false},
		{sshconn.PhaseKeyExchange, []string{"password"}, false},
	} {
		err := sshconn.LoginCutOff(row.phase, row.tried, io.EOF)
		var refused *sshconn.AuthError
		if errors.As(err, &refused) != row.isRefusal || !strings.Contains(err.Error(), "the server closed the connection: EOF") {
			t.Errorf("%s, %v: got %v", row.phase, row.tried, err)
		}
	}
}
