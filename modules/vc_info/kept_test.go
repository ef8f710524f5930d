// SPDX-License-Identifier: GPL-3.0-or-later

package vcinfo

import (
	"reflect"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/device"
)

// What the role gives back to a module as one of its choices is kept, whatever
// somebody's password is: "deny-password" is one, and a setting of sshd.
func TestWordsThatGoBackIntoOptionsAreKept(t *testing.T) {
	choices := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[device.Root]()) {
		choices[nameOf(f)] = f.Tag.Get("choices") != ""
	}
	kept := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[root]()) {
		if !choices[nameOf(f)] {
			continue
		}
		if kept++; f.Tag.Get("scrub") != "never" {
			t.Errorf("%s is an option of choices, and a password may be one of them", nameOf(f))
		}
	}
	if kept != 2 {
		t.Errorf("want root_login and root_keys, got %d", kept)
	}
}

func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
