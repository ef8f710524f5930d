// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig_test

import (
	"strings"
	"testing"

	naive "github.com/kevinburke/ssh_config"
)

// kevinburke/ssh_config gives up a whole file for a Match that has nothing to do
// with the host, or takes a command that it does not run for true.
func TestDefectMatch(t *testing.T) {
	const port = "Host sw1\nPort 830\n"
	for _, row := range []struct{ name, file, naive, ours string }{
		{"user", port + "Match user root\nPort 22", "unsupported Match criterion", "830"},
		{"exec for another host", port + "Match host sw2 exec true\nPort 22", "830", "830"},
		{"exec", port + "Match exec false\nPort 22", "Match Exec is not supported", "match exec is not understood"},
		{"exec beside the host", "Match host sw1 exec false\nPort 22\n" + port, "22", "match exec is not understood"},
		{"a setting that changes what is trusted", port + "KnownHostsCommand /bin/keys", "830", "knownhostscommand is not understood"},
	} {
		t.Run(row.name, func(t *testing.T) {
			theirs := ""
			config, err := naive.Decode(strings.NewReader(row.file))
			if err == nil {
				theirs, err = config.Get("sw1", "Port")
			}
			if err != nil {
				theirs = err.Error()
			}
			if !strings.Contains(theirs, row.naive) {
				t.Errorf("kevinburke/ssh_config: want %q, got %q", row.naive, theirs)
			}
			h, err := lookup(row.file, "admin")
			got := h.Port
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, row.ours) {
				t.Errorf("want %q, got %q", row.ours, got)
			}
		})
	}
}
