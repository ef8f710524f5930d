// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"strconv"
	"time"
)

// Admit counts a connection against the limits: those of system services ssh,
// else the profile's. It is false, too, where no sshd listens.
func (m *Member) Admit() bool {
	if m.sshdBroken() || m.Status() != StatusPresent && !m.IsStandalone() {
		return false
	}
	ch := m.Chassis
	most, rate := m.limitOf("connection-limit", ch.Profile.ConnectionLimit), m.limitOf("rate-limit", ch.Profile.RateLimit)
	now := ch.lab.clock.Now()
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for len(ch.logins) > 0 && now.Sub(ch.logins[0]) > time.Minute {
		ch.logins = ch.logins[1:]
	}
	if rate > 0 && len(ch.logins) >= rate || most > 0 && ch.clients >= most {
		return false
	}
	if rate > 0 {
		ch.logins = append(ch.logins, now)
	}
	ch.clients++
	return true
}

func (m *Member) limitOf(name string, otherwise int) int {
	if text, ok := m.ActiveTree().Get("system", "services", "ssh", name); ok {
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	}
	return otherwise
}

// Disconnect ends a connection that was admitted.
func (ch *Chassis) Disconnect() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.clients--
}
