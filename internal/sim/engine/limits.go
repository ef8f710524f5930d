// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"strconv"
	"strings"
	"time"
)

// Admission is what becomes of a connection before anything was said over it.
type Admission int

const (
	Admitted  Admission = iota
	Away                // no sshd listens
	OverLimit           // of connections, or of connections a minute
)

// Admit counts a connection against the limits: those of system services ssh and
// of netconf ssh, which share a port here, else the profile's. Without either service nobody listens.
func (m *Member) Admit() Admission {
	if m.sshdBroken() || len(m.Listens()) == 0 || m.Status() != StatusPresent && !m.IsStandalone() {
		return Away
	}
	ch := m.Chassis
	most, rate := m.limitOf("connection-limit", ch.Profile.ConnectionLimit), m.limitOf("rate-limit", ch.Profile.RateLimit)
	now := ch.lab.clock.Now()
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for len(ch.logins) > 0 && now.Sub(ch.logins[0]) > time.Minute {
		ch.logins = ch.logins[1:]
	}
	isTooFast, isFull := rate > 0 && len(ch.logins) >= rate, most > 0 && ch.clients >= most
	isOver := isTooFast || isFull
	if rate > 0 && (!isOver || ch.Profile.RateCounts == "attempts") {
		ch.logins = append(ch.logins, now)
	}
	if isOver {
		return OverLimit
	}
	ch.clients++
	return Admitted
}

// limitOf is the lowest of the limits of that name.
func (m *Member) limitOf(name string, otherwise int) int {
	lowest, tree := 0, m.InForce()
	for _, path := range [][]string{{"system", "services", "ssh", name}, {"system", "services", "netconf", "ssh", name}} {
		text, _ := tree.Get(path...)
		if n, err := strconv.Atoi(text); err == nil && (lowest == 0 || n < lowest) {
			lowest = n
		}
	}
	if lowest > 0 {
		return lowest
	}
	return otherwise
}

// Disconnect ends a connection that was admitted.
func (ch *Chassis) Disconnect() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.clients--
}

// LoginTries is how many credentials a client may try on one connection.
func (m *Member) LoginTries() int {
	text, _ := m.InForce().Get("system", "login", "retry-options", "tries-before-disconnect")
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return 6
}

// LoginMessage is shown before a login.
func (m *Member) LoginMessage() string { return m.loginText("message") }

// Announcement is shown behind a login.
func (m *Member) Announcement() string { return m.loginText("announcement") }

func (m *Member) loginText(name string) string {
	text, ok := m.InForce().Get("system", "login", name)
	if !ok {
		return ""
	}
	return strings.ReplaceAll(text, `\n`, "\n") + "\n"
}
