// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"slices"
	"strings"
	"testing"
)

func TestNext(t *testing.T) {
	for _, test := range []struct {
		release, path string
		want, absent  string // words that are there, and that are not
		unknown       bool
	}{
		{path: "", want: "system virtual-chassis vlans"},
		{path: "system", want: "host-name services commit"},
		{path: "sys serv", want: "ssh netconf"},
		{path: "system services ssh root-login", want: "allow deny deny-password"},
		{path: "system host-name", want: "<host-name>"},
		{path: "system commit", want: "config-sync-with-scp"},
		{release: "24.4R1", path: "system commit", want: "synchronize", absent: "config-sync-with-scp"},
		{path: "virtual-chassis member", want: "<name>"},
		{path: "virtual-chassis member 0", want: "role serial-number", absent: "name"},
		{path: "interfaces", want: "<name>"},
		{path: "interfaces ge-0/0/0 unit 0", want: "family"},
		{path: "vlans default", want: "vlan-id"},
		{path: "system nonsense", unknown: true},
		{path: "system commit config-sync-with-scp", absent: "<config-sync-with-scp>"},
	} {
		release := test.release
		if release == "" {
			release = "25.2R1"
		}
		got := DefaultSchema(release).Next(strings.Fields(test.path))
		if (got == nil) != test.unknown {
			t.Errorf("%s: unknown: want %v, got %q", test.path, test.unknown, got)
		}
		for _, word := range strings.Fields(test.want) {
			if !slices.Contains(got, word) {
				t.Errorf("%s: want %s in %q", test.path, word, got)
			}
		}
		if test.absent != "" && slices.Contains(got, test.absent) {
			t.Errorf("%s: %s does not belong into %q", test.path, test.absent, got)
		}
	}
}
