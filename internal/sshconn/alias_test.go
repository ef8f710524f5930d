// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A key that is accepted is that of one host: an alias that known_hosts would read as a
// pattern, a list or a marker is not written there.
func TestAcceptedKeyIsThatOfOneHost(t *testing.T) {
	for _, alias := range []string{"*", "sw?", "!sw1", "sw1,sw2", "@revoked", "|1|x", `"#sw"`, `"sw 1"`} {
		srv := open().Start(t)
		c := configured(t, srv, "HostKeyAlias "+alias)
		c.HostKey = sshconn.AcceptNew
		sshtest.Write(t, c.KnownHosts[0], "")
		conn, err := sshconn.Dial(t.Context(), c)
		if err == nil {
			_ = conn.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "HostKeyAlias: ") || !strings.Contains(err.Error(), "accept_new") {
			t.Errorf("%s: %v", alias, err)
		}
		if got := sshtest.Read(t, c.KnownHosts[0]); got != "" {
			t.Errorf("%s: stored %q", alias, got)
		}
	}
	srv := open().Start(t)
	c := configured(t, srv, "HostKeyAlias core-1")
	c.HostKey = sshconn.AcceptNew
	sshtest.Write(t, c.KnownHosts[0], "")
	dial(t, c)
	if got := sshtest.Read(t, c.KnownHosts[0]); !strings.HasPrefix(got, "core-1 ") {
		t.Errorf("stored %q", got)
	}
}
