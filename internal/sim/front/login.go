// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"crypto/subtle"
	"errors"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// sshConfig accepts the users of the scenario by password, keyboard-interactive
// and public key. x/crypto calls one callback last before the login succeeds; it
// leaves the user behind.
func sshConfig(m *engine.Member, user *engine.User) *ssh.ServerConfig {
	questions, usual := m.LoginQuestions()
	config := &ssh.ServerConfig{
		ServerVersion:  engine.SSHVersion,
		MaxAuthTries:   m.LoginTries(),
		BannerCallback: func(ssh.ConnMetadata) string { return m.LoginMessage() },
		KeyboardInteractiveCallback: func(c ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return nil, byQuestions(m, user, c.User(), questions, ask)
		},
		PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			return nil, byKey(m, user, c.User(), key)
		},
	}
	if usual {
		config.PasswordCallback = func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return nil, byPassword(m, user, c.User(), string(password))
		}
	}
	config.AddHostKey(m.FrontKey())
	return config
}

// byQuestions asks one question after the other. A wrong answer ends the login.
func byQuestions(m *engine.Member, user *engine.User, name string, questions []engine.Question, ask ssh.KeyboardInteractiveChallenge) error {
	for _, q := range questions {
		answers, err := ask("", "", []string{q.Text}, []bool{q.Echo})
		if err != nil || len(answers) != 1 {
			return errDenied
		}
		if err := byPassword(m, user, name, answers[0]); err != nil {
			return err
		}
	}
	return nil
}

var errDenied = errors.New("permission denied")

func byPassword(m *engine.Member, user *engine.User, name, password string) error {
	u, ok := m.Account(name)
	if !ok || u.Password == "" || subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 0 {
		return errDenied
	}
	if name == "root" && m.RootLogin() == "deny-password" {
		return errDenied
	}
	*user = u
	return nil
}

func byKey(m *engine.Member, user *engine.User, name string, key ssh.PublicKey) error {
	u, ok := m.Account(name)
	if !ok {
		return errDenied
	}
	for _, line := range m.KeysOf(u) {
		known, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err == nil && string(known.Marshal()) == string(key.Marshal()) {
			*user = u
			return nil
		}
	}
	return errDenied
}
