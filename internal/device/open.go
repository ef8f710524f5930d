// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Session is one device of one module run: logged in, and read once.
type Session struct {
	junos.State
	task      ansible.Task
	conn      ansible.Connection
	fips      *bool
	dev       *junos.Device
	heard     junos.Messages  // of all logins of this run
	durations []time.Duration // login, read
}

// ChassisFIPS is the option by which an operator overrides what the members
// say of their FIPS mode. Modules embed it.
type ChassisFIPS struct {
	Value string `json:"chassis_fips" default:"auto" choices:"auto,true,false"`
}

func (f ChassisFIPS) statedFIPS() *bool {
	if f.Value == "auto" || f.Value == "" {
		return nil
	}
	on := f.Value == "true"
	return &on
}

// Begin logs in and reads the chassis. In check mode the session refuses
// every write.
func Begin(ctx context.Context, task ansible.Task, conn ansible.Connection, fips ChassisFIPS) (*Session, error) {
	s := &Session{task: task, conn: conn, fips: fips.statedFIPS()}
	start := time.Now()
	dev, err := s.openDevice(ctx)
	if err != nil {
		return nil, &unreadDeviceError{err, s.heard.List()}
	}
	s.dev = dev
	login := time.Now()
	if s.State, err = s.readChassis(ctx); err != nil {
		_ = dev.Close()
		return nil, &unreadDeviceError{err, s.heard.List()}
	}
	s.durations = []time.Duration{login.Sub(start), time.Since(login)}
	return s, nil
}

// unreadDeviceError is a device that could not be judged.
type unreadDeviceError struct {
	error
	messages []junos.Message
}

func (u *unreadDeviceError) Error() string { return u.error.Error() + "; nothing was changed" }

func (u *unreadDeviceError) Unwrap() error { return u.error }

// Result is what is known all the same.
func (u *unreadDeviceError) Result() any {
	var refused *junos.RejectedError
	r := struct {
		Warnings []junos.Message `json:"device_warnings,omitempty"`
		Errors   []junos.Message `json:"errors,omitempty"`
	}{Warnings: u.messages}
	if errors.As(u.error, &refused) {
		r.Errors = refused.Messages
	}
	return r
}

// Close ends the session.
func (s *Session) Close() { _ = s.dev.Close() }

// User is the login name as the device knows it, else as it was asked for.
func (s *Session) User() string {
	if u := s.dev.User(); u != "" {
		return u
	}
	return s.conn.Username
}

func (s *Session) readChassis(ctx context.Context) (junos.State, error) {
	state, err := s.dev.Read(ctx)
	state.StatedFIPS = s.fips
	return state, err
}

// openDevice makes a new login.
func (s *Session) openDevice(ctx context.Context) (*junos.Device, error) {
	return junos.Open(ctx, sshConfig(s.conn), junos.Options{
		ReadOnly:      s.task.Check,
		RPCTimeout:    asSeconds(s.conn.RPCTimeout),
		CommitTimeout: asSeconds(s.conn.CommitTimeout),
		Heard:         &s.heard,
	})
}

// planWithFIPS asks for a plan with what the operator says of FIPS.
func (s *Session) planWithFIPS(p func(vc.Chassis) (vc.Plan, error)) func(vc.Chassis) (vc.Plan, error) {
	return func(c vc.Chassis) (vc.Plan, error) {
		c.StatedFIPS = s.fips
		return p(c)
	}
}

func asSeconds(n int) time.Duration { return time.Duration(n) * time.Second }

// sshConfig translates the options. AWX gives a key path of the control node;
// inside an execution environment the key lies in /runner/env.
func sshConfig(c ansible.Connection) sshconn.Config {
	return sshconn.Config{
		Host: c.Host, Port: c.Port, User: c.Username,
		Password:       c.Password,
		PrivateKeyFile: keyFile(c.PrivateKeyFile, runnerEnv), PrivateKeyPassphrase: c.PrivateKeyPassphrase, CertificateFile: c.CertificateFile,
		UseAgent: c.UseAgent, AgentSocket: os.Getenv("SSH_AUTH_SOCK"),
		KnownHosts: c.KnownHosts, HostKey: sshconn.HostKeyPolicy(c.HostKey), HostKeyFingerprint: c.HostKeyFingerprint,
		SSHConfig: c.SSHConfig, ProxyJump: c.ProxyJump, ProxyCommand: c.ProxyCommand, Algorithms: c.Algorithms,
		ConnectTimeout: asSeconds(c.ConnectTimeout),
	}
}

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
