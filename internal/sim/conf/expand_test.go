// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
)

// What a group brings is named after it, and what stands there by itself is not.
func TestExpandedXMLNamesGroups(t *testing.T) {
	tree := load(t, ActionMerge, FormatText, `groups { g { system { host-name x; services { ssh { root-login deny; } } } } }
		apply-groups g; system { services { ssh { root-login allow; } } }`)
	got := tree.Expand().XML(XMLOptions{Groups: true})
	for _, want := range []string{`<host-name junos:group="g">x</host-name>`, "<root-login>allow</root-login>", "<system>"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
	if got := tree.Expand().XML(XMLOptions{}); strings.Contains(got, "junos:group") || strings.Contains(tree.XML(XMLOptions{Groups: true}), "junos:group") {
		t.Errorf("groups are named unasked:\n%s", got)
	}
}
