// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Session is one device of one module run: logged in, and read once.
type Session struct {
	junos.State
	Door      vc.Door // through which this session has become root; "": it did not have to
	task      ansible.Task
	conn      Connection
	opts      junos.Options // of every login of this run
	open      func(context.Context) (*junos.Device, error)
	dev       *junos.Device
	pacer     pacer // of all logins of this run, like:
	heard     junos.Messages
	log       *dialogue       // what a snapshot counts; nil: nothing
	tracer    *tracer         // nil: nobody wants a trace
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
func Begin(ctx context.Context, task ansible.Task, conn Connection, fips ChassisFIPS) (*Session, error) {
	s := newSession(task, conn, fips)
	if err := s.logInAndRead(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// logInAndRead logs in and reads the chassis. It leaves nothing open when it fails.
func (s *Session) logInAndRead(ctx context.Context) error {
	start := time.Now()
	s.task.Progress.Enter("log in to "+s.conn.Host, asSeconds(s.conn.ConnectTimeout))
	dev, err := s.openDevice(ctx)
	if err != nil {
		return &unreadDeviceError{err, s.heard.List(), s.isOutOfReach(err)}
	}
	login := time.Now()
	s.task.Progress.Enter("read the chassis", asSeconds(s.conn.RPCTimeout))
	state, err := dev.Read(ctx)
	if err != nil {
		_ = dev.Close()
		return &unreadDeviceError{err, s.heard.List(), false}
	}
	s.dev, s.State = dev, state
	s.durations = []time.Duration{login.Sub(start), time.Since(login)}
	return nil
}

func newSession(task ansible.Task, conn Connection, fips ChassisFIPS) *Session {
	s := &Session{task: task, conn: conn, opts: conn.junosOptions()}
	s.pacer = pacer{most: asSeconds(conn.LoginWait), told: task.Progress}
	s.open = s.openAsUsual
	s.opts.ReadOnly, s.opts.StatedFIPS, s.opts.Heard = task.Check, fips.statedFIPS(), &s.heard
	if !conn.Progress {
		task.Progress.Mute()
	}
	s.opts.Progress = task.Progress
	s.opts.Users, s.opts.Run, s.opts.Marked = append(slices.Clone(task.Logins), conn.Username, vc.RootUser), runID(task.Tag), new(bool)
	return s
}

// isOutOfReach says that a login shows what Ansible calls unreachable: no session of
// this run was opened, neither for an option of ours nor because root's door is shut.
func (s *Session) isOutOfReach(err error) bool {
	switch hint.CodeOf(err) {
	case "unreachable", "host_key", "session_lost":
		return s.durations == nil
	case "login_refused":
		return s.durations == nil && s.Door == ""
	}
	return false
}

// unreadDeviceError is a device that could not be judged.
type unreadDeviceError struct {
	error
	messages   []junos.Message
	outOfReach bool
}

func (u *unreadDeviceError) Error() string { return u.error.Error() + "; nothing was changed" }

func (u *unreadDeviceError) Unwrap() error { return u.error }

// IsOutOfReach says that the device was not reached at all.
func (u *unreadDeviceError) IsOutOfReach() bool { return u.outOfReach }

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

// openDevice makes a new login, as the first one was made, when the limits of the
// device admit it.
func (s *Session) openDevice(ctx context.Context) (*junos.Device, error) {
	if err := s.startTrace(); err != nil {
		return nil, err
	}
	return s.openTraced(ctx, s.open)
}

// openTraced makes one login, and another where the limits turn it away. Each is shown
// to who traces.
func (s *Session) openTraced(ctx context.Context, open func(context.Context) (*junos.Device, error)) (*junos.Device, error) {
	return s.pacer.open(ctx, s.Logins, func(ctx context.Context) (*junos.Device, error) { return s.openOnce(ctx, open) })
}

func (s *Session) openOnce(ctx context.Context, open func(context.Context) (*junos.Device, error)) (*junos.Device, error) {
	s.opts.Observe, s.opts.Ended = s.tracer.observeSession(s.log)
	dev, err := open(ctx)
	if err != nil {
		s.tracer.noteEnd(err)
	}
	return dev, err
}

// openUsual makes a new login as everybody logs in: that one is to be proved, also
// where this session is root's.
func (s *Session) openUsual(ctx context.Context) (*junos.Device, error) {
	return s.openTraced(ctx, s.openAsUsual)
}

func (s *Session) openAsUsual(ctx context.Context) (*junos.Device, error) {
	return junos.Open(ctx, s.conn.sshConfig(), s.opts)
}
