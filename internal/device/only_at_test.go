// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/ansible"
)

// What says where a twin is goes before whatever else leads away from it, loudly and
// before a connection is made.
func TestATwinIsNowhereElse(t *testing.T) {
	for _, row := range []struct{ name, options, err string }{
		{"where it is", `"host": "127.0.0.1", "port": 4711`, ""},
		{"one of its members", `"host": "127.0.0.1", "port": 4712`, ""},
		{"the original, by host_vars", `"host": "192.0.2.1", "port": 4711`, "this host is a twin at 127.0.0.1:4711, 127.0.0.1:4712, but the task would connect to 192.0.2.1:4711; no connection was made"},
		{"its port", `"host": "127.0.0.1"`, "the task would connect to 127.0.0.1:830"},
		{"the original, as a terminal server names it", `"host": "2001:db8::1", "port": 4711`, "the task would connect to [2001:db8::1]:4711"},
		{"a jump host", `"host": "127.0.0.1", "port": 4711, "proxy_jump": "bastion.example.com"`, "proxy_jump may connect to another host"},
		{"a proxy command", `"host": "127.0.0.1", "port": 4711, "proxy_command": "nc 192.0.2.1 830"`, "proxy_command may connect to another host"},
		{"a configuration of ssh, whose HostName would", `"host": "127.0.0.1", "port": 4711, "ssh_config": "/x"`, "ssh_config may connect to another host"},
	} {
		_, msg := decodeLogin(t, fmt.Sprintf(`{%s, "only_at": ["127.0.0.1:4711", "127.0.0.1:4712"]}`, row.options))
		if (msg != "") != (row.err != "") || !strings.Contains(msg, row.err) {
			t.Errorf("%s: want %q, got %q", row.name, row.err, msg)
		}
	}
	for _, way := range []string{"VCHASSIS_PROXY_JUMP", "VCHASSIS_PROXY_COMMAND", "VCHASSIS_SSH_CONFIG"} {
		t.Run(way, func(t *testing.T) {
			out, ok := ansible.New("login", knock).Run(t.Context(), []byte(`{"host": "127.0.0.1", "port": 4711, "only_at": ["127.0.0.1:4711"]}`), []string{way + "=bastion.example.com"})
			if ok || !strings.Contains(string(out), "may connect to another host") {
				t.Errorf("got %s", out)
			}
		})
	}
}
