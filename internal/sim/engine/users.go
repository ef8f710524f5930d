// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import "slices"

// Users returns who may log in to the chassis, with passwords: those of the
// scenario, or the laboratory's own.
func (ch *Chassis) Users() []User { return slices.Clone(ch.spec.Users) }

// Named returns who has that name, and whether he may log in at all: on the console.
func (m *Member) Named(name string) (User, bool) {
	for _, u := range m.Chassis.spec.Users {
		if u.Name == name && (u.Class != ClassUnauthorized || m.Chassis.Profile.Unauthorized == "restricted") {
			return u, true
		}
	}
	return User{}, false
}

// Account returns who has that name, and whether he may log in over SSH.
func (m *Member) Account(name string) (User, bool) {
	u, ok := m.Named(name)
	return u, ok && (name != "root" || m.RootLogin() != "deny")
}

// MayCopy says that somebody has a shell, and with it scp and SFTP.
func (u User) MayCopy() bool { return u.Name == "root" || u.Class == ClassSuperUser }

// CountLogin counts an attempt to log in.
func (ch *Chassis) CountLogin(ok bool) {
	ch.lab.journal.changeCounters(ch.Name, func(c *Counters) {
		if ok {
			c.Logins++
		} else {
			c.LoginsFailed++
		}
	})
}

// Question is one that a login asks.
type Question struct {
	Text string
	Echo bool
}

// LoginQuestions are those of keyboard-interactive, in their order. The password is
// the answer to each: who answers a question for something else with it gets in, and
// shows that he does. Where they are not the usual one, as AAA servers have them, a
// login takes no password without them.
func (m *Member) LoginQuestions() (all []Question, usual bool) {
	p := m.Chassis.Profile
	all = []Question{{p.LoginQuestion, p.LoginEcho == "yes"}}
	if p.LoginThen != "none" {
		all = append(all, Question{Text: p.LoginThen})
	}
	return all, len(all) == 1 && all[0] == Question{Text: "Password:"}
}
