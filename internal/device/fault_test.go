// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

const serverHello = `<!-- user root, class super-user -->
<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities>` +
	`<session-id>1</session-id></hello>]]>]]>`

// enterOnce runs a module that does nothing but begin, with limits of a second.
func enterOnce(t *testing.T, srv *sshtest.Server) string {
	arguments, err := json.Marshal(map[string]any{"host": srv.Host, "port": srv.Port, "username": "admin", "password": goodPassword,
		"known_hosts": srv.KnownHosts, "connect_timeout": 1, "rpc_timeout": 1, "login_wait": 0, "use_agent": false})
	if err != nil {
		t.Fatal(err)
	}
	m := ansible.New("probe", func(ctx context.Context, task ansible.Task, p login) (struct{}, error) {
		s, err := Begin(ctx, task, p.Connection, p.ChassisFIPS)
		if err == nil {
			s.Close()
		}
		return struct{}{}, err
	})
	out, _ := m.Run(t.Context(), arguments, nil)
	return string(out)
}

func endless(w io.Writer, text string) {
	block := strings.Repeat(text, 1000)
	for {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
}

// slow sends a byte every 20 ms, so that no read ever waits for long.
func slow(w io.Writer, text string) {
	for i := range len(text) {
		time.Sleep(20 * time.Millisecond)
		if _, err := io.WriteString(w, text[i:i+1]); err != nil {
			return
		}
	}
}
