// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/hint"
)

// Phase is a step of a connection's life; it names where an error happened.
type Phase string

// The phases in the order in which they pass.
const (
	PhaseConnect        Phase = "connect"
	PhaseBanner         Phase = "banner"
	PhaseKeyExchange    Phase = "key exchange"
	PhaseHostKey        Phase = "host key"
	PhaseAuthentication Phase = "authentication"
	PhaseChannel        Phase = "channel"
	PhaseKeepAlive      Phase = "keepalive"
)

// PhaseError is what went wrong with one host in one phase. It wraps the cause:
// *AuthError, *HostKeyError, syscall.ECONNREFUSED, context.DeadlineExceeded.
type PhaseError struct {
	Phase  Phase
	Host   string // with its port
	Err    error
	Remedy string // what the operator can do; may be empty
}

// Error is one line, whatever the other side has said.
func (e *PhaseError) Error() string { return clean(fmt.Sprintf("%s: %s: %v", e.Host, e.Phase, e.Err)) }

func (e *PhaseError) Unwrap() error { return e.Err }

// Code names the kind of the error for programs: that of its cause, or that the host
// was not reached.
func (e *PhaseError) Code() string {
	if code := hint.CodeOf(e.Err); code != "" {
		return code
	}
	return "unreachable"
}

// Hint returns what the operator can do.
func (e *PhaseError) Hint() string { return e.Remedy }

// IsTurnedAway says that a server hung up before a login was tried, as one does whose
// limit of connections, or of connections a minute, is reached. A proxy_command that failed
// by itself has not met one.
func IsTurnedAway(err error) bool {
	var e *PhaseError
	var proxy *commandError
	if errors.As(err, &proxy) && !proxy.isSuccess {
		return false
	}
	return errors.As(err, &e) && (e.Phase == PhaseConnect || e.Phase == PhaseBanner || e.Phase == PhaseKeyExchange) && isHungUp(e.Err)
}

// ConfigError is an option that cannot be used; nothing was connected.
type ConfigError struct {
	Option string // "private_key_file", ...; "" if it is none in particular
	Err    error
	Remedy string
}

func (e *ConfigError) Error() string {
	if e.Option == "" {
		return e.Err.Error()
	}
	return e.Option + ": " + e.Err.Error()
}

func (e *ConfigError) Unwrap() error { return e.Err }

// Code names the kind of the error for programs: what the option is for.
func (e *ConfigError) Code() string {
	switch e.Option {
	case "", "private_key_file", "certificate_file":
		return "credential_option"
	case "proxy_jump", "proxy_command", "ssh_config":
		return "jump_host_option"
	case "known_hosts":
		return "known_hosts_option"
	}
	return "connection_option"
}

// Hint returns what the operator can do.
func (e *ConfigError) Hint() string {
	var missing *fs.PathError
	switch {
	case e.Remedy != "" || !errors.As(e.Err, &missing):
		return e.Remedy
	case e.Option == "known_hosts" && errors.Is(missing, fs.ErrNotExist):
		return "create it (ssh-keyscan prints the lines, compare them with the switch's console), or set host_key_fingerprint"
	}
	return "check the path and who may read it; inside an execution environment only what is mounted there can be read"
}

func badOption(option, format string, args ...any) error {
	return &ConfigError{Option: option, Err: fmt.Errorf(format, args...)}
}

// AuthError is a login that the server refused.
type AuthError struct {
	User     string
	Tried    []string // "publickey (key.pem SHA256:...)", "password"
	Accepted []string // the methods that the server offered last
	Problems []string // sources that could not be used, and why
	Remarks  []string // what the server said of the account, quoted
	Err      error    // what ended the login, if that was no plain refusal: *DemandError, ...
}

// HasTriedPassword says that the password was sent, and refused.
func (e *AuthError) HasTriedPassword() bool {
	return slices.Contains(e.Tried, byPassword) || slices.Contains(e.Tried, byQuestion)
}

// Code names the kind of the error for programs.
func (e *AuthError) Code() string { return "login_refused" }

func (e *AuthError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "user %q was refused", e.User)
	if len(e.Tried) == 0 {
		b.WriteString("; nothing was tried")
	} else {
		b.WriteString("; tried " + strings.Join(e.Tried, ", "))
	}
	if len(e.Accepted) > 0 {
		b.WriteString("; the server accepts " + strings.Join(e.Accepted, ", "))
	}
	if e.Err != nil {
		b.WriteString("; " + e.Err.Error())
	}
	if len(e.Remarks) > 0 {
		b.WriteString("; the server said " + strings.Join(e.Remarks, ", "))
	}
	for _, p := range e.Problems {
		b.WriteString("; " + p)
	}
	return b.String()
}

func (e *AuthError) Unwrap() error { return e.Err }

func (e *AuthError) hint() string {
	var demand *DemandError
	if errors.As(e.Err, &demand) {
		return demand.hint()
	}
	if len(e.Tried) == 0 {
		return "set what the server accepts: password (password, keyboard-interactive), private_key_file or use_agent (publickey)"
	}
	return "check username, password and private_key_file; that the user may log in over SSH from here; and that the account is not locked"
}
