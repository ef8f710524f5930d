// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/rootshell"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Root is the options of a module that has to be root. Modules embed it.
type Root struct {
	BecomeRoot               vc.Door       `json:"become_root" default:"auto" choices:"auto,login,shell"`
	RootPassword             secret.String `json:"root_password" env:"VCHASSIS_ROOT_PASSWORD"`
	RootPrivateKeyFile       string        `json:"root_private_key_file" type:"path" env:"VCHASSIS_ROOT_PRIVATE_KEY_FILE"`
	RootPrivateKeyPassphrase secret.String `json:"root_private_key_passphrase" env:"VCHASSIS_ROOT_PRIVATE_KEY_PASSPHRASE"`
	ShellPort                int           `json:"shell_port" min:"1" max:"65535"`
	Software                 []Software    `json:"software"`
	RootLogin                string        `json:"root_login" choices:"allow,deny,deny-password,unset"`
	RootKeys                 vc.RootKeys   `json:"root_keys" choices:"configured,none,unknown"`
}

// Means is what these options, and those of the usual login, have for root.
func (r Root) Means(c Connection) vc.RootMeans {
	return vc.RootMeans{
		Password: r.RootPassword != "",
		Key:      r.RootPrivateKeyFile != "",
		UsualKey: c.PrivateKeyFile != "" || c.UseAgent && os.Getenv("SSH_AUTH_SOCK") != "",
	}
}

// asRoot is the connection of a login as root. The usual key may be root's, too; the
// usual password is root's only if the usual login is.
func (r Root) asRoot(c Connection) Connection {
	if c.Username != vc.RootUser {
		c.Username, c.Password = vc.RootUser, ""
	}
	c.Password = cmp.Or(r.RootPassword, c.Password)
	if r.RootPrivateKeyFile != "" {
		c.PrivateKeyFile, c.PrivateKeyPassphrase, c.CertificateFile = r.RootPrivateKeyFile, r.RootPrivateKeyPassphrase, ""
	}
	return c
}

// netconfPort is where Junos gives NETCONF and nothing else.
const netconfPort = 830

// atTerminal is the login of a connection at a port that gives terminals.
func (r Root) atTerminal(c Connection) sshconn.Config {
	at := c.sshConfig()
	at.Port, at.KnownPort = cmp.Or(r.ShellPort, c.Port), c.Port
	if r.ShellPort == 0 && c.Port == netconfPort {
		at.Port = 22
	}
	return at
}

// BeginAsRoot is Begin for root: with the login of the options if that is root's,
// otherwise through the doors that can work according to the configuration, which
// the usual login reads first. When only that was possible, the session comes with
// the error, for what it has read.
func BeginAsRoot(ctx context.Context, task ansible.Task, conn Connection, fips ChassisFIPS, root Root) (*Session, error) {
	if root.Means(conn) == (vc.RootMeans{}) && conn.Username != "" && root.BecomeRoot == vc.DoorAuto {
		if err := vc.CheckRoot(conn.Username); err != nil { // before a connection is made
			return nil, err
		}
	}
	s, err := enterForRoot(ctx, task, conn, fips, root)
	if err == nil {
		err = vc.CheckRoot(s.User())
	}
	return s, err
}

func enterForRoot(ctx context.Context, task ansible.Task, conn Connection, fips ChassisFIPS, root Root) (*Session, error) {
	s := newSession(task, conn, fips)
	s.opts.Known = members(root.Software)
	err := s.becomeRoot(ctx, root)
	if err != nil && s.dev == nil {
		return nil, err
	}
	return s, err
}

// becomeRoot enters through the door that is asked for, or through those that can work.
func (s *Session) becomeRoot(ctx context.Context, root Root) error {
	if root.BecomeRoot == vc.DoorLogin || root.BecomeRoot == vc.DoorShell {
		return s.enterAs(ctx, root, root.BecomeRoot)
	}
	if root.RootLogin != "" { // it was read before
		return s.enterKnown(ctx, root)
	}
	if err := s.logInAndRead(ctx); err != nil {
		return err
	}
	if s.User() == vc.RootUser {
		s.Door = vc.DoorLogin
		return nil
	}
	s.Close()
	doors, err := s.DoorsToRoot(root.BecomeRoot, root.Means(s.conn))
	if err != nil {
		return err
	}
	return s.enterFirst(ctx, root, doors)
}

// enterKnown becomes root without the usual login, because root-login is known.
func (s *Session) enterKnown(ctx context.Context, root Root) error {
	if s.conn.Username == vc.RootUser {
		return s.enterAs(ctx, root, vc.DoorLogin)
	}
	s.Chassis.RootLogin, s.Chassis.RootKeys = strings.TrimPrefix(root.RootLogin, "unset"), root.RootKeys
	doors, err := s.DoorsToRoot(root.BecomeRoot, root.Means(s.conn))
	if err != nil {
		return err
	}
	return s.enterFirst(ctx, root, doors)
}

// enterFirst tries doors in turn, until one opens or a refusal says that no other
// is to be tried.
func (s *Session) enterFirst(ctx context.Context, root Root, doors []vc.Door) (err error) {
	for i, door := range doors {
		before, with := err, root
		if door == vc.DoorLogin && slices.Contains(doors[i+1:], vc.DoorShell) && !s.Chassis.AllowsRootPassword() {
			with.RootPassword = "" // it is kept for the shell
		}
		if err = s.enterAs(ctx, with, door); err == nil {
			return nil
		}
		if before != nil {
			err = hint.With(fmt.Errorf("%w; before that: %w", err, before), hint.Of(err)+"; or: "+hint.Of(before))
		}
		if ctx.Err() != nil || isFinal(err) {
			break
		}
	}
	return err
}

// isFinal says that another door would not be opened either, or should not be tried: a
// password of root that was refused at one is not sent to the other.
func isFinal(err error) bool {
	var refused *sshconn.AuthError
	if errors.As(err, &refused) && refused.User == vc.RootUser && refused.HasTriedPassword() {
		return true
	}
	return errors.As(err, new(*sshconn.HostKeyError)) || errors.As(err, new(*sshconn.ConfigError)) ||
		errors.Is(err, rootshell.ErrWrongPassword) || errors.Is(err, rootshell.ErrEchoed) || errors.Is(err, rootshell.ErrUnusablePassword)
}

// enterAs becomes root through one door.
func (s *Session) enterAs(ctx context.Context, root Root, door vc.Door) error {
	s.Door = door
	if door == vc.DoorShell {
		s.open = func(ctx context.Context) (*junos.Device, error) {
			return junos.OpenRootShell(ctx, root.atTerminal(s.conn), root.RootPassword, s.opts)
		}
	} else {
		s.open = func(ctx context.Context) (*junos.Device, error) {
			return junos.Open(ctx, root.asRoot(s.conn).sshConfig(), s.opts)
		}
	}
	err := s.logInAndRead(ctx)
	if door == vc.DoorLogin && errors.As(err, new(*sshconn.AuthError)) {
		return hint.With(err, hint.Of(err)+"; "+hintAtRootLogin())
	}
	return err
}

func hintAtRootLogin() string {
	return "system services ssh root-login may deny it: with deny-password only a key logs root in, with deny nothing does; " +
		"root_password (scp_config_sync_root_password in the role) and become_root: shell open the shell of root behind the usual login"
}
